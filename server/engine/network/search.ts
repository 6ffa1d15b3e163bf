import { BucketQueue } from './bucket-queue.ts'
import { costBetween } from './exact-cost.ts'
import { edgeCountOf, type NetworkGraph, nodeCountOf } from './graph.ts'
import { type NetworkPositions, type NetworkSources, PositionsByEdge } from './positions.ts'

/** What a search finds out about every node. */
export interface NodeLabels {
  /** Cost from the nearest source; Infinity beyond the limit. */
  distance: Float64Array
  /** Its owner; -1 beyond the limit. */
  owner: Int32Array
}

/** A finished search. Its arrays are the searcher's own and hold until its next search; `keepLabels` copies them. */
export interface Reach extends NodeLabels {
  graph: NetworkGraph
  sources: NetworkSources
  /** Made when it is first asked for. */
  sourcesByEdge(): PositionsByEdge
  limit: number
  /** Nodes that were reached; after a search over a base, those that were improved. */
  touched: Uint32Array
}

/** Copies what a search found, to keep it or to hand it to another thread. */
export function keepLabels({ distance, owner }: NodeLabels): NodeLabels {
  return { distance: distance.slice(), owner: owner.slice() }
}

/** What a turn works on, some eighty bytes a node, is to fit into the cache of a core. */
const TURN_NODES = 8192

/**
 * Shortest ways over one network (Dijkstra 1959, doi:10.1007/BF01386390) from any number of sources at once, up to a limit.
 * Its working memory stays from search to search, and a search costs no more than what it reaches.
 */
export class NetworkSearch {
  readonly graph: NetworkGraph
  readonly #distance: Float64Array
  readonly #owner: Int32Array
  readonly #touched: Uint32Array
  readonly #queue: BucketQueue
  readonly #turnNodes: number
  #greatestCost = 0
  #touchedCount = 0

  /** @param turnNodes nodes between the first and the last source of one turn */
  constructor(graph: NetworkGraph, turnNodes = TURN_NODES) {
    this.graph = graph
    this.#turnNodes = turnNodes
    const nodeCount = nodeCountOf(graph)
    this.#distance = new Float64Array(nodeCount).fill(Infinity)
    this.#owner = new Int32Array(nodeCount).fill(-1)
    this.#touched = new Uint32Array(nodeCount)
    for (const cost of graph.arcCost) if (cost > this.#greatestCost && cost !== Infinity) this.#greatestCost = cost
    this.#queue = new BucketQueue(this.#distance)
  }

  /** Memory of this searcher in bytes, beside its network. */
  get bytes(): number {
    return this.#distance.byteLength + this.#owner.byteLength + this.#touched.byteLength + this.#queue.bytes
  }

  #reset(): void {
    for (let at = 0; at < this.#touchedCount; at += 1) {
      const node = this.#touched[at]!
      this.#distance[node] = Infinity
      this.#owner[node] = -1
    }
    this.#touchedCount = 0
  }

  #label(node: number, distance: number, owner: number, base: NodeLabels | undefined): void {
    const former = this.#distance[node]!
    if (distance > former || (distance === former && owner >= this.#owner[node]!)) return
    if (base && (distance > base.distance[node]! || (distance === base.distance[node] && owner >= base.owner[node]!))) return
    if (former === Infinity) {
      this.#touched[this.#touchedCount] = node
      this.#touchedCount += 1
    }
    this.#distance[node] = distance
    this.#owner[node] = owner
    this.#queue.put(node)
  }

  /** Labels the ends of the edges that sources lie on. */
  #start({ edge, fraction, owner, start }: NetworkSources, turn: Iterable<number>, limit: number, base: NodeLabels | undefined): void {
    const { edgeFrom, edgeTo, costForward, costBackward } = this.graph
    for (const source of turn) {
      const on = edge[source]!
      const before = start?.[source] ?? 0
      const toFirst = before + costBetween(costBackward[on]!, 0, fraction[source]!)
      const toLast = before + costBetween(costForward[on]!, fraction[source]!, 1)
      if (toFirst <= limit && toFirst !== Infinity) this.#label(edgeFrom[on]!, toFirst, owner[source]!, base)
      if (toLast <= limit && toLast !== Infinity) this.#label(edgeTo[on]!, toLast, owner[source]!, base)
    }
  }

  /**
   * Sources in turns of neighbours: one after another, each over the labels of those before, they end at the very labels of all together,
   * and what a turn works on stays in the cache. Without a limit a turn would go through the whole network: then there is but one.
   */
  #turnsOf({ edge }: NetworkSources, limit: number): Iterable<number>[] {
    if (limit === Infinity || edge.length < 2) return [edge.keys()]
    const count = edge.length
    // Node and source in one number, which sorts by itself.
    const keys = Float64Array.from(edge, (on, source) => this.graph.edgeFrom[on]! * count + source).sort()
    const order = Uint32Array.from(keys, (key) => key % count)
    const nodeAt = (at: number) => Math.floor(keys[at]! / count)
    const turns: Uint32Array[] = []
    let first = 0
    for (let at = 1; at <= count; at += 1) {
      if (at < count && nodeAt(at) - nodeAt(first) < this.#turnNodes) continue
      turns.push(order.subarray(first, at))
      first = at
    }
    return turns
  }

