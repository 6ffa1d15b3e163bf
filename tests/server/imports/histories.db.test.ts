import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { evaluate } from '../../../server/contract/evaluation.ts'
import { getIncident } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncEvaluationRules } from '../../../server/evaluation/rules.ts'
import { historyOf } from '../../../server/imports/incident-history.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aFile, importFile } from '../../helpers/imports.ts'

const db = openTestDb()
let api: TestApi
beforeAll(async () => {
  await syncEvaluationRules(db)
  api = await openTestApi(aContext(db))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const HEAD = '受理号,小类名称,上报时间,立案时间,派遣时间,处置时限,处置完成时间,结案时间,案件状态,处置部门,x,y'
const take = (city: TestCity, rows: string[], options: { skipBad?: boolean } = {}) => importFile(db, city.key, aFile('cases.csv', [HEAD, ...rows].join('\n')), { kind: 'incidents', layer: 'old-system', ...options })
const idOf = async (city: TestCity, number: string) => (await db.query<{ id: string }>(sql`select public_id as id from incidents where city_id = ${city.cityId} and source_reference = ${number}`))[0]!.id
const get = async (city: TestCity, number: string) => api.call(getIncident, { params: { city: city.key, id: await idOf(city, number) } })
const CLOSED = 'A1,暴露垃圾,2026-03-02 09:00,2026-03-02 09:30,2026-03-02 10:00,2026-03-02 18:00,2026-03-02 19:00,2026-03-03 10:00,已结案,环卫中心,114.001,30.001'

describe('cases that come in with a history', () => {
  test('keep their times: steps, clocks and figures of their own months, and lie with the department that had them', async () => {
    const city = await aCity(db)
    const [unit] = await db.query<{ id: number }>(sql`insert into organisations (public_id, city_id, code, kind, name_zh, name_en) values (${uuidv7()}, ${city.cityId}, 'HW', 'department', '环卫中心', 'Sanitation') returning id`)
    const { report } = await take(city, [CLOSED, 'A2,暴露垃圾,2026-03-04 09:00,2026-03-04 09:30,2026-03-04 10:00,2030-01-01 00:00,,,处置中,HW,114.002,30.001', 'A3,占道经营,2026-03-05 09:00,,,,,,,城管科,114.003,30.001'])
    expect(report).toMatchObject({ taken: 3, refused: 0 })
    expect(report.issuesByCode.map(({ code, count }) => [code, count])).toContainEqual(['organisation_unknown', 1])
    const closed = await get(city, 'A1')
    expect(closed.flow.map((step) => [step.toState, step.at, step.opinion])).toEqual([
      ['pending_accept', '2026-03-02T01:00:00.000Z', null], ['pending_dispatch', '2026-03-02T01:30:00.000Z', null], ['pending_dispose', '2026-03-02T02:00:00.000Z', null],
      ['disposed', '2026-03-02T11:00:00.000Z', null], ['pending_check', '2026-03-02T11:00:00.000Z', null], ['closed', '2026-03-03T02:00:00.000Z', null],
    ])
    expect(closed.clocks.filter(({ stage }) => stage === 'dispose')).toMatchObject([{ startedAt: '2026-03-02T02:00:00.000Z', dueAt: '2026-03-02T10:00:00.000Z', stoppedAt: '2026-03-02T11:00:00.000Z', light: 'red' }])
    expect(closed.clocks.every(({ stoppedAt }) => stoppedAt !== null)).toBe(true)
    const open = await get(city, 'A2')
    expect(open).toMatchObject({ state: 'disposing', department: '环卫中心', dueAt: '2029-12-31T16:00:00.000Z' })
    expect(open.flow.at(-1)).toMatchObject({ toState: 'disposing', at: '2026-03-04T02:00:00.000Z', opinion: expect.stringContaining('原系统未记录时间') })
    expect(open.clocks.find(({ stage }) => stage === 'dispose')).toMatchObject({ stoppedAt: null, dueAt: '2029-12-31T16:00:00.000Z' })
    expect(await db.query(sql`select department_id as id from incidents where city_id = ${city.cityId} order by source_reference`)).toEqual([{ id: unit!.id }, { id: unit!.id }, { id: null }])
    const figures = async (day: string) => {
      const { total } = await api.call(evaluate, { params: { city: city.key }, query: { object: 'department', cycle: 'month', day, indicators: 'report_num,inst_num,dispose_num,intime_dispose_num,overtime_dispose_num,archive_num' } })
      return Object.values(total).map((figure) => figure.raw.value)
    }
    expect(await figures('2026-03-15')).toEqual([3, 2, 1, 0, 1, 1])
    expect(await figures('2026-04-15')).toEqual([0, 0, 0, 0, 0, 0])
  })

  test('move on when the file has moved on, once, at its times; the same file again changes nothing', async () => {
    const city = await aCity(db)
    await take(city, ['A1,暴露垃圾,2026-03-02 09:00,2026-03-02 09:30,,,,,待派遣,,114.001,30.001'])
    expect((await take(city, [CLOSED])).report).toMatchObject({ inserted: 0, changed: 1 })
    expect((await take(city, [CLOSED])).report).toMatchObject({ changed: 0, unchanged: 1 })
    const { flow, clocks, state } = await get(city, 'A1')
    expect(state).toBe('closed')
    expect(flow.map((step) => [step.sequence, step.fromState, step.toState, step.at.slice(0, 16)])).toEqual([
      [1, null, 'pending_accept', '2026-03-02T01:00'], [2, 'pending_accept', 'pending_dispatch', '2026-03-02T01:30'], [3, 'pending_dispatch', 'pending_dispose', '2026-03-02T02:00'],
      [4, 'pending_dispose', 'disposed', '2026-03-02T11:00'], [5, 'disposed', 'pending_check', '2026-03-02T11:00'], [6, 'pending_check', 'closed', '2026-03-03T02:00'],
    ])
    expect(clocks.every(({ stoppedAt }) => stoppedAt !== null)).toBe(true)
  })

  test('are refused by row, with both times named, where these contradict each other', async () => {
    const city = await aCity(db)
    const rows = ['B1,暴露垃圾,2026-03-02 09:00,2026-03-01 09:30,,,,,,,114.001,30.001', 'B2,暴露垃圾,2026-03-02 09:00,,,,,2026-03-03 10:00,处置中,,114.001,30.001', 'B3,暴露垃圾,2026-03-02 09:00,,2026-03-02 10:00,,,,待受理,,114.001,30.001', CLOSED]
    const failed = await take(city, rows).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'bad_request', issues: [
      { row: 1, code: 'history_contradicts', field: 'filed', message: expect.stringContaining('lies before that of reported') },
      { row: 2, code: 'history_contradicts', field: 'state', message: expect.stringContaining('处置中') },
      { row: 3, code: 'history_contradicts', field: 'state', message: expect.stringContaining('待受理') },
      { row: 4, severity: 'flagged', code: 'organisation_unknown' },
    ] })
    expect((await take(city, rows, { skipBad: true })).report).toMatchObject({ taken: 1, refused: 3 })
  })

  test('that ended at a time nobody kept are ended, not open for ever, and in no month closed', async () => {
    const city = await aCity(db)
    const { report } = await take(city, ['C1,暴露垃圾,2026-03-02 09:00,2026-03-02 09:30,,,,,已结案,,114.001,30.001'])
    expect(report.issuesByCode).toContainEqual(expect.objectContaining({ code: 'end_unknown', count: 1 }))
    const { total } = await api.call(evaluate, { params: { city: city.key }, query: { object: 'county', cycle: 'month', day: '2026-03-15', indicators: 'archive_num,open_filed_num' } })
    expect(Object.values(total).map((figure) => figure.raw.value)).toEqual([0, 0])
  })
})

test('times alone tell how far a case came', () => {
  const times = { reportedAt: '2026-03-02T01:00:00Z', filedAt: null, dispatchedAt: null, disposedAt: null, endedAt: null }
  expect(historyOf(times, null)).toMatchObject({ state: 'pending_accept' })
  expect(historyOf({ ...times, dispatchedAt: '2026-03-02T02:00:00Z' }, null)).toMatchObject({ state: 'pending_dispose' })
  expect(historyOf({ ...times, endedAt: '2026-03-02T02:00:00Z' }, null)).toMatchObject({ state: 'closed' })
  expect(historyOf(times, 'draft')).toMatchObject({ steps: [{ state: 'draft' }] })
})
