import type { Router } from 'express'
import * as contract from '../contract/coverage.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import type { AppContext } from '../context.ts'
import { guard } from '../http/guard.ts'
import { serve, serveOptions } from '../http/serve.ts'
import * as coverage from './coverage.ts'
import { serveExport } from './export-routes.ts'

/** Mounts the addresses of coverage. */
export function coverageRoutes(router: Router, context: AppContext): void {
  const { db } = context
  const options = serveOptions(context)
  serve(router, contract.listServiceRules, options, async ({ params }) => ({ rules: await coverage.listServiceRules(db, params.city) }))
  serve(router, contract.createServiceRule, options, ({ principal, params, body }) => coverage.createServiceRule(context, principal, params.city, body))
  serve(router, contract.startCoverageRun, options, async ({ principal, params, body }, _request, response) => {
    const run = await coverage.startCoverageRun(context, principal, params.city, body)
    response.setHeader('Location', `${API_PREFIX}/cities/${params.city}/coverage-runs/${run.id}`)
    return run
  })
  serve(router, contract.listCoverageRuns, options, async ({ params, query }) => ({ runs: await coverage.listCoverageRuns(context, params.city, query.limit) }))
  serve(router, contract.getCoverageRun, options, ({ params }) => coverage.getCoverageRun(context, params.city, params.run))
  serve(router, contract.cancelCoverageRun, options, ({ principal, params }) => coverage.cancelCoverageRun(context, principal, params.city, params.run))
  serve(router, contract.listCoverageUnits, options, ({ params, query }) => coverage.listPlacedCoverageUnits(context, params.city, params.run, query.level, query.demand))
  serve(router, contract.listBlindSpots, options, ({ params, query }) => coverage.listBlindSpots(context, params.city, params.run, query))
  serve(router, contract.getCoverageMap, options, ({ params }) => coverage.getCoverageMap(context, params.city, params.run))
  router.get(`${API_PREFIX}${contract.COVERAGE_EXPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveExport(context, request, response))
}
