import type { Router } from 'express'
import * as contract from '../contract/entrances.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import * as entrances from './entrances.ts'

/** Mounts the addresses of gates. */
export function entranceRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.listEntrances, options, ({ params }) => entrances.listEntrances(context, params.city, params.green))
  serve(router, contract.addEntrance, options, ({ principal, params, body }) => entrances.addEntrance(context, principal, params.city, params.green, body))
  serve(router, contract.keepEntrances, options, ({ principal, params }) => entrances.keepEntrances(context, principal, params.city, params.green))
  serve(router, contract.endEntrance, options, ({ principal, params }) => entrances.endEntrance(context, principal, params.city, params.green, params.entrance))
}
