import type { SitingProblem, SitingQuestion } from './problem.ts'
import type { SparseRows } from './sparse.ts'
import { Sum } from '../sum.ts'

/** Who is served from where, and what that comes to. */
export interface SitingEvaluation {
  /** Objective of the method with these sites. For p-median and p-center Infinity where a demand reaches no site. */
  objective: number
  /** Site that serves each demand (the cheapest, of equals the first), -1 for none. */
  siteOf: Int32Array
  /** What that costs; Infinity for none, NaN where the table holds no costs. */
  cost: Float64Array
  /** Whether the demand counts as served: within the radius for the coverings, reached at all for the others. */
  isServed: Uint8Array
}

/** Serves every demand from the cheapest of the given sites and those that stand already. */
export function evaluateSites(problem: SitingProblem, question: SitingQuestion, sites: readonly number[]): SitingEvaluation {
  const { costs, existing } = problem
  const isOpen = existing.slice()
  for (const site of sites) isOpen[site] = 1
  const siteOf = new Int32Array(costs.rowCount).fill(-1)
  const cost = new Float64Array(costs.rowCount).fill(Infinity)
  for (let demand = 0; demand < costs.rowCount; demand += 1) {
    for (let at = costs.start[demand]!; at < costs.start[demand + 1]!; at += 1) {
      const site = costs.column[at]!
      if (isOpen[site] === 0) continue
      const value = costs.value ? costs.value[at]! : NaN
      if (siteOf[demand]! >= 0 && !(value < cost[demand]!)) continue
      siteOf[demand] = site
      cost[demand] = value
    }
  }
  return summarise(problem, question, sites, siteOf, cost)
}

function summarise(problem: SitingProblem, question: SitingQuestion, sites: readonly number[], siteOf: Int32Array, cost: Float64Array): SitingEvaluation {
  const { costs, weights, siteCosts } = problem
  const isServed = new Uint8Array(costs.rowCount)
  const isCover = question.method === 'lscp' || question.method === 'mclp'
  const total = new Sum()
  let worst = 0
  for (let demand = 0; demand < costs.rowCount; demand += 1) {
    const isReached = siteOf[demand]! >= 0 && (!isCover || question.radius === null || cost[demand]! <= question.radius)
    isServed[demand] = isReached ? 1 : 0
    if (question.method === 'mclp') {
      if (isReached) total.add(weights[demand]!)
    } else if (question.method === 'p-median' && weights[demand]! > 0) total.add(weights[demand]! * cost[demand]!)
    if (cost[demand]! > worst) worst = cost[demand]!
  }
  if (question.method === 'lscp') for (const site of sites) total.add(siteCosts ? siteCosts[site]! : 1)
  const objective = question.method === 'p-center' ? worst : worst === Infinity && question.method === 'p-median' && hasIsland(siteOf, weights) ? Infinity : total.value
  return { objective, siteOf, cost, isServed }
}

/** Evaluates a choice with one site left out or exchanged, by the two cheapest open sites of each demand: each such question costs the demands, not the table. */
export class SwapEvaluator {
  readonly #problem: SitingProblem
  readonly #question: SitingQuestion
  readonly #sites: readonly number[]
  readonly #columns: SparseRows
  readonly #now: SitingEvaluation
  readonly #secondOf: Int32Array
  readonly #secondCost: Float64Array

  constructor(problem: SitingProblem, question: SitingQuestion, sites: readonly number[], columns: SparseRows) {
    const { costs } = problem
    this.#problem = problem
    this.#question = question
    this.#sites = sites
    this.#columns = columns
    this.#now = evaluateSites(problem, question, sites)
    this.#secondOf = new Int32Array(costs.rowCount).fill(-1)
    this.#secondCost = new Float64Array(costs.rowCount).fill(Infinity)
    const isOpen = problem.existing.slice()
    for (const site of sites) isOpen[site] = 1
    for (let demand = 0; demand < costs.rowCount; demand += 1) {
      for (let at = costs.start[demand]!; at < costs.start[demand + 1]!; at += 1) {
        const site = costs.column[at]!
        if (isOpen[site] === 0 || site === this.#now.siteOf[demand]) continue
        const value = costs.value ? costs.value[at]! : NaN
        if (this.#secondOf[demand]! >= 0 && !(value < this.#secondCost[demand]!)) continue
        this.#secondOf[demand] = site
        this.#secondCost[demand] = value
      }
    }
  }

  /** @param into site that takes the place of `out`; -1 for none */
  evaluate(out: number, into = -1): SitingEvaluation {
    const siteOf = this.#now.siteOf.slice()
    const cost = this.#now.cost.slice()
    for (let demand = 0; demand < siteOf.length; demand += 1) {
      if (siteOf[demand] !== out) continue
      siteOf[demand] = this.#secondOf[demand]!
      cost[demand] = this.#secondCost[demand]!
    }
    const { start, column, value } = this.#columns
    for (let at = into < 0 ? 0 : start[into]!; at < (into < 0 ? 0 : start[into + 1]!); at += 1) {
      const demand = column[at]!
      const offered = value ? value[at]! : NaN
      const isBetter = siteOf[demand]! < 0 || offered < cost[demand]! || (offered === cost[demand]! && into < siteOf[demand]!)
      if (!isBetter) continue
      siteOf[demand] = into
      cost[demand] = offered
    }
    const others = this.#sites.filter((site) => site !== out)
    return summarise(this.#problem, this.#question, into < 0 ? others : [...others, into], siteOf, cost)
  }
}

function hasIsland(siteOf: Int32Array, weights: Float64Array): boolean {
  return siteOf.some((site, demand) => site < 0 && weights[demand]! > 0)
}
