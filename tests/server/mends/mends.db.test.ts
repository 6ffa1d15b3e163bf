import ExcelJS from 'exceljs'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scenarioEditOf } from '../../../client/mends/scenario-edits.ts'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { Mend, type MendKind, MendsResult } from '../../../server/contract/mends.ts'
import { getPlanningDrawing, getPlanningRun, listPlanningRuns, startPlanningRun } from '../../../server/contract/planning.ts'
import { createScenario } from '../../../server/contract/scenarios.ts'
import { askForRun, startCoverageJobs } from '../../../server/coverage/coverage.ts'
import { getMendableRun } from '../../../server/mends/mends.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'

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

/** Types a line and answers what --json would print. */
async function analyse<Answer>(city: SmallCity, what: string, more = ''): Promise<Answer> {
  const io = { print: () => {}, progress: () => {}, signal: new AbortController().signal, workingDirectory: '.' }
  return (await analyseCommand.run(`${what} --city ${city.key} --radius 300 --min-area 5000 --demand population${more}`.split(' '), context, io)) as Answer
}
const mendsOf = async (city: SmallCity, more = ' --ruler walk') => MendsResult.parse(await analyse(city, 'mends', more))
const coveredIn = async (city: SmallCity) => (await analyse<{ covered: number }>(city, 'coverage', ' --ruler walk')).covered
const of = (mends: readonly Mend[], kind: MendKind) => mends.filter(({ edit }) => edit.kind === kind)

/** A home of the size of a point, as far as metres go. */
const home = (city: SmallCity, [x, y]: [number, number], people: number) => city.building([x - 5, y - 5, 10, 10], people)

/** A river with its one bridge far to the north, a park whose only gate looks away, an idle plot and a small one, a closed park. */
async function aBlindCity() {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '河西园' })
  await city.path([[-50, 50], [0, 50], [0, 900], [200, 900], [200, 50]])
  await city.water([90, -500, 20, 1300], '绣江')
  // Over a bridge from (0, 50) to (200, 50) the walks are 200, 290 and 310 m.
  await home(city, [200, 50], 11)
  await home(city, [200, 140], 22)
  await home(city, [200, 160], 44)
  const south = await city.park([2000, 0, 100, 400], { name: '南门园' })
  await city.gate(south, [2050, 0])
  await city.path([[2050, 0], [2200, 0], [2200, 420], [2000, 420]])
  await home(city, [2050, 430], 12)
  await city.plot([3000, 0, 100, 60], { name: '纱厂旧址' })
  await city.plot([3500, 0, 30, 30])
  await city.path([[3050, -50], [3050, 200], [3050, 300]])
  await home(city, [3050, 290], 14)
  await city.park([4000, 0, 100, 100], { name: '封闭园', access: 'closed' })
  await city.path([[4050, 50], [4050, 250]])
  await home(city, [4050, 250], 13)
  return { city, south }
}

test('each mend tells whom it serves: a crossing, a gate, a plot, a green that is opened, counted by hand', async () => {
  const { city } = await aBlindCity()
  const { unserved, mends, kinds, spots, unit } = await mendsOf(city)
  expect([unserved, unit]).toEqual([{ gain: 116, people: 116, homes: 6 }, 'people'])
  expect(mends.map(({ edit, name, gain, people, homes, effort }) => [edit.kind, name, gain, people, homes, Math.round(effort)])).toEqual([
    ['gate', '南门园', 12, 12, 1, 1],
    ['open', '封闭园', 13, 13, 1, 2],
    // 4 and 2 for every 1,000 m² of 6,000; 10 and 20 for every 100 m of 200.
    ['facility', '纱厂旧址', 14, 14, 1, 16],
    ['crossing', '绣江', 33, 33, 2, 50],
  ])
  const [crossing] = of(mends, 'crossing')
  expect(crossing).toMatchObject({ barrier: { class: 'river', name: '绣江' }, edit: { kind: 'crossing', geometry: { type: 'LineString' } } })
  expect(Math.round(crossing!.wayRoundMeters!)).toBe(1900)
  // One after the other in the order of their worth; together everybody but the one at 310 m.
  expect(mends.map(({ turn }) => [turn?.number, turn?.gain, turn?.togetherGain])).toEqual([[1, 12, 12], [2, 13, 25], [3, 14, 39], [4, 33, 72]])
  expect(kinds.map(({ kind, gaining, missing }) => [kind, gaining > 0, missing])).toEqual([['gate', true, null], ['crossing', true, null], ['facility', true, null], ['open', true, null], ['path', false, 'no_scraps']])
  expect(kinds.find(({ kind }) => kind === 'facility')?.leftOut.too_small).toBe(1)
  // Homes within 100 m of each other are one blind spot: the three beyond the river, and three of one home each.
  expect(spots.map(({ mend, gain }) => [mends[mend - 1]!.edit.kind, gain]).sort()).toEqual([['crossing', 33], ['facility', 14], ['gate', 12], ['open', 13]])
})

