import { describe, expect, test } from 'vitest'
import { type CoverageQuestion, type CoverageRun, getCoverageMap, getCoverageRun, listBlindSpots, listCoverageUnits, startCoverageRun } from '../../../server/contract/coverage.ts'
import { sql } from '../../../server/db/sql.ts'
import { aSmallCity, type SmallCity } from './a-small-city.ts'
import { aPlanningServer } from '../planning/a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

/** Asks, waits for the job, answers the finished run. */
async function run(city: SmallCity, input: Partial<CoverageQuestion>): Promise<CoverageRun & { summary: NonNullable<CoverageRun['summary']> }> {
  const started = await api().call(startCoverageRun, { params: { city: city.key }, body: input })
  await jobs.idle()
  const finished = await api().call(getCoverageRun, { params: { city: city.key, run: started.id } })
  expect(finished).toMatchObject({ status: 'finished', stage: 'done', percent: 100, error: null })
  return { ...finished, summary: finished.summary! }
}

const spotsOf = async (city: SmallCity, id: string) => (await api().call(listBlindSpots, { params: { city: city.key, run: id } })).blindSpots
const unitsOf = async (city: SmallCity, id: string, level: 'street' | 'community' | 'cell', demand?: 'residential' | 'population' | 'buildings') =>
  (await api().call(listCoverageUnits, { params: { city: city.key, run: id }, query: { level, demand } })).units

