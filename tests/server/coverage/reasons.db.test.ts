/** Why a blind spot is blind, by the straight line and where data are missing. */
import { expect, test } from 'vitest'
import { type BlindSpot, type CoverageQuestion, getCoverageRun, listBlindSpots, startCoverageRun } from '../../../server/contract/coverage.ts'
import { aSmallCity, type SmallCity } from './a-small-city.ts'
import { aPlanningServer } from '../planning/a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

async function spotsOf(city: SmallCity, body: CoverageQuestion | Partial<CoverageQuestion>): Promise<BlindSpot[]> {
  const { id } = await api().call(startCoverageRun, { params: { city: city.key }, body })
  await jobs.idle()
  expect(await api().call(getCoverageRun, { params: { city: city.key, run: id } })).toMatchObject({ status: 'finished', error: null })
  return (await api().call(listBlindSpots, { params: { city: city.key, run: id }, query: {} })).blindSpots
}

const told = (spots: readonly BlindSpot[]) => Object.fromEntries(spots.map(({ people, why }) => [people, [why?.kind, why?.cause?.name ?? null, why?.cause && Math.round(why.cause.distanceMeters)]]))

/** Homes 100 m east of what may serve them, each neighbourhood far from the others; no other facility counts near them. */
async function aCityOfReasons(isLand: boolean): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-50_000, 0, 100, 100], { name: '远园' })
  const neighbourhood = async (x: number, people: number) => {
    await city.building([x + 195, 45, 10, 10], people)
    if (isLand) await city.parcel([x + 150, 0, 100, 100])
  }
  await city.park([0, 0, 100, 100], { name: '封闭园', access: 'closed' })
  await neighbourhood(0, 11)
  await city.park([5000, 0, 100, 100], { name: '收费园', access: 'ticketed' })
  await neighbourhood(5000, 12)
  await city.park([10_080, 40, 20, 20], { name: '小园' })
  await neighbourhood(10_000, 13)
  await city.park([15_000, 0, 100, 100], { name: '未分类绿地', classCode: null })
  await neighbourhood(15_000, 14)
  // Of another class: nothing is missing, it is no park.
  await city.park([20_000, 0, 100, 100], { name: '防护林', classCode: 'G2' })
  await neighbourhood(20_000, 15)
  // A closed one within the radius and a nearer one too small: what could be opened is told.
  await city.park([25_000, 0, 80, 80], { name: '可开放园', access: 'closed' })
  await city.park([25_160, 40, 20, 20], { name: '近处小园' })
  await neighbourhood(25_000, 16)
  return city
}

const REASONS = {
  11: ['shut', '封闭园', 100], 12: ['shut', '收费园', 100], 13: ['too_small', '小园', 100], 14: ['data_missing', '未分类绿地', 100], 15: ['nothing_near', null, null], 16: ['shut', '可开放园', 120],
}

test('residential land: each blind spot says what would serve it if it counted, and what that is', async () => {
  expect(told(await spotsOf(await aCityOfReasons(true), { rule: 'GARDEN_CITY_2022' }))).toEqual(REASONS)
})

test('homes: the same reasons where a city has no residential land', async () => {
  expect(told(await spotsOf(await aCityOfReasons(false), { rule: 'GARDEN_CITY_2022', demand: 'population' }))).toEqual(REASONS)
})

test('on foot what is near and does not count is named too', async () => {
  const city = await aCityOfReasons(false)
  await city.path([[-200, 50], [30_000, 50]])
  const spots = await spotsOf(city, { rule: 'GARDEN_CITY_2022', demand: 'population', ruler: 'walk' })
  expect(told(spots)).toEqual(REASONS)
})

test('land without people is judged at a point inside, and points of unknown area are data that are missing', async () => {
  const city = await aSmallCity(db)
  await city.parcel([150, 0, 100, 100])
  await city.park([0, 0, 100, 100], { name: '封闭园', access: 'closed' })
  expect((await spotsOf(city, { rule: 'GARDEN_CITY_2022' })).map(({ people, why }) => [people, why?.kind, why?.cause?.name])).toEqual([[null, 'shut', '封闭园']])
  const other = await aSmallCity(db)
  await other.cell([0, 0, 100, 100], 20)
  await other.facility('shelter', [250, 50], { name: '面积不详的避难所' })
  expect((await spotsOf(other, { rule: 'SHELTER_SHORT_1000', demand: 'population' })).map(({ why }) => [why?.kind, why?.cause?.name, why?.cause?.areaM2, why?.cause && Math.round(why.cause.distanceMeters)])).toEqual([['data_missing', '面积不详的避难所', null, 200]])
})

test('groups of homes whose outlines overlap have a reason each', async () => {
  const city = await aSmallCity(db)
  await city.park([-50_000, 0, 100, 100], { name: '远园' })
  await city.path([[-1000, -50], [1000, -50]])
  // Two rows 115 m apart: too far to be one group, near enough for their outlines to meet; the second lies within the outline of the first.
  for (const x of [0, 90, 180, 270]) await city.building([x - 5, -5, 10, 10], 1)
  for (const y of [90, 180, 270]) await city.building([-5, y - 5, 10, 10], 1)
  await city.building([140, 130, 10, 10], 5)
  const spots = await spotsOf(city, { rule: 'GARDEN_CITY_2022', demand: 'population', ruler: 'walk' })
  // The first home of the row stands near the path, the others' far from it.
  expect(spots.map(({ people, why }) => [people, why?.kind])).toEqual([[7, 'nothing_near'], [5, 'off_network']])
})

test('the straight and the walked distance are of the same home, and so is the facility that is named', async () => {
  const city = await aSmallCity(db)
  await city.park([0, 0, 100, 100], { name: '西园' })
  await city.park([1500, 0, 100, 100], { name: '东园' })
  await city.path([[50, 50], [1550, 50]])
  // A row of homes between both, the most people near the western one: the middle of the unserved lies nearer to the other; the last home is served.
  for (const [x, people] of [[695, 500], [775, 1], [855, 1], [935, 1], [1015, 1]] as const) await city.building([x - 5, 45, 10, 10], people)
  for (const ruler of ['walk', 'straight'] as const) {
    const [spot, ...others] = await spotsOf(city, { rule: 'GARDEN_CITY_2022', demand: 'population', ruler })
    expect([others.length, spot!.people, spot!.nearest?.name, Math.round(spot!.nearest!.distanceMeters)]).toEqual([0, 503, '西园', 595])
    if (ruler === 'walk') expect(spot!.why!.walkedMeters).toBeGreaterThanOrEqual(spot!.nearest!.distanceMeters - 1e-6)
  }
})
