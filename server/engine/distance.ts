/** Exact straight-line distances in a plane, in metres. */
import { type PackedGeometries, PART } from './packed-geometry.ts'

/** Square of the distance from (x, y) to the segment a–b. */
export function squaredDistanceToSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax
  const dy = by - ay
  const lengthSquared = dx * dx + dy * dy
  let px = ax
  let py = ay
  if (lengthSquared > 0) {
    const along = ((x - ax) * dx + (y - ay) * dy) / lengthSquared
    if (along >= 1) {
      px = bx
      py = by
    } else if (along > 0) {
      px = ax + along * dx
      py = ay + along * dy
    }
  }
  return (x - px) * (x - px) + (y - py) * (y - py)
}

/** Whether (x, y) lies inside the polygons of a geometry, by the even-odd rule over all its rings; points of the boundary may fall on either side. */
export function containsPoint(packed: PackedGeometries, geometry: number, x: number, y: number): boolean {
  const { coordinates, partStart, partKind, geometryStart } = packed
  let inside = false
  for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) {
    if (partKind[part]! < PART.outer) continue
    const first = partStart[part]!
    const end = partStart[part + 1]!
    let bx = coordinates[(end - 1) * 2]!
    let by = coordinates[(end - 1) * 2 + 1]!
    for (let vertex = first; vertex < end; vertex += 1) {
      const ax = bx
      const ay = by
      bx = coordinates[vertex * 2]!
      by = coordinates[vertex * 2 + 1]!
      if (ay > y !== by > y && x < ((ax - bx) * (y - by)) / (ay - by) + bx) inside = !inside
    }
  }
  return inside
}

/**
 * Distance from a point to a geometry: 0 inside a polygon, to the boundary from outside it or from within a hole,
 * to the nearest part of a multi-geometry. Infinity for an empty geometry.
 */
export function distanceToGeometry(packed: PackedGeometries, geometry: number, x: number, y: number): number {
  if (containsPoint(packed, geometry, x, y)) return 0
  const { coordinates, partStart, geometryStart } = packed
  let best = Infinity
  for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) {
    const first = partStart[part]!
    const end = partStart[part + 1]!
    for (let vertex = first; vertex < end; vertex += 1) {
      const previous = vertex === first ? vertex : vertex - 1
      const squared = squaredDistanceToSegment(x, y, coordinates[previous * 2]!, coordinates[previous * 2 + 1]!, coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!)
      if (squared < best) best = squared
    }
  }
  return Math.sqrt(best)
}
