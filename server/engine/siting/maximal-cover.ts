import { boundCover, firstMultipliers } from './cover-bound.ts'
import { solveCoverExactly } from './cover-exact.ts'
import { type CoverInstance, makeCoverInstance } from './cover-instance.ts'
import { type BuildLimit, fits, improveBySwaps, openGreedily, spentOn } from './cover-search.ts'
import { CoverState } from './cover-state.ts'
import { Incumbent, type SitingControl } from './incumbent.ts'
import { MOST_ENTRIES } from './mip.ts'
import type { SitingProblem, SitingQuestion } from './problem.ts'
import { randomFrom } from './random.ts'
import { type Effort, type SearchOutcome, stepOf } from './search.ts'
import { Sum } from '../sum.ts'

/** Bound iterations of the fast answer, and of the long one before the exact model. */
const ITERATIONS = { fast: 400, exact: 800 } as const
/** Rounds of shaking a local optimum; only while the bound is further away than this share. */
const SHAKES = 40
const GOOD_ENOUGH = 0.002

/** What is built is limited by a count or by a budget. */
export function buildLimitOf(problem: SitingProblem, question: SitingQuestion, siteOf: Uint32Array): BuildLimit {
  if (question.budget !== null && problem.siteCosts) {
    const { siteCosts } = problem
    return { costs: Float64Array.from(siteOf, (site) => siteCosts[site]!), limit: question.budget }
  }
  return { costs: new Float64Array(siteOf.length).fill(1), limit: question.p ?? siteOf.length }
}

function coveredBy({ columns, weights }: CoverInstance, sites: readonly number[]): number {
  const isCovered = new Uint8Array(weights.length)
  const sum = new Sum()
  for (const site of sites) {
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
      const group = columns.column[at]!
      if (isCovered[group] === 1) continue
      isCovered[group] = 1
      sum.add(weights[group]!)
    }
  }
  return sum.value
}

/** Leaves out candidates that cover nothing the others do not: an answer names no site in vain. */
function withoutIdle(instance: CoverInstance, sites: readonly number[]): number[] {
  const state = new CoverState(instance)
  state.moveTo(sites)
  for (const site of state.openSites().reverse()) if (!instanceNeeds(state, site)) state.close(site)
  return state.openSites()
}

function instanceNeeds(state: CoverState, site: number): boolean {
  const { columns } = state.instance
  for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) if (state.count[columns.column[at]!] === 1) return true
  return false
}

/** Closes some sites by chance, refills greedily, swaps again, and keeps what is better. */
function shake(state: CoverState, build: BuildLimit, incumbent: Incumbent, offer: () => void): void {
  const random = randomFrom(20261127)
  let best = state.openSites()
  let covered = state.covered
  for (let round = 0; round < SHAKES && incumbent.gap > GOOD_ENOUGH && !incumbent.stop; round += 1) {
    const open = state.openSites()
    const closing = Math.max(2, Math.ceil(open.length * (0.1 + 0.2 * random())))
    for (let step = 0; step < closing && open.length > 0; step += 1) state.close(open.splice(Math.floor(random() * open.length), 1)[0]!)
    // One site by chance, so that the refill does not repeat itself.
    const chance = Math.floor(random() * state.gain.length)
    if (state.isOpen[chance] === 0 && state.gain[chance]! > 0 && fits(spentOn(state.openSites(), build) + build.costs[chance]!, build)) state.open(chance)
    openGreedily(state, build, false, () => incumbent.stop !== undefined)
    improveBySwaps(state, build, () => incumbent.stop !== undefined)
    if (state.covered > covered) {
      best = state.openSites()
      covered = state.covered
      offer()
    } else state.moveTo(best)
  }
}

/** Maximal covering with p sites or a budget (Church and ReVelle 1974): greedy, swaps, Lagrangian bound, and exactly where a solver is given. */
export function solveMaximalCover(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SearchOutcome {
  const instance = makeCoverInstance(problem, question.radius, 'left out')
  const build = buildLimitOf(problem, question, instance.siteOf)
  const constant = new Sum()
  for (const demand of instance.coveredByExisting) constant.add(problem.weights[demand]!)
  const incumbent = new Incumbent('maximize', control, stepOf(problem.weights))
  const reachable = new Sum()
  for (const weight of instance.weights) reachable.add(weight)
  incumbent.tighten(constant.value + reachable.value)
  const offer = (candidates: readonly number[]) => incumbent.offer(candidates.map((candidate) => instance.siteOf[candidate]!), constant.value + coveredBy(instance, candidates))
  const mustStop = () => incumbent.stop !== undefined
  offer([])

  const state = new CoverState(instance)
  openGreedily(state, build, false)
  let best = state.openSites()
  offer(best)
  if (question.budget !== null) {
    const byCost = new CoverState(instance)
    openGreedily(byCost, build, true)
    if (byCost.covered > state.covered) {
      state.moveTo(byCost.openSites())
      best = state.openSites()
      offer(best)
    }
  }
  const improve = () => {
    improveBySwaps(state, build, mustStop)
    if (offer(state.openSites())) best = state.openSites()
  }
  if (effort.isGreedyOnly) return { incumbent, fault: null, isTooLarge: false }
  incumbent.stage = 'swap'
  improve()
  incumbent.stage = 'bound'
  const multipliers = firstMultipliers(instance)
  if (!mustStop()) {
    boundCover(instance, build, {
      iterations: effort.solver ? ITERATIONS.exact : ITERATIONS.fast,
      value: incumbent.objective - constant.value,
      multipliers,
      stop: mustStop,
      onBound: (bound) => incumbent.tighten(bound + constant.value),
      onSites: (sites) => {
        if (coveredBy(instance, sites) > (incumbent.objective - constant.value) * 0.98) {
          state.moveTo(sites)
          openGreedily(state, build, false)
          improve()
        }
        return incumbent.objective - constant.value
      },
    })
  }
  incumbent.stage = 'swap'
  state.moveTo(best)
  shake(state, build, incumbent, () => {
    if (offer(state.openSites())) best = state.openSites()
  })
  let fault: string | null = null
  const isTooLarge = instance.rows.column.length > MOST_ENTRIES
  if (effort.solver && !mustStop() && !isTooLarge) {
    incumbent.stage = 'exact'
    const outcome = solveCoverExactly(effort.solver, instance, build, incumbent, constant.value, best, (sites) => {
      if (fits(spentOn(sites, build), build) && offer(sites)) best = sites
    })
    if (outcome.status === 'proven') incumbent.tighten(incumbent.objective)
    fault = outcome.fault
  }
  const needed = withoutIdle(instance, best)
  if (needed.length < best.length) incumbent.sites = needed.map((candidate) => instance.siteOf[candidate]!)
  return { incumbent, fault, isTooLarge }
}
