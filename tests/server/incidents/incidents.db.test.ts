import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getIncident, type Incident } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, aLayer, departmentOf, aReport, postReport, postTransition, report, type ReportBody, TO_CLOSED, TO_DISPATCHED } from './reporting.ts'

const db = openTestDb()
let api: TestApi
let now = new Date('2026-11-20T09:30:00Z')
beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db, { clock: () => now }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const events = (city: TestCity) => db.query<{ type: string; payload: { action?: string; incident: Incident } }>(sql`select type, payload from live_events where city_id = ${city.cityId} order by id`)

describe('reporting an incident', () => {
  test('a report is taken in with its number, class, severity and first step, and told to the live feed', async () => {
    const city = await aCity(db)
    const incident = await report(api, city, { classCode: '0505', description: '路面塌陷约两米', occurredAt: '2026-11-20T17:20:00+08:00' })
    expect(incident).toMatchObject({
      reportNumber: 'SL-20261120-00001', caseNumber: null, className: '路面塌陷', largeCode: '05', severity: 1, severityFrom: 'class', state: 'pending_accept', version: 1,
      position: null, placeMethod: 'none', reportedAt: '2026-11-20T09:30:00.000Z', occurredAt: '2026-11-20T09:20:00.000Z',
      flow: [{ sequence: 1, action: 'submit', fromState: null, toState: 'pending_accept', actor: '采集员甲' }],
    })
    expect(await api.call(getIncident, { params: { city: city.key, id: incident.id } })).toEqual(incident)
    expect(await events(city)).toMatchObject([{ type: 'incident.reported', payload: { incident: { id: incident.id, version: 1 } } }])
  })

  test('the day in a number is the day of the city, not of the server', async () => {
    const city = await aCity(db)
    now = new Date('2026-11-20T16:30:00Z')
    expect((await report(api, city)).reportNumber).toBe('SL-20261121-00001')
    now = new Date('2026-11-20T09:30:00Z')
  })

  test('the severity a source gives stands above that of the class, and says so', async () => {
    expect(await report(api, await aCity(db), { severity: 1 })).toMatchObject({ severity: 1, severityFrom: 'source' })
  })

  test('a place brings its street, community, county and cell with the version of the day, and the part of that class within 15 m', async () => {
    const city = await aCity(db)
    const layer = await aLayer(db, city, 'areas', 'administrative_areas')
    const box = (half: number) => sql`st_multi(st_makeenvelope(${114 - half}, ${30 - half}, ${114 + half}, ${30 + half}, 4490))`
    for (const [level, code, parent] of [['county', '420101000000', null], ['street', '420101001000', '420101000000'], ['community', '420101001002', '420101001000']] as const) {
      await db.query(sql`insert into administrative_areas (public_id, city_id, layer_id, source_key, content_hash, level, code, parent_code, name, area_m2, geom)
        values (${uuidv7()}, ${city.cityId}, ${layer}, ${code}, '', ${level}, ${code}, ${parent}, ${level}, 1, ${box(0.01)})`)
    }
    await db.query(sql`insert into unit_grids (public_id, city_id, layer_id, source_key, content_hash, code, community_code, street_code, county_code, grid_version, area_m2, geom)
      values (${uuidv7()}, ${city.cityId}, ${layer}, 'g', '', '420101001002001', '420101001002', '420101001000', '420101000000', 3, 1, ${box(0.001)})`)
    // One degree of longitude is about 96.5 km here: 10 m, 14 m and 40 m east of the report.
    for (const [key, classCode, meters] of [['other class', '0102', 10], ['near', '0101', 14], ['far', '0101', 40]] as const) {
      await db.query(sql`insert into parts (public_id, city_id, layer_id, source_key, content_hash, scheme_id, class_code, name, geom)
        values (${uuidv7()}, ${city.cityId}, ${layer}, ${key}, '', 'GBT30428.2-2013', ${classCode}, ${key}, st_setsrid(st_makepoint(${114 + meters / 96_486}, 30), 4490))`)
    }
    await db.query(sql`update cities set boundary = ${box(0.01)} where id = ${city.cityId}`)
    const cover: Partial<ReportBody> = { classKind: 'part', classCode: '0101', position: [114, 30], placeMethod: 'gps' }
    expect(await report(api, city, cover)).toMatchObject({
      streetCode: '420101001000', streetName: 'street', communityCode: '420101001002', communityName: 'community', gridCode: '420101001002001', gridVersion: 3,
      part: { name: 'near' }, position: [114, 30], placeMethod: 'gps', outsideCity: false,
    })
    expect(await report(api, city, { ...cover, position: [114.0008, 30] })).toMatchObject({ part: null })
    expect(await report(api, city, { ...cover, position: [115, 30] })).toMatchObject({ outsideCity: true, streetCode: null, gridCode: null })
  })

  test('without an Idempotency-Key a report is refused (bad_request)', async () => {
    const city = await aCity(db)
    const answer = await api.fetch(`/api/v1/cities/${city.key}/incidents`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(aReport()) })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'bad_request', errors: [{ path: 'headers.Idempotency-Key' }] })
  })

  test('the same key and body get the first answer again; another body under the key is refused (idempotency_mismatch)', async () => {
    const city = await aCity(db)
    const first = await postReport(api, city, aReport(), 'k-1')
    await advance(api, city, first.body, 'accept')
    const again = await postReport(api, city, Object.fromEntries(Object.entries(aReport()).reverse()), 'k-1')
    expect(again).toEqual({ ...first, replayed: true })
    expect(await postReport(api, city, aReport({ description: '另一件' }), 'k-1')).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
    expect(await db.query(sql`select 1 from incidents where city_id = ${city.cityId}`)).toHaveLength(1)
  })

  test('eight retries at the same moment make one case, and every one that was answered got the same case', async () => {
    const city = await aCity(db)
    const tries = async () => {
      for (;;) {
        const answer = await postReport(api, city, aReport(), 'k-parallel')
        if (answer.status !== 409) return answer
        expect(answer.body.code).toBe('in_progress')
      }
    }
    const answers = await Promise.all(Array.from({ length: 8 }, tries))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(201))
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1)
    expect(await db.query(sql`select 1 from incidents where city_id = ${city.cityId}`)).toHaveLength(1)
    expect(await events(city)).toHaveLength(1)
  })

  test('reports that come in together are numbered without a hole', async () => {
    const city = await aCity(db)
    const incidents = await Promise.all(Array.from({ length: 24 }, () => report(api, city)))
    // A refused one in between must not use up a number.
    await postReport(api, city, aReport({ classCode: '9999' }))
    incidents.push(await report(api, city))
    expect(incidents.map((incident) => Number(incident.reportNumber.slice(-5))).sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
  })

  test.each([
    ['a class that the scheme does not have', { classCode: '9999' }, 'body.classCode', '9999'],
    ['a part class used for an event', { classKind: 'part', classCode: '0505' }, 'body.classCode', '0505'],
    ['a time in the future', { occurredAt: '2030-01-01T00:00:00Z' }, 'body.occurredAt', 'future'],
    ['a time no calendar knows', { occurredAt: '0000-01-01T00:00:00Z' }, 'body.occurredAt', '1900'],
    ['a way of finding the place without a place', { placeMethod: 'gps' }, 'body.position', 'position'],
    ['a position off the earth', { position: [214, 30] }, 'body.position.0', ''],
    ['a text with a NUL', { description: 'a\0b' }, 'body.description', 'stored'],
    ['half a surrogate pair', { address: 'x\ud800' }, 'body.address', 'stored'],
    ['nobody as reporter', { reportedBy: '' }, 'body.reportedBy', ''],
    ['a source nobody knows', { source: 'gossip' }, 'body.source', ''],
  ])('%s is refused with the field named', async (_name, parts, path, words) => {
    const city = await aCity(db)
    const answer = await postReport(api, city, { ...aReport(), ...parts })
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request', errors: [{ path, message: expect.stringContaining(words) }] } })
    expect(await db.query(sql`select 1 from incidents where city_id = ${city.cityId}`)).toHaveLength(0)
  })

  test('a source that sends its own reference twice under two keys is told so (conflict)', async () => {
    const city = await aCity(db)
    await report(api, city, { source: 'hotline_12345', sourceReference: 'H-7' })
    expect(await postReport(api, city, aReport({ source: 'hotline_12345', sourceReference: 'H-7' }))).toMatchObject({ status: 409, body: { code: 'conflict' } })
  })
})