describe('the official ratio of residential land', () => {
  test('a strip that begins 100 m from a park’s edge: 400 of its 1000 m are within 500 m', async () => {
    const city = await aSmallCity(db)
    await city.park([-100, 0, 100, 100], { name: '东园' })
    // 100 m wide, level with the park: the edge of the service area is a straight line there.
    await city.parcel([100, 0, 1000, 100])
    const { summary } = await run(city, { rule: 'GARDEN_CITY_2022' })
    expect(summary.ratios.residential!.total).toBeCloseTo(100_000, 2)
    expect(summary.ratios.residential!.covered).toBeCloseTo(40_000, 2)
    expect(summary.ratios.residential!.ratio).toBeCloseTo(0.4, 8)
    expect(summary.target).toBe(0.85)
  })

  test('a quarter circle: a parcel at a park’s corner holds πr²/4, short by no more than the stated bound', async () => {
    const city = await aSmallCity(db)
    await city.park([-100, -100, 100, 100])
    await city.parcel([0, 0, 600, 600])
    const { summary } = await run(city, { rule: 'GARDEN_CITY_2022' })
    const exact = (Math.PI * 500 * 500) / 4
    const { covered } = summary.ratios.residential!
    expect(covered).toBeLessThan(exact)
    expect(covered).toBeGreaterThan(exact * (1 - summary.polygonError.relativeAreaBound))
    // 64 triangles to the quarter circle: what either database must answer, to a millionth and better.
    const chords = 64 * 0.5 * 500 * 500 * Math.sin(Math.PI / 128)
    expect(covered / chords).toBeCloseTo(1, 7)
  })

  test('a park of 4 999.9 m² serves 300 m, one of 5 000.0 m² 500 m', async () => {
    const city = await aSmallCity(db)
    await city.park([0, 0, 50, 100], { area: 4999.9 })
    await city.parcel([50, 0, 600, 100])
    const smaller = await run(city, { rule: 'GARDEN_CITY_2022' })
    expect(smaller.summary.ratios.residential!.covered).toBeCloseTo(30_000, 2)
    const other = await aSmallCity(db)
    await other.park([0, 0, 50, 100], { area: 5000 })
    await other.parcel([50, 0, 600, 100])
    expect((await run(other, { rule: 'GARDEN_CITY_2022' })).summary.ratios.residential!.covered).toBeCloseTo(50_000, 2)
  })

  test('a park of 1 500 m² serves only in a historic district', async () => {
    for (const [isHistoric, covered] of [
      [false, 0],
      [true, 30_000],
    ] as const) {
      const city = await aSmallCity(db)
      await city.park([0, 0, 15, 100], { area: 1500 })
      await city.parcel([15, 0, 600, 100])
      if (isHistoric) await city.historic([-50, -50, 150, 300])
      expect((await run(city, { rule: 'GARDEN_CITY_2022' })).summary.ratios.residential!.covered).toBeCloseTo(covered, 2)
    }
  })

  test('is the same when parcels are divided, overlap or come in another order, and its units add up to the whole', async () => {
    const whole = await aSmallCity(db)
    await whole.parcel([0, 0, 1200, 900])
    const divided = await aSmallCity(db)
    await divided.parcel([500, 0, 700, 900])
    await divided.parcel([0, 0, 800, 450])
    await divided.parcel([0, 400, 600, 500])
    const ratios: number[] = []
    for (const city of [whole, divided]) {
      await city.park([-150, 300, 100, 100])
      await city.park([900, -120, 60, 50])
      await city.area('street', '440000001', '一街', [0, -500, 650, 2000])
      await city.area('street', '440000002', '二街', [650, -500, 650, 2000])
      for (let column = 0; column < 4; column += 1) await city.gridCell(`44000000100100${column}`, [column * 300, 0, 300, 900])
      const result = await run(city, { rule: 'GARDEN_CITY_2022' })
      ratios.push(result.summary.ratios.residential!.covered)
      expect(result.summary.ratios.residential!.total).toBeCloseTo(1_080_000, 1)
      for (const level of ['street', 'cell'] as const) {
        const units = await unitsOf(city, result.id, level)
        expect(units.reduce((sum, unit) => sum + unit.covered, 0)).toBeCloseTo(result.summary.ratios.residential!.covered, 1)
        expect(units.reduce((sum, unit) => sum + unit.total, 0)).toBeCloseTo(1_080_000, 1)
      }
    }
    expect(ratios[1]! / ratios[0]!).toBeCloseTo(1, 7)
  })

  test('a parcel that reaches beyond its street counts there only with what lies in it, served and unserved alike', async () => {
    const city = await aSmallCity(db)
    await city.park([-100, 0, 100, 100])
    await city.parcel([0, 0, 1000, 100])
    await city.area('street', '440000001', '一街', [-100, -100, 600, 300])
    const result = await run(city, { rule: 'GARDEN_CITY_2022' })
    const [street] = await unitsOf(city, result.id, 'street')
    expect(street!.total).toBeCloseTo(50_000, 2)
    expect(street!.covered).toBeCloseTo(50_000, 2)
    expect(result.summary.ratios.residential!.ratio).toBeCloseTo(0.5, 8)
  })

  test('only land inside the built-up area is counted, when the city has one', async () => {
    const city = await aSmallCity(db)
    await city.park([-100, 0, 100, 100])
    await city.parcel([0, 0, 1000, 100])
    await city.builtUp([-200, -200, 700, 700])
    const { summary, passport } = await run(city, { rule: 'GARDEN_CITY_2022' })
    expect(summary.ratios.residential).toMatchObject({ ratio: 1 })
    expect(summary.ratios.residential!.total).toBeCloseTo(50_000, 2)
    expect(passport!.methodZh).toContain('建成区内')
  })

  test('one more park never lowers it, and it stays between 0 and 1', async () => {
    const city = await aSmallCity(db)
    for (let column = 0; column < 5; column += 1) for (let row = 0; row < 5; row += 1) await city.parcel([column * 320, row * 310, 250, 240])
    let before = 0
    const none = await run(city, { rule: 'GARDEN_CITY_2022' })
    expect(none.summary.ratios.residential!.ratio).toBe(0)
    expect(none.summary.servedAreaM2).toBe(0)
    for (const at of [
      [-300, -300, 80, 80],
      [1500, 1500, 60, 50],
      [700, 700, 40, 60],
      [600, 600, 300, 300],
    ] as const) {
      await city.park(at)
      const { ratio } = (await run(city, { rule: 'GARDEN_CITY_2022' })).summary.ratios.residential!
      expect(ratio).toBeGreaterThanOrEqual(before)
      expect(ratio).toBeLessThanOrEqual(1)
      before = ratio!
    }
    expect(before).toBeGreaterThan(0.5)
  })
})

