import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getBasemap } from '../../../server/contract/basemap.ts'
import { type FeatureDetail, FeatureKind, getFeature, listFeatures, listGridMeasure, listLayers, search } from '../../../server/contract/layers.ts'
import type { LiveEvent } from '../../../server/contract/live.ts'
import { getCity } from '../../../server/cities/cities.ts'
import { sql } from '../../../server/db/sql.ts'
import { layersChanged } from '../../../server/layers/changed.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aFeature, aTown, CENTER, square, type Town } from './town.ts'

const db = openTestDb()
const NOW = new Date('2026-03-01T04:00:00Z')
let town: Town
let api: TestApi
let park: string
beforeAll(async () => {
  town = await aTown(db, { blocks: 4 })
  api = await openTestApi(aContext(db, { clock: () => NOW }))
  park = await aFeature(db, town, 'green_spaces', square(0.02, 0.02, 0.001), { name: '百花园', class_code: 'G12', built_year: 1998, attributes: JSON.stringify({ 备注: '<b>旧称</b>' }) })
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const fieldOf = (detail: FeatureDetail, key: string) => detail.fields.find((field) => field.key === key)

/** An incident with what a test needs of it. */
async function anIncident(columns: { state?: string; due?: string; reported?: string; grid?: string; number?: string; drill?: boolean; address?: string }): Promise<string> {
  const id = uuidv7()
  await db.query(sql`insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, grid_code, reported_at, due_at, is_drill, address)
    values (${id}, ${town.cityId}, ${columns.number ?? id}, 'GBT30428.2-2013', 'event', '0110', '暴露垃圾', '01', 3, 'class', ${columns.state ?? 'disposing'}, 'hotline_12345', '王某', 'map',
      st_setsrid(st_makepoint(${CENTER[0] + 0.0001}, ${CENTER[1] + 0.0001}), 4490), ${columns.grid ?? '420100001001001'}, ${columns.reported ?? '2026-02-20T00:00:00Z'}, ${columns.due ?? '2026-02-21T00:00:00Z'}, ${columns.drill ?? false}, ${columns.address ?? null})`)
  await db.query(sql`insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at, opinion)
    select id, 1, 'submit', null, 'pending_accept', 'hotline', '2026-02-20T00:00:00Z', null from incidents where public_id = ${id}`)
  return id
}

test('the catalogue lists every layer in the panel’s order with its rows, those outside the city apart', async () => {
  await aFeature(db, town, 'water_bodies', square(3, 3, 0.01), { name: '外湖', outside_city: true })
  await aFeature(db, town, 'water_bodies', square(0.5, 0.5, 0.01), { name: '旧湖', valid_to: '2026-01-01T00:00:00Z' })
  const { layers } = await api.call(listLayers, { params: { city: town.key } })
  expect(layers.map(({ kind }) => FeatureKind.options.indexOf(kind))).toEqual(layers.map(({ kind }) => FeatureKind.options.indexOf(kind)).sort((a, b) => a - b))
  expect(layers.find(({ kind }) => kind === 'unit_grids')).toMatchObject({ rowCount: 16, outsideCount: 0, owner: '测试局', dataDate: '2026-01-01' })
  expect(layers.find(({ kind }) => kind === 'water_bodies')).toMatchObject({ rowCount: 2, outsideCount: 1 })
  expect(layers.find(({ kind }) => kind === 'path_edges')).toMatchObject({ rowCount: 0 })
})

test('a park is told in words in both languages, with its measured area, its source’s own columns and its layer', async () => {
  const detail = await api.call(getFeature, { params: { city: town.key, kind: 'green_spaces', id: park } })
  expect(detail).toMatchObject({ titleZh: '百花园', measureName: 'CGCS2000 / 3-degree Gauss-Kruger CM 114E', attributes: { 备注: '<b>旧称</b>' }, layer: { owner: '测试局', dataDate: '2026-01-01' } })
  expect(fieldOf(detail, 'class_code')).toMatchObject({ labelZh: '类别', labelEn: 'Class', value: 'G12', valueZh: '社区公园', valueEn: 'Community park' })
  expect(fieldOf(detail, 'area_m2')).toMatchObject({ unit: 'm²' })
  expect(Number(fieldOf(detail, 'area_m2')?.value)).toBeGreaterThan(10_000)
  expect(fieldOf(detail, 'counts_as_activity_site')).toMatchObject({ value: true, valueZh: '是', valueEn: 'Yes' })
  expect(fieldOf(detail, 'valid_to')).toBeUndefined()
  expect(fieldOf(detail, 'entrances')).toMatchObject({ labelZh: '出入口数', value: 0 })
  expect(detail.boundingBox?.[0]).toBeCloseTo(CENTER[0] + 0.02, 6)
  expect(detail.geometry?.type).toBe('MultiPolygon')
})

test('every kind of feature can be opened and every field of it has a name in both languages', async () => {
  const others: [Exclude<FeatureKind, 'incidents'>, Record<string, unknown>][] = [
    ['green_lines', { name: '绿线一' }], ['leftover_plots', { class: 'idle' }], ['residential_areas', { name: '桂花里' }], ['population_cells', { code: 'c1', population: 10 }],
    ['built_up_areas', {}], ['historic_districts', { name: '老街' }], ['terrain_areas', { name: '青山' }],
    ['control_areas', { name: '夜市', kind: 'no_report', from_minute: 1080, to_minute: 1440 }], ['permits', { name: '外摆', kind: 'occupation', starts_at: '2026-01-01T00:00:00Z' }],
  ]
  for (const [kind, columns] of others) await aFeature(db, town, kind, square(0.05, 0.05, 0.001), columns)
  await anIncident({ number: 'S1' })
  for (const kind of FeatureKind.options.filter((name) => name !== 'path_edges')) {
    const { rows, total } = await api.call(listFeatures, { params: { city: town.key, kind }, query: { limit: 1 } })
    expect(total, kind).toBeGreaterThan(0)
    const detail = await api.call(getFeature, { params: { city: town.key, kind, id: rows[0]!.id } })
    expect(detail.titleZh, kind).toMatch(/./)
    for (const field of detail.fields) {
      expect(field.labelZh, `${kind} ${field.key}`).toMatch(/\p{Script=Han}/u)
      expect(field.labelEn, `${kind} ${field.key}`).toMatch(/^[A-Z]/)
    }
  }
})

test('the history of a feature names what each version changed, newest first', async () => {
  const key = 'garden-7'
  const first = await aFeature(db, town, 'green_spaces', square(0.03, 0.03, 0.001), { source_key: key, name: '七号园', class_code: 'G14', valid_from: '2024-05-01T00:00:00Z', valid_to: '2025-05-01T00:00:00Z' })
  const second = await aFeature(db, town, 'green_spaces', square(0.03, 0.03, 0.002), { source_key: key, name: '七号公园', class_code: 'G14', valid_from: '2025-05-01T00:00:00Z', version: 2 })
  const detail = await api.call(getFeature, { params: { city: town.key, kind: 'green_spaces', id: second } })
  expect(detail.history.map(({ what }) => what)).toEqual(['第 2 版：更新名称、面积、图形', '首次录入'])
  expect(detail.history[0]?.whatEn).toBe('Version 2: Name, Area, Shape changed')
  const earlier = await api.call(getFeature, { params: { city: town.key, kind: 'green_spaces', id: first } })
  expect(fieldOf(earlier, 'valid_to')).toMatchObject({ valueZh: '2025-05-01 08:00' })
})

test('an incident tells its flow, its place by name and never who reported it', async () => {
  const id = await anIncident({ number: 'S20260220001' })
  await db.query(sql`update incidents set street_code = '420100001000' where public_id = ${id}`)
  const detail = await api.call(getFeature, { params: { city: town.key, kind: 'incidents', id } })
  expect(detail.titleZh).toBe('暴露垃圾 S20260220001')
  expect(detail.history).toMatchObject([{ what: '上报 → 待受理', actor: 'hotline' }])
  expect(fieldOf(detail, 'state')).toMatchObject({ valueZh: '处置中', valueEn: 'Being handled' })
  expect(fieldOf(detail, 'street_code')).toMatchObject({ value: '420100001000', valueZh: '锦绣街道' })
  expect(fieldOf(detail, 'reported_at')).toMatchObject({ valueZh: '2026-02-20 08:00' })
  expect(JSON.stringify(detail)).not.toContain('王某')
})

test('a feature that is not there, or of another city, is not found', async () => {
  await expect(api.call(getFeature, { params: { city: town.key, kind: 'roads', id: park } })).rejects.toMatchObject({ code: 'not_found' })
  const other = await aTown(db, { blocks: 1 })
  await expect(api.call(getFeature, { params: { city: other.key, kind: 'green_spaces', id: park } })).rejects.toMatchObject({ code: 'not_found' })
  await expect(api.call(getFeature, { params: { city: town.key, kind: 'roads', id: 'x' } })).rejects.toMatchObject({ code: 'bad_request' })
})

test('pages of the list hold every row once and the total says how many there are', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await api.call(listFeatures, { params: { city: town.key, kind: 'buildings' }, query: { limit: 5, ...(cursor ? { cursor } : {}) } })
    expect(page.total).toBe(16)
    seen.push(...page.rows.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect([seen.length, new Set(seen).size]).toEqual([16, 16])
  await expect(api.call(listFeatures, { params: { city: town.key, kind: 'buildings' }, query: { cursor: 'x; drop' } })).rejects.toMatchObject({ code: 'bad_request' })
})

test('the list obeys the box, the text and the layer, and names classes in both languages', async () => {
  const [x, y] = CENTER
  const list = (query: Record<string, string>) => api.call(listFeatures, { params: { city: town.key, kind: 'unit_grids' }, query })
  expect((await list({ boundingBox: `${x + 0.0001},${y + 0.0001},${x + 0.001},${y + 0.001}` })).total).toBe(1)
  expect((await list({ text: '001016' })).rows.map(({ code }) => code)).toEqual(['420100001001016'])
  expect((await list({ text: '%' })).total).toBe(0)
  expect((await list({ layer: 'unit-grids' })).total).toBe(16)
  expect((await list({ layer: 'other' })).total).toBe(0)
  expect((await list({})).rows[0]).toMatchObject({ classLabel: 'A 类', classLabelEn: 'Grade A' })
  const part = (await api.call(listFeatures, { params: { city: town.key, kind: 'parts' }, query: { limit: 1 } })).rows[0]
  expect(part?.center?.[0]).toBeCloseTo(x + 0.0003, 5)
})

test('two characters find a park, a code’s beginning finds cells, a whole name comes first, and each road once', async () => {
  const ask = async (text: string) => (await api.call(search, { params: { city: town.key }, query: { text } })).hits
  expect((await ask('百花'))[0]).toMatchObject({ kind: 'green_spaces', id: park, title: '百花园', subtitleZh: '绿地 · 社区公园', subtitleEn: 'Green spaces · Community park' })
  expect((await ask('花园')).map(({ title }) => title)).toContain('百花园')
  const cells = await ask('42010000100101')
  expect(cells.filter(({ kind }) => kind === 'unit_grids').map(({ title }) => title).sort()).toEqual(['420100001001010', '420100001001011', '420100001001012', '420100001001013', '420100001001014', '420100001001015', '420100001001016'])
  expect((await ask('420100001001011'))[0]?.title).toBe('420100001001011')
  const roads = (await ask('锦绣路1')).filter(({ kind }) => kind === 'roads')
  expect(roads.map(({ title }) => title)).toEqual(['锦绣路1'])
  expect((await ask('jinxiu road 2')).map(({ title }) => title)).toContain('锦绣路2')
  await anIncident({ number: 'S20260301777', address: '桃花巷7号' })
  expect((await ask('s20260301777'))[0]).toMatchObject({ kind: 'incidents', title: '暴露垃圾' })
  expect((await ask('桃花巷')).map(({ kind }) => kind)).toContain('incidents')
  expect(await ask('%')).toEqual([])
  expect(await ask("'; drop table parts; --")).toEqual([])
})

test('cells carry the measure asked for: cases by their state and limit, people, parts, green', async () => {
  const place = { grid: '420100001001002' }
  await anIncident({ ...place, due: '2026-02-21T00:00:00Z' })
  await anIncident({ ...place, due: '2026-04-01T00:00:00Z' })
  await anIncident({ ...place, state: 'closed', reported: '2026-02-10T00:00:00Z' })
  await anIncident({ ...place, state: 'closed', reported: '2025-12-01T00:00:00Z' })
  await anIncident({ ...place, drill: true })
  const measure = async (name: 'open_incidents' | 'overdue_incidents' | 'incidents_30_days' | 'population' | 'parts' | 'green_share') => {
    const answer = await api.call(listGridMeasure, { params: { city: town.key, measure: name } })
    expect(answer.ids.length).toBe(16)
    return answer.values[answer.codes.indexOf('420100001001002')]
  }
  expect([await measure('open_incidents'), await measure('overdue_incidents'), await measure('incidents_30_days')]).toEqual([2, 1, 3])
  // No cell has a number of its own: the one building in it has a hundred people.
  expect(await measure('population')).toBe(100)
  const parts = await api.call(listGridMeasure, { params: { city: town.key, measure: 'parts' } })
  expect(parts.values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(8)
  const green = await api.call(listGridMeasure, { params: { city: town.key, measure: 'green_share' } })
  expect(green.unit).toBe('%')
  expect(green.values[green.codes.indexOf('420100001001001')]).toBeGreaterThan(80)
  expect(Math.max(...green.values.map((value) => value ?? 0))).toBeLessThanOrEqual(100)
})

test('a cell half under a park is half green, two parks over each other counted once; a write is seen at once', async () => {
  const other: Town = { ...(await aTown(db, { blocks: 1 })) }
  const measure = async () => (await api.call(listGridMeasure, { params: { city: other.key, measure: 'green_share' } })).values
  await db.query(sql`delete from green_spaces where city_id = ${other.cityId}`)
  await db.transaction((tx) => layersChanged(tx, other, ['green_spaces']))
  expect(await measure()).toEqual([0])
  const half = `MULTIPOLYGON(((${CENTER[0]} ${CENTER[1]},${CENTER[0] + 0.0006} ${CENTER[1]},${CENTER[0] + 0.0006} ${CENTER[1] + 0.0011},${CENTER[0]} ${CENTER[1] + 0.0011},${CENTER[0]} ${CENTER[1]})))`
  await aFeature(db, other, 'green_spaces', half)
  await aFeature(db, other, 'green_spaces', half)
  await db.transaction((tx) => layersChanged(tx, other, ['green_spaces']))
  expect((await measure())[0]).toBeCloseTo(50, 0)
})

test('a writer’s change bumps the versions and writes one live event that carries them', async () => {
  const before = (await getCity(db, town.key)).tileVersions
  await db.transaction((tx) => layersChanged(tx, town, ['roads', 'parts', 'roads']))
  const { tileVersions } = await getCity(db, town.key)
  expect([tileVersions['roads']! - before['roads']!, tileVersions['parts']! - before['parts']!, tileVersions['buildings']! - before['buildings']!]).toEqual([1, 1, 0])
  const [event] = await db.query<{ payload: LiveEvent }>(sql`select payload from live_events where city_id = ${town.cityId} order by id desc limit 1`)
  expect(event?.payload).toEqual({ type: 'layers.changed', city: town.key, kinds: ['roads', 'parts'], tileVersions })
})

test('the basemap is the city’s own, and says so', async () => {
  expect(await api.call(getBasemap)).toMatchObject({ kind: 'own', configured: 'own', noteZh: null })
})
