/** The walking ruler over a ground that can be mended: what a change adds is found from where it takes hold, to the same homes as a whole run. */
import Flatbush from 'flatbush'
import { EdgeIndex, type Snap } from '../network/edge-index.ts'
import { costBetween, exactCost } from '../network/exact-cost.ts'
import { edgeCountOf } from '../network/graph.ts'
import { type NetworkSources, PositionsByEdge, positionsAtNodes } from '../network/positions.ts'
import { improvedPositions, reachPositions } from '../network/reach.ts'
import { addSources, keepLabels, NetworkSearch, type NodeLabels } from '../network/search.ts'
import { lineWkb } from '../packed-geometry.ts'
import { type PathsInput, type Placed, WalkingNetwork } from '../walking/walking-network.ts'
import type { GateEdit, MendableGround, MendEdit, MendGain, SiteEdit, WayEdit } from './mend.ts'

export interface WalkingGroundInput {
  paths: PathsInput
  /** x, y interleaved, and the radius that the facility of each has; NaN where it does not count. */
  gates: { points: Float64Array; radiusMeters: Float64Array; /** 1 for facilities that are points themselves. */ isPoint: Uint8Array }
  /** Homes: x, y interleaved. */
  points: Float64Array
  /** Radius of every facility, for gates that are added to it. */
  radii: Float64Array
  homeToleranceMeters: number
  gateToleranceMeters: number
  pointToleranceMeters: number
  scrapShare: number
}

/** Facilities of one radius, searched from together. */
interface Group {
  radius: number
  nodes: NodeLabels
  /** Labels of the homes' places. */
  homes: NodeLabels
}

const concat = (a: Float64Array, b: Float64Array | readonly number[]) => Float64Array.from([...a, ...b])

function withPath(paths: PathsInput, { from, to, line, lengthMeters, kind }: WayEdit): PathsInput {
  return {
    nodeCount: paths.nodeCount,
    from: Uint32Array.from([...paths.from, from]),
    to: Uint32Array.from([...paths.to, to]),
    lengthMeters: concat(paths.lengthMeters, [lengthMeters]),
    courses: [...paths.courses, lineWkb(line)],
    isBridge: Uint8Array.from([...paths.isBridge, kind === 'crossing' ? 1 : 0]),
    ...(paths.impedance && { impedance: { toFirst: concat(paths.impedance.toFirst, [lengthMeters]), toLast: concat(paths.impedance.toLast, [lengthMeters]) } }),
  }
}

export class WalkingMendGround implements MendableGround {
  readonly network: WalkingNetwork
  readonly homes: Placed
  readonly covered: Uint8Array
  #input: WalkingGroundInput
  readonly #search: NetworkSearch
  readonly #byEdge: PositionsByEdge
  readonly #groups = new Map<number, Group>()
  readonly #nothing: { nodes: NodeLabels; homes: NodeLabels }
  #homeIndex: Flatbush | undefined

  constructor(input: WalkingGroundInput) {
    this.#input = input
    this.network = new WalkingNetwork(input.paths, input.scrapShare)
    this.homes = this.network.placeHomes(input.points, input.homeToleranceMeters)
    this.covered = new Uint8Array(input.points.length / 2)
    this.#search = new NetworkSearch(this.network.graph)
    this.#byEdge = new PositionsByEdge(this.homes, edgeCountOf(this.network.graph))
    const unlabelled = (length: number): NodeLabels => ({ distance: new Float64Array(length).fill(Infinity), owner: new Int32Array(length).fill(-1) })
    this.#nothing = { nodes: unlabelled(this.network.graph.inputNode.length), homes: unlabelled(this.homes.row.length) }
    for (const radius of new Set(input.gates.radiusMeters)) if (!Number.isNaN(radius)) this.#addGroup(radius)
  }

