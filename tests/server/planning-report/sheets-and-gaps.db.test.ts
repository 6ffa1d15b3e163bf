import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reportCommand } from '../../../server/cli/commands/report.ts'
import { listManagementGaps } from '../../../server/contract/management-gaps.ts'
import { decodeGapQuestion } from '../../../server/contract/management-gap-question.ts'
import { getPlanningRun, type PlanningRunOf, startPlanningRun } from '../../../server/contract/planning.ts'
import { syncGreenIndicatorRules } from '../../../server/green-indicators/green-indicators.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncReachRules } from '../../../server/indicators/reach-rules.ts'
import { syncSpacingRules } from '../../../server/indicators/spacing-rules.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aWatchedCity, NOW, type WatchedCity } from '../management-gaps/a-watched-city.ts'
import { type ReadPdf, readPdf, says } from './read-pdf.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi
beforeAll(async () => {
  await syncGreenIndicatorRules(db)
  await syncReachRules(db)
  await syncSpacingRules(db)
  api = await openTestApi(aContext(db, { jobs, clock: () => NOW }))
  await startPlanningJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

async function fetchPdf(address: string): Promise<ReadPdf> {
  const response = await api.fetch(`/api/v1/cities/${address}`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  return readPdf(new Uint8Array(await response.arrayBuffer()))
}
function expectSays(file: ReadPdf, words: readonly string[]): void {
  expect(words.filter((one) => !says(file, one))).toEqual([])
}
const percent = (ratio: number, digits: number) => `${(ratio * 100).toFixed(digits)}%`

/** A community park of 2 ha beside homes along a path, in one of two districts; a secondary road without a toilet. */
async function aGreenCity(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-200, 0, 200, 100], { name: '社区园', classCode: 'G12' })
  await city.path([[-100, 50], [100, 50], [1000, 50], [2050, 50]])
  for (const [x, people] of [[100, 100], [450, 140], [2000, 760]] as const) await city.building([x - 5, 45, 10, 10], people)
  await city.area('county', '440001', '西区', [-500, -500, 1500, 5000])
  await city.area('county', '440002', '东区', [1000, -500, 3000, 5000])
  const layerId = await city.layer('roads')
  await db.query(sql`insert into roads (public_id, city_id, layer_id, source_key, content_hash, name, class, length_meters, geom)
    select gen_random_uuid(), ${city.cityId}, ${layerId}, 'r', '', '绣园路', 'secondary', 1, st_transform(st_geomfromtext('MULTILINESTRING((500000 2500000,502000 2500000))', 4547), 4490)`)
  await city.facility('toilet', [500, 20], { name: '甲厕' })
  return city
}

async function aSheet(city: SmallCity, input: object = {}): Promise<PlanningRunOf<'indicators'>> {
  const { id } = await api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'indicators', input } as never })
  await jobs.idle()
  return (await api.call(getPlanningRun, { params: { city: city.key, run: id } })) as PlanningRunOf<'indicators'>
}

test('an indicator sheet says what its run says, with rules and sources, in both languages, and opens the run', async () => {
  const city = await aGreenCity()
  const run = await aSheet(city)
  const { indices, tiers, spacing } = run.result!
  const perPerson = indices!.find(({ key }) => key === 'park_area_per_person')!
  const tier = tiers!.find(({ rule }) => rule.code === 'GBT51346_COMMUNITY_1')!
  const toilets = spacing!.find(({ rule }) => rule.code === 'TOILET_LIVING')!
  // 20,000 m² for 1,000 people; the park reaches 240 of them by the straight line; 1,500 m of road without a toilet.
  expect([Math.round(perPerson.value!), tier.measures[0]!.covered, Math.round(toilets.longestMeters!)]).toEqual([20, 240, 1500])
  const figures = [`${perPerson.value!.toLocaleString('en-US', { maximumFractionDigits: 2 })} m²`, percent(tier.measures[0]!.ratio!, 1), '绣园路', '甲厕', '西区', run.id, run.passport!.key, 'GBT51346_COMMUNITY_1 v1', 'TOILET_LIVING v2', 'GB/T 51346-2019']
  const chinese = await fetchPdf(`${city.key}/planning-runs/${run.id}/report`)
  expectSays(chinese, [...figures, '绿地指标', '人均公园绿地面积', '限值对照', 'G1 面积 ÷ 人口', '公园分级', '国际对照', '沿路间距', '没有树木位置', '绿地现状', '够不到的住处', '间距超限路段', '公园绿地 G1', '图例', run.passport!.methodZh.slice(0, 50)])
  const english = await fetchPdf(`${city.key}/planning-runs/${run.id}/report?language=en`)
  expectSays(english, [...figures, 'Green indicator sheet', 'Park area per person', 'area of G1 / people', 'Against the thresholds', 'International comparators', 'Stretches of road beyond their spacing', 'Homes within and out of reach', 'Within reach: ', 'end of road', run.passport!.methodEn.slice(0, 50)])
  for (const file of [chinese, english]) expect(file.links).toEqual([`${api.base}/?city=${city.key}&tool=indicators&plan=${run.id}`])
})

