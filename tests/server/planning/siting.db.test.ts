import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { cancelPlanningRun, getPlanningDrawing, getPlanningRun, listPlanningRuns, startPlanningRun } from '../../../server/contract/planning.ts'
import { getSitingChoices, type SitingQuestion, type SitingResult } from '../../../server/contract/planning-siting.ts'
import { startCoverageJobs, syncServiceRules } from '../../../server/coverage/coverage.ts'
import { syncSupplyRules } from '../../../server/supply/rules.ts'
import { sql } from '../../../server/db/sql.ts'
import { AppError } from '../../../server/errors.ts'
import { executeRun, startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, positionAt, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  await syncServiceRules(db)
  await syncSupplyRules(db)
  api = await openTestApi(aContext(db, { jobs }))
  await startPlanningJobs(api.context)
  await startCoverageJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

type Asked = Partial<z.input<typeof SitingQuestion>>
const ask = (city: SmallCity, input: Asked) => api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'siting', input: { method: 'mclp', radiusMeters: 300, ...input } } })
async function look(city: SmallCity, id: string) {
  const run = await api.call(getPlanningRun, { params: { city: city.key, run: id } })
  if (run.kind !== 'siting') throw new TypeError(`run ${id} is of kind ${run.kind}`)
  return run
}

async function solve(city: SmallCity, input: Asked): Promise<SitingResult> {
  const { id } = await ask(city, input)
  await jobs.idle()
  const run = await look(city, id)
  expect(run).toMatchObject({ status: 'finished', error: null })
  if (run.kind !== 'siting' || !run.result) throw new Error('no answer of siting')
  return run.result
}

/** Four blocks of homes in a row, 1 km apart, of 100, 200, 300 and 400 people, a plot beside each, and a park beside the last. */
async function aRow(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  for (const [index, people] of [100, 200, 300, 400].entries()) {
    await city.building([index * 1000, 0, 20, 20], people)
    await city.plot([index * 1000, 100, 50, 50], { name: `plot ${index}`, landUse: index === 0 ? '工业仓储用地' : '待建用地' })
  }
  await city.park([3000, -200, 100, 100])
  return city
}

const names = (result: SitingResult) => result.answer!.sites.map(({ name }) => name)

