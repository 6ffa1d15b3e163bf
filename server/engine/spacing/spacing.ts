/**
 * Spacing along roads by linear referencing: facilities beside a road are projected on it and sorted by measure; every stretch without one is a gap.
 * The stretches before the first and after the last facility are gaps too, and so is a road without any: else one more facility could make a new gap. Pure.
 */
import { type Chain, chainsOf, type Line, stretchOf } from './chains.ts'

export interface SpacingRoad {
  pieces: readonly Line[]
  /** Metres that a gap may have. */
  limitMeters: number
  /** Both sides apart. */
  hasMedian: boolean
  /** Chains shorter than this are no part of the road. */
  leastMeters?: number
}

export interface SpacingInput {
  roads: readonly SpacingRoad[]
  /** x, y interleaved, metres. */
  facilities: Float64Array
  /** A facility farther from a road than this does not stand beside it. */
  withinMeters: number
}

export type Side = 'both' | 'left' | 'right'

export interface Gap {
  road: number
  chain: number
  side: Side
  /** Measures on the chain; of a ring `toMeters` may go past its length. */
  fromMeters: number
  toMeters: number
  lengthMeters: number
  /** Number of the facility at either end; null at the end of the road. */
  from: number | null
  to: number | null
}

export interface RoadSpacing {
  lengthMeters: number
  /** Facilities beside it, each once. */
  facilities: number
  /** Greatest gap of any side. */
  longestMeters: number
}

export interface SpacingOutput {
  roads: RoadSpacing[]
  /** Gaps beyond the limit, the longest first. */
  gaps: (Gap & { points: number[] })[]
}

/** Facilities as near to two chains as this stand beside both. */
const TIED_METERS = 1e-6
/** On the line itself, on either side. */
const ON_LINE_METERS = 1e-6

interface Projection {
  facility: number
  chain: number
  measure: number
  distance: number
  side: Side
}

/** Facilities by squares of the plane. */
class Squares {
  readonly #size: number
  readonly #members = new Map<string, number[]>()

  constructor(points: Float64Array, size: number) {
    this.#size = size
    for (let index = 0; index < points.length / 2; index += 1) {
      const key = `${Math.floor(points[index * 2]! / size)} ${Math.floor(points[index * 2 + 1]! / size)}`
      this.#members.set(key, [...(this.#members.get(key) ?? []), index])
    }
  }

  /** Those that may lie within the size of a segment. */
  around(ax: number, ay: number, bx: number, by: number): number[] {
    const size = this.#size
    const found: number[] = []
    for (let column = Math.floor(Math.min(ax, bx) / size) - 1; column <= Math.floor(Math.max(ax, bx) / size) + 1; column += 1) {
      for (let row = Math.floor(Math.min(ay, by) / size) - 1; row <= Math.floor(Math.max(ay, by) / size) + 1; row += 1) found.push(...(this.#members.get(`${column} ${row}`) ?? []))
    }
    return found
  }
}

/** Nearest points of the road to the facilities beside it; of chains that are equally near all. */
function project(chains: readonly Chain[], facilities: Float64Array, squares: Squares, withinMeters: number): Projection[] {
  const best = new Map<number, Projection[]>()
  chains.forEach(({ points, measures }, chain) => {
    const nearest = new Map<number, Projection>()
    for (let index = 1; index < measures.length; index += 1) {
      const [ax, ay, bx, by] = [points[index * 2 - 2]!, points[index * 2 - 1]!, points[index * 2]!, points[index * 2 + 1]!]
      const length = measures[index]! - measures[index - 1]!
      for (const facility of squares.around(ax, ay, bx, by)) {
        const [px, py] = [facilities[facility * 2]!, facilities[facility * 2 + 1]!]
        const share = Math.min(1, Math.max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / (length * length)))
        const distance = Math.hypot(px - ax - share * (bx - ax), py - ay - share * (by - ay))
        if (distance > withinMeters || distance >= (nearest.get(facility)?.distance ?? Infinity)) continue
        const across = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
        nearest.set(facility, { facility, chain, measure: measures[index - 1]! + share * length, distance, side: Math.abs(across) <= ON_LINE_METERS * length ? 'both' : across > 0 ? 'left' : 'right' })
      }
    }
    for (const [facility, one] of nearest) {
      const known = best.get(facility)
      const least = known?.[0]?.distance ?? Infinity
      if (one.distance < least - TIED_METERS) best.set(facility, [one])
      else if (one.distance <= least + TIED_METERS) known!.push(one)
    }
  })
  return [...best.values()].flat()
}

/** Every gap of one side of a chain. */
function gapsOf(chain: Chain, on: readonly Projection[]): Pick<Gap, 'fromMeters' | 'toMeters' | 'lengthMeters' | 'from' | 'to'>[] {
  const length = chain.measures.at(-1)!
  const sorted = [...on].sort((a, b) => a.measure - b.measure || a.facility - b.facility)
  const gap = (from: Projection | null, to: Projection | null, fromMeters: number, toMeters: number) => ({ fromMeters, toMeters, lengthMeters: toMeters - fromMeters, from: from?.facility ?? null, to: to?.facility ?? null })
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (!first || !last) return [gap(null, null, 0, length)]
  const between = sorted.slice(1).map((to, at) => gap(sorted[at]!, to, sorted[at]!.measure, to.measure))
  if (chain.isClosed) return [...between, gap(last, first, last.measure, first.measure + length)]
  return [gap(null, first, 0, first.measure), ...between, gap(last, null, last.measure, length)]
}

/** Gaps beyond the limit on every road. */
export function findSpacing({ roads, facilities, withinMeters }: SpacingInput): SpacingOutput {
  const squares = new Squares(facilities, withinMeters)
  const gaps: SpacingOutput['gaps'] = []
  const summed = roads.map((road, number): RoadSpacing => {
    const chains = chainsOf(road.pieces).filter(({ measures }) => measures.at(-1)! >= (road.leastMeters ?? 0))
    const projected = project(chains, facilities, squares, withinMeters)
    const sides: readonly Side[] = road.hasMedian ? ['left', 'right'] : ['both']
    let longestMeters = 0
    chains.forEach((chain, at) => {
      for (const side of sides) {
        const on = projected.filter((one) => one.chain === at && (side === 'both' || one.side === side || one.side === 'both'))
        for (const gap of gapsOf(chain, on)) {
          longestMeters = Math.max(longestMeters, gap.lengthMeters)
          if (gap.lengthMeters > road.limitMeters * (1 + 1e-9)) gaps.push({ road: number, chain: at, side, ...gap, points: stretchOf(chain, gap.fromMeters, gap.toMeters) })
        }
      }
    })
    return { lengthMeters: chains.reduce((sum, chain) => sum + chain.measures.at(-1)!, 0), facilities: new Set(projected.map(({ facility }) => facility)).size, longestMeters }
  })
  return { roads: summed, gaps: gaps.sort((a, b) => b.lengthMeters - a.lengthMeters || a.road - b.road || a.chain - b.chain || a.fromMeters - b.fromMeters || (a.side < b.side ? -1 : 1)) }
}