test('put into the data, a mend gains what was told', async () => {
  const { city, south } = await aBlindCity()
  expect(await coveredIn(city)).toBe(0)
  await city.gate(south, [2050, 400])
  await city.park([3000, 0, 100, 60], { name: '口袋公园' })
  expect(await coveredIn(city)).toBe(26)
  await city.path([[0, 50], [200, 50]], 'bridge')
  expect(await coveredIn(city)).toBe(59)
  // What is mended is not told again.
  expect((await mendsOf(city)).mends.map(({ edit, gain }) => [edit.kind, gain])).toEqual([['open', 13]])
})

test('drawn in a scenario, mends gain what was told one after the other, and are not told again over it', async () => {
  const { city } = await aBlindCity()
  const params = { city: city.key }
  const question = { radiusMeters: 300, minAreaM2: 5000, demand: 'population', ruler: 'walk' } as const
  const { mends } = await mendsOf(city)
  const taken = mends.filter(({ edit }) => edit.kind !== 'open')
  const edits = taken.map((mend) => scenarioEditOf(mend, uuidv7()))
  expect(edits.map(({ kind }) => kind)).toEqual(['gate', 'facility', 'path'])
  const { scenario } = await api.call(createScenario, { params, body: { title: '补救', question, edits } })
  const { id } = await api.call(startCoverageRun, { params, body: { ...question, scenario: { id: scenario.id, version: scenario.version } } })
  await jobs.idle()
  const run = await api.call(getCoverageRun, { params: { ...params, run: id } })
  expect(run.summary?.ratios.population?.covered).toBe(taken.reduce((sum, { turn }) => sum + turn!.gain, 0))
  const over = await api.call(startPlanningRun, { params, body: { kind: 'mends', input: { run: id } } })
  await jobs.idle()
  const answer = await api.call(getPlanningRun, { params: { ...params, run: over.id } })
  expect(MendsResult.parse(answer.result).mends.map(({ edit, gain }) => [edit.kind, gain])).toEqual([['open', 13]])
})

test('a path joins a scrap of the network on which people stand', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '西园' })
  await city.path(Array.from({ length: 31 }, (_value, index) => [-50 + index * 50, 50] as const))
  await city.path([[100, 210], [100, 240]])
  await home(city, [100, 235], 9)
  const { mends, kinds } = await mendsOf(city)
  // 100 m along the path, 160 m over the new one, 25 m on: the home is served.
  expect(of(mends, 'path').map(({ gain, edit }) => [gain, 'lengthMeters' in edit && Math.round(edit.lengthMeters)])).toEqual([[9, 160]])
  expect(kinds.find(({ kind }) => kind === 'path')).toMatchObject({ found: 1, computed: 1, gaining: 1, missing: null })
})

test('on paper only land helps: plots and greens that are shut', async () => {
  const { city } = await aBlindCity()
  const { mends, kinds, ruler } = await mendsOf(city, '')
  expect([ruler, ...mends.map(({ edit, gain }) => [edit.kind, gain])]).toEqual(['straight', ['open', 13], ['facility', 14]])
  expect(kinds.filter(({ missing }) => missing === 'straight_line').map(({ kind }) => kind)).toEqual(['gate', 'crossing', 'path'])
})

test('a city without plots, barriers or people says so', async () => {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100])
  await city.path([[-50, 50], [800, 50]])
  await home(city, [700, 50], 5)
  const { kinds, mends } = await mendsOf(city)
  expect(mends).toEqual([])
  expect(kinds.map(({ kind, missing }) => [kind, missing])).toEqual([['gate', null], ['crossing', 'no_barriers'], ['facility', 'no_plots'], ['open', 'none_shut'], ['path', 'no_scraps']])
})

test('only a finished run over the data as they are can be mended', async () => {
  const { city } = await aBlindCity()
  await expect(getMendableRun(db, city.key, '01900000-0000-7000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' })
  const waiting = await askForRun(db, city.key, { radiusMeters: 250, demand: 'population', layers: [], everyFeature: false, clipToCity: false })
  await expect(getMendableRun(db, city.key, waiting.id)).rejects.toMatchObject({ code: 'conflict' })
  const { run } = await mendsOf(city)
  await city.park([9000, 0, 100, 100])
  await expect(getMendableRun(db, city.key, run)).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/已变.*changed since/) })
})

