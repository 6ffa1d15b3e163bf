/** What can be reached on a network from some of its nodes. */
import { buildGraph, edgeCountOf, nodeCountOf } from '../engine/network/graph.ts'
import { positionsAtNodes } from '../engine/network/positions.ts'
import { NetworkSearch } from '../engine/network/search.ts'
import { AppError } from '../errors.ts'
import type { EdgeFile } from './edge-file.ts'
import { nearestNames } from './nearest-names.ts'

export interface ReachQuestion {
  /** Start nodes; each reached node counts for the nearest. */
  from: readonly string[]
  to?: string | undefined
  /** In the unit of the lengths, ascending. */
  within: readonly number[]
  /** Also list every node within the greatest of the distances, or all that can be reached. */
  isListed: boolean
}

export interface ReachAnswer {
  nodes: number
  edges: number
  /** Connected parts, whatever the direction of their edges. */
  components: number
  largestComponent: number
  from: { node: string; componentNodes: number }[]
  /** Nodes that can be reached at all, starts included. */
  reached: number
  /** Nodes within (≤) each distance, starts included. */
  within: { distance: number; nodes: number }[]
  /** Of all that can be reached; of equally far nodes the first by name. */
  farthest: { node: string; distance: number }
  /** Distance null and a reason where there is no way. */
  to?: { node: string; distance: number | null; from: string | null; reason: 'other_component' | 'one_way' | null }
  list?: { node: string; distance: number; from: string }[]
}

const SUGGESTIONS = 3

function nodeNumber(file: EdgeFile, name: string, option: string): number {
  const node = file.nodeOfName.get(name)
  if (node !== undefined) return node
  throw new AppError('not_found', `${option} ${name}：路网没有这个节点，请从相近的名称中选。At ${option} ${name}: the network has no such node. Nearest by name: ${nearestNames(name, file.names, SUGGESTIONS).join(', ')}.`)
}

/** @throws AppError for a node that the network does not have, naming the likest ones */
export function findReach(file: EdgeFile, question: ReachQuestion): ReachAnswer {
  // Sorted, so that of equally near starts always the same is told.
  const starts = [...new Set(question.from)].sort()
  const inputStarts = starts.map((name) => nodeNumber(file, name, '--from'))
  const inputTarget = question.to === undefined ? undefined : nodeNumber(file, question.to, '--to')
  const graph = buildGraph(file.edges)
  const nodes = inputStarts.map((input) => graph.nodeOfInput[input]!)
  const { distance, owner, touched } = new NetworkSearch(graph).run({ ...positionsAtNodes(graph, nodes), owner: Uint32Array.from(starts, (_name, index) => index) }, Infinity)
  const nameOf = (node: number) => file.names[graph.inputNode[node]!]!
  const answer: ReachAnswer = {
    nodes: nodeCountOf(graph),
    edges: edgeCountOf(graph),
    components: graph.componentSize.length,
    largestComponent: graph.componentSize[0]!,
    from: nodes.map((node) => ({ node: nameOf(node), componentNodes: graph.componentSize[graph.component[node]!]! })),
    reached: touched.length,
    within: question.within.map((limit) => ({ distance: limit, nodes: touched.reduce((count, node) => count + (distance[node]! <= limit ? 1 : 0), 0) })),
    farthest: { node: starts[0]!, distance: 0 },
  }
  let farthest = nodes[0]!
  for (const node of touched) if (distance[node]! > distance[farthest]! || (distance[node] === distance[farthest] && nameOf(node) < nameOf(farthest))) farthest = node
  answer.farthest = { node: nameOf(farthest), distance: distance[farthest]! }
  if (inputTarget !== undefined) {
    const target = graph.nodeOfInput[inputTarget]!
    const isReached = distance[target] !== Infinity
    const isJoined = nodes.some((node) => graph.component[node] === graph.component[target])
    answer.to = { node: nameOf(target), distance: isReached ? distance[target]! : null, from: isReached ? starts[owner[target]!]! : null, reason: isReached ? null : isJoined ? 'one_way' : 'other_component' }
  }
  if (question.isListed) {
    const limit = question.within.at(-1) ?? Infinity
    answer.list = Array.from(touched)
      .filter((node) => distance[node]! <= limit)
      .map((node) => ({ node: nameOf(node), distance: distance[node]!, from: starts[owner[node]!]! }))
      .sort((a, b) => a.distance - b.distance || (a.node < b.node ? -1 : 1))
  }
  return answer
}
