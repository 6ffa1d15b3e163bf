/** Holds a case as the server tells it, and the tables as they lie there, against what the test has kept. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Incident } from '../../../../server/contract/incidents.ts'
import type { Db } from '../../../../server/db/db.ts'
import { sql } from '../../../../server/db/sql.ts'
import type { TestCity } from '../../../helpers/db.ts'
import type { Case } from './model.ts'

const instant = (text: string | null): number | null => (text === null ? null : Date.parse(text))
const byKey = <T>(entries: [string, T][]): Record<string, T> => Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))

function told(view: Incident) {
  return {
    state: view.state, version: view.version, stateSince: instant(view.stateSince), holder: view.holderId, department: view.departmentId, reporter: view.reporterId, disposer: view.disposerId, checker: view.checkerId,
    class: `${view.classKind} ${view.classCode}`, dueAt: instant(view.dueAt), disposedAt: instant(view.disposedAt), filedAt: instant(view.filedAt), endedAt: instant(view.endedAt), hasNumber: view.caseNumber !== null,
    reworkCount: view.reworkCount, returnCount: view.returnCount, supervisionCount: view.supervisionCount, hasFailedCheck: view.hasFailedCheck, isSelfHandled: view.isSelfHandled, isExempt: view.isOvertimeExempt,
    specialKind: view.specialKind, refusalReason: view.refusalReason, master: view.master?.id ?? null, merged: view.merged.length, reopenedFrom: view.reopenedFrom?.id ?? null, reopenedAs: view.reopenedAs?.id ?? null,
    openSupervisions: view.supervisions.filter(({ repliedAt }) => repliedAt === null).length,
    requests: view.requests.map(({ kind, status, askedById, endorsedById }) => ({ kind, status, asker: askedById, endorser: endorsedById })),
    flow: view.flow.map((row) => ({ sequence: row.sequence, action: row.action, from: row.fromState, to: row.toState, at: instant(row.at), stage: row.stage, spent: row.spentMilliseconds, wasOverdue: row.wasOverdue })),
    clocks: byKey(
      view.clocks.map((clock) => [
        `${clock.stage} ${clock.round}`,
        {
          startedAt: instant(clock.startedAt), originalDueAt: instant(clock.originalDueAt), dueAt: instant(clock.dueAt), pausedAt: instant(clock.pausedAt), rested: clock.pausedMilliseconds, stoppedAt: instant(clock.stoppedAt),
          isExempt: clock.isExempt,
        },
      ]),
    ),
  }
}

function kept(one: Case): ReturnType<typeof told> {
  return {
    state: one.state as Incident['state'], version: one.version, stateSince: one.stateSince, holder: one.holder?.id ?? null, department: one.department?.id ?? null, reporter: one.reporter?.id ?? null, disposer: one.disposer?.id ?? null,
    checker: one.checker?.id ?? null, class: one.classKey, dueAt: one.dueAt, disposedAt: one.disposedAt, filedAt: one.filedAt, endedAt: one.endedAt, hasNumber: one.filedAt !== null, reworkCount: one.reworkCount,
    returnCount: one.returnCount, supervisionCount: one.supervisionCount, hasFailedCheck: one.hasFailedCheck, isSelfHandled: one.isSelfHandled, isExempt: one.isExempt,
    specialKind: one.specialKind as Incident['specialKind'], refusalReason: one.refusalReason as Incident['refusalReason'], master: one.master?.id ?? null, merged: one.merged,
    reopenedFrom: one.reopenedFrom?.id ?? null, reopenedAs: one.reopenedAs?.id ?? null, openSupervisions: one.openSupervisions,
    requests: one.requests.map(({ kind, status, asker, endorser }) => ({ kind: kind as Incident['requests'][number]['kind'], status, asker: asker.id, endorser: endorser?.id ?? null })),
    flow: one.flow.map(({ action, from, to, at, stage, spent, wasOverdue }, index) => ({
      sequence: index + 1, action, from: from as Incident['state'] | null, to: to as Incident['state'], at, stage: stage as Incident['flow'][number]['stage'], spent, wasOverdue,
    })),
    clocks: byKey(one.clocks.map(({ stage, round, unit: _unit, ...clock }) => [`${stage} ${round}`, clock])),
  }
}

/** @throws when the server tells anything else of the case than what was done to it. */
export function compareCase(view: Incident, one: Case): void {
  expect(told(view)).toEqual(kept(one))
}

/** What holds of the clocks of any case at any time, whatever was done to it. */
export function checkClocks({ clocks, state, endedAt }: Incident): void {
  const running = clocks.filter(({ stoppedAt }) => stoppedAt === null)
  expect(running.filter(({ stage }) => stage !== 'total' && stage !== 'return_window').length).toBe(endedAt === null && state !== 'draft' ? 1 : 0)
  expect(new Set(running.map(({ stage }) => stage)).size).toBe(running.length)
  expect(running.some(({ stage }) => stage === 'total')).toBe(endedAt === null && clocks.some(({ stage }) => stage === 'total'))
  for (const { startedAt, pausedAt, stoppedAt, originalDueAt, dueAt, pausedMilliseconds } of clocks) {
    if (pausedAt !== null && stoppedAt === null) expect(state).toBe('suspended')
    expect(pausedMilliseconds).toBeGreaterThanOrEqual(0)
    for (const end of [pausedAt, stoppedAt]) if (end !== null) expect(end >= startedAt).toBe(true)
    if (dueAt !== null && originalDueAt !== null) expect(dueAt >= originalDueAt).toBe(true)
  }
}

