/** Shapes of several polygons or with holes, ring by ring: the drawing tool takes one ring each. Pure. */
import type { DrawnShape } from '../../server/contract/scenarios.ts'
import type { Position } from '../../server/contract/geojson.ts'
import { type DrawnEdit, geometryOf, round } from './edits.ts'

export interface DrawnPart {
  /** Of the drawing tool; the edit's own where there is but one part. */
  id: string
  edit: DrawnEdit
  /** Which ring it is; null for what is drawn whole. */
  ring: { polygon: number; ring: number } | null
  geometry: { type: 'Polygon'; coordinates: Position[][] } | { type: 'Point'; coordinates: Position } | { type: 'LineString'; coordinates: Position[] }
}

/** The parts of an edit. */
export function partsOf(edit: DrawnEdit): DrawnPart[] {
  const geometry = geometryOf(edit)
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return [{ id: edit.id, edit, ring: null, geometry }]
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const rings = polygons.flatMap((of, polygon) => of.map((coordinates, ring) => ({ polygon, ring, coordinates })))
  if (rings.length === 1) return [{ id: edit.id, edit, ring: null, geometry: { type: 'Polygon', coordinates: [rings[0]!.coordinates] } }]
  return rings.map(({ polygon, ring, coordinates }, at) => ({ id: `${edit.id.slice(0, -4)}${at.toString(16).padStart(4, '0')}`, edit, ring: { polygon, ring }, geometry: { type: 'Polygon', coordinates: [coordinates] } }))
}

/** The whole shape with one ring as it is drawn now; holes go along with an outer ring that was moved as a whole. */
export function withRing({ edit, ring: place }: DrawnPart, drawn: { type: string; coordinates: unknown }): { type: string; coordinates: unknown } {
  const geometry = geometryOf(edit)
  if (!place || drawn.type !== 'Polygon' || (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')) return drawn
  const [now] = drawn.coordinates as Position[][]
  const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as Position[][][]
  const was = polygons[place.polygon]![place.ring]!
  const isMoved = place.ring === 0 && now!.length === was.length && now!.every(([x, y], at) => x !== was[at]![0] && y !== was[at]![1])
  const [east, north] = isMoved ? [now![0]![0] - was[0]![0], now![0]![1] - was[0]![1]] : [0, 0]
  const coordinates = polygons.map((rings, polygon) =>
    rings.map((ring, at): Position[] => {
      if (polygon !== place.polygon) return ring
      if (at === place.ring) return now!
      return isMoved ? ring.map(([x, y]) => round([x + east, y + north])) : ring
    }),
  )
  return geometry.type === 'Polygon' ? { type: 'Polygon', coordinates: coordinates[0]! } : { type: 'MultiPolygon', coordinates }
}

/** What can be drawn of a feature's shape: bounded in rings and corners. */
export function isDrawable(shape: DrawnShape): boolean {
  if (shape.type === 'Point') return true
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  return polygons.length <= 50 && polygons.every((rings) => rings.length <= 50 && rings.every((ring) => ring.length <= 2000))
}
