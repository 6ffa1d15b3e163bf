import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ExcelJS from 'exceljs'
import { describe, expect, test } from 'vitest'
import { reportCommand } from '../../../server/cli/commands/report.ts'
import { CoverageQuestion, getCoverageRun, listBlindSpots, startCoverageRun } from '../../../server/contract/coverage.ts'
import { getPlanningRun, type PlanningQuestion, type PlanningRun, startPlanningRun } from '../../../server/contract/planning.ts'
import { ReportQuery } from '../../../server/contract/planning-report.ts'
import { createScenario } from '../../../server/contract/scenarios.ts'
import { sql } from '../../../server/db/sql.ts'
import { getReport } from '../../../server/planning-report/report.ts'
import { aSmallCity, positionAt, type SmallCity } from '../coverage/a-small-city.ts'
import { type ReadPdf, readPdf, says } from './read-pdf.ts'
import { aPlanningServer } from '../planning/a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

const home = (city: SmallCity, [x, y]: [number, number], people: number) => city.building([x - 5, y - 5, 10, 10], people)

/** A park at the west end of a path; homes along it, those beyond a river far away on foot; a plot in the east. */
async function aCityToReportOn(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '河西园' })
  await city.park([0, 2000, 10, 10], { name: '小园' })
  await city.path([[-50, 50], [0, 50], [0, 900], [200, 900], [200, 50], [1500, 50]])
  await city.water([90, -500, 20, 1300], '绣江')
  await home(city, [0, 150], 1234)
  await home(city, [200, 50], 411)
  await home(city, [1400, 60], 355)
  await city.plot([1300, 100, 100, 80], { name: '纱厂旧址' })
  await city.area('street', '440000001', '绣园街道', [-300, -300, 480, 1600])
  await city.area('street', '440000002', '东郊街道', [180, -300, 1500, 1600])
  return city
}

const QUESTION = { radiusMeters: 500, minAreaM2: 1000, demand: 'population', ruler: 'walk' } as const
async function aRun(city: SmallCity, body: Partial<CoverageQuestion> = QUESTION) {
  const { id } = await api().call(startCoverageRun, { params: { city: city.key }, body })
  await jobs.idle()
  return api().call(getCoverageRun, { params: { city: city.key, run: id } })
}
async function aPlan<Kind extends PlanningQuestion['kind']>(city: SmallCity, kind: Kind, input: object) {
  const { id } = await api().call(startPlanningRun, { params: { city: city.key }, body: { kind, input } as PlanningQuestion })
  await jobs.idle()
  return (await api().call(getPlanningRun, { params: { city: city.key, run: id } })) as Extract<PlanningRun, { kind: Kind }>
}

const addressOf = (city: SmallCity, sort: 'coverage' | 'planning', run: string, query = '') => `/api/v1/cities/${city.key}/${sort}-runs/${run}/report?${query}`
async function reportOf(city: SmallCity, sort: 'coverage' | 'planning', run: string, query = ''): Promise<ReadPdf> {
  const response = await api().fetch(addressOf(city, sort, run, query))
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  expect(response.headers.get('content-disposition')).toMatch(new RegExp(`filename="${city.key}-report-${run}-\\d{4}-\\d\\d-\\d\\d-(zh|en)\\.pdf"`))
  const bytes = new Uint8Array(await response.arrayBuffer())
  expect(Buffer.from(bytes.subarray(0, 5)).toString()).toBe('%PDF-')
  return readPdf(bytes)
}
/** Everything that a document has to say, in either language. */
function expectSays(file: ReadPdf, words: readonly string[]): void {
  expect(words.filter((one) => !says(file, one))).toEqual([])
}
const count = (value: number) => Math.round(value).toLocaleString('en-US')
const percent = (ratio: number) => `${(ratio * 100).toFixed(2)}%`

