import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CoverageQuestion, getCoverageMap, getCoverageRun, listBlindSpots, listCoverageRuns, startCoverageRun } from '../../../server/contract/coverage.ts'
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

async function walk(city: SmallCity, more: Partial<CoverageQuestion> = {}) {
  const { id } = await api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, minAreaM2: 5000, ruler: 'walk', ...more } })
  await jobs.idle()
  const run = await api.call(getCoverageRun, { params: { city: city.key, run: id } })
  const spots = run.status === 'finished' ? (await api.call(listBlindSpots, { params: { city: city.key, run: id }, query: {} })).blindSpots : []
  return { run, spots, people: run.summary?.ratios.population }
}

/** A home of the size of a point, as far as metres go. */
const home = (city: SmallCity, [x, y]: [number, number], people: number) => city.building([x - 5, y - 5, 10, 10], people)

test('a home is served when the walk from the gate is within the radius, the way to the path and the radius itself included', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  // The path crosses the boundary at x = 0 and runs on along y = 50.
  await city.path([[-50, 50], [400, 50], [400, 400]])
  await home(city, [290, 60], 10)
  await home(city, [295, 60], 100)
  // 255 m away as the crow flies, 250 along the path and 100 off it.
  await home(city, [250, 150], 1000)
  const { run, people, spots } = await walk(city)
  expect(run.status).toBe('finished')
  expect(people).toMatchObject({ covered: 10, total: 1110 })
  expect(run.summary?.walking).toMatchObject({ nodes: 3, edges: 2, components: 1, gates: { given: 0, crossing: 1, openEdge: 0, unplaced: 0 }, straight: { covered: 1110, only: 1100 }, offNetwork: 0, onScrap: 0 })
  expect(spots.map(({ people, why }) => [people, why?.kind, Math.round(why?.walkedMeters ?? 0)])).toEqual([[1000, 'detour', 350], [100, 'detour', 305]])
  expect(run.passport?.methodEn).toContain('walking network')
})

test('streets are drawn as far as they are reached, and nothing between them', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.path([[-50, 50], [400, 50]])
  await home(city, [10, 50], 1)
  const { run } = await walk(city)
  const { served, streets } = await api.call(getCoverageMap, { params: { city: city.key, run: run.id } })
  expect([served, streets?.isCut]).toEqual([null, false])
  const [line] = streets!.geometry.coordinates as [number, number][][]
  // 50 m into the park and 300 m out of it, at about 22.6° north.
  expect(streets!.geometry.coordinates).toHaveLength(1)
  expect((line!.at(-1)![0] - line![0]![0]) * 111_320 * Math.cos((22.6 * Math.PI) / 180)).toBeCloseTo(350, -1)
})

test('each blind spot says why: a river, a gate on the far side, a closed park, a park too small, no path, a network cut off, nothing', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '河西园' })
  await city.path([[-50, 50], [0, 50], [0, 900], [200, 900], [200, 50]])
  await city.water([90, -500, 20, 1300], '绣江')
  await home(city, [200, 50], 11)
  // Its only gate looks south; the homes lie north of it.
  const far = await city.park([2000, 0, 100, 400], { name: '南门园' })
  await city.gate(far, [2050, 0])
  await city.path([[2050, 0], [2200, 0], [2200, 500], [2050, 500]])
  await home(city, [2050, 505], 12)
  await city.park([4000, 0, 100, 100], { name: '封闭园', access: 'closed' })
  await city.path([[4050, 50], [4050, 250]])
  await home(city, [4050, 250], 13)
  await city.park([6000, 0, 50, 50], { name: '小园' })
  await city.path([[6050, 25], [6200, 25]])
  await home(city, [6200, 25], 14)
  await home(city, [8000, 0], 15)
  await city.path([[10_000, 0], [10_100, 0]])
  await home(city, [10_100, 0], 16)
  // The network proper, so that the pieces above are not all alike.
  await city.path([[0, 900], [1000, 900], [2200, 900], [2200, 500], [3000, 500], [4050, 500], [4050, 250]])
  await city.path([[4050, 250], [5000, 250], [6200, 250], [6200, 25], [7000, 25], [7100, 25], [7200, 25], [7300, 25], [7400, 25], [7500, 25], [7600, 25], [7600, 100], [7600, 200]])
  await home(city, [7600, 200], 17)
  const { run, spots } = await walk(city)
  expect(run.error).toBeNull()
  expect(Object.fromEntries(spots.map(({ people, why }) => [people, why?.kind]))).toEqual({ 11: 'barrier', 12: 'entrance_far', 13: 'shut', 14: 'too_small', 15: 'off_network', 16: 'disconnected', 17: 'nothing_near' })
  expect(spots.find(({ people }) => people === 11)?.why?.barrier).toEqual({ class: 'river', name: '绣江' })
  expect(run.summary?.walking).toMatchObject({ offNetwork: 15, onScrap: 16 })
})

test('a bridge over a park is no gate; without any gate or crossing its open edge beside a path is entered', async () => {
  const city = await aSmallCity(db)
  await city.park([0, 0, 100, 100], { name: '桥下园' })
  await city.path([[-100, 50], [200, 50]], 'bridge')
  await home(city, [200, 50], 10)
  expect((await walk(city)).people).toMatchObject({ covered: 0, total: 10 })
  await city.path([[-100, -10], [200, -10], [200, 50]])
  const { people, run } = await walk(city)
  expect(people).toMatchObject({ covered: 10, total: 10 })
  expect(run.summary?.walking?.gates).toMatchObject({ given: 0, crossing: 0 })
  expect(run.summary?.walking?.gates.openEdge).toBeGreaterThan(0)
})

test('a city without paths says so, and land is not asked to walk', async () => {
  const city = await aSmallCity(db)
  await city.park([0, 0, 100, 100])
  await home(city, [200, 50], 10)
  await expect(walk(city)).rejects.toMatchObject({ code: 'conflict' })
  const [run] = (await api.call(listCoverageRuns, { params: { city: city.key }, query: {} })).runs
  expect([run?.status, run?.error?.code]).toEqual(['failed', 'conflict'])
  expect(run?.error?.message).toMatch(/没有步行路网.*has no walking network/)
  await city.parcel([200, 0, 100, 100])
  await expect(walk(city, { demand: 'residential' })).rejects.toMatchObject({ code: 'bad_request' })
  await city.path([[0, 50], [300, 50]])
  expect((await walk(city)).run.input).toMatchObject({ demand: 'population', ruler: 'walk' })
})

test('a facility stored as a point in the middle of a block is walked up to from the nearest path, and that way counts; one too far from any is named', async () => {
  const city = await aSmallCity(db)
  await city.path([[0, 0], [500, 0]])
  await city.facility('toilet', [100, 80], { name: '街区中' })
  await city.facility('toilet', [400, 160], { name: '太远' })
  // 80 m up to the point and 5 m to each home; 100 and 120 m along the street.
  await city.building([195, 0, 10, 10], 7)
  await city.building([215, 0, 10, 10], 30)
  const { run, people } = await walk(city, { facility: 'toilet', minAreaM2: 0, radiusMeters: 190, demand: 'population' })
  expect(people).toMatchObject({ covered: 7, total: 37 })
  expect(run.summary?.walking).toMatchObject({ gates: { point: 1, unplaced: 1 }, withoutGate: { count: 1, examples: [{ name: '太远' }], pointToleranceMeters: 150 }, settingsVersion: 2 })
  expect(run.passport?.methodEn).toContain('stored as a point')
})