test('a sheet of one block leaves the others out, and is told of where nothing has a value', async () => {
  const city = await aSmallCity(db)
  const run = await aSheet(city, { blocks: ['tiers'] })
  const file = await fetchPdf(`${city.key}/planning-runs/${run.id}/report`)
  expectSays(file, ['条可达规则中 0 条有数值', '公园分级'])
  expect(says(file, '限值对照')).toBe(false)
})

test('a sheet goes out in every format of files: tables, stretches of road as lines, green behind the figures as points', async () => {
  const city = await aGreenCity()
  const run = await aSheet(city)
  const file = (format: string) => api.fetch(`/api/v1/cities/${city.key}/planning-runs/${run.id}/export?format=${format}`)
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(await (await file('xlsx')).arrayBuffer())
  expect(workbook.worksheets.map(({ name }) => name)).toEqual(['指标 figures', '分单元 units', '沿路间距 spacing', '计入对象 rows', '计算说明 passport'])
  for (const [format, type] of [['gpkg', 'geopackage'], ['shp', 'zip']] as const) {
    const response = await file(format)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)])
    await response.arrayBuffer()
  }
  const tiers = await aSheet(city, { blocks: ['tiers'] })
  const { features } = (await (await api.fetch(`/api/v1/cities/${city.key}/planning-runs/${tiers.id}/export?format=geojson`)).json()) as { features: { geometry: { type: string }; properties: { name: string } }[] }
  expect(features.map(({ geometry, properties }) => [geometry.type, properties.name])).toEqual([['Point', '社区园']])
})

/** Four cells of two communities, one checked long ago, one never; owners for the first community only. */
async function aGrid(): Promise<WatchedCity> {
  const city = await aWatchedCity(db)
  await city.area('street', '990101001', '东街', [0, 0, 400, 100])
  await city.area('community', '990101001001', '甲社区', [0, 0, 200, 100], '990101001')
  await city.area('community', '990101001002', '乙社区', [200, 0, 200, 100], '990101001')
  for (const [index, code] of ['990101001001001', '990101001001002', '990101001002001', '990101001002002'].entries()) await city.gridCell(code, [index * 100, 0, 100, 100])
  await city.owner('990101001001')
  await city.people('990101001002002', 512)
  await city.incident({ reported: 100, grid: '990101001001001', checks: [{ action: 'check_pass', days: 81 }] })
  return city
}

