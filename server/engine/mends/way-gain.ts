/** What a new way gains where it passes: found from its ends and from the gates on it, to the same homes as a whole run over the network with it. */
import type Flatbush from 'flatbush'
import type { Snap } from '../network/edge-index.ts'
import { costBetween, exactCost } from '../network/exact-cost.ts'
import { edgeCountOf } from '../network/graph.ts'
import { type NetworkSources, PositionsByEdge } from '../network/positions.ts'
import { improvedPositions, reachPositions } from '../network/reach.ts'
import type { NetworkSearch, NodeLabels } from '../network/search.ts'
import { lengthOf } from '../walking/edit-paths.ts'
import type { Placed, WalkingNetwork } from '../walking/walking-network.ts'
import type { MendGain } from './mend.ts'
import { boxAround, indexOfLine, isNearer } from './nearby.ts'

/** What rounding may put between a point and the line it was found on. */
const HAIR_METERS = 1e-6

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
    gates: { points: Float64Array; isPoint: Uint8Array }
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
  gateSnaps: readonly (Snap | undefined)[]
  /** Over what `input` holds at least one of. */
  homeIndex: () => Flatbush
  gateIndex: () => Flatbush
}

const NO_GATES: OpenedGates = { points: new Float64Array(0), radiusMeters: [] }

/** Cost from the nearest gate of a radius to the ends of a way, and the places of its gates on the way, as fractions of it. */
interface GroupBeside {
  radius: number
  atFrom: number
  atTo: number
  gates: number[]
}

/**
 * The gain of a way that joins the network where it passes, or ends in the open; found from where it takes hold.
 * @returns null where the whole ground has to be looked at: parts of the network change their standing, or a gate would stand on the way
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
  return holdsGate(ground, way) || isBesideAnother(ground, opened) ? null : gainAlong(ground, way, opened)
}

/** Cost from the nearest gate of a group to a place. */
function costAt({ network: { graph } }: WayGround, { radius, nodes, sources }: Group, place: NetworkPlace | null): number {
  if (!place) return Infinity
  const reach = { ...nodes, graph, sources, sourcesByEdge: () => new PositionsByEdge(sources, edgeCountOf(graph)), limit: radius, touched: new Uint32Array(0) }
  return reachPositions(reach, { edge: Uint32Array.of(place.edge), fraction: Float64Array.of(place.fraction) }).distance[0]!
}

/** A shortest way uses a new edge once at most: each side is searched from with what the other side has left. Homes nearest to the new edge move there. */
export function gainAlong(ground: WayGround, way: JoiningWay, opened?: OpenedGates): MendGain {
  const { homes, covered, search } = ground
  const [from, to] = way.ends
  const cost = exactCost(lengthOf(way.line))
  const moved = homesOn(ground, way)
  const served = new Set<number>()
  const groups = groupsBeside(ground, way, opened)
  const least = (costs: readonly number[], otherwise: number) => costs.reduce((a, b) => Math.min(a, b), otherwise)
  const sides = [
    { far: to, starts: groups.map(({ radius, atFrom, atTo, gates }) => ({ radius, start: least(gates.map((gate) => costBetween(cost, gate, 1)), atFrom + cost), before: atTo })) },
    { far: from, starts: groups.map(({ radius, atFrom, atTo, gates }) => ({ radius, start: least(gates.map((gate) => costBetween(cost, 0, gate)), atTo + cost), before: atFrom })) },
  ]
  for (const { far, starts: all } of sides) {
    const starts = all.filter(({ radius, start, before }) => start < before && start <= radius)
    if (!far || starts.length === 0) continue
    const limit = Math.max(...starts.map(({ radius, start }) => radius - start))
    const found = improvedPositions(search.run({ edge: Uint32Array.of(far.edge), fraction: Float64Array.of(far.fraction), owner: new Uint32Array(1) }, limit), ground.byEdge, ground.unreachedHomes)
    found.position.forEach((position, row) => {
      const home = homes.row[position]!
      if (!covered[home] && !moved.has(home) && starts.some(({ radius, start }) => start + found.distance[row]! + homes.snaps[home]!.distance <= radius)) served.add(home)
    })
  }
  const lost: number[] = []
  const ends = moved.size > 0 ? reachedAtEnds(search, way, groups, cost) : []
  for (const [home, snap] of moved) {
    const isServed = ends.some(({ radius, atFrom, atTo, gates }) => {
      const throughEnds = Math.min(Math.min(atFrom, atTo + cost) + costBetween(cost, 0, snap.fraction), Math.min(atTo, atFrom + cost) + costBetween(cost, snap.fraction, 1))
      const distance = least(gates.map((gate) => costBetween(cost, Math.min(gate, snap.fraction), Math.max(gate, snap.fraction))), throughEnds)
      return distance + snap.distance <= radius
    })
    if (isServed && !covered[home]) served.add(home)
    if (!isServed && covered[home]) lost.push(home)
  }
  return { served: [...served].sort((a, b) => a - b), lost: lost.sort((a, b) => a - b) }
}