describe('what is not counted', () => {
  test('closed, ticketed, too small, of another class, not an activity site: each with its reason and an example', async () => {
    const city = await aSmallCity(db)
    await city.parcel([0, 0, 100, 100])
    await city.park([200, 0, 100, 100], { name: '好公园' })
    await city.park([400, 0, 100, 100], { name: '关', access: 'closed' })
    await city.park([600, 0, 100, 100], { name: '票', access: 'ticketed' })
    await city.park([800, 0, 10, 10], { name: '小' })
    await city.park([1000, 0, 100, 100], { name: '防护', classCode: 'G2' })
    await city.park([1200, 0, 100, 100], { name: '未分类', classCode: null })
    await city.park([1400, 0, 100, 100], { name: '硬质广场', classCode: 'G3', counts: false })
    const { summary } = await run(city, { rule: 'GARDEN_CITY_2022' })
    expect(summary.facilitiesCounted).toBe(1)
    expect(Object.fromEntries(summary.notCounted.map((refusal) => [refusal.reason, refusal.examples.map((example) => example.name)]))).toEqual({
      closed: ['关'],
      ticketed: ['票'],
      too_small: ['小'],
      class_not_counted: ['防护'],
      class_unknown: ['未分类'],
      not_activity_site: ['硬质广场'],
    })
  })

  test('a point counts by the area its source states; one of unknown area is named as that, not as too small', async () => {
    const city = await aSmallCity(db)
    await city.cell([0, 0, 100, 100], 10)
    await city.facility('shelter', [500, 0], { name: '大', attributes: { area_m2: 12_000 } })
    await city.facility('shelter', [600, 0], { name: '文字', attributes: { area_m2: '2000.5' } })
    await city.facility('shelter', [700, 0], { name: '小', attributes: { area_m2: 1999 } })
    await city.facility('shelter', [800, 0], { name: '未知' })
    await city.facility('shelter', [900, 0], { name: '乱', attributes: { area_m2: 'about 3000' } })
    const { summary, passport } = await run(city, { rule: 'SHELTER_SHORT_1000' })
    expect(summary).toMatchObject({ facilitiesCounted: 2, ratios: { population: { covered: 10, total: 10 } } })
    expect(Object.fromEntries(summary.notCounted.map((refusal) => [refusal.reason, refusal.examples.map((example) => example.name)]))).toEqual({ too_small: ['小'], area_unknown: ['未知', '乱'] })
    expect(passport!.methodZh).toContain('area_m2')
    // A rule that asks for no area takes all of them.
    expect((await run(city, { rule: 'SHELTER_500' })).summary.facilitiesCounted).toBe(5)
  })

  test('with every feature counted, class, access and use do not matter', async () => {
    const city = await aSmallCity(db)
    await city.cell([0, 0, 100, 100], 10)
    await city.park([200, 0, 100, 100], { access: 'closed', classCode: null, layer: 'zones' })
    const { summary } = await run(city, { radiusMeters: 300, demand: 'population', layers: ['zones'], everyFeature: true })
    expect(summary).toMatchObject({ facilitiesCounted: 1, notCounted: [], ratios: { population: { covered: 10, total: 10, ratio: 1 } } })
  })
})

