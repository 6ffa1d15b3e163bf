import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CoverageQuestion, getCoverageRun, listBlindSpots, listCoverageUnits, startCoverageRun } from '../../../server/contract/coverage.ts'
import { startCoverageJobs } from '../../../server/coverage/coverage.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from './a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  api = await openTestApi(aContext(db, { jobs }))
  await startCoverageJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

async function cover(city: SmallCity, more: Partial<CoverageQuestion> = {}) {
  const { id } = await api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, ...more } })
  await jobs.idle()
  return api.call(getCoverageRun, { params: { city: city.key, run: id } })
}

/** A park, homes within and beyond 300 m of it, and paths along y = 50 that a walker needs. */
async function aPeopledCity(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.path([[-50, 50], [1500, 50]])
  await city.building([95, 45, 10, 10], 100, { elders: 60, children: 0 })
  await city.building([895, 45, 10, 10], 300, { elders: 20, children: 30 })
  await city.building([995, 45, 10, 10], 50)
  return city
}

test.each(['straight', 'walk'] as const)('elders and children are demands of their own by the ruler %s, each with its own people', async (ruler) => {
  const city = await aPeopledCity()
  await city.area('community', '440000000001', '荷花社区', [-200, -200, 2000, 500])
  const run = await cover(city, { demand: 'elders', ruler })
  expect(run.error).toBeNull()
  expect(run.summary?.ratios).toEqual({
    elders: { covered: 60, total: 80, ratio: 0.75, unit: 'people' },
    children: { covered: 0, total: 30, ratio: 0, unit: 'people' },
    population: { covered: 100, total: 450, ratio: 100 / 450, unit: 'people' },
    buildings: { covered: 1, total: 3, ratio: 1 / 3, unit: 'buildings' },
  })
  expect(Object.keys(run.summary!.ratios)[0]).toBe('elders')
  expect(run.summary?.target).toBeNull()
  const { units } = await api.call(listCoverageUnits, { params: { city: city.key, run: run.id }, query: { level: 'community', demand: 'elders' } })
  expect(units).toMatchObject([{ level: 'community', code: '440000000001', name: '荷花社区', covered: 60, total: 80, ratio: 0.75 }])
  expect(run.passport?.formula).toContain('elders(i)')
  expect(run.passport?.methodEn).toContain('65 and older')
  // The home without elders is no blind spot of theirs.
  expect(run.summary?.blindSpotPeople).toBe(300)
})

test('elders that only the population cells know are counted there, the people in the buildings', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.building([95, 45, 10, 10], 100)
  await city.building([895, 45, 10, 10], 300)
  await city.cell([0, 0, 100, 100], 100, { elders: 10, children: 5 })
  await city.cell([800, 0, 100, 100], 300, { elders: 30 })
  const { summary } = await cover(city, { demand: 'elders' })
  expect(summary?.ratios).toMatchObject({ elders: { covered: 10, total: 40 }, children: { covered: 5, total: 5 }, population: { covered: 100, total: 400 } })
})

test.each(['straight', 'walk'] as const)('hospitals weigh their beds when all state them, else one each; closed ones do not count; by the ruler %s', async (ruler) => {
  const city = await aPeopledCity()
  await city.facility('hospital', [100, 50], { capacity: 200, name: '近医院' })
  await city.facility('hospital', [1000, 50], { capacity: 600, name: '远医院' })
  await city.facility('hospital', [1100, 50], { capacity: 9999, access: 'closed' })
  const run = await cover(city, { demand: 'hospitals', ruler })
  expect(run.error).toBeNull()
  expect(run.summary?.ratios.hospitals).toEqual({ covered: 200, total: 800, ratio: 0.25, unit: 'beds' })
  const { blindSpots } = await api.call(listBlindSpots, { params: { city: city.key, run: run.id }, query: {} })
  expect(blindSpots.map(({ people, peopleMethod }) => [people, peopleMethod])).toEqual([[null, 'none']])
  await city.facility('hospital', [120, 50])
  expect((await cover(city, { demand: 'hospitals', ruler })).summary?.ratios.hospitals).toEqual({ covered: 2, total: 3, ratio: 2 / 3, unit: 'facilities' })
})

test('schools are blind spots themselves, even where there is residential land', async () => {
  const city = await aPeopledCity()
  await city.parcel([0, 0, 200, 100])
  await city.facility('school_primary', [100, 50], { capacity: 500 })
  await city.facility('school_middle', [1000, 50], { capacity: 1500 })
  const { summary } = await cover(city, { demand: 'schools' })
  expect([summary?.ratios.schools, summary?.blindSpotCount]).toEqual([{ covered: 500, total: 2000, ratio: 0.25, unit: 'pupils' }, 1])
})

test('a city without such data says so instead of answering 0', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.building([95, 45, 10, 10], 100)
  for (const demand of ['elders', 'children', 'hospitals', 'schools'] as const) {
    await expect(cover(city, { demand })).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining(`no ${demand} data`) as string })
  }
  expect(Object.keys((await cover(city, { demand: 'population' })).summary!.ratios)).toEqual(['population', 'buildings'])
})