describe('by the straight line', () => {
  test('maximal covering builds where most people are, beside what stands and not counting it', async () => {
    const result = await solve(await aRow(), { p: 2 })
    expect(names(result)).toEqual(['plot 2', 'plot 1'])
    expect(result.answer).toMatchObject({ objective: 900, isProven: true, gap: 0, stoppedBy: 'proven', before: { weight: 400 }, after: { weight: 900 } })
    expect(result.answer!.sites.map(({ gain }) => gain)).toEqual([300, 200])
    expect(result.answer!.sites[1]).toMatchObject({ serves: { demands: 1, weight: 200 }, runnerUp: { name: 'plot 0', difference: 100, weightFactor: 2 } })
    expect(result.answer!.curve!.map(({ objective }) => objective)).toEqual([700, 900, 1000])
    expect(result.counts).toMatchObject({ demands: 4, weight: 1000, candidates: 4, existing: 1 })
  })

  test('set covering needs a site for every block that nothing serves, and none beside the park', async () => {
    const { answer } = await solve(await aRow(), { method: 'lscp' })
    expect(answer).toMatchObject({ objective: 3, isProven: true, after: { weight: 1000 } })
    expect(answer!.sites.map(({ name }) => name)).not.toContain('plot 3')
  })

  test('p-median and p-center count metres to the boundary of what is nearest', async () => {
    const city = await aRow()
    // The plot of the heaviest unserved block: 80 m; the block before it walks to it (1000 - 20 - 50 + … m), the last to the park.
    const median = await solve(city, { method: 'p-median', p: 1 })
    expect(names(median)).toEqual(['plot 1'])
    expect(median.answer!.before).toMatchObject({ weight: 400, greatestMeters: expect.closeTo(2991.6, 0) })
    const center = await solve(city, { method: 'p-center', p: 1 })
    expect(names(center)).toEqual(['plot 1'])
    expect(center.answer).toMatchObject({ isProven: true, objective: center.answer!.after.greatestMeters })
    expect(center.answer!.curve!.map(({ sites }) => sites)[0]).toBe(1)
    expect(center.answer!.curve![0]!.objective).toBe(center.answer!.objective)
  })

  test('people served before are those of a coverage run by the same rule', async () => {
    const city = await aRow()
    const run = await api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, demand: 'population' } })
    await jobs.idle()
    const { summary } = await api.call(getCoverageRun, { params: { city: city.key, run: run.id } })
    expect((await solve(city, { p: 1 })).answer!.before.weight).toBe(summary!.ratios.population!.covered)
  })

  test('candidates are filtered by size, use, ownership and green line, and what is left out is counted by reason', async () => {
    const city = await aRow()
    await city.greenLine([1990, 90, 100, 100])
    const inside = await solve(city, { p: 1, candidates: { from: 'plots', greenLine: 'inside' } })
    expect([names(inside), inside.counts]).toMatchObject([['plot 2'], { candidates: 1, candidatesLeftOut: [{ reason: 'green_line', count: 3 }] }])
    expect(names(await solve(city, { p: 1, candidates: { from: 'plots', landUses: ['工业仓储用地'] } }))).toEqual(['plot 0'])
    const { counts } = await solve(city, { p: 1, radiusMeters: undefined, rule: 'GARDEN_CITY_2022', candidates: { from: 'plots', minAreaM2: 3000 } })
    expect(counts).toMatchObject({ candidates: 0, candidatesLeftOut: [{ reason: 'too_small', count: 4 }] })
  })

  test('a budget buys what serves most for its money', async () => {
    const city = await aRow()
    const { answer } = await solve(city, { budget: 600, prices: { perSite: 100, perM2: 0.08 } })
    expect(answer!.sites.map(({ name, cost }) => [name, cost])).toEqual([['plot 2', 300], ['plot 1', 300]])
  })

  test('capacities: what is full serves no more, standing or new, and each place tells its load', async () => {
    const city = await aRow()
    // A park of 10,000 m² beside 400 people, plots of 2,500 m² each.
    const free = await solve(city, { p: 1 })
    expect([names(free), free.answer!.sites[0]!.load, free.answer!.standing]).toEqual([['plot 2'], undefined, undefined])
    const byArea = await solve(city, { p: 2, capacities: { by: 'area', m2PerPerson: 40 } })
    // The park takes 250 of the 400, each plot 62.5: beside it there are 150 left, beside plot 2 there are 300.
    expect(byArea.answer).toMatchObject({ objective: 375, isProven: true, before: { weight: 250 }, after: { weight: 375 }, standing: { sites: 1, capacity: 250, load: 250, full: 1, unknown: 0 } })
    expect(byArea.answer!.sites.map(({ capacity, load, gain }) => [capacity, load, gain])).toEqual([[62.5, 62.5, 62.5], [62.5, 62.5, 62.5]])
    const byPeople = await solve(city, { p: 2, capacities: { by: 'people', perSite: 350 } })
    expect(byPeople.answer).toMatchObject({ objective: 850, before: { weight: 350 }, standing: { capacity: 350, load: 350 } })
    expect(byPeople.answer!.sites.map(({ name, load }) => [name, load])).toEqual([['plot 2', 300], ['plot 1', 200]])
    expect(byPeople.answer!.curve!.map(({ objective }) => objective)).toEqual([650, 850, 950, 1000])
    const run = await ask(city, { p: 1, capacities: { by: 'rule', rule: 'GREEN_AREA_8' } })
    await jobs.idle()
    const { passport, result } = await look(city, run.id)
    expect(passport).toMatchObject({ basis: { capacityRule: { code: 'GREEN_AREA_8', version: 1, m2PerPerson: 8 } }, methodEn: expect.stringContaining('8 m² per person') })
    expect(result!.answer).toMatchObject({ standing: { capacity: 1250, load: 400 }, sites: [{ name: 'plot 2', capacity: 312.5, load: 300 }] })
  })

  test('capacities that limit nothing, or say nothing, are named', async () => {
    const city = await aRow()
    await city.plot([500, 5000, 10, 10], { name: 'far' })
    const boundless = await solve(city, { p: 1, capacities: { by: 'people', perSite: 5000 } })
    expect(boundless.notices).toMatchObject([{ code: 'capacity_boundless', count: 5 }])
    const none = await solve(city, { p: 1, capacities: { by: 'people', perSite: 0 } })
    expect([none.answer, none.notices.filter(({ isFatal }) => isFatal).map(({ code }) => code)]).toEqual([null, ['capacity_zero']])
  })

  test('a lattice is laid among the homes that nothing serves only', async () => {
    const { answer, counts } = await solve(await aRow(), { p: 1, candidates: { from: 'lattice', spacingMeters: 200 } })
    expect(counts.candidates).toBe(3)
    expect(answer!.sites[0]).toMatchObject({ id: null, gain: 300, areaM2: 0 })
  })

  test('a lattice keeps clear of water, buildings and roads, moves aside where there is room, and says what it put aside', async () => {
    const city = await aRow()
    // The square of the third block is under water; in that of the second a hall stands over the middle.
    await city.water([1990, -10, 220, 220], 'lake')
    await city.building([1070, 70, 60, 60], null)
    const { answer, counts } = await solve(city, { p: 2, candidates: { from: 'lattice', spacingMeters: 200, areaM2: 400 } })
    expect(counts).toMatchObject({ candidates: 2, candidatesLeftOut: [{ reason: 'on_water', count: 1 }] })
    expect(answer!.sites.map(({ gain }) => gain)).toEqual([200, 100])
    const [x, y] = answer!.sites[0]!.position
    // A quarter of the square north of the middle.
    expect([x, y].map((degree) => degree.toFixed(5))).toEqual(positionAt(1100, 150).map((degree) => degree.toFixed(5)))
  })

  test('with the unserved alone, whoever is served already neither counts nor draws', async () => {
    const result = await solve(await aRow(), { method: 'p-median', p: 1, unservedOnly: true })
    expect(result.counts).toMatchObject({ demands: 3, weight: 600 })
  })
})

