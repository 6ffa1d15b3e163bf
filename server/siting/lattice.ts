/** Points among homes that nothing serves, each where something could stand. Pure. */
import { computeMembership } from '../engine/membership.ts'
import { packWkb } from '../engine/packed-geometry.ts'

export type ObstacleReason = 'on_water' | 'on_building' | 'on_road' | 'control_area'

/** Land on which nothing new can stand. */
export interface Obstacles {
  reason: ObstacleReason
  shapes: Uint8Array[]
  /** Metres to keep clear of each: half the width of a road that is stored as a line. */
  margins: Float64Array
}

export interface Lattice {
  /** x, y interleaved; south to north, west to east. */
  points: Float64Array
  /** Squares of the lattice in which there is no free place, by what lies in their middle. */
  putAside: { reason: ObstacleReason; count: number }[]
}

/** Eighths of a square's side from its middle. */
const STEPS = [-3, -2, -1, 0, 1, 2, 3]
/** Places looked at in each square, in shares of its side from the middle: the middle itself, then whatever is nearest to it, north before south. */
const PLACES = STEPS.flatMap((north) => STEPS.map((east) => [east / 8, north / 8] as const)).sort((a, b) => Math.hypot(...a) - Math.hypot(...b) || b[1] - a[1] || a[0] - b[0])

/** The middles of the squares that hold a home. */
function middlesAmong(points: Float64Array, spacingMeters: number): [number, number][] {
  const cells = new Map<string, [number, number]>()
  for (let home = 0; home < points.length / 2; home += 1) {
    const cell: [number, number] = [Math.floor(points[home * 2]! / spacingMeters), Math.floor(points[home * 2 + 1]! / spacingMeters)]
    cells.set(cell.join(' '), cell)
  }
  return [...cells.values()].sort((a, b) => a[1] - b[1] || a[0] - b[0]).map(([column, row]) => [(column + 0.5) * spacingMeters, (row + 0.5) * spacingMeters])
}

/** One place for each square of a lattice that holds a home and has room. @param sideMeters of the square plot that has to be clear; 0 for a point */
export function latticeAmong(points: Float64Array, spacingMeters: number, sideMeters: number, obstacles: readonly Obstacles[]): Lattice {
  const middles = middlesAmong(points, spacingMeters)
  const places = Float64Array.from(middles.flatMap(([x, y]) => PLACES.flatMap(([east, north]) => [x + east * spacingMeters, y + north * spacingMeters])))
  // Clear to the corner of the plot, whichever way it is turned.
  const clear = sideMeters * Math.SQRT1_2
  const taken: (ObstacleReason | undefined)[] = Array.from({ length: places.length / 2 })
  for (const { reason, shapes, margins } of obstacles) {
    const { covered } = computeMembership(places, packWkb(shapes), margins.map((margin) => margin + clear))
    covered.forEach((isTaken, place) => isTaken && (taken[place] ??= reason))
  }
  const counts = new Map<ObstacleReason, number>()
  const kept = middles.flatMap((_middle, square) => {
    const first = square * PLACES.length
    const free = PLACES.findIndex((_place, at) => taken[first + at] === undefined)
    if (free >= 0) return [places[(first + free) * 2]!, places[(first + free) * 2 + 1]!]
    const reason = taken[first]!
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
    return []
  })
  return { points: Float64Array.from(kept), putAside: [...counts].map(([reason, count]) => ({ reason, count })) }
}
