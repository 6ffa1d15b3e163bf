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
  /** Of each demand; -1 for those without weight. */
  groupOf: Int32Array
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
  const groupOf = new Int32Array(costs.rowCount).fill(-1)
  weighty.forEach((demand, row) => (groupOf[demand] = merged.groupOf[row]!))
  return {
    groupOf,
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

/** Who goes where within the capacities of all that is open: one division of many that serve as much. */
export interface CapacityLoads {
  /** Weight that each site serves. */
  loads: Float64Array
  /** Of each demand with weight, the site that serves most of its like; -1 where more of them go unserved than are served. */
  siteOf: Int32Array
}

/** @param radius null where every pair of the table is within reach */
export function measureLoads(problem: SitingProblem, radius: number | null, sites: readonly number[]): CapacityLoads {
  const instance = makeInstance(problem, radius)
  const { rows, weights, groupOf } = instance
  const flow = new CapacityFlow(rows, instance.columns, weights, instance.capacities)
  for (const site of [...instance.existing, ...sites]) flow.open(site)
  const serving = Int32Array.from(weights, (weight, group) => {
    let best = -1
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) if (flow.flow[at]! > (best < 0 ? 0 : flow.flow[best]!)) best = at
    return best < 0 || flow.unserved[group]! > weight / 2 ? -1 : rows.column[best]!
  })
  return { loads: flow.loads(), siteOf: Int32Array.from(groupOf, (group) => (group < 0 ? -1 : serving[group]!)) }
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

/** Weight that a site could take if nobody else did. */
function reachOf({ columns, rows, unserved, flow }: CapacityFlow, site: number): number {
  let reach = 0
  for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
    const group = columns.column[at]!
    reach += unserved[group]!
    for (let entry = rows.start[group]!; entry < rows.start[group + 1]!; entry += 1) reach += flow[entry]!
  }
  return reach
}

/** The most that gains could come to within the limit: the dearest by their worth, the last in part. */
function mostOf(gains: Float64Array, { costs, limit }: BuildLimit): number {
  const order = [...gains.keys()].filter((index) => gains[index]! > 0).sort((a, b) => gains[b]! * costs[a]! - gains[a]! * costs[b]! || a - b)
  let [left, most] = [limit, 0]
  for (const index of order) {
    const share = costs[index]! > 0 ? Math.min(1, left / costs[index]!) : 1
    if (share <= 0) break
    most += gains[index]! * share
    left -= costs[index]! * share
  }
  return most
}

interface GrowthListener {
  stop(): boolean
  /** Candidates by their number, in the order in which they were opened. */
  onSite(chosen: readonly number[]): void
  /** At least what each candidate would add now; 0 for those that are open. */
  onGains(gains: Float64Array): void
}

/**
 * One site after the other, each the greatest gain then. What is served is submodular in what is open, so that a gain of before is a bound of the
 * gain now: most need not be looked at again (Minoux 1978), and what is served with the greatest gains of any moment is a bound of every answer (Nemhauser, Wolsey and Fisher 1978).
 */
function growGreedily(flow: CapacityFlow, { candidates, capacities }: CapacityInstance, build: BuildLimit, told: GrowthListener): void {
  const gains = Float64Array.from(candidates, (site) => Math.min(capacities[site]!, reachOf(flow, site)))
  const isChosen = new Uint8Array(candidates.length)
  const chosen: number[] = []
  let spent = 0
  told.onGains(gains)
  for (;;) {
    const measured = new Uint8Array(candidates.length)
    let best = -1
    for (;;) {
      best = -1
      gains.forEach((gain, index) => {
        if (isChosen[index] === 0 && gain > 0 && fits(spent + build.costs[index]!, build) && (best < 0 || gain > gains[best]!)) best = index
      })
      if (best < 0 || measured[best] === 1 || told.stop()) break
      gains[best] = Math.min(gains[best]!, flow.gainOf(candidates[best]!))
      measured[best] = 1
    }
    told.onGains(gains)
    if (best < 0 || told.stop()) return
    flow.open(candidates[best]!)
    isChosen[best] = 1
    gains[best] = 0
    chosen.push(best)
    spent += build.costs[best]!
    told.onSite(chosen)
  }
}

