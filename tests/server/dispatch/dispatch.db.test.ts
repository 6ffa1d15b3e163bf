import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Post, SYSTEM } from '../../../server/access/principal.ts'
import * as contract from '../../../server/contract/dispatch.ts'
import { transitionIncident } from '../../../server/contract/incidents.ts'
import { bulkTransition, undoBulk } from '../../../server/contract/workbench.ts'
import * as matrix from '../../../server/contract/responsibilities.ts'
import { syncCaseClasses } from '../../../server/incidents/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aFile, importFile } from '../../helpers/imports.ts'
import { anAccount } from '../../helpers/people.ts'
import { aBody, aPerson, AREAS, layOutAreas } from '../incidents/cast.ts'
import { advance, report } from '../incidents/reporting.ts'

const db = openTestDb()
let api: TestApi

beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

async function aUnit(city: TestCity, code: string, nameZh: string): Promise<number> {
  const rows = await db.query<{ id: number }>(sql`insert into organisations (public_id, city_id, code, kind, name_zh, name_en) values (${uuidv7()}, ${city.cityId}, ${code}, 'department', ${nameZh}, ${code}) returning id`)
  return rows[0]!.id
}

/** A city with a sanitation centre (环卫), a law squad (执法) and a gardens centre (园林). */
async function aCityWithUnits(): Promise<TestCity & { units: Record<'HW' | 'ZF' | 'YL', number> }> {
  const city = await aCity(db)
  return { ...city, units: { HW: await aUnit(city, 'HW', '环卫中心'), ZF: await aUnit(city, 'ZF', '执法大队'), YL: await aUnit(city, 'YL', '园林中心') } }
}
const inCity = (city: TestCity) => ({ params: { city: city.key } })
const putRules = (city: TestCity, baseVersion: number, rules: unknown[]) => api.call(contract.putRoutingRules, { ...inCity(city), body: { baseVersion, rules: rules as contract.RoutingRuleInput[] } })
const suggest = (city: TestCity, id: string) => api.call(contract.suggestDispatch, { params: { city: city.key, id } })

describe('the responsibility matrix', () => {
  test('answers the rows of a class with those of its large class; a row that ends is gone from it and stays in the table', async () => {
    const city = await aCityWithUnits()
    const rows = [{ classKind: 'event' as const, classCode: '01', unit: 'HW', source: '市权责清单 2026' }, { classKind: 'event' as const, classCode: '0112', unit: 'YL', priority: 2, legalBasis: '市容条例第九条', source: '市权责清单 2026' }, { classKind: 'part' as const, classCode: '0103', unit: 'ZF', source: '市权责清单 2026' }]
    expect(await api.call(matrix.addResponsibilities, { ...inCity(city), body: { rows } })).toEqual({ added: 3 })
    const found = await api.call(matrix.listResponsibilities, { ...inCity(city), query: { classKind: 'event', classCode: '0112' } })
    expect(found.rows.map((row) => [row.classCode, row.unit.code, row.legalBasis])).toEqual([['01', 'HW', null], ['0112', 'YL', '市容条例第九条']])
    await api.call(matrix.endResponsibility, { params: { city: city.key, id: found.rows[0]!.id } })
    expect((await api.call(matrix.listResponsibilities, inCity(city))).total).toBe(2)
    await expect(api.call(matrix.endResponsibility, { params: { city: city.key, id: found.rows[0]!.id } })).rejects.toMatchObject({ code: 'not_found' })
    expect(await db.query(sql`select 1 from responsibilities where city_id = ${city.cityId}`)).toHaveLength(3)
  })

  test('takes all rows or none, and names each that cannot be taken', async () => {
    const city = await aCityWithUnits()
    const rows = [{ classKind: 'event' as const, classCode: '0112', unit: 'HW', source: 's' }, { classKind: 'event' as const, classCode: '0777', unit: 'NIX', source: 's' }]
    await expect(api.call(matrix.addResponsibilities, { ...inCity(city), body: { rows } })).rejects.toMatchObject({ code: 'bad_request', problem: { errors: [{ path: 'body.rows.1.classCode' }, { path: 'body.rows.1.unit' }] } })
    expect((await api.call(matrix.listResponsibilities, inCity(city))).total).toBe(0)
  })
})

