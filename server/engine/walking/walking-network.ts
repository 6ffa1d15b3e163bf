/**
 * A city's paths as one walkable network, and what stands beside it: homes and gates on the nearest point of an edge.
 * Pure, in typed arrays, for the computation thread and the browser alike.
 */
import type { NotEnteredReason } from '../../contract/not-entered.ts'
import { mainComponents } from '../network/components.ts'
import { EdgeIndex, type EdgeLines, type Snap } from '../network/edge-index.ts'
import { buildGraph, type NetworkGraph, nodeCountOf } from '../network/graph.ts'
import { exactCost } from '../network/exact-cost.ts'
import type { NetworkPositions, NetworkSources } from '../network/positions.ts'
import { reachPositions } from '../network/reach.ts'
import type { NodeLabels, Reach } from '../network/search.ts'
import { boundsOfLine, packWkb } from '../packed-geometry.ts'

export interface PathsInput {
  /** Numbers of the nodes at the ends of each path, 0 to nodeCount − 1. */
  from: Uint32Array
  to: Uint32Array
  nodeCount: number
  lengthMeters: Float64Array
  /** Courses in the plane, one line each. */
  courses: Uint8Array[]
  /** Number of paths that stand; those after them were drawn. Left out where all stand. */
  standingCount?: number
  /** 1 where nobody can step off. */
  isBridge: Uint8Array
  /** What a walk along each path costs in metres of level ground, to its first end and to its last; left out where it is the length both ways. */
  impedance?: { toFirst: Float64Array; toLast: Float64Array }
}

/**
 * Points on the network; those that found no place are left out, `row` says whose each place is.
 * A point has one place on the paths that stand, and one more on each drawn path beside it: what is drawn takes nobody's way away.
 */
export interface Placed extends NetworkPositions {
  row: number[]
  /** Metres from the point to each place. */
  way: Float64Array
  /** Of every point, the nearest of its places, rather on the network proper than on a scrap. */
  snaps: (Snap | undefined)[]
}

/** One drawn path, to snap to. */
interface DrawnPath {
  edge: number
  index: EdgeIndex
  bounds: [number, number, number, number]
}

/** Paths to snap to: those that stand, and each drawn one by itself. */
interface Footholds {
  standing: EdgeIndex
  drawn: DrawnPath[]
}

/** How far from a path gates, and facilities that are stored as points, may lie to be entered. */
export interface GateTolerances {
  gateToleranceMeters: number
  pointToleranceMeters: number
}

/** Where facilities are entered. */
export interface GatesInput {
  /** x, y interleaved. */
  points: Float64Array
  facility: Uint32Array
  /** 1 where it is no gate but the facility itself, stored as a point. */
  isPoint: Uint8Array
}

export interface PlacedGates extends Placed {
  /** The way from the path to a facility that is a point itself; 0 for gates. By place, as `edge`. */
  start: Float64Array
}

/** How a home stands: on the network proper, on a scrap of it, beside no path at all. */
export const FOOTING = { network: 0, scrap: 1, none: 2 } as const

/** How a facility is entered: from the network proper; else beside a bridge or tunnel alone, beside a scrap alone, beside no path. */
export const ENTRY = { entered: 0, bridge: 1, scrap: 2, none: 3 } as const
const NOT_ENTERED: Readonly<Record<number, NotEnteredReason>> = { [ENTRY.bridge]: 'bridge', [ENTRY.scrap]: 'scrap', [ENTRY.none]: 'no_path' }

/** Why a place cannot be walked into; undefined where it can. @param entry one of `ENTRY` */
export function notEnteredReason(entry: number): NotEnteredReason | undefined {
  return NOT_ENTERED[entry]
}

export class WalkingNetwork {
  readonly graph: NetworkGraph
  readonly lines: EdgeLines
  readonly isMainEdge: Uint8Array
  readonly #isBridge: Uint8Array
  readonly #standingCount: number
  #homes: Footholds | undefined
  #gates: Footholds | undefined

  /** @param scrapShare share of the nodes below which a connected part is a scrap, see `mainComponents` */
  constructor(paths: PathsInput, scrapShare: number) {
    // A search goes out from the gates, the walk it tells of comes to them: what a search finds forward is walked to the first end.
    const { toFirst: costForward, toLast: costBackward } = paths.impedance ?? { toFirst: paths.lengthMeters, toLast: paths.lengthMeters }
    this.graph = buildGraph({ nodeCount: paths.nodeCount, from: paths.from, to: paths.to, costForward, costBackward })
    const packed = packWkb(paths.courses)
    this.lines = { coordinates: packed.coordinates, vertexStart: packed.partStart }
    const isMain = mainComponents(this.graph, scrapShare)
    this.isMainEdge = Uint8Array.from(this.graph.edgeFrom, (node) => isMain[this.graph.component[node]!]!)
    this.#isBridge = paths.isBridge
    this.#standingCount = paths.standingCount ?? paths.courses.length
  }

