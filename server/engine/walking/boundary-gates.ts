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
    this.#coordinates = coordinates
    const vertices: number[] = []
    for (let edge = 0; edge < isBridge.length; edge += 1) {
      if (isBridge[edge]) continue
      for (let vertex = vertexStart[edge]!; vertex < vertexStart[edge + 1]! - 1; vertex += 1) vertices.push(vertex)
    }
    this.#segmentVertex = Uint32Array.from(vertices)
    if (vertices.length === 0) return
    this.#index = new Flatbush(vertices.length)
    for (const vertex of vertices) {
      const [ax, ay, bx, by] = [coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!, coordinates[vertex * 2 + 2]!, coordinates[vertex * 2 + 3]!]
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

  /**
   * Gates of one shape, x, y interleaved, in a stable order: of a polygon the crossings of paths, or where there are none points of each ring
   * at most `spacingMeters` apart; of points and lines their vertices.
   */
  of(shapes: PackedGeometries, geometry: number, spacingMeters: number): Float64Array {
    const { coordinates, partStart, partKind, geometryStart } = shapes
    const crossings: [number, number][] = []
    const openEdge: [number, number][] = []
    for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) {
      const [first, end] = [partStart[part]!, partStart[part + 1]!]
      const vertexAt = (vertex: number): [number, number] => [coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!]
      if (partKind[part]! < PART.outer) {
        for (let vertex = first; vertex < end; vertex += 1) crossings.push(vertexAt(vertex))
        continue
      }
      const lengths = Array.from({ length: end - first - 1 }, (_value, at) => Math.hypot(coordinates[(first + at + 1) * 2]! - coordinates[(first + at) * 2]!, coordinates[(first + at + 1) * 2 + 1]! - coordinates[(first + at) * 2 + 1]!))
      const around = lengths.reduce((sum, length) => sum + length, 0)
      if (!(around > 0)) continue
      const parts = Math.max(1, Math.ceil(around / spacingMeters))
      let walked = 0
      let next = 0
      lengths.forEach((length, at) => {
        const [ax, ay] = vertexAt(first + at)
        const [bx, by] = vertexAt(first + at + 1)
        crossings.push(...this.#crossings(ax, ay, bx, by))
        while (next < parts && (next * around) / parts < walked + length) {
          const share = ((next * around) / parts - walked) / length
          openEdge.push([ax + share * (bx - ax), ay + share * (by - ay)])
          next += 1
        }
        walked += length
      })
    }
    const gates = crossings.length > 0 ? crossings : openEdge
    return Float64Array.from(gates.sort((a, b) => a[0] - b[0] || a[1] - b[1]).flat())
  }
}