describe('the report of a coverage run', () => {
  test('on foot says what the API says, in Chinese and in English, and opens the same run', async () => {
    const city = await aCityToReportOn()
    const run = await aRun(city)
    const asked = run.summary!.ratios.population!
    // The first home is 150 m from the gate; the 411 people across the river walk 2,000 m round by the bridge.
    expect([asked.covered, asked.total, run.summary!.walking!.straight.only]).toEqual([1234, 2000, 411])
    const { blindSpots } = await api().call(listBlindSpots, { params: { city: city.key, run: run.id }, query: {} })
    const figures = [percent(asked.ratio!), count(asked.covered), count(asked.total), count(run.summary!.blindSpotPeople!), run.id, run.passport!.key, ...blindSpots.map(({ people }) => count(people!))]
    const chinese = await reportOf(city, 'coverage', run.id)
    expectSays(chinese, [...figures, '规划分析报告', `覆盖率为 ${percent(asked.ratio!)}：总量 2,000 人中已覆盖 1,234 人`, '绣园街道', '东郊街道', '被河流、铁路等阻隔（绣江）', '河西园', '仅直线覆盖 411 人', '服务覆盖与盲区', 'EPSG:4547', '第 1 /', run.passport!.methodZh.slice(0, 60)])
    const english = await reportOf(city, 'coverage', run.id, 'language=en')
    expectSays(english, [...figures, 'Planning report', `${percent(asked.ratio!)} of residents are served: 1,234 people of 2,000 people`, 'a barrier lies between (绣江)', 'Served on paper only', 'Page 1 of', run.passport!.methodEn.slice(0, 60)])
    for (const file of [chinese, english]) {
      expect(file.links).toEqual([`${api().base}/?city=${city.key}&tool=coverage&run=${run.id}`])
      expectSays(file, [file.links[0]!])
    }
  })

  test('by the straight line draws the served area, by rule with its source, and says that the city is made up', async () => {
    const city = await aCityToReportOn()
    await city.parcel([0, 0, 1000, 100])
    await db.query(sql`update cities set is_demo = true where id = ${city.cityId}`)
    const run = await aRun(city, { rule: 'GARDEN_CITY_2022' })
    const report = await getReport({ db, clock: () => new Date() }, { city: city.key, of: { sort: 'coverage', run: run.id }, query: ReportQuery.parse({}), baseUrl: 'https://xiucheng.example/' })
    expect(report.link.address).toBe(`https://xiucheng.example/?city=${city.key}&tool=coverage&run=${run.id}`)
    const maps = report.blocks.flatMap((block) => (block.kind === 'map' ? [block.map] : []))
    expect(maps.map(({ title }) => title)).toEqual(['服务覆盖与盲区', '各街道覆盖率'])
    expect(maps[0]!.legend.entries.map(({ text }) => text)).toEqual(expect.arrayContaining(['服务范围', '绿地（现状）', '水体', '街道界']))
    // Served parks are 100 m square: their service areas reach 500 m about the one that is large enough.
    expect(maps[0]!.layers.filter(({ fillOpacity, areas }) => fillOpacity === 0.22 && areas?.length === 1)).toHaveLength(1)
    expect(maps[0]!.marks.map(({ text }) => text)).toEqual(Array.from({ length: run.summary!.blindSpotCount }, (_one, at) => String(at + 1)))
    const file = await reportOf(city, 'coverage', run.id)
    expectSays(file, ['合成演示数据', '国家园林城市 2022：公园绿化活动场地服务半径覆盖率', 'GARDEN_CITY_2022', '建城〔2022〕2号', '未核对', '≥ 85%', percent(run.summary!.ratios.residential!.ratio!), '面积 ≥ 5,000 m² → 500 m', '小园'])
  })

  test('over a scenario names and draws it', async () => {
    const city = await aCityToReportOn()
    const ring = [[1300, 100], [1400, 100], [1400, 180], [1300, 180], [1300, 100]].map(([x, y]) => positionAt(x!, y!))
    const { scenario } = await api().call(createScenario, { params: { city: city.key }, body: { title: '东郊新园', question: CoverageQuestion.parse(QUESTION), edits: [{ id: '018f0000-0000-7000-8000-000000000001', kind: 'facility', name: '新园', geometry: { type: 'Polygon', coordinates: [ring] } }] } })
    const run = await aRun(city, { ...QUESTION, scenario: { id: scenario.id, version: 1 } })
    const file = await reportOf(city, 'coverage', run.id)
    expectSays(file, ['方案“东郊新园”第 1 版，改动 1 项', '方案中的改动', percent(run.summary!.ratios.population!.ratio!)])
  })

  test('leaves out what is not wanted, never figures and passport', async () => {
    const city = await aCityToReportOn()
    const run = await aRun(city)
    const bare = await reportOf(city, 'coverage', run.id, 'parts=')
    expectSays(bare, ['61.70%', run.passport!.key])
    for (const what of ['图例', '绣园街道', run.passport!.methodZh.slice(0, 30)]) expect([what, says(bare, what)]).toEqual([what, false])
    expect((await reportOf(city, 'coverage', run.id, 'paper=a3&orientation=landscape')).size.map(Math.round)).toEqual([1191, 842])
  })

  test('is refused in plain words where there is nothing to report on, or the words are wrong', async () => {
    const city = await aCityToReportOn()
    const other = await aCityToReportOn()
    const run = await aRun(city)
    const problem = async (address: string) => {
      const response = await api().fetch(address)
      return [response.status, ((await response.json()) as { detail: string }).detail] as const
    }
    expect(await problem(addressOf(city, 'coverage', run.id, 'language=fr'))).toEqual([400, expect.stringContaining('language is zh or en')])
    expect(await problem(addressOf(city, 'coverage', 'x'))).toEqual([400, expect.any(String)])
    // The run of one city is not to be read through another.
    expect(await problem(addressOf(other, 'coverage', run.id))).toEqual([404, expect.stringContaining('has no coverage run')])
    expect(await problem(addressOf(other, 'planning', run.id))).toEqual([404, expect.any(String)])
    await db.query(sql`update coverage_runs set status = 'running', summary = null where public_id = ${run.id}`)
    expect(await problem(addressOf(city, 'coverage', run.id))).toEqual([409, expect.stringContaining('it is running')])
  })
})

