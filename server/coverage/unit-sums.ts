/** Sums of demand points by unit, whatever ruler said which are served. Pure. */
import { locatePoints } from '../engine/membership.ts'
import { packWkb } from '../engine/packed-geometry.ts'

export interface PointsInput {
  facilities: Uint8Array[]
  /** Radius per facility (NaN: not counted) for each scenario; the first is the asked one. */
  scenarios: Float64Array[]
  /** x, y interleaved, metres. */
  points: Float64Array
  /** What is summed: people, say, or 1 for each building; several at once over the same points. */
  weights: Float64Array[]
  /** Unit polygons, one list per level. */
  levels: Uint8Array[][]
  boundary: Uint8Array | null
  /** Leave points outside the boundary out of every sum. */
  clipToBoundary: boolean
}

export interface WeightSums {
  total: number
  covered: number
  /** Of the points outside the boundary, counted or not. */
  outside: number
  /** Sums per unit, for each level. */
  levels: { covered: Float64Array; total: Float64Array }[]
  /** Covered in each scenario. */
  scenarios: number[]
}

/** What is counted of demand points, and the sums by unit, of a membership in each scenario by whatever ruler. */
export function sumByUnits(input: Omit<PointsInput, 'facilities' | 'scenarios'>, coveredIn: readonly Uint8Array[]): { counted: Uint8Array; sums: WeightSums[] } {
  const count = input.points.length / 2
  const inside = input.boundary ? locatePoints(input.points, packWkb([input.boundary])) : null
  const counted = Uint8Array.from({ length: count }, (_value, point) => (inside && input.clipToBoundary && inside[point]! < 0 ? 0 : 1))
  const covered = coveredIn[0]!
  const owners = input.levels.map((units) => locatePoints(input.points, packWkb(units)))
  const sums = input.weights.map((weights): WeightSums => {
    const sum = (takes: (point: number) => boolean) => {
      let total = 0
      for (let point = 0; point < count; point += 1) if (takes(point)) total += weights[point]!
      return total
    }
    return {
      total: sum((point) => counted[point] === 1),
      covered: sum((point) => counted[point] === 1 && covered[point] === 1),
      outside: inside ? sum((point) => inside[point]! < 0) : 0,
      levels: owners.map((owner, level) => {
        const units = input.levels[level]!.length
        const of = { covered: new Float64Array(units), total: new Float64Array(units) }
        for (let point = 0; point < count; point += 1) {
          const unit = owner[point]!
          if (unit < 0 || !counted[point]) continue
          of.total[unit]! += weights[point]!
          if (covered[point]) of.covered[unit]! += weights[point]!
        }
        return of
      }),
      scenarios: coveredIn.map((flags) => sum((point) => counted[point] === 1 && flags[point] === 1)),
    }
  })
  return { counted, sums }
}