describe('over the walking network', () => {
  test('a river with one bridge turns the choice: the plot on the near bank serves, the nearer one across does not', async () => {
    const city = await aSmallCity(db)
    await city.building([0, 0, 10, 10], 50)
    await city.plot([0, 110, 20, 20], { name: 'across' })
    await city.plot([210, 0, 20, 20], { name: 'near bank' })
    await city.path([[5, 20], [220, 25]])
    await city.path([[5, 105], [1000, 105]])
    await city.path([[220, 25], [1000, 25]])
    await city.path([[1000, 25], [1000, 105]], 'bridge')
    expect(names(await solve(city, { p: 1, ruler: 'straight', radiusMeters: 200 }))).toEqual(['across'])
    const walked = await solve(city, { p: 1, ruler: 'walk', radiusMeters: 250 })
    expect(names(walked)).toEqual(['near bank'])
    expect(walked.answer).toMatchObject({ objective: 50, isProven: true, sites: [{ serves: { meanMeters: expect.closeTo(215, -1) } }] })
  })

  test('homes and plots beside no path are named', async () => {
    const city = await aSmallCity(db)
    await city.building([0, 0, 10, 10], 50)
    await city.building([5000, 5000, 10, 10], 7)
    await city.plot([100, 30, 20, 20], { name: 'beside' })
    await city.plot([100, 600, 20, 20], { name: 'off' })
    await city.path([[0, 20], [200, 20]])
    const result = await solve(city, { p: 1, ruler: 'walk' })
    expect(names(result)).toEqual(['beside'])
    expect(result.notices).toMatchObject([{ code: 'islands_unserved', count: 1, weight: 7 }, { code: 'homes_off_network', count: 1 }, { code: 'candidates_off_network', count: 1 }])
    expect(result.counts.candidatesLeftOut).toEqual([{ reason: 'off_network', count: 1 }])
  })

  test('without a network the run says what would help', async () => {
    const { id } = await ask(await aRow(), { p: 1, ruler: 'walk' })
    await expect(jobs.idle()).rejects.toMatchObject({ code: 'conflict' })
    expect((await db.query<{ message: string }>(sql`select error->>'message' as message from planning_runs where public_id = ${id}`))[0]!.message).toContain('--kind paths')
  })
})

