import { measureServed, replaceWithinCapacities } from './capacitated-cover.ts'
import { makeCoverInstance } from './cover-instance.ts'
import { CoverState } from './cover-state.ts'
import { evaluateSites, type SitingEvaluation, SwapEvaluator } from './evaluate.ts'
import { makeMedianInstance } from './median-instance.ts'
import { MedianState } from './median-state.ts'
import type { SitingProblem, SitingQuestion } from './problem.ts'
import { type SparseRows, transpose } from './sparse.ts'
import { Sum } from '../sum.ts'

/** The best other site in a site's place, all else equal. */
export interface RunnerUp {
  site: number
  objective: number
  /** How much worse the objective would be: 0 where the two are as good as each other, negative where the exchange would be better. */
  difference: number
  /**
   * How many times their present weight the demands that would be better off with the exchange had to weigh for the choice to turn.
   * Null where nobody would be better off, or where weights do not matter.
   */
  weightFactor: number | null
}

/** Why a site is part of the answer. */
export interface SiteReason {
  site: number
  /** Demands that it serves: the nearest open site, within the radius for the coverings. */
  demands: number
  weight: number
  /** Mean cost by weight, and greatest cost, of those; null where it serves none or the table holds no costs. */
  meanCost: number | null
  greatestCost: number | null
  /** Demands that no other open site serves, in order. */
  alone: number[]
  aloneWeight: number
  /** Objective without this site; null where then not every demand can be served. Location set covering: null where then not all is covered. */
  objectiveWithout: number | null
  /** How much worse that is. */
  loss: number | null
  runnerUp: RunnerUp | null
  /** Location set covering: sites that could take its place alone. */
  substitutes: number[]
}

function servedFrom(evaluation: SitingEvaluation, problem: SitingProblem, site: number) {
  const weight = new Sum()
  const weighted = new Sum()
  let demands = 0
  let greatest = -Infinity
  evaluation.siteOf.forEach((server, demand) => {
    if (server !== site || evaluation.isServed[demand] === 0) return
    demands += 1
    weight.add(problem.weights[demand]!)
    weighted.add(problem.weights[demand]! * evaluation.cost[demand]!)
    greatest = Math.max(greatest, evaluation.cost[demand]!)
  })
  const hasCosts = problem.costs.value !== null && demands > 0
  return { demands, weight: weight.value, meanCost: hasCosts && weight.value > 0 ? weighted.value / weight.value : null, greatestCost: hasCosts ? greatest : null }
}

/** Best exchange for `out` by the objective of a covering: whichever closed candidate covers most once it is gone. */
function bestCover(state: CoverState, out: number): number {
  state.close(out)
  let best = -1
  state.gain.forEach((gain, candidate) => {
    if (candidate !== out && state.isOpen[candidate] === 0 && (best < 0 || gain > state.gain[best]!)) best = candidate
  })
  state.open(out)
  return best
}

function bestMedian(state: MedianState, out: number): number {
  state.close(out)
  const unused = new Float64Array(state.isOpen.length)
  let best = -1
  let most = -Infinity
  state.isOpen.forEach((open, candidate) => {
    if (candidate === out || open === 1) return
    const saving = state.measure(candidate, unused)
    if (saving > most) {
      most = saving
      best = candidate
    }
  })
  state.open(out)
  return best
}

/** Best exchange for p-center: whichever closed site leaves the smallest greatest cost. */
function bestCenter(without: SitingEvaluation, columns: SparseRows, isClosed: (site: number) => boolean): number {
  let best = -1
  let least = Infinity
  const cost = new Float64Array(without.cost.length)
  for (let site = 0; site < columns.rowCount; site += 1) {
    if (!isClosed(site)) continue
    cost.set(without.cost)
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) cost[columns.column[at]!] = Math.min(cost[columns.column[at]!]!, columns.value![at]!)
    let worst = 0
    for (let demand = 0; demand < cost.length && worst < least; demand += 1) worst = Math.max(worst, cost[demand]!)
    if (worst < least) {
      least = worst
      best = site
    }
  }
  return best
}

/** By what the weight of those who gain from an exchange had to grow for it to be worth it. */
function weightFactorOf(problem: SitingProblem, question: SitingQuestion, now: SitingEvaluation, then: SitingEvaluation): number | null {
  if (question.method !== 'mclp' && question.method !== 'p-median') return null
  const won = new Sum()
  const lost = new Sum()
  for (let demand = 0; demand < now.cost.length; demand += 1) {
    const weight = problem.weights[demand]!
    if (weight === 0) continue
    const change = question.method === 'mclp' ? (now.isServed[demand]! - then.isServed[demand]!) * weight : (then.cost[demand]! - now.cost[demand]!) * weight
    if (change < 0) won.add(-change)
    else lost.add(change)
  }
  return won.value > 0 && Number.isFinite(lost.value) ? lost.value / won.value : null
}

