import { afterAll, beforeAll, expect, test } from 'vitest'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import { UsageError } from '../../../server/cli/command.ts'
import { type CoverageQuestion, createServiceRule, getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { getPlanningRun } from '../../../server/contract/planning.ts'
import { RerunResult } from '../../../server/contract/planning-rerun.ts'
import { rerunCoverage } from '../../../server/contract/reruns.ts'
import { askForRun, startCoverageJobs } from '../../../server/coverage/coverage.ts'
import { sql } from '../../../server/db/sql.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from './a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
const context = aContext(db, { jobs })
let api: TestApi

beforeAll(async () => {
  api = await openTestApi(context)
  await startCoverageJobs(context)
  await startPlanningJobs(context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

async function cover(city: SmallCity, body: Partial<CoverageQuestion>): Promise<string> {
  const { id } = await api.call(startCoverageRun, { params: { city: city.key }, body })
  await jobs.idle()
  expect(await api.call(getCoverageRun, { params: { city: city.key, run: id } })).toMatchObject({ status: 'finished', error: null })
  return id
}

async function rerun(city: SmallCity, run: string): Promise<RerunResult> {
  const { id } = await api.call(rerunCoverage, { params: { city: city.key, run } })
  await jobs.idle()
  const again = await api.call(getPlanningRun, { params: { city: city.key, run: id } })
  expect(again).toMatchObject({ kind: 'rerun', status: 'finished', error: null })
  return RerunResult.parse(again.result)
}

/** Land that is cut by the service area at odd places, people in buildings, streets and a path. */
async function aCityToMeasure(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '东园' })
  await city.path([[-50, 50], [400, 50], [400, 400]])
  for (let at = 0; at < 8; at += 1) {
    await city.parcel([at * 83.3, 17.7 + at * 31.1, 71.3, 64.9])
    await city.building([at * 83.3 + 20, 40 + at * 31.1, 10, 10], 7 * at + 1)
  }
  await city.area('street', '420101001000', '北街', [-500, -500, 3000, 3000])
  return city
}

test.each([{ ruler: 'straight' as const }, { ruler: 'walk' as const, demand: 'population' as const }])('the same inputs give the same figures to the last digit ($ruler)', async (more) => {
  const city = await aCityToMeasure()
  const run = await cover(city, { radiusMeters: 300, minAreaM2: 5000, ...more })
  const result = await rerun(city, run)
  expect(result).toMatchObject({ run, changes: [], different: 0, differences: [], isSame: true })
  expect(result.compared).toBeGreaterThan(30)
  // Every asking computes again.
  const [one, other] = [await api.call(rerunCoverage, { params: { city: city.key, run } }), await api.call(rerunCoverage, { params: { city: city.key, run } })]
  await jobs.idle()
  expect(one.id).not.toBe(other.id)
})

test('changed inputs say what changed: rows that came and went, a gate, a new version of the rule', async () => {
  const city = await aCityToMeasure()
  const rule = { code: 'OWN_300', facility: 'green', titleZh: '自订', titleEn: 'Own', demand: 'population' as const, standard: '自订', clause: '1' }
  await api.call(createServiceRule, { params: { city: city.key }, body: { ...rule, bands: [{ minAreaM2: 0, maxAreaM2: null, zone: 'all', radiusMeters: 300 }] } })
  const run = await cover(city, { rule: 'OWN_300', ruler: 'walk' })
  const park = await city.park([500, 200, 100, 100], { name: '新园' })
  await city.gate(park, [500, 250])
  await db.query(sql`update buildings set valid_to = now() where city_id = ${city.cityId} and population = 50`)
  await api.call(createServiceRule, { params: { city: city.key }, body: { ...rule, bands: [{ minAreaM2: 0, maxAreaM2: null, zone: 'all', radiusMeters: 400 }] } })
  const { changes, isSame, differences } = await rerun(city, run)
  expect(isSame).toBe(false)
  expect(changes.find(({ what }) => what === 'rule')).toMatchObject({ name: 'OWN_300', before: expect.stringContaining('v1: 0–∞ m² → 300 m'), after: expect.stringContaining('v2: 0–∞ m² → 400 m') })
  expect(Object.fromEntries(changes.filter(({ what }) => what !== 'rule').map(({ name, rowsAdded, rowsEnded }) => [name, [rowsAdded, rowsEnded]]))).toEqual({ 'green_spaces / green_spaces': [1, 0], 'buildings / buildings': [0, 1], green_entrances: [1, 0] })
  const total = differences.find(({ figure }) => figure === 'summary/ratios/population/total')
  expect([total?.before, total?.after]).toEqual([204, 154])
})

test('a stored number that was tampered with is found', async () => {
  const city = await aCityToMeasure()
  const run = await cover(city, { radiusMeters: 300, minAreaM2: 5000, ruler: 'walk', demand: 'population' })
  await db.query(sql`update coverage_units set covered = covered + 1 from coverage_runs r where r.id = run_id and r.public_id = ${run} and level = 'street' and demand = 'population'`)
  expect(await rerun(city, run)).toMatchObject({ changes: [], different: 1, isSame: false, differences: [{ figure: 'units/population/street/420101001000/covered' }] })
})

test('on the command line, and what cannot be computed again is refused', async () => {
  const city = await aCityToMeasure()
  const run = await cover(city, { radiusMeters: 300, minAreaM2: 5000, ruler: 'walk', demand: 'population' })
  const lines: string[] = []
  const io = { print: (line: string) => void lines.push(line), progress: () => {}, signal: new AbortController().signal, workingDirectory: '.' }
  const type = (words: string) => Promise.resolve(analyseCommand.run(words.split(' '), context, io))
  expect(await type(`rerun ${run} --city ${city.key}`)).toMatchObject({ city: city.key, run, isSame: true })
  expect(lines.join('\n')).toMatch(/一位不差.*the same to the last digit/)
  await expect(type(`rerun --city ${city.key}`)).rejects.toThrow(UsageError)
  await expect(type(`rerun nonsense --city ${city.key}`)).rejects.toThrow(/no id of a run/)
  await expect(type(`rerun 01900000-0000-7000-8000-000000000000 --city ${city.key}`)).rejects.toMatchObject({ code: 'not_found' })
  const { id } = await askForRun(db, city.key, { radiusMeters: 200, demand: 'population', layers: [], everyFeature: false, clipToCity: false })
  await expect(api.call(rerunCoverage, { params: { city: city.key, run: id } })).rejects.toMatchObject({ code: 'conflict' })
})
