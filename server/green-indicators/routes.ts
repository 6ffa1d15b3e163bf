import type { Router } from 'express'
import * as contract from '../contract/green-indicators.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getGreenIndicators, listGreenIndicatorRows } from './green-indicators.ts'

/** Mounts the addresses of green indices. */
export function greenIndicatorRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.getGreenIndicators, options, ({ params, query }) => getGreenIndicators(context.db, params.city, query.scope))
  serve(router, contract.listGreenIndicatorRows, options, ({ params, query }) => listGreenIndicatorRows(context.db, params.city, params.indicator, query))
}
