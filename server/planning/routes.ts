import type { Router } from 'express'
import { API_PREFIX } from '../contract/endpoint.ts'
import * as contract from '../contract/planning.ts'
import { rerunCoverage } from '../contract/reruns.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import * as planning from './planning.ts'

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
  serve(router, rerunCoverage, options, ({ principal, params }) => planning.startPlanningRun(context, principal, params.city, { kind: 'rerun', input: { run: params.run } }, rerunCoverage.name))
  serve(router, contract.cancelPlanningRun, options, ({ principal, params }) => planning.cancelPlanningRun(context, principal, params.city, params.run))
}
