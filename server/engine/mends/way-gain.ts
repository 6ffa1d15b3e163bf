/** What a new way gains where it passes: found from its ends and from the gates on it, to the same homes as a whole run over the network with it. */
import type Flatbush from 'flatbush'
import type { Snap } from '../network/edge-index.ts'
import { costBetween, exactCost } from '../network/exact-cost.ts'
import { edgeCountOf } from '../network/graph.ts'
import { type NetworkPositions, type NetworkSources, PositionsByEdge } from '../network/positions.ts'
import { improvedPositions, reachPositions } from '../network/reach.ts'
import type { NetworkSearch, NodeLabels } from '../network/search.ts'
import { lengthOf } from '../walking/edit-paths.ts'
import type { Placed, WalkingNetwork } from '../walking/walking-network.ts'
import type { MendGain } from './mend.ts'
import { boxAround, indexOfLine } from './nearby.ts'

/** A way that joins the network at places on its edges, or ends in the open. */
export interface JoiningWay {
  /** x, y interleaved, from joint to joint. */
  line: readonly number[]
  isCrossing: boolean
  ends: readonly [NetworkPlace | null, NetworkPlace | null]
}

/** Gates that a way opens where it crosses the boundaries of facilities. */
export interface OpenedGates {
  /** x, y interleaved, on the way. */
  points: Float64Array
  radiusMeters: readonly number[]
}

export interface NetworkPlace {
  edge: number
  fraction: number
}

/** Facilities of one radius, searched from together. */
export interface Group {
  radius: number
  sources: NetworkSources
  nodes: NodeLabels
  /** Labels of the homes' places. */
  homes: NodeLabels
}

/** The ground that a way is looked at over. */
export interface WayGround {
  input: {
    points: Float64Array
    gates: { points: Float64Array; radiusMeters: Float64Array; isPoint: Uint8Array }
    homeToleranceMeters: number
    gateToleranceMeters: number
    pointToleranceMeters: number
    scrapShare: number
  }
  network: WalkingNetwork
  search: NetworkSearch
  homes: Placed
  byEdge: PositionsByEdge
  covered: Uint8Array
  groups: readonly Group[]
  /** Labels of homes that nothing reaches. */
  unreachedHomes: NodeLabels
  /** Over what `input` holds at least one of. */
  homeIndex: () => Flatbush
  gateIndex: () => Flatbush
}

const NO_GATES: OpenedGates = { points: new Float64Array(0), radiusMeters: [] }

/** Cost from the nearest gate of a radius to the ends of a way, and its gates on the way. */
interface GroupBeside {
  radius: number
  atFrom: number
  atTo: number
  gates: { fraction: number; /** Way to a facility that is a point itself. */ start: number }[]
}

/**
 * The gain of a way that joins the network where it passes, or ends in the open; found from where it takes hold.
 * @returns null where the whole ground has to be looked at: parts of the network change their standing
 */
export function gainOfWay(ground: WayGround, way: JoiningWay, opened: OpenedGates = NO_GATES): MendGain | null {
  const nothing: MendGain = { served: [], lost: [] }
  const { component, componentSize } = ground.network.graph
  const joined = way.ends.flatMap((end) => (end ? [component[ground.network.graph.edgeFrom[end.edge]!]!] : []))
  const ends = way.ends.map((end) => end && !(end.fraction === 0 || end.fraction === 1))
  // Ends in the open and cuts are nodes of their own; a share of the nodes says what is a scrap.
  const grown = way.ends.filter((end, at) => end === null || ends[at]).length
  const isMain = (size: number, largest: number) => size >= largest * ground.input.scrapShare
  const largest = componentSize[0] ?? 0
  const [first, last] = [joined[0], joined.at(-1)]
  if (first === undefined) return isMain(2, Math.max(2, largest)) || opened.radiusMeters.length > 0 ? null : nothing
  if (first !== last) return null
  const size = componentSize[first]!
  const largestAfter = Math.max(largest, size + grown)
  if (componentSize.some((of, part) => isMain(of, largest) !== isMain(part === first ? of + grown : of, largestAfter))) return null
  if (!isMain(size, largest)) return opened.radiusMeters.length > 0 ? null : nothing
  return gainAlong(ground, way, opened)
}

