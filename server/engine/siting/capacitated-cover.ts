import { CapacityFlow } from './capacity-flow.ts'
import { type BuildLimit, fits } from './cover-search.ts'
import { Incumbent, type SitingControl } from './incumbent.ts'
import { buildLimitOf } from './maximal-cover.ts'
import { mergeDemands } from './merge.ts'
import { MOST_ENTRIES, ModelRows, runModel } from './mip.ts'
import type { SitingProblem, SitingQuestion } from './problem.ts'
import type { Effort, SearchOutcome } from './search.ts'
import { selectRows, type SparseRows, transpose } from './sparse.ts'
import { sumOf } from '../sum.ts'

interface CapacityInstance {
  /** A row per group, a column per site, existing ones included: they are limited too. */
  rows: SparseRows
  columns: SparseRows
  weights: Float64Array
  capacities: Float64Array
  existing: number[]
  candidates: number[]
}

function makeInstance(problem: SitingProblem, radius: number | null): CapacityInstance {
  const { costs, weights, existing } = problem
  const weighty = Array.from({ length: costs.rowCount }, (_value, demand) => demand).filter((demand) => weights[demand]! > 0)
  const same = Int32Array.from({ length: costs.columnCount }, (_value, site) => site)
  const within = selectRows(costs, weighty, same, costs.columnCount, (value) => radius === null || value <= radius)
  const merged = mergeDemands({ ...within, value: null }, Float64Array.from(weighty, (demand) => weights[demand]!))
  const sites = Array.from({ length: costs.columnCount }, (_value, site) => site)
  const greatest = sumOf(weights)
  return {
    rows: merged.rows,
    columns: transpose(merged.rows),
    weights: merged.weights,
    // Room for everybody is room enough.
    capacities: Float64Array.from(problem.capacities!, (capacity) => Math.min(capacity, greatest)),
    existing: sites.filter((site) => existing[site] === 1),
    candidates: sites.filter((site) => existing[site] === 0),
  }
}

function servedBy(instance: CapacityInstance, sites: readonly number[]): number {
  const flow = new CapacityFlow(instance.rows, instance.columns, instance.weights, instance.capacities)
  for (const site of [...instance.existing, ...sites]) flow.open(site)
  return flow.served
}

/** Weight that the given new sites and those that stand can serve within their capacities. */
export function measureServed(problem: SitingProblem, radius: number | null, sites: readonly number[]): number {
  return servedBy(makeInstance(problem, radius), sites)
}

function solveExactly(instance: CapacityInstance, build: BuildLimit, incumbent: Incumbent, effort: Effort, offer: (sites: number[]) => void): string | null {
  const { rows, weights, capacities, existing, columns } = instance
  const siteCount = columns.rowCount
  const columnCount = siteCount + rows.column.length
  const costs = new Float64Array(columnCount).fill(1, siteCount)
  const upper = new Float64Array(columnCount).fill(1)
  const model = new ModelRows()
  for (let group = 0; group < rows.rowCount; group += 1) {
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
      upper[siteCount + at] = weights[group]!
      model.entry(siteCount + at, 1)
    }
    model.end(-Infinity, weights[group]!)
  }
  const entries: number[][] = Array.from({ length: siteCount }, () => [])
  for (let group = 0; group < rows.rowCount; group += 1) {
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
      const site = rows.column[at]!
      entries[site]!.push(siteCount + at)
      model.entry(siteCount + at, 1)
      model.entry(site, -Math.min(weights[group]!, capacities[site]!))
      model.end(-Infinity, 0)
    }
  }
  for (let site = 0; site < siteCount; site += 1) {
    for (const entry of entries[site]!) model.entry(entry, 1)
    if (capacities[site]! > 0) model.entry(site, -capacities[site]!)
    model.end(-Infinity, 0)
  }
  instance.candidates.forEach((site, index) => {
    if (build.costs[index]! > 0) model.entry(site, build.costs[index]!)
  })
  model.end(-Infinity, build.limit)
  for (const site of existing) {
    model.entry(site, 1)
    model.end(1, 1)
  }
  const isCandidate = new Uint8Array(siteCount)
  for (const site of instance.candidates) isCandidate[site] = 1
  const outcome = runModel(effort.solver!, { sense: 'maximize', costs, upper, binaryCount: siteCount, rows: model }, incumbent, {
    onBound: (bound) => incumbent.tighten(bound),
    onSolution: (values) => offer(Array.from({ length: siteCount }, (_value, site) => site).filter((site) => isCandidate[site] === 1 && values[site]! > 0.5)),
  })
  if (outcome.status === 'proven') incumbent.tighten(incumbent.objective)
  return outcome.fault
}

/**
 * Maximal covering where a site serves no more than its capacity (Current and Storbeck 1988). A demand may be divided between sites.
 * First answer: whichever site could take most of what is unserved; then exactly, where a solver is given.
 */
export function solveCapacitatedCover(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SearchOutcome {
  const instance = makeInstance(problem, question.radius)
  const { candidates, columns, capacities } = instance
  const build = buildLimitOf(problem, question, Uint32Array.from(candidates))
  const incumbent = new Incumbent('maximize', control, 0)
  incumbent.tighten(sumOf(instance.weights))
  const flow = new CapacityFlow(instance.rows, columns, instance.weights, capacities)
  for (const site of instance.existing) flow.open(site)
  const chosen: number[] = []
  let spent = 0
  incumbent.offer(chosen, flow.served)
  while (!incumbent.stop) {
    let best = -1
    let most = 0
    candidates.forEach((site, index) => {
      if (chosen.includes(site) || !fits(spent + build.costs[index]!, build)) return
      let reach = 0
      for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) reach += flow.unserved[columns.column[at]!]!
      const gain = Math.min(reach, capacities[site]!)
      if (gain > most) {
        most = gain
        best = index
      }
    })
    if (best < 0) break
    chosen.push(candidates[best]!)
    spent += build.costs[best]!
    flow.open(candidates[best]!)
    incumbent.offer(chosen, flow.served)
  }
  const largest = candidates.map((site) => capacities[site]!).sort((a, b) => b - a)
  if (question.budget === null) incumbent.tighten(sumOf([...instance.existing.map((site) => capacities[site]!), ...largest.slice(0, build.limit)]))
  const isTooLarge = instance.rows.column.length * 3 > MOST_ENTRIES
  if (!effort.solver || effort.isGreedyOnly || isTooLarge || incumbent.stop) return { incumbent, fault: null, isTooLarge }
  incumbent.stage = 'exact'
  const costOf = new Map(candidates.map((site, index) => [site, build.costs[index]!]))
  const fault = solveExactly(instance, build, incumbent, effort, (sites) => {
    if (fits(sumOf(sites.map((site) => costOf.get(site)!)), build)) incumbent.offer(sites, servedBy(instance, sites))
  })
  return { incumbent, fault, isTooLarge }
}
