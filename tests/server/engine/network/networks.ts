import fc from 'fast-check'
import { costBetween, exactCost } from '../../../../server/engine/network/exact-cost.ts'
import { buildGraph, type NetworkGraph } from '../../../../server/engine/network/graph.ts'
import type { NetworkPositions, NetworkSources } from '../../../../server/engine/network/positions.ts'

export interface Edge {
  from: number
  to: number
  forward: number
  backward: number
}

export interface Place {
  edge: number
  fraction: number
}

export interface Town {
  nodeCount: number
  edges: Edge[]
  sources: (Place & { owner: number })[]
  homes: Place[]
  limit: number
}

// Tenths do not add up in binary: what is equal on paper has to be equal here too.
const aCost = fc.oneof(fc.integer({ min: 0, max: 60 }).map((tenths) => tenths / 10), fc.double({ min: 0, max: 8, noNaN: true }))
const aFraction = fc.oneof(fc.constantFrom(0, 1, 0.5, 0.1), fc.double({ min: 0, max: 1, noNaN: true }))
const oneWay = { both: 6, forwardOnly: 1, backwardOnly: 1 }

/** Small networks with loops, parallel edges, edges of no length and, if asked for, one-way streets and other costs back than forth. */
export function aTown(isDirected: boolean): fc.Arbitrary<Town> {
  return fc
    .record({ nodeCount: fc.integer({ min: 2, max: 9 }), edgeCount: fc.integer({ min: 1, max: 16 }) })
    .chain(({ nodeCount, edgeCount }) =>
      fc.record({
        nodeCount: fc.constant(nodeCount),
        edges: fc.array(
          fc
            .record({ from: fc.nat(nodeCount - 1), to: fc.nat(nodeCount - 1), forward: aCost, back: aCost, way: fc.oneof(...Object.entries(oneWay).map(([way, weight]) => ({ arbitrary: fc.constant(way), weight }))) })
            .map(({ from, to, forward, back, way }) =>
              isDirected ? { from, to, forward: way === 'backwardOnly' ? Infinity : forward, backward: way === 'forwardOnly' ? Infinity : back } : { from, to, forward, backward: forward },
            ),
          { minLength: edgeCount, maxLength: edgeCount },
        ),
        sources: fc.array(fc.record({ edge: fc.nat(edgeCount - 1), fraction: aFraction, owner: fc.nat(3) }), { minLength: 1, maxLength: 5 }),
        homes: fc.array(fc.record({ edge: fc.nat(edgeCount - 1), fraction: aFraction }), { minLength: 1, maxLength: 6 }),
        limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 120 }).map((tenths) => tenths / 10)),
      }),
    )
}

export function graphOf({ nodeCount, edges }: Pick<Town, 'nodeCount' | 'edges'>): NetworkGraph {
  return buildGraph({
    nodeCount,
    from: Uint32Array.from(edges, ({ from }) => from),
    to: Uint32Array.from(edges, ({ to }) => to),
    costForward: Float64Array.from(edges, ({ forward }) => forward),
    ...(edges.every(({ forward, backward }) => forward === backward) ? {} : { costBackward: Float64Array.from(edges, ({ backward }) => backward) }),
  })
}

export function positionsOf(places: readonly Place[]): NetworkPositions {
  return { edge: Uint32Array.from(places, ({ edge }) => edge), fraction: Float64Array.from(places, ({ fraction }) => fraction) }
}

export function sourcesOf(sources: Town['sources']): NetworkSources {
  return { ...positionsOf(sources), owner: Uint32Array.from(sources, ({ owner }) => owner) }
}

export interface Label {
  distance: number
  owner: number
}

/** Labels in the order of the input's nodes. */
export function labelsOf(graph: NetworkGraph, { distance, owner }: { distance: Float64Array; owner: Int32Array }): Label[] {
  return Array.from(graph.nodeOfInput, (node) => ({ distance: distance[node]!, owner: owner[node]! }))
}

export function rowsOf({ distance, owner }: { distance: Float64Array; owner: Int32Array }): Label[] {
  return Array.from(distance, (metres, row) => ({ distance: metres, owner: owner[row]! }))
}

/** The definition: every position becomes a node, every source has its own rounds of Bellman and Ford, the nearest and then the lowest owner wins. */
export function searchNaively(town: Town): { nodes: Label[]; homes: Label[] } {
  const arcs: [number, number, number][] = []
  let count = town.nodeCount
  const places = [...town.sources, ...town.homes].map((place) => ({ ...place, node: count++ }))
  town.edges.forEach(({ from, to, forward, backward }, edge) => {
    const along = [{ node: from, fraction: 0 }, ...places.filter((place) => place.edge === edge), { node: to, fraction: 1 }]
    for (const a of along) {
      for (const b of along) {
        if (a === b || a.fraction > b.fraction) continue
        const [there, back] = [costBetween(exactCost(forward), a.fraction, b.fraction), costBetween(exactCost(backward), a.fraction, b.fraction)]
        if (there !== Infinity) arcs.push([a.node, b.node, there])
        if (back !== Infinity) arcs.push([b.node, a.node, back])
      }
    }
  })
  const labels: Label[] = Array.from({ length: count }, () => ({ distance: Infinity, owner: -1 }))
  town.sources.forEach(({ owner }, index) => {
    const distance = Array.from({ length: count }, (_value, node) => (node === town.nodeCount + index ? 0 : Infinity))
    for (let round = 0; round < count; round += 1) for (const [a, b, cost] of arcs) distance[b] = Math.min(distance[b]!, distance[a]! + cost)
    distance.forEach((metres, node) => {
      const label = labels[node]!
      if (metres <= town.limit && metres !== Infinity && (metres < label.distance || (metres === label.distance && owner < label.owner))) labels[node] = { distance: metres, owner }
    })
  })
  return { nodes: labels.slice(0, town.nodeCount), homes: labels.slice(town.nodeCount + town.sources.length) }
}
