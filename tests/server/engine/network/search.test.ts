import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edgeCountOf, reverseGraph } from '../../../../server/engine/network/graph.ts'
import { PositionsByEdge, positionsAtNodes } from '../../../../server/engine/network/positions.ts'
import { improvedPositions, reachPositions } from '../../../../server/engine/network/reach.ts'
import { addSources, keepLabels, NetworkSearch } from '../../../../server/engine/network/search.ts'
import { aTown, type Edge, graphOf, labelsOf, positionsOf, rowsOf, searchNaively, sourcesOf, type Town } from './networks.ts'

const path = (...lengths: number[]): Edge[] => lengths.map((length, index) => ({ from: index, to: index + 1, forward: length, backward: length }))

function answer(town: Town, turnNodes?: number) {
  const graph = graphOf(town)
  const reach = new NetworkSearch(graph, turnNodes).run(sourcesOf(town.sources), town.limit)
  return { nodes: labelsOf(graph, reach), homes: rowsOf(reachPositions(reach, positionsOf(town.homes))) }
}

describe('a search from many gates', () => {
  test('is worked by hand on a street of three blocks', () => {
    // 0 --100-- 1 --50-- 2 --200-- 3, a gate 30 m into the first block and one at the far end.
    const town = { nodeCount: 4, edges: path(100, 50, 200), sources: [{ edge: 0, fraction: 0.3, owner: 7 }, { edge: 2, fraction: 1, owner: 2 }], homes: [{ edge: 0, fraction: 0.25 }, { edge: 2, fraction: 0.4 }, { edge: 2, fraction: 0.6 }], limit: 150 }
    expect(answer(town)).toEqual({
      nodes: [{ distance: 30, owner: 7 }, { distance: 70, owner: 7 }, { distance: 120, owner: 7 }, { distance: 0, owner: 2 }],
      // The second is 120 from the far end and 200 from the first gate; the third stands 80 off.
      homes: [{ distance: 5, owner: 7 }, { distance: 120, owner: 2 }, { distance: 80, owner: 2 }],
    })
    expect(answer({ ...town, limit: 119 }).homes[1]).toEqual({ distance: Infinity, owner: -1 })
    expect(answer({ ...town, limit: 120 }).homes[1]).toEqual({ distance: 120, owner: 2 })
  })

  test('a home beside a gate is no way off, whatever the length of their street', () => {
    fc.assert(
      fc.property(aTown(false), fc.double({ min: 0, max: 0.001, noNaN: true }), (town, beside) => {
        const [gate] = town.sources
        const home = { edge: gate!.edge, fraction: Math.min(1, gate!.fraction + beside) }
        const [label] = answer({ ...town, homes: [home], limit: Infinity }).homes
        expect(label!.distance).toBeLessThanOrEqual(town.edges[gate!.edge]!.forward * 0.001 + 1e-6)
        expect(answer({ ...town, homes: [gate!], limit: 0 }).homes[0]!.distance).toBe(0)
      }),
    )
  })

  test.each([false, true])('agrees with Bellman and Ford over every split street, distances and owners, to the last digit (one-way streets: %s)', (isDirected) => {
    fc.assert(
      fc.property(aTown(isDirected), (town) => {
        expect(answer(town)).toEqual(searchNaively(town))
        // Each gate in a turn of its own.
        expect(answer(town, 1)).toEqual(searchNaively(town))
      }),
      { numRuns: 1500 },
    )
  })

  test('keeps its order over thousands of streets of a millimetre to ten kilometres', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })), fc.constantFrom(Infinity, 900, 20), (dice, limit) => {
        const next = () => dice.next().value as number
        const nodeCount = 400
        const edges = Array.from({ length: 1600 }, () => {
          const length = 10 ** (next() * 7 - 3)
          return { from: Math.floor(next() * nodeCount), to: Math.floor(next() * nodeCount), forward: length, backward: length }
        })
        const graph = graphOf({ nodeCount, edges })
        const sources = [0, 1, 2].map((owner) => ({ edge: Math.floor(next() * edges.length), fraction: next(), owner }))
        const reach = new NetworkSearch(graph).run(sourcesOf(sources), limit)
        // No street offers less than what its ends have, and every label but a source's own comes over a street.
        for (let edge = 0; edge < edges.length; edge += 1) {
          const [first, last, cost] = [reach.distance[graph.edgeFrom[edge]!]!, reach.distance[graph.edgeTo[edge]!]!, graph.costForward[edge]!]
          if (first + cost <= limit) expect(last).toBeLessThanOrEqual(first + cost)
          if (last + cost <= limit) expect(first).toBeLessThanOrEqual(last + cost)
        }
        const starts = new Set(sources.flatMap(({ edge }) => [graph.edgeFrom[edge]!, graph.edgeTo[edge]!]))
        for (const node of reach.touched) {
          if (starts.has(node)) continue
          const offers = Array.from(graph.arcEdge.subarray(graph.arcStart[node], graph.arcStart[node + 1]), (edge) => reach.distance[graph.edgeFrom[edge] === node ? graph.edgeTo[edge]! : graph.edgeFrom[edge]!]! + graph.costForward[edge]!)
          expect(Math.min(...offers)).toBe(reach.distance[node])
        }
      }),
      { numRuns: 20 },
    )
  })

  test('leaves nothing behind for the next search of the same searcher', () => {
    fc.assert(
      fc.property(aTown(true), fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 4 }), (town, limits) => {
        const graph = graphOf(town)
        const search = new NetworkSearch(graph)
        for (const limit of limits) {
          search.distanceBetween(positionsOf(town.homes.slice(0, 1)), positionsOf(town.sources.slice(0, 1)))
          expect(labelsOf(graph, search.run(sourcesOf(town.sources), limit))).toEqual(answer({ ...town, limit }).nodes)
        }
      }),
    )
  })

  test('does not depend on the order of edges, gates and nodes, nor on which end of an edge is the first', () => {
    fc.assert(
      fc.property(aTown(true), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (town, dice) => {
        const shuffled = (count: number) => {
          const keys = Array.from({ length: count }, () => dice.next().value as number)
          return Array.from({ length: count }, (_value, index) => index).sort((a, b) => keys[a]! - keys[b]! || a - b)
        }
        const [nodeAt, edgeAt, sourceAt] = [shuffled(town.nodeCount), shuffled(town.edges.length), shuffled(town.sources.length)]
        const turn = town.edges.map(() => (dice.next().value as number) < 0.5)
        const placed = <P extends { edge: number; fraction: number }>(place: P): P => ({ ...place, edge: edgeAt.indexOf(place.edge), fraction: turn[place.edge] ? 1 - place.fraction : place.fraction })
        // Turning an edge round is exact only where the fraction is; halves and ends are.
        const fair = { ...town, sources: town.sources.map((place) => ({ ...place, fraction: Math.round(place.fraction * 2) / 2 })), homes: town.homes.map((place) => ({ ...place, fraction: Math.round(place.fraction * 2) / 2 })), edges: town.edges.map((edge) => ({ ...edge, forward: Math.round(edge.forward * 10), backward: Math.round(edge.backward * 10) })) }
        const other: Town = {
          ...fair,
          edges: edgeAt.map((edge) => {
            const { from, to, forward, backward } = fair.edges[edge]!
            const [a, b] = [nodeAt[from]!, nodeAt[to]!]
            return turn[edge] ? { from: b, to: a, forward: backward, backward: forward } : { from: a, to: b, forward, backward }
          }),
          sources: sourceAt.map((source) => placed(fair.sources[source]!)),
          homes: fair.homes.map(placed),
        }
        const [one, two] = [answer(fair), answer(other)]
        expect(two.homes).toEqual(one.homes)
        expect(nodeAt.map((node) => two.nodes[node])).toEqual(one.nodes)
      }),
      { numRuns: 500 },
    )
  })

  test('does not depend on how streets are cut into pieces', () => {
    fc.assert(
      fc.property(aTown(false), fc.nat(), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (town, which, at) => {
        const cut = which % town.edges.length
        const { to, forward } = town.edges[cut]!
        const pieces = [...town.edges.map((edge, index) => (index === cut ? { ...edge, to: town.nodeCount, forward: forward * at, backward: forward * at } : edge)), { from: town.nodeCount, to, forward: forward * (1 - at), backward: forward * (1 - at) }]
        const placed = <P extends { edge: number; fraction: number }>(place: P): P => {
          if (place.edge !== cut) return place
          return place.fraction <= at ? { ...place, fraction: place.fraction / at } : { ...place, edge: town.edges.length, fraction: (place.fraction - at) / (1 - at) }
        }
        const whole = answer({ ...town, limit: Infinity })
        const cutUp = answer({ nodeCount: town.nodeCount + 1, edges: pieces, sources: town.sources.map(placed), homes: town.homes.map(placed), limit: Infinity })
        const same = (a: number, b: number) => (a === Infinity ? expect(b).toBe(Infinity) : expect(b).toBeCloseTo(a, 6))
        whole.homes.forEach(({ distance }, home) => same(distance, cutUp.homes[home]!.distance))
        whole.nodes.forEach(({ distance }, node) => same(distance, cutUp.nodes[node]!.distance))
      }),
      { numRuns: 500 },
    )
  })

  test('one more street or gate never takes anybody further away', () => {
    fc.assert(
      fc.property(aTown(true), fc.nat(8), fc.nat(8), fc.double({ min: 0, max: 8, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (town, a, b, cost, fraction) => {
        const before = answer(town)
        const street = answer({ ...town, edges: [...town.edges, { from: a % town.nodeCount, to: b % town.nodeCount, forward: cost, backward: cost }] })
        const gate = answer({ ...town, sources: [...town.sources, { edge: a % town.edges.length, fraction, owner: 1 }] })
        for (const after of [street, gate]) {
          before.nodes.forEach(({ distance }, node) => expect(after.nodes[node]!.distance).toBeLessThanOrEqual(distance))
          before.homes.forEach(({ distance }, home) => expect(after.homes[home]!.distance).toBeLessThanOrEqual(distance))
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('gates added one by one', () => {
  test('end at the labels of one search from all of them, homes too, to the last digit', () => {
    fc.assert(
      fc.property(aTown(true), (town) => {
        const graph = graphOf(town)
        const search = new NetworkSearch(graph)
        const homes = positionsOf(town.homes)
        const homesByEdge = new PositionsByEdge(homes, edgeCountOf(graph))
        const first = search.run(sourcesOf(town.sources.slice(0, 1)), town.limit)
        const labels = keepLabels(first)
        const atHomes = reachPositions(first, homes)
        for (const source of town.sources.slice(1)) {
          const gate = sourcesOf([source])
          const improved = improvedPositions(search.run(gate, town.limit, labels), homesByEdge, atHomes)
          improved.position.forEach((home, row) => {
            atHomes.distance[home] = improved.distance[row]!
            atHomes.owner[home] = improved.owner[row]!
          })
          addSources(search, labels, gate, town.limit)
        }
        const whole = answer(town)
        expect(labelsOf(graph, labels)).toEqual(whole.nodes)
        expect(rowsOf(atHomes)).toEqual(whole.homes)
      }),
      { numRuns: 1500 },
    )
  })

  test('look only at what they improve', () => {
    const edges = path(...Array.from({ length: 1000 }, () => 10))
    const graph = graphOf({ nodeCount: 1001, edges })
    const search = new NetworkSearch(graph)
    const labels = keepLabels(search.run(sourcesOf([{ edge: 0, fraction: 0, owner: 0 }]), Infinity))
    // Half-way between the old gate and itself the new one ends: 50 nodes on this side, 21 within 200 on the other.
    expect(search.run(sourcesOf([{ edge: 100, fraction: 0, owner: 1 }]), 200, labels).touched).toHaveLength(41)
  })
})

describe('from point to point', () => {
  test('is the label of a search from the one at the other, and as far as back for walkers', () => {
    fc.assert(
      fc.property(aTown(true), aTown(false), (directed, walked) => {
        const search = new NetworkSearch(graphOf(directed))
        const [gate, home] = [positionsOf(directed.sources.slice(0, 1)), positionsOf(directed.homes.slice(0, 1))]
        const there = search.distanceBetween(gate, home, directed.limit)
        expect(there).toBe(answer({ ...directed, sources: directed.sources.slice(0, 1) }).homes[0]!.distance)
        expect(new NetworkSearch(reverseGraph(graphOf(directed))).distanceBetween(home, gate, directed.limit)).toBe(there)
        const walkers = new NetworkSearch(graphOf(walked))
        const [a, b] = [positionsOf(walked.sources.slice(0, 1)), positionsOf(walked.homes.slice(0, 1))]
        expect(walkers.distanceBetween(a, b)).toBe(walkers.distanceBetween(b, a))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('positions', () => {
  test('at a node lie at its end of an edge, even where no way leads out of it', () => {
    const graph = graphOf({ nodeCount: 3, edges: [{ from: 0, to: 1, forward: 5, backward: Infinity }] })
    const end = positionsAtNodes(graph, [graph.nodeOfInput[1]!])
    const reach = new NetworkSearch(graph).run({ ...end, owner: Uint32Array.of(0) }, Infinity)
    expect(labelsOf(graph, reach).map(({ distance }) => distance)).toEqual([Infinity, 0, Infinity])
    expect(() => positionsAtNodes(graph, [graph.nodeOfInput[2]!])).toThrow('no edge ends at node')
    expect(() => positionsAtNodes(graph, [3])).toThrow('there is no node 3')
  })

  test('off the network are refused', () => {
    expect(() => new PositionsByEdge(positionsOf([{ edge: 1, fraction: 0 }]), 1)).toThrow('lies on edge 1, which is not there')
    expect(() => new PositionsByEdge(positionsOf([{ edge: 0, fraction: 1.5 }]), 1)).toThrow('0 to 1 is due')
    expect(() => new PositionsByEdge(positionsOf([{ edge: 0, fraction: Number.NaN }]), 1)).toThrow('0 to 1 is due')
  })
})
