import ExcelJS from 'exceljs'
import { describe, expect, test } from 'vitest'
import { cancelPlanningRun, getPlanningDrawing, listPlanningRuns, startPlanningRun } from '../../../server/contract/planning.ts'
import { sql } from '../../../server/db/sql.ts'
import { AppError } from '../../../server/errors.ts'
import { executeRun } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi } from '../../helpers/api.ts'
import type { SmallCity } from '../coverage/a-small-city.ts'
import { aSitingServer } from './a-siting-server.ts'

const { db, jobs, api, ask, look, aRow } = aSitingServer()

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
    const picture = await api().call(getPlanningDrawing, { params: { city: city.key, run: first.id } })
    if (picture.kind !== 'siting') throw new Error('no picture of siting')
    const { drawing } = picture
    expect(drawing.homes.servedBy).toEqual([-1, 2, 1, 0])
    expect(drawing.sites.map(({ number, geometry }) => [number, geometry?.type])).toEqual([[1, 'MultiPolygon'], [2, 'MultiPolygon']])
    const { runs } = await api().call(listPlanningRuns, { params: { city: city.key }, query: { kind: 'siting' } })
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

describe('taken away', () => {
  const file = (city: SmallCity, run: string, format: string) => api().fetch(`/api/v1/cities/${city.key}/planning-runs/${run}/export?format=${format}`)

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
})
