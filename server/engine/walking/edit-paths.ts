/** Paths with others added to them or taken away: what the network would be. Pure; the paths given are left as they are. */
import { EdgeIndex, type EdgeLines, type Snap } from '../network/edge-index.ts'
import { exactCost } from '../network/exact-cost.ts'
import { lineWkb, packWkb } from '../packed-geometry.ts'
import type { PathsInput } from './walking-network.ts'

/** The part of a path as it was that an edge is now; `edge` -1 for what is new. */
export interface Origin {
  edge: number
  from: number
  to: number
}

export interface EditedPaths {
  paths: PathsInput
  origins: Origin[]
  /** Number of new ways' ends that lie beside no path, and end in the open. */
  looseEnds: number
}

export interface NewWay {
  /** x, y interleaved, two vertices or more. */
  line: readonly number[]
  /** Nobody can step off it: a bridge or a tunnel. */
  isCrossing: boolean
}

interface Draft extends Origin {
  ends: [number, number]
  lengthMeters: number
  toFirst: number
  toLast: number
  course: Uint8Array
  isBridge: number
}

export function lengthOf(line: readonly number[]): number {
  let length = 0
  for (let at = 2; at < line.length; at += 2) length += Math.hypot(line[at]! - line[at - 2]!, line[at + 1]! - line[at - 1]!)
  return length
}

/** Vertices of an edge between two fractions of its length, both ends included. */
function cutCourse({ coordinates, vertexStart }: EdgeLines, edge: number, from: number, to: number): number[] {
  const vertices: number[] = []
  for (let at = vertexStart[edge]! * 2; at < vertexStart[edge + 1]! * 2; at += 1) vertices.push(coordinates[at]!)
  const whole = lengthOf(vertices)
  const cut: number[] = []
  const put = (x: number, y: number) => cut.push(x, y)
  let walked = 0
  for (let at = 2; at < vertices.length; at += 2) {
    const [ax, ay, bx, by] = [vertices[at - 2]!, vertices[at - 1]!, vertices[at]!, vertices[at + 1]!]
    const length = Math.hypot(bx - ax, by - ay)
    const [start, end] = [walked / whole, (walked + length) / whole]
    const pointAt = (fraction: number) => put(ax + (length > 0 ? ((fraction * whole - walked) / length) * (bx - ax) : 0), ay + (length > 0 ? ((fraction * whole - walked) / length) * (by - ay) : 0))
    if (cut.length === 0 && from <= end) pointAt(from)
    if (cut.length > 0 && end > from && end < to) put(bx, by)
    if (cut.length > 0 && start <= to && to <= end) {
      pointAt(to)
      break
    }
    walked += length
  }
  // Rounding may leave the last point out; the end of the edge is the end of the cut then.
  if (cut.length < 4) put(vertices.at(-2)!, vertices.at(-1)!)
  return cut
}

/** Where ends of new ways join what stands, and what is closed. */
export interface Joins {
  lines: EdgeLines
  gone: ReadonlySet<number>
  /** The place on a path that an end joins; undefined where it ends in the open. */
  joinAt: (x: number, y: number) => Snap | undefined
}

/** One steps onto a path from beside, but neither onto a bridge nor onto what is closed. Parameters as of `editPaths`. */
export function joinsOf(paths: PathsInput, closed: readonly (readonly [number, number])[], toleranceMeters: number): Joins {
  const packed = packWkb(paths.courses)
  const lines: EdgeLines = { coordinates: packed.coordinates, vertexStart: packed.partStart }
  const count = paths.courses.length
  const everywhere = closed.length > 0 ? new EdgeIndex(lines, new Uint8Array(count).fill(1)) : undefined
  const gone = new Set(closed.flatMap(([x, y]) => everywhere?.snap(x, y, toleranceMeters)?.edge ?? []))
  const joinable = new EdgeIndex(lines, Uint8Array.from({ length: count }, (_value, edge) => (gone.has(edge) || paths.isBridge[edge] ? 0 : 1)))
  return {
    lines, gone,
    joinAt: (x, y) => {
      const snap = joinable.snap(x, y, toleranceMeters)
      return snap && !snap.isScrap ? snap : undefined
    },
  }
}

