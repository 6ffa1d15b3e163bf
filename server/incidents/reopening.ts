/** An ended case is taken up again as a new one that points at it: what was closed stays closed, with its clocks and figures. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import { reopeningRefusal } from '../contract/incident-actions.ts'
import { type Incident, IncidentReport, type IncidentState } from '../contract/incidents.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findCase, getIncident } from './detail.ts'
import { lockIncidents } from './detail-queries.ts'
import { hashBody, once, type Once } from './idempotency.ts'
import { insertReport } from './report.ts'
import { visibilityOf } from './visibility.ts'

const CODES = { role: 'forbidden', state: 'illegal_transition', rule: 'conflict' } as const

function checkReopening(principal: Principal, city: CityRow, row: { state: IncidentState; reopenedAs: { reportNumber: string } | null }): void {
  const refusal = reopeningRefusal({ cityKey: city.key, state: row.state, reopenedAs: row.reopenedAs }, { kind: principal.kind, id: null, posts: principal.posts })
  if (refusal) throw new AppError(CODES[refusal.obstacle as keyof typeof CODES], `${refusal.reason.zh}。${refusal.reason.en}.`)
}

/**
 * Ring the doorbell afterwards.
 * @throws AppError not_found; forbidden; illegal_transition for a case that has not ended or was merged; conflict when it was taken up again before, naming the new case.
 */
export function reopenIncident(db: Db, city: CityRow, principal: Principal, id: string, reason: string, key: string, at: Date): Promise<Once<Incident>> {
  return db.transaction((tx) =>
    once(tx, { cityId: city.cityId, endpoint: `reopenIncident ${id}`, key, bodyHash: hashBody({ reason, by: principal.accountId ?? principal.name }), status: 201 }, async () => {
      await lockIncidents(tx, city.cityId, [id])
      const { row } = await findCase(tx, city, principal, await visibilityOf(tx, principal, city), id, at)
      checkReopening(principal, city, row)
      const report = IncidentReport.parse({
        source: row.source, schemeId: row.schemeId, classKind: row.classKind, classCode: row.classCode, severity: row.severity, description: row.description, reportedBy: row.reportedBy, isDrill: row.isDrill,
        ...(row.position ? { position: row.position } : {}),
        ...(row.position && row.placeMethod !== 'none' ? { placeMethod: row.placeMethod } : {}),
        ...(row.address === null ? {} : { address: row.address }),
        ...(row.reporterPhone === null ? {} : { reporterPhone: row.reporterPhone }),
      })
      const { publicId } = await insertReport(tx, city, principal, report, key, at, { incidentId: row.incidentId, reason })
      const incident = await getIncident(tx, city, principal, publicId, at)
      await recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'reopenIncident', objectKind: 'incident', objectId: id, details: { as: publicId }, lane: id }, at)
      return incident
    }),
  )
}
