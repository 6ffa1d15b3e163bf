import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import * as contract from '../contract/planning-supply.ts'
import type { AppContext } from '../context.ts'
import { guard } from '../http/guard.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { serveSupplyExport } from './export-routes.ts'
import { listSupplyRules } from './rules.ts'

/** Mounts what belongs to supply beside its runs: its rules, and a run as a file. */
export function supplyRoutes(router: Router, context: AppContext): void {
  serve(router, contract.listSupplyRules, serveOptions(context), async ({ params }) => {
    await getCity(context.db, params.city)
    return { rules: await listSupplyRules(context.db) }
  })
  router.get(`${API_PREFIX}${contract.SUPPLY_EXPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveSupplyExport(context, request, response))
}