test('a row is changed by another in its place: who and when stays as history, and who changes it too late is told so', async () => {
  const city = await aCityWithUnits()
  const row = { schemeId: 'GBT30428.2-2013', classKind: 'event' as const, classCode: '0112', unit: 'HW', source: '市权责清单 2026' }
  await api.call(matrix.addResponsibilities, { ...inCity(city), body: { rows: [row] } })
  const { id } = (await api.call(matrix.listResponsibilities, inCity(city))).rows[0]!
  const change = (body: typeof row) => api.call(matrix.changeResponsibility, { params: { city: city.key, id }, body })
  await expect(change({ ...row, unit: 'NIX' })).rejects.toMatchObject({ code: 'bad_request', problem: { errors: [{ path: 'body.unit' }] } })
  expect((await api.call(matrix.listResponsibilities, inCity(city))).rows.map((one) => one.id)).toEqual([id])
  const changed = await change({ ...row, unit: 'YL' })
  await expect(change({ ...row, unit: 'ZF' })).rejects.toMatchObject({ code: 'stale' })
  expect((await api.call(matrix.listResponsibilities, inCity(city))).rows.map((one) => [one.id, one.unit.code])).toEqual([[changed.id, 'YL']])
  const { changes } = await api.call(matrix.listResponsibilityChanges, inCity(city))
  expect(changes.map((one) => [one.unit.code, one.endedAt !== null, one.replacesId])).toEqual([['YL', false, id], ['HW', true, null]])
  expect([changes[0]!.createdBy, changes[1]!.endedBy]).toEqual([SYSTEM.name, SYSTEM.name])
})

test('gaps: classes nobody answers for, those with cases first; a row of one area covers in part, one whose unit is gone not at all', async () => {
  const city = await aCityWithUnits()
  const row = (classCode: string, unit: string, areaCode: string | null = null) => ({ classKind: 'event' as const, classCode, unit, areaCode, source: 's' })
  await api.call(matrix.addResponsibilities, { ...inCity(city), body: { rows: [row('01', 'HW'), row('0201', 'ZF', '990101'), row('03', 'YL')] } })
  await report(api, city, { classCode: '0202' })
  await db.query(sql`update organisations set ended_at = now() where id = ${city.units.YL}`)
  const { classes, gaps } = await api.call(matrix.listResponsibilityGaps, inCity(city))
  expect(gaps[0]).toMatchObject({ classKind: 'event', classCode: '0202', isPartial: false, recentCases: 1 })
  expect(gaps.filter((gap) => gap.isPartial).map((gap) => gap.classCode)).toEqual(['0201'])
  const events = new Set(gaps.filter((gap) => gap.classKind === 'event').map((gap) => gap.largeCode))
  expect([events.has('01'), events.has('03'), classes > gaps.length]).toEqual([false, true, true])
})

