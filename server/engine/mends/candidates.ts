/** Where mends are looked for: candidates of each kind, in bounded number, those with the most unserved people about them first. */
import Flatbush from 'flatbush'
import { exactCost } from '../network/exact-cost.ts'
import { squaredDistanceToSegment } from '../distance.ts'
import { boundsOf, type PackedGeometries, PART, isPointLike } from '../packed-geometry.ts'
import type { GatesInput } from '../walking/walking-network.ts'
import type { MendEdit, WayEdit } from './mend.ts'
import { indexOfPoints } from './nearby.ts'
import type { WalkingMendGround } from './walking-ground.ts'

export interface CandidateSettings {
  /** Places on a boundary are tried so far apart. */
  gateSpacingMeters: number
  /** No gate is proposed nearer than this to one that is there. */
  gateLeastMeters: number
  crossingGreatestMeters: number
  /** The walk round is to be this many times the crossing at least. */
  crossingLeastRatio: number
  pathGreatestMeters: number
  /** Candidates of each kind that are computed; of ways that join what was apart, each of which takes a whole run. */
  most: number
  mostJoins: number
}

/** Why candidates were left out, and how many. */
export type LeftOut = Partial<Record<'near_gate' | 'no_path' | 'nobody_near' | 'short_way_round' | 'too_small' | 'over_limit', number>>

export interface Candidates {
  edits: MendEdit[]
  /** Places that were looked at. */
  found: number
  leftOut: LeftOut
}

/** Lengths of paths are measured on the ellipsoid, homes lie in a plane: what may be reached is looked for a little farther. */
const ALLOWANCE = 1.05

/** People who are not served, and where they live: how many there are about a place bounds what a mend there can gain. */
export class UnservedPeople {
  readonly #points: Float64Array
  readonly #weights: Float64Array
  readonly #index: Flatbush | undefined

  /** @param homes numbers of the unserved homes; weights of all homes */
  constructor(points: Float64Array, weights: Float64Array, homes: readonly number[]) {
    this.#points = Float64Array.from(homes.flatMap((home) => [points[home * 2]!, points[home * 2 + 1]!]))
    this.#weights = Float64Array.from(homes, (home) => weights[home]!)
    if (homes.length > 0) this.#index = indexOfPoints(this.#points)
  }

