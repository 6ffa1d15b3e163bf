import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { Incident, IncidentFilter, IncidentReport } from '../contract/incidents.ts'
import type { Db, Queryable } from '../db/db.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { getIncident } from './detail.ts'
import { incidentFilter } from './filter-queries.ts'
import { hashBody, once, type Once } from './idempotency.ts'
import { listIncidentPage, type SortKey } from './queries.ts'
import { insertReport } from './report.ts'
import type { Visibility } from './visibility.ts'

export { getIncident } from './detail.ts'
export { countedIncident, incidentFilter, openIncident, overdueIncident, visibleIncident } from './filter-queries.ts'
export { listCaseClasses, syncCaseClasses } from './reference.ts'
export { takeStep, transitionIncident } from './transitions.ts'
export { EVERYTHING, type Visibility, visibilityOf } from './visibility.ts'

export interface Page {
  sort: SortKey
  cursor?: string | undefined
  limit: number
}

/** One page of incidents under a filter. @throws AppError bad_request for a cursor that is not of this list. */
export async function listIncidents(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, page: Page, at: Date) {
  const start = page.cursor === undefined ? undefined : decodeCursor(page.cursor, page.sort)
  const found = await listIncidentPage(db, incidentFilter(city, visibility, filter, at), page.sort, start, page.limit + 1)
  const rows = found.slice(0, page.limit)
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => row.summary),
    nextCursor: found.length > page.limit && last ? encodeCursor(page.sort, last.start) : null,
    asOf: at.toISOString(),
  }
}

/**
 * Takes a report in, once per key: a retry gets the first answer again and never makes a second case.
 * Ring the doorbell afterwards.
 * @throws AppError as `once` and `insertReport` do.
 */
export function reportIncident(db: Db, city: CityRow, principal: Principal, report: IncidentReport, key: string, at: Date): Promise<Once<Incident>> {
  return db.transaction((tx) =>
    once(tx, { cityId: city.cityId, endpoint: 'reportIncident', key, ownerId: principal.accountId, bodyHash: hashBody(report), status: 201 }, async () => {
      const { publicId } = await insertReport(tx, city, principal, report, key, at)
      const incident = await getIncident(tx, city, principal, publicId, at)
      await recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'reportIncident', objectKind: 'incident', objectId: publicId, details: { reportNumber: incident.reportNumber, source: report.source }, lane: publicId }, at)
      return incident
    }),
  )
}
