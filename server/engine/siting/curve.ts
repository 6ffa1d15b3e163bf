import { growWithinCapacities } from './capacitated-cover.ts'
import { boundCover, firstMultipliers } from './cover-bound.ts'
import { makeCoverInstance } from './cover-instance.ts'
import { openGreedily } from './cover-search.ts'
import { CoverState } from './cover-state.ts'
import { boundMedian } from './median-bound.ts'
import { makeMedianInstance } from './median-instance.ts'
import { MedianState, openMediansGreedily } from './median-state.ts'
import { solvePCenter } from './p-center.ts'
import { gapOf, type SitingProblem, type SitingQuestion } from './problem.ts'
import { Sum, sumOf } from '../sum.ts'

/** What the next site adds: the order in which to build when money comes year by year. */
export interface CurvePoint {
  /** Number of new sites. */
  p: number
  /** The site that is added at this step; null for the p-center, whose best sites of one number are not those of the next and one more. */
  site: number | null
  /** Covered weight; for the p-median the weighted cost, null while not every demand is served. */
  objective: number | null
  /** What no choice of p sites can do better than. */
  bound: number
  gap: number
}

const FIRST_ITERATIONS = 150
const NEXT_ITERATIONS = 40

/**
 * Gain against number of sites, one added at a time; for the p-center each number anew.
 * Location set covering shows the weight that its radius covers.
 * @param upTo greatest number of new sites
 */
export function growCurve(problem: SitingProblem, question: SitingQuestion, upTo: number, stop: () => boolean): CurvePoint[] {
  if (question.method === 'p-center') return growCenters(problem, upTo, stop)
  if (problem.capacities) return growWithinCapacities(problem, question.radius, upTo, stop).map(({ site, served, bound }, index) => ({ p: index + 1, site, objective: served, bound, gap: gapOf(served, bound) }))
  return question.method === 'p-median' ? growMedians(problem, upTo, stop) : growCover(problem, question, upTo, stop)
}

function growCover(problem: SitingProblem, question: SitingQuestion, upTo: number, stop: () => boolean): CurvePoint[] {
  const instance = makeCoverInstance(problem, question.radius, 'left out')
  const constant = sumOf(instance.coveredByExisting.map((demand) => problem.weights[demand]!))
  const costs = new Float64Array(instance.siteOf.length).fill(1)
  const reachable = constant + sumOf(instance.weights)
  const state = new CoverState(instance)
  const multipliers = firstMultipliers(instance)
  const points: CurvePoint[] = []
  for (const candidate of openGreedily(new CoverState(instance), { costs, limit: upTo }, false, stop)) {
    state.open(candidate)
    const p = points.length + 1
    const objective = constant + state.covered
    let bound = reachable
    const iterations = p === 1 ? FIRST_ITERATIONS : NEXT_ITERATIONS
    boundCover(instance, { costs, limit: p }, { iterations, value: state.covered, multipliers, stop, onBound: (better) => (bound = Math.min(bound, constant + better)) })
    bound = Math.max(bound, objective)
    points.push({ p, site: instance.siteOf[candidate]!, objective, bound, gap: gapOf(objective, bound) })
  }
  return points
}

function growMedians(problem: SitingProblem, upTo: number, stop: () => boolean): CurvePoint[] {
  const instance = makeMedianInstance(problem)
  const order = openMediansGreedily(new MedianState(instance), upTo, stop)
  const state = new MedianState(instance)
  const multipliers = Float64Array.from(instance.weights, (weight, group) => (instance.rows.start[group] === instance.rows.start[group + 1] ? 0 : weight * instance.rows.value![instance.rows.start[group]!]!))
  const points: CurvePoint[] = []
  for (const candidate of order) {
    state.open(candidate)
    const p = points.length + 1
    const objective = state.isWhole ? state.objective : null
    let bound = -Infinity
    // Steps are measured by a plausible cost where there is no answer yet.
    const value = objective ?? costOfServed(state)
    const iterations = p === 1 ? FIRST_ITERATIONS : NEXT_ITERATIONS
    boundMedian(instance, p, { iterations, value, multipliers, stop, onBound: (better) => (bound = Math.max(bound, better)) })
    if (objective !== null) bound = Math.min(bound, objective)
    points.push({ p, site: instance.siteOf[candidate]!, objective, bound, gap: objective === null ? 1 : gapOf(objective, bound) })
  }
  return points
}

function costOfServed(state: MedianState): number {
  const { weights } = state.instance
  const sum = new Sum()
  state.first.forEach((site, group) => {
    if (site >= 0) sum.add(weights[group]! * state.firstCost[group]!)
  })
  return sum.value * 2
}

/** Numbers that leave somebody unreached are left out. */
function growCenters(problem: SitingProblem, upTo: number, stop: () => boolean): CurvePoint[] {
  const points: CurvePoint[] = []
  const control = { now: () => 0, stopAt: Infinity, isCancelled: stop, report: () => {} }
  let least = Infinity
  for (let p = 1; p <= upTo && !stop(); p += 1) {
    const { incumbent } = solvePCenter(problem, { method: 'p-center', p, budget: null, radius: null }, control, { solver: null, isGreedyOnly: false })
    if (Number.isNaN(incumbent.objective)) continue
    // One site more never makes it worse, whatever the fast answer came to.
    least = Math.min(least, incumbent.objective)
    points.push({ p, site: null, objective: least, bound: Math.min(incumbent.bound, least), gap: gapOf(least, Math.min(incumbent.bound, least)) })
    if (incumbent.bound === least && points.at(-2)?.objective === least) break
  }
  return points
}
