import { measureServed, solveCapacitatedCover } from './capacitated-cover.ts'
import { evaluateSites } from './evaluate.ts'
import { Incumbent, type SitingControl } from './incumbent.ts'
import { findSitingIssues, SitingRefused } from './issues.ts'
import { solveLocationSetCover } from './location-set-cover.ts'
import { solveMaximalCover } from './maximal-cover.ts'
import { solvePCenter } from './p-center.ts'
import { solvePMedian } from './p-median.ts'
import { gapOf, type SitingAnswer, type SitingProblem, type SitingQuestion, type StoppedBy } from './problem.ts'
import type { Effort, SearchOutcome } from './search.ts'

function search(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SearchOutcome {
  if (question.method === 'lscp') return solveLocationSetCover(problem, question, control, effort)
  if (question.method === 'p-median') return solvePMedian(problem, question, control, effort)
  if (question.method === 'p-center') return solvePCenter(problem, question, control, effort)
  return problem.capacities ? solveCapacitatedCover(problem, question, control, effort) : solveMaximalCover(problem, question, control, effort)
}

/** Fewest sites from which every demand is reached at all: what p has to be at least. */
function refuseTooFew(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): never {
  const cover: SitingQuestion = { method: 'lscp', p: null, budget: null, radius: null }
  const weighty = question.method === 'p-median' ? problem.weights : null
  const needed = solveLocationSetCover(weighty ? onlyWeighty(problem) : problem, cover, { ...control, report: () => {} }, effort).incumbent
  const least = Number.isFinite(needed.bound) ? Math.ceil(needed.bound - 1e-9) : (question.p ?? 0) + 1
  throw new SitingRefused([
    {
      code: 'p_below_needed',
      zh: `${question.p} 处不够：要让每个需求点都能到达至少一处，至少需要新建 ${least} 处${needed.isClosed ? '' : '（下界）'}。`,
      en: `${question.p} new sites are too few: for every demand to reach one, at least ${least} are needed${needed.isClosed ? '' : ' (a lower bound)'}.`,
    },
  ])
}

function onlyWeighty(problem: SitingProblem): SitingProblem {
  const { costs, weights } = problem
  const kept = [...weights.keys()].filter((demand) => weights[demand]! > 0)
  const start = new Uint32Array(kept.length + 1)
  kept.forEach((demand, index) => (start[index + 1] = start[index]! + costs.start[demand + 1]! - costs.start[demand]!))
  const column = new Uint32Array(start[kept.length]!)
  kept.forEach((demand, index) => column.set(costs.column.subarray(costs.start[demand]!, costs.start[demand + 1]!), start[index]!))
  return { ...problem, siteCosts: null, costs: { rowCount: kept.length, columnCount: costs.columnCount, start, column, value: null }, weights: Float64Array.from(kept, (demand) => weights[demand]!) }
}

function reasonOf(incumbent: Incumbent, { fault, isTooLarge }: SearchOutcome, effort: Effort): StoppedBy {
  const stop = incumbent.stop
  if (stop) return stop
  if (fault) return 'solver'
  return isTooLarge && effort.solver ? 'size' : 'fast'
}

/**
 * The best sites for a question: a fast answer, better ones as they are found (told through `control.report`), and a bound that says
 * how far from the best possible the answer can be at most. Blocks until proven, out of time or cancelled; the best so far is answered in any case.
 * @throws SitingRefused where the question has no meaningful answer
 */
export function solveSiting(problem: SitingProblem, question: SitingQuestion, control: SitingControl, effort: Effort): SitingAnswer {
  const issues = findSitingIssues(problem, question)
  if (issues.length > 0) throw new SitingRefused(issues)
  const outcome = search(problem, question, control, effort)
  const { incumbent } = outcome
  if (Number.isNaN(incumbent.objective)) refuseTooFew(problem, question, control, effort)
  const sites = [...incumbent.sites].sort((a, b) => a - b)
  // Once more from the table itself, demand by demand: the figure does not depend on how the search came to it.
  const objective = problem.capacities && question.method === 'mclp' ? measureServed(problem, question.radius, sites) : evaluateSites(problem, question, sites).objective
  const isProven = incumbent.isClosed
  const isCrossed = incumbent.sense === 'maximize' ? incumbent.bound < objective : incumbent.bound > objective
  const bound = isProven || isCrossed ? objective : incumbent.bound
  return { method: question.method, sites, objective, bound, gap: gapOf(objective, bound), isProven, stoppedBy: reasonOf(incumbent, outcome, effort), solverFault: outcome.fault }
}