describe('moving an incident along its life', () => {
  test('the whole way from report to close: numbers, limits, clocks, and a step for each action', async () => {
    const city = await aCity(db)
    const filed = await advance(api, city, await report(api, city, { classCode: '0110' }), 'accept', 'file')
    expect(filed).toMatchObject({ caseNumber: 'AJ-20261120-00001', conditionZh: '公共场所未倒入垃圾容器的生活垃圾', limitZh: '4 工作时', limitEn: '4 working hours', filedAt: now.toISOString(), dueAt: null })
    // Friday 17:30 and four working hours: Monday 11:30.
    expect(await advance(api, city, filed, 'dispatch')).toMatchObject({ department: '环卫中心', holder: '环卫中心', dueAt: '2026-11-23T03:30:00.000Z' })
    const dispatched = await api.call(getIncident, { params: { city: city.key, id: filed.id } })
    const closed = await advance(api, city, dispatched, ...TO_CLOSED.slice(3))
    expect(closed).toMatchObject({ state: 'closed', version: 10, disposedAt: now.toISOString(), endedAt: now.toISOString(), holder: null })
    expect(closed.flow.map((step) => step.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(closed.flow.every((step, index) => index === 0 || step.fromState === closed.flow[index - 1]?.toState)).toBe(true)
    expect((await events(city)).map((event) => event.payload.action ?? 'report')).toEqual(['report', ...TO_CLOSED])
  })

  test('of two people pressing at once one wins, and the other is told who did what (stale)', async () => {
    const city = await aCity(db)
    const incident = await advance(api, city, await report(api, city), 'accept', 'file')
    const press = async (actor: string, department: string) => postTransition(api, city, incident.id, { action: 'dispatch', version: incident.version, actor, departmentId: await departmentOf(db, city, department) })
    const answers = await Promise.all([press('张三', '市政中心'), press('李四', '环卫中心')])
    const won = answers.find((answer) => answer.status === 201)
    const lost = answers.find((answer) => answer.status === 409)
    expect(lost?.body.code).toBe('stale')
    expect(lost?.body.detail).toContain(won?.body.department === '市政中心' ? '张三' : '李四')
    expect(lost?.body.detail).toContain('派遣')
    expect(lost?.body.detail).toContain('待处置')
    expect((await api.call(getIncident, { params: { city: city.key, id: incident.id } })).flow).toHaveLength(4)
  })

  test('an action out of turn is refused with the reason in both languages, and leaves no trace (illegal_transition)', async () => {
    const city = await aCity(db)
    const incident = await report(api, city)
    const answer = await postTransition(api, city, incident.id, { action: 'close', version: 1 })
    expect(answer).toMatchObject({ status: 409, body: { code: 'illegal_transition', detail: expect.stringMatching(/“结案”只能在“待结案”时进行.*now “To be accepted”/) } })
    expect(await api.call(getIncident, { params: { city: city.key, id: incident.id } })).toEqual(incident)
    expect(await events(city)).toHaveLength(1)
  })

  test('filing needs one of the class’s conditions, dispatching a department, turning back a reason', async () => {
    const city = await aCity(db)
    const accepted = await advance(api, city, await report(api, city), 'accept')
    expect(await postTransition(api, city, accepted.id, { action: 'file', version: 2 })).toMatchObject({ status: 400, body: { errors: [{ path: 'body.conditionOrdinal' }] } })
    expect(await postTransition(api, city, accepted.id, { action: 'file', version: 2, conditionOrdinal: 9 })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('no condition 9') } })
    const filed = await advance(api, city, accepted, 'file')
    expect(await postTransition(api, city, filed.id, { action: 'dispatch', version: 3 })).toMatchObject({ status: 400, body: { errors: [{ path: 'body.departmentId' }] } })
    expect(await postTransition(api, city, filed.id, { action: 'return_to_filing', version: 3, opinion: '  ' })).toMatchObject({ status: 400, body: { errors: [{ path: 'body.opinion' }] } })
  })

  test('a class without published conditions can be filed, and then has no limit', async () => {
    const city = await aCity(db)
    const filed = await postTransition(api, city, (await advance(api, city, await report(api, city, { classCode: '0409' }), 'accept')).id, { action: 'file', version: 2 })
    expect(await advance(api, city, filed.body, 'dispatch')).toMatchObject({ state: 'pending_dispose', limitZh: null, limitEn: null, dueAt: null })
  })

  test('the limit rests while a case is suspended and starts anew with a rework', async () => {
    const city = await aCity(db)
    const disposing = await advance(api, city, await report(api, city, { classCode: '0505' }), ...TO_DISPATCHED, 'sign')
    expect(disposing.dueAt).toBe('2026-11-20T11:30:00.000Z')
    const suspended = await advance(api, city, disposing, 'suspend')
    now = new Date('2026-11-21T09:30:00Z')
    const resumed = await advance(api, city, suspended, 'resume')
    expect(resumed.dueAt).toBe('2026-11-21T11:30:00.000Z')
    const confirmed = await advance(api, city, resumed, 'submit_result', 'confirm')
    now = new Date('2026-11-22T09:30:00Z')
    expect(await advance(api, city, confirmed, 'rework')).toMatchObject({ disposedAt: null, dueAt: '2026-11-22T11:30:00.000Z', department: '环卫中心' })
    now = new Date('2026-11-20T09:30:00Z')
  })

  test('a case that is filed again keeps its case number', async () => {
    const city = await aCity(db)
    const first = await advance(api, city, await report(api, city), 'accept', 'file')
    const again = await advance(api, city, first, 'return_to_filing', 'file')
    expect(again.caseNumber).toBe(first.caseNumber)
    expect((await advance(api, city, await report(api, city), 'accept', 'file')).caseNumber).toBe('AJ-20261120-00002')
  })

  test('a transition that is retried under its key is done once', async () => {
    const city = await aCity(db)
    const incident = await report(api, city)
    const once = await postTransition(api, city, incident.id, { action: 'accept', version: 1 }, 'tap')
    expect(await postTransition(api, city, incident.id, { action: 'accept', version: 1 }, 'tap')).toEqual({ ...once, replayed: true })
    expect(once.body.flow).toHaveLength(2)
  })

  test.each([
    ['a version beyond all numbers', { action: 'accept', version: Number.MAX_SAFE_INTEGER }, 409],
    ['an action that does not exist', { action: 'explode', version: 1 }, 400],
    ['a version that is no number', { action: 'accept', version: 'one' }, 400],
    ['a condition beyond all numbers', { action: 'file', version: 1, conditionOrdinal: 1e15 }, 409],
  ])('%s is the caller’s fault, never ours', async (_name, body, status) => {
    const city = await aCity(db)
    const incident = await report(api, city)
    expect((await postTransition(api, city, incident.id, body)).status).toBe(status)
  })

  test('an incident of another city is not found', async () => {
    const [here, there] = [await aCity(db), await aCity(db)]
    const incident = await report(api, here)
    expect(await postTransition(api, there, incident.id, { action: 'accept', version: 1 })).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })
})