describe('routing rules', () => {
  test('come as versions; who edited an older one is told so (stale) and nothing changes', async () => {
    const city = await aCityWithUnits()
    expect(await putRules(city, 0, [{ title: '市容归环卫', conditions: { classCodes: ['01'] }, target: 'HW' }])).toMatchObject({ version: 1, rules: [{ ordinal: 1, target: { code: 'HW' } }] })
    await putRules(city, 1, [{ title: '全部归执法', conditions: {}, target: 'ZF' }])
    await expect(putRules(city, 1, [])).rejects.toMatchObject({ code: 'stale', message: expect.stringContaining('第 2 版') })
    const now = await api.call(contract.getRoutingRules, inCity(city))
    expect([now.version, now.rules.map((rule) => rule.title), now.versions.map((one) => one.version)]).toEqual([2, ['全部归执法'], [2, 1]])
    expect((await api.call(contract.getRoutingRules, { ...inCity(city), query: { version: 1 } })).rules[0]!.title).toBe('市容归环卫')
  })

  test('a rule whose unit is gone switches itself off, says so, and the next one that fits decides', async () => {
    const city = await aCityWithUnits()
    await putRules(city, 0, [{ title: '市容归环卫', conditions: { classCodes: ['01'] }, target: 'HW' }, { title: '其余归执法', conditions: {}, target: 'ZF' }])
    await db.query(sql`update organisations set ended_at = now() where id = ${city.units.HW}`)
    const incident = await report(api, city)
    const { suggestions, trace } = await suggest(city, incident.id)
    expect(suggestions.map((one) => one.unit.code)).toEqual(['ZF'])
    expect(trace[0]).toMatchObject({ fits: false, zh: expect.stringContaining('“环卫中心”已撤销') })
    const { rules } = await api.call(contract.getRoutingRules, inCity(city))
    expect(rules.map((rule) => rule.isEnabled)).toEqual([false, true])
    expect(await db.query(sql`select 1 from audit_entries where city_id = ${city.cityId} and action = 'switchOffOrphanedRules'`)).toHaveLength(1)
  })
})

describe('a rule that names somebody of its unit', () => {
  test('puts him first among the unit’s people, says so with the legal basis, and switches itself off when he leaves', async () => {
    const city = await aCityWithUnits()
    const named = await anAccount(db, { posts: [{ role: 'disposal_person', cityId: city.cityId, organisationId: city.units.HW }] })
    for (let other = 0; other < 6; other++) await anAccount(db, { posts: [{ role: 'disposal_person', cityId: city.cityId, organisationId: city.units.HW }] })
    const rule = { title: '市容归环卫', conditions: { classKind: 'event', classCodes: ['0112'] }, target: 'HW', person: named.id, legalBasis: '市容条例第九条' }
    await expect(putRules(city, 0, [{ ...rule, target: 'ZF' }])).rejects.toMatchObject({ code: 'bad_request', problem: { errors: [{ path: 'body.rules.0.person' }] } })
    await putRules(city, 0, [rule])
    const incident = await report(api, city)
    const [first] = (await suggest(city, incident.id)).suggestions
    expect([first!.people[0]!.id, first!.people[0]!.namedBy, first!.people[1]!.namedBy]).toEqual([named.id, 'rule', null])
    expect(first!.reasons[0]!.zh).toContain('市容条例第九条')
    await db.query(sql`update posts set ended_at = now() where account_id = ${named.accountId}`)
    expect((await suggest(city, incident.id)).suggestions).toEqual([])
    const { rules } = await api.call(contract.getRoutingRules, inCity(city))
    expect(rules[0]).toMatchObject({ isEnabled: false, isTargetGone: true, person: { id: named.id }, disabledReason: expect.stringContaining('已不在“环卫中心”处置案件') })
  })

  test('may stay in a later version while it is switched off, with its reason, and cannot be switched on', async () => {
    const city = await aCityWithUnits()
    const rule = { title: '市容归环卫', conditions: { classCodes: ['01'] }, target: 'HW', isEnabled: true }
    await putRules(city, 0, [rule])
    await db.query(sql`update organisations set ended_at = now() where id = ${city.units.HW}`)
    await expect(putRules(city, 1, [rule])).rejects.toMatchObject({ code: 'bad_request', problem: { errors: [{ path: 'body.rules.0.target' }] } })
    expect((await putRules(city, 1, [{ ...rule, isEnabled: false }, { title: '其余', conditions: {}, target: 'ZF' }])).rules.map((one) => [one.isTargetGone, one.disabledReason === null])).toEqual([[true, false], [false, true]])
  })
})

