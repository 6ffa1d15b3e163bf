/** Walking costs between homes and facilities: one bounded search per facility from its gates, told only of the homes beside what it reached. */
import { NetworkSearch } from '../network/search.ts'
import { nodeCountOf } from '../network/graph.ts'
import { reachPositions } from '../network/reach.ts'
import { type SparseCosts, sparseCostsFrom, TooManyPairsError } from '../sparse-costs.ts'
import type { Placed, PlacedGates, WalkingNetwork } from './walking-network.ts'

/** Homes by the nodes at the ends of their edges. */
function homesByNode({ graph }: WalkingNetwork, homes: Placed): { start: Uint32Array; home: Uint32Array } {
  const start = new Uint32Array(nodeCountOf(graph) + 1)
  const endsOf = (at: number) => [graph.edgeFrom[homes.edge[at]!]!, graph.edgeTo[homes.edge[at]!]!] as const
  for (let at = 0; at < homes.edge.length; at += 1) for (const node of endsOf(at)) start[node + 1]! += 1
  for (let node = 1; node < start.length; node += 1) start[node]! += start[node - 1]!
  const next = start.slice(0, -1)
  const home = new Uint32Array(homes.edge.length * 2)
  for (let at = 0; at < homes.edge.length; at += 1) for (const node of endsOf(at)) home[next[node]!++] = at
  return { start, home }
}

/**
 * Metres from each home (row) to each facility (column) within (≤) a distance: from the nearest of its gates, the way from the home to its path included.
 * @param homes,gates places on the network; homes that found none have no costs
 * @param facilityOfGate facility of each gate, placed or not
 * @throws TooManyPairsError where more than `maxPairs` pairs are within the distance
 */
export function walkingCosts(network: WalkingNetwork, homes: Placed, gates: PlacedGates, facilityOfGate: Uint32Array, facilityCount: number, within: number, maxPairs = Infinity): SparseCosts {
  const search = new NetworkSearch(network.graph)
  const { start, home } = homesByNode(network, homes)
  const gatesOf = Array.from({ length: facilityCount }, (): number[] => [])
  gates.row.forEach((gate, at) => gatesOf[facilityOfGate[gate]!]!.push(at))
  const seen = new Uint32Array(homes.edge.length)
  // Of each home, one more than the number of its latest pair.
  const pairOf = new Uint32Array(homes.snaps.length)
  const demands: number[] = []
  const supplies: number[] = []
  const costs: number[] = []
  gatesOf.forEach((own, facility) => {
    if (own.length === 0) return
    const reach = search.run({ edge: Uint32Array.from(own, (at) => gates.edge[at]!), fraction: Float64Array.from(own, (at) => gates.fraction[at]!), owner: new Uint32Array(own.length), start: Float64Array.from(own, (at) => gates.start[at]!) }, within)
    const near: number[] = []
    const before = costs.length
    const look = (node: number) => {
      for (let place = start[node]!; place < start[node + 1]!; place += 1) {
        const at = home[place]!
        if (seen[at] === facility + 1) continue
        seen[at] = facility + 1
        near.push(at)
      }
    }
    for (const node of reach.touched) look(node)
    // A home and a gate on one long edge may be near each other though no end of it is.
    for (const at of own) {
      look(network.graph.edgeFrom[gates.edge[at]!]!)
      look(network.graph.edgeTo[gates.edge[at]!]!)
    }
    const { distance } = reachPositions(reach, { edge: Uint32Array.from(near, (at) => homes.edge[at]!), fraction: Float64Array.from(near, (at) => homes.fraction[at]!) })
    near.forEach((at, index) => {
      const row = homes.row[at]!
      const walked = distance[index]! + homes.way[at]!
      if (walked > within) return
      const pair = pairOf[row]! - 1
      if (pair >= before) {
        costs[pair] = Math.min(costs[pair]!, walked)
        return
      }
      pairOf[row] = costs.length + 1
      demands.push(row)
      supplies.push(facility)
      costs.push(walked)
    })
    if (demands.length > maxPairs) throw new TooManyPairsError(`more than ${maxPairs} pairs of demand and supply are within ${within} m`)
  })
  return sparseCostsFrom(homes.snaps.length, facilityCount, demands, supplies, costs).costs
}
