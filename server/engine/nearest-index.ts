import Flatbush from 'flatbush'
import { containsPoint, squaredDistanceToSegment } from './distance.ts'
import { boundsOf, type PackedGeometries, PART } from './packed-geometry.ts'

export interface Nearest {
  /** Index of the geometry, or -1 when there is none. */
  geometry: number
  /** Metres; Infinity when there is none. */
  distance: number
}

/**
 * Finds the nearest of many geometries, exactly: the same answer as measuring every one of them.
 * The box nearest to the point gives a distance that the answer cannot exceed; only what reaches into that reach is measured.
 */
export class NearestIndex {
  readonly #packed: PackedGeometries
  readonly #segments: Flatbush | undefined
  /** Vertex at the end of each segment, and the geometry that it belongs to. */
  readonly #segmentEnd: Uint32Array
  readonly #segmentStart: Uint32Array
  readonly #segmentOwner: Uint32Array
  readonly #polygons: Flatbush | undefined
  readonly #polygonOwner: Uint32Array

  /** @param geometries which of the packed geometries take part */
  constructor(packed: PackedGeometries, geometries: Iterable<number>) {
    this.#packed = packed
    const starts: number[] = []
    const ends: number[] = []
    const owners: number[] = []
    const polygonOwners: number[] = []
    for (const geometry of geometries) {
      let hasPolygon = false
      for (let part = packed.geometryStart[geometry]!; part < packed.geometryStart[geometry + 1]!; part += 1) {
        const first = packed.partStart[part]!
        const end = packed.partStart[part + 1]!
        if (packed.partKind[part]! >= PART.outer) hasPolygon = true
        for (let vertex = end - first === 1 ? first : first + 1; vertex < end; vertex += 1) {
          starts.push(Math.max(first, vertex - 1))
          ends.push(vertex)
          owners.push(geometry)
        }
      }
      if (hasPolygon) polygonOwners.push(geometry)
    }
    this.#segmentStart = Uint32Array.from(starts)
    this.#segmentEnd = Uint32Array.from(ends)
    this.#segmentOwner = Uint32Array.from(owners)
    this.#polygonOwner = Uint32Array.from(polygonOwners)
    const { coordinates } = packed
    if (starts.length > 0) {
      this.#segments = new Flatbush(starts.length)
      for (let segment = 0; segment < starts.length; segment += 1) {
        const a = starts[segment]! * 2
        const b = ends[segment]! * 2
        this.#segments.add(
          Math.min(coordinates[a]!, coordinates[b]!),
          Math.min(coordinates[a + 1]!, coordinates[b + 1]!),
          Math.max(coordinates[a]!, coordinates[b]!),
          Math.max(coordinates[a + 1]!, coordinates[b + 1]!),
        )
      }
      this.#segments.finish()
    }
    if (polygonOwners.length > 0) {
      this.#polygons = new Flatbush(polygonOwners.length)
      for (const geometry of polygonOwners) this.#polygons.add(...boundsOf(packed, geometry))
      this.#polygons.finish()
    }
  }

  #squared(segment: number, x: number, y: number): number {
    const { coordinates } = this.#packed
    const a = this.#segmentStart[segment]! * 2
    const b = this.#segmentEnd[segment]! * 2
    return squaredDistanceToSegment(x, y, coordinates[a]!, coordinates[a + 1]!, coordinates[b]!, coordinates[b + 1]!)
  }

  /** The polygon that contains the point, the first of them in order; -1 when none does. */
  containing(x: number, y: number): number {
    let found = -1
    if (!this.#polygons) return found
    for (const candidate of this.#polygons.search(x, y, x, y)) {
      const geometry = this.#polygonOwner[candidate]!
      if ((found < 0 || geometry < found) && containsPoint(this.#packed, geometry, x, y)) found = geometry
    }
    return found
  }

  /** The nearest geometry and its distance; of equally near ones the first in order. */
  nearest(x: number, y: number): Nearest {
    const inside = this.containing(x, y)
    if (inside >= 0) return { geometry: inside, distance: 0 }
    const first = this.#segments?.neighbors(x, y, 1)[0]
    if (this.#segments === undefined || first === undefined) return { geometry: -1, distance: Infinity }
    let best = this.#squared(first, x, y)
    let geometry = this.#segmentOwner[first]!
    // A hair wider than the bound, so that rounding of the box cannot lose an equally near one.
    const reach = Math.sqrt(best) * (1 + 1e-12) + 1e-9
    for (const segment of this.#segments.search(x - reach, y - reach, x + reach, y + reach)) {
      const squared = this.#squared(segment, x, y)
      if (squared < best || (squared === best && this.#segmentOwner[segment]! < geometry)) {
        best = squared
        geometry = this.#segmentOwner[segment]!
      }
    }
    return { geometry, distance: Math.sqrt(best) }
  }

  /** Whether any geometry is within (≤) the radius: the same as asking for the nearest, but without looking further than needed. */
  isWithin(x: number, y: number, radius: number): boolean {
    const reach = radius * (1 + 1e-12) + 1e-9
    const first = this.#segments?.neighbors(x, y, 1, reach)[0]
    if (this.#segments && first !== undefined) {
      if (Math.sqrt(this.#squared(first, x, y)) <= radius) return true
      for (const segment of this.#segments.search(x - reach, y - reach, x + reach, y + reach)) if (Math.sqrt(this.#squared(segment, x, y)) <= radius) return true
    }
    return this.containing(x, y) >= 0
  }

  /** Segments [ax, ay, bx, by] whose boxes meet the box [minX, minY, maxX, maxY]. */
  segmentsIn(box: readonly [number, number, number, number]): [number, number, number, number][] {
    const { coordinates } = this.#packed
    return (this.#segments?.search(...box) ?? []).map((segment) => {
      const a = this.#segmentStart[segment]! * 2
      const b = this.#segmentEnd[segment]! * 2
      return [coordinates[a]!, coordinates[a + 1]!, coordinates[b]!, coordinates[b + 1]!]
    })
  }

  /** Geometries whose polygons' boxes meet the box, in order. */
  polygonsNear(minX: number, minY: number, maxX: number, maxY: number): number[] {
    return (this.#polygons?.search(minX, minY, maxX, maxY) ?? []).map((candidate) => this.#polygonOwner[candidate]!).sort((a, b) => a - b)
  }
}
