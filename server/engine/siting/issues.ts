import type { SitingProblem, SitingQuestion } from './problem.ts'
import { sumOf } from '../sum.ts'

/** What is wrong with a question, so that it has no meaningful answer. */
export type SitingIssueCode =
  | 'no_demands'
  | 'no_sites'
  | 'weight_invalid'
  | 'cost_invalid'
  | 'site_cost_invalid'
  | 'capacity_invalid'
  | 'radius_invalid'
  | 'costs_missing'
  | 'total_weight_zero'
  | 'p_invalid'
  | 'p_above_candidates'
  | 'budget_invalid'
  | 'budget_below_cheapest'
  | 'capacity_zero'
  | 'islands'
  | 'nothing_reachable'
  | 'p_below_needed'

export interface SitingIssue {
  code: SitingIssueCode
  zh: string
  en: string
  /** Demands or sites that are at fault, by number in the problem. */
  demands?: number[]
  sites?: number[]
  /** Weight of those demands. */
  weight?: number
}

/** A question without a meaningful answer; each issue says why, in both languages. */
export class SitingRefused extends Error {
  readonly issues: readonly SitingIssue[]
  constructor(issues: readonly SitingIssue[]) {
    super(issues.map((issue) => issue.en).join(' '))
    this.name = 'SitingRefused'
    this.issues = issues
  }
}

const isAmount = (value: number) => Number.isFinite(value) && value >= 0
const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 6 })

/** Demands that no site, existing or candidate, reaches (within the radius where the method has one). */
export function findIslands(problem: SitingProblem, radius: number | null): number[] {
  const { costs } = problem
  const islands: number[] = []
  for (let demand = 0; demand < costs.rowCount; demand += 1) {
    let isReached = false
    for (let at = costs.start[demand]!; at < costs.start[demand + 1]! && !isReached; at += 1) isReached = radius === null || (costs.value !== null && costs.value[at]! <= radius)
    if (!isReached) islands.push(demand)
  }
  return islands
}

function checkNumbers(problem: SitingProblem, question: SitingQuestion): SitingIssue[] {
  const { costs, weights, existing, siteCosts, capacities } = problem
  const issues: SitingIssue[] = []
  if (costs.rowCount === 0) issues.push({ code: 'no_demands', zh: '没有任何需求点。', en: 'There are no demands.' })
  if (costs.columnCount === 0) issues.push({ code: 'no_sites', zh: '没有任何候选点。', en: 'There are no candidate sites.' })
  const badWeights = [...weights.keys()].filter((demand) => !isAmount(weights[demand]!))
  if (badWeights.length > 0) issues.push({ code: 'weight_invalid', demands: badWeights, zh: `${badWeights.length} 个需求点的权重为负或不是数。`, en: `${badWeights.length} demands have a weight that is negative or not a number.` })
  const badRows: number[] = []
  for (let demand = 0; costs.value && demand < costs.rowCount; demand += 1) {
    for (let at = costs.start[demand]!; at < costs.start[demand + 1]!; at += 1) {
      if (isAmount(costs.value[at]!)) continue
      badRows.push(demand)
      break
    }
  }
  if (badRows.length > 0) issues.push({ code: 'cost_invalid', demands: badRows, zh: `${badRows.length} 个需求点到候选点的距离或费用为负或不是数。`, en: `${badRows.length} demands have a cost to a site that is negative or not a number.` })
  const badSites = siteCosts ? [...siteCosts.keys()].filter((site) => existing[site] === 0 && !isAmount(siteCosts[site]!)) : []
  if (badSites.length > 0) issues.push({ code: 'site_cost_invalid', sites: badSites, zh: `${badSites.length} 个候选点的建设费用为负或不是数。`, en: `${badSites.length} sites have a cost of building that is negative or not a number.` })
  const badCapacities = capacities ? [...capacities.keys()].filter((site) => !(capacities[site]! >= 0)) : []
  if (badCapacities.length > 0) issues.push({ code: 'capacity_invalid', sites: badCapacities, zh: `${badCapacities.length} 个候选点的容量为负或不是数。`, en: `${badCapacities.length} sites have a capacity that is negative or not a number.` })
  if (question.radius !== null && !isAmount(question.radius)) issues.push({ code: 'radius_invalid', zh: `半径 ${question.radius} 不是不小于 0 的数。`, en: `The radius ${question.radius} is not a number of at least 0.` })
  const needsCosts = question.method === 'p-median' || question.method === 'p-center' || question.radius !== null
  if (needsCosts && costs.value === null && costs.column.length > 0) issues.push({ code: 'costs_missing', zh: '这一方法需要距离或费用，而数据只有覆盖关系。', en: 'This method needs costs; the data only say who covers whom.' })
  return issues
}

