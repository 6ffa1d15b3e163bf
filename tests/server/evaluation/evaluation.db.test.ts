import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as contract from '../../../server/contract/evaluation.ts'
import { COUNT_KEYS } from '../../../server/contract/evaluation-counts.ts'
import type { ObjectKind } from '../../../server/contract/evaluation-objects.ts'
import { type IndicatorKey, RATE_KEYS } from '../../../server/contract/evaluation-rates.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncEvaluationRules } from '../../../server/evaluation/rules.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aCase, aStreet, local, type Step, usualSteps } from './case-lives.ts'

const db = openTestDb()
let api: TestApi
let now = new Date(local('11-05 09:00'))
let city: TestCity

beforeAll(async () => {
  await syncCaseClasses(db)
  await syncEvaluationRules(db)
  api = await openTestApi(aContext(db, { clock: () => now }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const S1 = '330101001000'
const S2 = '330101002000'

/** Twelve cases around October 2026 whose figures are worked out in the tests. */
async function october(town: TestCity): Promise<Record<string, string>> {
  await aStreet(db, town, S1, '东街', 20_000)
  await aStreet(db, town, S2, '西街', 30_000)
  const ids: Record<string, string> = {}
  const put = async (name: string, life: Parameters<typeof aCase>[2]) => (ids[name] = await aCase(db, town, life))
  // 1: in time all along; the same trouble 20 m away eight days after closing.
  await put('one', {
    street: S1, dueAt: '10-12 13:30', position: [114.305, 30.505],
    steps: usualSteps({ reported: '10-12 09:00', accepted: '10-12 09:05', filed: '10-12 09:20', dispatched: '10-12 09:30', confirmed: '10-12 11:30', checked: '10-12 12:00', closed: '10-12 12:30' }),
    clocks: [
      { stage: 'accept', startedAt: '10-12 09:00', dueAt: '10-12 09:15', stoppedAt: '10-12 09:05' },
      { stage: 'file', startedAt: '10-12 09:05', dueAt: '10-12 09:35', stoppedAt: '10-12 09:20' },
      { stage: 'check', startedAt: '10-12 11:30', dueAt: '10-12 11:45', stoppedAt: '10-12 12:00' },
    ],
  })
  // 2: handled after the deadline, an appeal granted; suspended over night; working hours.
  const two = usualSteps({ reported: '10-12 09:30', accepted: '10-12 09:50', filed: '10-12 09:55', dispatched: '10-12 10:00', confirmed: '10-13 10:00', checked: '10-14 09:00', closed: '10-14 10:00' })
  const pause: Step[] = [{ action: 'suspend', from: 'disposing', to: 'suspended', at: '10-12 16:00' }, { action: 'resume', from: 'suspended', to: 'disposing', at: '10-13 09:00' }]
  await put('two', {
    street: S1, conditionOrdinal: 1, position: [114.4, 30.6], steps: [...two.slice(0, 5), ...pause, ...two.slice(5)],
    clocks: [
      { stage: 'accept', startedAt: '10-12 09:30', dueAt: '10-12 09:45', stoppedAt: '10-12 09:50' },
      { stage: 'dispose', startedAt: '10-12 10:00', dueAt: '10-12 18:00', stoppedAt: '10-13 10:00', isExempt: true },
    ],
  })
  // 3: returned by A, handled by B, reworked twice, late.
  await put('three', {
    street: S1, dueAt: '10-14 18:00', department: 'B',
    steps: [
      ...usualSteps({ reported: '10-14 08:00', accepted: '10-14 08:10', filed: '10-14 08:30', dispatched: '10-14 09:00' }).slice(0, 4),
      { action: 'return_to_dispatch', from: 'pending_dispose', to: 'pending_dispatch', at: '10-14 10:00' },
      { action: 'dispatch', from: 'pending_dispatch', to: 'pending_dispose', at: '10-14 11:00', department: 'B' },
      { action: 'sign', from: 'pending_dispose', to: 'disposing', at: '10-14 11:10' },
      { action: 'submit_result', from: 'disposing', to: 'disposed', at: '10-14 12:50' },
      { action: 'confirm', from: 'disposed', to: 'pending_check', at: '10-14 13:00' },
      { action: 'rework', from: 'pending_check', to: 'pending_dispose', at: '10-14 14:00' },
      { action: 'sign', from: 'pending_dispose', to: 'disposing', at: '10-14 14:10' },
      { action: 'submit_result', from: 'disposing', to: 'disposed', at: '10-14 15:50' },
      { action: 'confirm', from: 'disposed', to: 'pending_check', at: '10-14 16:00' },
      { action: 'rework', from: 'pending_check', to: 'pending_dispose', at: '10-14 17:00' },
      { action: 'sign', from: 'pending_dispose', to: 'disposing', at: '10-14 17:10' },
      { action: 'submit_result', from: 'disposing', to: 'disposed', at: '10-15 16:50' },
      { action: 'confirm', from: 'disposed', to: 'pending_check', at: '10-15 17:00' },
      { action: 'accept_on_evidence', from: 'pending_check', to: 'pending_close', at: '10-16 09:00', actor: '核查庚' },
      { action: 'close', from: 'pending_close', to: 'closed', at: '10-20 09:00' },
    ],
  })
  // 4: a hotline report that was found untrue.
  await put('four', {
    street: S2, source: 'hotline_12345', reportedBy: '12345',
    steps: [
      { action: 'submit', from: null, to: 'pending_accept', at: '10-15 09:00' },
      { action: 'send_verify', from: 'pending_accept', to: 'verifying', at: '10-15 09:10', actor: '受理员丙' },
      { action: 'verify_false', from: 'verifying', to: 'not_filed', at: '10-15 10:00', actor: '甲' },
    ],
    clocks: [{ stage: 'verify', startedAt: '10-15 09:10', dueAt: '10-15 11:10', stoppedAt: '10-15 10:00' }],
  })
  // 5: open and overdue; an inspection says that 甲 should have reported it.
  await put('five', { street: S2, source: 'citizen_app', reportedBy: '市民', dueAt: '10-20 12:00', steps: usualSteps({ reported: '10-16 09:00', accepted: '10-16 09:05', filed: '10-16 09:10', dispatched: '10-16 09:20', department: 'B' }) })
  // 6: filed twice, dispatched on the last day, handled in November.
  const six = usualSteps({ reported: '10-30 09:00', accepted: '10-30 09:05', filed: '10-30 17:00', dispatched: '10-31 09:00', confirmed: '11-02 09:00', department: 'B' })
  await put('six', {
    street: S2, dueAt: '11-03 09:00',
    steps: [...six.slice(0, 2), { action: 'file', from: 'pending_filing', to: 'pending_dispatch', at: '10-30 10:00' }, { action: 'return_to_filing', from: 'pending_dispatch', to: 'pending_filing', at: '10-30 11:00' }, ...six.slice(2)],
  })
  // 7: of September, closed in October.
  await put('seven', { street: S1, dueAt: '09-30 12:00', steps: usualSteps({ reported: '09-20 09:00', accepted: '09-20 09:05', filed: '09-20 09:10', dispatched: '09-20 09:20', confirmed: '09-29 09:00', checked: '10-01 09:00', closed: '10-02 09:00' }) })
  // 8: void, in no street. 9: the recurrence of 1, not yet accepted. 10: a drill. 11: refused after acceptance. 12: of November.
  await put('eight', { steps: [...usualSteps({ reported: '10-10 09:00' }), { action: 'void_duplicate', from: 'pending_accept', to: 'void', at: '10-10 09:30' }] })
  await put('nine', { street: S1, position: [114.3052, 30.505], steps: usualSteps({ reported: '10-20 09:00' }) })
  await put('ten', { street: S1, isDrill: true, steps: usualSteps({ reported: '10-20 09:00', accepted: '10-20 09:05', filed: '10-20 09:10' }) })
  await put('eleven', { street: S2, steps: [...usualSteps({ reported: '10-18 09:00', accepted: '10-18 09:05' }), { action: 'refuse', from: 'pending_filing', to: 'not_filed', at: '10-18 09:30' }] })
  await put('twelve', { street: S2, steps: usualSteps({ reported: '11-01 00:00', accepted: '11-01 09:05' }) })
  for (const [name, outcome, at] of [['one', 'unsatisfied', '10-12 20:00'], ['one', 'very_satisfied', '10-13 09:00'], ['two', 'unsatisfied', '10-15 09:00'], ['seven', 'satisfied', '10-05 09:00']] as const) {
    await db.query(sql`insert into return_visits (public_id, incident_id, outcome, visited_by, visited_at) select ${uuidv7()}, id, ${outcome}, '丙', ${local(at)}::timestamptz from incidents where public_id = ${ids[name]}`)
  }
  await db.query(sql`insert into missed_reports (public_id, incident_id, collector, found_by, found_at) select ${uuidv7()}, id, '甲', '考核员', ${local('10-17 09:00')}::timestamptz from incidents where public_id = ${ids['five']}`)
  return ids
}

interface Question {
  cycle?: contract.Asked['cycle']
  day?: string
  basis?: contract.Basis
  indicators?: string
}
const ask = (object: ObjectKind, more: Question = {}) =>
  api.call(contract.evaluate, { params: { city: city.key }, query: { object, cycle: 'month', day: '2026-10-15', ...more } })

beforeEach(async () => {
  now = new Date(local('11-05 09:00'))
  city = await aCity(db)
})

describe('figures worked out by hand', () => {
  test('every base count of the city', async () => {
    await october(city)
    const { total } = await ask('street', { indicators: COUNT_KEYS.join() })
    const exempted = Object.fromEntries(COUNT_KEYS.map((key) => [key, total[key]?.exempted.value]))
    expect(exempted).toEqual({
      report_num: 9, valid_report_num: 5, unrejected_report_num: 6, completed_num: 3, operate_num: 7, intime_operate_num: 1, accur_operate_num: 6,
      inst_num: 5, intime_inst_num: 1, accur_inst_num: 4, need_dispatch_num: 5, dispatch_num: 5, intime_dispatch_num: 0, accur_dispatch_num: 4,
      need_dispose_num: 4, dispose_num: 3, intime_dispose_num: 2, overtime_dispose_num: 1, to_dispose_num: 2, overtime_to_dispose_num: 1,
      need_archive_num: 5, archive_num: 4, intime_archive_num: 3, overtime_archive_num: 1, to_archive_num: 1, overtime_to_archive_num: 1, open_filed_num: 2,
      need_verify_num: 1, verify_num: 1, intime_verify_num: 1, need_check_num: 4, check_num: 4, intime_check_num: 0,
      rework_num: 1, rework_times: 2, back_num: 1, back_times: 1, cancel_num: 1, turn_num: 1, turn_times: 1, patrol_deal_num: 0,
      public_report_num: 2, valid_public_report_num: 1, return_visit_num: 3, very_satisfied_num: 1, satisfied_num: 1, unsatisfied_num: 1, content_num: 2,
      missed_num: 1, missed_or_reported_num: 8, recurrence_num: 1,
      // 2 h (clock) + 5 h (working, without the night) + 29 h in three turns
      dispose_hours: 36,
    })
    const raw = Object.fromEntries(COUNT_KEYS.flatMap((key) => (total[key]?.raw.value === exempted[key] ? [] : [[key, total[key]?.raw.value]])))
    expect(raw).toEqual({ intime_dispose_num: 1, overtime_dispose_num: 2, intime_archive_num: 2, overtime_archive_num: 2 })
  })

  test('every rate of the city, raw and exempted side by side, no value where nothing can be judged', async () => {
    await october(city)
    const { total } = await ask('street')
    expect(Object.fromEntries(RATE_KEYS.map((key) => [key, total[key]?.exempted.value]))).toEqual({
      dispose_rate: 75, intime_dispose_rate: 50, archive_rate: 80, intime_archive_rate: 60, overtime_archive_rate: 20, to_archive_rate: 20, overtime_to_archive_rate: 50,
      accur_dispatch_rate: 80, intime_dispatch_rate: null, intime_inst_rate: 100, accur_inst_rate: 80, valid_report_rate: 55.56, intime_verify_rate: 100, intime_check_rate: 0,
      intime_operate_rate: 50, accur_operate_rate: 85.71, completion_rate: 50, inst_rate: 55.56, rework_rate: 20, back_rate: 20, missed_rate: 12.5, public_satisfaction_rate: 66.67,
      public_report_rate: 22.22, recurrence_rate: 25, mean_dispose_hours: 12, inst_per_ten_thousand: 1,
    })
    expect([total['intime_dispose_rate']?.raw.value, total['intime_archive_rate']?.raw.value, total['overtime_archive_rate']?.raw.value]).toEqual([25, 40, 40])
  })

  test('a granted appeal makes a late case count as in time beside the raw fact; a case taken up again counts as recurred wherever it lies', async () => {
    const late = await aCase(db, city, { dueAt: '10-12 10:00', isOvertimeExempt: true, steps: usualSteps({ reported: '10-12 09:00', accepted: '10-12 09:05', filed: '10-12 09:20', dispatched: '10-12 09:30', confirmed: '10-12 11:30', checked: '10-12 12:00', closed: '10-12 12:30' }) })
    await aCase(db, city, { reopenedFrom: late, steps: usualSteps({ reported: '10-13 09:00' }) })
    const { total } = await ask('street', { indicators: 'intime_dispose_rate,intime_archive_rate,recurrence_rate' })
    expect([total['intime_dispose_rate']?.exempted.value, total['intime_dispose_rate']?.raw.value]).toEqual([100, 0])
    expect([total['intime_archive_rate']?.exempted.value, total['intime_archive_rate']?.raw.value]).toEqual([100, 0])
    expect(total['recurrence_rate']?.exempted.value).toBe(100)
  })

  test('streets with their own figures; a case in no street stands apart, so that the parts make up the whole', async () => {
    await october(city)
    const table = await ask('street', { indicators: 'report_num,archive_rate,inst_per_ten_thousand' })
    expect(table.objects.map(({ key, name, figures }) => [key, name, figures['report_num']?.exempted.value, figures['archive_rate']?.exempted, figures['inst_per_ten_thousand']?.exempted.value])).toEqual([
      [S1, '东街', 4, { numerator: 4, denominator: 4, value: 100, interval: [51.01, 100] }, 1.5],
      [S2, '西街', 4, { numerator: 0, denominator: 1, value: 0, interval: [0, 79.35] }, 0.67],
      ['', '', 1, { numerator: 0, denominator: 0, value: null, interval: null }, null],
    ])
    expect(table.objects.map(({ unranked }) => unranked)).toEqual(['sample', 'sample', 'no_object'])
  })

  test('a return counts for the department that sent the case back, its handling for the one that did it', async () => {
    await october(city)
    const { objects } = await ask('department', { indicators: 'back_rate,accur_dispatch_rate,dispose_num,rework_times' })
    expect(objects.map(({ key, figures }) => [key, figures['back_rate']?.exempted.value, figures['accur_dispatch_rate']?.exempted.value, figures['dispose_num']?.exempted.value, figures['rework_times']?.exempted.value]).toSorted()).toEqual([
      ['A', 33.33, 66.67, 2, 0],
      ['B', 0, 100, 1, 2],
    ])
  })

  test('people in their posts', async () => {
    await october(city)
    const collectors = await ask('collector', { indicators: 'report_num,missed_rate,verify_num,check_num' })
    expect(collectors.objects.map(({ key, figures }) => [key, figures['report_num']?.exempted.value, figures['missed_rate']?.exempted.value, figures['verify_num']?.exempted.value, figures['check_num']?.exempted.value]).toSorted()).toEqual([
      ['核查己', 0, null, 0, 3],
      ['核查庚', 0, null, 0, 1],
      ['甲', 7, 12.5, 1, 0],
    ])
    const operators = await ask('operator', { indicators: 'operate_num,accur_operate_rate' })
    expect(operators.objects.map(({ key, figures }) => [key, figures['operate_num']?.exempted.value, figures['accur_operate_rate']?.exempted.value])).toEqual([['受理员丙', 7, 85.71]])
    await expect(ask('dispatcher', { indicators: 'rework_rate' })).rejects.toMatchObject({ code: 'bad_request' })
  })

  test('cycles are the city’s own days: a case reported at local midnight of 1 November is not of October', async () => {
    await october(city)
    const counts = async (cycle: contract.Asked['cycle'], day: string) => (await ask('street', { cycle, day, indicators: 'report_num' })).total['report_num']?.exempted.value
    expect(await counts('day', '2026-11-01')).toBe(1)
    expect(await counts('day', '2026-10-12')).toBe(2)
    expect(await counts('week', '2026-10-18')).toBe(6)
    expect(await counts('month', '2026-11-05')).toBe(1)
    expect(await counts('quarter', '2026-11-05')).toBe(10)
    expect(await counts('half_year', '2026-07-01')).toBe(11)
    expect(await counts('year', '2026-01-01')).toBe(11)
    await expect(counts('month', '2026-12-01')).rejects.toMatchObject({ code: 'bad_request' })
  })

  test('a city without cases has no values, and says so without a zero', async () => {
    const table = await ask('street')
    expect(table.objects).toEqual([])
    expect(RATE_KEYS.filter((key) => table.total[key]?.exempted.value !== null)).toEqual([])
  })
})

describe('what stands behind a figure', () => {
  const rowsOf = (query: { indicator: IndicatorKey; basis?: contract.Basis; objectKey?: string; part?: contract.FigurePart; limit?: number; cursor?: string }) =>
    api.call(contract.listIndicatorRows, { params: { city: city.key }, query: { object: 'street', cycle: 'month', day: '2026-10-15', ...query } })

  test('every numerator and denominator of every street opens to as many rows as it says', async () => {
    await october(city)
    const table = await ask('street')
    for (const indicator of RATE_KEYS.filter((key) => key !== 'inst_per_ten_thousand')) {
      for (const basis of ['exempted', 'raw'] as const) {
        for (const { key, figures } of table.objects) {
          const figure = figures[indicator]![basis]
          const numerator = await rowsOf({ indicator, basis, objectKey: key })
          const denominator = await rowsOf({ indicator, basis, objectKey: key, part: 'denominator' })
          expect([indicator, basis, key, numerator.total, denominator.count]).toEqual([indicator, basis, key, figure.numerator, figure.denominator])
        }
      }
    }
  })

  test('rows come page by page, newest first, with whether each is late', async () => {
    const ids = await october(city)
    const first = await rowsOf({ indicator: 'need_dispose_num', limit: 2 })
    expect(first.rows.map((row) => row.id)).toEqual([ids['five'], ids['three']])
    expect(first.count).toBe(4)
    const second = await rowsOf({ indicator: 'need_dispose_num', limit: 2, cursor: first.nextCursor! })
    expect(second.rows.map((row) => [row.id, row.isLateRaw, row.isLateExempted])).toEqual([[ids['two'], true, false], [ids['one'], false, false]])
    expect(second.nextCursor).toBeNull()
    await expect(rowsOf({ indicator: 'need_dispose_num', cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad_request' })
  })
})

describe('the registry', () => {
  test('tells of every indicator its words, SQL, version and denominator in force', async () => {
    const { indicators, rule, baseSql } = await api.call(contract.listIndicators, { params: { city: city.key } })
    expect(indicators.map(({ key }) => key).toSorted()).toEqual([...COUNT_KEYS, ...RATE_KEYS].toSorted())
    const rework = indicators.find(({ key }) => key === 'rework_rate')!
    expect(rework).toMatchObject({ nameZh: '返工率', denominator: 'need_archive_num', denominatorChoices: ['need_archive_num', 'dispose_num'], version: 1 })
    expect(rework.formulaZh).toContain('应结案数中的返工案件数 ÷ 应结案数')
    expect(rework.sql).toContain('rework_times > 0')
    expect(baseSql).toContain('incident_flow')
    expect(rule).toMatchObject({ isOwn: false, verified: false })
  })

  test('a city chooses its denominators by a new version of its rules; a stale edit is refused and the choice is logged', async () => {
    await october(city)
    const { rules } = await api.call(contract.listEvaluationRules, { params: { city: city.key } })
    const before = rules[0]!
    const content = { ...before.content, denominators: { ...before.content.denominators, rework_rate: 'dispose_num' as const } }
    const made = await api.call(contract.createEvaluationRule, { params: { city: city.key }, body: { content, source: '市考核办〔2026〕1号', verified: true, basedOn: before.version } })
    expect(made).toMatchObject({ version: before.version + 1, isOwn: true, verified: true })
    expect((await ask('street', { indicators: 'rework_rate' })).total['rework_rate']?.exempted).toMatchObject({ numerator: 1, denominator: 3, value: 33.33 })
    await expect(api.call(contract.createEvaluationRule, { params: { city: city.key }, body: { content, source: 'x', basedOn: before.version } })).rejects.toMatchObject({ code: 'stale' })
    await expect(api.call(contract.createEvaluationRule, { params: { city: city.key }, body: { content: { ...content, denominators: { rework_rate: 'report_num' } }, source: 'x', basedOn: made.version } })).rejects.toMatchObject({ code: 'bad_request' })
    const log = await db.query<{ action: string }>(sql`select action from audit_entries where city_id = ${city.cityId} and domain = 'evaluation'`)
    expect(log).toEqual([{ action: 'createEvaluationRule' }])
  })
})
