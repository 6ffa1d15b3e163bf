import type { Response, Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/dispatch.ts'
import * as matrix from '../contract/responsibilities.ts'
import { serve, serveOptions } from '../http/serve.ts'
import * as dispatch from './dispatch.ts'
import type { DispatchFile } from './file.ts'

/** Mounts the addresses of dispatch. */
export function dispatchRoutes(router: Router, context: AppContext): void {
  const { db, clock } = context
  const options = serveOptions(context)
  const cityOf = (key: string) => getCity(db, key)
  serve(router, matrix.listResponsibilities, options, async ({ params, query: { limit, ...filter } }) => dispatch.listResponsibilities(db, await cityOf(params.city), filter, limit))
  serve(router, matrix.addResponsibilities, options, async ({ params, body, principal }) => dispatch.addResponsibilities(db, await cityOf(params.city), principal, body.rows, clock()))
  serve(router, matrix.changeResponsibility, options, async ({ params, body, principal }) => dispatch.changeResponsibility(db, await cityOf(params.city), principal, params.id, body, clock()))
  serve(router, matrix.endResponsibility, options, async ({ params, principal }) => dispatch.endResponsibility(db, await cityOf(params.city), principal, params.id, clock()))
  serve(router, matrix.listResponsibilityChanges, options, async ({ params, query: { limit, ...filter } }) => dispatch.listResponsibilityChanges(db, await cityOf(params.city), filter, limit))
  serve(router, matrix.listResponsibilityGaps, options, async ({ params }) => dispatch.listResponsibilityGaps(db, await cityOf(params.city), clock()))
  serve(router, contract.getRoutingRules, options, async ({ params, query, principal }) => dispatch.getRoutingRules(db, await cityOf(params.city), principal, query.version, clock()))
  serve(router, contract.putRoutingRules, options, async ({ params, body, principal }) => dispatch.putRoutingRules(db, await cityOf(params.city), principal, body, clock()))
  serve(router, contract.replayRoutingRules, options, async ({ params, body, principal }) => dispatch.replayRoutingRules(db, await cityOf(params.city), principal, body, clock()))
  serve(router, contract.exportReplay, options, async ({ params, body, principal }, _request, response) => {
    sendFile(response, await dispatch.exportReplay(db, await cityOf(params.city), principal, body, clock()))
  })
  serve(router, contract.suggestDispatch, options, async ({ params, principal }) => dispatch.suggestDispatch(db, await cityOf(params.city), principal, params.id, clock()))
  serve(router, contract.getOverrideRate, options, async ({ params, query, principal }) => dispatch.getOverrideRate(db, await cityOf(params.city), principal, query, clock()))
  serve(router, contract.exportOverrides, options, async ({ params, query, principal }, _request, response) => {
    sendFile(response, await dispatch.exportOverrides(db, await cityOf(params.city), principal, query, clock()))
  })
}

function sendFile(response: Response, file: DispatchFile): void {
  response.setHeader('Content-Disposition', `attachment; filename="${file.fileName}"`)
  response.setHeader('Content-Type', file.mediaType)
  response.setHeader('Cache-Control', 'private, max-age=0')
  response.end(file.bytes)
}
