import type { CoverInstance } from './cover-instance.ts'

export interface SetCoverBoundOptions {
  iterations: number
  /** Cost of the best answer known. */
  value: number
  stop(): boolean
  onBound(bound: number): void
  /** Hears, now and then, the candidates that pay for themselves under the multipliers; answers the cost of the best answer known by then. */
  onSites?(sites: number[]): number
}

/**
 * Lower bound of set covering by Lagrangian relaxation of "every group is covered" (Beasley 1990), by subgradients:
 * sum of the multipliers + sum of the negative reduced costs.
 */
export function boundSetCover({ rows, columns }: CoverInstance, costs: Float64Array, options: SetCoverBoundOptions): number {
  const multipliers = new Float64Array(rows.rowCount)
  // A group's share of its cheapest candidate per group covered.
  for (let row = 0; row < rows.rowCount; row += 1) {
    let least = Infinity
    for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) {
      const column = rows.column[at]!
      least = Math.min(least, costs[column]! / (columns.start[column + 1]! - columns.start[column]!))
    }
    multipliers[row] = least
  }
  const best = multipliers.slice()
  const reduced = new Float64Array(columns.rowCount)
  const direction = new Float64Array(rows.rowCount)
  let known = options.value
  let bound = -Infinity
  let scale = 2
  let unchanged = 0
  for (let iteration = 0; iteration < options.iterations && !options.stop(); iteration += 1) {
    let sum = 0
    for (let row = 0; row < rows.rowCount; row += 1) sum += multipliers[row]!
    for (let column = 0; column < columns.rowCount; column += 1) {
      let cost = costs[column]!
      for (let at = columns.start[column]!; at < columns.start[column + 1]!; at += 1) cost -= multipliers[columns.column[at]!]!
      reduced[column] = cost
      if (cost < 0) sum += cost
    }
    if (sum > bound + Math.abs(bound) * 1e-9 || bound === -Infinity) unchanged = 0
    else unchanged += 1
    if (sum > bound) {
      bound = sum
      best.set(multipliers)
      options.onBound(bound)
    }
    if (options.onSites && iteration % 20 === 19) {
      const sites: number[] = []
      reduced.forEach((cost, column) => {
        if (cost < 0) sites.push(column)
      })
      known = Math.min(known, options.onSites(sites))
    }
    if (unchanged >= 25) {
      scale /= 2
      unchanged = 0
      multipliers.set(best)
      if (scale < 1e-3) break
      continue
    }
    let squared = 0
    for (let row = 0; row < rows.rowCount; row += 1) {
      let slope = 1
      for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) if (reduced[rows.column[at]!]! < 0) slope -= 1
      direction[row] = multipliers[row]! <= 0 && slope < 0 ? 0 : slope
      squared += direction[row]! * direction[row]!
    }
    if (squared === 0) break
    const step = (scale * Math.max(known - sum, Math.abs(known) * 1e-4)) / squared
    for (let row = 0; row < rows.rowCount; row += 1) multipliers[row] = Math.max(0, multipliers[row]! + step * direction[row]!)
  }
  return bound
}
