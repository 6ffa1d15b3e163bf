import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/dispatch.ts'
import { serve, serveOptions } from '../http/serve.ts'
import * as dispatch from './dispatch.ts'

/** Mounts the addresses of dispatch. */
export function dispatchRoutes(router: Router, context: AppContext): void {
  const { db, clock } = context
  const options = serveOptions(context)
  const cityOf = (key: string) => getCity(db, key)
  serve(router, contract.listResponsibilities, options, async ({ params, query: { limit, ...filter } }) => dispatch.listResponsibilities(db, await cityOf(params.city), filter, limit))
  serve(router, contract.addResponsibilities, options, async ({ params, body, principal }) => dispatch.addResponsibilities(db, await cityOf(params.city), principal, body.rows, clock()))
  serve(router, contract.endResponsibility, options, async ({ params, principal }) => dispatch.endResponsibility(db, await cityOf(params.city), principal, params.id, clock()))
  serve(router, contract.getRoutingRules, options, async ({ params, query, principal }) => dispatch.getRoutingRules(db, await cityOf(params.city), principal, query.version, clock()))
  serve(router, contract.putRoutingRules, options, async ({ params, body, principal }) => dispatch.putRoutingRules(db, await cityOf(params.city), principal, body, clock()))
  serve(router, contract.replayRoutingRules, options, async ({ params, body, principal }) => dispatch.replayRoutingRules(db, await cityOf(params.city), principal, body.rules, body, clock()))
  serve(router, contract.suggestDispatch, options, async ({ params, principal }) => dispatch.suggestDispatch(db, await cityOf(params.city), principal, params.id, clock()))
  serve(router, contract.getOverrideRate, options, async ({ params, query: { limit, ...period } }) => dispatch.getOverrideRate(db, await cityOf(params.city), period, limit, clock()))
}
