import type { SitingProblem, SitingQuestion } from './problem.ts'
import { Sum } from './sum.ts'

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
  const { costs, weights, existing, siteCosts } = problem
  const isOpen = existing.slice()
  for (const site of sites) isOpen[site] = 1
  const siteOf = new Int32Array(costs.rowCount).fill(-1)
  const cost = new Float64Array(costs.rowCount).fill(Infinity)
  const isServed = new Uint8Array(costs.rowCount)
  const isCover = question.method === 'lscp' || question.method === 'mclp'
  const total = new Sum()
  let worst = 0
  for (let demand = 0; demand < costs.rowCount; demand += 1) {
    for (let at = costs.start[demand]!; at < costs.start[demand + 1]!; at += 1) {
      const site = costs.column[at]!
      if (isOpen[site] === 0) continue
      const value = costs.value ? costs.value[at]! : NaN
      if (siteOf[demand]! >= 0 && !(value < cost[demand]!)) continue
      siteOf[demand] = site
      cost[demand] = value
    }
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

function hasIsland(siteOf: Int32Array, weights: Float64Array): boolean {
  return siteOf.some((site, demand) => site < 0 && weights[demand]! > 0)
}
