import { makeCoverInstance } from './cover-instance.ts'
import { evaluateSites } from './evaluate.ts'
import { Incumbent, type SitingControl } from './incumbent.ts'
import { makeMedianInstance } from './median-instance.ts'
import { MedianState, openMediansGreedily } from './median-state.ts'
import type { SitingProblem, SitingQuestion } from './problem.ts'
import type { Effort, SearchOutcome } from './search.ts'
import { searchSetCover } from './set-cover.ts'

/** All different costs, ascending. */
function levelsOf(values: Float64Array): Float64Array {
  const sorted = values.slice().sort()
  let count = 0
  for (let at = 0; at < sorted.length; at += 1) if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[count++] = sorted[at]!
  return sorted.slice(0, count)
}

/** First level that is at least the value. */
function levelOf(levels: Float64Array, value: number): number {
  let low = 0
  let high = levels.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (levels[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Sites may be left over; they go where they lower the weighted cost, which cannot raise the greatest. */
function spendTheRest(problem: SitingProblem, sites: readonly number[], p: number): number[] {
  if (sites.length >= p) return [...sites]
  const instance = makeMedianInstance(problem)
  const candidateOf = new Map([...instance.siteOf].map((site, candidate) => [site, candidate]))
  const state = new MedianState(instance)
  state.moveTo(sites.flatMap((site) => candidateOf.get(site) ?? []))
  openMediansGreedily(state, p)
  return state.openSites().map((candidate) => instance.siteOf[candidate]!)
}

/**
 * p-center (Hakimi 1964), every demand whatever its weight: the smallest of the costs in the table within which p sites cover all,
 * by halving the sorted costs; each half is a set covering (Minieka 1970), decided by greedy, by Lagrangian bound, or exactly.
 */
export function solvePCenter(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SearchOutcome {
  const p = question.p ?? 0
  const levels = levelsOf(problem.costs.value ?? new Float64Array(0))
  const incumbent = new Incumbent('minimize', control, 0)
  let fault: string | null = null
  let isTooLarge = false
  // No answer is better than serving everybody from the site nearest to him.
  const everySite = Array.from({ length: problem.costs.columnCount }, (_value, site) => site)
  let low = levelOf(levels, evaluateSites(problem, question, everySite).objective)
  let high = levels.length - 1
  const tighten = () => incumbent.tighten(levels[low]!)
  const quiet: SitingControl = { ...control, report: () => {} }

  /** yes: p sites cover all within this level. no: proven that they do not. */
  const decide = (level: number, how: Effort): 'yes' | 'no' | 'unknown' => {
    const instance = makeCoverInstance(problem, levels[level]!, 'kept')
    if (instance.islands.length > 0) return 'no'
    const cover = new Incumbent('minimize', quiet, 1)
    const found = searchSetCover(instance, new Float64Array(instance.siteOf.length).fill(1), cover, { effort: how, limit: p, onCover: () => {} })
    fault = found.fault ?? fault
    isTooLarge = isTooLarge || found.isTooLarge
    if (cover.objective <= p) {
      const { objective } = evaluateSites(problem, question, cover.sites)
      incumbent.offer(cover.sites, objective)
      high = Math.min(high, levelOf(levels, objective))
      return 'yes'
    }
    return cover.bound > p ? 'no' : 'unknown'
  }
  const mustStop = () => incumbent.stop !== undefined

  tighten()
  const greedy: Effort = { solver: null, isGreedyOnly: true }
  // The greatest level first: whatever happens then, there is an answer, or none at all.
  if (decide(high, greedy) !== 'yes' && decide(high, { ...effort, isGreedyOnly: false }) !== 'yes') return { incumbent, fault, isTooLarge }
  for (let below = low; below < high && !mustStop(); ) {
    const middle = (below + high) >> 1
    if (decide(middle, greedy) !== 'yes') below = middle + 1
  }
  if (effort.isGreedyOnly) return { incumbent, fault, isTooLarge }
  incumbent.stage = 'bound'
  const bounded: Effort = { solver: null, isGreedyOnly: false }
  for (let above = high; low < above && !mustStop(); ) {
    const middle = (low + above) >> 1
    const answer = decide(middle, bounded)
    if (answer === 'no') {
      low = middle + 1
      tighten()
    } else above = Math.min(middle, high)
  }
  incumbent.stage = 'exact'
  while (effort.solver && low < high && !mustStop()) {
    const middle = (low + high) >> 1
    const answer = decide(middle, effort)
    if (answer === 'unknown') break
    if (answer === 'no') {
      low = middle + 1
      tighten()
    }
  }
  incumbent.sites = spendTheRest(problem, incumbent.sites, p).sort((a, b) => a - b)
  return { incumbent, fault, isTooLarge }
}
