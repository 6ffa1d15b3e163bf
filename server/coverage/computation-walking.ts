/** The walking ruler's pure part: homes, gates and paths in, walked distances and sums out. Runs in the computation thread. */
import { computeMembership, locatePoints } from '../engine/membership.ts'
import { mainComponents } from '../engine/network/components.ts'
import { EdgeIndex, type Snap } from '../engine/network/edge-index.ts'
import { buildGraph, bytesOfGraph, nodeCountOf, type NetworkGraph } from '../engine/network/graph.ts'
import { reachedPortions, reachPositions } from '../engine/network/reach.ts'
import { NetworkSearch } from '../engine/network/search.ts'
import { packWkb } from '../engine/packed-geometry.ts'
import { type PointsInput, sumByUnits, type WeightSums } from './unit-sums.ts'

export interface PathsInput {
  /** Numbers of the nodes at the ends of each path, 0 to nodeCount − 1. */
  from: Uint32Array
  to: Uint32Array
  nodeCount: number
  lengthMeters: Float64Array
  /** Courses in the plane, one line each. */
  courses: Uint8Array[]
  /** 1 where nobody can step off. */
  isBridge: Uint8Array
}

export interface WalkersInput extends PointsInput {
  paths: PathsInput
  /** x, y interleaved, and the facility of each. */
  gates: { points: Float64Array; facility: Uint32Array }
  homeToleranceMeters: number
  gateToleranceMeters: number
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
  reached: { edge: Uint32Array; from: Float64Array; to: Float64Array }
  network: { nodes: number; edges: number; components: number; mainShare: number; bytes: number }
}

export const FOOTING = { network: 0, scrap: 1, none: 2 } as const

/** Positions of points on the network; points that found no place are left out, `row` says which stayed. */
interface Placed {
  row: number[]
  edge: Uint32Array
  fraction: Float64Array
  snaps: (Snap | undefined)[]
}

function place(index: EdgeIndex, points: Float64Array, toleranceMeters: number, takes: (snap: Snap) => boolean): Placed {
  const snaps = Array.from({ length: points.length / 2 }, (_value, point) => index.snap(points[point * 2]!, points[point * 2 + 1]!, toleranceMeters))
  const row = snaps.flatMap((snap, point) => (snap && takes(snap) ? [point] : []))
  return { row, edge: Uint32Array.from(row, (point) => snaps[point]!.edge), fraction: Float64Array.from(row, (point) => snaps[point]!.fraction), snaps }
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

function mainShareOf(graph: NetworkGraph): number {
  return nodeCountOf(graph) > 0 ? (graph.componentSize[0] ?? 0) / nodeCountOf(graph) : 0
}

/** Membership of homes by the walk from the nearest gate, its sums by unit, and what the straight line says of the same homes. */
export function attributeWalkers(input: WalkersInput): WalkersOutput {
  const { paths, gates, points } = input
  const graph = buildGraph({ nodeCount: paths.nodeCount, from: paths.from, to: paths.to, costForward: paths.lengthMeters })
  const packed = packWkb(paths.courses)
  const lines = { coordinates: packed.coordinates, vertexStart: packed.partStart }
  const isMain = mainComponents(graph, input.scrapShare)
  const isMainEdge = Uint8Array.from(graph.edgeFrom, (node) => isMain[graph.component[node]!]!)
  const homes = place(new EdgeIndex(lines, isMainEdge), points, input.homeToleranceMeters, () => true)
  // Whatever lies beside a bridge is no gate: what is not the network proper counts as a scrap here.
  const entered = place(new EdgeIndex(lines, isMainEdge.map((main, edge) => (main && !paths.isBridge[edge] ? 1 : 0))), gates.points, input.gateToleranceMeters, (snap) => !snap.isScrap)
  const search = new NetworkSearch(graph)

  const sourcesOf = (takes: (facility: number) => boolean) => {
    const kept = entered.row.flatMap((gate, at) => (takes(gates.facility[gate]!) ? [at] : []))
    return { edge: Uint32Array.from(kept, (at) => entered.edge[at]!), fraction: Float64Array.from(kept, (at) => entered.fraction[at]!), owner: Uint32Array.from(kept, (at) => gates.facility[entered.row[at]!]!) }
  }
  const count = points.length / 2
  const walkTo = (takes: (facility: number) => boolean, limit: number) => {
    const reach = search.run(sourcesOf(takes), limit)
    const labels = reachPositions(reach, homes)
    const meters = new Float64Array(count).fill(Infinity)
    const facility = new Int32Array(count).fill(-1)
    homes.row.forEach((point, at) => {
      const walked = labels.distance[at]! + homes.snaps[point]!.distance
      if (walked > limit) return
      meters[point] = walked
      facility[point] = labels.owner[at]!
    })
    return { meters, facility, portions: () => reachedPortions(reach, limit) }
  }
  const asked = input.scenarios[0]!
  const portions: ReturnType<typeof reachedPortions>[] = []
  // Facilities of one radius are searched from together.
  const coveredIn = input.scenarios.map((radii, scenario) => {
    const covered = new Uint8Array(count)
    for (const radius of new Set(radii)) {
      if (Number.isNaN(radius)) continue
      const walk = walkTo((facility) => radii[facility] === radius, radius)
      walk.facility.forEach((facility, point) => facility >= 0 && (covered[point] = 1))
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
    walkedFacility: far.facility,
    footing: Uint8Array.from(homes.snaps, (snap) => (snap ? (snap.isScrap ? FOOTING.scrap : FOOTING.network) : FOOTING.none)),
    isPlaced: Uint8Array.from(entered.snaps, (snap) => (snap && !snap.isScrap ? 1 : 0)),
    reached: joinPortions(portions),
    network: { nodes: nodeCountOf(graph), edges: graph.edgeFrom.length, components: graph.componentSize.length, mainShare: mainShareOf(graph), bytes: bytesOfGraph(graph) + search.bytes },
  }
}

export interface HomesInput {
  spots: Uint8Array[]
  /** x, y interleaved, metres, of homes that nothing serves. */
  points: Float64Array
  people: Float64Array
}

/** The home of each blind spot with the most people in it (the first of equals); -1 where none lies inside. */
export function findSpotHomes({ spots, points, people }: HomesInput): Int32Array {
  const owners = locatePoints(points, packWkb(spots))
  const homes = new Int32Array(spots.length).fill(-1)
  owners.forEach((spot, home) => {
    if (spot >= 0 && (homes[spot]! < 0 || people[home]! > people[homes[spot]!]!)) homes[spot] = home
  })
  return homes
}

/** Which points would be served by facilities that do not count, if they did. */
export function coverPoints(input: { points: Float64Array; facilities: Uint8Array[]; radii: Float64Array }): Uint8Array {
  return computeMembership(input.points, packWkb(input.facilities), input.radii).covered
}