/** Cost from the nearest gate of a group to a place. */
function costAt({ network: { graph } }: WayGround, { radius, nodes, sources }: Group, place: NetworkPlace | null): number {
  if (!place) return Infinity
  const reach = { ...nodes, graph, sources, sourcesByEdge: () => new PositionsByEdge(sources, edgeCountOf(graph)), limit: radius, touched: new Uint32Array(0) }
  return reachPositions(reach, positionsOf([place])).distance[0]!
}

/**
 * A shortest way uses a new edge once at most: each side is searched from with what the other side has left.
 * Homes and gates beside the new edge have a place on it, and keep those that they had: nobody loses.
 */
export function gainAlong(ground: WayGround, way: JoiningWay, opened: OpenedGates = NO_GATES): MendGain {
  const { homes, covered, search, unreachedHomes } = ground
  const [from, to] = way.ends
  const cost = exactCost(lengthOf(way.line))
  const { groups, served } = groupsBeside(ground, way, opened)
  const sides = [
    { far: to, starts: groups.map(({ radius, atFrom, atTo, gates }) => ({ radius, start: least(gates.map(({ fraction, start }) => start + costBetween(cost, fraction, 1)), atFrom + cost), before: atTo })) },
    { far: from, starts: groups.map(({ radius, atFrom, atTo, gates }) => ({ radius, start: least(gates.map(({ fraction, start }) => start + costBetween(cost, 0, fraction)), atTo + cost), before: atFrom })) },
  ]
  for (const { far, starts: all } of sides) {
    const starts = all.filter(({ radius, start, before }) => start < before && start <= radius)
    if (!far || starts.length === 0) continue
    const limit = Math.max(...starts.map(({ radius, start }) => radius - start))
    const found = improvedPositions(search.run({ edge: Uint32Array.of(far.edge), fraction: Float64Array.of(far.fraction), owner: new Uint32Array(1) }, limit), ground.byEdge, unreachedHomes)
    found.position.forEach((position, row) => {
      const home = homes.row[position]!
      if (!covered[home] && starts.some(({ radius, start }) => start + found.distance[row]! + homes.way[position]! <= radius)) served.add(home)
    })
  }
  const onWay = homesOn(ground, way)
  const ends = onWay.size > 0 ? reachedAtEnds(search, way, groups, cost) : []
  for (const [home, snap] of onWay) {
    if (covered[home]) continue
    const isServed = ends.some(({ radius, atFrom, atTo, gates }) => {
      const throughEnds = Math.min(Math.min(atFrom, atTo + cost) + costBetween(cost, 0, snap.fraction), Math.min(atTo, atFrom + cost) + costBetween(cost, snap.fraction, 1))
      const distance = least(gates.map(({ fraction, start }) => start + costBetween(cost, Math.min(fraction, snap.fraction), Math.max(fraction, snap.fraction))), throughEnds)
      return distance + snap.distance <= radius
    })
    if (isServed) served.add(home)
  }
  return { served: [...served].sort((a, b) => a - b), lost: [] }
}

function least(costs: readonly number[], otherwise: number): number {
  return costs.reduce((a, b) => Math.min(a, b), otherwise)
}

/** Groups with what their gates on the way itself reach of its ends, around through the network as well. */
function reachedAtEnds(search: NetworkSearch, { ends: [from, to] }: JoiningWay, groups: readonly GroupBeside[], cost: number): readonly GroupBeside[] {
  if (groups.every(({ gates }) => gates.length === 0)) return groups
  const limit = Math.max(...groups.map(({ radius }) => radius))
  const between = (a: NetworkPlace | null, b: NetworkPlace | null) => (a && b ? search.distanceBetween(positionsOf([a]), positionsOf([b]), limit) : Infinity)
  const [onward, back] = [between(from, to), between(to, from)]
  return groups.map((group) => {
    let { atFrom, atTo } = group
    for (const { fraction, start } of group.gates) {
      const [toFirst, toLast] = [start + costBetween(cost, 0, fraction), start + costBetween(cost, fraction, 1)]
      atFrom = Math.min(atFrom, toFirst, toLast + back)
      atTo = Math.min(atTo, toLast, toFirst + onward)
    }
    return { ...group, atFrom, atTo }
  })
}

