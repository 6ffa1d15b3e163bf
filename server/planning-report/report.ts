/** Reports of finished runs: what was found becomes a document, which a thread writes as a PDF. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import type { ReportQuery } from '../contract/planning-report.ts'
import type { AppContext } from '../context.ts'
import { getCoverageResult, getCoverageRun } from '../coverage/coverage.ts'
import { getCoverageFile } from '../coverage/export.ts'
import { AppError } from '../errors.ts'
import { getPlanningFile } from '../planning/export.ts'
import { getPlanningRun } from '../planning/planning.ts'
import { type Found, frameReport, type ReportTools } from './common.ts'
import { makeCoverageReport } from './coverage-report.ts'
import type { Report } from './model.ts'
import { writePdfInThread } from './pdf/pdf-thread.ts'
import { makePlanningReport } from './planning-report.ts'
import { wordsIn } from './words.ts'

export interface ReportOf {
  city: string
  /** Which of the two sorts of runs; a command line that knows only an id asks `findSortOfRun`. */
  sort: 'coverage' | 'planning'
  run: string
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

async function findingsOf(context: Pick<AppContext, 'db'>, tools: ReportTools, { city, sort, run }: ReportOf): Promise<Found> {
  return sort === 'coverage' ? makeCoverageReport(tools, await getCoverageResult(context, city, run)) : makePlanningReport(context, tools, run)
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
  await context.db.transaction((tx) => recordAudit(tx, principal, tools.city.cityId, { domain: 'exports', action: 'exportReport', objectKind: `${asked.sort}_run`, objectId: asked.run, details: { format: 'pdf', language, paper, orientation, parts } }, context.clock()))
  return { fileName: `${asked.city}-report-${asked.run}-${found.finishedAt.slice(0, 10)}-${language}.pdf`, mediaType: 'application/pdf', bytes }
}

/** Which of the two sorts of runs an id is of. @throws AppError not_found for one that is of neither */
export async function findSortOfRun(context: Pick<AppContext, 'db'>, city: string, run: string): Promise<ReportOf['sort']> {
  const isMissing = (error: unknown) => error instanceof AppError && error.code === 'not_found'
  const isCoverage = await getCoverageRun(context, city, run).then(() => true, (error: unknown) => {
    if (isMissing(error)) return false
    throw error
  })
  if (isCoverage) return 'coverage'
  await getPlanningRun(context, city, run)
  return 'planning'
}

/** Every table of a run as one workbook, written down in the log before it is handed out. */
export async function getWorkbookFile(context: AppContext, principal: Principal, { city, sort, run }: Pick<ReportOf, 'city' | 'sort' | 'run'>): Promise<RunBytes> {
  const file = sort === 'coverage' ? await getCoverageFile(context, principal, city, run, 'xlsx') : await getPlanningFile(context, principal, city, run, 'xlsx')
  const chunks: Buffer[] = []
  for await (const chunk of file.chunks) chunks.push(Buffer.from(chunk))
  return { fileName: file.fileName, mediaType: file.mediaType, bytes: Buffer.concat(chunks) }
}
