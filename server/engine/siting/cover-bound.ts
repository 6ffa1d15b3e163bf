import type { CoverInstance } from './cover-instance.ts'
import type { BuildLimit } from './cover-search.ts'

export interface CoverBoundOptions {
  iterations: number
  /** Best value known: steps are measured by the distance to it. */
  value: number
  stop(): boolean
  /** Hears each better bound. */
  onBound(bound: number): void
  /** Hears the candidates that the relaxation would open, now and then; answers the best value known by then. */
  onSites?(sites: number[]): number
  /** Multipliers to begin with; they are changed. */
  multipliers?: Float64Array
}

/** Multipliers to begin with: a group's weight, shared among the candidates that could cover it. */
export function firstMultipliers({ rows, weights }: CoverInstance): Float64Array {
  return Float64Array.from(weights, (weight, group) => weight / Math.sqrt(Math.max(1, rows.start[group + 1]! - rows.start[group]!)))
}

/**
 * The dearest choice within the limit by fractions (a knapsack filled by value per cost): an upper bound of any whole choice.
 * @returns its value; `chosen` holds how much of each candidate is taken
 */
function fill(value: Float64Array, order: Uint32Array, { costs, limit }: BuildLimit, chosen: Float64Array): number {
  order.sort((a, b) => value[b]! / Math.max(costs[b]!, 1e-300) - value[a]! / Math.max(costs[a]!, 1e-300) || a - b)
  chosen.fill(0)
  let left = limit
  let sum = 0
  for (const site of order) {
    if (value[site]! <= 0) break
    const share = costs[site]! <= left ? 1 : left / costs[site]!
    if (share <= 0) break
    chosen[site] = share
    sum += share * value[site]!
    left -= share * costs[site]!
  }
  return sum
}

/**
 * Upper bound of maximal covering by Lagrangian relaxation of "covered only if a covering site is open" (Galvão and ReVelle 1996),
 * by deflected subgradients (Camerini, Fratta and Maffioli 1975). Every iteration's value is a valid bound: sum of (weight - multiplier) + best choice of sites
 * by summed multipliers, 0 ≤ multiplier ≤ weight.
 * @returns the best bound
 */
export function boundCover(instance: CoverInstance, build: BuildLimit, options: CoverBoundOptions): number {
  const { rows, columns, weights } = instance
  const multipliers = options.multipliers ?? firstMultipliers(instance)
  const best = multipliers.slice()
  const direction = new Float64Array(rows.rowCount)
  const value = new Float64Array(columns.rowCount)
  const chosen = new Float64Array(columns.rowCount)
  const order = Uint32Array.from({ length: columns.rowCount }, (_value, site) => site)
  let known = options.value
  let bound = Infinity
  let scale = 2
  let unchanged = 0
  for (let iteration = 0; iteration < options.iterations && !options.stop(); iteration += 1) {
    let sum = 0
    for (let group = 0; group < rows.rowCount; group += 1) sum += weights[group]! - multipliers[group]!
    for (let site = 0; site < columns.rowCount; site += 1) {
      let worth = 0
      for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) worth += multipliers[columns.column[at]!]!
      value[site] = worth
    }
    sum += fill(value, order, build, chosen)
    if (sum < bound * (1 - 1e-9) || bound === Infinity) unchanged = 0
    else unchanged += 1
    if (sum < bound) {
      bound = sum
      best.set(multipliers)
      options.onBound(bound)
    }
    if (options.onSites && (iteration % 10 === 0 || unchanged === 0)) {
      const sites: number[] = []
      chosen.forEach((share, site) => {
        if (share > 0.999) sites.push(site)
      })
      known = Math.max(known, options.onSites(sites))
    }
    if (unchanged >= 30) {
      scale /= 2
      unchanged = 0
      multipliers.set(best)
      direction.fill(0)
      if (scale < 1e-4) break
      continue
    }
    let squared = 0
    for (let group = 0; group < rows.rowCount; group += 1) {
      let open = 0
      for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) open += chosen[rows.column[at]!]!
      // Where the multiplier is all of the weight, covered or not is worth the same: whatever is consistent.
      const covered = multipliers[group]! < weights[group]! ? 1 : Math.min(1, open)
      const slope = open - covered + 0.8 * direction[group]!
      direction[group] = (multipliers[group]! <= 0 && slope > 0) || (multipliers[group]! >= weights[group]! && slope < 0) ? 0 : slope
      squared += direction[group]! * direction[group]!
    }
    if (squared === 0) break
    const step = (scale * Math.max(sum - known, bound * 1e-7)) / squared
    for (let group = 0; group < rows.rowCount; group += 1) multipliers[group] = Math.min(weights[group]!, Math.max(0, multipliers[group]! - step * direction[group]!))
  }
  multipliers.set(best)
  return bound
}
