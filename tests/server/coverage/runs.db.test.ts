import ExcelJS from 'exceljs'
import { describe, expect, test } from 'vitest'
import { cancelCoverageRun, COVERAGE_ENGINE_VERSION, type CoverageQuestion, createServiceRule, getCoverageRun, listCoverageRuns, listServiceRules, startCoverageRun } from '../../../server/contract/coverage.ts'
import { executeRun, startCoverageJobs, syncServiceRules } from '../../../server/coverage/coverage.ts'
import { readServiceRules } from '../../../server/coverage/reference.ts'
import { sql } from '../../../server/db/sql.ts'
import { AppError } from '../../../server/errors.ts'
import { startJobRunner } from '../../../server/jobs/runner.ts'
import { aSmallCity, type SmallCity } from './a-small-city.ts'
import { aContext, aJobRunner, openTestApi } from '../../helpers/api.ts'
import { aPlanningServer } from '../planning/a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

async function aServedCity(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '=东园' })
  await city.parcel([0, 0, 1000, 100])
  await city.building([700, 40, 20, 20], 30)
  return city
}
const question = { rule: 'GARDEN_CITY_2022' }
const ask = (city: SmallCity, body: Partial<CoverageQuestion> = question) => api().call(startCoverageRun, { params: { city: city.key }, body })
const look = (city: SmallCity, run: string) => api().call(getCoverageRun, { params: { city: city.key, run } })

