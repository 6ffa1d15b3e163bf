import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import * as contract from '../contract/planning-supply.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { listSupplyRules } from './rules.ts'

/** Mounts what belongs to supply beside its runs. */
export function supplyRoutes(router: Router, context: AppContext): void {
  serve(router, contract.listSupplyRules, serveOptions(context), async ({ params }) => {
    await getCity(context.db, params.city)
    return { rules: await listSupplyRules(context.db) }
  })
}
