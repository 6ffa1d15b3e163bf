/** Reports of finished runs and of management gaps: what was found becomes a document, which a thread writes as a PDF. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import type { GapLayer, GapListQuery } from '../contract/management-gaps.ts'
import type { ReportQuery } from '../contract/planning-report.ts'
import type { AppContext } from '../context.ts'
import { getCoverageResult, getCoverageRun } from '../coverage/coverage.ts'
import { getCoverageFile } from '../coverage/export.ts'
import { AppError } from '../errors.ts'
import { getGapFile } from '../management-gaps/export.ts'
import { getPlanningFile } from '../planning/export.ts'
import { getPlanningRun } from '../planning/planning.ts'
import { type Found, frameReport, type ReportTools } from './common.ts'
import { makeCoverageReport } from './coverage-report.ts'
import { makeGapsReport } from './gaps-report.ts'
import type { Report } from './model.ts'
import { writePdfInThread } from './pdf/pdf-thread.ts'
import { makePlanningReport } from './planning-report.ts'
import { wordsIn } from './words.ts'

/** A run of either sort (a command line that knows only an id asks `findSortOfRun`), or a layer of management gaps, which is judged anew. */
export type ReportSubject = { sort: SortOfRun; run: string } | { sort: 'gaps'; layer: GapLayer; question: GapListQuery }
export type SortOfRun = 'coverage' | 'planning'

export interface ReportOf {
  city: string
  of: ReportSubject
  query: ReportQuery
  /** Where the console is reached. */
  baseUrl: string
}

async function toolsOf(context: Pick<AppContext, 'db' | 'clock'>, { city: key, query, baseUrl }: ReportOf): Promise<ReportTools> {
  const city = await getCity(context.db, key)
  return { db: context.db, city, words: wordsIn(query.language, city.timeZone), query, baseUrl: baseUrl.replace(/\/+$/, ''), at: context.clock() }
}

/**
 * The document before it is drawn.
 * @throws AppError not_found for a run that is not there, conflict for one without an answer
 */
export async function getReport(context: Pick<AppContext, 'db' | 'clock'>, asked: ReportOf): Promise<Report> {
  const tools = await toolsOf(context, asked)
  return frameReport(tools, await findingsOf(context, tools, asked))
}

async function findingsOf(context: Pick<AppContext, 'db'>, tools: ReportTools, { city, of }: ReportOf): Promise<Found> {
  if (of.sort === 'gaps') return makeGapsReport(tools, of.layer, of.question)
  return of.sort === 'coverage' ? makeCoverageReport(tools, await getCoverageResult(context, city, of.run)) : makePlanningReport(context, tools, of.run)
}

export interface RunBytes {
  fileName: string
  mediaType: string
  bytes: Uint8Array
}

/** The file, written down in the log before it is handed out. */
export async function getReportFile(context: AppContext, principal: Principal, asked: ReportOf): Promise<RunBytes> {
  const tools = await toolsOf(context, asked)
  const found = await findingsOf(context, tools, asked)
  const bytes = await writePdfInThread(frameReport(tools, found))
  const { language, paper, orientation, parts } = asked.query
  const { of } = asked
  const object = of.sort === 'gaps' ? { objectKind: 'city', objectId: asked.city } : { objectKind: `${of.sort}_run`, objectId: of.run }
  const details = { format: 'pdf', language, paper, orientation, parts, ...(of.sort === 'gaps' ? { layer: of.layer, question: of.question } : {}) }
  await context.db.transaction((tx) => recordAudit(tx, principal, tools.city.cityId, { domain: 'exports', action: 'exportReport', ...object, details }, context.clock()))
  return { fileName: `${asked.city}-report-${of.sort === 'gaps' ? `gaps-${of.layer}` : of.run}-${found.finishedAt.slice(0, 10)}-${language}.pdf`, mediaType: 'application/pdf', bytes }
}

/** Which of the two sorts of runs an id is of. @throws AppError not_found for one that is of neither */
export async function findSortOfRun(context: Pick<AppContext, 'db'>, city: string, run: string): Promise<SortOfRun> {
  const isMissing = (error: unknown) => error instanceof AppError && error.code === 'not_found'
  const isCoverage = await getCoverageRun(context, city, run).then(() => true, (error: unknown) => {
    if (isMissing(error)) return false
    throw error
  })
  if (isCoverage) return 'coverage'
  await getPlanningRun(context, city, run)
  return 'planning'
}

/** Every table as one workbook, written down in the log before it is handed out. */
export async function getWorkbookFile(context: AppContext, principal: Principal, { city, of }: Pick<ReportOf, 'city' | 'of'>): Promise<RunBytes> {
  const file = of.sort === 'gaps' ? await getGapFile(context, principal, city, of.layer, of.question, 'xlsx') : of.sort === 'coverage' ? await getCoverageFile(context, principal, city, of.run, 'xlsx') : await getPlanningFile(context, principal, city, of.run, 'xlsx')
  const chunks: Buffer[] = []
  for await (const chunk of file.chunks) chunks.push(Buffer.from(chunk))
  return { fileName: file.fileName, mediaType: file.mediaType, bytes: Buffer.concat(chunks) }
}