  /** @param isProper 1 for edges of the network proper; all others count as scraps */
  #footholds(isProper: Uint8Array): Footholds {
    const { coordinates, vertexStart } = this.lines
    const standing = new EdgeIndex({ coordinates, vertexStart: vertexStart.subarray(0, this.#standingCount + 1) }, isProper.subarray(0, this.#standingCount))
    const drawn = Array.from({ length: isProper.length - this.#standingCount }, (_value, at): DrawnPath => {
      const edge = this.#standingCount + at
      const line = coordinates.subarray(vertexStart[edge]! * 2, vertexStart[edge + 1]! * 2)
      return { edge, index: new EdgeIndex({ coordinates: line, vertexStart: Uint32Array.of(0, line.length / 2) }, isProper.subarray(edge, edge + 1)), bounds: boundsOfLine(line) }
    })
    return { standing, drawn }
  }

  /** Share of the nodes in the largest connected part, 0 to 1. */
  get mainShare(): number {
    return nodeCountOf(this.graph) > 0 ? (this.graph.componentSize[0] ?? 0) / nodeCountOf(this.graph) : 0
  }

  /** Homes on the network proper, on a scrap of it where nothing else lies within the tolerance. @param points x, y interleaved, metres */
  placeHomes(points: Float64Array, toleranceMeters: number): Placed {
    this.#homes ??= this.#footholds(this.isMainEdge)
    return place(this.#homes, points, () => toleranceMeters, () => true)
  }

  /**
   * Gates on the network proper: beside a bridge, a tunnel or a scrap one cannot come in.
   * @param isPoint 1 for facilities that are points themselves, most often in the middle of a plot or building: as for homes, the way to the path is walked too
   */
  placeGates(points: Float64Array, { gateToleranceMeters, pointToleranceMeters }: GateTolerances, isPoint?: Uint8Array): PlacedGates {
    // What is not the network proper counts as a scrap here.
    this.#gates ??= this.#footholds(this.isMainEdge.map((main, edge) => (main && !this.#isBridge[edge] ? 1 : 0)))
    const placed = place(this.#gates, points, (gate) => (isPoint?.[gate] === 1 ? pointToleranceMeters : gateToleranceMeters), (snap) => !snap.isScrap)
    return { ...placed, start: Float64Array.from(placed.row, (gate, at) => (isPoint?.[gate] === 1 ? exactCost(placed.way[at]!) : 0)) }
  }

  /**
   * How each facility is entered, by the best of its gates; one of `ENTRY`.
   * @param facility of each gate, placed or not
   * @param count of facilities
   */
  entriesOf({ snaps }: Pick<PlacedGates, 'snaps'>, facility: Uint32Array, count: number): Uint8Array {
    const entries = new Uint8Array(count).fill(ENTRY.none)
    snaps.forEach((snap, gate) => {
      if (!snap) return
      const entry = snap.isScrap ? (this.isMainEdge[snap.edge] ? ENTRY.bridge : ENTRY.scrap) : ENTRY.entered
      entries[facility[gate]!] = Math.min(entries[facility[gate]!]!, entry)
    })
    return entries
  }
}

/** The network proper before a scrap, then the nearer; the older of equally near ones. */
function isNearer(snap: Snap, stands: Snap): boolean {
  return snap.isScrap === stands.isScrap ? snap.distance < stands.distance : stands.isScrap
}

function place({ standing, drawn }: Footholds, points: Float64Array, toleranceOf: (point: number) => number, takes: (snap: Snap) => boolean): Placed {
  const row: number[] = []
  const taken: Snap[] = []
  const snaps = Array.from({ length: points.length / 2 }, (_value, point) => {
    const [x, y, tolerance] = [points[point * 2]!, points[point * 2 + 1]!, toleranceOf(point)]
    let best: Snap | undefined
    const found = (snap: Snap | undefined) => {
      if (!snap) return
      if (!best || isNearer(snap, best)) best = snap
      if (!takes(snap)) return
      row.push(point)
      taken.push(snap)
    }
    found(standing.snap(x, y, tolerance))
    for (const { edge, index, bounds: [minX, minY, maxX, maxY] } of drawn) {
      if (x < minX - tolerance || x > maxX + tolerance || y < minY - tolerance || y > maxY + tolerance) continue
      const snap = index.snap(x, y, tolerance)
      found(snap && { ...snap, edge })
    }
    return best
  })
  return { row, edge: Uint32Array.from(taken, ({ edge }) => edge), fraction: Float64Array.from(taken, ({ fraction }) => fraction), way: Float64Array.from(taken, ({ distance }) => distance), snaps }
}

/** Sources of a search: gates that found a place, of the facilities that are taken. @param facility of each gate, placed or not */
export function gateSources(entered: PlacedGates, facility: Uint32Array, takes: (facility: number) => boolean): NetworkSources {
  const kept = entered.row.flatMap((gate, at) => (takes(facility[gate]!) ? [at] : []))
  return { edge: Uint32Array.from(kept, (at) => entered.edge[at]!), fraction: Float64Array.from(kept, (at) => entered.fraction[at]!), owner: Uint32Array.from(kept, (at) => facility[entered.row[at]!]!), start: Float64Array.from(kept, (at) => entered.start[at]!) }
}

export interface Walks {
  /** Of every home: metres to the nearest source, the way from the home to its path included; Infinity beyond the limit and off the network. */
  meters: Float64Array
  /** Owner of that source; -1 beyond the limit. */
  owner: Int32Array
}

/** How far each home walks to the sources of a search. */
export function walksOf(reach: Reach, homes: Placed, limit: number): Walks {
  const { distance, owner }: NodeLabels = reachPositions(reach, homes)
  const walks: Walks = { meters: new Float64Array(homes.snaps.length).fill(Infinity), owner: new Int32Array(homes.snaps.length).fill(-1) }
  homes.row.forEach((home, at) => {
    const walked = distance[at]! + homes.way[at]!
    if (walked > limit || walked > walks.meters[home]!) return
    // Of equally near owners the lowest number, as within the search.
    walks.owner[home] = walked === walks.meters[home] ? Math.min(walks.owner[home]!, owner[at]!) : owner[at]!
    walks.meters[home] = walked
  })
  return walks
}

/** How each home stands. */
export function footingOf(homes: Placed): Uint8Array {
  return Uint8Array.from(homes.snaps, (snap) => (snap ? (snap.isScrap ? FOOTING.scrap : FOOTING.network) : FOOTING.none))
}
