import Flatbush from 'flatbush'

/** Courses of edges in a plane, in metres. */
export interface EdgeLines {
  /** x, y of the vertices, interleaved; the first vertex of an edge is its first end. */
  coordinates: Float64Array
  /** First vertex of each edge, and one more entry: the number of vertices. An edge has two vertices or more. */
  vertexStart: Uint32Array
}

export interface Snap {
  edge: number
  /** Along the edge from its first end, 0 to 1, by length. */
  fraction: number
  /** Metres from the point to the edge. */
  distance: number
  x: number
  y: number
  /** Whether nothing but a scrap lies within the tolerance: what is snapped there reaches only the scrap. */
  isScrap: boolean
}

interface Foot {
  segment: number
  along: number
  squared: number
}

/**
 * Finds the nearest point on an edge, not the nearest node, and rather on the network proper than on a scrap:
 * the nearest edge of the network proper within the tolerance wins over a nearer one of a scrap; a scrap is taken only where there is nothing else, and told.
 */
export class EdgeIndex {
  readonly #lines: EdgeLines
  readonly #segments: Flatbush | undefined
  readonly #segmentEdge: Uint32Array
  /** First vertex of each segment; the second is the next. */
  readonly #segmentVertex: Uint32Array
  readonly #isMain: (segment: number) => boolean

  /** @param isMainEdge 1 for edges of the network proper, see `mainComponents`; @throws RangeError for an edge of fewer than two vertices */
  constructor(lines: EdgeLines, isMainEdge: Uint8Array) {
    this.#lines = lines
    const { coordinates, vertexStart } = lines
    const edgeCount = vertexStart.length - 1
    const segmentCount = edgeCount > 0 ? vertexStart[edgeCount]! - edgeCount : 0
    this.#segmentEdge = new Uint32Array(Math.max(0, segmentCount))
    this.#segmentVertex = new Uint32Array(Math.max(0, segmentCount))
    this.#isMain = (segment) => isMainEdge[this.#segmentEdge[segment]!] === 1
    if (segmentCount > 0) this.#segments = new Flatbush(segmentCount)
    let segment = 0
    for (let edge = 0; edge < edgeCount; edge += 1) {
      if (vertexStart[edge + 1]! - vertexStart[edge]! < 2) throw new RangeError(`edge ${edge} has no course`)
      for (let vertex = vertexStart[edge]!; vertex < vertexStart[edge + 1]! - 1; vertex += 1) {
        this.#segmentEdge[segment] = edge
        this.#segmentVertex[segment] = vertex
        segment += 1
        const [ax, ay, bx, by] = [coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!, coordinates[vertex * 2 + 2]!, coordinates[vertex * 2 + 3]!]
        this.#segments!.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by))
      }
    }
    this.#segments?.finish()
  }

  /** Memory of the index in bytes, beside the lines. */
  get bytes(): number {
    return this.#segmentEdge.byteLength + this.#segmentVertex.byteLength + (this.#segments?.data.byteLength ?? 0)
  }

  #foot(segment: number, x: number, y: number): Foot {
    const { coordinates } = this.#lines
    const at = this.#segmentVertex[segment]! * 2
    const [ax, ay] = [coordinates[at]!, coordinates[at + 1]!]
    const [dx, dy] = [coordinates[at + 2]! - ax, coordinates[at + 3]! - ay]
    const squaredLength = dx * dx + dy * dy
    const along = squaredLength > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squaredLength)) : 0
    const [offX, offY] = [x - (ax + along * dx), y - (ay + along * dy)]
    return { segment, along, squared: offX * offX + offY * offY }
  }

  #nearest(x: number, y: number, toleranceMeters: number, takes: ((segment: number) => boolean) | undefined): Foot | undefined {
    // A hair wider, so that rounding of a box cannot lose what lies exactly at the tolerance.
    const wide = (reach: number) => reach * (1 + 1e-12) + 1e-9
    const first = this.#segments?.neighbors(x, y, 1, wide(toleranceMeters), takes)[0]
    if (this.#segments === undefined || first === undefined) return undefined
    // The nearest box bounds the answer; what reaches into that bound is measured. Of equally near edges the first is taken.
    let best = this.#foot(first, x, y)
    const reach = wide(Math.min(toleranceMeters, Math.sqrt(best.squared)))
    for (const segment of this.#segments.search(x - reach, y - reach, x + reach, y + reach, takes)) {
      const foot = this.#foot(segment, x, y)
      if (foot.squared < best.squared || (foot.squared === best.squared && segment < best.segment)) best = foot
    }
    return Math.sqrt(best.squared) <= toleranceMeters ? best : undefined
  }

  /** The point of the network that (x, y) belongs to; undefined where no edge lies within the tolerance (≤). */
  snap(x: number, y: number, toleranceMeters: number): Snap | undefined {
    const onMain = this.#nearest(x, y, toleranceMeters, this.#isMain)
    const foot = onMain ?? this.#nearest(x, y, toleranceMeters, undefined)
    if (!foot) return undefined
    const { coordinates, vertexStart } = this.#lines
    const edge = this.#segmentEdge[foot.segment]!
    const at = this.#segmentVertex[foot.segment]!
    let before = 0
    let whole = 0
    for (let vertex = vertexStart[edge]!; vertex < vertexStart[edge + 1]! - 1; vertex += 1) {
      const length = Math.hypot(coordinates[vertex * 2 + 2]! - coordinates[vertex * 2]!, coordinates[vertex * 2 + 3]! - coordinates[vertex * 2 + 1]!)
      if (vertex < at) before += length
      else if (vertex === at) before += length * foot.along
      whole += length
    }
    return {
      edge,
      fraction: whole > 0 ? Math.min(1, before / whole) : 0,
      distance: Math.sqrt(foot.squared),
      x: coordinates[at * 2]! + foot.along * (coordinates[at * 2 + 2]! - coordinates[at * 2]!),
      y: coordinates[at * 2 + 1]! + foot.along * (coordinates[at * 2 + 3]! - coordinates[at * 2 + 1]!),
      isScrap: onMain === undefined,
    }
  }
}
