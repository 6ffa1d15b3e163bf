/** Where one enters a shape that nobody has gates on record for: where paths cross its boundary, else all along it. */
import Flatbush from 'flatbush'
import type { EdgeLines } from '../network/edge-index.ts'
import { type PackedGeometries, packWkb, PART } from '../packed-geometry.ts'
import type { PathsInput } from './walking-network.ts'

/** Finds crossings of paths with boundaries. */
export class BoundaryGates {
  readonly #coordinates: Float64Array
  /** First vertex of each segment; the second is the next. */
  readonly #segmentVertex: Uint32Array
  readonly #index: Flatbush | undefined

  /** @param isBridge 1 for edges that nobody can step off */
  constructor({ coordinates, vertexStart }: EdgeLines, isBridge: Uint8Array) {
    this.#coordinates = coordinates.map(toGrid)
    const vertices: number[] = []
    for (let edge = 0; edge < isBridge.length; edge += 1) {
      if (isBridge[edge]) continue
      for (let vertex = vertexStart[edge]!; vertex < vertexStart[edge + 1]! - 1; vertex += 1) vertices.push(vertex)
    }
    this.#segmentVertex = Uint32Array.from(vertices)
    if (vertices.length === 0) return
    this.#index = new Flatbush(vertices.length)
    for (const vertex of vertices) {
      const [ax, ay, bx, by] = [this.#coordinates[vertex * 2]!, this.#coordinates[vertex * 2 + 1]!, this.#coordinates[vertex * 2 + 2]!, this.#coordinates[vertex * 2 + 3]!]
      this.#index.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by))
    }
    this.#index.finish()
  }

  /** Of a city's paths as they are read. */
  static over({ courses, isBridge }: Pick<PathsInput, 'courses' | 'isBridge'>): BoundaryGates {
    const { coordinates, partStart } = packWkb(courses)
    return new BoundaryGates({ coordinates, vertexStart: partStart }, isBridge)
  }

  #crossings(ax: number, ay: number, bx: number, by: number): [number, number][] {
    const found: [number, number][] = []
    for (const segment of this.#index?.search(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)) ?? []) {
      const at = this.#segmentVertex[segment]! * 2
      const [cx, cy] = [this.#coordinates[at]!, this.#coordinates[at + 1]!]
      const [dx, dy] = [this.#coordinates[at + 2]! - cx, this.#coordinates[at + 3]! - cy]
      const turn = (bx - ax) * dy - (by - ay) * dx
      // Side by side they cross nowhere.
      if (turn === 0) continue
      const along = ((cx - ax) * dy - (cy - ay) * dx) / turn
      const across = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / turn
      if (along < 0 || along > 1 || across < 0 || across > 1) continue
      found.push([ax + along * (bx - ax), ay + along * (by - ay)])
    }
    return found
  }

  /** Where paths cross the rings of one polygon, x, y interleaved, in a stable order; nothing for points and lines. */
  crossingsOf(shapes: PackedGeometries, geometry: number): Float64Array {
    return inOrder(ringsOf(shapes, geometry).flatMap((ring) => ring.slice(1).flatMap(([bx, by], at) => this.#crossings(...ring[at]!, bx, by))))
  }

  /**
   * Gates of one shape, x, y interleaved, in a stable order: of a polygon the crossings of paths, or where there are none points of each ring
   * at most `spacingMeters` apart; of points and lines their vertices.
   */
  of(shapes: PackedGeometries, geometry: number, spacingMeters: number): Float64Array {
    const { coordinates, partStart, partKind, geometryStart } = shapes
    const vertices: Place[] = []
    for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) {
      if (partKind[part]! >= PART.outer) continue
      for (let vertex = partStart[part]!; vertex < partStart[part + 1]!; vertex += 1) vertices.push([coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!])
    }
    if (vertices.length > 0) return inOrder(vertices)
    const crossings = this.crossingsOf(shapes, geometry)
    return crossings.length > 0 ? crossings : inOrder(ringsOf(shapes, geometry).flatMap((ring) => placesAlong(ring, spacingMeters)))
  }
}

type Place = [number, number]

/**
 * To the millimetre: a street along a boundary is beside it, whatever rounding came between. A plot and the same plot drawn, which went
 * through degrees, are entered alike.
 */
function toGrid(meters: number): number {
  return Math.round(meters * 1000) / 1000
}

function inOrder(places: Place[]): Float64Array {
  return Float64Array.from(places.sort((a, b) => a[0] - b[0] || a[1] - b[1]).flat())
}

/** Rings of a polygon, first vertex again at the end. */
function ringsOf({ coordinates, partStart, partKind, geometryStart }: PackedGeometries, geometry: number): Place[][] {
  const rings: Place[][] = []
  for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) {
    if (partKind[part]! < PART.outer) continue
    rings.push(Array.from({ length: partStart[part + 1]! - partStart[part]! }, (_value, at): Place => [toGrid(coordinates[(partStart[part]! + at) * 2]!), toGrid(coordinates[(partStart[part]! + at) * 2 + 1]!)]))
  }
  return rings
}

/** Places of a ring at equal steps of at most so many metres, from its first vertex on. */
function placesAlong(ring: readonly Place[], spacingMeters: number): Place[] {
  const lengths = ring.slice(1).map(([x, y], at) => Math.hypot(x - ring[at]![0], y - ring[at]![1]))
  const around = lengths.reduce((sum, length) => sum + length, 0)
  if (!(around > 0)) return []
  const parts = Math.max(1, Math.ceil(around / spacingMeters))
  const places: Place[] = []
  let walked = 0
  lengths.forEach((length, at) => {
    const [[ax, ay], [bx, by]] = [ring[at]!, ring[at + 1]!]
    while (places.length < parts && (places.length * around) / parts < walked + length) {
      const share = ((places.length * around) / parts - walked) / length
      places.push([ax + share * (bx - ax), ay + share * (by - ay)])
    }
    walked += length
  })
  return places
}