describe('blind spots', () => {
  test('are the land left over, joined across parcels, with people by building, the nearest park and where they are', async () => {
    const city = await aSmallCity(db)
    await city.area('street', '440000001', '荷花街道', [-200, -200, 3000, 1000])
    await city.area('community', '440000001001', '荷花社区', [-200, -200, 3000, 1000], '440000001')
    const park = await city.park([-100, 0, 100, 100], { name: '荷园' })
    await city.parcel([0, 0, 800, 100])
    await city.parcel([800, 0, 200, 100])
    // Unserved whole, but 400 m² only: a sliver.
    await city.parcel([2000, 0, 20, 20])
    await city.building([600, 40, 20, 20], 30)
    await city.building([900, 40, 20, 20], 12)
    await city.building([100, 40, 20, 20], 100)
    await city.cell([0, 0, 1000, 100], 142)
    const { id, summary } = await run(city, { rule: 'GARDEN_CITY_2022' })
    expect(summary.sliversDropped).toMatchObject({ count: 1, belowM2: 500 })
    expect(summary.sliversDropped.areaM2).toBeCloseTo(400, 2)
    // Slivers are dropped after the ratio was taken.
    expect(summary.ratios.residential!.total).toBeCloseTo(100_400, 1)
    const spots = await spotsOf(city, id)
    expect(spots).toHaveLength(1)
    expect(spots[0]).toMatchObject({ rank: 1, people: 42, peopleMethod: 'buildings', communityName: '荷花社区', streetName: '荷花街道', nearest: { id: park, name: '荷园' } })
    expect(spots[0]!.areaM2).toBeCloseTo(50_000, 1)
    expect(spots[0]!.nearest!.distanceMeters).toBeGreaterThan(500)
    expect(summary).toMatchObject({ blindSpotCount: 1, blindSpotPeople: 42 })
    expect(summary.ratios).toMatchObject({ population: { covered: 100, total: 142 }, buildings: { covered: 1, total: 3 } })
  })

  test('are ranked by people, then by area', async () => {
    const city = await aSmallCity(db)
    await city.parcel([0, 0, 100, 100])
    await city.parcel([1000, 0, 100, 50])
    await city.parcel([2000, 0, 200, 100])
    await city.building([1010, 10, 10, 10], 5)
    const spots = await spotsOf(city, (await run(city, { rule: 'GARDEN_CITY_2022' })).id)
    expect(spots.map((spot) => [spot.rank, spot.people, Math.round(spot.areaM2)])).toEqual([
      [1, 5, 5000],
      [2, 0, 20_000],
      [3, 0, 10_000],
    ])
    expect(spots[0]!.nearest).toBeNull()
  })

  test('without residential land they are made of unserved inhabited cells, touching ones joined', async () => {
    const city = await aSmallCity(db)
    await city.facility('toilet', [50, 50], { name: '公厕' })
    await city.cell([0, 0, 100, 100], 100)
    await city.cell([1000, 0, 100, 100], 7)
    await city.cell([1100, 0, 100, 100], 3)
    await city.cell([1200, 0, 100, 100], 0)
    await city.cell([3000, 0, 100, 100], null)
    const { id, summary } = await run(city, { facility: 'toilet', radiusMeters: 300, demand: 'population' })
    expect(summary.ratios.population).toEqual({ covered: 100, total: 110, ratio: 100 / 110, unit: 'people' })
    const spots = await spotsOf(city, id)
    expect(spots).toHaveLength(1)
    expect(spots[0]).toMatchObject({ people: 10, peopleMethod: 'cells', residentialM2: 0, nearest: { name: '公厕' } })
    expect(spots[0]!.areaM2).toBeCloseTo(20_000, 1)
  })
})