/** Of each radius: the cost from the nearest gate to the ends of a way, and the gates on the way itself; and homes that opened gates serve over paths that were there before. */
function groupsBeside(ground: WayGround, way: JoiningWay, opened: OpenedGates): { groups: GroupBeside[]; served: Set<number> } {
  const { network, search, homes, byEdge, covered, unreachedHomes, input } = ground
  const [from, to] = way.ends
  const groups = ground.groups.map((group): GroupBeside => ({ radius: group.radius, atFrom: costAt(ground, group, from), atTo: costAt(ground, group, to), gates: [] }))
  const groupOf = (radius: number) => {
    let group = groups.find((one) => one.radius === radius)
    if (!group) groups.push((group = { radius, atFrom: Infinity, atTo: Infinity, gates: [] }))
    return group
  }
  const served = new Set<number>()
  const placed = network.placeGates(opened.points, input)
  for (const radius of new Set(opened.radiusMeters)) {
    const own = placed.row.flatMap((gate, at) => (opened.radiusMeters[gate] === radius ? [at] : []))
    if (own.length === 0) continue
    const reach = search.run({ edge: Uint32Array.from(own, (at) => placed.edge[at]!), fraction: Float64Array.from(own, (at) => placed.fraction[at]!), owner: new Uint32Array(own.length) }, radius)
    const group = groupOf(radius)
    if (from) group.atFrom = Math.min(group.atFrom, reachPositions(reach, positionsOf([from])).distance[0]!)
    if (to) group.atTo = Math.min(group.atTo, reachPositions(reach, positionsOf([to])).distance[0]!)
    const { position, distance } = improvedPositions(reach, byEdge, unreachedHomes)
    position.forEach((at, row) => {
      if (!covered[homes.row[at]!] && distance[row]! + homes.way[at]! <= radius) served.add(homes.row[at]!)
    })
  }
  for (const { radius, ...gate } of gatesOn(ground, way, opened)) groupOf(radius).gates.push(gate)
  return { groups, served }
}

function positionsOf(places: readonly NetworkPlace[]): NetworkPositions {
  return { edge: Uint32Array.from(places, ({ edge }) => edge), fraction: Float64Array.from(places, ({ fraction }) => fraction) }
}

/** Gates beside a way, and those that it opens: where on it they lie, and the way to a facility that is a point itself. Nobody steps off a crossing. */
function gatesOn({ input, gateIndex }: WayGround, { line, isCrossing }: JoiningWay, opened: OpenedGates): { radius: number; fraction: number; start: number }[] {
  const { gates: { points, isPoint, radiusMeters }, gateToleranceMeters, pointToleranceMeters } = input
  if (isCrossing) return []
  const index = indexOfLine(line, true)
  const on = (x: number, y: number, radius: number, isPointItself: boolean) => {
    const snap = index.snap(x, y, isPointItself ? pointToleranceMeters : gateToleranceMeters)
    return snap ? [{ radius, fraction: snap.fraction, start: isPointItself ? exactCost(snap.distance) : 0 }] : []
  }
  const near = points.length > 0 ? gateIndex().search(...boxAround(line, Math.max(gateToleranceMeters, pointToleranceMeters))) : []
  return [
    ...near.flatMap((gate) => (Number.isNaN(radiusMeters[gate]) ? [] : on(points[gate * 2]!, points[gate * 2 + 1]!, radiusMeters[gate]!, isPoint[gate] === 1))),
    ...opened.radiusMeters.flatMap((radius, gate) => on(opened.points[gate * 2]!, opened.points[gate * 2 + 1]!, radius, false)),
  ]
}

/** Homes beside a way, and where on it. */
function homesOn({ input, homeIndex }: WayGround, { line }: JoiningWay): Map<number, Snap> {
  const { points, homeToleranceMeters: tolerance } = input
  if (points.length === 0) return new Map()
  const index = indexOfLine(line, true)
  return new Map(homeIndex().search(...boxAround(line, tolerance)).flatMap((home): [number, Snap][] => {
    const snap = index.snap(points[home * 2]!, points[home * 2 + 1]!, tolerance)
    return snap ? [[home, snap]] : []
  }))
}
