/** GeoJSON as courses of a map, boxes and scales. Pure. */
import type { Bounds, ShapeRow } from './ground-queries.ts'
import type { Course, MapLayer } from './model.ts'

type Position = [number, number]
const course = (positions: readonly Position[]): Course => positions.flatMap(([x, y]) => [x, y])

/** What of a layer a geometry is. */
export function partsOf(shape: ShapeRow['shape'] | null): Required<Pick<MapLayer, 'areas' | 'lines' | 'points'>> {
  const parts: Required<Pick<MapLayer, 'areas' | 'lines' | 'points'>> = { areas: [], lines: [], points: [] }
  if (!shape) return parts
  const { type, coordinates } = shape
  if (type === 'Polygon') parts.areas.push((coordinates as Position[][]).map(course))
  else if (type === 'MultiPolygon') for (const polygon of coordinates as Position[][][]) parts.areas.push(polygon.map(course))
  else if (type === 'LineString') parts.lines.push(course(coordinates as Position[]))
  else if (type === 'MultiLineString') for (const line of coordinates as Position[][]) parts.lines.push(course(line))
  else if (type === 'Point') parts.points.push(...(coordinates as unknown as Position).slice(0, 2))
  else if (type === 'MultiPoint') parts.points.push(...course(coordinates as Position[]))
  else if (type === 'GeometryCollection') for (const one of (shape as unknown as { geometries: ShapeRow['shape'][] }).geometries) gather(parts, partsOf(one))
  return parts
}

function gather(parts: Required<Pick<MapLayer, 'areas' | 'lines' | 'points'>>, more: typeof parts): void {
  parts.areas.push(...more.areas)
  parts.lines.push(...more.lines)
  parts.points.push(...more.points)
}

/** Many geometries as one layer. */
export function layerOf(shapes: readonly (ShapeRow['shape'] | null)[], style: Omit<MapLayer, 'areas' | 'lines' | 'points'>): MapLayer {
  const all = partsOf(null)
  for (const shape of shapes) gather(all, partsOf(shape))
  return { ...style, ...(all.areas.length > 0 ? { areas: all.areas } : {}), ...(all.lines.length > 0 ? { lines: all.lines } : {}), ...(all.points.length > 0 ? { points: all.points } : {}) }
}

/** The box of points side by side; null of none. */
export function boundsOf(points: readonly number[]): Bounds | null {
  if (points.length < 2) return null
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at + 1 < points.length; at += 2) {
    west = Math.min(west, points[at]!)
    east = Math.max(east, points[at]!)
    south = Math.min(south, points[at + 1]!)
    north = Math.max(north, points[at + 1]!)
  }
  return [west, south, east, north]
}

export function joinBounds(boxes: readonly (Bounds | null)[]): Bounds | null {
  return boundsOf(boxes.flatMap((box) => (box ? [box[0], box[1], box[2], box[3]] : [])))
}

/** A box with a margin, never narrower than a hundred metres. */
export function widened([west, south, east, north]: Bounds, share: number): Bounds {
  const grow = Math.max(50, Math.max(east - west, north - south) * share)
  return [west - grow, south - grow, east + grow, north + grow]
}

/** The next scale that a ruler has: 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5 or 8 times a power of ten. */
export function roundScale(denominator: number): number {
  const power = 10 ** Math.floor(Math.log10(denominator))
  return [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10].map((step) => step * power).find((step) => step >= denominator - 1e-6) ?? 10 * power
}

/** The longest of 1, 2 or 5 times a power of ten that is no longer than `most`. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return [5, 2, 1].map((step) => step * power).find((step) => step <= most) ?? power
}

/** A range of round ends with four round steps between them that holds both values. */
export function roundRange(least: number, greatest: number): [number, number] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-9, (greatest - least) / 4)))
  for (const lead of [1, 2, 2.5, 5, 10, 20]) {
    const step = lead * power
    const from = Math.floor(least / step) * step
    if (from + 4 * step >= greatest) return [from, from + 4 * step]
  }
  return [least, greatest]
}
