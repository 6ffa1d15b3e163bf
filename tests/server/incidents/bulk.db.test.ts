import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getIncident, type Incident, IncidentState } from '../../../server/contract/incidents.ts'
import { type BulkOutcome, bulkTransition, UNDO_SECONDS, undoBulk } from '../../../server/contract/workbench.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, departmentOf, postTransition, report } from './reporting.ts'

const db = openTestDb()
let api: TestApi
let city: TestCity
let now = new Date('2026-11-20T02:00:00Z')

beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db, { clock: () => now }))
  city = await aCity(db)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const params = () => ({ city: city.key })
const later = (seconds: number) => (now = new Date(now.getTime() + seconds * 1000))
const read = (id: string) => api.call(getIncident, { params: { ...params(), id } })
const refsOf = (cases: readonly Incident[]) => cases.map(({ id, version }) => ({ id, version }))
const clocksOf = (id: string) =>
  db.query<{ stage: string; round: number; running: boolean; due: string | null }>(sql`
    select c.stage, c.round, c.stopped_at is null as running, c.due_at::text as due from case_clocks c join incidents i on i.id = c.incident_id where i.public_id = ${id}::uuid order by c.stage, c.round`)

async function reported(count: number): Promise<Incident[]> {
  const cases = []
  for (let index = 0; index < count; index += 1) cases.push(await report(api, city, { description: `第${index}件` }))
  return cases
}

/** Everything of a case but what moves on by itself. */
const essence = ({ version: _version, flow: _flow, actions: _actions, clocks: _clocks, ...rest }: Incident) => rest

test('one step on many cases: each is done, or refused with its own reason, and the refused do not hold the others up', async () => {
  const cases = await reported(4)
  const [open, stale, done, other] = cases as [Incident, Incident, Incident, Incident]
  await advance(api, city, done, 'accept')
  const missing = uuidv7()
  const { outcomes, undo } = await api.call(bulkTransition, { params: params(), body: { action: 'accept', cases: [...refsOf([open]), { id: stale.id, version: 99 }, ...refsOf([{ ...done, version: done.version + 1 }]), { id: missing, version: 1 }, ...refsOf([other])] } })
  const expected: Partial<BulkOutcome>[] = [
    { id: open.id, outcome: 'done', state: 'pending_filing', version: open.version + 1, reason: null },
    { id: stale.id, outcome: 'refused', code: 'stale', state: 'pending_accept' },
    { id: done.id, outcome: 'refused', code: 'illegal_transition', state: 'pending_filing' },
    { id: missing, outcome: 'refused', code: 'not_found', state: null },
    { id: other.id, outcome: 'done', state: 'pending_filing' },
  ]
  expect(outcomes).toMatchObject(expected)
  expect(outcomes[2]?.reason).toContain('待立案')
  expect(undo?.until).toBe(new Date(now.getTime() + UNDO_SECONDS * 1000).toISOString())
  expect((await read(other.id)).flow.map((step) => step.action)).toEqual(['submit', 'accept'])
})