describe('a question without a meaningful answer is told what is wrong, by name', () => {
  const codes = ({ answer, notices }: SitingResult) => [answer, notices.filter(({ isFatal }) => isFatal).map(({ code }) => code)]

  test('homes that nothing reaches: with how many people and where; left out on request', async () => {
    const city = await aRow()
    await city.building([9000, 9000, 20, 20], 5)
    for (const method of ['lscp', 'p-center'] as const) {
      const p = method === 'lscp' ? null : 1
      const refused = await solve(city, { method, p })
      expect(codes(refused)).toEqual([null, ['islands']])
      expect(refused.notices[0]).toMatchObject({ count: 1, weight: 5, places: [expect.anything()] })
      const answered = await solve(city, { method, p, islands: 'leave_out' })
      expect([answered.answer!.isProven, answered.notices.map(({ code }) => code)]).toEqual([true, ['islands_left_out']])
    }
  })

  test('no candidates, nobody to serve, more sites than candidates', async () => {
    const city = await aRow()
    expect(codes(await solve(city, { p: 1, candidates: { from: 'plots', minAreaM2: 9999 } }))).toEqual([null, ['no_candidates']])
    expect(codes(await solve(city, { p: 5 }))).toEqual([null, ['p_above_candidates']])
    const empty = await aSmallCity(db)
    await empty.building([0, 0, 10, 10], 1)
    await empty.park([0, 0, 100, 100])
    await empty.plot([0, 0, 10, 10])
    expect(codes(await solve(empty, { p: 1, unservedOnly: true }))).toEqual([null, ['no_demands']])
  })

  test.each([
    [{ method: 'lscp', p: 2 }, 'neither p nor a budget'],
    [{ method: 'p-median', p: null }, 'Give p'],
    [{ p: 2, budget: 10 }, 'either p or a budget'],
    [{ budget: 10 }, 'needs prices'],
    [{ method: 'p-median', p: 2, capacities: { by: 'area', m2PerPerson: 8 } }, 'Only maximal covering takes capacities'],
    [{ p: 2, demand: 'buildings', capacities: { by: 'area', m2PerPerson: 8 } }, 'ask for the population'],
    [{ p: 2, facility: 'toilet', capacities: { by: 'rule' } }, 'no norm of land per person'],
    [{ p: 2, radiusMeters: undefined, rule: 'NO_SUCH' }, 'NO_SUCH'],
  ] as [Asked, string][])('%j is refused at once', async (input, words) => {
    await expect(ask(await aRow(), input)).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining(words) })
  })
})

test('what stands is fixed: opening one more park never takes a new site away, and no answer with it serves fewer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 9 })), { minLength: 2, maxLength: 6 }), fc.integer({ min: 0, max: 20 }), async (blocks, parkAt) => {
      const city = await aSmallCity(db)
      for (const [place, people] of blocks) await city.building([place * 100, 0, 10, 10], people)
      for (const place of [0, 5, 10, 15, 20]) await city.plot([place * 100, 20, 10, 10])
      const before = (await solve(city, { p: 2, radiusMeters: 150 })).answer
      await city.park([parkAt * 100, 20, 10, 10])
      const after = (await solve(city, { p: 2, radiusMeters: 150 })).answer
      if (!before || !after) return
      expect(after.objective).toBeGreaterThanOrEqual(before.objective)
      expect(after.objective).toBe(after.after.weight)
      expect(after.sites.length).toBeLessThanOrEqual(2)
    }),
    { numRuns: 4 },
  )
})

