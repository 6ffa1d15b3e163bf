import type { CityRow } from '../cities/cities.ts'
import { ACTION_LABELS, STATE_LABELS } from '../contract/incident-workflow.ts'
import type { Incident, IncidentAction, IncidentFilter, IncidentReport, IncidentState } from '../contract/incidents.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { publish } from '../live/publish.ts'
import { defaultCalendar, limitWords, localDay } from './clocks.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { incidentFilter } from './filter-queries.ts'
import { hashBody, once, type Once } from './idempotency.ts'
import { findIncident, findIncidentSummary, type IncidentRow, insertFlow, listFlow, listIncidentPage, type SortKey, takeNumber, updateIncidentState } from './queries.ts'
import { listFilingConditions } from './reference-queries.ts'
import { formatNumber, insertReport } from './report.ts'
import { decide, limitOf } from './workflow.ts'

export { countedIncident, incidentFilter, openIncident, overdueIncident } from './filter-queries.ts'
export { listCaseClasses, syncCaseClasses } from './reference.ts'

export interface Page {
  sort: SortKey
  cursor?: string | undefined
  limit: number
}

/** One page of incidents under a filter. @throws AppError bad_request for a cursor that is not of this list. */
export async function listIncidents(db: Queryable, city: CityRow, filter: IncidentFilter, page: Page, at: Date) {
  const start = page.cursor === undefined ? undefined : decodeCursor(page.cursor, page.sort)
  const found = await listIncidentPage(db, incidentFilter(city, filter, at), page.sort, start, page.limit + 1)
  const rows = found.slice(0, page.limit)
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => row.summary),
    nextCursor: found.length > page.limit && last ? encodeCursor(page.sort, last.start) : null,
    asOf: at.toISOString(),
  }
}

function present(row: IncidentRow, flow: Incident['flow']): Incident {
  const { incidentId: _incidentId, schemeId: _schemeId, conditionOrdinal: _ordinal, limitAmount, limitUnit, suspendedAt: _suspendedAt, ...incident } = row
  const limit = limitOf(limitAmount, limitUnit)
  const words = limit ? limitWords(limit) : null
  return { ...incident, limitZh: words?.zh ?? null, limitEn: words?.en ?? null, flow }
}

async function getRow(db: Queryable, city: CityRow, id: string): Promise<IncidentRow> {
  const row = await findIncident(db, city.cityId, id)
  if (!row) throw new AppError('not_found', `There is no incident ${id} in ${city.nameZh} ${city.nameEn}.`)
  return row
}

/** One incident with its whole flow. @throws AppError not_found */
export async function getIncident(db: Queryable, city: CityRow, id: string): Promise<Incident> {
  const row = await getRow(db, city, id)
  return present(row, await listFlow(db, row.incidentId))
}

/**
 * Takes a report in, once per key: a retry gets the first answer again and never makes a second case.
 * Ring the doorbell afterwards.
 * @throws AppError as `once` and `insertReport` do.
 */
export function reportIncident(db: Db, city: CityRow, report: IncidentReport, key: string, at: Date): Promise<Once<Incident>> {
  return db.transaction((tx) =>
    once(tx, { cityId: city.cityId, endpoint: 'reportIncident', key, bodyHash: hashBody(report), status: 201 }, async () => {
      const { publicId } = await insertReport(tx, city, report, key, at)
      return getIncident(tx, city, publicId)
    }),
  )
}