test('as a planning run they are computed once, kept with passport and picture, and found by their coverage run', async () => {
  const { city } = await aBlindCity()
  const { run } = await mendsOf(city)
  const params = { city: city.key }
  const ask = () => api.call(startPlanningRun, { params, body: { kind: 'mends', input: { run } } })
  expect((await api.fetch(`/api/v1/cities/${city.key}/coverage-runs/${run}/export?format=csv&table=mends`)).status).toBe(409)
  const { id } = await ask()
  await jobs.idle()
  const answer = await api.call(getPlanningRun, { params: { ...params, run: id } })
  expect(answer).toMatchObject({ kind: 'mends', status: 'finished', error: null, input: { run } })
  expect(answer.passport?.basis).toMatchObject({ mendSettings: 1, walkingSettings: 2 })
  expect(answer.passport?.methodEn).toContain('whole run')
  const result = MendsResult.parse(answer.result)
  expect(result.mends.map(({ gain }) => gain)).toEqual([12, 13, 14, 33])
  // Homes served, in the order of the list.
  const picture = await api.call(getPlanningDrawing, { params: { ...params, run: id } })
  if (picture.kind !== 'mends') throw new Error('no picture of mends')
  expect(picture.drawing.served.map(({ positions, isCut }) => [positions.length, isCut])).toEqual([[1, false], [1, false], [1, false], [2, false]])
  // As a table beside the run's others.
  const csv = await (await api.fetch(`/api/v1/cities/${city.key}/coverage-runs/${run}/export?format=csv&table=mends`)).text()
  expect(csv.split('\n').slice(0, 3).map((line) => line.split(',').slice(0, 5).join(','))).toEqual([expect.stringContaining('排名 rank,补救 mend'), '1,开出入口 gate,南门园,,12', '2,开放 opening,封闭园,,13'])
  expect(await ask()).toMatchObject({ id, reused: true })
  const { runs } = await api.call(listPlanningRuns, { params, query: { kind: 'mends' } })
  expect(runs.map((one) => one.id)).toEqual([id])
  // A new plot asks anew, a run that is not there is refused.
  await city.plot([3000, 500, 100, 100])
  expect((await ask()).id).not.toBe(id)
  await jobs.idle()
  await expect(api.call(startPlanningRun, { params, body: { kind: 'mends', input: { run: id } } })).rejects.toMatchObject({ code: 'not_found' })
})

test('mends go out as every sort of file, each where it is done, with their passport', async () => {
  const { city } = await aBlindCity()
  const { id: run } = await api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, minAreaM2: 5000, demand: 'population', ruler: 'walk' } })
  await jobs.idle()
  const { id } = await api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'mends', input: { run } } })
  const file = (format: string) => api.fetch(`/api/v1/cities/${city.key}/planning-runs/${id}/export?format=${format}`)
  await jobs.idle()
  const answer = await api.call(getPlanningRun, { params: { city: city.key, run: id } })
  const mends = answer.kind === 'mends' ? answer.result!.mends : []
  expect(mends.length).toBeGreaterThan(0)
  const csv = await file('csv')
  expect(csv.headers.get('content-disposition')).toMatch(new RegExp(`filename="${city.key}-mends-${id}-`))
  expect((await csv.text()).trim().split('\r\n')).toHaveLength(mends.length + 1)
  const collection = (await (await file('geojson')).json()) as { passport: Record<string, string>; features: { geometry: { type: string }; properties: { rank: number; gain: number } }[] }
  expect(collection.features.map(({ geometry, properties }) => [geometry.type, properties.rank])).toEqual(mends.map(({ edit, rank }) => [edit.geometry.type, rank]))
  expect(collection.passport['覆盖计算 coverage run']).toBe(run)
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(await (await file('xlsx')).arrayBuffer())
  expect(workbook.worksheets.map((sheet) => sheet.name)).toEqual(['概要 summary', '补救 mends', '类别 kinds', '盲区最好 best of spots', '方法 method', '计算说明 passport'])
  expect(workbook.getWorksheet('补救 mends')!.getCell('E2').value).toBe(Math.round(mends[0]!.gain * 10) / 10)
  for (const [format, start] of [['gpkg', 'SQL'], ['shp', 'PK']] as const) expect(Buffer.from(await (await file(format)).arrayBuffer()).subarray(0, start.length).toString()).toBe(start)
})
