import type { CityRow } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import { INCIDENT_LIGHTS_MOST, type listIncidentLights as listIncidentLightsEndpoint } from '../contract/incident-lights.ts'
import type { IncidentFilter } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { incidentFilter } from './filter-queries.ts'
import { findLights } from './light-queries.ts'
import type { Visibility } from './visibility.ts'

/** What the lights of the points under a filter are read from; ended cases have no running clock and are left out. */
export async function getIncidentLights(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): Promise<Reply<typeof listIncidentLightsEndpoint>> {
  const columns = await findLights(db, incidentFilter(city, visibility, filter, at), INCIDENT_LIGHTS_MOST)
  return { ...columns, isCut: columns.ids.length === INCIDENT_LIGHTS_MOST, asOf: at.toISOString() }
}
