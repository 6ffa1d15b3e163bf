import type { Router } from 'express'
import type { Principal } from '../access/principal.ts'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { getDirectory as getDirectoryEndpoint } from '../contract/directory.ts'
import { listIncidentLights } from '../contract/incident-lights.ts'
import * as contract from '../contract/workbench.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { ringLive } from '../live/doorbell.ts'
import { bulkTransition, undoBulk } from './bulk.ts'
import { getDirectory } from './directory.ts'
import { visibilityOf } from './incidents.ts'
import { getIncidentLights } from './lights.ts'
import { getNextIncident, listQueues } from './queues.ts'
import { changeSavedFilter, createSavedFilter, endSavedFilter, getSavedFilters } from './saved-filters.ts'

/** Mounts the addresses of the workbench. */
export function workbenchRoutes(router: Router, context: AppContext): void {
  const { db, clock, log } = context
  const options = serveOptions(context)
  const ring = () => ringLive(db, (error) => log.warn({ err: error }, 'the doorbell of the live feed did not ring'))
  const view = async (principal: Principal, cityKey: string) => {
    const city = await getCity(db, cityKey)
    return { city, visibility: await visibilityOf(db, principal, city) }
  }

  serve(router, contract.listQueues, options, async ({ principal, params, query }) => {
    const { city, visibility } = await view(principal, params.city)
    return listQueues(db, city, visibility, query, clock())
  })

  serve(router, listIncidentLights, options, async ({ principal, params, query }) => {
    const { city, visibility } = await view(principal, params.city)
    return getIncidentLights(db, city, visibility, query, clock())
  })

  serve(router, getDirectoryEndpoint, options, async ({ principal, params }) => getDirectory(db, await getCity(db, params.city), principal))

  serve(router, contract.getNextIncident, options, async ({ principal, params, query: { sort, ...filter } }) => {
    const { city, visibility } = await view(principal, params.city)
    return getNextIncident(db, city, visibility, params.id, filter, sort, clock())
  })

  serve(router, contract.bulkTransition, options, async ({ principal, params, body }) => {
    const answer = await bulkTransition(db, await getCity(db, params.city), principal, body, clock())
    ring()
    return answer
  })

  serve(router, contract.undoBulk, options, async ({ principal, params }) => {
    const answer = await undoBulk(db, await getCity(db, params.city), principal, params.id, clock())
    ring()
    return answer
  })

  serve(router, contract.listSavedFilters, options, async ({ principal, params }) => ({ filters: await getSavedFilters(db, await getCity(db, params.city), principal) }))

  serve(router, contract.createSavedFilter, options, async ({ principal, params, body }) => createSavedFilter(db, await getCity(db, params.city), principal, body, clock()))

  serve(router, contract.changeSavedFilter, options, async ({ principal, params, body }) => changeSavedFilter(db, await getCity(db, params.city), principal, params.id, body, clock()))

  serve(router, contract.endSavedFilter, options, async ({ principal, params, body }) => endSavedFilter(db, await getCity(db, params.city), principal, params.id, body.version, clock()))
}
