import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import pino from 'pino'
import type { Principal } from '../../../server/access/principal.ts'
import type { Incident, IncidentAction } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { startLiveHub } from '../../../server/live/hub.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { openReader } from '../live/feed.ts'
import { aBody, aContextOfPeople, act, aPerson, as, type Body, does, layOutAreas, reportAs, seeAs, withoutPhotos } from './cast.ts'
import { aLayer } from './reporting.ts'

const db = openTestDb()
// Friday, 10:00 in Shanghai.
let now = new Date('2026-11-20T02:00:00Z')
let api: TestApi
let hub: Awaited<ReturnType<typeof startLiveHub>>
let city: TestCity
let sanitation: Body
let parks: Body
let contractor: Body
const who = {} as Record<'collector' | 'elsewhere' | 'operator' | 'operator2' | 'shift' | 'dispatcher' | 'leader' | 'manager' | 'worker' | 'worker2' | 'cleaner' | 'parksManager' | 'gardener' | 'checker' | 'viewer', Principal>

beforeAll(async () => {
  await syncCaseClasses(db)
  hub = await startLiveHub(db, pino({ level: 'silent' }))
  api = await openTestApi(aContextOfPeople(db, { clock: () => now, live: hub }))
  city = await aCity(db)
  await layOutAreas(db, city, await aLayer(db, city, 'areas', 'administrative_areas'))
  await withoutPhotos(db, city)
  sanitation = await aBody(db, city, '环卫中心')
  contractor = await aBody(db, city, '洁城公司', sanitation, 'contractor')
  parks = await aBody(db, city, '园林中心')
  const add = async (key: keyof typeof who, role: Parameters<typeof aPerson>[2], where: Parameters<typeof aPerson>[4] = {}) => {
    who[key] = await aPerson(db, city, role, key, where)
  }
  await add('collector', 'collector', { areaCode: '420101001' })
  await add('elsewhere', 'collector', { areaCode: '420101002' })
  await add('operator', 'operator')
  await add('operator2', 'operator')
  await add('shift', 'shift_leader')
  await add('dispatcher', 'dispatcher')
  await add('leader', 'leader')
  await add('manager', 'department_manager', { body: sanitation })
  await add('worker', 'disposal_person', { body: sanitation })
  await add('worker2', 'disposal_person', { body: sanitation })
  await add('cleaner', 'disposal_person', { body: contractor })
  await add('parksManager', 'department_manager', { body: parks })
  await add('gardener', 'disposal_person', { body: parks })
  await add('checker', 'checker', { areaCode: '420101001' })
  await add('viewer', 'viewer')
})
afterAll(async () => {
  await hub.close()
  await api.close()
  await db.close()
})

const reported = async (parts: Parameters<typeof reportAs>[3] = {}) => (await reportAs(api, city, who.collector, parts)).body
const step = (person: Principal, incident: Incident, action: IncidentAction, body: Record<string, unknown> = {}) => does(api, city, person, incident, action, body)

/** Brings a report to a state by the right people. */
async function until(state: 'filed' | 'dispatched' | 'disposing' | 'disposed' | 'confirmed' | 'checking' | 'checked' | 'closed'): Promise<Incident> {
  let one = await step(who.operator, await reported(), 'accept')
  one = await step(who.shift, one, 'file', { conditionOrdinal: 1 })
  if (state === 'filed') return one
  one = await step(who.dispatcher, one, 'dispatch', { departmentId: sanitation.id })
  if (state === 'dispatched') return one
  one = await step(who.manager, one, 'sign', { receiverId: who.worker.id })
  if (state === 'disposing') return one
  one = await step(who.worker, one, 'submit_result')
  if (state === 'disposed') return one
  one = await step(who.manager, one, 'confirm')
  if (state === 'confirmed') return one
  one = await step(who.operator, one, 'send_check', { receiverId: who.checker.id })
  if (state === 'checking') return one
  one = await step(who.checker, one, 'check_passed', { isSameTimeOfDay: true })
  if (state === 'checked') return one
  return step(who.shift, one, 'close', { closingConditionMet: true })
}