interface StoredFlow {
  id: string
  sequence: number
  action: string
  actorId: number | null
  role: string | null
}

/** Reads what a play has left in the tables: flow, live events, entries of the log. @returns how many rows of the flow. */
export async function checkTables(db: Db, city: TestCity, cases: readonly Case[]): Promise<number> {
  const flow = await db.query<StoredFlow>(sql`
    select i.public_id as id, f.sequence, f.action, f.actor_id as "actorId", f.actor_role as role from incident_flow f join incidents i on i.id = f.incident_id where i.city_id = ${city.cityId} order by i.public_id::text collate "C", f.sequence`)
  expect(flow.map(({ role: _role, ...row }) => row)).toEqual(
    [...cases].sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap((one) => one.flow.map(({ action, actor }, index) => ({ id: one.id, sequence: index + 1, action, actorId: actor.number === 0 ? null : actor.number }))),
  )
  const actors = new Map(cases.flatMap((one) => one.flow.map(({ actor }, index) => [`${one.id} ${index + 1}`, actor])))
  for (const { id, sequence, role } of flow) expect(actors.get(`${id} ${sequence}`)?.posts.map((post) => post.role)).toContain(role)
  // One live event for each row of the flow, and one entry of the log.
  const events = await db.query<{ id: string; version: number }>(sql`
    select payload->'incident'->>'id' as id, (payload->'incident'->>'version')::int as version from live_events where city_id = ${city.cityId} and type like 'incident.%' order by (payload->'incident'->>'id') collate "C", 2`)
  expect(events).toEqual(flow.map(({ id, sequence }) => ({ id, version: sequence })))
  const entries = await db.query<{ id: string; actorId: number | null; count: number }>(sql`
    select coalesce(details->>'as', object_id) as id, actor_id as "actorId", count(*)::int as count from audit_entries
    where city_id = ${city.cityId} and action in ('reportIncident', 'transitionIncident', 'undoBulk', 'reopenIncident') group by 1, 2 order by 1, 2`)
  const done = new Map<string, { id: string; actorId: number | null; count: number }>()
  for (const { id, actorId } of flow) {
    const key = `${id} ${actorId}`
    const row = done.get(key) ?? { id, actorId, count: 0 }
    row.count++
    done.set(key, row)
  }
  const ordered = (rows: Iterable<{ id: string; actorId: number | null; count: number }>) => [...rows].sort((a, b) => (a.id === b.id ? (a.actorId ?? 0) - (b.actorId ?? 0) : a.id < b.id ? -1 : 1))
  expect(ordered(entries)).toEqual(ordered(done.values()))
  const [photos] = await db.query<{ entries: number }>(sql`select count(*)::int as entries from audit_entries where city_id = ${city.cityId} and action = 'addEvidence'`)
  const [media] = await db.query<{ stored: number; used: number }>(sql`
    select count(*)::int as stored, count(*) filter (where m.flow_sequence is not null)::int as used from case_media m join incidents i on i.id = m.incident_id where i.city_id = ${city.cityId}`)
  expect([photos?.entries, media?.used]).toEqual([media?.stored, cases.reduce((sum, one) => sum + one.photos, 0)])
  const twice = await db.query(sql`
    select r.incident_id from case_requests r join incidents i on i.id = r.incident_id where i.city_id = ${city.cityId} and r.status in ('asked', 'endorsed') group by r.incident_id, r.kind having count(*) > 1`)
  expect(twice).toEqual([])
  return flow.length
}

/** JSON with sorted keys, as the log's own documentation says that it is hashed. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => `${JSON.stringify(key)}:${sortedJson(part)}`).join(',')}}`
}

type Entry = Record<string, unknown> & { domain: string; day: string; sequence: number; details: string; previousHash: string; hash: string }

/** Every chain of the log that tells of these cities, link by link: other tests damage chains of their own in the same database. @returns how many links. */
export async function checkChains(db: Db, cities: readonly TestCity[]): Promise<number> {
  const chains = await db.query<{ domain: string; day: string }>(sql`select distinct domain, day::text as day from audit_entries where city_id = any(${cities.map(({ cityId }) => cityId)}::int[]) order by 1, 2`)
  let links = 0
  for (const { domain, day } of chains) {
    const entries = await db.query<Entry>(sql`
      select domain, day::text as day, sequence, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, city_id as "cityId", actor_id as "actorId", actor, actor_roles as "actorRoles", session_id as "sessionId",
        address, action, object_kind as "objectKind", object_id as "objectId", outcome, details::text as details, previous_hash as "previousHash", hash
      from audit_entries where domain = ${domain} and day = ${day}::date order by sequence`)
    for (const [index, { hash, details, ...rest }] of entries.entries()) {
      const text = sortedJson({ ...rest, details: JSON.parse(details) as unknown })
      expect([rest.sequence, rest.previousHash, hash]).toEqual([index + 1, entries[index - 1]?.hash ?? '', createHash('sha256').update(text).digest('hex')])
    }
    links += entries.length
  }
  return links
}
