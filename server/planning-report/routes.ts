import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { CityKey } from '../contract/cities.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { COVERAGE_REPORT_PATH, PLANNING_REPORT_PATH, ReportQuery } from '../contract/planning-report.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { baseOf } from '../http/base-of.ts'
import { guard, principalOf } from '../http/guard.ts'
import { getReportFile } from './report.ts'

const Params = z.object({ city: CityKey, run: z.uuid() })

/** Sends a report: `?language=zh|en&paper=a4|a3&orientation=portrait|landscape&parts=maps,tables,method`. */
async function serveReport(context: AppContext, sort: 'coverage' | 'planning', request: Request, response: Response): Promise<void> {
  const params = Params.safeParse(request.params)
  const query = ReportQuery.safeParse(request.query)
  if (!params.success || !query.success) {
    const issues = [...(params.error?.issues ?? []), ...(query.error?.issues ?? [])]
    throw new AppError('bad_request', '报告的要求有误。The report cannot be made as asked: language is zh or en, paper a4 or a3, orientation portrait or landscape, parts of maps, tables, method with commas between.', { errors: issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  }
  const { city, run } = params.data
  const { fileName, bytes } = await getReportFile(context, await principalOf(context, request), { city, sort, run, query: query.data, baseUrl: baseOf(request, context.config.PUBLIC_BASE_URL) })
  response.set({ 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${fileName}"`, 'Cache-Control': 'private, max-age=0' })
  response.end(bytes)
}

/** Mounts the reports of runs. */
export function planningReportRoutes(router: Router, context: AppContext): void {
  router.get(`${API_PREFIX}${COVERAGE_REPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveReport(context, 'coverage', request, response))
  router.get(`${API_PREFIX}${PLANNING_REPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveReport(context, 'planning', request, response))
}
