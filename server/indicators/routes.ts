import type { Router } from 'express'
import { API_PREFIX } from '../contract/endpoint.ts'
import * as contract from '../contract/planning-indicators.ts'
import type { AppContext } from '../context.ts'
import { guard } from '../http/guard.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getIndicatorChoices } from './choices.ts'
import { serveSheetExport } from './export-routes.ts'

/** Mounts what belongs to indicator sheets beside their runs: what they can be about, and a run as a file. */
export function indicatorRoutes(router: Router, context: AppContext): void {
  serve(router, contract.getIndicatorChoices, serveOptions(context), ({ params }) => getIndicatorChoices(context.db, params.city))
  router.get(`${API_PREFIX}${contract.INDICATORS_EXPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveSheetExport(context, request, response))
}
