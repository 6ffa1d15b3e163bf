/**
 * Terminology
 * - network: nodes joined by edges; an edge has a first end (from) and a last end (to) and may be walked one way or both.
 * - arc: an edge in one direction. Arcs are held by the node that they leave (compressed sparse rows); a closed one is there too, at infinite cost.
 * - cost: metres or minutes, whatever the caller measures in; see exact-cost.ts.
 * - scrap: a small connected part that cannot be reached from the network proper.
 * Everything is in typed arrays, so that a network is handed to another thread without a copy.
 */
import { type Components, labelComponents } from './components.ts'
import { exactCost } from './exact-cost.ts'
import { orderAlongHilbertCurve, orderBreadthFirst } from './node-order.ts'

export interface NetworkEdges {
  /** Nodes are numbered 0 to nodeCount − 1. */
  nodeCount: number
  from: Uint32Array
  to: Uint32Array
  /** Cost from the first end to the last; Infinity where that way is closed. */
  costForward: Float64Array
  /** Cost of the way back; the same as forward where it is left out. */
  costBackward?: Float64Array
  /** x, y of the nodes, interleaved; only for a better order in memory. */
  coordinates?: Float64Array
}

export interface NetworkGraph extends Components {
  /** Nodes at the ends of each edge; edges keep the order in which they were given. */
  edgeFrom: Uint32Array
  edgeTo: Uint32Array
  costForward: Float64Array
  /** The very array of `costForward` where the ways back cost the same. */
  costBackward: Float64Array
  /** First arc of each node, and one more entry: the number of arcs. */
  arcStart: Uint32Array
  arcTarget: Uint32Array
  arcCost: Float64Array
  arcEdge: Uint32Array
  /** Number of each node where it came from: nodes are put in an order of our own. */
  inputNode: Uint32Array
  /** The way back: node of each number of the input. */
  nodeOfInput: Uint32Array
}

/** Number of nodes. */
export function nodeCountOf(graph: NetworkGraph): number {
  return graph.inputNode.length
}

/** Number of edges. */
export function edgeCountOf(graph: NetworkGraph): number {
  return graph.edgeFrom.length
}

function checkCost(cost: number, edge: number): number {
  if (!(cost >= 0)) throw new RangeError(`edge ${edge} has cost ${cost}: zero or more is due, Infinity where it is closed`)
  return exactCost(cost)
}

type Arcs = Pick<NetworkGraph, 'arcStart' | 'arcTarget' | 'arcCost' | 'arcEdge'>

function listArcs(nodeCount: number, { edgeFrom, edgeTo, costForward, costBackward }: Pick<NetworkGraph, 'edgeFrom' | 'edgeTo' | 'costForward' | 'costBackward'>): Arcs {
  const edgeCount = edgeFrom.length
  const arcStart = new Uint32Array(nodeCount + 1)
  for (let edge = 0; edge < edgeCount; edge += 1) {
    arcStart[edgeFrom[edge]! + 1]! += 1
    arcStart[edgeTo[edge]! + 1]! += 1
  }
  for (let node = 0; node < nodeCount; node += 1) arcStart[node + 1]! += arcStart[node]!
  const arcTarget = new Uint32Array(arcStart[nodeCount]!)
  const arcCost = new Float64Array(arcStart[nodeCount]!)
  const arcEdge = new Uint32Array(arcStart[nodeCount]!)
  const next = arcStart.slice(0, nodeCount)
  const put = (node: number, target: number, cost: number, edge: number) => {
    const arc = next[node]!
    next[node] = arc + 1
    arcTarget[arc] = target
    arcCost[arc] = cost
    arcEdge[arc] = edge
  }
  for (let edge = 0; edge < edgeCount; edge += 1) {
    put(edgeFrom[edge]!, edgeTo[edge]!, costForward[edge]!, edge)
    put(edgeTo[edge]!, edgeFrom[edge]!, costBackward[edge]!, edge)
  }
  return { arcStart, arcTarget, arcCost, arcEdge }
}

/** @throws RangeError for a cost below zero or not a number, and for ends that are no node. */
export function buildGraph(edges: NetworkEdges): NetworkGraph {
  const { nodeCount, from, to } = edges
  for (let edge = 0; edge < from.length; edge += 1) if (from[edge]! >= nodeCount || to[edge]! >= nodeCount) throw new RangeError(`edge ${edge} ends at a node that is not there`)
  const inputNode = edges.coordinates ? orderAlongHilbertCurve(edges.coordinates) : orderBreadthFirst(nodeCount, from, to)
  const nodeOfInput = new Uint32Array(nodeCount)
  for (let node = 0; node < nodeCount; node += 1) nodeOfInput[inputNode[node]!] = node
  const costForward = edges.costForward.map(checkCost)
  const ends = {
    edgeFrom: from.map((input) => nodeOfInput[input]!),
    edgeTo: to.map((input) => nodeOfInput[input]!),
    costForward,
    costBackward: edges.costBackward ? edges.costBackward.map(checkCost) : costForward,
  }
  return { ...ends, ...listArcs(nodeCount, ends), inputNode, nodeOfInput, ...labelComponents(nodeCount, ends.edgeFrom, ends.edgeTo) }
}

/** The same network, edges and nodes, with every way walked the other way round: from homes to gates where a search tells from gates to homes. */
export function reverseGraph(graph: NetworkGraph): NetworkGraph {
  if (graph.costForward === graph.costBackward) return graph
  const turned = { ...graph, costForward: graph.costBackward, costBackward: graph.costForward }
  return { ...turned, ...listArcs(nodeCountOf(graph), turned) }
}

function arraysOf(graph: NetworkGraph): Set<ArrayBufferLike> {
  return new Set(Object.values(graph).map((array: Uint32Array | Float64Array) => array.buffer))
}

/** Memory of a network in bytes. A search over it takes some 20 bytes for each node beside. */
export function bytesOfGraph(graph: NetworkGraph): number {
  return [...arraysOf(graph)].reduce((sum, buffer) => sum + buffer.byteLength, 0)
}

/** What to hand over with a network that moves to another thread. */
export function transferablesOfGraph(graph: NetworkGraph): ArrayBufferLike[] {
  return [...arraysOf(graph)]
}
