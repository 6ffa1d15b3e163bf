import { afterAll, beforeAll, expect, test } from 'vitest'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import type { GreenIndicatorKey } from '../../../server/contract/green-indicators.ts'
import { getPlanningDrawing, getPlanningRun, type PlanningQuestion, startPlanningRun } from '../../../server/contract/planning.ts'
import { getIndicatorChoices } from '../../../server/contract/planning-indicators.ts'
import { syncServiceRules } from '../../../server/coverage/coverage.ts'
import { syncGreenIndicatorRules } from '../../../server/green-indicators/green-indicators.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  await syncServiceRules(db)
  await syncGreenIndicatorRules(db)
  api = await openTestApi(aContext(db, { jobs }))
  await startPlanningJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

type Asked = Partial<Extract<PlanningQuestion, { kind: 'indicators' }>['input']>

async function ask(city: SmallCity, input: Asked = {}) {
  const { id } = await api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'indicators', input: { blocks: ['indices'], ...input } } })
  await jobs.idle()
  const run = await api.call(getPlanningRun, { params: { city: city.key, run: id } })
  if (run.kind !== 'indicators') throw new Error(`a run of ${run.kind}`)
  return run
}

/** The answer of a run that is to have one. */
async function sheetOf(city: SmallCity, input: Asked = {}) {
  const run = await ask(city, input)
  expect(run).toMatchObject({ status: 'finished', error: null })
  const drawn = await api.call(getPlanningDrawing, { params: { city: city.key, run: run.id } })
  if (drawn.kind !== 'indicators') throw new Error(`a drawing of ${drawn.kind}`)
  const result = run.result!
  return { run, result, drawing: drawn.drawing, of: (key: GreenIndicatorKey) => result.indices!.find((one) => one.key === key)! }
}

const close = (value: number) => expect.closeTo(value, 4) as number

/** A built-up square kilometre in two districts of two streets each; a park on the border of the districts, a small one in the west. */
async function aTown(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.boundary([0, 0, 2000, 1000])
  await city.builtUp([0, 0, 1000, 1000])
  await city.area('county', '990101', '西区', [0, 0, 500, 1000])
  await city.area('county', '990102', '东区', [500, 0, 1500, 1000])
  await city.area('street', '990101001', '南街', [0, 0, 500, 500], '990101')
  await city.area('street', '990101002', '北街', [0, 500, 500, 500], '990101')
  await city.park([400, 0, 200, 100], { classCode: 'G11', name: '界园' })
  await city.park([100, 600, 50, 40], { classCode: 'G12', name: '小园' })
  await city.cell([100, 100, 100, 100], 1000)
  await city.cell([100, 800, 100, 100], 500)
  await city.cell([800, 100, 100, 100], 500)
  await city.parcel([100, 100, 100, 100])
  await city.parcel([100, 800, 100, 100])
  return city
}

test('one sheet for the built-up area, worked by hand: values, what is lacking, the features behind', async () => {
  const { result, drawing, of } = await sheetOf(await aTown())
  expect(result).toMatchObject({ landM2: close(1_000_000), people: { source: 'population_cells', people: 2000, withoutPeople: 0 }, notCounted: { count: 0, areaM2: 0 } })
  // (20,000 + 2,000) / 2,000
  expect(of('park_area_per_person')).toMatchObject({ value: close(11), rows: 2 })
  // More than 8 · 2,000 = 16,000 by 6,000; of 12 · 2,000 it lacks 2,000.
  expect(of('park_area_per_person').thresholds.map(({ code, met, difference }) => [code, met, difference])).toEqual([
    ['GB55014_PARK_AREA', true, close(6000)], ['GB50137_PARK_AREA', true, close(6000)], ['GARDEN_CITY_2022_PARK_AREA', false, close(-2000)], ['ECO_GARDEN_CITY_2022_PARK_AREA', false, close(-7600)],
  ])
  expect(of('park_area_per_person').thresholds[0]).toMatchObject({ standard: 'GB 55014-2021', clause: '2.1.3', verified: true, effectiveFrom: '2022-01-01' })
  expect(drawing.rows['park_area_per_person']!.map(({ feature, counted }) => [drawing.features[feature]!.name, Math.round(counted)])).toEqual([['界园', 20_000], ['小园', 2000]])
  // Nothing tells the shade of roads: no value, no difference.
  expect(of('shaded_road_share')).toMatchObject({ value: null, thresholds: [{ met: null, difference: null }, { met: null, difference: null }] })
})

test('the official ratio is computed with the sheet where no run has told it: whole city, district, street', async () => {
  const city = await aTown()
  // The park of 20,000 m² reaches 500 m: 300 m to the southern parcel; the northern one is 160 m from a park of 2,000 m².
  expect((await sheetOf(city)).of('service_radius_coverage')).toMatchObject({ value: 1, numerator: close(20_000), denominator: close(20_000), coverageRun: null })
  await city.parcel([800, 900, 100, 100])
  const { of } = await sheetOf(city)
  expect(of('service_radius_coverage')).toMatchObject({ denominator: close(30_000) })
  expect(of('service_radius_coverage').value).toBeLessThan(0.7)
  expect((await sheetOf(city, { unit: { level: 'county', code: '990101' } })).of('service_radius_coverage')).toMatchObject({ value: close(1), denominator: close(20_000) })
  expect((await sheetOf(city, { unit: { level: 'street', code: '990101002' } })).of('service_radius_coverage')).toMatchObject({ denominator: close(10_000) })
})