/**
 * Maximal covering where a site serves no more than its capacity (Current and Storbeck 1988). A demand may be divided between sites.
 * First answer: whichever site could take most of what is unserved; then exactly, where a solver is given.
 */
export function solveCapacitatedCover(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SearchOutcome {
  const instance = makeInstance(problem, question.radius)
  const { candidates, columns } = instance
  const build = buildLimitOf(problem, question, Uint32Array.from(candidates))
  const incumbent = new Incumbent('maximize', control, 0)
  incumbent.tighten(sumOf(instance.weights))
  const flow = new CapacityFlow(instance.rows, columns, instance.weights, instance.capacities)
  for (const site of instance.existing) flow.open(site)
  incumbent.offer([], flow.served)
  growGreedily(flow, instance, build, {
    stop: () => incumbent.stop !== undefined,
    onSite: (chosen) => incumbent.offer(chosen.map((index) => candidates[index]!), flow.served),
    onGains: (gains) => incumbent.tighten(flow.served + mostOf(gains, build)),
  })
  const isTooLarge = instance.rows.column.length * 3 > MOST_ENTRIES
  if (!effort.solver || effort.isGreedyOnly || isTooLarge || incumbent.stop) return { incumbent, fault: null, isTooLarge }
  incumbent.stage = 'exact'
  const costOf = new Map(candidates.map((site, index) => [site, build.costs[index]!]))
  const fault = solveExactly(instance, build, incumbent, effort, (sites) => {
    if (fits(sumOf(sites.map((site) => costOf.get(site)!)), build)) incumbent.offer(sites, servedBy(instance, sites))
  })
  return { incumbent, fault, isTooLarge }
}

/** What is served without a site, and the candidate that would serve most in its place; null where there is none that adds anything. */
export function replaceWithinCapacities(problem: SitingProblem, radius: number | null, sites: readonly number[], out: number): { servedWithout: number; best: { site: number; served: number } | null } {
  const instance = makeInstance(problem, radius)
  const flow = new CapacityFlow(instance.rows, instance.columns, instance.weights, instance.capacities)
  for (const site of [...instance.existing, ...sites.filter((site) => site !== out)]) flow.open(site)
  const servedWithout = flow.served
  const bounds = instance.candidates.filter((site) => !sites.includes(site)).map((site) => ({ site, most: Math.min(instance.capacities[site]!, reachOf(flow, site)) })).sort((a, b) => b.most - a.most || a.site - b.site)
  let best: { site: number; served: number } | null = null
  for (const { site, most } of bounds) {
    if (most <= (best ? best.served - servedWithout : 0)) break
    const served = servedWithout + flow.gainOf(site)
    if (served > (best?.served ?? servedWithout)) best = { site, served }
  }
  return { servedWithout, best }
}

export interface CapacityStep {
  site: number
  served: number
  /** What no choice of so many sites can serve more than. */
  bound: number
}

/** What is served with one site more at a time, and what no choice of so many could do better than. */
export function growWithinCapacities(problem: SitingProblem, radius: number | null, upTo: number, stop: () => boolean): CapacityStep[] {
  const instance = makeInstance(problem, radius)
  const flow = new CapacityFlow(instance.rows, instance.columns, instance.weights, instance.capacities)
  for (const site of instance.existing) flow.open(site)
  const steps: CapacityStep[] = []
  const all = sumOf(instance.weights)
  const bounds = new Float64Array(upTo).fill(all)
  growGreedily(flow, instance, { costs: new Float64Array(instance.candidates.length).fill(1), limit: upTo }, {
    stop,
    onSite: (chosen) => steps.push({ site: instance.candidates[chosen.at(-1)!]!, served: flow.served, bound: all }),
    onGains: (gains) => {
      let most = flow.served
      gains.slice().sort((a, b) => b - a).slice(0, upTo).forEach((gain, index) => {
        most += gain
        bounds[index] = Math.min(bounds[index]!, most)
      })
    },
  })
  return steps.map((step, index) => ({ ...step, bound: Math.max(step.served, bounds[index]!) }))
}