  /**
   * Searches from all sources at once.
   * @param limit greatest cost, itself included; Infinity for everything that can be reached
   * @param base labels of an earlier search: only what the sources improve is looked at, and told
   */
  run(sources: NetworkSources, limit: number, base?: NodeLabels): Reach {
    return this.#search(sources, limit, base, Infinity, NO_TARGETS, () => Infinity)
  }

  /** Cost of the shortest way between two positions, Infinity where there is none. */
  distanceBetween(from: NetworkPositions, to: NetworkPositions, limit = Infinity): number {
    const { edgeFrom, edgeTo, costForward, costBackward } = this.graph
    const [start, end] = [from.edge[0]!, to.edge[0]!]
    const [departure, arrival] = [from.fraction[0]!, to.fraction[0]!]
    // Along the very edge, if both lie on it.
    let direct = Infinity
    if (start === end) direct = arrival >= departure ? costBetween(costForward[end]!, departure, arrival) : costBetween(costBackward[end]!, arrival, departure)
    const fromFirst = costBetween(costForward[end]!, 0, arrival)
    const fromLast = costBetween(costBackward[end]!, arrival, 1)
    const best = () => Math.min(direct, this.#distance[edgeFrom[end]!]! + fromFirst, this.#distance[edgeTo[end]!]! + fromLast)
    this.#search({ edge: from.edge.subarray(0, 1), fraction: from.fraction.subarray(0, 1), owner: new Uint32Array(1) }, limit, undefined, direct, [edgeFrom[end]!, edgeTo[end]!], best)
    const cost = best()
    return cost <= limit ? cost : Infinity
  }

  /** @param stopAt nothing from this cost on matters; asked anew whenever a target is settled */
  #search(sources: NetworkSources, limit: number, base: NodeLabels | undefined, stopAt: number, targets: readonly [number, number], askStop: () => number): Reach {
    this.#reset()
    const { arcStart, arcTarget, arcCost } = this.graph
    const [firstTarget, lastTarget] = targets
    const distance = this.#distance
    const owner = this.#owner
    const touched = this.#touched
    const queue = this.#queue
    let stop = stopAt
    const greatestStart = sources.start?.reduce((most, cost) => Math.max(most, cost), 0) ?? 0
    for (const turn of this.#turnsOf(sources, limit)) {
      queue.clear(Math.min(this.#greatestCost + greatestStart, limit))
      this.#start(sources, turn, limit, base)
      let touchedCount = this.#touchedCount
      for (let node = queue.pop(); node >= 0; node = queue.pop()) {
        const settled = queue.poppedKey
        if (settled >= stop) break
        if (node === firstTarget || node === lastTarget) stop = Math.min(stop, askStop())
        const ownedBy = owner[node]!
        const end = arcStart[node + 1]!
        for (let arc = arcStart[node]!; arc < end; arc += 1) {
          // A closed arc improves nothing: its cost is infinite.
          const cost = settled + arcCost[arc]!
          if (cost > limit) continue
          const target = arcTarget[arc]!
          const former = distance[target]!
          if (cost > former || (cost === former && ownedBy >= owner[target]!)) continue
          if (base) {
            const before = base.distance[target]!
            if (cost > before || (cost === before && ownedBy >= base.owner[target]!)) continue
          }
          distance[target] = cost
          owner[target] = ownedBy
          if (former === Infinity) {
            touched[touchedCount] = target
            touchedCount += 1
          }
          queue.put(target)
        }
      }
      this.#touchedCount = touchedCount
    }
    let grouped: PositionsByEdge | undefined
    return { graph: this.graph, distance, owner, sources, sourcesByEdge: () => (grouped ??= new PositionsByEdge(sources, edgeCountOf(this.graph))), limit, touched: touched.subarray(0, this.#touchedCount) }
  }
}

const NO_TARGETS = [-1, -1] as const

/**
 * Adds sources to the labels of an earlier search, in place; the labels are then those of one search from all sources together.
 * @returns the nodes that were improved; the searcher's own array, until its next search
 */
export function addSources(search: NetworkSearch, labels: NodeLabels, sources: NetworkSources, limit: number): Uint32Array {
  const { distance, owner, touched } = search.run(sources, limit, labels)
  for (const node of touched) {
    labels.distance[node] = distance[node]!
    labels.owner[node] = owner[node]!
  }
  return touched
}
