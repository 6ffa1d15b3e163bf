/** What a search means for points and parts of edges. */
import { costBetween } from './exact-cost.ts'
import { type NetworkPositions, PositionsByEdge } from './positions.ts'
import type { NodeLabels, Reach } from './search.ts'

/** Parts of edges: rows of an edge and the fractions between which it is reached. */
export interface EdgePortions {
  edge: Uint32Array
  from: Float64Array
  to: Float64Array
}

/** Cost to one point and the owner of the nearest source: over either end of its edge, or along the edge from a source on it. */
function labelAt(reach: Reach, edge: number, fraction: number): { distance: number; owner: number } {
  const { edgeFrom, edgeTo, costForward, costBackward } = reach.graph
  const label = { distance: Infinity, owner: -1 }
  const consider = (distance: number, owner: number) => {
    if (distance > reach.limit || distance === Infinity || distance > label.distance || (distance === label.distance && owner >= label.owner)) return
    label.distance = distance
    label.owner = owner
  }
  const [first, last] = [edgeFrom[edge]!, edgeTo[edge]!]
  const [forward, backward] = [costForward[edge]!, costBackward[edge]!]
  consider(reach.distance[first]! + costBetween(forward, 0, fraction), reach.owner[first]!)
  consider(reach.distance[last]! + costBetween(backward, fraction, 1), reach.owner[last]!)
  for (const source of reach.sourcesByEdge().on(edge)) {
    const at = reach.sources.fraction[source]!
    const along = at <= fraction ? costBetween(forward, at, fraction) : costBetween(backward, fraction, at)
    consider((reach.sources.start?.[source] ?? 0) + along, reach.sources.owner[source]!)
  }
  return label
}

/** Labels of points: cost from the nearest source within the limit, and its owner; Infinity and -1 beyond. */
export function reachPositions(reach: Reach, { edge, fraction }: NetworkPositions): NodeLabels {
  const labels = { distance: new Float64Array(edge.length), owner: new Int32Array(edge.length) }
  for (let position = 0; position < edge.length; position += 1) {
    const { distance, owner } = labelAt(reach, edge[position]!, fraction[position]!)
    labels.distance[position] = distance
    labels.owner[position] = owner
  }
  return labels
}

/** Edges at whose ends or on which a search reached anything, each once, in no particular order. */
export function touchedEdges(reach: Reach): Uint32Array {
  const { arcStart, arcEdge, edgeFrom, edgeTo } = reach.graph
  const isReached = (node: number) => reach.distance[node] !== Infinity
  const edges: number[] = []
  for (const node of reach.touched) {
    for (let arc = arcStart[node]!; arc < arcStart[node + 1]!; arc += 1) {
      const edge = arcEdge[arc]!
      // The two arcs of a loop lie side by side; any other edge is told at its first end where that is reached, else at its last.
      if (arc > arcStart[node]! && arcEdge[arc - 1] === edge) continue
      if (edgeFrom[edge] === node || !isReached(edgeFrom[edge]!)) edges.push(edge)
    }
  }
  for (const edge of reach.sourcesByEdge().edges()) if (!isReached(edgeFrom[edge]!) && !isReached(edgeTo[edge]!)) edges.push(edge)
  return Uint32Array.from(edges)
}

/** How far an edge is walked with what is left of the limit at a point of it, as a fraction of the edge. */
function share(limit: number, distance: number, cost: number): number {
  if (distance > limit || distance === Infinity || cost === Infinity) return 0
  return limit - distance >= cost ? 1 : (limit - distance) / cost
}

/**
 * The parts of edges within a limit, to be drawn as reached streets: no area is made up between them.
 * @param limit at most that of the search
 */
export function reachedPortions(reach: Reach, limit: number): EdgePortions {
  const { edgeFrom, edgeTo, costForward, costBackward } = reach.graph
  const rows: { edge: number; from: number; to: number }[] = []
  for (const edge of touchedEdges(reach).sort()) {
    const [forward, backward] = [costForward[edge]!, costBackward[edge]!]
    const parts = [
      { edge, from: 0, to: share(limit, reach.distance[edgeFrom[edge]!]!, forward) },
      { edge, from: 1 - share(limit, reach.distance[edgeTo[edge]!]!, backward), to: 1 },
    ]
    for (const source of reach.sourcesByEdge().on(edge)) {
      const at = reach.sources.fraction[source]!
      const start = reach.sources.start?.[source] ?? 0
      parts.push({ edge, from: Math.max(0, at - share(limit, start, backward)), to: Math.min(1, at + share(limit, start, forward)) })
    }
    parts.sort((a, b) => a.from - b.from)
    let open: { edge: number; from: number; to: number } | undefined
    for (const part of parts) {
      if (part.to <= part.from) continue
      if (open && part.from <= open.to) open.to = Math.max(open.to, part.to)
      else rows.push((open = part))
    }
  }
  return { edge: Uint32Array.from(rows, (row) => row.edge), from: Float64Array.from(rows, (row) => row.from), to: Float64Array.from(rows, (row) => row.to) }
}

export interface ImprovedPositions extends NodeLabels {
  /** Which positions improved; the rows of the labels are theirs. */
  position: Uint32Array
}

/**
 * The points that a search over a base improves, against their labels of before. Looks only at the edges that were touched.
 * @param before labels of all positions from the earlier search
 */
export function improvedPositions(reach: Reach, positions: PositionsByEdge, before: NodeLabels): ImprovedPositions {
  const found: { position: number; distance: number; owner: number }[] = []
  for (const edge of touchedEdges(reach)) {
    for (const position of positions.on(edge)) {
      const { distance, owner } = labelAt(reach, edge, positions.positions.fraction[position]!)
      if (distance < before.distance[position]! || (distance === before.distance[position] && distance !== Infinity && owner < before.owner[position]!)) found.push({ position, distance, owner })
    }
  }
  found.sort((a, b) => a.position - b.position)
  return { position: Uint32Array.from(found, (row) => row.position), distance: Float64Array.from(found, (row) => row.distance), owner: Int32Array.from(found, (row) => row.owner) }
}
