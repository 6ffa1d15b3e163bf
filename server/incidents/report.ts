import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import { isInArea } from '../contract/incident-actions.ts'
import { grantsOf } from '../contract/permissions.ts'
import type { Incident, IncidentReport } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { insertFlow } from './change-queries.ts'
import { localDay } from './clocks.ts'
import { getPlaceCodes, settleFacts } from './facts.ts'
import { storedKey } from './idempotency.ts'
import { tellIncident } from './live.ts'
import { insertIncident, takeNumber } from './queries.ts'
import type { PlaceFacts } from './place-queries.ts'
import { findReportedClass } from './reference-queries.ts'
import { moveClocks } from './stage-clocks.ts'

const NOWHERE: PlaceFacts = { outsideCity: false, countyCode: null, streetCode: null, communityCode: null, gridCode: null, gridVersion: null, partId: null }

/** Clocks of phones run ahead by minutes, not by more. */
const CLOCK_TOLERANCE_MILLISECONDS = 10 * 60_000

/** A number of a day's series, e.g. `SL-20261123-00042`: 受理号 SL, 案件编号 AJ. */
export function formatNumber(series: 'report' | 'case', day: string, number: number): string {
  return `${series === 'report' ? 'SL' : 'AJ'}-${day.replaceAll('-', '')}-${String(number).padStart(5, '0')}`
}

/** A token that is for some sources speaks for no other. */
function checkSource({ intakeSources }: Principal, { source }: IncidentReport): void {
  if (intakeSources === null || intakeSources.includes(source)) return
  throw new AppError('forbidden', `该令牌只用于来源 ${intakeSources.join('、')}，不能以“${source}”上报。The token is for reports of ${intakeSources.join(', ')}, not of ${source}.`)
}

/** A collector reports from his own area; whoever holds a post for the whole city, from anywhere. */
function checkArea(principal: Principal, city: CityRow, facts: PlaceFacts): void {
  const grants = grantsOf(principal, 'incidents.report', city.key)
  if (grants.length === 0 || grants.some(({ scope, post }) => scope !== 'area' || isInArea(post.areaCode, facts))) return
  throw new AppError('forbidden', '上报位置不在本人责任区域内。The place lies outside the area of the post.')
}

function fault(path: string, message: string): AppError {
  return new AppError('bad_request', message, { errors: [{ path: `body.${path}`, message }] })
}

function checkReport(report: IncidentReport, at: Date): void {
  if (report.placeMethod && !report.position) throw fault('position', 'placeMethod says how a position was found, but there is no position. Send both or neither.')
  if (report.occurredAt && Date.parse(report.occurredAt) > at.getTime() + CLOCK_TOLERANCE_MILLISECONDS) {
    throw fault('occurredAt', `occurredAt (${report.occurredAt}) lies in the future; the server’s time is ${at.toISOString()}.`)
  }
}

/**
 * Takes a report in: number, spatial facts of its place, severity, first row of its flow, live event. Runs in the caller's transaction.
 * @param reopens the ended case it takes up again.
 * @returns the inner id of the new incident.
 * @throws AppError bad_request for an unknown class or a contradiction in the report; conflict when the source sent this reference before.
 */
export async function insertReport(tx: Queryable, city: CityRow, principal: Principal, report: IncidentReport, idempotencyKey: string, at: Date, reopens?: { incidentId: number; reason: string }): Promise<{ incidentId: number; publicId: Incident['id'] }> {
  checkReport(report, at)
  checkSource(principal, report)
  const { schemeId, classKind, classCode, position } = report
  const caseClass = await findReportedClass(tx, schemeId, classKind, classCode)
  if (!caseClass) throw fault('classCode', `The scheme ${schemeId} has no ${classKind} class ${classCode}. GET /api/v1/case-classes lists those in use.`)
  const facts = position ? await getPlaceCodes(tx, city, position, { schemeId, classKind, classCode }) : NOWHERE
  checkArea(principal, city, facts)
  const reportedBy = report.reportedBy ?? principal.name
  const day = localDay(at, city.timeZone)
  const now = at.toISOString()
  const publicId = uuidv7()
  const incidentId = await insertIncident(tx, {
    publicId,
    cityId: city.cityId,
    reportNumber: formatNumber('report', day, await takeNumber(tx, city.cityId, 'report', day)),
    schemeId,
    classKind,
    classCode,
    className: caseClass.nameZh,
    largeCode: caseClass.largeCode,
    severity: report.severity ?? caseClass.defaultSeverity,
    severityFrom: report.severity ? 'source' : 'class',
    state: report.isDraft ? 'draft' : 'pending_accept',
    source: report.source,
    sourceReference: report.sourceReference ?? null,
    idempotencyKey: storedKey(principal.accountId, idempotencyKey),
    reportedBy,
    reporterPhone: report.reporterPhone ?? null,
    reporterId: principal.accountId,
    reopenedFromId: reopens?.incidentId ?? null,
    description: report.description,
    address: report.address ?? null,
    placeMethod: position ? (report.placeMethod ?? 'source') : 'none',
    position: position ?? null,
    isDrill: report.isDrill,
    occurredAt: report.occurredAt ?? null,
    at: now,
    ...facts,
  })
  if (position) await settleFacts(tx, city, incidentId)
  const action = reopens ? 'reopen' : report.isDraft ? 'register' : 'submit'
  await insertFlow(tx, {
    incidentId, sequence: 1, action, operation: 'forward', fromState: null, toState: report.isDraft ? 'draft' : 'pending_accept', actor: reopens ? principal.name : reportedBy, actorId: principal.accountId,
    actorRole: principal.posts[0]?.role ?? null, receiverId: null, receiverName: null, stage: null, spentMilliseconds: null, wasOverdue: null, at: now, opinion: reopens?.reason ?? null, details: { source: report.source },
  })
  await moveClocks(tx, city, incidentId, { action, from: null, to: report.isDraft ? 'draft' : 'pending_accept', at, stateSince: at, limit: null, dueAt: null })
  await tellIncident(tx, city, incidentId)
  return { incidentId, publicId }
}
