import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cancelPlanningRun, getPlanningDrawing, getPlanningRun, listPlanningRuns, type PlanningQuestion, startPlanningRun } from '../../../server/contract/planning.ts'
import type { SitingResult } from '../../../server/contract/planning-siting.ts'
import { syncServiceRules } from '../../../server/coverage/coverage.ts'
import { sql } from '../../../server/db/sql.ts'
import { AppError } from '../../../server/errors.ts'
import { executeRun, startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  await syncServiceRules(db)
  api = await openTestApi(aContext(db, { jobs }))
  await startPlanningJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

type Asked = Partial<Extract<PlanningQuestion, { kind: 'siting' }>['input']>
const ask = (city: SmallCity, input: Asked) => api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'siting', input: { method: 'mclp', radiusMeters: 300, ...input } } })
const look = (city: SmallCity, run: string) => api.call(getPlanningRun, { params: { city: city.key, run } })

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
