/** Planning runs as reports, kind by kind. */
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { getPlanningDrawing, getPlanningRun } from '../planning/planning.ts'
import type { Found, ReportTools } from './common.ts'
import { makeMendsReport } from './mends-report.ts'
import { makeSitingReport } from './siting-report.ts'
import { makeSupplyReport } from './supply-report.ts'

/** @throws AppError not_found for a run that is not there or of a kind without a report, conflict for one without an answer */
export async function makePlanningReport(context: Pick<AppContext, 'db'>, tools: ReportTools, id: string): Promise<Found> {
  const { key } = tools.city
  const run = await getPlanningRun(context, key, id)
  if (run.kind !== 'siting' && run.kind !== 'supply' && run.kind !== 'mends') throw new AppError('not_found', `此类计算（${run.kind}）没有报告。Planning run ${id} is of kind ${run.kind}, which has no report; there are reports of siting, supply and mends.`)
  const noAnswer = () => new AppError('conflict', `计算尚无结果，不能出具报告。Planning run ${id} has no result to report on: it is ${run.status}.`)
  if (!run.passport || !run.result) throw noAnswer()
  const { passport } = run
  const drawn = await getPlanningDrawing(context, key, id)
  if (run.kind === 'siting' && drawn.kind === 'siting') {
    if (!run.result.answer) throw noAnswer()
    return makeSitingReport(tools, { run, result: run.result, answer: run.result.answer, passport, drawing: drawn.drawing })
  }
  if (run.kind === 'supply' && drawn.kind === 'supply') return makeSupplyReport(tools, { run, result: run.result, passport, drawing: drawn.drawing })
  if (run.kind === 'mends' && drawn.kind === 'mends') return makeMendsReport(context, tools, { run, result: run.result, passport, drawing: drawn.drawing })
  throw new TypeError(`the drawing of planning run ${id} is of ${drawn.kind}`)
}