/** Groups with what their gates on the way itself reach of its ends, around through the network as well. */
function reachedAtEnds(search: NetworkSearch, { ends: [from, to] }: JoiningWay, groups: readonly GroupBeside[], cost: number): readonly GroupBeside[] {
  if (groups.every(({ gates }) => gates.length === 0)) return groups
  const place = (at: NetworkPlace) => ({ edge: Uint32Array.of(at.edge), fraction: Float64Array.of(at.fraction) })
  const limit = Math.max(...groups.map(({ radius }) => radius))
  const between = (a: NetworkPlace | null, b: NetworkPlace | null) => (a && b ? search.distanceBetween(place(a), place(b), limit) : Infinity)
  const [onward, back] = [between(from, to), between(to, from)]
  return groups.map((group) => {
    let { atFrom, atTo } = group
    for (const gate of group.gates) {
      const [toFirst, toLast] = [costBetween(cost, 0, gate), costBetween(cost, gate, 1)]
      atFrom = Math.min(atFrom, toFirst, toLast + back)
      atTo = Math.min(atTo, toLast, toFirst + onward)
    }
    return { ...group, atFrom, atTo }
  })
}

/** Of each radius: the cost from the nearest gate to the ends of a way, and the places of gates on the way itself. */
function groupsBeside(ground: WayGround, { line, ends: [from, to] }: JoiningWay, opened?: OpenedGates): GroupBeside[] {
  const groups = ground.groups.map((group): GroupBeside => ({ radius: group.radius, atFrom: costAt(ground, group, from), atTo: costAt(ground, group, to), gates: [] }))
  if (!opened || opened.radiusMeters.length === 0) return groups
  const index = indexOfLine(line, true)
  opened.radiusMeters.forEach((radius, gate) => {
    let group = groups.find((one) => one.radius === radius)
    if (!group) groups.push((group = { radius, atFrom: Infinity, atTo: Infinity, gates: [] }))
    const snap = index.snap(opened.points[gate * 2]!, opened.points[gate * 2 + 1]!, ground.input.gateToleranceMeters)
    if (snap) group.gates.push(snap.fraction)
  })
  return groups
}

/** Whether an opened gate lies on another path as well, which it may then belong to. */
function isBesideAnother({ network }: WayGround, { points }: OpenedGates): boolean {
  return points.length > 0 && network.placeGates(points, { gateToleranceMeters: HAIR_METERS, pointToleranceMeters: HAIR_METERS }).row.length > 0
}

/** Homes to which the new edge is nearer than what they stand on. */
function homesOn({ network, homes, input, homeIndex }: WayGround, { line, ends }: JoiningWay): Map<number, Snap> {
  const { points, homeToleranceMeters: tolerance } = input
  if (points.length === 0) return new Map()
  const index = indexOfLine(line, ends.some((end) => end && network.isMainEdge[end.edge] === 1))
  const moved = new Map<number, Snap>()
  for (const home of homeIndex().search(...boxAround(line, tolerance))) {
    const snap = index.snap(points[home * 2]!, points[home * 2 + 1]!, tolerance)
    const stands = homes.snaps[home]
    if (!snap || (stands && !isNearer(snap, stands))) continue
    moved.set(home, snap)
  }
  return moved
}

/** Whether a gate would come in from the new way. */
function holdsGate({ input, gateSnaps, gateIndex }: WayGround, { line, isCrossing }: JoiningWay): boolean {
  const { gates: { points, isPoint }, gateToleranceMeters, pointToleranceMeters } = input
  if (isCrossing || points.length === 0) return false
  const index = indexOfLine(line, true)
  return gateIndex().search(...boxAround(line, Math.max(gateToleranceMeters, pointToleranceMeters))).some((gate) => {
    const snap = index.snap(points[gate * 2]!, points[gate * 2 + 1]!, isPoint[gate] === 1 ? pointToleranceMeters : gateToleranceMeters)
    const stands = gateSnaps[gate]
    return snap !== undefined && (!stands || isNearer(snap, stands))
  })
}
