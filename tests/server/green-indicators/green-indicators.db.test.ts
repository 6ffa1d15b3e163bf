import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import { getGreenIndicators as getGreenIndicatorsEndpoint, type GreenIndicatorKey, listGreenIndicatorRows as listGreenIndicatorRowsEndpoint } from '../../../server/contract/green-indicators.ts'
import { askForRun, executeRun, syncServiceRules } from '../../../server/coverage/coverage.ts'
import { sql } from '../../../server/db/sql.ts'
import { getGreenIndicators, listGreenIndicatorRows, readGreenIndicatorRules, syncGreenIndicatorRules } from '../../../server/green-indicators/green-indicators.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
let api: TestApi
beforeAll(async () => {
  await syncServiceRules(db)
  await syncGreenIndicatorRules(db)
  api = await openTestApi(aContext(db))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

async function figuresOf(city: SmallCity, scope?: 'built_up' | 'city') {
  const sheet = await getGreenIndicators(db, city.key, scope)
  return { ...sheet, of: (key: GreenIndicatorKey) => sheet.indicators.find((indicator) => indicator.key === key)! }
}

/** A town of 1000 × 1000 m within a city of 2000 × 1000 m: parks in both, people in both. */
async function aTown(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.boundary([0, 0, 2000, 1000])
  await city.builtUp([0, 0, 1000, 1000])
  await city.area('county', '990101', '东区', [0, 0, 600, 1000])
  await city.area('county', '990102', '西区', [600, 0, 1400, 1000])
  // A comprehensive park half of which lies beyond the built-up area, a community park, a belt.
  await city.park([900, 0, 200, 100], { classCode: 'G11', name: '边园' })
  await city.park([100, 100, 50, 40], { classCode: 'G12', name: '小园' })
  await city.park([100, 500, 100, 10], { classCode: 'G2', name: '林带' })
  await city.park([1500, 500, 100, 100], { classCode: 'EG13', name: '湿地' })
  await city.cell([200, 200, 100, 100], 800)
  await city.cell([700, 200, 100, 100], 400)
  await city.cell([1600, 200, 100, 100], 300)
  await city.cell([800, 800, 100, 100], null)
  return city
}

const close = (value: number) => expect.closeTo(value, 4) as number

describe('green indices', () => {
  test('green land, people and land of the built-up area; worked by hand', async () => {
    const { scope, landM2, people, of, notCounted } = await figuresOf(await aTown())
    expect({ scope, landM2, people, notCounted }).toEqual({ scope: 'built_up', landM2: close(1_000_000), people: { source: 'population_cells', people: 1200, withoutPeople: 1 }, notCounted: { count: 0, areaM2: 0 } })
    // G1 within it: 100 × 100 of the park on the border and 50 × 40; (10,000 + 2,000) / 1,200
    expect(of('park_area_per_person')).toMatchObject({ value: close(10), numerator: close(12_000), denominator: 1200, numeratorUnit: 'm2', denominatorUnit: 'people', scope: 'built_up', reasonZh: null })
    expect(of('comprehensive_park_area_per_person')).toMatchObject({ value: close(10_000 / 1200) })
    expect(of('community_park_area_per_person')).toMatchObject({ value: close(2000 / 1200) })
    expect(of('comprehensive_parks_per_10000')).toMatchObject({ value: close(1 / 0.12), numerator: 1, numeratorUnit: 'parks' })
    // The east has 2,000 m² for 800 people, the west 10,000 m² for 400.
    expect(of('least_county_park_area_per_person')).toMatchObject({ value: close(2.5), area: { code: '990101', name: '东区' }, numerator: close(2000), denominator: 800 })
    // (12,000 + 1,000) / 1,200
    expect(of('green_and_square_area_per_person')).toMatchObject({ value: close(13_000 / 1200) })
  })

  test('of the whole city, with everything in it', async () => {
    const { scope, people, of } = await figuresOf(await aTown(), 'city')
    expect({ scope, people }).toMatchObject({ scope: 'city', people: { people: 1500 } })
    expect(of('park_area_per_person')).toMatchObject({ value: close(22_000 / 1500) })
  })

  test('thresholds come from their table, each with its standard, and are met, not met, or cannot be told', async () => {
    const city = await aTown()
    const { of } = await figuresOf(city)
    const met = (key: GreenIndicatorKey) => Object.fromEntries(of(key).thresholds.map((threshold) => [threshold.code, threshold.met]))
    expect(met('park_area_per_person')).toEqual({ GB55014_PARK_AREA: true, GB50137_PARK_AREA: true, GARDEN_CITY_2022_PARK_AREA: false, ECO_GARDEN_CITY_2022_PARK_AREA: false })
    expect(met('community_park_area_per_person')).toEqual({ GB55014_COMMUNITY_PARK: false })
    expect(met('least_county_park_area_per_person')).toEqual({ GARDEN_CITY_2022_LEAST_COUNTY: false, ECO_GARDEN_CITY_2022_LEAST_COUNTY: false })
    expect(met('green_land_ratio')).toEqual({ PLAN_GREEN_LAND: null })
    expect(of('park_area_per_person').thresholds[0]).toMatchObject({ threshold: 8, comparison: 'above', standard: 'GB 55014-2021', clause: '2.1.3', verified: true })
  })

  test('without attached green land the ratio has no value, only what is certain; with it, and with green ratios, it has', async () => {
    const city = await aTown()
    expect((await figuresOf(city)).of('green_land_ratio')).toMatchObject({ value: null, atLeast: close(0.013), reasonEn: 'there are no data of attached green land (XG).' })
    await city.park([300, 300, 100, 100], { classCode: 'RG' })
    await city.park([500, 500, 20, 50], { classCode: 'G3' })
    expect((await figuresOf(city)).of('green_land_ratio')).toMatchObject({ value: null, atLeast: close(0.023), reasonEn: '1 squares (G3) carry no green ratio.' })
    await db.query(sql`update green_spaces set green_ratio = 40 where city_id = ${city.cityId} and class_code = 'G3'`)
    const { of } = await figuresOf(city)
    // 12,000 + 1,000 + 10,000 + 0.4 · 1,000
    expect(of('green_land_ratio')).toMatchObject({ value: expect.closeTo(0.0234, 6) as number, atLeast: null, reasonEn: null })
    expect(of('green_area_per_person')).toMatchObject({ value: expect.closeTo(23_400 / 1200, 4) as number })
    // All of it, and the wetland outside: 10,000 more of the park, 10,000 of EG, over 2 km²
    expect(of('urban_rural_green_ratio')).toMatchObject({ value: expect.closeTo(43_400 / 2_000_000, 6) as number, scope: 'city' })
  })

  test('land that two features hold counts once, however they are ordered or cut', async () => {
    const city = await aTown()
    await city.park([100, 100, 50, 40], { classCode: 'G12' })
    await city.park([120, 100, 60, 40], { classCode: 'G14' })
    // The last adds only 30 × 40 beyond the community park.
    expect((await figuresOf(city)).of('park_area_per_person')).toMatchObject({ numerator: close(13_200) })
    const { rows } = await listGreenIndicatorRows(db, city.key, 'park_area_per_person', { afterRank: 0, limit: 100 })
    expect(rows.map(({ rank, classCode, counted }) => [rank, classCode, Math.round(counted)])).toEqual([[1, 'G11', 10_000], [2, 'G12', 2000], [3, 'G14', 1200]])
  })

  test('a number and its rows are one list, page by page', async () => {
    const city = await aTown()
    const { of } = await figuresOf(city)
    for (const key of ['park_area_per_person', 'least_county_park_area_per_person', 'comprehensive_parks_per_10000', 'urban_rural_green_ratio'] as const) {
      const all = await listGreenIndicatorRows(db, city.key, key, { afterRank: 0, limit: 1000 })
      expect(all.numerator).toBe(of(key).numerator)
      expect(all.rows).toHaveLength(all.total)
    }
    const second = await listGreenIndicatorRows(db, city.key, 'park_area_per_person', { afterRank: 1, limit: 1 })
    expect(second).toMatchObject({ total: 2, rows: [{ rank: 2, name: '小园' }] })
  })

  test('the coverage of the sheet is that of its run over the data as they are', async () => {
    const city = await aTown()
    await city.parcel([100, 200, 100, 100])
    expect((await figuresOf(city)).of('service_radius_coverage')).toMatchObject({ value: null, reasonEn: expect.stringContaining('has not been computed') as string })
    const context = aContext(db)
    const run = await askForRun(db, city.key, { rule: 'GARDEN_CITY_2022', layers: [], everyFeature: false, clipToCity: false })
    await executeRun(context, run.id, new AbortController().signal, { progress: () => {} })
    const { of } = await figuresOf(city)
    expect(of('service_radius_coverage')).toMatchObject({ value: 1, coverageRun: run.id, numerator: close(10_000), denominator: close(10_000) })
    await city.park([0, 0, 10, 10], { classCode: 'G14' })
    expect((await figuresOf(city)).of('service_radius_coverage')).toMatchObject({ value: null, coverageRun: null })
  })
})

describe('what is not there has no value, and says why', () => {
  test('an empty city', async () => {
    const { scope, people, landM2, of } = await figuresOf(await aSmallCity(db))
    expect({ scope, people, landM2 }).toEqual({ scope: 'city', people: null, landM2: null })
    expect(of('park_area_per_person')).toMatchObject({ value: null, atLeast: null, reasonEn: 'there is no green land with a class of CJJ/T 85-2017.' })
    expect(of('service_radius_coverage')).toMatchObject({ value: null, reasonEn: expect.stringContaining('residential') as string })
    expect(of('green_cover_ratio')).toMatchObject({ value: null, reasonEn: expect.stringContaining('remote sensing') as string })
  })

  test('no people, no boundary, nobody at home, parks without a class or of another scheme', async () => {
    const city = await aSmallCity(db)
    await city.park([0, 0, 100, 100], { classCode: 'G1' })
    await city.park([200, 0, 100, 100], { classCode: null })
    const old = await city.park([400, 0, 100, 100], { classCode: 'G2' })
    await db.query(sql`update green_spaces set scheme_id = 'CJJT85-2002' where public_id = ${old}`)
    const before = await figuresOf(city)
    expect(before.notCounted).toEqual({ count: 2, areaM2: 20_000 })
    expect(before.of('park_area_per_person')).toMatchObject({ value: null, numerator: close(10_000), denominator: null, reasonEn: expect.stringContaining('no data of people') as string })
    expect(before.of('urban_rural_green_ratio')).toMatchObject({ value: null, reasonEn: expect.stringContaining('no boundary') as string })
    await city.cell([0, 0, 10, 10], 0)
    expect((await figuresOf(city)).of('park_area_per_person')).toMatchObject({ value: null, denominator: 0, reasonEn: 'the denominator is 0.' })
    await city.cell([0, 20, 10, 10], 50)
    const { of } = await figuresOf(city)
    expect(of('park_area_per_person')).toMatchObject({ value: close(200) })
    // Nobody says which kind of park it is.
    expect(of('comprehensive_park_area_per_person')).toMatchObject({ value: null, atLeast: 0, reasonEn: expect.stringContaining('class G1 only') as string })
    expect(of('least_county_park_area_per_person')).toMatchObject({ value: null, reasonEn: expect.stringContaining('no districts') as string })
  })

  test('districts state their people where nothing finer does, for the whole city only', async () => {
    const city = await aTown()
    await db.query(sql`update population_cells set valid_to = now() where city_id = ${city.cityId}`)
    await db.query(sql`update administrative_areas set population = case code when '990101' then 1000 else 500 end where city_id = ${city.cityId}`)
    const { people, of } = await figuresOf(city, 'city')
    expect(people).toEqual({ source: 'administrative_areas', people: 1500, withoutPeople: 0 })
    expect(of('least_county_park_area_per_person')).toMatchObject({ value: close(2), area: { code: '990101' } })
    expect((await figuresOf(city)).of('park_area_per_person')).toMatchObject({ value: null, denominator: null })
  })
})

describe('addresses', () => {
  test('answer the sheet and its rows, and refuse what is not there', async () => {
    const city = await aTown()
    const params = { city: city.key }
    expect(await api.call(getGreenIndicatorsEndpoint, { params })).toMatchObject({ scope: 'built_up', measureSrid: 4547 })
    expect(await api.call(listGreenIndicatorRowsEndpoint, { params: { ...params, indicator: 'park_area_per_person' }, query: { limit: 1 } })).toMatchObject({ total: 2, rows: [{ name: '边园' }] })
    await expect(api.call(listGreenIndicatorRowsEndpoint, { params: { ...params, indicator: 'shaded_road_share' } })).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('not made of green features') as string })
    expect((await api.fetch(`/api/v1/cities/${city.key}/green-indicators/none/rows`)).status).toBe(400)
    const plain = await aSmallCity(db)
    await expect(api.call(getGreenIndicatorsEndpoint, { params: { city: plain.key }, query: { scope: 'built_up' } })).rejects.toMatchObject({ problem: { errors: [{ path: 'query.scope' }] } })
  })
})