/**
 * @param closed points; the path nearest to each is taken away
 * @param toleranceMeters an end of a new way that is this near to a path joins it; a point closes nothing that is farther
 */
export function editPaths(paths: PathsInput, added: readonly NewWay[], closed: readonly (readonly [number, number])[], toleranceMeters: number): EditedPaths {
  const count = paths.courses.length
  const { lines, gone, joinAt: joinable } = joinsOf(paths, closed, toleranceMeters)
  let nodeCount = paths.nodeCount
  let looseEnds = 0
  const cuts = new Map<number, { fraction: number; node: number }[]>()
  const joinAt = (x: number, y: number): { node: number; x: number; y: number } => {
    const snap = joinable(x, y)
    if (!snap) {
      looseEnds += 1
      return { node: nodeCount++, x, y }
    }
    const at = { x: snap.x, y: snap.y }
    if (snap.fraction === 0) return { node: paths.from[snap.edge]!, ...at }
    if (snap.fraction === 1) return { node: paths.to[snap.edge]!, ...at }
    const of = cuts.get(snap.edge) ?? []
    cuts.set(snap.edge, of)
    let cut = of.find(({ fraction }) => fraction === snap.fraction)
    if (!cut) of.push((cut = { fraction: snap.fraction, node: nodeCount++ }))
    return { node: cut.node, ...at }
  }
  const ways = added.flatMap(({ line, isCrossing }): Draft[] => {
    const [start, end] = [joinAt(line[0]!, line[1]!), joinAt(line.at(-2)!, line.at(-1)!)]
    if (start.node === end.node) return []
    const course = [start.x, start.y, ...line.slice(2, -2), end.x, end.y]
    // What is drawn has no heights: level ground.
    const lengthMeters = exactCost(lengthOf(course))
    return [{ edge: -1, from: 0, to: 1, ends: [start.node, end.node], lengthMeters, toFirst: lengthMeters, toLast: lengthMeters, course: lineWkb(course), isBridge: isCrossing ? 1 : 0 }]
  })
  const drafts: Draft[] = []
  for (let edge = 0; edge < count; edge += 1) {
    if (gone.has(edge)) continue
    const { lengthMeters, impedance = { toFirst: lengthMeters, toLast: lengthMeters } } = paths
    const stops = [{ fraction: 0, node: paths.from[edge]! }, ...(cuts.get(edge) ?? []).sort((a, b) => a.fraction - b.fraction), { fraction: 1, node: paths.to[edge]! }]
    stops.slice(1).forEach((stop, at) => {
      const before = stops[at]!
      const isWhole = stops.length === 2
      const share = (costs: Float64Array) => (isWhole ? costs[edge]! : costs[edge]! * (stop.fraction - before.fraction))
      drafts.push({
        edge, from: before.fraction, to: stop.fraction, ends: [before.node, stop.node], lengthMeters: share(lengthMeters), toFirst: share(impedance.toFirst), toLast: share(impedance.toLast),
        course: isWhole ? paths.courses[edge]! : lineWkb(cutCourse(lines, edge, before.fraction, stop.fraction)), isBridge: paths.isBridge[edge]!,
      })
    })
  }
  const all = [...drafts, ...ways]
  return {
    paths: {
      nodeCount, from: Uint32Array.from(all, ({ ends }) => ends[0]), to: Uint32Array.from(all, ({ ends }) => ends[1]), lengthMeters: Float64Array.from(all, ({ lengthMeters }) => lengthMeters),
      courses: all.map(({ course }) => course), standingCount: drafts.length, isBridge: Uint8Array.from(all, ({ isBridge }) => isBridge),
      ...(paths.impedance && { impedance: { toFirst: Float64Array.from(all, ({ toFirst }) => toFirst), toLast: Float64Array.from(all, ({ toLast }) => toLast) } }),
    },
    origins: all.map(({ edge, from, to }) => ({ edge, from, to })),
    looseEnds,
  }
}
