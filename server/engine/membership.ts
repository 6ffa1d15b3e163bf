import { NearestIndex } from './nearest-index.ts'
import type { PackedGeometries } from './packed-geometry.ts'

export interface Membership {
  /** 1 where some facility is within its own radius. */
  covered: Uint8Array
  /** Index of the nearest counted facility, whatever its radius; -1 when there is none. */
  nearest: Int32Array
  /** Metres to it; Infinity when there is none. */
  distance: Float64Array
}

/** One index for each radius that occurs, so that a point asks once per radius and not once per facility. */
export class ServiceIndex {
  readonly #groups: { radius: number; index: NearestIndex }[]

  /** @param radii metres for each facility; NaN leaves it out */
  constructor(facilities: PackedGeometries, radii: Float64Array) {
    const byRadius = new Map<number, number[]>()
    radii.forEach((radius, facility) => {
      if (Number.isNaN(radius)) return
      const group = byRadius.get(radius)
      if (group) group.push(facility)
      else byRadius.set(radius, [facility])
    })
    this.#groups = [...byRadius].sort(([a], [b]) => b - a).map(([radius, members]) => ({ radius, index: new NearestIndex(facilities, members) }))
  }

  /** Membership of one point: within (≤) the radius of a facility, and the nearest facility of all. */
  at(x: number, y: number): { covered: boolean; nearest: number; distance: number } {
    let covered = false
    let nearest = -1
    let distance = Infinity
    for (const group of this.#groups) {
      const found = group.index.nearest(x, y)
      if (found.distance <= group.radius) covered = true
      if (found.distance < distance || (found.distance === distance && found.geometry < nearest)) {
        nearest = found.geometry
        distance = found.distance
      }
    }
    return { covered, nearest, distance }
  }

  /** The nearest of the facilities within whose radius a point is; -1 where there is none. */
  serving(x: number, y: number): { facility: number; distance: number } {
    let best = { facility: -1, distance: Infinity }
    for (const group of this.#groups) {
      const found = group.index.nearest(x, y)
      if (found.distance > group.radius || found.distance > best.distance || (found.distance === best.distance && found.geometry > best.facility)) continue
      best = { facility: found.geometry, distance: found.distance }
    }
    return best
  }

  /** Whether a point is within the radius of any facility. */
  covers(x: number, y: number): boolean {
    return this.#groups.some((group) => group.index.isWithin(x, y, group.radius))
  }

  /** Smallest of (distance − radius) over all facilities at a point: how far the edge of the served area is, negative inside. */
  clearance(x: number, y: number): number {
    let clearance = Infinity
    for (const group of this.#groups) clearance = Math.min(clearance, group.index.nearest(x, y).distance - group.radius)
    return clearance
  }
}

/** Which points (x, y interleaved, metres) are served, exactly: 1 or 0 for each. */
export function computeCovered(points: Float64Array, facilities: PackedGeometries, radii: Float64Array): Uint8Array {
  const index = new ServiceIndex(facilities, radii)
  return Uint8Array.from({ length: points.length / 2 }, (_value, point) => (index.covers(points[point * 2]!, points[point * 2 + 1]!) ? 1 : 0))
}

/** Exact membership of points (x, y interleaved, metres). */
export function computeMembership(points: Float64Array, facilities: PackedGeometries, radii: Float64Array): Membership {
  const index = new ServiceIndex(facilities, radii)
  const count = points.length / 2
  const membership: Membership = { covered: new Uint8Array(count), nearest: new Int32Array(count), distance: new Float64Array(count) }
  for (let point = 0; point < count; point += 1) {
    const found = index.at(points[point * 2]!, points[point * 2 + 1]!)
    membership.covered[point] = found.covered ? 1 : 0
    membership.nearest[point] = found.nearest
    membership.distance[point] = found.distance
  }
  return membership
}

/** Index of the first polygon that contains each point; -1 outside all of them. */
export function locatePoints(points: Float64Array, polygons: PackedGeometries): Int32Array {
  const index = new NearestIndex(polygons, Array.from({ length: polygons.geometryStart.length - 1 }, (_value, geometry) => geometry))
  return Int32Array.from({ length: points.length / 2 }, (_value, point) => index.containing(points[point * 2]!, points[point * 2 + 1]!))
}