test('gaps are reported as the list tells them, as of a moment, and the code asks the same question again', async () => {
  const city = await aGrid()
  const query = { days: 60 }
  const { rows, summary } = await api.call(listManagementGaps, { params: { city: city.key, layer: 'attention' }, query })
  expect([summary.count, summary.total]).toEqual([4, 4])
  const chinese = await fetchPdf(`${city.key}/management-gaps/attention/report?days=60`)
  expectSays(chinese, ['管理盲区：关注盲区', '截至 2026-06-30', '判断 4 个单元，发现盲区 4 个，占 100.0%', ...rows.map(({ sentenceZh }) => sentenceZh), '盲区分布', '从无案件：', '东街', '无核查天数', '即时判断', 'attention.days:60', '四类盲区'])
  const english = await fetchPdf(`${city.key}/management-gaps/attention/report?days=60&language=en&orientation=landscape`)
  expectSays(english, ['Management gaps: attention', '4 units were judged; 4 gaps were found, 100.0% of them', ...rows.map(({ sentenceEn }) => sentenceEn), 'Where the gaps are', 'Gaps are judged over the data of the moment'])
  for (const file of [chinese, english]) {
    expect(file.links).toEqual([`${api.base}/?city=${city.key}&tool=gaps&gap=attention.days%3A60`])
    expect(decodeGapQuestion(new URL(file.links[0]!).searchParams.get('gap')!)).toMatchObject({ layer: 'attention', days: 60, kind: null })
  }
  const responsibility = await fetchPdf(`${city.key}/management-gaps/responsibility/report?kind=no_owner&parts=tables`)
  expectSays(responsibility, ['无责任单位', '512 人', '只看 无责任单位'])
  expect(says(responsibility, '图例')).toBe(false)
  expect(await db.query(sql`select object_kind as kind, details ->> 'layer' as layer from audit_entries where city_id = ${city.cityId} and action = 'exportReport' order by sequence`)).toEqual([{ kind: 'city', layer: 'attention' }, { kind: 'city', layer: 'attention' }, { kind: 'city', layer: 'responsibility' }])
})

test('where nothing can be judged the report says so instead of zero, and wrong words are refused with what would be right', async () => {
  const city = await aWatchedCity(db)
  const file = await fetchPdf(`${city.key}/management-gaps/attention/report`)
  expectSays(file, ['数据不足，不能说没有盲区', '没有单元网格数据'])
  const problem = async (address: string) => {
    const response = await api.fetch(`/api/v1/cities/${city.key}/management-gaps/${address}`)
    return [response.status, ((await response.json()) as { detail: string }).detail] as const
  }
  expect(await problem('attention/report?language=fr')).toEqual([400, expect.stringMatching(/语言用 zh 或 en.*language is zh or en/)])
  expect(await problem('patrol/report')).toEqual([400, expect.any(String)])
  expect(await problem('attention/report?kind=no_owner')).toEqual([400, expect.stringContaining('never_checked')])
})

test('the command line reports gaps and sheets, as documents and as workbooks, and names what does not go together', async () => {
  const [grid, green] = [await aGrid(), await aGreenCity()]
  const run = await aSheet(green)
  const folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-report-'))
  const io = { print: () => {}, progress: () => {}, signal: new AbortController().signal, workingDirectory: folder }
  const report = (...args: string[]) => reportCommand.run(args, api.context, io)
  try {
    await report('--city', grid.key, '--gaps', 'attention', '--days', '60', '--language', 'en', '--output', 'gaps.pdf')
    expectSays(await readPdf(await readFile(path.join(folder, 'gaps.pdf'))), ['Management gaps: attention', 'attention.days:60'])
    for (const [words, sheet] of [[['--city', grid.key, '--gaps', 'attention'], '管理盲区 gaps'], [['--city', green.key, '--run', run.id], '指标 figures']] as const) {
      await report(...words, '--xlsx', '--output', 'tables.xlsx')
      const workbook = new ExcelJS.Workbook()
      await workbook.xlsx.readFile(path.join(folder, 'tables.xlsx'))
      expect(workbook.worksheets.map(({ name }) => name)).toContain(sheet)
    }
    await expect(report('--city', grid.key, '--gaps', 'patrol', '--output', 'a.pdf')).rejects.toThrow('--gaps wants one of responsibility')
    await expect(report('--city', grid.key, '--gaps', 'attention', '--days', '0', '--output', 'a.pdf')).rejects.toThrow('--days:')
    await expect(report('--city', grid.key, '--run', run.id, '--days', '3', '--output', 'a.pdf')).rejects.toThrow('--days belongs to --gaps')
    await expect(report('--city', grid.key, '--output', 'a.pdf')).rejects.toThrow('--run (or --gaps) is missing')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
