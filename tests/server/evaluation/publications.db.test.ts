import ExcelJS from 'exceljs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as contract from '../../../server/contract/evaluation.ts'
import { API_PREFIX } from '../../../server/contract/endpoint.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncEvaluationRules } from '../../../server/evaluation/rules.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aCase, aStreet, local, usualSteps } from './case-lives.ts'

const db = openTestDb()
let api: TestApi
let now = new Date(local('11-05 09:00'))
let city: TestCity
const STREET = '330101001000'

beforeAll(async () => {
  await syncEvaluationRules(db)
  api = await openTestApi(aContext(db, { clock: () => now }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

beforeEach(async () => {
  now = new Date(local('11-05 09:00'))
  city = await aCity(db)
  await aStreet(db, city, STREET, '东街', 20_000)
  await aCase(db, city, { street: STREET, dueAt: '10-12 13:30', steps: usualSteps({ reported: '10-12 09:00', accepted: '10-12 09:05', filed: '10-12 09:20', dispatched: '10-12 09:30', confirmed: '10-12 11:30', checked: '10-12 12:00', closed: '10-12 12:30' }) })
  await aCase(db, city, { street: STREET, dueAt: '10-13 13:30', steps: usualSteps({ reported: '10-13 09:00', accepted: '10-13 09:05', filed: '10-13 09:20', dispatched: '10-13 09:30' }) })
})

const publish = (body: Partial<{ cycle: contract.Asked['cycle']; day: string; note: string; knownVersion: number }> = {}) => api.call(contract.publishPeriod, { params: { city: city.key }, body: { cycle: 'month', day: '2026-10-01', ...body } })
const frozen = (id: string, object: contract.Asked['object'] = 'street') => api.call(contract.getPublication, { params: { city: city.key, publication: id }, query: { object } })
const live = () => api.call(contract.evaluate, { params: { city: city.key }, query: { object: 'street', cycle: 'month', day: '2026-10-01' } })

describe('publications', () => {
  test('what was published stays when a case changes afterwards, and the comparison names what reads differently', async () => {
    const publication = await publish()
    expect(publication).toMatchObject({ version: 1, fromDay: '2026-10-01', untilDay: '2026-11-01', registryVersion: 1 })
    const before = await frozen(publication.id)
    expect(before.table.objects[0]?.figures['archive_rate']?.exempted).toEqual({ numerator: 1, denominator: 2, value: 50, interval: [9.45, 90.55] })
    // Somebody moves a case to October's rework after the fact.
    await db.query(sql`insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at)
      select id, 90, 'rework', 'pending_check', 'pending_dispose', '乙', ${local('10-12 11:45')}::timestamptz from incidents where city_id = ${city.cityId} and state = 'closed'`)
    expect((await live()).objects[0]?.figures['rework_rate']?.exempted.value).toBe(50)
    expect(await frozen(publication.id)).toEqual(before)
    const comparison = await api.call(contract.comparePublication, { params: { city: city.key, publication: publication.id }, query: { object: 'street' } })
    const changed = comparison.changes.filter((change) => change.objectKey === STREET)
    expect(changed.find((change) => change.indicator === 'rework_num')).toMatchObject({ objectName: '东街', published: { value: 0 }, live: { value: 1 } })
    expect(changed.map((change) => change.indicator)).not.toContain('report_num')
  })

  test('the database itself refuses to change or delete a published figure', async () => {
    await publish()
    await expect(db.query(sql`update evaluation_results set content = '{}' where period_id in (select id from evaluation_periods where city_id = ${city.cityId})`)).rejects.toThrow('published figures stay')
    await expect(db.query(sql`delete from evaluation_periods where city_id = ${city.cityId}`)).rejects.toThrow('published figures stay')
  })

  test('again only as a new version with a reason, by whoever knows of the last; both are logged', async () => {
    const first = await publish()
    await expect(publish()).rejects.toMatchObject({ code: 'stale' })
    await expect(publish({ knownVersion: 1 })).rejects.toMatchObject({ code: 'bad_request' })
    const second = await publish({ knownVersion: 1, note: '补录三件' })
    expect(second).toMatchObject({ version: 2, note: '补录三件' })
    expect((await api.call(contract.listPublications, { params: { city: city.key } })).publications.map(({ id }) => id)).toEqual([second.id, first.id])
    const log = await db.query<{ action: string; details: { contentHash: string } }>(sql`select action, details from audit_entries where city_id = ${city.cityId} order by sequence`)
    expect(log.map(({ action, details }) => [action, details.contentHash])).toEqual([['publishPeriod', first.contentHash], ['publishPeriod', second.contentHash]])
  })

  test('a period that has not ended cannot be published, and nothing is written', async () => {
    await expect(publish({ day: '2026-11-01' })).rejects.toMatchObject({ code: 'bad_request' })
    expect((await api.call(contract.listPublications, { params: { city: city.key } })).publications).toEqual([])
  })

  test('a publication is read with the rules it was made with, also after these changed', async () => {
    const publication = await publish()
    const { rules } = await api.call(contract.listEvaluationRules, { params: { city: city.key } })
    const sheet = rules[0]!.content.sheets.street
    await api.call(contract.createEvaluationRule, { params: { city: city.key }, body: { basedOn: rules[0]!.version, source: 'x', content: { ...rules[0]!.content, sheets: { ...rules[0]!.content.sheets, street: { ...sheet, minimumSample: 1 } } } } })
    expect((await live()).objects[0]).toMatchObject({ rank: 1, unranked: null })
    expect((await frozen(publication.id)).table.objects[0]).toMatchObject({ rank: null, unranked: 'sample' })
    const comparison = await api.call(contract.comparePublication, { params: { city: city.key, publication: publication.id }, query: { object: 'street' } })
    expect(comparison.changes).toEqual([])
  })
})

describe('files', () => {
  const address = (query: string) => `${API_PREFIX}/cities/${city.key}/evaluation/export?object=street&cycle=month&day=2026-10-01&${query}`

  test('a workbook holds the table’s own figures, every formula with its version and SQL, and where it comes from', async () => {
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(await (await api.fetch(address('format=xlsx'))).arrayBuffer())
    const [table, formulas, about] = workbook.worksheets
    const heads = table!.getRow(1).values as string[]
    expect(table!.getRow(3).getCell(heads.findIndex((head) => head?.startsWith('结案率 Closed 豁免后'))).value).toBe(50)
    expect(table!.getRow(3).getCell(2).value).toBe('东街')
    const formula = (formulas!.getColumn(1).values as string[]).indexOf('archive_rate')
    expect(formulas!.getRow(formula).getCell(3).value).toContain('应结案数中的结案数 ÷ 应结案数')
    expect(formulas!.getRow(formula).getCell(8).value).toContain('count(*) filter')
    expect((about!.getColumn(1).values as string[]).join()).toContain('规则版本')
  })

  test('a CSV of a publication carries its version, hash and formulas', async () => {
    const publication = await publish()
    const text = await (await api.fetch(address(`format=csv&publication=${publication.id}&indicators=archive_rate`))).text()
    expect(text).toContain(publication.contentHash)
    expect(text).toContain('archive_rate v1')
    expect(text).toMatch(/东街,330101001000,.*50,50,1,2,/)
  })
})

describe('what rates need beside the cases', () => {
  test('a return visit after the end, a missed report once', async () => {
    const rows = await db.query<{ id: string; state: string }>(sql`select public_id as id, state from incidents where city_id = ${city.cityId} order by id`)
    const [closed, open] = rows.map(({ id }) => ({ city: city.key, id }))
    await expect(api.call(contract.recordReturnVisit, { params: open!, body: { outcome: 'satisfied' } })).rejects.toMatchObject({ code: 'conflict' })
    await api.call(contract.recordReturnVisit, { params: closed!, body: { outcome: 'satisfied' } })
    await api.call(contract.recordMissedReport, { params: open!, body: { collector: '甲' } })
    await expect(api.call(contract.recordMissedReport, { params: open!, body: { collector: '甲' } })).rejects.toMatchObject({ code: 'conflict' })
    now = new Date(local('11-05 09:01'))
    const { total } = await api.call(contract.evaluate, { params: { city: city.key }, query: { object: 'street', cycle: 'month', day: '2026-11-05' } })
    expect([total['public_satisfaction_rate']?.exempted.value, total['missed_rate']?.exempted.value]).toEqual([100, 100])
  })
})
