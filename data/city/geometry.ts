/** From the plane to degrees: rings closed, points rounded to 7 decimals. */
import { type Line, type Point, type Ring, toDegrees } from './plane.ts'
import type { Geometry } from './wkb.ts'

function positions(line: Line): [number, number][] {
  const result: [number, number][] = []
  for (const point of line) {
    const position = toDegrees(point)
    const last = result.at(-1)
    if (!last || last[0] !== position[0] || last[1] !== position[1]) result.push(position)
  }
  return result
}

function closed(ring: Ring): [number, number][] {
  const line = positions(ring)
  const [first, last] = [line[0]!, line.at(-1)!]
  return first[0] === last[0] && first[1] === last[1] ? line : [...line, first]
}

export const pointGeometry = (point: Point): Geometry => ({ type: 'Point', coordinates: toDegrees(point) })
export const lineGeometry = (line: Line): Geometry => ({ type: 'LineString', coordinates: positions(line) })
export const linesGeometry = (lines: readonly Line[]): Geometry => ({ type: 'MultiLineString', coordinates: lines.map(positions) })
export const ringGeometry = (ring: Ring): Geometry => ({ type: 'Polygon', coordinates: [closed(ring)] })
/** Polygons, each an outer ring and its holes. */
export const polygonsGeometry = (polygons: readonly (readonly Ring[])[]): Geometry => ({ type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(closed)) })
/** Polygons without holes. */
export const ringsGeometry = (rings: readonly Ring[]): Geometry => polygonsGeometry(rings.map((ring) => [ring]))
