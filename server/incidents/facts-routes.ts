import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/facts.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getPlaceFacts } from './facts.ts'

/** Mounts the facts of places. */
export function factsRoutes(router: Router, context: AppContext): void {
  const { db, clock } = context
  serve(router, contract.getPlaceFacts, serveOptions(context), async ({ params, query: { longitude, latitude, ...about } }) => getPlaceFacts(db, await getCity(db, params.city), [longitude, latitude], about, clock()))
}
