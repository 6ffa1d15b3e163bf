import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClockRulesDefinition, listClockRules, putClockRules } from '../../../server/contract/clock-rules.ts'
import { getIncident } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, report } from './reporting.ts'

const db = openTestDb()
/** Monday 2026-11-23 at 09:00 in Shanghai. */
const NOW = new Date('2026-11-23T01:00:00Z')
let api: TestApi
beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db, { clock: () => NOW }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const listed = async (city: TestCity) => (await api.call(listClockRules, { params: { city: city.key } })).rules
const put = (city: TestCity, version: number, parts: Partial<ClockRulesDefinition> = {}) => api.call(putClockRules, { params: { city: city.key }, body: { version, definition: { ...OWN, ...parts } } })

const OWN: ClockRulesDefinition = {
  limits: [{ stage: 'accept', limit: { amount: 1.5, unit: 'work_hour' } }, { stage: 'file', limit: { amount: 1, unit: 'urgent_hour' } }],
  blueShare: 0.4, amberShare: 0.75, darkRedShare: 1.5, reworkTimer: 'remaining', supervisesOverdue: true, supervisesAboutToBeOverdue: false, source: '市城管委 2026 第 9 号', verified: true,
}

test('a city begins with the defaults; its own version goes before them, under who wrote it, and stands in the log', async () => {
  const city = await aCity(db)
  expect(await listed(city)).toMatchObject([{ owner: 'default', version: 1, isInForce: true, definition: { amberShare: 0.8, limits: expect.arrayContaining([{ stage: 'accept', limit: { amount: 0.25, unit: 'work_hour' } }]) as unknown } }])
  expect(await put(city, 0)).toMatchObject({ owner: 'city', version: 1, isInForce: true, createdBy: '系统', definition: OWN })
  expect(await put(city, 1, { limits: OWN.limits.slice(0, 1) })).toMatchObject({ version: 2, definition: { limits: [{ stage: 'accept' }] } })
  expect((await listed(city)).map(({ owner, version, isInForce, definition }) => [owner, version, isInForce, definition.limits.length])).toEqual([['city', 2, true, 1], ['city', 1, false, 2], ['default', 1, false, 7]])
  expect(await db.query(sql`select action, object_id as "objectId" from audit_entries where city_id = ${city.cityId} order by sequence`)).toEqual([{ action: 'putClockRules', objectId: '1' }, { action: 'putClockRules', objectId: '2' }])
})

test('a case that is under way keeps its deadline; a stage entered later goes by the new one', async () => {
  const city = await aCity(db)
  const old = await report(api, city)
  await put(city, 0)
  const acceptOf = async (id: string) => (await api.call(getIncident, { params: { city: city.key, id } })).clocks.find(({ stage }) => stage === 'accept')
  expect(await acceptOf(old.id)).toMatchObject({ limit: { amount: 0.25, unit: 'work_hour' }, dueAt: '2026-11-23T01:15:00.000Z' })
  expect(await acceptOf((await report(api, city)).id)).toMatchObject({ limit: { amount: 1.5, unit: 'work_hour' }, dueAt: '2026-11-23T02:30:00.000Z' })
  const accepted = await advance(api, city, old, 'accept')
  expect(accepted.clocks.find(({ stage }) => stage === 'file')).toMatchObject({ limit: { amount: 1, unit: 'urgent_hour' }, dueAt: '2026-11-23T02:00:00.000Z' })
  // A stage that the city left out has a clock without an end.
  await put(city, 1, { limits: OWN.limits.slice(0, 1) })
  expect((await advance(api, city, await report(api, city), 'accept')).clocks.find(({ stage }) => stage === 'file')).toMatchObject({ limit: null, dueAt: null })
})

test('of two who edit the same version one is told that it moved on, and nothing of his is written', async () => {
  const city = await aCity(db)
  const outcomes = await Promise.allSettled([put(city, 0), put(city, 0, { blueShare: 0.3 })])
  expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'stale' } }])
  expect((await listed(city)).filter(({ owner }) => owner === 'city')).toHaveLength(1)
})

test.each([
  ['no stage', { limits: [] }, 'limits'],
  ['a stage twice', { limits: [OWN.limits[0]!, OWN.limits[0]!] }, 'limits'],
  ['half a working day', { limits: [{ stage: 'check', limit: { amount: 0.5, unit: 'work_day' } }] }, 'limits.0.limit'],
  ['a limit of nothing', { limits: [{ stage: 'check', limit: { amount: 0, unit: 'work_hour' } }] }, 'limits.0.limit.amount'],
  ['amber before blue', { blueShare: 0.8, amberShare: 0.5 }, 'amberShare'],
  ['dark red before the limit has passed', { darkRedShare: 0.9 }, 'darkRedShare'],
  ['no source', { source: ' ' }, 'source'],
] as [string, Partial<ClockRulesDefinition>, string][])('%s is refused with its place', async (_what, parts, place) => {
  const city = await aCity(db)
  await expect(put(city, 0, parts)).rejects.toMatchObject({ code: 'bad_request', problem: { errors: expect.arrayContaining([expect.objectContaining({ path: `body.definition.${place}` })]) as unknown } })
  expect(await listed(city)).toHaveLength(1)
})
