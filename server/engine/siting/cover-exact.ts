import type { CoverInstance } from './cover-instance.ts'
import type { BuildLimit } from './cover-search.ts'
import type { Incumbent } from './incumbent.ts'
import { type MixedIntegerSolver, type ModelOutcome, ModelRows, runModel } from './mip.ts'

/**
 * Maximal covering as a mixed-integer model: max sum w x, x ≤ sum of the covering y, sum c y ≤ limit (Church and ReVelle 1974).
 * x may be fractions: with whole y the best x is whole.
 * @param constant weight that is covered whatever is built
 * @param best candidates of the best answer so far
 * @param onSites told the candidates of better answers
 */
export function solveCoverExactly(highs: MixedIntegerSolver, instance: CoverInstance, build: BuildLimit, incumbent: Incumbent, constant: number, best: readonly number[], onSites: (sites: number[]) => void): ModelOutcome {
  const { rows, columns, weights } = instance
  const siteCount = columns.rowCount
  const costs = new Float64Array(siteCount + rows.rowCount)
  costs.set(weights, siteCount)
  const model = new ModelRows()
  for (let group = 0; group < rows.rowCount; group += 1) {
    model.entry(siteCount + group, 1)
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) model.entry(rows.column[at]!, -1)
    model.end(-Infinity, 0)
  }
  for (let site = 0; site < siteCount; site += 1) if (build.costs[site]! > 0) model.entry(site, build.costs[site]!)
  model.end(-Infinity, build.limit)
  const isCovered = new Uint8Array(rows.rowCount)
  for (const site of best) for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) isCovered[columns.column[at]!] = 1
  const indices = [...best]
  isCovered.forEach((covered, group) => {
    if (covered === 1) indices.push(siteCount + group)
  })
  return runModel(highs, { sense: 'maximize', costs, upper: new Float64Array(costs.length).fill(1), binaryCount: siteCount, rows: model }, incumbent, {
    start: startFrom(indices, costs.length),
    onBound: (bound) => incumbent.tighten(bound + constant),
    onSolution: (values) => {
      const sites: number[] = []
      for (let site = 0; site < siteCount; site += 1) if (values[site]! > 0.5) sites.push(site)
      onSites(sites)
    },
  })
}

/** A whole starting answer: 1 at the given columns, 0 at all others. */
export function startFrom(ones: readonly number[], columnCount: number): { indices: Int32Array; values: Float64Array } {
  const values = new Float64Array(columnCount)
  for (const column of ones) values[column] = 1
  return { indices: Int32Array.from({ length: columnCount }, (_value, index) => index), values }
}
