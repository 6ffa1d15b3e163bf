/** The answers of planning runs as files. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import type { RunFileFormat } from '../contract/run-files.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { makeRunFile, type RunFileParts, type SentRunFile } from '../files/run-file.ts'
import { runFileOf as indicatorsFile } from '../indicators/export-tables.ts'
import { runFileOf as mendsFile } from '../mends/export-tables.ts'
import { runFileOf as sitingFile } from '../siting/export-tables.ts'
import { runFileOf as supplyFile } from '../supply/export-tables.ts'
import { getPlanningDrawing, getPlanningRun } from './planning.ts'

const ACTIONS = { siting: 'exportSites', supply: 'exportSupply', mends: 'exportMends', indicators: 'exportIndicators' } as const

/** @throws AppError not_found for a run that is not there or of a kind that goes out elsewhere, conflict while there is no answer */
async function getParts(context: Pick<AppContext, 'db'>, cityKey: string, id: string): Promise<{ cityId: number; kind: keyof typeof ACTIONS; parts: RunFileParts }> {
  const city = await getCity(context.db, cityKey)
  const run = await getPlanningRun(context, cityKey, id)
  const { cityId } = city
  const noAnswer = () => new AppError('conflict', `计算尚无结果。Planning run ${id} has no result to take away: it is ${run.status}.`)
  if (run.kind === 'rerun') throw new AppError('not_found', `重算核对没有文件；选址、供需、补救和指标有。Planning run ${id} is of kind ${run.kind}, which has no files; siting, supply, mends and indicators have.`)
  const { passport } = run
  if (!run.result || !passport) throw noAnswer()
  if (run.kind === 'mends') return { cityId, kind: 'mends', parts: mendsFile({ city, id, result: run.result, passport }) }
  const drawn = await getPlanningDrawing(context, cityKey, id)
  if (run.kind === 'supply' && drawn.kind === 'supply') return { cityId, kind: 'supply', parts: supplyFile({ city, id, input: run.input, result: run.result, drawing: drawn.drawing, passport }) }
  if (run.kind === 'indicators' && drawn.kind === 'indicators') return { cityId, kind: 'indicators', parts: indicatorsFile({ city, id, input: run.input, result: run.result, drawing: drawn.drawing, passport }) }
  if (run.kind === 'siting' && drawn.kind === 'siting') {
    const { result } = run
    if (!result.answer) throw noAnswer()
    return { cityId, kind: 'siting', parts: sitingFile({ city, run: { ...run, result, passport }, answer: result.answer, drawing: drawn.drawing }) }
  }
  throw new TypeError(`the drawing of planning run ${id} is of ${drawn.kind}`)
}

/** The file, written down in the log before it is handed out. */
export async function getPlanningFile(context: AppContext, principal: Principal, city: string, id: string, format: RunFileFormat): Promise<SentRunFile> {
  const { cityId, kind, parts } = await getParts(context, city, id)
  const file = await makeRunFile(parts, format)
  await context.db.transaction((tx) => recordAudit(tx, principal, cityId, { domain: 'exports', action: ACTIONS[kind], objectKind: 'planning_run', objectId: id, details: { format } }, context.clock()))
  return file
}