describe('people', () => {
  test('outside the boundary are counted unless the question says otherwise, and named either way', async () => {
    const city = await aSmallCity(db)
    await city.boundary([0, 0, 500, 500])
    await city.facility('toilet', [50, 50])
    await city.cell([0, 0, 100, 100], 100)
    await city.cell([600, 0, 100, 100], 11)
    const all = await run(city, { facility: 'toilet', radiusMeters: 300, demand: 'population' })
    expect(all.summary).toMatchObject({ ratios: { population: { covered: 100, total: 111 } }, outsideCity: { total: 11, unit: 'people' } })
    const clipped = await run(city, { facility: 'toilet', radiusMeters: 300, demand: 'population', clipToCity: true })
    expect(clipped.summary).toMatchObject({ ratios: { population: { covered: 100, total: 100, ratio: 1 } }, outsideCity: { total: 11 } })
  })

  test('a unit without anybody has no ratio, not 0', async () => {
    const city = await aSmallCity(db)
    await city.area('street', '440000001', '空街', [5000, 0, 100, 100])
    await city.cell([0, 0, 100, 100], 100)
    await city.facility('toilet', [50, 50])
    const { id } = await run(city, { facility: 'toilet', radiusMeters: 300, demand: 'population' })
    expect(await unitsOf(city, id, 'street')).toMatchObject([{ level: 'street', code: '440000001', name: '空街', covered: 0, total: 0, ratio: null }])
  })
})

test('a unit says which feature bears its code now and where it lies; one that was ended since lies nowhere', async () => {
  const city = await aSmallCity(db)
  await city.area('street', '440000001', '一街', [0, 0, 1000, 500])
  await city.area('street', '440000002', '二街', [1000, 0, 1000, 500])
  await city.gridCell('440000001001001', [0, 0, 200, 200])
  await city.cell([0, 0, 100, 100], 100)
  await city.facility('toilet', [50, 50])
  const { id } = await run(city, { facility: 'toilet', radiusMeters: 300, demand: 'population' })
  const features = await db.query<{ code: string; id: string; west: number }>(sql`select code, public_id as id, st_xmin(geom) as west from administrative_areas where city_id = ${city.cityId} union all select code, public_id, st_xmin(geom) from unit_grids where city_id = ${city.cityId} order by code`)
  const placed = [...(await unitsOf(city, id, 'street')), ...(await unitsOf(city, id, 'cell'))].sort((a, b) => (a.code < b.code ? -1 : 1))
  expect(placed.map((unit) => [unit.code, unit.id, unit.boundingBox?.[0]])).toEqual(features.map((feature) => [feature.code, feature.id, feature.west]))
  await db.query(sql`update administrative_areas set valid_to = now() where city_id = ${city.cityId} and code = '440000002'`)
  expect((await unitsOf(city, id, 'street'))[1]).toMatchObject({ code: '440000002', id: null, boundingBox: null })
})

test('the sensitivity table begins with the asked question and grows with the radius', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.parcel([0, 0, 1000, 100])
  const { summary } = await run(city, { rule: 'GARDEN_CITY_2022' })
  const at = (radiusFactor: number, minAreaFactor: number) => summary.sensitivity.find((row) => row.radiusFactor === radiusFactor && row.minAreaFactor === minAreaFactor)!.covered
  expect(summary.sensitivity).toHaveLength(9)
  expect(summary.sensitivity[0]).toMatchObject({ radiusFactor: 1, minAreaFactor: 1, covered: summary.ratios.residential!.covered })
  expect(at(0.8, 1)).toBeCloseTo(40_000, 1)
  expect(at(1.2, 1)).toBeCloseTo(60_000, 1)
  expect(at(1, 2)).toBeCloseTo(50_000, 1)
})

test('the served area and the blind spots can be drawn', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.parcel([0, 0, 1000, 100])
  const { id, summary } = await run(city, { rule: 'GARDEN_CITY_2022' })
  const map = await api().call(getCoverageMap, { params: { city: city.key, run: id } })
  expect(map.served).toMatchObject({ type: 'MultiPolygon' })
  expect((map.served as { coordinates: unknown[] }).coordinates).toHaveLength(1)
  expect(map.blindSpots).toHaveLength(1)
  expect(summary.servedAreaM2).toBeCloseTo(100 * 100 + 4 * 100 * 500 + Math.PI * 500 * 500, -3)
})