test('a district and a street have their own land, people and parks; what compares districts has no value there', async () => {
  const city = await aTown()
  const west = await sheetOf(city, { unit: { level: 'county', code: '990101' } })
  expect(west.run.input).toEqual({ scope: 'built_up', unit: { level: 'county', code: '990101', name: '西区' }, blocks: ['indices'] })
  expect(west.result).toMatchObject({ landM2: close(500_000), people: { people: 1500 } })
  // Half of the park on the border, and the small one: 12,000 / 1,500.
  expect(west.of('park_area_per_person')).toMatchObject({ value: close(8), numerator: close(12_000) })
  expect(west.of('least_county_park_area_per_person')).toMatchObject({ value: null, reasonEn: expect.stringContaining('compares districts') as string })
  const south = await sheetOf(city, { unit: { level: 'street', code: '990101001' } })
  expect(south.result).toMatchObject({ landM2: close(250_000), people: { people: 1000 } })
  expect(south.of('park_area_per_person')).toMatchObject({ value: close(10) })
  // The whole of the eastern district goes beyond the built-up area.
  const east = await sheetOf(city, { unit: { level: 'county', code: '990102' }, scope: 'city' })
  expect(east.result.landM2).toEqual(close(1_500_000))
  expect(east.of('urban_rural_green_ratio')).toMatchObject({ numerator: close(10_000), denominator: close(1_500_000) })
})

test('a unit where nobody lives and nothing grows has no value, never 0', async () => {
  const city = await aTown()
  await city.area('street', '990102001', '空街', [700, 500, 200, 200], '990102')
  const { of, result } = await sheetOf(city, { unit: { level: 'street', code: '990102001' } })
  expect(result.people).toMatchObject({ people: 0 })
  expect(of('park_area_per_person')).toMatchObject({ value: null, reasonZh: expect.stringContaining('没有') as string })
  expect(of('service_radius_coverage')).toMatchObject({ value: null, thresholds: expect.arrayContaining([expect.objectContaining({ met: null })]) as unknown })
})

test('the same question is answered from the store until data change', async () => {
  const city = await aTown()
  const first = await sheetOf(city)
  expect(await api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'indicators', input: { blocks: ['indices'] } } })).toMatchObject({ id: first.run.id, reused: true })
  await city.park([700, 700, 100, 100], { classCode: 'G12' })
  const second = await sheetOf(city)
  expect(second.run.id).not.toBe(first.run.id)
  expect(second.of('park_area_per_person')).toMatchObject({ value: close(16) })
})

test.each([
  [{ unit: { level: 'county' as const, code: '000000' } }, /no county with code "000000"/],
  [{ unit: { level: 'street' as const, code: '990101' } }, /no street with code/],
])('a unit that is not there says so: %j', async (input, message) => {
  await expect(ask(await aTown(), input)).rejects.toMatchObject({ code: 'bad_request', message: expect.stringMatching(message) as string })
})

test('without a built-up area it cannot be asked for; the choices say what can', async () => {
  const city = await aSmallCity(db)
  await expect(ask(city, { scope: 'built_up' })).rejects.toMatchObject({ code: 'bad_request' })
  expect(await api.call(getIndicatorChoices, { params: { city: city.key } })).toEqual({ scopes: ['city'], units: [], layers: [] })
  const town = await api.call(getIndicatorChoices, { params: { city: (await aTown()).key } })
  expect(town.scopes).toEqual(['built_up', 'city'])
  expect(town.units.map(({ level, name }) => [level, name])).toEqual([['county', '西区'], ['county', '东区'], ['street', '南街'], ['street', '北街']])
  expect(town.layers.map(({ kind, dataDate }) => [kind, dataDate])).toContainEqual(['green_spaces', null])
})

test('goes out as CSV and XLSX with sources, and a file of another format is refused', async () => {
  const city = await aTown()
  const { run } = await sheetOf(city)
  const file = (query: string) => api.fetch(`/api/v1/cities/${city.key}/planning-runs/${run.id}/export?${query}`)
  const csv = await (await file('format=csv')).text()
  expect(csv).toContain('人均公园绿地面积')
  expect(csv.split('\n').find((line) => line.includes('park_area_per_person') && line.includes('建城〔2022〕2号'))).toMatch(/,≥,12,.*2022-01-06/)
  expect((await file('format=xlsx')).headers.get('content-type')).toContain('spreadsheetml')
  expect((await file('format=pdf')).status).toBe(400)
})

test('the command line answers the same', async () => {
  const city = await aTown()
  const { run, of } = await sheetOf(city, { unit: { level: 'county', code: '990101' } })
  const lines: string[] = []
  const io = { print: (line: string) => lines.push(line), progress: () => {}, signal: new AbortController().signal }
  const answer = (await analyseCommand.run(['indicators', '--sheet', '--city', city.key, '--county', '990101', '--block', 'indices'], api.context, io as unknown as Parameters<typeof analyseCommand.run>[2])) as { run: string; reused: boolean; indices: unknown[] }
  expect(answer).toMatchObject({ run: run.id, reused: true })
  expect(answer.indices).toContainEqual(of('park_area_per_person'))
  expect(lines.join('\n')).toMatch(/西区.*\n/)
})
