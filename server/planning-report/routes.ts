import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { CityKey } from '../contract/cities.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { GapLayer, GapListQuery } from '../contract/management-gaps.ts'
import { COVERAGE_REPORT_PATH, GAP_REPORT_PATH, PLANNING_REPORT_PATH, ReportQuery } from '../contract/planning-report.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { baseOf } from '../http/base-of.ts'
import { guard, principalOf } from '../http/guard.ts'
import { getReportFile, type ReportOf, type SortOfRun } from './report.ts'

const RunParams = z.object({ city: CityKey, run: z.uuid() })
const GapParams = GapListQuery.extend({ city: CityKey, layer: GapLayer })

/** Reads words with a schema; what is wrong is put in one sentence with its places. */
function readAsked<Schema extends z.ZodType>(schema: Schema, request: Request): { params: z.output<Schema>; query: ReportQuery } {
  const params = schema.safeParse({ ...request.query, ...request.params })
  const query = ReportQuery.safeParse(request.query)
  if (!params.success || !query.success) {
    const issues = [...(params.error?.issues ?? []), ...(query.error?.issues ?? [])]
    throw new AppError('bad_request', '报告的要求有误：语言用 zh 或 en，纸张 a4 或 a3，方向 portrait 或 landscape，内容为 maps、tables、method（逗号分隔）。The report cannot be made as asked: language is zh or en, paper a4 or a3, orientation portrait or landscape, parts of maps, tables, method with commas between.', { errors: issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  }
  return { params: params.data, query: query.data }
}

/** Sends a report: `?language=zh|en&paper=a4|a3&orientation=portrait|landscape&parts=maps,tables,method`. */
async function sendReport(context: AppContext, request: Request, response: Response, asked: Omit<ReportOf, 'baseUrl'>): Promise<void> {
  const { fileName, bytes } = await getReportFile(context, await principalOf(context, request), { ...asked, baseUrl: baseOf(request, context.config.PUBLIC_BASE_URL) })
  response.set({ 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${fileName}"`, 'Cache-Control': 'private, max-age=0' })
  response.end(bytes)
}

async function serveRunReport(context: AppContext, sort: SortOfRun, request: Request, response: Response): Promise<void> {
  const { params: { city, run }, query } = readAsked(RunParams, request)
  await sendReport(context, request, response, { city, of: { sort, run }, query })
}

/** The query of the list of gaps beside that of a report. */
async function serveGapReport(context: AppContext, request: Request, response: Response): Promise<void> {
  const { params: { city, layer, ...question }, query } = readAsked(GapParams, request)
  await sendReport(context, request, response, { city, of: { sort: 'gaps', layer, question }, query })
}

/** Mounts the reports of runs and of management gaps. */
export function planningReportRoutes(router: Router, context: AppContext): void {
  router.get(`${API_PREFIX}${COVERAGE_REPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveRunReport(context, 'coverage', request, response))
  router.get(`${API_PREFIX}${PLANNING_REPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveRunReport(context, 'planning', request, response))
  router.get(`${API_PREFIX}${GAP_REPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveGapReport(context, request, response))
}
