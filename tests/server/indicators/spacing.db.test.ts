import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getPlanningDrawing, getPlanningRun, type PlanningQuestion, startPlanningRun } from '../../../server/contract/planning.ts'
import { sql } from '../../../server/db/sql.ts'
import { readSpacingRules, syncSpacingRules } from '../../../server/indicators/spacing-rules.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, positionAt, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  await syncSpacingRules(db)
  api = await openTestApi(aContext(db, { jobs }))
  await startPlanningJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

type Asked = Partial<Extract<PlanningQuestion, { kind: 'indicators' }>['input']>

async function sheetOf(city: SmallCity, input: Asked = {}) {
  const { id } = await api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'indicators', input: { blocks: ['spacing'], ...input } } })
  await jobs.idle()
  const run = await api.call(getPlanningRun, { params: { city: city.key, run: id } })
  if (run.kind !== 'indicators') throw new Error(`a run of ${run.kind}`)
  expect(run).toMatchObject({ status: 'finished', error: null })
  const drawn = await api.call(getPlanningDrawing, { params: { city: city.key, run: id } })
  if (drawn.kind !== 'indicators') throw new Error(`a drawing of ${drawn.kind}`)
  return { id, drawing: drawn.drawing, of: (code: string) => run.result!.spacing!.find(({ rule }) => rule.code === code)! }
}

/** A road as one piece, through points in metres from the corner. */
async function addRoad(city: SmallCity, name: string | null, roadClass: string, points: readonly (readonly [number, number])[], attributes: Record<string, unknown> = {}): Promise<void> {
  const layerId = await city.layer('roads')
  const line = { type: 'MultiLineString', coordinates: [points.map(([x, y]) => positionAt(x, y))] }
  const key = uuidv7()
  await db.query(sql`insert into roads (public_id, city_id, layer_id, source_key, content_hash, name, class, length_meters, attributes, geom)
    values (${key}, ${city.cityId}, ${layerId}, ${key}, '', ${name}, ${roadClass}, 1, ${JSON.stringify(attributes)}::jsonb, st_setsrid(st_geomfromgeojson(${JSON.stringify(line)}), 4490))`)
  await db.query(sql`update layers set version = version + 1 where id = ${layerId}`)
}

/** A secondary road of 2 km in two pieces, the second drawn backwards; toilets beside it and one too far off; an alley without a name. */
async function aStreet(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await addRoad(city, '绣园路', 'secondary', [[0, 0], [800, 0]])
  await addRoad(city, '绣园路', 'secondary', [[2000, 0], [800, 0]])
  await addRoad(city, null, 'tertiary', [[0, 500], [300, 500]])
  await city.facility('toilet', [500, 20], { name: '甲' })
  await city.facility('toilet', [1300, -30], { name: '乙' })
  await city.facility('toilet', [900, 41], { name: '远' })
  await city.facility('toilet', [900, 0], { name: '关', access: 'closed' })
  return city
}

const near = (value: number) => expect.closeTo(value, 1) as number

test('gaps along a road worked by hand: between neighbours, to the ends, over a cut in the road', async () => {
  const { of, drawing } = await sheetOf(await aStreet())
  // Limit 600 m: 0–500 is none, 500–1300 is 800 m, 1300–2000 is 700 m.
  const toilets = of('TOILET_LIVING')
  expect(toilets).toMatchObject({ roads: 1, lengthMeters: near(2000), unnamedMeters: near(300), facilities: 3, beside: 2, gaps: 2, gapMeters: near(1500), longestMeters: near(800), reasonZh: null })
  expect(toilets.listed).toMatchObject([
    { roadName: '绣园路', side: 'both', lengthMeters: near(800), beyondMeters: near(200), fromMeters: near(500), toMeters: near(1300), from: { name: '甲' }, to: { name: '乙' } },
    { lengthMeters: near(700), fromMeters: near(1300), toMeters: near(2000), from: { name: '乙' }, to: null },
  ])
  const [longitude, latitude] = positionAt(900, 0)
  expect(toilets.listed[0]!.center).toEqual([expect.closeTo(longitude, 5), expect.closeTo(latitude, 5)])
  // The stretch is drawn along the road: from 500 over the cut at 800 to 1300.
  const [line] = drawing.spacing.find(({ code }) => code === 'TOILET_LIVING')!.lines
  expect([line![0], line!.at(-2)]).toEqual([expect.closeTo(positionAt(500, 0)[0], 5), expect.closeTo(positionAt(1300, 0)[0], 5)])
})

test('limits go by the class of the road, and facilities of which the city has none on record have no value', async () => {
  const city = await aStreet()
  await addRoad(city, '大道', 'primary', [[0, 1000], [1100, 1000]])
  const { of } = await sheetOf(city)
  // Without a toilet it is one gap of 1,100 m, within the 1,200 m of a traffic road.
  expect(of('TOILET_TRAFFIC')).toMatchObject({ roads: 1, beside: 0, gaps: 0, gapMeters: 0, longestMeters: null })
  expect(of('HYDRANT')).toMatchObject({ facilities: 0, gaps: null, gapMeters: null, listed: [], reasonEn: expect.stringContaining('no data of such facilities') as string })
  const plain = await aSmallCity(db)
  expect((await sheetOf(plain)).of('TOILET_LIVING')).toMatchObject({ gaps: null, reasonEn: expect.stringContaining('no roads') as string })
})

