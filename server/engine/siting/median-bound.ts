import type { MedianInstance } from './median-instance.ts'

export interface MedianBoundOptions {
  iterations: number
  /** Weighted cost of the best answer known. */
  value: number
  stop(): boolean
  onBound(bound: number): void
  /** Hears the p candidates that are worth most under the multipliers, now and then; answers the cost of the best answer known by then. */
  onSites?(sites: number[]): number
  /** Multipliers to begin with, at most weight × base; at the end the best ones. */
  multipliers: Float64Array
}

export interface MedianBound {
  bound: number
  /** Worth of each candidate (at most 0) under the best multipliers. */
  worth: Float64Array
}

/** Worth of each candidate: what it serves below the multipliers. Rows are sorted, so each is read only as far as it matters. */
export function measureWorth({ rows, weights }: MedianInstance, multipliers: Float64Array, worth: Float64Array): void {
  worth.fill(0)
  for (let group = 0; group < rows.rowCount; group += 1) {
    const multiplier = multipliers[group]!
    const weight = weights[group]!
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
      const difference = weight * rows.value![at]! - multiplier
      if (difference >= 0) break
      worth[rows.column[at]!]! += difference
    }
  }
}

/**
 * Lower bound of the p-median by Lagrangian relaxation of "every demand is assigned" (Cornuéjols, Fisher and Nemhauser 1977; Narula, Ogbu and Samuelsson 1977),
 * by deflected subgradients: sum of the multipliers + the p most negative worths.
 */
export function boundMedian(instance: MedianInstance, p: number, options: MedianBoundOptions): MedianBound {
  const { rows, weights, base } = instance
  const { multipliers } = options
  const best = multipliers.slice()
  const worth = new Float64Array(rows.columnCount)
  const direction = new Float64Array(rows.rowCount)
  const isChosen = new Uint8Array(rows.columnCount)
  let order = Array.from(worth.keys())
  let known = options.value
  let bound = -Infinity
  let scale = 1.5
  let unchanged = 0
  for (let iteration = 0; iteration < options.iterations && !options.stop(); iteration += 1) {
    measureWorth(instance, multipliers, worth)
    order = order.sort((a, b) => worth[a]! - worth[b]! || a - b)
    let sum = 0
    for (let group = 0; group < rows.rowCount; group += 1) sum += multipliers[group]!
    isChosen.fill(0)
    for (const site of order.slice(0, p)) {
      sum += worth[site]!
      isChosen[site] = 1
    }
    if (sum > bound + Math.abs(bound) * 1e-9 || bound === -Infinity) unchanged = 0
    else unchanged += 1
    const isBetter = sum > bound
    if (isBetter) {
      bound = sum
      best.set(multipliers)
      options.onBound(bound)
    }
    if (options.onSites && (iteration % 25 === 24 || (isBetter && iteration % 5 === 4))) known = Math.min(known, options.onSites(order.slice(0, p)))
    if (unchanged >= 15) {
      scale /= 2
      unchanged = 0
      multipliers.set(best)
      direction.fill(0)
      if (scale < 1e-3) break
      continue
    }
    let squared = 0
    for (let group = 0; group < rows.rowCount; group += 1) {
      const multiplier = multipliers[group]!
      let slope = 1
      for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
        if (weights[group]! * rows.value![at]! >= multiplier) break
        slope -= isChosen[rows.column[at]!]!
      }
      // At weight × base the group may serve itself.
      slope = slope > 0 && multiplier >= weights[group]! * base[group]! ? 0 : slope
      slope += 0.5 * direction[group]!
      direction[group] = (multiplier <= 0 && slope < 0) || (multiplier >= weights[group]! * base[group]! && slope > 0) ? 0 : slope
      squared += direction[group]! * direction[group]!
    }
    if (squared === 0) break
    const step = (scale * Math.max(known - sum, Math.abs(known) * 1e-6)) / squared
    for (let group = 0; group < rows.rowCount; group += 1) multipliers[group] = Math.min(weights[group]! * base[group]!, Math.max(0, multipliers[group]! + step * direction[group]!))
  }
  multipliers.set(best)
  measureWorth(instance, multipliers, worth)
  return { bound, worth }
}

/**
 * What the bound says of single candidates: built in every answer better than `value`, or in none.
 * @param slack how much better an answer has to be: the step between objectives, 0 where they can be anything
 */
export function fixByBound({ bound, worth }: MedianBound, p: number, value: number, slack: number): { built: number[]; dropped: Set<number> } {
  const order = Array.from(worth.keys()).sort((a, b) => worth[a]! - worth[b]! || a - b)
  const last = worth[order[p - 1]!] ?? 0
  const next = order.length > p ? worth[order[p]!]! : 0
  const beyond = value - slack + Math.abs(value) * 1e-9 + (slack > 0 ? slack * 1e-3 : 0)
  const built: number[] = []
  const dropped = new Set<number>()
  order.forEach((site, rank) => {
    if (rank < p) {
      if (bound - worth[site]! + next > beyond) built.push(site)
    } else if (bound + worth[site]! - last > beyond) dropped.add(site)
  })
  return { built, dropped }
}