describe('a case by the right people', () => {
  test('goes the whole way, each step in the name and role of whoever took it, with the time it took', async () => {
    const closed = await until('closed')
    expect(closed).toMatchObject({ state: 'closed', holder: null, disposerId: who.worker.id, checkerId: who.checker.id, verifiedSameTime: true, closingConditionMet: true, closingZh: expect.any(String) })
    expect(closed.flow.map(({ action, actor, actorRole, operation, receiver }) => [action, actor, actorRole, operation, receiver])).toEqual([
      ['submit', 'collector', 'collector', 'forward', null], ['accept', 'operator', 'operator', 'forward', null], ['file', 'shift', 'shift_leader', 'forward', null],
      ['dispatch', 'dispatcher', 'dispatcher', 'forward', '环卫中心'], ['sign', 'manager', 'department_manager', 'forward', 'worker'], ['submit_result', 'worker', 'disposal_person', 'forward', null],
      ['confirm', 'manager', 'department_manager', 'forward', null], ['send_check', 'operator', 'operator', 'forward', 'checker'], ['check_passed', 'checker', 'checker', 'forward', null], ['close', 'shift', 'shift_leader', 'close', null],
    ])
    expect(closed.flow.slice(1).every((row) => row.stage !== null && row.spentMilliseconds !== null)).toBe(true)
  })

  test('each person is told of every action whether it is his, with the sentence the server answers when it is not', async () => {
    const people = [who.collector, who.operator, who.dispatcher, who.manager, who.worker, who.checker]
    for (const [turn, state] of (['filed', 'dispatched', 'disposing', 'disposed', 'confirmed', 'checking', 'checked', 'closed'] as const).entries()) {
      const incident = await until(state)
      // Two of the six in each state: every one of them comes up in some.
      for (const person of people.filter((_, index) => index % 3 === turn % 3)) {
        const seen = await seeAs(api, city, person, incident.id)
        expect(seen.status).toBe(state === 'filed' && (person === who.manager || person === who.worker) ? 404 : 200)
        if (seen.status === 404) continue
        for (const choice of seen.body.actions.filter(({ allowed }) => !allowed)) {
          const answer = await act(api, city, person, incident, choice.action)
          expect([choice.action, answer.status]).toEqual([choice.action, ['state', 'rule', 'request'].includes(choice.obstacle ?? '') ? 409 : 403])
          expect(answer.body.detail).toContain(choice.reason?.zh)
          expect(answer.body.detail).toContain(choice.reason?.en)
        }
        if (person === who.collector) expect(seen.body.flow).toHaveLength(incident.flow.length)
      }
    }
  }, 120_000)

  test('a report is verified by another collector; untrue takes the collector’s word and the operator’s', async () => {
    const other = await aPerson(db, city, 'collector', 'second', { areaCode: AREA })
    let one = await step(who.operator, await reported(), 'send_verify', { receiverId: other.id })
    expect((await act(api, city, who.collector, one, 'verify_true')).body.code).toBe('forbidden')
    expect((await act(api, city, who.operator, one, 'verify_false')).body.code).toBe('illegal_transition')
    one = await step(other, one, 'report_untrue')
    one = await step(who.operator, one, 'verify_again')
    one = await step(other, one, 'report_untrue', { opinion: '现场没有' })
    expect(await step(who.operator, one, 'verify_false')).toMatchObject({ state: 'not_filed', requests: [{ kind: 'untrue', status: 'refused' }, { kind: 'untrue', status: 'approved', reason: '现场没有' }] })
  })

  test('a person who cannot take a case cannot be given it', async () => {
    const accepted = await reported()
    const give = (receiver: Principal) => act(api, city, who.operator, accepted, 'send_verify', { receiverId: receiver.id })
    expect((await give(who.elsewhere)).body).toMatchObject({ code: 'bad_request', errors: [{ path: 'body.receiverId', message: expect.stringContaining('责任区域') }] })
    expect((await give(who.collector)).body.errors?.[0]?.message).toContain('上报人')
    expect((await give(who.worker)).body.errors?.[0]?.message).toContain('监督员')
    const dispatched = await until('dispatched')
    expect((await act(api, city, who.manager, dispatched, 'sign', { receiverId: who.gardener.id })).body.errors?.[0]?.message).toContain('部门')
    // A contractor of the department is within.
    expect(await step(who.manager, dispatched, 'sign', { receiverId: who.cleaner.id })).toMatchObject({ holder: 'cleaner', holderId: who.cleaner.id })
  })

  test('a department returns what is not its own, in time and after taking back any assignment; the case is counted as returned', async () => {
    const signed = await until('disposing')
    expect((await act(api, city, who.manager, signed, 'return_to_dispatch')).body.code).toBe('illegal_transition')
    const revoked = await step(who.manager, signed, 'revoke')
    const returned = await step(who.manager, revoked, 'return_to_dispatch', { opinion: '非本单位职责' })
    expect(returned).toMatchObject({ state: 'pending_dispatch', returnCount: 1 })
    const again = await step(who.dispatcher, returned, 'dispatch', { departmentId: parks.id })
    now = new Date('2026-11-20T09:00:00Z')
    expect((await act(api, city, who.parksManager, again, 'return_to_dispatch')).body).toMatchObject({ code: 'illegal_transition', detail: expect.stringContaining('回退时限') })
    now = new Date('2026-11-20T02:00:00Z')
  })

  test('a worker takes a case on himself or refuses it; what another has taken he cannot', async () => {
    const taken = await step(who.worker, await until('dispatched'), 'claim')
    expect(taken).toMatchObject({ state: 'disposing', holderId: who.worker.id })
    expect((await act(api, city, who.worker2, taken, 'claim')).body.detail).toContain('worker接单')
    expect((await act(api, city, who.worker2, taken, 'submit_result')).body.code).toBe('forbidden')
    const refused = await step(who.worker, taken, 'refuse_assignment')
    expect(refused).toMatchObject({ state: 'pending_dispose', holderId: null, holder: '环卫中心' })
    const moved = await step(who.manager, await step(who.worker2, refused, 'claim'), 'assign', { receiverId: who.worker.id })
    expect(moved).toMatchObject({ state: 'disposing', holder: 'worker' })
    const back = await step(who.manager, await step(who.worker, moved, 'submit_result'), 'send_back')
    expect(back).toMatchObject({ state: 'disposing', holder: 'worker' })
  })

  test('a failed check leads to rework by the same department, which cannot return it then', async () => {
    const failed = await step(who.checker, await until('checking'), 'check_failed', { opinion: '仍有残留' })
    expect(failed).toMatchObject({ state: 'pending_check', hasFailedCheck: true })
    expect((await act(api, city, who.operator, failed, 'accept_on_evidence')).body.code).toBe('illegal_transition')
    const reworked = await step(who.operator, failed, 'rework')
    expect(reworked).toMatchObject({ state: 'pending_dispose', reworkCount: 1, departmentId: sanitation.id, disposedAt: null, hasFailedCheck: false })
    expect((await act(api, city, who.manager, reworked, 'return_to_dispatch')).body.detail).toContain('返工')
  })

  test('an extension moves the deadline after dispatcher and leader agreed, and keeps the original; a pending one ends with the result', async () => {
    const disposing = await until('disposing')
    const newDueAt = '2026-11-27T02:00:00.000Z'
    expect((await act(api, city, who.worker, disposing, 'request_extension', { newDueAt: '2026-11-20T02:00:01Z' })).body.errors?.[0]?.path).toBe('body.newDueAt')
    let one = await step(who.worker, disposing, 'request_extension', { newDueAt })
    expect(one).toMatchObject({ state: 'disposing', dueAt: disposing.dueAt })
    expect((await act(api, city, who.leader, one, 'extend')).body.code).toBe('illegal_transition')
    one = await step(who.dispatcher, one, 'endorse_extension')
    one = await step(who.leader, one, 'extend')
    expect(one).toMatchObject({ dueAt: newDueAt, requests: [{ kind: 'extension', status: 'approved', askedBy: 'worker', endorsedBy: 'dispatcher', decidedBy: 'leader' }] })
    expect(await db.query(sql`select 1 from case_clocks c join incidents i on i.id = c.incident_id where i.public_id = ${one.id}::uuid and c.stage = 'dispose' and c.original_due_at = ${disposing.dueAt}::timestamptz`)).toHaveLength(1)
    one = await step(who.worker, one, 'request_extension', { newDueAt: '2026-11-30T02:00:00.000Z' })
    one = await step(who.worker, one, 'submit_result')
    expect(one.requests.map(({ status }) => status)).toEqual(['approved', 'withdrawn'])
  })

  test('suspension is asked by the department and granted by the dispatcher; a special close asked by the shift leader and granted by a leader', async () => {
    let one = await until('disposing')
    expect((await act(api, city, who.dispatcher, one, 'suspend')).body.code).toBe('illegal_transition')
    one = await step(who.dispatcher, await step(who.manager, one, 'request_suspension', { opinion: '等待配件' }), 'suspend')
    expect(one).toMatchObject({ state: 'suspended', holder: 'worker' })
    one = await step(who.manager, one, 'resume')
    expect(one).toMatchObject({ state: 'disposing', holderId: who.worker.id })
    one = await step(who.leader, await step(who.shift, one, 'request_special_close', { specialKind: 'forced' }), 'refuse_special_close')
    one = await step(who.leader, await step(who.shift, one, 'request_special_close', { specialKind: 'informing' }), 'close_special')
    expect(one).toMatchObject({ state: 'closed_special', specialKind: 'informing' })
  })

  test('whoever is late appeals once; when it is granted the case is exempt and its deadlines stay', async () => {
    const disposing = await until('disposing')
    now = new Date('2026-11-25T02:00:00Z')
    let one = await step(who.manager, await step(who.worker, disposing, 'submit_result'), 'confirm')
    expect(one.flow.at(-1)).toMatchObject({ action: 'confirm', stage: 'dispose', wasOverdue: true })
    one = await step(who.operator, one, 'accept_on_evidence')
    one = await step(who.shift, one, 'close', { closingConditionMet: true })
    one = await step(who.manager, one, 'request_appeal', { opinion: '暴雨停工' })
    one = await step(who.dispatcher, one, 'endorse_appeal')
    one = await step(who.operator2, one, 'approve_appeal')
    expect(one).toMatchObject({ state: 'closed', isOvertimeExempt: true, dueAt: disposing.dueAt, endedAt: now.toISOString() })
    expect((await act(api, city, who.manager, one, 'request_appeal')).body.detail).toContain('一次')
    now = new Date('2026-11-20T02:00:00Z')
  })

  test('a supervision waits for its reply; a collector closes his own small finds, but only another closes the case', async () => {
    let one = await step(who.leader, await until('disposing'), 'supervise', { supervisionKind: 'leader', opinion: '尽快' })
    expect(one).toMatchObject({ supervisionCount: 1, supervisions: [{ form: 'supervise', kind: 'leader', by: 'leader', reply: null }] })
    one = await step(who.manager, one, 'reply_supervision', { opinion: '今日完成' })
    expect(one.supervisions[0]).toMatchObject({ reply: '今日完成', repliedBy: 'manager' })
    const self = await step(who.collector, await reported(), 'handle_self')
    expect(self).toMatchObject({ state: 'pending_close', isSelfHandled: true, caseNumber: null })
    expect((await act(api, city, who.shift, self, 'close')).body.errors?.[0]?.path).toBe('body.closingConditionMet')
    expect(await step(who.shift, self, 'close', { closingConditionMet: true })).toMatchObject({ state: 'closed', isSelfHandled: true })
  })

  test('a duplicate is merged into the case that goes on; a circle or an ended case is refused', async () => {
    const [first, second, third] = [await reported(), await reported(), await reported()]
    const merge = (one: Incident, into: Incident) => act(api, city, who.operator, one, 'merge_duplicate', { masterId: into.id })
    expect((await merge(first, first)).body.errors?.[0]?.path).toBe('body.masterId')
    expect((await merge(second, first)).body).toMatchObject({ state: 'void', master: { id: first.id } })
    expect((await seeAs(api, city, who.operator, first.id)).body.merged).toMatchObject([{ id: second.id, state: 'void' }])
    expect((await merge(third, second)).body.errors?.[0]?.message).toContain('已结束')
    expect((await merge(first, third)).body.errors?.[0]?.message).toContain('已有案件并入')
  })

  test('two who merge two cases into each other at once end with one master', async () => {
    const [first, second] = [await reported(), await reported()]
    const answers = await Promise.all([act(api, city, who.operator, first, 'merge_duplicate', { masterId: second.id }), act(api, city, who.operator2, second, 'merge_duplicate', { masterId: first.id })])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400])
  })

  test('an ended case is taken up again as a new one, once', async () => {
    const closed = await until('closed')
    const reopen = (person: Principal) => api.fetch(`/api/v1/cities/${city.key}/incidents/${closed.id}/reopening`, { method: 'POST', headers: { ...as(person), 'content-type': 'application/json', 'idempotency-key': `${closed.id} ${person.name}` }, body: JSON.stringify({ reason: '问题反复' }) })
    expect((await reopen(who.worker)).status).toBe(403)
    const answer = await reopen(who.operator)
    expect([answer.status, await answer.json()]).toMatchObject([201, { state: 'pending_accept', reopenedFrom: { id: closed.id }, classCode: closed.classCode, flow: [{ action: 'reopen', actor: 'operator', opinion: '问题反复' }] }])
    expect((await reopen(who.shift)).status).toBe(409)
    expect((await seeAs(api, city, who.operator, closed.id)).body).toMatchObject({ state: 'closed', version: closed.version, reopenedAs: { state: 'pending_accept' } })
  })

  test('a draft is nobody’s number until it is submitted, and then counts from that moment', async () => {
    const draft = (await reportAs(api, city, who.collector, { isDraft: true })).body
    expect(draft).toMatchObject({ state: 'draft', flow: [{ action: 'register' }] })
    const list = async () => ((await (await api.fetch(`/api/v1/cities/${city.key}/incidents?limit=500`, { headers: as(who.operator) })).json()) as { rows: Incident[] }).rows.map(({ id }) => id)
    expect(await list()).not.toContain(draft.id)
    now = new Date('2026-11-20T02:30:00Z')
    expect(await step(who.collector, draft, 'submit')).toMatchObject({ state: 'pending_accept', reportedAt: now.toISOString() })
    expect(await list()).toContain(draft.id)
    now = new Date('2026-11-20T02:00:00Z')
  })

  test('where the city lets operators file, they do; a case is corrected to the right class on the way', async () => {
    const accepted = await step(who.operator, await reported(), 'accept', { classCode: '0110' })
    expect(accepted.classCode).toBe('0110')
    expect((await act(api, city, who.operator, accepted, 'file', { conditionOrdinal: 1 })).body.code).toBe('forbidden')
    const settings = { filingRole: 'operator', photoCheckClasses: ['event:01'], requiresPhotos: false, source: '本市办法', version: 1 }
    const set = (body: object) => api.fetch(`/api/v1/cities/${city.key}/workflow-settings`, { method: 'POST', headers: { ...as(who.shift), 'content-type': 'application/json' }, body: JSON.stringify(body) })
    expect(await (await set(settings)).json()).toMatchObject({ version: 2, filingRole: 'operator', isOwn: true })
    expect((await set(settings)).status).toBe(409)
    await step(who.operator, accepted, 'file', { conditionOrdinal: 1 })
    expect((await set({ ...settings, filingRole: 'shift_leader', photoCheckClasses: null, version: 2 })).status).toBe(201)
  })
})