test('who owns the case’s community is suggested with the reason and the person, behind rule and matrix', async () => {
  const city = await aCityWithUnits()
  const person = await anAccount(db, { posts: [{ role: 'disposal_person', cityId: city.cityId, organisationId: city.units.YL }] })
  const incident = await report(api, city)
  await db.query(sql`update incidents set community_code = '990101001001' where public_id = ${incident.id}::uuid`)
  await db.query(sql`insert into grid_owners (public_id, city_id, area_code, organisation_id, organisation, account_id) values (${uuidv7()}, ${city.cityId}, '990101001001', ${city.units.YL}, '园林中心', ${person.accountId})`)
  await api.call(matrix.addResponsibilities, { ...inCity(city), body: { rows: [{ classKind: 'event', classCode: '01', unit: 'HW', source: 's' }] } })
  const { suggestions } = await suggest(city, incident.id)
  expect(suggestions.map((one) => one.unit.code)).toEqual(['HW', 'YL'])
  expect(suggestions[1]!.reasons[0]).toMatchObject({ key: 'grid_owner', zh: expect.stringContaining('990101001001 的责任单位') })
  expect(suggestions[1]!.people).toMatchObject([{ id: person.id, namedBy: 'grid_owner' }])
})

test('suggestions: the rule before the matrix, reasons in words, load counted, units of another city never', async () => {
  const city = await aCityWithUnits()
  const other = await aCityWithUnits()
  await api.call(matrix.addResponsibilities, { ...inCity(other), body: { rows: [{ classKind: 'event', classCode: '0112', unit: 'YL', source: 's' }] } })
  await api.call(matrix.addResponsibilities, { ...inCity(city), body: { rows: [{ classKind: 'event', classCode: '0112', unit: 'ZF', legalBasis: '市容条例', source: 's' }, { classKind: 'event', classCode: '01', unit: 'HW', source: 's' }] } })
  const incident = await report(api, city)
  expect((await suggest(city, incident.id)).suggestions.map((one) => one.unit.code)).toEqual(['ZF', 'HW'])
  await putRules(city, 0, [{ title: '市容归环卫', conditions: { classCodes: ['01'] }, target: 'HW' }])
  const { suggestions, ruleSetVersion } = await suggest(city, incident.id)
  expect(ruleSetVersion).toBe(1)
  expect(suggestions.map((one) => [one.rank, one.unit.code, one.reasons.map((reason) => reason.key)])).toEqual([[1, 'HW', ['rule', 'matrix', 'load', 'on_time']], [2, 'ZF', ['matrix', 'load', 'on_time']]])
  expect(suggestions[1]!.reasons[0]!.zh).toContain('市容条例')
  expect(suggestions[0]!.onTimeRate).toBeNull()
})

test('suggestions: owners of areas come by import of a plain table, by name where their organisation has no number; a duty for a whole district holds in its communities', async () => {
  const city = await aCityWithUnits()
  const [layer] = await db.query<{ id: number }>(sql`insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, source_crs) values (${uuidv7()}, ${city.cityId}, 'areas', 'administrative_areas', 'a', 'a', '', '', '', 'EPSG:4490') returning id`)
  await layOutAreas(db, city, layer!.id)
  const table = (rows: string[]) => importFile(db, city.key, aFile('owners.csv', ['社区代码,责任单位,责任人', ...rows].join('\n')), { kind: 'grid_owners' })
  const { report: said } = await table([`${AREAS.street},试验街道办事处,`, `${AREAS.community},没有这个单位,`])
  expect(said).toMatchObject({ taken: 2, inserted: 2, flagged: 2 })
  await api.call(matrix.addResponsibilities, { ...inCity(city), body: { rows: [{ classKind: 'event', classCode: '0112', unit: 'ZF', areaCode: AREAS.county, source: 's' }] } })
  const incident = await report(api, city, { position: [114, 30] })
  expect((await suggest(city, incident.id)).suggestions.map((one) => one.unit.code)).toEqual(['ZF'])
  const street = await aBody(db, city, '试验街道办事处', undefined, 'street')
  const person = await aPerson(db, city, 'disposal_person', '网格长甲', { body: street })
  const owned = (await suggest(city, incident.id)).suggestions
  expect(owned.map((one) => [one.unit.nameZh, one.reasons[0]!.key])).toEqual([['执法大队', 'matrix'], ['试验街道办事处', 'grid_owner']])
  await table([`${AREAS.community},试验街道办事处,${person.login}`])
  const { suggestions } = await suggest(city, incident.id)
  expect(suggestions[1]!.reasons[0]!.zh).toBe(`“community”（${AREAS.community}）的责任单位，责任人网格长甲`)
  expect(suggestions[1]!.people).toMatchObject([{ name: '网格长甲', namedBy: 'grid_owner' }])
})