test('dispatching many is taken back: state, department, limit and clocks are what they were, and the history tells of both', async () => {
  const cases = []
  for (const one of await reported(3)) cases.push(await advance(api, city, one, 'accept', 'file'))
  const clocksBefore = await clocksOf(cases[0]?.id ?? '')
  const before = await Promise.all(cases.map(({ id }) => read(id)))
  later(60)
  const { outcomes, undo } = await api.call(bulkTransition, { params: params(), body: { action: 'dispatch', departmentId: await departmentOf(db, city), cases: refsOf(cases) } })
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done'])
  later(UNDO_SECONDS - 1)
  const undone = await api.call(undoBulk, { params: { ...params(), id: undo?.id ?? '' } })
  expect(undone.outcomes.map(({ outcome, state }) => [outcome, state])).toEqual(cases.map(() => ['done', 'pending_dispatch']))
  const after = await Promise.all(cases.map(({ id }) => read(id)))
  expect(after.map(essence)).toEqual(before.map(essence))
  expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version + 2))
  expect(after[0]?.flow.map(({ sequence, action, fromState, toState }) => [sequence, action, fromState, toState]).slice(-2)).toEqual([[4, 'dispatch', 'pending_dispatch', 'pending_dispose'], [5, 'undo', 'pending_dispose', 'pending_dispatch']])
  const clocks = await clocksOf(cases[0]?.id ?? '')
  expect(clocks).toEqual(clocksBefore)
  expect(clocks.filter(({ running }) => running).map(({ stage }) => stage)).toEqual(['dispatch', 'total'])
  const [undoing] = await db.query<{ details: unknown }>(sql`select f.details from incident_flow f join incidents i on i.id = f.incident_id where i.public_id = ${cases[0]?.id}::uuid and f.action = 'undo'`)
  expect(undoing?.details).toMatchObject({ undoes: 4, action: 'dispatch', clocks: [{ stage: 'dispose', round: 1 }, { stage: 'return_window', round: 1 }] })
  const kept = await db.query(sql`select c.stage, c.round, c.started_at < c.undone_at as ran from undone_case_clocks c join incidents i on i.id = c.incident_id where i.public_id = ${cases[0]?.id}::uuid order by c.stage`)
  expect(kept).toEqual([{ stage: 'dispose', round: 1, ran: true }, { stage: 'return_window', round: 1, ran: true }])
  const audited = await db.query<{ n: number }>(sql`select count(*)::int as n from audit_entries where action = 'undoBulk' and object_id = any(${cases.map(({ id }) => id)}::text[])`)
  expect(audited).toEqual([{ n: 3 }])
  // It goes on from there like any other.
  expect((await advance(api, city, after[0] as Incident, 'dispatch', 'sign')).state).toBe('disposing')
  // Its limit of handling is the first round again, not the second of a case that was never worked on.
  expect((await clocksOf(cases[0]?.id ?? '')).filter(({ stage }) => stage === 'dispose').map(({ round, running }) => [round, running])).toEqual([[1, true]])
})

test('where somebody has acted since, that case is not taken back and it is said who did what', async () => {
  const [first, second] = (await reported(2)) as [Incident, Incident]
  const { outcomes, undo } = await api.call(bulkTransition, { params: params(), body: { action: 'accept', cases: refsOf([first, second]) } })
  expect((await postTransition(api, city, first.id, { action: 'file', version: outcomes[0]?.version ?? 0, conditionOrdinal: 1, actor: '值班长丙' })).status).toBe(201)
  const undone = await api.call(undoBulk, { params: { ...params(), id: undo?.id ?? '' } })
  expect(undone.outcomes).toMatchObject([{ id: first.id, outcome: 'refused', code: 'stale', state: 'pending_dispatch' }, { id: second.id, outcome: 'done', state: 'pending_accept' }])
  expect(undone.outcomes[0]?.reason).toMatch(/值班长丙.*立案/)
  const again = await api.call(undoBulk, { params: { ...params(), id: undo?.id ?? '' } })
  expect(again.outcomes.map(({ code }) => code)).toEqual(['stale', 'conflict'])
})

test('after half a minute, by somebody else, or for a step that stands, nothing is taken back', async () => {
  const cases = await reported(2)
  const accepted = await api.call(bulkTransition, { params: params(), body: { action: 'accept', cases: refsOf(cases) } })
  const id = accepted.undo?.id ?? ''
  const other = await api.fetch(`/api/v1/cities/${city.key}/incident-transitions/${id}/undo`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-test-actor': encodeURIComponent('别人') }, body: '{}' })
  expect(other.status).toBe(404)
  later(UNDO_SECONDS + 1)
  await expect(api.call(undoBulk, { params: { ...params(), id } })).rejects.toMatchObject({ code: 'conflict' })
  expect((await read(cases[0]?.id ?? '')).state).toBe('pending_filing')
  const filed = await api.call(bulkTransition, { params: params(), body: { action: 'file', conditionOrdinal: 1, cases: accepted.outcomes.map((one) => ({ id: one.id, version: one.version ?? 0 })) } })
  expect([filed.outcomes.map(({ state }) => state), filed.undo]).toEqual([['pending_dispatch', 'pending_dispatch'], null])
})

test('too many, none, or one twice are refused before anything is done', async () => {
  const [one] = (await reported(1)) as [Incident]
  const ask = (cases: { id: string; version: number }[]) => api.call(bulkTransition, { params: params(), body: { action: 'accept', cases } })
  for (const cases of [[], Array.from({ length: 201 }, () => ({ id: uuidv7(), version: 1 })), [...refsOf([one]), ...refsOf([one])]]) await expect(ask(cases)).rejects.toMatchObject({ code: 'bad_request' })
  expect((await read(one.id)).state).toBe('pending_accept' satisfies IncidentState)
})
