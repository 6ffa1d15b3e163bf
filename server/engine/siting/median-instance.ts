import { mergeDemands } from './merge.ts'
import type { SitingProblem } from './problem.ts'
import { type SparseRows, selectRows, transpose } from './sparse.ts'

/** p-median once existing sites serve whom they reach: what each candidate could do better. */
export interface MedianInstance {
  /** A row per group of demands: the candidates that serve it for less than `base`, the cheapest first. */
  rows: SparseRows
  /** The same by candidates. */
  columns: SparseRows
  weights: Float64Array
  /** Cost per unit of weight without any candidate: from the existing sites, or a penalty beyond every whole answer where none reaches. */
  base: Float64Array
  /** 1 where the base is a penalty: such a group has to be served by a candidate. */
  isPenalty: Uint8Array
  siteOf: Uint32Array
}

/** Entries of each row, the cheapest first; of equals the lower column. */
export function sortRows(rows: SparseRows): SparseRows {
  const column = rows.column.slice()
  const value = rows.value!.slice()
  for (let row = 0; row < rows.rowCount; row += 1) {
    const first = rows.start[row]!
    const order = Array.from({ length: rows.start[row + 1]! - first }, (_value, step) => first + step).sort((a, b) => rows.value![a]! - rows.value![b]! || rows.column[a]! - rows.column[b]!)
    order.forEach((at, step) => {
      column[first + step] = rows.column[at]!
      value[first + step] = rows.value![at]!
    })
  }
  return { ...rows, column, value }
}

/** Leaves out entries that are no better than the base of their row. */
function belowBase(rows: SparseRows, base: Float64Array): SparseRows {
  const start = new Uint32Array(rows.rowCount + 1)
  const column = new Uint32Array(rows.column.length)
  const value = new Float64Array(rows.column.length)
  let place = 0
  for (let row = 0; row < rows.rowCount; row += 1) {
    for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) {
      if (rows.value![at]! >= base[row]!) continue
      column[place] = rows.column[at]!
      value[place] = rows.value![at]!
      place += 1
    }
    start[row + 1] = place
  }
  return { ...rows, start, column: column.slice(0, place), value: value.slice(0, place) }
}

export function makeMedianInstance(problem: SitingProblem): MedianInstance {
  const { costs, existing } = problem
  const weighty: number[] = []
  problem.weights.forEach((weight, demand) => {
    if (weight > 0) weighty.push(demand)
  })
  const same = Int32Array.from({ length: costs.columnCount }, (_value, site) => site)
  const merged = mergeDemands(selectRows(costs, weighty, same, costs.columnCount, () => true), Float64Array.from(weighty, (demand) => problem.weights[demand]!))
  const { rows, weights } = merged
  const base = new Float64Array(rows.rowCount).fill(Infinity)
  let dearest = 0
  let least = Infinity
  for (let group = 0; group < rows.rowCount; group += 1) {
    let worst = 0
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
      worst = Math.max(worst, rows.value![at]!)
      if (existing[rows.column[at]!] === 1) base[group] = Math.min(base[group]!, rows.value![at]!)
    }
    dearest += weights[group]! * worst
    least = Math.min(least, weights[group]!)
  }
  // Not serving one group costs more than serving all as badly as can be.
  const penalty = (2 * dearest + 1) / least
  const isPenalty = new Uint8Array(rows.rowCount)
  base.forEach((cost, group) => {
    if (cost < Infinity) return
    base[group] = penalty
    isPenalty[group] = 1
  })
  const siteOf: number[] = []
  const candidateOf = new Int32Array(costs.columnCount).fill(-1)
  existing.forEach((stands, site) => {
    if (stands === 0) candidateOf[site] = siteOf.push(site) - 1
  })
  const all = Uint32Array.from({ length: rows.rowCount }, (_value, group) => group)
  const sorted = sortRows(belowBase(selectRows(rows, all, candidateOf, siteOf.length, () => true), base))
  return { rows: sorted, columns: transpose(sorted), weights, base, isPenalty, siteOf: Uint32Array.from(siteOf) }
}

/** The question that is left when some candidates are built for certain and others for certain not. */
export function fixCandidates(instance: MedianInstance, built: readonly number[], dropped: ReadonlySet<number>): { instance: MedianInstance; candidateOf: Uint32Array } {
  const { rows, weights } = instance
  const isBuilt = new Set(built)
  const base = instance.base.slice()
  const isPenalty = instance.isPenalty.slice()
  for (let group = 0; group < rows.rowCount; group += 1) {
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
      if (!isBuilt.has(rows.column[at]!)) continue
      if (rows.value![at]! < base[group]!) {
        base[group] = rows.value![at]!
        isPenalty[group] = 0
      }
      break
    }
  }
  const candidateOf: number[] = []
  const newColumn = new Int32Array(rows.columnCount).fill(-1)
  for (let candidate = 0; candidate < rows.columnCount; candidate += 1) if (!isBuilt.has(candidate) && !dropped.has(candidate)) newColumn[candidate] = candidateOf.push(candidate) - 1
  const all = Uint32Array.from({ length: rows.rowCount }, (_value, group) => group)
  const smaller = belowBase(selectRows(rows, all, newColumn, candidateOf.length, () => true), base)
  return {
    instance: { rows: smaller, columns: transpose(smaller), weights, base, isPenalty, siteOf: Uint32Array.from(candidateOf, (candidate) => instance.siteOf[candidate]!) },
    candidateOf: Uint32Array.from(candidateOf),
  }
}