function checkLimits(problem: SitingProblem, question: SitingQuestion): SitingIssue[] {
  const { method, p, budget } = question
  if (method === 'lscp') return []
  const candidates = problem.existing.reduce((count, stands) => count + (stands === 0 ? 1 : 0), 0)
  const issues: SitingIssue[] = []
  if (budget === null || method !== 'mclp') {
    if (p === null || !Number.isInteger(p) || p <= 0) issues.push({ code: 'p_invalid', zh: `新建数量 p 须为正整数，给出的是 ${p ?? '空'}。`, en: `p, the number of new sites, has to be a whole number above 0; it is ${p ?? 'missing'}.` })
    else if (p > candidates) issues.push({ code: 'p_above_candidates', zh: `要新建 ${p} 处，候选点只有 ${candidates} 个（已有的 ${problem.existing.length - candidates} 处不计）。`, en: `${p} new sites are asked for, but there are only ${candidates} candidates (the ${problem.existing.length - candidates} that stand already do not count).` })
    return issues
  }
  const prices = problem.siteCosts ? [...problem.siteCosts].filter((_cost, site) => problem.existing[site] === 0) : []
  if (!isAmount(budget)) issues.push({ code: 'budget_invalid', zh: `预算 ${budget} 不是不小于 0 的数。`, en: `The budget ${budget} is not a number of at least 0.` })
  else if (!problem.siteCosts) issues.push({ code: 'budget_invalid', zh: '给了预算，但候选点没有建设费用。', en: 'There is a budget, but the sites have no cost of building.' })
  else if (prices.length > 0 && Math.min(...prices) > budget) issues.push({ code: 'budget_below_cheapest', zh: `预算 ${number(budget)} 不够建最便宜的一处（${number(Math.min(...prices))}）。`, en: `The budget of ${number(budget)} does not pay for the cheapest site (${number(Math.min(...prices))}).` })
  return issues
}

/** Everything that keeps the question from having a meaningful answer; empty where it has one. */
export function findSitingIssues(problem: SitingProblem, question: SitingQuestion): SitingIssue[] {
  const issues = [...checkNumbers(problem, question), ...checkLimits(problem, question)]
  if (issues.length > 0) return issues
  const { method, radius } = question
  const { weights } = problem
  const total = sumOf(weights)
  if ((method === 'mclp' || method === 'p-median') && total === 0) return [{ code: 'total_weight_zero', zh: '需求权重之和为 0：任何选址都同样好，没有可比较的结果。', en: 'The weights of all demands sum to 0: all choices of sites are equally good.' }]
  const islands = findIslands(problem, method === 'lscp' || method === 'mclp' ? radius : null)
  const within = radius === null || method === 'p-median' || method === 'p-center' ? '' : number(radius)
  if (method === 'mclp') {
    const isReachable = new Set(islands)
    if (![...weights.keys()].some((demand) => weights[demand]! > 0 && !isReachable.has(demand))) {
      return [{ code: 'nothing_reachable', demands: islands, weight: total, zh: `没有任何有权重的需求点能被覆盖${within ? `（半径 ${within}）` : ''}。`, en: `No demand with weight is covered by any site${within ? ` within ${within}` : ''}.` }]
    }
    return checkCapacity(problem)
  }
  // Nobody has to be carried to where nobody is.
  const needed = method === 'p-median' ? islands.filter((demand) => weights[demand]! > 0) : islands
  if (needed.length === 0) return []
  const weight = sumOf(needed.map((demand) => weights[demand]!))
  return [
    {
      code: 'islands',
      demands: needed,
      weight,
      zh: `${needed.length} 个需求点（权重 ${number(weight)}）没有任何候选点或已有点能到达${within ? `（半径 ${within}）` : ''}，因此无法全部服务。`,
      en: `${needed.length} demands (weight ${number(weight)}) are reached by no site${within ? ` within ${within}` : ''}, neither existing nor candidate, so that not all can be served.`,
    },
  ]
}

function checkCapacity({ capacities, existing, weights }: SitingProblem): SitingIssue[] {
  if (!capacities || [...capacities].some((capacity) => capacity > 0)) return []
  return [{ code: 'capacity_zero', sites: [...existing.keys()], weight: sumOf(weights), zh: '所有点的容量都是 0，谁也服务不了。', en: 'Every site has a capacity of 0: nobody can be served.' }]
}
