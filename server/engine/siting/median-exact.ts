import { startFrom } from './cover-exact.ts'
import type { Incumbent } from './incumbent.ts'
import type { MedianInstance } from './median-instance.ts'
import { type MixedIntegerSolver, type ModelOutcome, ModelRows, runModel } from './mip.ts'
import { Sum } from '../sum.ts'

/** The model of a p-median, with how its columns are to be read. */
interface MedianModel {
  rows: ModelRows
  costs: number[]
  upper: number[]
  constant: number
  /** Columns that are 1 when the given candidates are open. */
  onesFor(open: ReadonlySet<number>): number[]
}

/**
 * p-median by levels of cost (Cornuéjols, Nemhauser and Wolsey 1980; Elloumi 2010): per group and level a column that is 1 unless a site
 * at or below the level is open. Each pair of the table stands in one row, which keeps the model small.
 */
function buildModel({ rows, weights, base, isPenalty }: MedianInstance, p: number): MedianModel {
  const siteCount = rows.columnCount
  const model = new ModelRows()
  const costs: number[] = Array.from({ length: siteCount }, () => 0)
  const upper: number[] = Array.from({ length: siteCount }, () => 1)
  const constant = new Sum()
  const levels: { column: number; group: number; end: number }[] = []
  for (let group = 0; group < rows.rowCount; group += 1) {
    const first = rows.start[group]!
    const end = rows.start[group + 1]!
    if (first === end) {
      constant.add(weights[group]! * base[group]!)
      continue
    }
    constant.add(weights[group]! * rows.value![first]!)
    let previous = -1
    for (let at = first; at < end; ) {
      const level = rows.value![at]!
      let next = at
      while (next < end && rows.value![next] === level) model.entry(rows.column[next++]!, 1)
      // p sites are built, so of the cheapest (candidates - p + 1) one is: nobody is served dearer than that.
      const isLast = next - first >= siteCount - p + 1
      const isForced = isLast || (next === end && isPenalty[group] === 1)
      const column = costs.push(isForced ? 0 : weights[group]! * ((next < end ? rows.value![next]! : base[group]!) - level)) - 1
      upper.push(isForced ? 0 : 1)
      levels.push({ column, group, end: next })
      model.entry(column, 1)
      if (previous >= 0) model.entry(previous, -1)
      model.end(previous < 0 ? 1 : 0, Infinity)
      previous = column
      if (isLast) break
      at = next
    }
  }
  for (let site = 0; site < siteCount; site += 1) model.entry(site, 1)
  model.end(-Infinity, p)
  return {
    rows: model,
    costs,
    upper,
    constant: constant.value,
    onesFor(open) {
      const ones = [...open]
      for (const { column, group, end } of levels) {
        let isServed = false
        for (let at = rows.start[group]!; at < end && !isServed; at += 1) isServed = open.has(rows.column[at]!)
        if (!isServed) ones.push(column)
      }
      return ones
    },
  }
}

/** Solves it with the incumbent as start; `onSites` hears better answers as candidates of this instance. */
export function solveMedianExactly(highs: MixedIntegerSolver, instance: MedianInstance, p: number, incumbent: Incumbent, best: readonly number[], onSites: (sites: number[]) => void): ModelOutcome {
  const model = buildModel(instance, p)
  return runModel(highs, { sense: 'minimize', costs: Float64Array.from(model.costs), upper: Float64Array.from(model.upper), binaryCount: instance.rows.columnCount, rows: model.rows }, incumbent, {
    start: startFrom(model.onesFor(new Set(best)), model.costs.length),
    onBound: (bound) => incumbent.tighten(Math.min(bound + model.constant, incumbent.objective)),
    onSolution: (values) => onSites(Array.from({ length: instance.rows.columnCount }, (_value, site) => site).filter((site) => values[site]! > 0.5)),
  })
}