function findRunnerUps(problem: SitingProblem, question: SitingQuestion, sites: readonly number[], columns: SparseRows, swaps: SwapEvaluator): { runnerUpOf(site: number): number; substitutesOf(site: number): number[] } {
  const none = { runnerUpOf: () => -1, substitutesOf: () => [] }
  if (problem.capacities && question.method === 'mclp') return none
  if (question.method === 'p-center') {
    const open = new Set(sites)
    const isClosed = (site: number) => !open.has(site) && problem.existing[site] === 0
    return { ...none, runnerUpOf: (site) => bestCenter(swaps.evaluate(site), columns, (other) => other !== site && isClosed(other)) }
  }
  if (question.method === 'p-median') {
    const instance = makeMedianInstance(problem)
    const candidateOf = new Map([...instance.siteOf].map((site, candidate) => [site, candidate]))
    const state = new MedianState(instance)
    state.moveTo(sites.map((site) => candidateOf.get(site)!))
    return { ...none, runnerUpOf: (site) => instance.siteOf[bestMedian(state, candidateOf.get(site)!)] ?? -1 }
  }
  const instance = makeCoverInstance(problem, question.radius, question.method === 'lscp' ? 'kept' : 'left out')
  // Set covering counts demands, whatever they weigh.
  const counted = question.method === 'lscp' ? { ...instance, weights: instance.weights.map(() => 1) } : instance
  const candidateOf = new Map([...instance.siteOf].map((site, candidate) => [site, candidate]))
  const state = new CoverState(counted)
  state.moveTo(sites.map((site) => candidateOf.get(site)!))
  if (question.method === 'mclp') {
    return { ...none, runnerUpOf: (site) => instance.siteOf[bestCover(state, candidateOf.get(site)!)] ?? -1 }
  }
  return {
    ...none,
    substitutesOf(site) {
      const out = candidateOf.get(site)!
      const needed = state.loss[out]!
      state.close(out)
      const found = [...instance.siteOf.keys()].filter((candidate) => candidate !== out && state.isOpen[candidate] === 0 && state.gain[candidate] === needed)
      state.open(out)
      return found.map((candidate) => instance.siteOf[candidate]!)
    },
  }
}

/** Says of each new site whom it serves, what would be lost without it, and what it would take to change the choice. */
export function explainSites(problem: SitingProblem, question: SitingQuestion, sites: readonly number[]): SiteReason[] {
  const now = evaluateSites(problem, question, sites)
  const isLimited = problem.capacities !== null && question.method === 'mclp'
  const objective = isLimited ? measureServed(problem, question.radius, sites) : now.objective
  const columns = transpose(problem.costs)
  const swaps = new SwapEvaluator(problem, question, sites, columns)
  const { runnerUpOf, substitutesOf } = findRunnerUps(problem, question, sites, columns, swaps)
  const worseBy = (other: number) => (question.method === 'mclp' ? objective - other : other - objective)
  return sites.map((site) => {
    const without = swaps.evaluate(site)
    const alone = [...now.isServed.keys()].filter((demand) => now.isServed[demand] === 1 && without.isServed[demand] === 0)
    const aloneWeight = new Sum()
    for (const demand of alone) aloneWeight.add(problem.weights[demand]!)
    const isWhole = question.method === 'mclp' || (question.method === 'p-median' ? Number.isFinite(without.objective) : alone.length === 0)
    const replaced = isLimited ? replaceWithinCapacities(problem, question.radius, sites, site) : null
    const objectiveWithout = replaced ? replaced.servedWithout : isWhole ? without.objective : null
    const other = runnerUpOf(site)
    let runnerUp: RunnerUp | null = replaced?.best ? { site: replaced.best.site, objective: replaced.best.served, difference: worseBy(replaced.best.served), weightFactor: null } : null
    if (other >= 0) {
      const then = swaps.evaluate(site, other)
      if (Number.isFinite(then.objective)) runnerUp = { site: other, objective: then.objective, difference: worseBy(then.objective), weightFactor: weightFactorOf(problem, question, now, then) }
    }
    return { site, ...servedFrom(now, problem, site), alone, aloneWeight: aloneWeight.value, objectiveWithout, loss: objectiveWithout === null ? null : worseBy(objectiveWithout), runnerUp, substitutes: substitutesOf(site) }
  })
}