  /** Cost from the nearest gate of each group to a node of the paths, with the radius of the group. */
  reachedAt(inputNode: number): { radius: number; meters: number }[] {
    const node = this.network.graph.nodeOfInput[inputNode]!
    return [...this.#groups.values()].map(({ radius, nodes }) => ({ radius, meters: nodes.distance[node]! }))
  }

  /** Metres of the walk between two nodes of the paths, up to a limit; Infinity beyond it. */
  walkBetween(from: number, to: number, limit: number): number {
    const { graph } = this.network
    const place = (node: number) => positionsAtNodes(graph, [graph.nodeOfInput[node]!])
    return this.#search.distanceBetween(place(from), place(to), limit)
  }

  gainOf(edit: MendEdit): MendGain {
    if (edit.kind === 'path') return this.#wholeGain(edit)
    if (edit.kind === 'crossing') return this.#isWithinOnePart(edit) ? this.#crossingGain(edit) : this.#wholeGain(edit)
    const { radius, points, isPoint } = this.#entered(edit)
    return { served: this.#improvedBy(this.#sourcesOf(points, isPoint), radius), lost: [] }
  }

  mended(edit: MendEdit): WalkingMendGround {
    if (edit.kind === 'path' || edit.kind === 'crossing') return new WalkingMendGround({ ...this.#input, paths: withPath(this.#input.paths, edit) })
    const { radius, points, isPoint } = this.#entered(edit)
    const { gates } = this.#input
    this.#input = { ...this.#input, gates: { points: concat(gates.points, points), radiusMeters: concat(gates.radiusMeters, Array.from({ length: points.length / 2 }, () => radius)), isPoint: Uint8Array.from([...gates.isPoint, ...isPoint]) } }
    const sources = this.#sourcesOf(points, isPoint)
    const group = this.#groups.get(radius) ?? this.#addGroup(radius)
    const improved = improvedPositions(this.#search.run(sources, radius, group.nodes), this.#byEdge, group.homes)
    improved.position.forEach((position, at) => {
      group.homes.distance[position] = improved.distance[at]!
      group.homes.owner[position] = improved.owner[at]!
      if (this.#isServed(position, improved.distance[at]!, radius)) this.covered[this.homes.row[position]!] = 1
    })
    addSources(this.#search, group.nodes, sources, radius)
    return this
  }

  #addGroup(radius: number): Group {
    const { points, radiusMeters, isPoint } = this.#input.gates
    const own = [...radiusMeters].flatMap((of, gate) => (of === radius ? [gate] : []))
    const reach = this.#search.run(this.#sourcesOf(own.flatMap((gate) => [points[gate * 2]!, points[gate * 2 + 1]!]), Uint8Array.from(own, (gate) => isPoint[gate]!)), radius)
    const group: Group = { radius, nodes: keepLabels(reach), homes: reachPositions(reach, this.homes) }
    this.#groups.set(radius, group)
    group.homes.distance.forEach((distance, position) => {
      if (this.#isServed(position, distance, radius)) this.covered[this.homes.row[position]!] = 1
    })
    return group
  }

  #isServed(position: number, distance: number, radius: number): boolean {
    return distance + this.homes.snaps[this.homes.row[position]!]!.distance <= radius
  }

  #entered(edit: GateEdit | SiteEdit): { radius: number; points: readonly number[]; isPoint: Uint8Array } {
    if (edit.kind === 'gate') return { radius: this.#input.radii[edit.facility]!, points: [...edit.point], isPoint: new Uint8Array(1) }
    return { radius: edit.radiusMeters, points: [...edit.gates], isPoint: new Uint8Array(edit.gates.length / 2).fill(edit.isPoint ? 1 : 0) }
  }

  /** Gates on the network, all of one owner: who serves a home does not matter here. */
  #sourcesOf(points: readonly number[], isPoint: Uint8Array): NetworkSources {
    const { edge, fraction, start } = this.network.placeGates(Float64Array.from(points), this.#input, isPoint)
    return { edge, fraction, start, owner: new Uint32Array(edge.length) }
  }

  #improvedBy(sources: NetworkSources, radius: number): number[] {
    const { nodes, homes } = this.#groups.get(radius) ?? this.#nothing
    const { position, distance } = improvedPositions(this.#search.run(sources, radius, nodes), this.#byEdge, homes)
    const served: number[] = []
    position.forEach((at, row) => {
      const home = this.homes.row[at]!
      if (!this.covered[home] && this.#isServed(at, distance[row]!, radius)) served.push(home)
    })
    return served.sort((a, b) => a - b)
  }

  /** Whether a new way joins what is joined already, so that no part changes its standing. */
  #isWithinOnePart({ from, to }: WayEdit): boolean {
    const { component, nodeOfInput } = this.network.graph
    return component[nodeOfInput[from]!] === component[nodeOfInput[to]!]
  }

  /** Both grounds, compared. */
  #wholeGain(edit: WayEdit): MendGain {
    const after = new WalkingMendGround({ ...this.#input, paths: withPath(this.#input.paths, edit) }).covered
    const gain: MendGain = { served: [], lost: [] }
    this.covered.forEach((before, home) => {
      if (after[home]! > before) gain.served.push(home)
      if (after[home]! < before) gain.lost.push(home)
    })
    return gain
  }

  /** A shortest way uses a new edge once at most: each side is searched from with what the other side has left. Homes nearest to the new edge move there. */
  #crossingGain(edit: WayEdit): MendGain {
    const { graph } = this.network
    const [from, to] = [graph.nodeOfInput[edit.from]!, graph.nodeOfInput[edit.to]!]
    const cost = exactCost(edit.lengthMeters)
    const moved = this.#homesOn(edit)
    const served = new Set<number>()
    for (const [near, far] of [[from, to], [to, from]] as const) {
      const starts = [...this.#groups.values()].map(({ radius, nodes }) => ({ radius, start: nodes.distance[near]! + cost, before: nodes.distance[far]! })).filter(({ radius, start, before }) => start < before && start <= radius)
      if (starts.length === 0) continue
      const limit = Math.max(...starts.map(({ radius, start }) => radius - start))
      const found = improvedPositions(this.#search.run({ ...positionsAtNodes(graph, [far]), owner: new Uint32Array(1) }, limit), this.#byEdge, this.#nothing.homes)
      found.position.forEach((position, row) => {
        const home = this.homes.row[position]!
        if (!this.covered[home] && !moved.has(home) && starts.some(({ radius, start }) => this.#isServed(position, start + found.distance[row]!, radius))) served.add(home)
      })
    }
    const lost: number[] = []
    for (const [home, snap] of moved) {
      const isServed = [...this.#groups.values()].some(({ radius, nodes }) => {
        const [atFrom, atTo] = [nodes.distance[from]!, nodes.distance[to]!]
        const distance = Math.min(Math.min(atFrom, atTo + cost) + costBetween(cost, 0, snap.fraction), Math.min(atTo, atFrom + cost) + costBetween(cost, snap.fraction, 1))
        return distance + snap.distance <= radius
      })
      if (isServed && !this.covered[home]) served.add(home)
      if (!isServed && this.covered[home]) lost.push(home)
    }
    return { served: [...served].sort((a, b) => a - b), lost: lost.sort((a, b) => a - b) }
  }

  /** Homes to which the new edge is nearer than what they stand on. */
  #homesOn({ from, line }: WayEdit): Map<number, Snap> {
    const { points, homeToleranceMeters: tolerance } = this.#input
    if (points.length === 0) return new Map()
    this.#homeIndex ??= indexOfPoints(points)
    const { graph, isMainEdge } = this.network
    const isMain = isMainEdge[graph.arcEdge[graph.arcStart[graph.nodeOfInput[from]!]!]!] === 1
    const index = new EdgeIndex({ coordinates: Float64Array.from(line), vertexStart: Uint32Array.of(0, 2) }, Uint8Array.of(isMain ? 1 : 0))
    const [ax, ay, bx, by] = line
    const moved = new Map<number, Snap>()
    for (const home of this.#homeIndex.search(Math.min(ax, bx) - tolerance, Math.min(ay, by) - tolerance, Math.max(ax, bx) + tolerance, Math.max(ay, by) + tolerance)) {
      const snap = index.snap(points[home * 2]!, points[home * 2 + 1]!, tolerance)
      const stands = this.homes.snaps[home]
      if (!snap || (stands && !isNearer(snap, stands))) continue
      moved.set(home, snap)
    }
    return moved
  }
}

/** The network proper before a scrap, then the nearer; the older of equally near ones. */
function isNearer(snap: Snap, stands: Snap): boolean {
  return snap.isScrap === stands.isScrap ? snap.distance < stands.distance : stands.isScrap
}

/** Index of points given as x, y interleaved; at least one. */
export function indexOfPoints(points: Float64Array): Flatbush {
  const index = new Flatbush(points.length / 2)
  for (let at = 0; at < points.length; at += 2) index.add(points[at]!, points[at + 1]!, points[at]!, points[at + 1]!)
  index.finish()
  return index
}
