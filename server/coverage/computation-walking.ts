/** The walking ruler's pure part: homes, gates and paths in, walked distances and sums out. Runs in the computation thread. */
import { computeMembership } from '../engine/membership.ts'
import { bytesOfGraph, nodeCountOf } from '../engine/network/graph.ts'
import { reachedPortions } from '../engine/network/reach.ts'
import { NetworkSearch } from '../engine/network/search.ts'
import { packWkb } from '../engine/packed-geometry.ts'
import { footingOf, type GatesInput, gateSources, type PathsInput, WalkingNetwork, walksOf } from '../engine/walking/walking-network.ts'
import { type PointsInput, sumByUnits, type WeightSums } from './unit-sums.ts'

export interface WalkersInput extends PointsInput {
  paths: PathsInput
  gates: GatesInput
  homeToleranceMeters: number
  gateToleranceMeters: number
  pointToleranceMeters: number
  scrapShare: number
  farLimitMeters: number
}

export interface WalkersOutput {
  covered: Uint8Array
  counted: Uint8Array
  sums: WeightSums[]
  /** Of each weight: total of counted points that the straight line serves, and that it alone serves. */
  straight: { covered: number; only: number }[]
  straightCovered: Uint8Array
  straightNearest: Int32Array
  straightMeters: Float64Array
  /** To the nearest counted facility over the network, the way from the home to its path included; Infinity beyond the far limit and off the network. */
  walkedMeters: Float64Array
  walkedFacility: Int32Array
  /** 0 on the network, 1 on a scrap of it, 2 off it. */
  footing: Uint8Array
  /** 1 for gates that lie beside a path. */
  isPlaced: Uint8Array
  /** How each facility is entered, one of `ENTRY`. */
  entries: Uint8Array
  reached: { edge: Uint32Array; from: Float64Array; to: Float64Array }
  network: { nodes: number; edges: number; components: number; mainShare: number; bytes: number }
}

/** Joins the parts of edges that several searches reached. */
function joinPortions(portions: readonly { edge: Uint32Array; from: Float64Array; to: Float64Array }[]): WalkersOutput['reached'] {
  const rows = portions.flatMap(({ edge, from, to }) => [...edge].map((one, at) => ({ edge: one, from: from[at]!, to: to[at]! }))).sort((a, b) => a.edge - b.edge || a.from - b.from)
  const joined: typeof rows = []
  for (const row of rows) {
    const last = joined.at(-1)
    if (last && last.edge === row.edge && row.from <= last.to) last.to = Math.max(last.to, row.to)
    else if (row.to > row.from) joined.push({ ...row })
  }
  return { edge: Uint32Array.from(joined, (row) => row.edge), from: Float64Array.from(joined, (row) => row.from), to: Float64Array.from(joined, (row) => row.to) }
}

/** Membership of homes by the walk from the nearest gate, its sums by unit, and what the straight line says of the same homes. */
export function attributeWalkers(input: WalkersInput): WalkersOutput {
  const { gates, points } = input
  const network = new WalkingNetwork(input.paths, input.scrapShare)
  const { graph } = network
  const homes = network.placeHomes(points, input.homeToleranceMeters)
  const entered = network.placeGates(gates.points, input, gates.isPoint)
  const search = new NetworkSearch(graph)

  const count = points.length / 2
  const walkTo = (takes: (facility: number) => boolean, limit: number) => {
    const reach = search.run(gateSources(entered, gates.facility, takes), limit)
    return { ...walksOf(reach, homes, limit), portions: () => reachedPortions(reach, limit) }
  }
  const asked = input.scenarios[0]!
  const portions: ReturnType<typeof reachedPortions>[] = []
  // Facilities of one radius are searched from together.
  const coveredIn = input.scenarios.map((radii, scenario) => {
    const covered = new Uint8Array(count)
    for (const radius of new Set(radii)) {
      if (Number.isNaN(radius)) continue
      const walk = walkTo((facility) => radii[facility] === radius, radius)
      walk.owner.forEach((owner, point) => owner >= 0 && (covered[point] = 1))
      if (scenario === 0) portions.push(walk.portions())
    }
    return covered
  })
  const far = walkTo((facility) => !Number.isNaN(asked[facility]!), input.farLimitMeters)
  const straight = computeMembership(points, packWkb(input.facilities), asked)
  const { counted, sums } = sumByUnits(input, coveredIn)
  return {
    covered: coveredIn[0]!,
    counted,
    sums,
    straight: input.weights.map((weights) => {
      const of = { covered: 0, only: 0 }
      for (let point = 0; point < count; point += 1) {
        if (!counted[point] || !straight.covered[point]) continue
        of.covered += weights[point]!
        if (!coveredIn[0]![point]) of.only += weights[point]!
      }
      return of
    }),
    straightCovered: straight.covered,
    straightNearest: straight.nearest,
    straightMeters: straight.distance,
    walkedMeters: far.meters,
    walkedFacility: far.owner,
    footing: footingOf(homes),
    isPlaced: Uint8Array.from(entered.snaps, (snap) => (snap && !snap.isScrap ? 1 : 0)),
    entries: network.entriesOf(entered, gates.facility, input.facilities.length),
    reached: joinPortions(portions),
    network: { nodes: nodeCountOf(graph), edges: graph.edgeFrom.length, components: graph.componentSize.length, mainShare: network.mainShare, bytes: bytesOfGraph(graph) + search.bytes },
  }
}

