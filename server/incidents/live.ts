/** Tells open consoles of a case, in the transaction of the change. */
import type { CityRow } from '../cities/cities.ts'
import { type FlowAction, IncidentSummary } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { publish } from '../live/publish.ts'
import { findCaseScope } from './live-queries.ts'
import { findIncidentSummary } from './queries.ts'
import type { CaseScope } from './visibility.ts'

const SUMMARY_KEYS = Object.keys(IncidentSummary.shape) as (keyof IncidentSummary)[]

/** Tells of a step, from what was read of the case after it. */
export async function tellStep(tx: Queryable, city: Pick<CityRow, 'cityId' | 'key'>, row: IncidentSummary, action: FlowAction, scope: CaseScope, before: CaseScope): Promise<void> {
  const incident = Object.fromEntries(SUMMARY_KEYS.map((key) => [key, row[key]])) as IncidentSummary
  await publish(tx, city.cityId, { type: 'incident.transitioned', city: city.key, incident, action }, scope, before)
}

/** @param step the action; without one the case has just come in. */
export async function tellIncident(tx: Queryable, city: Pick<CityRow, 'cityId' | 'key'>, incidentId: number, step?: { action: FlowAction; before: CaseScope }): Promise<void> {
  const incident = await findIncidentSummary(tx, incidentId)
  const scope = await findCaseScope(tx, incidentId)
  if (!incident || !scope) throw new TypeError('an incident was not there after its own change')
  if (!step) await publish(tx, city.cityId, { type: 'incident.reported', city: city.key, incident }, scope)
  else await publish(tx, city.cityId, { type: 'incident.transitioned', city: city.key, incident, action: step.action }, scope, step.before)
}