test('a road that states a median is told by its sides', async () => {
  const city = await aSmallCity(db)
  await addRoad(city, '双幅路', 'secondary', [[0, 0], [300, 0]], { median: 'yes' })
  await city.facility('litter_bin', [150, 10], { name: '北' })
  // South of it there is none for 300 m; the limit is 200.
  expect((await sheetOf(city)).of('BIN_ORDINARY').listed).toMatchObject([{ side: 'right', lengthMeters: near(300), from: null, to: null }])
})

test('within a district only stretches whose middle lies in it are told', async () => {
  const city = await aStreet()
  await city.area('county', '440001', '西区', [-100, -500, 1100, 1000])
  await city.area('county', '440002', '东区', [1000, -500, 2000, 1000])
  const of = async (code: string) => (await sheetOf(city, { unit: { level: 'county', code } })).of('TOILET_LIVING').listed.map(({ fromMeters }) => Math.round(fromMeters))
  expect([await of('440001'), await of('440002')]).toEqual([[500], [1300]])
})

/** A building of 10 m by 10 m, 15 m north of the line. */
async function addBuilding(city: SmallCity, x: number, buildingClass: string): Promise<void> {
  await city.building([x, 15, 10, 10], null)
  await db.query(sql`update buildings set class = ${buildingClass} where id = (select max(id) from buildings where city_id = ${city.cityId})`)
}

test('shopping streets are the stretches along shops, held to their own limit; a lone shop makes none', async () => {
  const city = await aSmallCity(db)
  await addRoad(city, '商业街', 'tertiary', [[-500, 0], [400, 0]])
  await addRoad(city, '商业街', 'tertiary', [[3000, 0], [400, 0]])
  // Shops from 0 to 1000 m, no farther apart than their surroundings meet; one alone at 2000 m; a house between them.
  for (let x = 0; x <= 990; x += 66) await addBuilding(city, x, x % 132 === 0 ? 'commercial' : 'retail')
  await addBuilding(city, 2000, 'retail')
  await addBuilding(city, 1500, 'residential')
  await city.facility('toilet', [100, 20], { name: '甲' })
  await city.facility('toilet', [700, -20], { name: '乙' })
  const { of, drawing } = await sheetOf(city)
  // From √(40² − 15²) = 37.1 m before the first shop to as much after the last: 1,074.2 m.
  const reach = Math.sqrt(40 ** 2 - 15 ** 2)
  expect(of('TOILET_SHOPPING')).toMatchObject({ roads: 1, lengthMeters: near(1000 + 2 * reach), facilities: 2, beside: 2, gaps: 1, gapMeters: near(600), longestMeters: near(600), reasonZh: null })
  expect(of('TOILET_SHOPPING').listed).toMatchObject([{ roadName: '商业街', lengthMeters: near(600), beyondMeters: near(200), fromMeters: near(100 + reach), from: { name: '甲' }, to: { name: '乙' } }])
  expect(drawing.spacing.find(({ code }) => code === 'TOILET_SHOPPING')!.lines[0]![0]).toBeCloseTo(positionAt(100, 0)[0], 5)
  // As a street of daily life the whole of it is looked at: 600 m are within the limit, what lies after the last toilet is not.
  expect(of('TOILET_LIVING').listed).toMatchObject([{ lengthMeters: near(2300), from: { name: '乙' }, to: null }])
})

test('a city without shops on record, or without enough of them along a road, says which', async () => {
  const city = await aStreet()
  const reasonOf = async () => (await sheetOf(city)).of('TOILET_SHOPPING')
  expect(await reasonOf()).toMatchObject({ gaps: null, reasonEn: expect.stringContaining('no data of such buildings') as string })
  await addBuilding(city, 100, 'retail')
  expect(await reasonOf()).toMatchObject({ gaps: null, roads: expect.any(Number) as number, reasonEn: expect.stringContaining('long enough') as string })
})

test('goes out as rows and as lines, and the rules stand in their table with source and version', async () => {
  const city = await aStreet()
  const { id } = await sheetOf(city)
  const file = (format: string) => api.fetch(`/api/v1/cities/${city.key}/planning-runs/${id}/export?format=${format}`)
  expect((await (await file('csv')).text()).split('\n').find((line) => line.includes('TOILET_LIVING'))).toContain('≤,600,false')
  const collection = (await (await file('geojson')).json()) as { features: { geometry: { type: string }; properties: { road: string; length_m: number } }[] }
  expect(collection.features.map(({ geometry, properties }) => [geometry.type, properties.road, Math.round(properties.length_m)])).toEqual([['LineString', '绣园路', 800], ['LineString', '绣园路', 700]])
  const given = await readSpacingRules()
  expect(given.every(({ source, withinMeters }) => source !== '' && withinMeters === 40)).toBe(true)
  expect(await syncSpacingRules(db)).toEqual({ added: 0 })
  await expect(syncSpacingRules(db, [{ ...given[0]!, limitMeters: 1 }])).rejects.toMatchObject({ code: 'conflict' })
})
