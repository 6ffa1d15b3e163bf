import { makeCoverInstance } from './cover-instance.ts'
import { Incumbent, type SitingControl } from './incumbent.ts'
import type { SitingProblem, SitingQuestion } from './problem.ts'
import { type Effort, type SearchOutcome, stepOf } from './search.ts'
import { searchSetCover } from './set-cover.ts'

/** Location set covering (Toregas, Swain, ReVelle and Bergman 1971): fewest, or cheapest, new sites so that every demand is covered, whatever its weight. */
export function solveLocationSetCover(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SearchOutcome {
  const instance = makeCoverInstance(problem, question.radius, 'kept')
  const { siteCosts } = problem
  const costs = Float64Array.from(instance.siteOf, (site) => (siteCosts ? siteCosts[site]! : 1))
  const incumbent = new Incumbent('minimize', control, stepOf(costs))
  const outcome = searchSetCover(instance, costs, incumbent, { effort, onCover: () => {} })
  return { incumbent, ...outcome }
}