test('replay: last month’s filed cases through edited rules tells which would have gone elsewhere and why, and writes nothing', async () => {
  const city = await aCityWithUnits()
  await putRules(city, 0, [{ title: '市容归环卫', conditions: { classCodes: ['01'] }, target: 'HW' }])
  for (const source of ['collector', 'collector', 'hotline_12345'] as const) await advance(api, city, await report(api, city, { source }), 'accept', 'file')
  await advance(api, city, await report(api, city, { classCode: '0201' }), 'accept', 'file')
  await report(api, city)
  const rules = [{ title: '热线归执法', conditions: { sources: ['hotline_12345' as const] }, target: 'ZF' }, { title: '市容归环卫', conditions: { classCodes: ['01'] }, target: 'HW' }, { title: '其余归园林', conditions: {}, target: 'YL' }]
  const answer = await api.call(contract.replayRoutingRules, { ...inCity(city), body: { rules } })
  expect(answer).toMatchObject({ cases: 4, changed: 2, unroutedBefore: 1, unroutedAfter: 0, isCut: false })
  expect(answer.byRule.map((rule) => rule.count)).toEqual([1, 2, 1])
  expect(answer.flows.map((flow) => [flow.from?.code ?? null, flow.to?.code ?? null, flow.count]).toSorted()).toEqual([['HW', 'ZF', 1], [null, 'YL', 1]].toSorted())
  expect(answer.rows.find((row) => row.after.unit?.code === 'ZF')).toMatchObject({ whyZh: expect.stringContaining('热线归执法'), before: { ordinal: 1 }, after: { ordinal: 1 } })
  expect(answer.byRuleBefore).toEqual([{ ordinal: 1, title: '市容归环卫', isEnabled: true, count: 3 }])
  const narrower = await api.call(contract.replayRoutingRules, { ...inCity(city), body: { rules: rules.slice(0, 2) } })
  expect([narrower.unroutedAfter, narrower.unmatched.map((row) => [row.classCode, row.whyZh])]).toEqual([1, [['0201', '原先没有规则符合；改后没有规则符合']]])
  const file = await fetch(`${api.base}/api/v1/cities/${city.key}/routing-rules/replay/file`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ rules, format: 'csv' }) })
  const lines = (await file.text()).trim().split('\r\n').filter((line) => !line.replace('\uFEFF', '').replace(/^"/, '').startsWith('#'))
  expect([file.status, lines.length, lines.some((line) => line.includes('热线归执法'))]).toEqual([200, 3, true])
  expect(await db.query(sql`select 1 from audit_entries where city_id = ${city.cityId} and action = 'exportReplay'`)).toHaveLength(1)
  expect((await api.call(contract.getRoutingRules, inCity(city))).version).toBe(1)
  await expect(api.call(contract.replayRoutingRules, { ...inCity(city), body: { rules: [{ ...rules[0]!, target: 'GONE' }] } })).rejects.toMatchObject({ code: 'bad_request', problem: { errors: [{ path: 'body.rules.0.target' }] } })
})

