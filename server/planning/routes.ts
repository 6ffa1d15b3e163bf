import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { CityKey } from '../contract/cities.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import * as contract from '../contract/planning.ts'
import { rerunCoverage, rerunPlanning } from '../contract/reruns.ts'
import { RUN_FILE_FORMATS } from '../contract/run-files.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { guard, principalOf } from '../http/guard.ts'
import { sendFile } from '../http/send-file.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getPlanningFile } from './export.ts'
import * as planning from './planning.ts'

const ExportAsked = z.object({ city: CityKey, run: z.uuid(), format: z.enum(RUN_FILE_FORMATS) })

async function serveExport(context: AppContext, request: Request, response: Response): Promise<void> {
  const parsed = ExportAsked.safeParse({ ...request.query, ...request.params })
  if (!parsed.success) throw new AppError('bad_request', `不能按此导出，请改选格式。The export cannot be made: give format as one of ${RUN_FILE_FORMATS.join(', ')}.`, { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  const { city, run, format } = parsed.data
  await sendFile(response, await getPlanningFile(context, await principalOf(context, request), city, run, format))
}

/** Mounts the addresses of planning runs. */
export function planningRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.startPlanningRun, options, async ({ principal, params, body }, _request, response) => {
    const run = await planning.startPlanningRun(context, principal, params.city, body)
    response.setHeader('Location', `${API_PREFIX}/cities/${params.city}/planning-runs/${run.id}`)
    return run
  })
  serve(router, contract.listPlanningRuns, options, async ({ params, query }) => ({ runs: await planning.listPlanningRuns(context, params.city, query.kind, query.limit) }))
  serve(router, contract.getPlanningRun, options, ({ params }) => planning.getPlanningRun(context, params.city, params.run))
  serve(router, contract.getPlanningDrawing, options, ({ params }) => planning.getPlanningDrawing(context, params.city, params.run))
  for (const rerun of [rerunCoverage, rerunPlanning]) {
    serve(router, rerun, options, ({ principal, params }) => planning.startPlanningRun(context, principal, params.city, { kind: 'rerun', input: { run: params.run } }, rerun.name))
  }
  serve(router, contract.cancelPlanningRun, options, ({ principal, params }) => planning.cancelPlanningRun(context, principal, params.city, params.run))
  router.get(`${API_PREFIX}${contract.PLANNING_EXPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveExport(context, request, response))
}