test('the command line writes the report and the workbook of either sort of run', async () => {
  const city = await aCityToReportOn()
  const run = await aRun(city)
  const plan = await aPlan(city, 'supply', { catchmentMeters: 600 })
  const folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-report-'))
  const io = { print: () => {}, progress: () => {}, signal: new AbortController().signal, workingDirectory: folder }
  const report = (...args: string[]) => reportCommand.run(['--city', city.key, ...args], api().context, io)
  try {
    await report('--run', run.id, '--language', 'en', '--output', 'coverage.pdf')
    const file = await readPdf(await readFile(path.join(folder, 'coverage.pdf')))
    expectSays(file, [percent(run.summary!.ratios.population!.ratio!), `http://127.0.0.1:8080/?city=${city.key}&tool=coverage&run=${run.id}`])
    for (const id of [run.id, plan.id]) {
      await report('--run', id, '--xlsx', '--output', 'tables.xlsx')
      const workbook = new ExcelJS.Workbook()
      await workbook.xlsx.readFile(path.join(folder, 'tables.xlsx'))
      expect(workbook.worksheets.map(({ name }) => name)).toEqual(expect.arrayContaining(['概要 summary', '单元 units', '方法 method', '计算说明 passport']))
    }
    await expect(report('--run', run.id, '--output', 'nowhere/a.pdf')).rejects.toThrow('there is no such folder')
    await expect(report('--run', run.id, '--language', 'fr', '--output', 'a.pdf')).rejects.toThrow('--language cannot be understood')
    await expect(report('--run', '018f0000-0000-7000-8000-000000000001', '--output', 'a.pdf')).rejects.toMatchObject({ code: 'not_found' })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('versions beside the city as it is go out as files: figures of each, the change, and units with their shapes', async () => {
  const city = await aCityToReportOn()
  const ring = [[1200, 60], [1300, 60], [1300, 140], [1200, 140], [1200, 60]].map(([x, y]) => positionAt(x!, y!))
  const { scenario } = await api().call(createScenario, { params: { city: city.key }, body: { title: '东郊新园', question: CoverageQuestion.parse(QUESTION), edits: [{ id: '018f0000-0000-7000-8000-000000000002', kind: 'facility', name: '新园', geometry: { type: 'Polygon', coordinates: [ring] } }] } })
  const [was, is] = [await aRun(city), await aRun(city, { ...QUESTION, scenario: { id: scenario.id, version: 1 } })]
  const gain = is.summary!.ratios.population!.covered - was.summary!.ratios.population!.covered
  expect(gain).toBe(355)
  const file = (format: string, runs = `${was.id},${is.id}`) => api().fetch(`/api/v1/cities/${city.key}/coverage-comparison/export?runs=${runs}&format=${format}`)
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(await (await file('xlsx')).arrayBuffer())
  const summary = workbook.getWorksheet('概要 summary')!
  expect([2, 3].map((row) => ['A', 'D', 'E'].map((column) => summary.getCell(`${column}${row}`).value))).toEqual([['现状 as it is', was.summary!.ratios.population!.ratio, null], ['东郊新园 v1', is.summary!.ratios.population!.ratio, gain]])
  const { features } = (await (await file('geojson')).json()) as { features: { geometry: { type: string }; properties: Record<string, unknown> }[] }
  expect(features.map(({ geometry, properties }) => [geometry.type, properties['code'], properties['change_1']])).toEqual([['MultiPolygon', '440000001', 0], ['MultiPolygon', '440000002', gain]])
  expect((await file('shp')).headers.get('content-type')).toBe('application/zip')
  expect((await file('csv', was.id)).status).toBe(400)
  const other = await aRun(city, { radiusMeters: 300, demand: 'population' })
  expect(((await (await file('csv', `${was.id},${other.id}`)).json()) as { detail: string }).detail).toContain('Runs can be compared where they ask the same')
})

describe('the report of a planning run', () => {
  test('tells sites, their bound and what would change the choice', async () => {
    const city = await aCityToReportOn()
    const run = await aPlan(city, 'siting', { method: 'mclp', p: 1, radiusMeters: 500, demand: 'population' })
    const answer = run.result!.answer!
    const file = await reportOf(city, 'planning', run.id, 'language=en')
    expectSays(file, ['Sites for parks and green space: maximal covering', '纱厂旧址', count(answer.after.weight), count(answer.before.weight), 'This is proved to be the best', run.passport!.key, 'New site, numbered as in the table'])
    expect(file.links).toEqual([`${api().base}/?city=${city.key}&tool=sites&plan=${run.id}`])
  })

  test('tells supply and equity', async () => {
    const city = await aCityToReportOn()
    const run = await aPlan(city, 'supply', { catchmentMeters: 600, standard: 8 })
    const { equity } = run.result!
    const file = await reportOf(city, 'planning', run.id)
    expectSays(file, ['公园绿地人均供给与公平性', equity.gini!.toLocaleString('en-US', { maximumFractionDigits: 3 }), percent(equity.below!.share!), '洛伦兹曲线', '绣园街道', '守恒检查', run.passport!.key])
  })

  test('says what hindered on the way: stairs in the line under the title, and in the method', async () => {
    const city = await aCityToReportOn()
    const impedance = { slope: false, stairs: 'slower' }
    const supply = await aPlan(city, 'supply', { catchmentMeters: 600, ruler: 'walk', impedance })
    expectSays(await reportOf(city, 'planning', supply.id), ['步行路网距离（台阶更费时）', '台阶用时为同长平路的 2 倍'])
    const sites = await aPlan(city, 'siting', { method: 'mclp', p: 1, radiusMeters: 500, ruler: 'walk', impedance, candidates: { from: 'lattice', areaM2: 2500 } })
    expectSays(await reportOf(city, 'planning', sites.id, 'language=en'), ['walking distance (stairs slower)', 'Stairs take 2 times as long'])
  })

  test('tells mends, and opens the run whose blind spots they mend', async () => {
    const city = await aCityToReportOn()
    const coverage = await aRun(city)
    const run = await aPlan(city, 'mends', { run: coverage.id })
    const [best] = run.result!.mends
    const file = await reportOf(city, 'planning', run.id)
    expectSays(file, ['公园绿地盲区的补救', `现有 ${count(run.result!.unserved.gain)} 人未覆盖`, `+${count(best!.gain)}`, '跨越阻隔', '绣江', '依次采取', coverage.id])
    expect(file.links).toEqual([`${api().base}/?city=${city.key}&tool=coverage&run=${coverage.id}&plan=${run.id}`])
  })

  test('is refused where there is no answer, and of runs that compare', async () => {
    const city = await aCityToReportOn()
    const run = await aPlan(city, 'siting', { method: 'mclp', p: 1, radiusMeters: 500 })
    await db.query(sql`update planning_runs set status = 'running', result = null, passport = null where public_id = ${run.id}`)
    const response = await api().fetch(addressOf(city, 'planning', run.id))
    expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([409, expect.stringContaining('has no result to report on: it is running')])
    // Plots of that size are nowhere: finished, without a site, and the reason is the search's own.
    const without = await aPlan(city, 'siting', { method: 'mclp', p: 1, radiusMeters: 500, candidates: { from: 'plots', minAreaM2: 9_999_999 } })
    expect(without.result!.answer).toBeNull()
    const refused = await api().fetch(addressOf(city, 'planning', without.id))
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([409, expect.stringContaining(without.result!.notices[0]!.en)])
    const coverage = await aRun(city)
    const rerun = await aPlan(city, 'rerun', { run: coverage.id })
    expect((await api().fetch(addressOf(city, 'planning', rerun.id))).status).toBe(404)
  })
})
