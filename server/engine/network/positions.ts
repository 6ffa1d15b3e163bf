/** Points on a network: gates, homes and street corners alike lie on an edge, at a fraction of it. Nothing is rebuilt to put one in. */
import { type NetworkGraph, nodeCountOf } from './graph.ts'

export interface NetworkPositions {
  edge: Uint32Array
  /** 0 at the edge's first end, 1 at its last. */
  fraction: Float64Array
}

export interface NetworkSources extends NetworkPositions {
  /** What each source belongs to: all gates of a park, say, carry its number. Of equally near owners the lowest number is told. */
  owner: Uint32Array
  /** What it costs to get from the source itself to its place on the network, exact as costs are; nothing where it is not given. */
  start?: Float64Array
}

/** Positions at nodes. @throws RangeError for a node that no edge ends at. */
export function positionsAtNodes(graph: NetworkGraph, nodes: readonly number[]): NetworkPositions {
  const edge = new Uint32Array(nodes.length)
  const fraction = new Float64Array(nodes.length)
  nodes.forEach((node, index) => {
    if (!(node < nodeCountOf(graph))) throw new RangeError(`there is no node ${node}`)
    const arc = graph.arcStart[node]!
    if (arc === graph.arcStart[node + 1]) throw new RangeError(`no edge ends at node ${node}`)
    const found = graph.arcEdge[arc]!
    edge[index] = found
    fraction[index] = graph.edgeFrom[found] === node ? 0 : 1
  })
  return { edge, fraction }
}

/** Finds positions by their edge. */
export class PositionsByEdge {
  readonly positions: NetworkPositions
  /** Positions with those of one edge side by side. */
  readonly #order: Uint32Array
  readonly #first = new Map<number, number>()

  /** @throws RangeError for an edge that is not there and a fraction outside 0 to 1. */
  constructor(positions: NetworkPositions, edgeCount: number) {
    const { edge, fraction } = positions
    for (let index = 0; index < edge.length; index += 1) {
      if (!(edge[index]! < edgeCount)) throw new RangeError(`position ${index} lies on edge ${edge[index]}, which is not there`)
      if (!(fraction[index]! >= 0 && fraction[index]! <= 1)) throw new RangeError(`position ${index} lies at fraction ${fraction[index]} of its edge: 0 to 1 is due`)
    }
    this.positions = positions
    this.#order = Uint32Array.from(edge, (_edge, index) => index).sort((a, b) => edge[a]! - edge[b]! || fraction[a]! - fraction[b]! || a - b)
    for (let at = this.#order.length - 1; at >= 0; at -= 1) this.#first.set(edge[this.#order[at]!]!, at)
  }

  /** Edges that hold any, each once. */
  edges(): Iterable<number> {
    return this.#first.keys()
  }

  /** Positions on an edge, from its first end to its last. */
  on(edge: number): Uint32Array {
    const first = this.#first.get(edge)
    if (first === undefined) return NONE
    let end = first
    while (end < this.#order.length && this.positions.edge[this.#order[end]!] === edge) end += 1
    return this.#order.subarray(first, end)
  }
}

const NONE = new Uint32Array(0)
