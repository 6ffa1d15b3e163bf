/** Reports of finished runs: what was found becomes a document, which a thread writes as a PDF. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import type { ReportQuery } from '../contract/planning-report.ts'
import type { AppContext } from '../context.ts'
import { getCoverageResult } from '../coverage/coverage.ts'
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

/** The file, written down in the log before it is handed out. */
export async function getReportFile(context: AppContext, principal: Principal, asked: ReportOf): Promise<{ fileName: string; bytes: Uint8Array }> {
  const tools = await toolsOf(context, asked)
  const found = await findingsOf(context, tools, asked)
  const bytes = await writePdfInThread(frameReport(tools, found))
  const { language, paper, orientation, parts } = asked.query
  await context.db.transaction((tx) => recordAudit(tx, principal, tools.city.cityId, { domain: 'exports', action: 'exportReport', objectKind: `${asked.sort}_run`, objectId: asked.run, details: { format: 'pdf', language, paper, orientation, parts } }, context.clock()))
  return { fileName: `${asked.city}-report-${asked.run}-${found.finishedAt.slice(0, 10)}-${language}.pdf`, bytes }
}
