import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/duplicates.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { listDraftDuplicates, listDuplicates, listSuspiciousPlaces } from './duplicates.ts'

/** Mounts likely duplicates and suspicious places. */
export function duplicatesRoutes(router: Router, context: AppContext): void {
  const { db, clock } = context
  const options = serveOptions(context)
  serve(router, contract.listDuplicates, options, async ({ principal, params }) => listDuplicates(db, principal, await getCity(db, params.city), params.id))
  serve(router, contract.listDraftDuplicates, options, async ({ principal, params, query: { longitude, latitude, ...draft } }) => listDraftDuplicates(db, principal, await getCity(db, params.city), { ...draft, position: [longitude, latitude] }, clock()))
  serve(router, contract.listSuspiciousPlaces, options, async ({ principal, params, query }) => listSuspiciousPlaces(db, principal, await getCity(db, params.city), query, clock()))
}
