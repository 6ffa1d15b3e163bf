import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CoverageQuestion, getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
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

async function walk(city: SmallCity, impedance: CoverageQuestion['impedance'], more: Partial<CoverageQuestion> = {}) {
  const { id } = await api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, minAreaM2: 5000, ruler: 'walk', ...(impedance && { impedance }), ...more } })
  await jobs.idle()
  const run = await api.call(getCoverageRun, { params: { city: city.key, run: id } })
  return { id, run, served: run.summary?.ratios.population?.covered }
}

const home = (city: SmallCity, [x, y]: [number, number], people: number) => city.building([x - 5, y - 5, 10, 10], people)
const SLOPE = { slope: true, stairs: 'as_paths' } as const

/** A park at x = 0 with a path east to x = 400 that rises by `rise` metres, and homes on the path. */
async function aHill(rise: number): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.path([[0, 50], [400, 50]], 'path', rise)
  await home(city, [200, 50], 10)
  await home(city, [220, 50], 100)
  await home(city, [295, 50], 1000)
  return city
}

test('uphill to the park costs more than downhill, by the hiking function: 10 % up takes exp(0.35) times as long, 10 % down as long as the plain', async () => {
  // The park above its homes: 200 m cost 283.8 m of level ground, 220 m cost 312.2.
  const above = await aHill(-40)
  expect((await walk(above, undefined)).served).toBe(1110)
  expect((await walk(above, SLOPE)).served).toBe(10)
  expect((await walk(await aHill(40), SLOPE)).served).toBe(1110)
})

test('a path whose rise nobody knows is level, and how many those are is told; a city without any height says what to import', async () => {
  const city = await aHill(-40)
  await city.path([[0, 50], [0, 300]])
  await home(city, [0, 290], 5)
  const { run, served } = await walk(city, SLOPE)
  expect(served).toBe(15)
  expect(run.summary?.walking?.impedance).toEqual({ slope: true, stairs: 'as_paths', stairEdges: 0, edgesWithRise: 1 })
  expect(run.passport?.methodEn).toContain('hiking function')
  const flat = await aSmallCity(db)
  await flat.park([-100, 0, 100, 100])
  await flat.path([[0, 50], [400, 50]])
  await home(flat, [200, 50], 10)
  await expect(walk(flat, SLOPE)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('no heights') as string })
})

test('stairs take twice as long, or are closed to wheels; a home beside closed stairs starts from the next path', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.path([[0, 50], [100, 50]])
  await city.path([[100, 50], [200, 50]], 'steps')
  await city.path([[200, 50], [320, 50]])
  await city.path([[0, 50], [0, 260], [320, 260], [320, 50]])
  await home(city, [190, 50], 10)
  await home(city, [220, 50], 100)
  expect((await walk(city, undefined)).served).toBe(110)
  // 100 m of path, 90 of stairs: 280 m of level ground; 100 + 200 + 20 for the other.
  expect((await walk(city, { slope: false, stairs: 'slower' })).served).toBe(10)
  const { run, served } = await walk(city, { slope: false, stairs: 'closed' })
  expect(served).toBe(0)
  expect(run.summary?.walking).toMatchObject({ offNetwork: 0, impedance: { stairs: 'closed', stairEdges: 0 } })
})

test('impedance that hinders nothing is the question without it; by the straight line it is refused', async () => {
  const city = await aHill(-40)
  const [plain, same] = [await walk(city, undefined), await walk(city, { slope: false, stairs: 'as_paths' })]
  expect(same.id).toBe(plain.id)
  await expect(api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, impedance: SLOPE } })).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('walking ruler') as string })
})