describe('a search that takes long', () => {
  /** Three thousand homes and two hundred plots strewn over 8 km, with weights that are no whole numbers: minutes to prove. */
  async function aHardTown(): Promise<SmallCity> {
    const city = await aSmallCity(db)
    const [buildings, plots] = [await city.layer('buildings'), await city.layer('leftover_plots')]
    const strewn = (seed: number, size: number) => sql`st_multi(st_transform(st_makeenvelope(500000 + x, 2500000 + y, 500000 + x + ${size}::float8, 2500000 + y + ${size}::float8, 4547), 4490))
      from (select n, 8000 * abs(sin(n * ${seed}::float8)) as x, 8000 * abs(cos(n * n * ${seed}::float8)) as y from generate_series(1, ${seed === 1.7 ? 3000 : 200}::int) n) strewn`
    await db.query(sql`insert into buildings (public_id, city_id, layer_id, source_key, content_hash, population, area_m2, geom)
      select gen_random_uuid(), ${city.cityId}, ${buildings}, n::text, '', 1 + abs(sin(n * 3.3)), 100, ${strewn(1.7, 10)}`)
    await db.query(sql`insert into leftover_plots (public_id, city_id, layer_id, source_key, content_hash, area_m2, geom) select gen_random_uuid(), ${city.cityId}, ${plots}, n::text, '', 100, ${strewn(2.9, 10)}`)
    return city
  }

  test('tells the best so far, and keeps it when it is cancelled: with its bound, its reasons, and not as proven', async () => {
    const city = await aHardTown()
    const { id } = await ask(city, { p: 20, radiusMeters: 900, timeLimitSeconds: 120 })
    const interim = await vi.waitFor(async () => {
      const run = await look(city, id)
      expect(run.interim?.objective).toBeGreaterThan(0)
      return run.interim!
    }, { timeout: 30_000, interval: 100 })
    expect(interim).toMatchObject({ sites: 20, places: { length: 20 } })
    await api.call(cancelPlanningRun, { params: { city: city.key, run: id } })
    await jobs.idle()
    const run = await look(city, id)
    expect(run).toMatchObject({ status: 'cancelled', interim: null, result: { answer: { isProven: false, stoppedBy: 'cancelled', hasReasons: true } } })
    const answer = run.result!.answer!
    expect(answer.sites).toHaveLength(20)
    expect(answer.objective).toBeGreaterThanOrEqual(interim.objective!)
    expect(answer.bound).toBeGreaterThanOrEqual(answer.objective)
    expect(answer.gap).toBeLessThan(0.3)
    expect((await ask(city, { p: 20, radiusMeters: 900, timeLimitSeconds: 2 })).id).not.toBe(id)
    await jobs.idle()
  })
})

describe('taken away', () => {
  const file = (city: SmallCity, run: string, format: string) => api.fetch(`/api/v1/cities/${city.key}/planning-runs/${run}/export?format=${format}`)

  test('as CSV, GeoJSON, XLSX and GeoPackage: sites by gain with their plots, named by city, run and date', async () => {
    const city = await aRow()
    const { id } = await ask(city, { p: 2 })
    await jobs.idle()
    const csv = await file(city, id, 'csv')
    expect(csv.headers.get('content-disposition')).toMatch(new RegExp(`filename="${city.key}-sites-${id}-\\d{4}-\\d{2}-\\d{2}\\.csv"`))
    const lines = (await csv.text()).trim().split('\r\n')
    expect([lines.length, lines[1]]).toEqual([3, expect.stringMatching(/^1,plot 2,,300,300,/)])
    const collection = (await (await file(city, id, 'geojson')).json()) as { features: { geometry: { type: string }; properties: Record<string, unknown> }[] }
    expect(collection.features.map(({ geometry, properties }) => [geometry.type, properties['name'], properties['gain']])).toEqual([['MultiPolygon', 'plot 2', 300], ['MultiPolygon', 'plot 1', 200]])
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(await (await file(city, id, 'xlsx')).arrayBuffer())
    expect(workbook.worksheets.map((sheet) => sheet.name)).toEqual(['概要 summary', '新建点 sites', '为什么 why', '曲线 curve', '须知 notices', '方法 method', '计算说明 passport'])
    const packed = Buffer.from(await (await file(city, id, 'gpkg')).arrayBuffer())
    for (const table of ['sites', 'homes', 'passport']) expect(packed.includes(table)).toBe(true)
    // Plots and points are of two sorts: a Shapefile holds where they are.
    expect(Buffer.from(await (await file(city, id, 'shp')).arrayBuffer()).subarray(0, 2).toString()).toBe('PK')
  })

  test('not without sites (conflict), and in no other format', async () => {
    const city = await aRow()
    const { id } = await ask(city, { p: 5 })
    await jobs.idle()
    expect((await file(city, id, 'csv')).status).toBe(409)
    expect((await file(city, id, 'doc')).status).toBe(400)
  })

  test('what a city can be asked about is told with counts', async () => {
    const { plots, landUses, hasNetwork, hasGreenLines } = await api.call(getSitingChoices, { params: { city: (await aRow()).key } })
    expect({ plots, landUses, hasNetwork, hasGreenLines }).toEqual({ plots: 4, landUses: [{ value: '待建用地', count: 3 }, { value: '工业仓储用地', count: 1 }], hasNetwork: false, hasGreenLines: false })
  })
})

