/** The walking ruler over a ground that can be mended: what a change adds is found from where it takes hold, to the same homes as a whole run. */
import type Flatbush from 'flatbush'
import { edgeCountOf } from '../network/graph.ts'
import { type NetworkSources, PositionsByEdge, positionsAtNodes } from '../network/positions.ts'
import { improvedPositions, reachPositions } from '../network/reach.ts'
import { addSources, keepLabels, NetworkSearch, type NodeLabels } from '../network/search.ts'
import { lineWkb } from '../packed-geometry.ts'
import { type PathsInput, type Placed, type PlacedGates, WalkingNetwork } from '../walking/walking-network.ts'
import type { GateEdit, MendableGround, MendEdit, MendGain, SiteEdit, WayEdit } from './mend.ts'
import { indexOfPoints } from './nearby.ts'
import { gainAlong, gainOfWay, type Group, type JoiningWay, type NetworkPlace, type OpenedGates, type WayGround } from './way-gain.ts'

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

/** What stands whatever facilities count: it can be handed from ground to ground. */
export interface WalkingBed {
  network: WalkingNetwork
  homes: Placed
  byEdge: PositionsByEdge
  search: NetworkSearch
}

const concat = (a: Float64Array, b: Float64Array | readonly number[]) => Float64Array.from([...a, ...b])

function withPath(paths: PathsInput, { from, to, line, lengthMeters, kind }: WayEdit): PathsInput {
  return {
    nodeCount: paths.nodeCount,
    from: Uint32Array.from([...paths.from, from]),
    to: Uint32Array.from([...paths.to, to]),
    lengthMeters: concat(paths.lengthMeters, [lengthMeters]),
    courses: [...paths.courses, lineWkb(line)],
    standingCount: paths.standingCount ?? paths.courses.length,
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
  readonly #gates: PlacedGates
  readonly #groups = new Map<number, Group>()
  readonly #nothing: { nodes: NodeLabels; homes: NodeLabels }
  #homeIndex: Flatbush | undefined
  #gateIndex: Flatbush | undefined

  /** @param bed of another ground over the same paths and homes */
  constructor(input: WalkingGroundInput, bed?: WalkingBed) {
    this.#input = input
    this.network = bed?.network ?? new WalkingNetwork(input.paths, input.scrapShare)
    this.homes = bed?.homes ?? this.network.placeHomes(input.points, input.homeToleranceMeters)
    this.covered = new Uint8Array(input.points.length / 2)
    this.#search = bed?.search ?? new NetworkSearch(this.network.graph)
    this.#byEdge = bed?.byEdge ?? new PositionsByEdge(this.homes, edgeCountOf(this.network.graph))
    this.#gates = this.network.placeGates(input.gates.points, input, input.gates.isPoint)
    const unlabelled = (length: number): NodeLabels => ({ distance: new Float64Array(length).fill(Infinity), owner: new Int32Array(length).fill(-1) })
    this.#nothing = { nodes: unlabelled(this.network.graph.inputNode.length), homes: unlabelled(this.homes.row.length) }
    for (const radius of new Set(input.gates.radiusMeters)) if (!Number.isNaN(radius)) this.#addGroup(radius)
  }

  get bed(): WalkingBed {
    return { network: this.network, homes: this.homes, byEdge: this.#byEdge, search: this.#search }
  }

  /** How each facility is entered, one of `ENTRY`. @param facility of each gate @param count of facilities */
  entriesOf(facility: Uint32Array, count: number): Uint8Array {
    return this.network.entriesOf(this.#gates, facility, count)
  }

  /** How a place would be entered by gates of its own, one of `ENTRY`. @param points x, y interleaved */
  entryOf(points: Float64Array, isPoint: boolean): number {
    const count = points.length / 2
    return this.network.entriesOf(this.network.placeGates(points, this.#input, new Uint8Array(count).fill(isPoint ? 1 : 0)), new Uint32Array(count), 1)[0]!
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
    if (edit.kind === 'crossing') return this.#isWithinOnePart(edit) ? gainAlong(this.#wayGround(), this.#joining(edit)) : this.#wholeGain(edit)
    const { radius, points, isPoint } = this.#entered(edit)
    return { served: this.#improvedBy(this.#sourcesOf(points, isPoint), radius), lost: [] }
  }

  /** As of `way-gain.ts`. */
  gainOfWay(way: JoiningWay, opened?: OpenedGates): MendGain | null {
    return gainOfWay(this.#wayGround(), way, opened)
  }

  mended(edit: MendEdit): WalkingMendGround {
    if (edit.kind === 'path' || edit.kind === 'crossing') return new WalkingMendGround({ ...this.#input, paths: withPath(this.#input.paths, edit) })
    const { radius, points, isPoint } = this.#entered(edit)
    const { gates } = this.#input
    this.#gateIndex = undefined
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
    group.sources = joinSources(group.sources, sources)
    return this
  }

  #addGroup(radius: number): Group {
    const { radiusMeters } = this.#input.gates
    const own = this.#gates.row.flatMap((gate, at) => (radiusMeters[gate] === radius ? [at] : []))
    const sources = { edge: Uint32Array.from(own, (at) => this.#gates.edge[at]!), fraction: Float64Array.from(own, (at) => this.#gates.fraction[at]!), start: Float64Array.from(own, (at) => this.#gates.start[at]!), owner: new Uint32Array(own.length) }
    const reach = this.#search.run(sources, radius)
    const group: Group = { radius, sources, nodes: keepLabels(reach), homes: reachPositions(reach, this.homes) }
    this.#groups.set(radius, group)
    group.homes.distance.forEach((distance, position) => {
      if (this.#isServed(position, distance, radius)) this.covered[this.homes.row[position]!] = 1
    })
    return group
  }

  #isServed(position: number, distance: number, radius: number): boolean {
    return distance + this.homes.way[position]! <= radius
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
    const served = new Set<number>()
    position.forEach((at, row) => {
      const home = this.homes.row[at]!
      if (!this.covered[home] && this.#isServed(at, distance[row]!, radius)) served.add(home)
    })
    return [...served].sort((a, b) => a - b)
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

  #joining({ kind, from, to, line }: WayEdit): JoiningWay {
    const { graph } = this.network
    const { edge, fraction } = positionsAtNodes(graph, [graph.nodeOfInput[from]!, graph.nodeOfInput[to]!])
    const place = (at: 0 | 1): NetworkPlace => ({ edge: edge[at]!, fraction: fraction[at]! })
    return { line, isCrossing: kind === 'crossing', ends: [place(0), place(1)] }
  }

  #wayGround(): WayGround {
    const { points, gates } = this.#input
    return {
      input: this.#input, network: this.network, search: this.#search, homes: this.homes, byEdge: this.#byEdge, covered: this.covered, groups: [...this.#groups.values()], unreachedHomes: this.#nothing.homes,
      homeIndex: () => (this.#homeIndex ??= indexOfPoints(points)), gateIndex: () => (this.#gateIndex ??= indexOfPoints(gates.points)),
    }
  }
}

function joinSources(a: NetworkSources, b: NetworkSources): NetworkSources {
  return { edge: Uint32Array.from([...a.edge, ...b.edge]), fraction: concat(a.fraction, b.fraction), start: concat(a.start ?? new Float64Array(a.edge.length), b.start ?? new Float64Array(b.edge.length)), owner: new Uint32Array(a.edge.length + b.edge.length) }
}