export interface TransitionRequest {
  action: IncidentAction
  version: number
  opinion?: string | undefined
  conditionOrdinal?: number | undefined
  department?: string | undefined
  actor: string
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

/** Tells who was quicker, and with what. */
async function staleError(tx: Queryable, city: CityRow, id: string, seen: number): Promise<AppError> {
  const row = await getRow(tx, city, id)
  const last = (await listFlow(tx, row.incidentId)).at(-1)
  const zh = last ? `${last.actor} 已于 ${last.at} 将案件“${ACTION_LABELS[last.action as IncidentAction]?.zh ?? last.action}”` : '案件已有变化'
  const en = last ? `${last.actor} did “${ACTION_LABELS[last.action as IncidentAction]?.en ?? last.action}” at ${last.at}` : 'the incident has changed'
  const state: IncidentState = row.state
  return new AppError('stale', `${zh}，现在是“${STATE_LABELS[state].zh}”（第 ${row.version} 版，您看到的是第 ${seen} 版）。${en}; it is now “${STATE_LABELS[state].en}” (version ${row.version}, you saw ${seen}).`)
}

async function applyTransition(tx: Queryable, city: CityRow, id: string, request: TransitionRequest, at: Date): Promise<Incident> {
  const row = await getRow(tx, city, id)
  if (row.version !== request.version) throw await staleError(tx, city, id, request.version)
  const conditions = request.action === 'file' ? await listFilingConditions(tx, row.schemeId, row.classKind, row.classCode) : []
  const decision = decide(
    {
      state: row.state,
      caseNumber: row.caseNumber,
      department: row.department,
      dueAt: dateOf(row.dueAt),
      filedAt: dateOf(row.filedAt),
      suspendedAt: dateOf(row.suspendedAt),
      limit: limitOf(row.limitAmount, row.limitUnit),
      conditions: conditions.flatMap((condition) => {
        const limit = limitOf(condition.limitAmount, condition.limitUnit)
        return limit ? [{ ordinal: condition.ordinal, limit }] : []
      }),
    },
    request,
    at,
    defaultCalendar(city.timeZone),
  )
  const { to, takesCaseNumber, filedAt, dueAt, disposedAt, endedAt, ...rest } = decision
  const day = localDay(at, city.timeZone)
  const now = at.toISOString()
  const version = await updateIncidentState(
    tx,
    row,
    to,
    {
      ...rest,
      ...(filedAt ? { filedAt: filedAt.toISOString() } : {}),
      ...(dueAt === undefined ? {} : { dueAt: dueAt?.toISOString() ?? null }),
      ...(disposedAt === undefined ? {} : { disposedAt: disposedAt?.toISOString() ?? null }),
      ...(endedAt ? { endedAt: endedAt.toISOString() } : {}),
      ...(takesCaseNumber ? { caseNumber: formatNumber('case', day, await takeNumber(tx, city.cityId, 'case', day)) } : {}),
    },
    now,
  )
  if (version === undefined) throw await staleError(tx, city, id, request.version)
  const flow = await listFlow(tx, row.incidentId)
  await insertFlow(tx, {
    incidentId: row.incidentId,
    sequence: (flow.at(-1)?.sequence ?? 0) + 1,
    action: request.action,
    fromState: row.state,
    toState: to,
    actor: request.actor,
    at: now,
    opinion: request.opinion ?? null,
    details: { ...(rest.department ? { department: rest.department } : {}), ...(rest.conditionOrdinal ? { conditionOrdinal: rest.conditionOrdinal } : {}) },
  })
  const incident = await findIncidentSummary(tx, row.incidentId)
  if (!incident) throw new TypeError('an incident was not there after its own update')
  await publish(tx, city.cityId, { type: 'incident.transitioned', city: city.key, incident, action: request.action }, { street: incident.streetCode, community: incident.communityCode, department: incident.department })
  return getIncident(tx, city, id)
}

/**
 * Moves an incident along its life; of two people pressing at once the first wins and the second is told who it was.
 * Ring the doorbell afterwards.
 * @throws AppError `not_found`, `stale` (somebody was quicker), `illegal_transition` (with the reason), `bad_request`, and as `once` does when a key is given.
 */
export function transitionIncident(db: Db, city: CityRow, id: string, request: TransitionRequest, key: string | undefined, at: Date): Promise<Once<Incident>> {
  return db.transaction(async (tx) => {
    const work = () => applyTransition(tx, city, id, request, at)
    if (key === undefined) return { answer: await work(), status: 201, replayed: false }
    return once(tx, { cityId: city.cityId, endpoint: `transitionIncident ${id}`, key, bodyHash: hashBody(request), status: 201 }, work)
  })
}