test('whoever dispatches otherwise than suggested says why; the rate counts it and opens to it, and is no value before', async () => {
  const city = await aCityWithUnits()
  await putRules(city, 0, [{ title: '市容归环卫', conditions: { classCodes: ['01'] }, target: 'HW' }])
  const ids = new Map((await db.query<{ code: string; id: string }>(sql`select code, public_id as id from organisations where city_id = ${city.cityId}`)).map((row) => [row.code, row.id]))
  const post: Post = { id: 'post', role: 'dispatcher', cityKey: city.key, organisation: null, organisationId: null, areaCode: null }
  const asDispatcher = await openTestApi(aContext(db, { identify: async () => ({ ...SYSTEM, kind: 'person', name: '派遣员甲', posts: [post] }) }))
  const dispatchTo = async (code: string, overrideReason?: string) => {
    const incident = await advance(api, city, await report(api, city), 'accept', 'file')
    return asDispatcher.call(transitionIncident, { params: { city: city.key, id: incident.id }, body: { action: 'dispatch', version: incident.version, departmentId: ids.get(code)!, overrideReason } })
  }
  expect(await api.call(contract.getOverrideRate, inCity(city))).toMatchObject({ dispatched: 0, rate: null })
  await expect(dispatchTo('ZF')).rejects.toMatchObject({ code: 'bad_request', problem: { errors: [{ path: 'body.overrideReason' }] } })
  expect(await dispatchTo('ZF', '环卫已满负荷')).toMatchObject({ state: 'pending_dispose', department: '执法大队' })
  expect(await dispatchTo('HW')).toMatchObject({ state: 'pending_dispose', department: '环卫中心' })
  expect(await api.call(contract.getOverrideRate, inCity(city))).toMatchObject({ dispatched: 2, overridden: 1, rate: 0.5, rows: [{ suggested: { nameZh: '环卫中心' }, chosen: { nameZh: '执法大队' }, isOverride: true, reason: '环卫已满负荷' }] })
  expect((await api.call(contract.getOverrideRate, { ...inCity(city), query: { part: 'dispatched' } })).rows.map((row) => [row.chosen.code, row.isOverride])).toEqual([['HW', false], ['ZF', true]])
  const file = async (query: string) => {
    const answer = await fetch(`${api.base}/api/v1/cities/${city.key}/dispatch-overrides/file?${query}`)
    return { status: answer.status, lines: (await answer.text()).replace('\uFEFF', '').trim().split('\r\n') }
  }
  const overrides = await file('format=csv')
  expect([overrides.status, overrides.lines.some((line) => line.includes('1 / 2 = 50.0%')), overrides.lines.filter((line) => line.includes('执法大队'))]).toEqual([200, true, [expect.stringContaining('环卫已满负荷')]])
  expect((await file('format=csv&part=dispatched')).lines.filter((line) => line.includes('环卫中心'))).toHaveLength(2)
  expect((await file('format=csv&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z')).status).toBe(400)
  expect(await db.query(sql`select details from audit_entries where city_id = ${city.cityId} and action = 'exportOverrides' order by details->>'part'`)).toEqual(['dispatched', 'overridden'].map((part) => ({ details: expect.objectContaining({ part, format: 'csv' }) })))
  const hasty = await advance(api, city, await report(api, city), 'accept', 'file')
  const { undo } = await asDispatcher.call(bulkTransition, { ...inCity(city), body: { action: 'dispatch', departmentId: ids.get('ZF')!, overrideReason: '看错了', cases: [{ id: hasty.id, version: hasty.version }] } })
  expect(await api.call(contract.getOverrideRate, inCity(city))).toMatchObject({ dispatched: 3, overridden: 2 })
  await asDispatcher.call(undoBulk, { params: { city: city.key, id: undo!.id } })
  expect(await api.call(contract.getOverrideRate, inCity(city))).toMatchObject({ dispatched: 2, overridden: 1, rate: 0.5 })
  await expect(api.call(contract.getOverrideRate, { ...inCity(city), query: { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } })).rejects.toMatchObject({ code: 'bad_request' })
  await asDispatcher.close()
})