describe('a planning run', () => {
  test('is answered from the store until the data or the question changes, and its drawing is fetched by itself', async () => {
    const city = await aRow()
    const first = await ask(city, { p: 2 })
    expect(first).toMatchObject({ reused: false, kind: 'siting', input: { facility: 'green', demand: 'population' } })
    await jobs.idle()
    expect(await ask(city, { p: 2 })).toMatchObject({ id: first.id, reused: true, status: 'finished' })
    expect((await ask(city, { p: 1 })).id).not.toBe(first.id)
    await city.plot([5000, 0, 50, 50])
    expect((await ask(city, { p: 2 })).id).not.toBe(first.id)
    await jobs.idle()
    const picture = await api.call(getPlanningDrawing, { params: { city: city.key, run: first.id } })
    if (picture.kind !== 'siting') throw new Error('no picture of siting')
    const { drawing } = picture
    expect(drawing.homes.servedBy).toEqual([-1, 2, 1, 0])
    expect(drawing.sites.map(({ number, geometry }) => [number, geometry?.type])).toEqual([[1, 'MultiPolygon'], [2, 'MultiPolygon']])
    const { runs } = await api.call(listPlanningRuns, { params: { city: city.key }, query: { kind: 'siting' } })
    expect(runs.map(({ status }) => status)).toEqual(['finished', 'finished', 'finished'])
  })

  test('tells open consoles of every change, and its passport names rule, inputs, formula and method', async () => {
    const city = await aRow()
    const { id } = await ask(city, { p: 1, radiusMeters: undefined, rule: 'GARDEN_CITY_2022' })
    await jobs.idle()
    const events = await db.query<{ payload: { type: string; runId: string; status: string; percent: number } }>(sql`select payload from live_events where city_id = ${city.cityId} order by id`)
    const told = events.map((event) => event.payload)
    expect(told.every(({ type, runId }) => type === 'planning.changed' && runId === id)).toBe(true)
    expect(told.map(({ percent }) => percent)).toEqual(told.map(({ percent }) => percent).toSorted((a, b) => a - b))
    expect(told.at(-1)).toMatchObject({ status: 'finished', percent: 100 })
    expect((await look(city, id)).passport).toMatchObject({
      basis: { rule: { code: 'GARDEN_CITY_2022' } }, formula: expect.stringContaining('max'), methodZh: expect.stringContaining('最大覆盖'), methodEn: expect.stringContaining('Maximal covering'), measureSrid: 4547,
      inputs: expect.arrayContaining([{ kind: 'leftover_plots', layer: 'leftover_plots', version: 5, rows: 4 }]),
    })
  })

  test('that waits is cancelled, and the question is free again; one that a stopping server left is taken up', async () => {
    const city = await aRow()
    const waiting = aContext(db, { jobs: { ...aJobRunner(), enqueue: async () => {} } })
    const other = await openTestApi(waiting)
    const body = { kind: 'siting', input: { method: 'mclp', radiusMeters: 300, p: 1 } } as const
    const first = await other.call(startPlanningRun, { params: { city: city.key }, body })
    expect(await other.call(cancelPlanningRun, { params: { city: city.key, run: first.id } })).toMatchObject({ status: 'cancelled', result: null })
    const { id } = await other.call(startPlanningRun, { params: { city: city.key }, body })
    expect(id).not.toBe(first.id)
    await other.close()
    await executeRun(waiting, id, AbortSignal.abort(new AppError('unavailable', 'The server is stopping.')))
    expect(await look(city, id)).toMatchObject({ status: 'waiting' })
    await executeRun(waiting, id, new AbortController().signal)
    expect(await look(city, id)).toMatchObject({ status: 'finished' })
  })
})
