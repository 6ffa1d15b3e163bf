/** An ended case is taken up again as a new one that points at it: what was closed stays closed, with its clocks and figures. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import { rolesIn } from '../contract/permissions.ts'
import { STATE_LABELS } from '../contract/incident-workflow.ts'
import { type Incident, IncidentReport, type IncidentState } from '../contract/incidents.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findCase, getIncident } from './detail.ts'
import { lockIncidents } from './detail-queries.ts'
import { hashBody, once, type Once } from './idempotency.ts'
import { insertReport } from './report.ts'
import { visibilityOf } from './visibility.ts'

const REOPENED_FROM: ReadonlySet<IncidentState> = new Set<IncidentState>(['closed', 'closed_special', 'not_filed'])

function checkReopener(principal: Principal, city: CityRow): void {
  const roles = rolesIn(principal, city.key)
  if (roles.has('operator') || roles.has('shift_leader') || roles.has('system')) return
  throw new AppError('forbidden', '“重新立项”由受理员、值班长办理。Reopening is done by: operator, shift leader.')
}

/**
 * Ring the doorbell afterwards.
 * @throws AppError not_found; forbidden; illegal_transition for a case that has not ended or was merged; conflict when it was taken up again before, naming the new case.
 */
export function reopenIncident(db: Db, city: CityRow, principal: Principal, id: string, reason: string, key: string, at: Date): Promise<Once<Incident>> {
  return db.transaction((tx) =>
    once(tx, { cityId: city.cityId, endpoint: `reopenIncident ${id}`, key, bodyHash: hashBody({ reason, by: principal.accountId ?? principal.name }), status: 201 }, async () => {
      checkReopener(principal, city)
      await lockIncidents(tx, city.cityId, [id])
      const { row } = await findCase(tx, city, principal, await visibilityOf(tx, principal, city), id, at)
      if (!REOPENED_FROM.has(row.state)) throw new AppError('illegal_transition', `案件现为“${STATE_LABELS[row.state].zh}”，只有已结束的案件可以重新立项。The incident is “${STATE_LABELS[row.state].en}”; only an ended one can be reopened.`)
      if (row.reopenedAs) throw new AppError('conflict', `本案已重新立项为 ${row.reopenedAs.reportNumber}。It was taken up again as ${row.reopenedAs.reportNumber} before.`)
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