describe('the table of thresholds', () => {
  test('loading it again changes nothing, an edited version is refused, a new version is in force', async () => {
    expect(await syncGreenIndicatorRules(db)).toEqual({ added: 0 })
    const [first, ...others] = await readGreenIndicatorRules()
    await expect(syncGreenIndicatorRules(db, [{ ...first!, threshold: 9 }, ...others])).rejects.toMatchObject({ code: 'conflict' })
    const code = `TEST_${uuidv7().replaceAll('-', '').toUpperCase()}`
    const own = { ...first!, code, indicator: 'greenway_length_per_10000' as const }
    expect(await syncGreenIndicatorRules(db, [own, { ...own, version: 2, threshold: 7 }])).toEqual({ added: 2 })
    const { of } = await figuresOf(await aSmallCity(db))
    expect(of('greenway_length_per_10000').thresholds.filter((rule) => rule.code === code)).toMatchObject([{ version: 2, threshold: 7 }])
  })
})

describe('analyse indicators', () => {
  async function analyse(words: string) {
    const lines: string[] = []
    const io = { print: (line: string) => void lines.push(line), progress: () => {}, signal: new AbortController().signal, workingDirectory: '.' }
    return { answer: await analyseCommand.run(['indicators', ...words.split(' ')], api.context, io), printed: lines.join('\n') }
  }

  test('prints figures with their reasons and thresholds, answers the sheet, and the rows of one index', async () => {
    const city = await aTown()
    const { answer, printed } = await analyse(`--city ${city.key} --rows park_area_per_person --top 1`)
    expect(answer).toMatchObject({ city: city.key, scope: 'built_up', rows: { indicator: 'park_area_per_person', total: 2, rows: [{ name: '边园' }] } })
    expect(printed).toContain('人均公园绿地面积 Park area per person: 10 m²/人 per person\n')
    expect(printed).toContain('12,000 m2 / 1,200 people')
    expect(printed).toContain('绿地率 Ratio of green land: 无 none（至少 at least 1.30 %）\n')
    expect(printed).toMatch(/> 8 m²\/人 per person .*（GB 55014-2021）: 达到 met\n/)
    expect(printed).toMatch(/≥ 12 m²\/人 per person .*未核实 not verified）: 未达到 not met {2}还差 lacking 2,400 m2\n/)
    expect(printed).toMatch(/\n {2}1\. 边园 {2}G11 {2}10,000\n {2}… 1 more$/)
  })

  test.each([
    ['--city demo --scope moon', /--scope wants one of built_up, city/],
    ['--city demo --rows beauty', /--rows wants one of park_area_per_person/],
    ['--city demo --top 0', /--top wants/],
    ['--scope city', /--city is missing/],
    ['--city demo more', /one word too many/],
  ])('wrong words %s', async (words, why) => {
    await expect(analyse(words)).rejects.toThrow(why)
  })
})
