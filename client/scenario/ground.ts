/** Between what the server sends and what the engine takes: bytes into arrays, degrees into the city's plane. Pure. */
import proj4 from 'proj4'
import type { DrawnShape, ScenarioEdit, WhatIfGround } from '../../server/contract/scenarios.ts'
import type { Position } from '../../server/contract/geojson.ts'
import { multiPolygonWkb, packWkb, PART, pointWkb, polygonWkb } from '../../server/engine/packed-geometry.ts'
import type { WhatIfBase } from '../../server/engine/what-if/base.ts'
import type { IdentifiedEdit } from '../../server/engine/what-if/plane-edits.ts'

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}
const float64 = (text: string) => new Float64Array(bytesOf(text).buffer)
const uint32 = (text: string) => new Uint32Array(bytesOf(text).buffer)

/** The ground as the engine takes it. */
export function decodeGround(ground: WhatIfGround): WhatIfBase {
  const { walking, area } = ground
  const radius = (meters: number | null) => meters ?? Number.NaN
  return {
    bands: ground.bands,
    historic: ground.historic.map(bytesOf),
    points: float64(ground.points),
    weights: float64(ground.weights),
    facilities: ground.facilities.map((one) => ({ id: one.id, name: one.name, wkb: bytesOf(one.wkb), radiusMeters: radius(one.radiusMeters), isShut: one.isShut, isBarred: one.isBarred, isOnRecord: one.isOnRecord, gates: float64(one.gates), isPoint: bytesOf(one.isPoint) })),
    area: area && (area.kind === 'served' ? { kind: 'served', clip: area.clip === null ? null : bytesOf(area.clip) } : { kind: 'residential', parcels: slices(bytesOf(area.parcels), uint32(area.parcelStart)), areasM2: float64(area.areasM2) }),
    walking: walking && {
      paths: { nodeCount: walking.nodeCount, from: uint32(walking.from), to: uint32(walking.to), lengthMeters: float64(walking.lengthMeters), isBridge: bytesOf(walking.isBridge), ...(walking.impedance && { impedance: { toFirst: float64(walking.impedance.toFirst), toLast: float64(walking.impedance.toLast) } }), courses: slices(bytesOf(walking.courses), uint32(walking.courseStart)) },
      homeToleranceMeters: walking.homeToleranceMeters, gateToleranceMeters: walking.gateToleranceMeters, pointToleranceMeters: walking.pointToleranceMeters, openEdgeSpacingMeters: walking.openEdgeSpacingMeters, scrapShare: walking.scrapShare,
    },
  }
}

function slices(bytes: Uint8Array, starts: Uint32Array): Uint8Array[] {
  return Array.from({ length: starts.length - 1 }, (_value, at) => bytes.subarray(starts[at], starts[at + 1]))
}

export interface Plane {
  toMeters: (position: Position) => [number, number]
  toDegrees: (x: number, y: number) => Position
}

/** @param definition PROJ definition of the city's plane; CGCS2000 and WGS 84 are the same at the accuracy of a drawing */
export function planeOf(definition: string): Plane {
  const transform = proj4('+proj=longlat +ellps=GRS80 +no_defs', definition)
  return { toMeters: (position) => transform.forward([...position]), toDegrees: (x, y) => transform.inverse([x, y]) }
}

function shapeWkb(shape: DrawnShape, plane: Plane): Uint8Array {
  const place = (rings: readonly (readonly Position[])[]) => rings.map((ring) => ring.flatMap((position) => plane.toMeters(position)))
  if (shape.type === 'Polygon') return polygonWkb(place(shape.coordinates))
  if (shape.type === 'MultiPolygon') return multiPolygonWkb(shape.coordinates.map(place))
  return pointWkb(...plane.toMeters(shape.coordinates))
}

/** The polygons of a shape in degrees, the outer ring of each first; none for points and lines. */
export function polygonsOf(wkb: Uint8Array, plane: Plane): Position[][][] {
  const { coordinates, partStart, partKind } = packWkb([wkb])
  const polygons: Position[][][] = []
  partKind.forEach((kind, part) => {
    if (kind !== PART.outer && kind !== PART.hole) return
    const ring: Position[] = []
    for (let vertex = partStart[part]!; vertex < partStart[part + 1]!; vertex += 1) ring.push(plane.toDegrees(coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!))
    if (kind === PART.outer) polygons.push([ring])
    else polygons.at(-1)?.push(ring)
  })
  return polygons
}

/** An edit as the engine takes it. */
export function placeEdit(edit: ScenarioEdit, plane: Plane): IdentifiedEdit {
  const { id, kind } = edit
  if (kind === 'facility') return { id, kind, wkb: shapeWkb(edit.geometry, plane) }
  if (kind === 'change') return { id, kind, feature: edit.feature, wkb: shapeWkb(edit.geometry, plane) }
  if (kind === 'gate' || kind === 'close_gate') return { id, kind, feature: edit.feature, point: plane.toMeters(edit.position) }
  if (kind === 'path') return { id, kind, line: edit.line.flatMap((position) => plane.toMeters(position)), isCrossing: edit.isCrossing }
  if (kind === 'close_path') return { id, kind, point: plane.toMeters(edit.position) }
  return { id, kind, feature: edit.feature }
}