  /** Weight of the unserved homes within a radius, straight line. */
  within(x: number, y: number, radiusMeters: number): number {
    const reach = radiusMeters * ALLOWANCE
    let sum = 0
    for (const home of this.#index?.search(x - reach, y - reach, x + reach, y + reach) ?? []) {
      if (Math.hypot(this.#points[home * 2]! - x, this.#points[home * 2 + 1]! - y) <= reach) sum += this.#weights[home]!
    }
    return sum
  }
}

interface Ranked {
  edit: MendEdit
  about: number
}

function bounded(ranked: Ranked[], found: number, leftOut: LeftOut, most: number): Candidates {
  const peopled = ranked.filter(({ about }) => about > 0)
  if (peopled.length < ranked.length) leftOut.nobody_near = ranked.length - peopled.length
  // Sorting keeps the order of equals, so that the answer is the same every time.
  peopled.sort((a, b) => b.about - a.about)
  if (peopled.length > most) leftOut.over_limit = peopled.length - most
  return { edits: peopled.slice(0, most).map(({ edit }) => edit), found, leftOut }
}

/** Points of the boundary of a polygon, so many metres apart, corners not among them. */
function boundaryPoints(packed: PackedGeometries, geometry: number, spacingMeters: number): [number, number][] {
  const { coordinates, partStart, partKind, geometryStart } = packed
  const points: [number, number][] = []
  for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) {
    if (partKind[part]! < PART.outer) continue
    let left = spacingMeters / 2
    for (let vertex = partStart[part]!; vertex < partStart[part + 1]! - 1; vertex += 1) {
      const [ax, ay, bx, by] = [coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!, coordinates[vertex * 2 + 2]!, coordinates[vertex * 2 + 3]!]
      const length = Math.hypot(bx - ax, by - ay)
      let at = left
      for (; at < length; at += spacingMeters) points.push([ax + ((bx - ax) * at) / length, ay + ((by - ay) * at) / length])
      left = at - length
    }
  }
  return points
}

export interface GateSearch {
  facilities: PackedGeometries
  radii: Float64Array
  /** Gates there are. */
  gates: GatesInput
  /** 1 for facilities that are entered all along their boundary: a gate changes nothing there. */
  isOpenAllRound: Uint8Array
  gateToleranceMeters: number
  pointToleranceMeters: number
}

/** Places on the boundaries of facilities that count, beside a path, away from the gates that are there. */
export function gateCandidates(ground: WalkingMendGround, people: UnservedPeople, search: GateSearch, settings: CandidateSettings): Candidates {
  const { facilities, radii, gates } = search
  const leftOut: LeftOut = {}
  const gatesOf = new Map<number, [number, number][]>()
  const placed = ground.network.placeGates(gates.points, search, gates.isPoint)
  for (const gate of new Set(placed.row)) gatesOf.set(gates.facility[gate]!, [...(gatesOf.get(gates.facility[gate]!) ?? []), [gates.points[gate * 2]!, gates.points[gate * 2 + 1]!]])
  const ranked: Ranked[] = []
  let found = 0
  for (let facility = 0; facility < radii.length; facility += 1) {
    if (Number.isNaN(radii[facility]!) || (search.isOpenAllRound[facility] && gatesOf.has(facility))) continue
    const points = boundaryPoints(facilities, facility, settings.gateSpacingMeters)
    const places = ground.network.placeGates(Float64Array.from(points.flat()), search)
    found += points.length
    const reached = new Set(places.row)
    leftOut.no_path = (leftOut.no_path ?? 0) + points.length - reached.size
    for (const at of reached) {
      const [x, y] = points[at]!
      if ((gatesOf.get(facility) ?? []).some(([gx, gy]) => Math.hypot(gx - x, gy - y) < settings.gateLeastMeters)) {
        leftOut.near_gate = (leftOut.near_gate ?? 0) + 1
        continue
      }
      const snap = places.snaps[at]!
      ranked.push({ edit: { kind: 'gate', facility, point: [x, y] }, about: people.within(snap.x, snap.y, radii[facility]!) })
    }
  }
  return bounded(ranked, found, leftOut, settings.most)
}

/** Plots, or greens that are shut: each with the radius that it would have (NaN: it would not count) and its gates. */
export function siteCandidates(kind: 'facility' | 'open', sites: { shapes: PackedGeometries; radii: Float64Array; gates: readonly Float64Array[] }, people: UnservedPeople, most: number): Candidates {
  const leftOut: LeftOut = {}
  const ranked: Ranked[] = []
  sites.radii.forEach((radiusMeters, site) => {
    if (Number.isNaN(radiusMeters)) return void (leftOut.too_small = (leftOut.too_small ?? 0) + 1)
    const [minX, minY, maxX, maxY] = boundsOf(sites.shapes, site)
    const edit = { site, radiusMeters, gates: sites.gates[site]!, isPoint: isPointLike(sites.shapes, site) }
    ranked.push({ edit: kind === 'open' ? { kind, ...edit } : { kind, ...edit }, about: people.within((minX + maxX) / 2, (minY + maxY) / 2, radiusMeters + Math.hypot(maxX - minX, maxY - minY) / 2) })
  })
  return bounded(ranked, sites.radii.length, leftOut, most)
}

/** Whether two segments cross; one that only touches the first at its end does not. */
function areCrossing(a: readonly [number, number, number, number], b: readonly [number, number, number, number]): boolean {
  const side = ([x1, y1, x2, y2]: readonly [number, number, number, number], x: number, y: number) => (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
  return side(b, a[0], a[1]) * side(b, a[2], a[3]) < 0 && side(a, b[0], b[1]) * side(a, b[2], b[3]) <= 0
}

/** Banks, tracks and carriageways that nobody walks over. */
class BarrierIndex {
  readonly #segments: [number, number, number, number][] = []
  readonly #owner: number[] = []
  readonly #index: Flatbush | undefined

  constructor({ coordinates, partStart, geometryStart }: PackedGeometries) {
    for (let barrier = 0; barrier < geometryStart.length - 1; barrier += 1) {
      for (let part = geometryStart[barrier]!; part < geometryStart[barrier + 1]!; part += 1) {
        for (let vertex = partStart[part]!; vertex < partStart[part + 1]! - 1; vertex += 1) {
          this.#segments.push([coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!, coordinates[vertex * 2 + 2]!, coordinates[vertex * 2 + 3]!])
          this.#owner.push(barrier)
        }
      }
    }
    if (this.#segments.length === 0) return
    this.#index = new Flatbush(this.#segments.length)
    for (const [ax, ay, bx, by] of this.#segments) this.#index.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by))
    this.#index.finish()
  }

  /** The barrier that a line crosses first, as it starts; -1 for none. */
  crossedBy(line: readonly [number, number, number, number]): number {
    const [ax, ay, bx, by] = line
    let barrier = -1
    let nearest = Infinity
    for (const segment of this.#index?.search(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)) ?? []) {
      const of = this.#segments[segment]!
      if (!areCrossing(line, of)) continue
      const squared = squaredDistanceToSegment(ax, ay, ...of)
      if (squared > nearest || (squared === nearest && this.#owner[segment]! >= barrier)) continue
      nearest = squared
      barrier = this.#owner[segment]!
    }
    return barrier
  }
}

/** Nodes of the paths with where they lie, whether one can step off there, and whether they belong to the network proper. */
function nodesOf({ network }: WalkingMendGround, isBridge: Uint8Array) {
  const { graph, lines, isMainEdge } = network
  const count = graph.inputNode.length
  const nodes = { points: new Float64Array(count * 2), isOpen: new Uint8Array(count), isMain: new Uint8Array(count), component: new Uint32Array(count) }
  for (let edge = 0; edge < graph.edgeFrom.length; edge += 1) {
    const vertices = [lines.vertexStart[edge]!, lines.vertexStart[edge + 1]! - 1]
    ;[graph.edgeFrom[edge]!, graph.edgeTo[edge]!].forEach((node, end) => {
      const input = graph.inputNode[node]!
      nodes.points[input * 2] = lines.coordinates[vertices[end]! * 2]!
      nodes.points[input * 2 + 1] = lines.coordinates[vertices[end]! * 2 + 1]!
      if (!isBridge[edge]) nodes.isOpen[input] = 1
      nodes.isMain[input] = isMainEdge[edge]!
      nodes.component[input] = graph.component[node]!
    })
  }
  return nodes
}

/** Of crossings of one barrier whose middles share a square of this side only the one with the most people about for its effort is computed. */
const SAME_PLACE_METERS = 100

/** Pairs of near corners on both sides of a barrier, one of them within the walk, where the way round is many times the crossing. */
export function crossingCandidates(ground: WalkingMendGround, people: UnservedPeople, paths: { isBridge: Uint8Array; barriers: PackedGeometries }, settings: CandidateSettings, effortOf: (lengthMeters: number) => number): Candidates {
  const nodes = nodesOf(ground, paths.isBridge)
  const barriers = new BarrierIndex(paths.barriers)
  if (nodes.isMain.length === 0) return { edits: [], found: 0, leftOut: {} }
  const index = indexOfPoints(nodes.points)
  const reach = settings.crossingGreatestMeters
  const best = new Map<string, Ranked & { edit: WayEdit<'crossing'>; worth: number }>()
  let found = 0
  for (let from = 0; from < nodes.isMain.length; from += 1) {
    if (!nodes.isMain[from] || !nodes.isOpen[from]) continue
    const reached = ground.reachedAt(from).filter(({ radius, meters }) => meters < radius)
    if (reached.length === 0) continue
    const [x, y] = [nodes.points[from * 2]!, nodes.points[from * 2 + 1]!]
    for (const to of index.search(x - reach, y - reach, x + reach, y + reach)) {
      if (to === from || !nodes.isMain[to] || !nodes.isOpen[to]) continue
      const [tx, ty] = [nodes.points[to * 2]!, nodes.points[to * 2 + 1]!]
      const length = Math.hypot(tx - x, ty - y)
      if (length > reach || length === 0) continue
      const beyond = ground.reachedAt(to)
      // What is left of the walk on the far side, where the crossing is nearer than the way that is there.
      const left = Math.max(...reached.map(({ radius, meters }, at) => (meters + length < (beyond.find((one) => one.radius === radius)?.meters ?? Infinity) ? reached[at]!.radius - meters - length : -1)))
      if (left <= 0) continue
      const line = [x, y, tx, ty] as const
      const barrier = barriers.crossedBy(line)
      if (barrier < 0) continue
      found += 1
      const key = `${barrier} ${Math.floor((x + tx) / 2 / SAME_PLACE_METERS)} ${Math.floor((y + ty) / 2 / SAME_PLACE_METERS)}`
      const about = people.within(tx, ty, left)
      const former = best.get(key)
      const worth = about / effortOf(length)
      if (former && (worth < former.worth || (worth === former.worth && length >= former.edit.lengthMeters))) continue
      best.set(key, { edit: { kind: 'crossing', from, to, line, lengthMeters: exactCost(length), barrier, wayRoundMeters: Infinity }, about, worth })
    }
  }
  const leftOut: LeftOut = {}
  const long = [...best.values()].filter(({ about }) => about > 0).sort((a, b) => b.about - a.about).slice(0, settings.most * 4).flatMap(({ edit, about }): Ranked[] => {
    const wayRoundMeters = ground.walkBetween(edit.from, edit.to, Infinity)
    return wayRoundMeters < edit.lengthMeters * settings.crossingLeastRatio ? [] : [{ edit: { ...edit, wayRoundMeters }, about }]
  })
  const isPeopled = [...best.values()].filter(({ about }) => about > 0).length
  if (best.size > isPeopled) leftOut.nobody_near = best.size - isPeopled
  if (isPeopled > long.length) leftOut.short_way_round = isPeopled - long.length
  return bounded(long, found, leftOut, settings.most)
}

/** The shortest straight link from each scrap on which people stand to the network proper. */
export function joinCandidates(ground: WalkingMendGround, weights: Float64Array, isBridge: Uint8Array, settings: CandidateSettings): Candidates {
  const nodes = nodesOf(ground, isBridge)
  const { graph } = ground.network
  const peopleOn = new Map<number, number>()
  ground.homes.snaps.forEach((snap, home) => {
    if (!snap?.isScrap || ground.covered[home]) return
    const component = graph.component[graph.edgeFrom[snap.edge]!]!
    peopleOn.set(component, (peopleOn.get(component) ?? 0) + weights[home]!)
  })
  const ends = [...nodes.isMain.keys()].filter((node) => nodes.isMain[node] && nodes.isOpen[node])
  if (ends.length === 0) return { edits: [], found: peopleOn.size, leftOut: {} }
  const index = indexOfPoints(Float64Array.from(ends.flatMap((node) => [nodes.points[node * 2]!, nodes.points[node * 2 + 1]!])))
  const shortest = new Map<number, WayEdit<'path'>>()
  for (let from = 0; from < nodes.isMain.length; from += 1) {
    const component = nodes.component[from]!
    if (nodes.isMain[from] || !nodes.isOpen[from] || !((peopleOn.get(component) ?? 0) > 0)) continue
    const [x, y] = [nodes.points[from * 2]!, nodes.points[from * 2 + 1]!]
    const [near] = index.neighbors(x, y, 1, settings.pathGreatestMeters)
    if (near === undefined) continue
    const to = ends[near]!
    const line = [x, y, nodes.points[to * 2]!, nodes.points[to * 2 + 1]!] as const
    const lengthMeters = exactCost(Math.hypot(line[2] - x, line[3] - y))
    if (lengthMeters >= (shortest.get(component)?.lengthMeters ?? Infinity)) continue
    shortest.set(component, { kind: 'path', from, to, line, lengthMeters, barrier: -1, wayRoundMeters: Infinity })
  }
  const apart = [...peopleOn.keys()].filter((component) => !shortest.has(component)).length
  return bounded([...shortest].map(([component, edit]) => ({ edit, about: peopleOn.get(component)! })), peopleOn.size, apart > 0 ? { no_path: apart } : {}, settings.mostJoins)
}