const AREA = '420101001'

describe('what somebody sees', () => {
  test('list, counts, points, file, search and the case itself obey one rule', async () => {
    const mine = await until('dispatched')
    const looks = async (person: Principal) => {
      const get = async (address: string) => api.fetch(`/api/v1/cities/${city.key}/${address}`, { headers: as(person) })
      const list = ((await (await get('incidents?limit=500')).json()) as { rows: Incident[] }).rows
      const counts = (await (await get('incident-counts')).json()) as { total: number }
      const points = await (await get('incident-points')).arrayBuffer()
      const found = ((await (await get(`search?text=${mine.reportNumber}`)).json()) as { hits?: { id: string }[] }).hits ?? []
      return { sees: list.some(({ id }) => id === mine.id), listed: list.length, counted: counts.total, bytes: points.byteLength, status: (await seeAs(api, city, person, mine.id)).status, finds: found.some(({ id }) => id === mine.id) }
    }
    const whole = await looks(who.operator)
    expect(whole).toMatchObject({ sees: true, status: 200, finds: true })
    for (const [person, can] of [[who.manager, true], [who.worker, true], [who.checker, true], [who.parksManager, false], [who.gardener, false], [who.elsewhere, false], [who.cleaner, false]] as const) {
      const seen = await looks(person)
      expect([person.name, seen.sees, seen.finds, seen.status]).toEqual([person.name, can, can, can ? 200 : 404])
      expect(seen.listed).toBe(seen.counted)
      expect(seen.bytes).toBeLessThanOrEqual(whole.bytes)
    }
    expect((await act(api, city, who.parksManager, mine, 'sign')).status).toBe(404)
  })

  test('the live feed tells a department of its own cases only, and that one went away when it did', async () => {
    const filed = await until('filed')
    const reader = await openReader(api, city.key, { headers: as(who.parksManager) })
    const other = await openReader(api, city.key, { headers: as(who.manager) })
    const everything = await openReader(api, city.key, { headers: as(who.operator) })
    for (const one of [reader, other, everything]) await one.until(({ messages }) => messages.length > 0)
    const toParks = await step(who.dispatcher, filed, 'dispatch', { departmentId: parks.id })
    const back = await step(who.parksManager, toParks, 'return_to_dispatch')
    await step(who.dispatcher, back, 'dispatch', { departmentId: sanitation.id })
    await everything.until(({ events }) => events().length === 3)
    await reader.until(({ events }) => events().length === 3)
    await other.until(({ events }) => events().length === 1)
    expect(reader.events().map((event) => [event.type, 'action' in event ? event.action : null])).toEqual([['incident.transitioned', 'dispatch'], ['incident.transitioned', 'return_to_dispatch'], ['incident.hidden', null]])
    expect(other.events()).toMatchObject([{ type: 'incident.transitioned', action: 'dispatch', incident: { id: filed.id } }])
    for (const one of [reader, other, everything]) one.cut()
  })

  test('a collector reports from his own area only', async () => {
    expect((await reportAs(api, city, who.elsewhere)).body).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('责任区域') })
  })

  test('a citizen’s name and telephone are masked for everybody, revealed to few, and the log says to whom and why', async () => {
    const told = (await reportAs(api, city, who.operator, { source: 'hotline_12345', reportedBy: '王小明', reporterPhone: '138-1234-5678' })).body
    for (const person of [who.operator, who.dispatcher, who.leader]) {
      const seen = (await seeAs(api, city, person, told.id)).body
      expect(seen).toMatchObject({ reportedBy: '王**', reporterPhone: '138****5678', isReporterMasked: true })
      expect(JSON.stringify(seen)).not.toMatch(/王小明|12345678|1234-5678/)
    }
    const file = await (await api.fetch(`/api/v1/cities/${city.key}/incident-export?format=csv`, { headers: as(who.operator) })).text()
    expect(file).not.toContain('王小明')
    const reveal = (person: Principal, reason = '回访') => api.fetch(`/api/v1/cities/${city.key}/incidents/${told.id}/reporter`, { method: 'POST', headers: { ...as(person), 'content-type': 'application/json' }, body: JSON.stringify({ reason }) })
    expect((await reveal(who.dispatcher)).status).toBe(403)
    expect((await reveal(who.operator, ' ')).status).toBe(400)
    expect(await (await reveal(who.operator)).json()).toEqual({ reportedBy: '王小明', reporterPhone: '138-1234-5678' })
    const log = await db.query<{ action: string; actor: string; details: { reason?: string } }>(sql`select action, actor, details from audit_entries where object_id = ${told.id} order by at, action`)
    expect(log).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'revealReporter', actor: 'operator', details: { reason: '回访' } }), expect.objectContaining({ action: 'reportIncident' })]))
    expect(JSON.stringify(log)).not.toContain('王小明')
  })
})

test('whoever loses sight of a case by his own step is told what he did', async () => {
  const assigned = await step(who.manager, await until('disposing'), 'assign', { receiverId: who.cleaner.id })
  const refused = await step(who.cleaner, assigned, 'refuse_assignment')
  expect([refused.state, refused.holderId]).toEqual(['pending_dispose', null])
  expect((await seeAs(api, city, who.cleaner, refused.id)).status).toBe(404)
})

test('a grid manager submits and withdraws what he drafted', async () => {
  const gridManager = await aPerson(db, city, 'grid_manager', 'grid manager', { areaCode: '420101001' })
  const draft = (await reportAs(api, city, gridManager, { isDraft: true })).body
  const submitted = await step(gridManager, draft, 'submit')
  expect((await step(gridManager, submitted, 'withdraw')).state).toBe('void')
})
