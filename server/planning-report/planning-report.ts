/** Planning runs as reports, kind by kind. */
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { getPlanningDrawing, getPlanningRun } from '../planning/planning.ts'
import type { Found, ReportTools } from './common.ts'
import { makeIndicatorsReport } from './indicators-report.ts'
import { makeMendsReport } from './mends-report.ts'
import { makeSitingReport } from './siting-report.ts'
import { makeSupplyReport } from './supply-report.ts'

/** @throws AppError not_found for a run that is not there or of a kind without a report, conflict for one without an answer */
export async function makePlanningReport(context: Pick<AppContext, 'db'>, tools: ReportTools, id: string): Promise<Found> {
  const { key } = tools.city
  const run = await getPlanningRun(context, key, id)
  if (run.kind === 'rerun') throw new AppError('not_found', `重算核对没有报告；选址、供需、补救和指标有。Planning run ${id} is of kind ${run.kind}, which has no report; there are reports of siting, supply, mends and indicators.`)
  const noAnswer = () => new AppError('conflict', `计算尚无结果，不能出具报告。Planning run ${id} has no result to report on: it is ${run.status}.`)
  if (!run.passport || !run.result) throw noAnswer()
  const { passport } = run
  const drawn = await getPlanningDrawing(context, key, id)
  if (run.kind === 'siting' && drawn.kind === 'siting') {
    if (!run.result.answer) {
      // The search ended without sites; its notices say why, and what to change.
      const [zh, en] = [run.result.notices.map((one) => one.zh).join(''), run.result.notices.map((one) => one.en).join(' ')]
      throw new AppError('conflict', `这个问题没有可选的位置，没有可出的报告。${zh} The question has no sites to report on. ${en}`)
    }
    return makeSitingReport(tools, { run, result: run.result, answer: run.result.answer, passport, drawing: drawn.drawing })
  }
  if (run.kind === 'supply' && drawn.kind === 'supply') return makeSupplyReport(tools, { run, result: run.result, passport, drawing: drawn.drawing })
  if (run.kind === 'mends' && drawn.kind === 'mends') return makeMendsReport(context, tools, { run, result: run.result, passport, drawing: drawn.drawing })
  if (run.kind === 'indicators' && drawn.kind === 'indicators') return makeIndicatorsReport(tools, { run, result: run.result, passport, drawing: drawn.drawing })
  throw new TypeError(`the drawing of planning run ${id} is of ${drawn.kind}`)
}
