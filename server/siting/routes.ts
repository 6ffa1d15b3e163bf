import type { Router } from 'express'
import { API_PREFIX } from '../contract/endpoint.ts'
import { getSitingChoices, SITING_EXPORT_PATH } from '../contract/planning-siting.ts'
import type { AppContext } from '../context.ts'
import { guard } from '../http/guard.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getSitingChoices as getChoices } from './choices.ts'
import { serveSitesExport } from './export-routes.ts'

/** Mounts the addresses of siting beside those of its runs. */
export function sitingRoutes(router: Router, context: AppContext): void {
  serve(router, getSitingChoices, serveOptions(context), ({ params }) => getChoices(context.db, params.city))
  router.get(`${API_PREFIX}${SITING_EXPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveSitesExport(context, request, response))
}
