import { Incumbent, type SitingControl } from './incumbent.ts'
import { boundMedian, fixByBound } from './median-bound.ts'
import { branchMedian } from './median-branch.ts'
import { solveMedianExactly } from './median-exact.ts'
import { fixCandidates, makeMedianInstance, type MedianInstance } from './median-instance.ts'
import { improveMedians, MedianState, openMediansGreedily } from './median-state.ts'
import { MOST_ENTRIES } from './mip.ts'
import type { SitingProblem, SitingQuestion } from './problem.ts'
import type { Effort, SearchOutcome } from './search.ts'

/** Nodes of a branching before the solver is asked; its share of the time where many sites are still to be chosen and the solver is quick. */
const MOST_NODES = 40_000
const BRANCHING_SHARE = 0.4
const FEW_SITES = 20
const QUICK_ENTRIES = 60_000

const ITERATIONS = { fast: 300, exact: 1500 } as const

/** 1 where every weighted cost is a whole number, and so every objective. */
function stepOfMedian(instance: MedianInstance): number {
  const { rows, weights } = instance
  let greatest = 0
  for (let group = 0; group < rows.rowCount; group += 1) {
    if (!Number.isInteger(weights[group])) return 0
    let worst = instance.isPenalty[group] === 1 ? 0 : instance.base[group]!
    if (!Number.isInteger(worst)) return 0
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
      if (!Number.isInteger(rows.value![at])) return 0
      worst = Math.max(worst, rows.value![at]!)
    }
    greatest += weights[group]! * worst
  }
  return greatest < 2 ** 50 ? 1 : 0
}

/** A group's second nearest cost in a good answer is close to its best multiplier; a penalty says nothing of costs. */
function firstMultiplier(state: MedianState, group: number): number {
  if (state.instance.isPenalty[group] === 0 || state.secondCost[group]! < state.instance.base[group]!) return state.secondCost[group]!
  return state.first[group]! < 0 ? 0 : state.firstCost[group]! * 1.5
}

/** p-median (Hakimi 1964): greedy, interchange, Lagrangian bound that also fixes candidates; on what is left, where a solver is given, branch and bound by multipliers, then the solver. */
export function solvePMedian(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SearchOutcome {
  const instance = makeMedianInstance(problem)
  const p = Math.min(question.p ?? 0, instance.siteOf.length)
  const incumbent = new Incumbent('minimize', control, stepOfMedian(instance))
  const mustStop = () => incumbent.stop !== undefined
  const state = new MedianState(instance)
  let best: number[] = []
  const offer = () => {
    if (!state.isWhole || !incumbent.offer(state.openSites().map((candidate) => instance.siteOf[candidate]!), state.objective)) return
    best = state.openSites()
  }
  openMediansGreedily(state, p)
  offer()
  if (effort.isGreedyOnly) return { incumbent, fault: null, isTooLarge: false }
  incumbent.stage = 'swap'
  improveMedians(state, mustStop)
  offer()
  incumbent.stage = 'bound'
  const multipliers = Float64Array.from(instance.weights, (weight, group) => weight * firstMultiplier(state, group))
  const bound = boundMedian(instance, p, {
    iterations: effort.solver ? ITERATIONS.exact : ITERATIONS.fast,
    value: state.objective,
    multipliers,
    stop: mustStop,
    onBound: (value) => incumbent.tighten(value),
    onSites: (sites) => {
      state.moveTo(sites)
      openMediansGreedily(state, p)
      improveMedians(state, mustStop)
      offer()
      return Number.isNaN(incumbent.objective) ? state.objective : incumbent.objective
    },
  })
  if (!effort.solver || mustStop() || Number.isNaN(incumbent.objective)) return { incumbent, fault: null, isTooLarge: false }
  const { built, dropped } = fixByBound(bound, p, incumbent.objective, incumbent.step)
  const left = fixCandidates(instance, built, dropped)
  const isTooLarge = left.instance.rows.column.length > MOST_ENTRIES
  if (isTooLarge) return { incumbent, fault: null, isTooLarge }
  incumbent.stage = 'exact'
  const offerLeft = (sites: number[]) => {
    state.moveTo([...built, ...sites.map((site) => left.candidateOf[site]!)])
    improveMedians(state, mustStop)
    offer()
  }
  const upTo = Float64Array.from(multipliers, (multiplier, group) => Math.min(multiplier, left.instance.weights[group]! * left.instance.base[group]!))
  const stopAt = p - built.length > FEW_SITES && left.instance.rows.column.length <= QUICK_ENTRIES ? control.now() + (control.stopAt - control.now()) * BRANCHING_SHARE : control.stopAt
  if (branchMedian(left.instance, p - built.length, incumbent, { multipliers: upTo, bound: incumbent.bound, mostNodes: MOST_NODES, stop: () => mustStop() || control.now() >= stopAt, onSites: offerLeft })) {
    incumbent.tighten(incumbent.objective)
    return { incumbent, fault: null, isTooLarge: false }
  }
  if (mustStop()) return { incumbent, fault: null, isTooLarge: false }
  const position = new Map([...left.candidateOf].map((candidate, index) => [candidate, index]))
  const start = best.flatMap((candidate) => position.get(candidate) ?? [])
  const outcome = solveMedianExactly(effort.solver, left.instance, p - built.length, incumbent, start, (sites) => {
    state.moveTo([...built, ...sites.map((site) => left.candidateOf[site]!)])
    offer()
  })
  // Without an answer, what was fixed leaves none that is better than the best so far.
  if (outcome.status === 'proven' || outcome.status === 'infeasible') incumbent.tighten(incumbent.objective)
  return { incumbent, fault: outcome.fault, isTooLarge }
}
