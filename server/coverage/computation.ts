/** The heavy, pure part of a run: typed arrays in, typed arrays out. Runs in a thread of its own (computation-thread.ts). */
import { computeCovered, computeMembership, locatePoints, ServiceIndex } from '../engine/membership.ts'
import { boundsOf, countOf, packWkb, polygonWkb } from '../engine/packed-geometry.ts'
import { type Attribution, attributeParcels, classifyParcels, SERVED } from '../engine/parcels.ts'
import { serviceAreaPieces } from '../engine/service-area.ts'
import { shareOut } from '../engine/supply/share-out.ts'
import { reachByRules } from '../indicators/computation-reach.ts'
import { spacingWithin } from '../indicators/computation-spacing.ts'
import { findCityMends } from '../mends/computation-mends.ts'
import { attributeWalkers } from './computation-walking.ts'
import { type PointsInput, sumByUnits, type WeightSums } from './unit-sums.ts'

export interface PointsOutput {
  covered: Uint8Array
  /** 1 for points that are counted. */
  counted: Uint8Array
  sums: WeightSums[]
}

/** Membership of demand points by the straight line, and its sums by unit. */
export function attributePoints(input: PointsInput): PointsOutput {
  const facilities = packWkb(input.facilities)
  const coveredIn = input.scenarios.map((radii) => computeCovered(input.points, facilities, radii))
  return { covered: coveredIn[0]!, ...sumByUnits(input, coveredIn) }
}

/** One statement's worth of polygon work: the service areas that reach into a box, and the parcels to be cut by them. */
export interface Tile {
  /** minX, minY, maxX, maxY of the square itself; null when only the parcels matter. */
  box: Box | null
  pieces: Uint8Array[]
  parcels: number[]
}

export interface TilesInput {
  facilities: Uint8Array[]
  radii: Float64Array
  parcels: Uint8Array[]
  tileMeters: number
  /** Also make the tiles that hold no parcel, for the served area as a whole. */
  everywhere: boolean
}

export interface TilesOutput {
  /** SERVED for each parcel. */
  classes: Uint8Array
  tiles: Tile[]
}

type Box = [number, number, number, number]

function meets(a: Box, b: Box): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1]
}

function boundsOfRing(ring: readonly number[]): Box {
  const bounds: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < ring.length; at += 2) {
    bounds[0] = Math.min(bounds[0], ring[at]!)
    bounds[1] = Math.min(bounds[1], ring[at + 1]!)
    bounds[2] = Math.max(bounds[2], ring[at]!)
    bounds[3] = Math.max(bounds[3], ring[at + 1]!)
  }
  return bounds
}

/** Sorts parcels into served, unserved and to be cut, and the work of cutting into squares of bounded size. */
export function planTiles(input: TilesInput): TilesOutput {
  const facilities = packWkb(input.facilities)
  const parcels = packWkb(input.parcels)
  const classes = classifyParcels(parcels, new ServiceIndex(facilities, input.radii))
  const size = input.tileMeters
  const tiles = new Map<string, { column: number; row: number; boxes: Box[]; parcels: number[] }>()
  const tileAt = (column: number, row: number) => {
    const key = `${column} ${row}`
    let tile = tiles.get(key)
    if (!tile) tiles.set(key, (tile = { column, row, boxes: input.everywhere ? [[column * size, row * size, (column + 1) * size, (row + 1) * size]] : [], parcels: [] }))
    return tile
  }
  for (let parcel = 0; parcel < classes.length; parcel += 1) {
    if (classes[parcel] !== SERVED.partly) continue
    const bounds = boundsOf(parcels, parcel)
    const tile = tileAt(Math.floor((bounds[0] + bounds[2]) / 2 / size), Math.floor((bounds[1] + bounds[3]) / 2 / size))
    tile.parcels.push(parcel)
    tile.boxes.push(bounds)
  }
  const withParcels = [...tiles.values()]
  const pieces: { wkb: Uint8Array; bounds: Box }[] = []
  input.radii.forEach((radius, facility) => {
    if (Number.isNaN(radius)) return
    for (const rings of serviceAreaPieces(facilities, facility, radius)) {
      const bounds = boundsOfRing(rings[0]!)
      // Without the whole served area in view, only what meets a parcel is worth its bytes.
      if (!input.everywhere && !withParcels.some((tile) => tile.boxes.some((box) => meets(bounds, box)))) continue
      pieces.push({ wkb: polygonWkb(rings), bounds })
      if (!input.everywhere) continue
      for (let column = Math.floor(bounds[0] / size); column <= Math.floor(bounds[2] / size); column += 1) {
        for (let row = Math.floor(bounds[1] / size); row <= Math.floor(bounds[3] / size); row += 1) tileAt(column, row)
      }
    }
  })
  const ordered = [...tiles.values()].sort((a, b) => a.row - b.row || a.column - b.column)
  return {
    classes,
    tiles: ordered.map(({ column, row, boxes, parcels: held }) => ({
      box: input.everywhere ? [column * size, row * size, (column + 1) * size, (row + 1) * size] : null,
      pieces: pieces.filter(({ bounds }) => boxes.some((box) => meets(bounds, box))).map(({ wkb }) => wkb),
      parcels: held,
    })),
  }
}