describe('the same question', () => {
  test('is answered from the store, until the data or the question changes', async () => {
    const city = await aServedCity()
    const first = await ask(city)
    expect(first.reused).toBe(false)
    await jobs.idle()
    expect(await ask(city)).toMatchObject({ id: first.id, reused: true, status: 'finished' })
    expect((await ask(city, { rule: 'GARDEN_CITY_2022', layers: ['green_spaces', 'green_spaces'] })).id).not.toBe(first.id)
    await jobs.idle()
    await city.park([900, 0, 100, 100])
    const changed = await ask(city)
    expect(changed).toMatchObject({ reused: false })
    await jobs.idle()
    expect((await look(city, changed.id)).summary!.ratios.residential!.covered).toBeCloseTo(100_000, 1)
  })

  test('asked twice at once makes one run', async () => {
    const city = await aServedCity()
    const [one, two] = await Promise.all([ask(city), ask(city)])
    expect(one.id).toBe(two.id)
    await jobs.idle()
    expect((await api().call(listCoverageRuns, { params: { city: city.key }, query: {} })).runs).toHaveLength(1)
  })

  test('answers 202 with the address of the run', async () => {
    const city = await aServedCity()
    const response = await api().fetch(`/api/v1/cities/${city.key}/coverage-runs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question) })
    const { id } = (await response.json()) as { id: string }
    expect([response.status, response.headers.get('location')]).toEqual([202, `/api/v1/cities/${city.key}/coverage-runs/${id}`])
    await jobs.idle()
  })
})

test('the passport names rule, inputs with versions, measuring system, formula and method in both languages', async () => {
  const city = await aServedCity()
  const { id } = await ask(city)
  await jobs.idle()
  const { passport } = await look(city, id)
  expect(passport).toMatchObject({
    engineVersion: COVERAGE_ENGINE_VERSION,
    measureSrid: 4547,
    rule: { code: 'GARDEN_CITY_2022', version: 1 },
    formula: 'coverage = area(R ∩ U) / area(R)',
    inputs: [
      { kind: 'buildings', layer: 'buildings', version: 2, rows: 1 },
      { kind: 'green_spaces', layer: 'green_spaces', version: 2, rows: 1 },
      { kind: 'residential_areas', layer: 'residential_areas', version: 2, rows: 1 },
    ],
    layers: [
      { kind: 'buildings', layer: 'buildings', source: expect.any(String), updatedAt: expect.stringMatching(/Z$/) },
      { kind: 'green_spaces', layer: 'green_spaces' },
      { kind: 'residential_areas', layer: 'residential_areas' },
    ],
  })
  expect(passport!.methodZh).toContain('面积 ≥ 5,000 m² → 500 m')
  expect(passport!.methodEn).toContain('Straight-line')
})

describe('progress and ends', () => {
  test('every change is told to open consoles, the last one that it is finished', async () => {
    const city = await aServedCity()
    const { id } = await ask(city)
    await jobs.idle()
    const events = await db.query<{ payload: { type: string; runId: string; status: string; stage: string; percent: number } }>(sql`select payload from live_events where city_id = ${city.cityId} order by id`)
    const told = events.map((event) => event.payload)
    expect(told.every((event) => event.type === 'coverage.changed' && event.runId === id)).toBe(true)
    expect(told.map((event) => event.percent)).toEqual(told.map((event) => event.percent).toSorted((a, b) => a - b))
    expect(told.at(-1)).toMatchObject({ status: 'finished', stage: 'done', percent: 100 })
  })

  test('a cancelled run ends as cancelled, leaves no results, and the question is free again', async () => {
    const city = await aServedCity()
    const { id } = await ask(city)
    expect(await api().call(cancelCoverageRun, { params: { city: city.key, run: id } })).toMatchObject({ status: 'cancelled' })
    await jobs.idle()
    expect(await look(city, id)).toMatchObject({ status: 'cancelled', summary: null })
    expect(await db.query(sql`select 1 from coverage_units u join coverage_runs r on r.id = u.run_id where r.public_id = ${id}`)).toEqual([])
    const again = await ask(city)
    expect(again.id).not.toBe(id)
    await jobs.idle()
    expect(await look(city, again.id)).toMatchObject({ status: 'finished' })
  })

  test('a run that the server left when it stopped is taken up by the next start, through the real queue', async () => {
    const city = await aServedCity()
    const waiting = aContext(db, { jobs: { ...aJobRunner(), enqueue: async () => {} } })
    const other = await openTestApi(waiting)
    const { id } = await other.call(startCoverageRun, { params: { city: city.key }, body: question })
    await other.close()
    // The server began, stopped in the middle, and put the run back.
    await executeRun(waiting, id, AbortSignal.abort(new AppError('unavailable', 'The server is stopping.')))
    expect(await look(city, id)).toMatchObject({ status: 'waiting' })
    const runner = await startJobRunner(db, waiting.log, { schema: `jobs_${id.replaceAll('-', '').slice(-8)}` })
    const finished = new Promise<void>((resolve) => {
      const { handle } = runner
      runner.handle = (kind, handler) =>
        handle(kind, async (reference, options) => {
          await handler(reference, options)
          if (reference === id) resolve()
        })
    })
    await startCoverageJobs({ ...waiting, jobs: runner })
    await finished
    expect(await look(city, id)).toMatchObject({ status: 'finished', percent: 100 })
    await runner.close()
  })

  test('a run whose process died is taken over only after it was silent, and given up after three attempts', async () => {
    const city = await aServedCity()
    const context = aContext(db)
    const other = await openTestApi(aContext(db, { jobs: { ...aJobRunner(), enqueue: async () => {} } }))
    const { id } = await other.call(startCoverageRun, { params: { city: city.key }, body: question })
    await other.close()
    await db.query(sql`update coverage_runs set status = 'running', attempt = 1, heartbeat_at = now() where public_id = ${id}`)
    await executeRun(context, id, new AbortController().signal)
    expect(await look(city, id)).toMatchObject({ status: 'running' })
    await db.query(sql`update coverage_runs set heartbeat_at = now() - interval '5 minutes', attempt = 3 where public_id = ${id}`)
    await expect(executeRun(context, id, new AbortController().signal)).rejects.toMatchObject({ code: 'internal' })
    expect(await look(city, id)).toMatchObject({ status: 'failed', error: { code: 'internal', message: expect.stringContaining('3 times') } })
  })
})

test('a rule brings its facility and what it measures; the asked demand is the first of the ratios', async () => {
  const city = await aServedCity()
  await city.facility('toilet', [710, 50])
  const { id, input } = await ask(city, { rule: 'TOILET_300' })
  expect(input).toMatchObject({ facility: 'toilet', demand: 'population' })
  expect((await ask(city, { demand: 'population', rule: 'TOILET_300', facility: 'toilet' })).id).toBe(id)
  await jobs.idle()
  const { summary } = await look(city, id)
  expect(Object.keys(summary!.ratios)).toEqual(['population', 'buildings', 'residential'])
  expect(summary!.ratios.population).toMatchObject({ covered: 30, total: 30 })
  const land = await ask(city, { rule: 'GARDEN_CITY_2022' })
  await jobs.idle()
  expect(Object.keys((await look(city, land.id)).summary!.ratios)[0]).toBe('residential')
})

describe('a question that cannot be answered is refused with what would help', () => {
  test.each([
    [{ rule: 'NO_SUCH' }, 'GARDEN_CITY_2022'],
    [{ rule: 'GARDEN_CITY_2022', layers: ['nowhere'] }, 'green_spaces'],
    [{ facility: 'toilett', radiusMeters: 300 }, 'toilett'],
    [{ radiusMeters: 300, demand: 'population', facility: 'green', rule: 'WHO_300' }, 'see errors'],
    [{ facility: 'green', rule: 'TOILET_300' }, 'is about "toilet"'],
    [{}, 'see errors'],
  ] as [Partial<CoverageQuestion>, string][])('%j', async (body, words) => {
    await expect(ask(await aServedCity(), body)).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining(words) })
  })

  test('residential land that is missing is asked for by name', async () => {
    const city = await aSmallCity(db)
    await city.cell([0, 0, 100, 100], 5)
    await expect(ask(city)).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('--as residential_areas') })
  })
})

describe('taken away', () => {
  test('as CSV, GeoJSON and XLSX: named by city, run and date, with the passport, and no cell can run a formula', async () => {
    const city = await aServedCity()
    const { id } = await ask(city)
    await jobs.idle()
    const file = (query: string) => api().fetch(`/api/v1/cities/${city.key}/coverage-runs/${id}/export?${query}`)
    const csv = await file('format=csv')
    expect(csv.headers.get('content-disposition')).toMatch(new RegExp(`filename="${city.key}-coverage-${id}-\\d{4}-\\d{2}-\\d{2}\\.csv"`))
    const text = await csv.text()
    expect(text).toContain("'=东园")
    expect(text.trim().split('\r\n')).toHaveLength(2)
    expect(await (await file('format=csv&table=units')).text()).toContain('居住用地 residential,city')
    const collection = (await (await file('format=geojson')).json()) as { type: string; passport: Record<string, unknown>; features: { geometry: { type: string }; properties: { people: number } }[] }
    expect(collection).toMatchObject({ type: 'FeatureCollection', features: [{ geometry: { type: 'MultiPolygon' }, properties: { rank: 1, people: 30 } }] })
    expect(Object.values(collection.passport).join()).toContain('GARDEN_CITY_2022 v1')
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(await (await file('format=xlsx')).arrayBuffer())
    expect(workbook.worksheets.map((sheet) => sheet.name)).toEqual(['概要 summary', '盲区 blind spots', '原因 reasons', '单元 units', '敏感性 sensitivity', '未计入 not counted', '方法 method', '计算说明 passport'])
    const ratio = (await look(city, id)).summary!.ratios.residential!.ratio!
    expect(workbook.getWorksheet('概要 summary')!.getSheetValues().find((row) => String((row as unknown[] | undefined)?.[1]).includes('residential：覆盖率'))).toEqual([undefined, '居住用地 residential：覆盖率 ratio', ratio])
    expect(workbook.getWorksheet('方法 method')!.getSheetValues().flat()).toEqual(expect.arrayContaining(['GARDEN_CITY_2022 v1', 0.85, false]))
    expect((await file('format=doc')).status).toBe(400)
  })

  test('as GeoPackage with blind spots, served area and passport', async () => {
    const city = await aServedCity()
    const { id } = await ask(city)
    await jobs.idle()
    const response = await api().fetch(`/api/v1/cities/${city.key}/coverage-runs/${id}/export?format=gpkg`)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 15).toString()).toBe('SQLite format 3')
    for (const table of ['blind_spots', 'served_area', 'passport']) expect(bytes.includes(table)).toBe(true)
  })

  test('as Shapefile in GB18030, with a table of the full names', async () => {
    const city = await aServedCity()
    const { id } = await ask(city)
    await jobs.idle()
    const response = await api().fetch(`/api/v1/cities/${city.key}/coverage-runs/${id}/export?format=shp`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip'])
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    for (const name of ['.shp', '.dbf', '.prj', '.cpg', '.fields.csv']) expect([name, bytes.includes(`${name}`)]).toEqual([name, true])
  })

  test('not before it is finished (conflict), and not from another city (not_found)', async () => {
    const city = await aServedCity()
    const { id } = await ask(city)
    await api().call(cancelCoverageRun, { params: { city: city.key, run: id } })
    await jobs.idle()
    expect((await api().fetch(`/api/v1/cities/${city.key}/coverage-runs/${id}/export?format=csv`)).status).toBe(409)
    const other = await aSmallCity(db)
    await expect(look(other, id)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('service rules', () => {
  test('of data/standards are loaded once; an edited version is refused, a new version is taken', async () => {
    const rules = await readServiceRules()
    expect(await syncServiceRules(db)).toEqual({ added: 0 })
    const edited = rules.map((rule) => (rule.code === 'WHO_300' ? { ...rule, bands: [{ ...rule.bands[0]!, radiusMeters: 301 }] } : rule))
    await expect(syncServiceRules(db, edited)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('WHO_300') })
    expect(rules.map((rule) => rule.code)).toEqual(expect.arrayContaining(['GARDEN_CITY_2022', 'GARDEN_CITY_2016', 'CITY_EXAM', 'POCKET_400', 'SEE_GREEN_300', 'WHO_300', 'TOILET_300', 'GARBAGE_POINT_70', 'KINDERGARTEN_300', 'SHELTER_500']))
  })

  test('of one’s own come as new versions, are used by code, and belong to their city alone', async () => {
    const city = await aServedCity()
    const body = { code: 'OUR_RULE', facility: 'green', titleZh: '我市', titleEn: 'Ours', demand: 'residential' as const, bands: [{ minAreaM2: 0, maxAreaM2: null, zone: 'all' as const, radiusMeters: 200 }], standard: '市标', clause: '1' }
    expect(await api().call(createServiceRule, { params: { city: city.key }, body })).toMatchObject({ version: 1, isOwn: true, verified: false })
    const first = await ask(city, { rule: 'OUR_RULE' })
    await jobs.idle()
    expect((await look(city, first.id)).summary!.ratios.residential!.covered).toBeCloseTo(20_000, 1)
    expect(await api().call(createServiceRule, { params: { city: city.key }, body: { ...body, bands: [{ ...body.bands[0]!, radiusMeters: 400 }] } })).toMatchObject({ version: 2 })
    const second = await ask(city, { rule: 'OUR_RULE' })
    await jobs.idle()
    expect((await look(city, second.id)).summary!.ratios.residential!.covered).toBeCloseTo(40_000, 1)
    const { rules } = await api().call(listServiceRules, { params: { city: city.key } })
    expect(rules.filter((rule) => rule.code === 'OUR_RULE').map((rule) => rule.version)).toEqual([2])
    const other = await aServedCity()
    await expect(ask(other, { rule: 'OUR_RULE' })).rejects.toMatchObject({ code: 'bad_request' })
  })
})