export interface UnitsInput {
  shapes: Uint8Array[]
  levels: Uint8Array[][]
}

/** For each level, the unit that holds each shape, and the pairs that have to be cut. */
export function attributeShapes(input: UnitsInput): Attribution[] {
  const shapes = packWkb(input.shapes)
  return input.levels.map((units) => attributeParcels(shapes, packWkb(units)))
}

export interface SpotsInput {
  spots: Uint8Array[]
  /** A point inside each blind spot, x, y interleaved. */
  labels: Float64Array
  /** Where the nearest facility is measured from, unless a home is found: the home that the spot is told of, or the point inside. */
  places: Float64Array
  people: { points: Float64Array; weights: Float64Array } | null
  facilities: Uint8Array[]
  radii: Float64Array
  levels: Uint8Array[][]
}

export interface SpotsOutput {
  people: Float64Array | null
  /** The home of each with the most people in it (the first of equals); -1 where none lies inside. Null where no homes were given. */
  homes: Int32Array | null
  nearest: Int32Array
  distance: Float64Array
  /** Unit index for each level. */
  owners: Int32Array[]
}

/** Who lives in each blind spot, which facility is the nearest, and where it lies. */
export function describeSpots(input: SpotsInput): SpotsOutput {
  let people: Float64Array | null = null
  let homes: Int32Array | null = null
  if (input.people) {
    const { points, weights } = input.people
    const packed = packWkb(input.spots)
    people = new Float64Array(countOf(packed))
    homes = new Int32Array(countOf(packed)).fill(-1)
    const owners = locatePoints(points, packed)
    for (let point = 0; point < owners.length; point += 1) {
      const owner = owners[point]!
      if (owner < 0) continue
      people[owner]! += weights[point]!
      if (weights[point]! > (homes[owner]! < 0 ? 0 : weights[homes[owner]!]!)) homes[owner] = point
    }
  }
  const places = input.places.slice()
  homes?.forEach((home, spot) => home >= 0 && places.set(input.people!.points.subarray(home * 2, home * 2 + 2), spot * 2))
  const { nearest, distance } = computeMembership(places, packWkb(input.facilities), input.radii)
  return { people, homes, nearest, distance, owners: input.levels.map((units) => locatePoints(input.labels, packWkb(units))) }
}

/** For each point the nearest of some facilities that would serve it, -1 where none would, and metres to it. */
export function findServing(input: { points: Float64Array; facilities: Uint8Array[]; radii: Float64Array }): { facility: Int32Array; distance: Float64Array } {
  const index = new ServiceIndex(packWkb(input.facilities), input.radii)
  const found = Array.from({ length: input.points.length / 2 }, (_value, point) => index.serving(input.points[point * 2]!, input.points[point * 2 + 1]!))
  return { facility: Int32Array.from(found, ({ facility }) => facility), distance: Float64Array.from(found, ({ distance }) => distance) }
}

/** What the thread can be asked. */
export const COMPUTATIONS = { attributePoints, attributeWalkers, planTiles, attributeShapes, describeSpots, findServing, findCityMends, reachByRules, spacingWithin, shareOut }
export type Computations = typeof COMPUTATIONS
