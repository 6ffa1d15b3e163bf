import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { countIncidents, ENDED_STATES, type IncidentFilterInput, IncidentSource, IncidentState, listIncidents } from '../../../server/contract/incidents.ts'
import { decodeIncidentPoints, INCIDENT_POINTS_TYPE } from '../../../server/contract/incident-points.ts'
import { isOverdue, LIMIT_RUNNING_STATES } from '../../../server/contract/incident-workflow.ts'
import { sql } from '../../../server/db/sql.ts'
import { openIncident, overdueIncident } from '../../../server/incidents/incidents.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aLayer, report } from './reporting.ts'

const NOW = new Date('2026-11-20T09:30:00Z')
const db = openTestDb()
let api: TestApi
let city: TestCity

/** What the model knows of a row; the filter is said once more over it, in plain JavaScript. */
interface Row {
  id: string
  state: IncidentState
  source: IncidentSource
  severity: 1 | 2 | 3
  kind: 'part' | 'event'
  code: string
  street: string | null
  position: [number, number] | null
  reportedAt: number
  dueAt: number | null
  outside: boolean
  drill: boolean
  layer: string | null
  words: string
}

const CODES = ['0101', '0112', '0505', '0110']
const STREETS = ['420101001000', '420101002000', null]
const WORDS = ['道路不洁', 'Trash_bin 50% full', 'back\\slash', '单引号 \' or 1=1 --']
let rows: Row[] = []

function aRow(index: number): Row {
  // Small primes give every combination without dice.
  const state = IncidentState.options[index % 16] as IncidentState
  return {
    id: uuidv7(),
    state,
    source: IncidentSource.options[(index * 7) % 10] as IncidentSource,
    severity: ((index % 3) + 1) as 1 | 2 | 3,
    kind: index % 5 === 0 ? 'part' : 'event',
    code: CODES[(index * 3) % 4] as string,
    street: STREETS[(index * 11) % 3] ?? null,
    position: index % 9 === 0 ? null : [114 + (index % 40) / 100, 30 + (index % 23) / 100],
    reportedAt: NOW.getTime() - index * 3_600_000,
    dueAt: index % 4 === 0 ? null : NOW.getTime() + ((index % 7) - 3) * 3_600_000,
    outside: index % 13 === 0,
    drill: index % 17 === 0,
    layer: index % 6 === 0 ? 'old-cases' : null,
    words: WORDS[(index * 5) % 4] as string,
  }
}

beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db, { clock: () => NOW }))
  city = await aCity(db)
  const layer = await aLayer(db, city, 'old-cases', 'incidents')
  rows = Array.from({ length: 400 }, (_, index) => aRow(index))
  for (const [index, row] of rows.entries()) {
    await db.query(sql`
      insert into incidents (public_id, city_id, layer_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by,
        description, place_method, geom, outside_city, is_drill, street_code, reported_at, due_at)
      values (${row.id}, ${city.cityId}, ${row.layer ? layer : null}, ${`T-${index}`}, 'GBT30428.2-2013', ${row.kind}, ${row.code}, ${`小类${row.code}`}, ${row.code.slice(0, 2)}, ${row.severity}, 'class', ${row.state}, ${row.source}, '甲',
        ${row.words}, ${row.position ? 'gps' : 'none'}, st_setsrid(st_makepoint(${row.position?.[0] ?? null}::float8, ${row.position?.[1] ?? null}::float8), 4490), ${row.outside}, ${row.drill}, ${row.street},
        ${new Date(row.reportedAt).toISOString()}::timestamptz, ${row.dueAt === null ? null : new Date(row.dueAt).toISOString()}::timestamptz)`)
  }
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const isEnded = (row: Row) => (ENDED_STATES as readonly string[]).includes(row.state)
const isLate = (row: Row) => isOverdue({ state: row.state, dueAt: row.dueAt === null ? null : new Date(row.dueAt).toISOString() }, NOW.getTime())
const some = <T>(given: readonly T[] | undefined, wanted: (item: T) => boolean) => !given || given.length === 0 || given.some(wanted)

interface Asked {
  states?: IncidentState[]
  status?: 'open' | 'overdue' | 'ended'
  sources?: IncidentSource[]
  severities?: number[]
  classes?: string[]
  areas?: string[]
  boundingBox?: [number, number, number, number]
  from?: number
  to?: number
  text?: string
  layers?: string[]
  includeDrills?: boolean
  includeOutside?: boolean
}

function passes(row: Row, asked: Asked): boolean {
  const box = asked.boundingBox
  return (
    (asked.includeDrills || !row.drill) &&
    (asked.includeOutside || !row.outside) &&
    some(asked.states, (state) => state === row.state) &&
    (row.state !== 'draft' || asked.states?.includes('draft') === true) &&
    (asked.status === undefined || { open: !isEnded(row), overdue: isLate(row), ended: isEnded(row) }[asked.status]) &&
    some(asked.sources, (source) => source === row.source) &&
    some(asked.severities, (severity) => severity === row.severity) &&
    some(asked.classes, (reference) => `${row.kind}:${row.code}`.startsWith(reference)) &&
    some(asked.areas, (area) => area === row.street) &&
    (!box || (row.position !== null && row.position[0] >= box[0] && row.position[0] <= box[2] && row.position[1] >= box[1] && row.position[1] <= box[3])) &&
    (asked.from === undefined || row.reportedAt >= asked.from) &&
    (asked.to === undefined || row.reportedAt < asked.to) &&
    (!asked.text || row.words.toLowerCase().includes(asked.text.toLowerCase())) &&
    some(asked.layers, (layer) => layer === row.layer)
  )
}

function asQuery(asked: Asked): IncidentFilterInput {
  const { states, sources, severities, classes, areas, layers, boundingBox, from, to, includeDrills, includeOutside, ...rest } = asked
  const lists = Object.fromEntries(Object.entries({ states, sources, severities, classes, areas, layers, boundingBox }).flatMap(([key, list]) => (list?.length ? [[key, list.join(',')]] : [])))
  return {
    ...rest,
    ...lists,
    ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
    ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    ...(includeDrills ? { includeDrills: 'true' } : {}),
    ...(includeOutside ? { includeOutside: 'true' } : {}),
  }
}

const hours = fc.integer({ min: -10, max: 410 }).map((back) => NOW.getTime() - back * 3_600_000)
const asked: fc.Arbitrary<Asked> = fc.record(
  {
    states: fc.subarray([...IncidentState.options], { maxLength: 6 }),
    status: fc.constantFrom('open' as const, 'overdue' as const, 'ended' as const),
    sources: fc.subarray([...IncidentSource.options], { maxLength: 4 }),
    severities: fc.subarray([1, 2, 3]),
    classes: fc.subarray(['event:01', 'event:05', 'part:01', 'event:0112', 'part:0505', 'event:0101']),
    areas: fc.subarray(['420101001000', '420101002000', '999999999999']),
    boundingBox: fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })).map(([x, y, width, height]): [number, number, number, number] => [114 + x / 100, 30 + y / 100, 114 + (x + width) / 100, 30 + (y + height) / 100]),
    from: hours,
    to: hours,
    text: fc.constantFrom('道路', 'TRASH', '50%', '_bin', '\\', "'", 'zzz', '%'),
    layers: fc.subarray(['old-cases', 'none']),
    includeDrills: fc.boolean(),
    includeOutside: fc.boolean(),
  },
  { requiredKeys: [] },
)

async function listAll(query: IncidentFilterInput, sort: 'reported' | 'due' | 'severity', limit: number) {
  const found = []
  let cursor: string | undefined
  do {
    const page = await api.call(listIncidents, { params: { city: city.key }, query: { ...query, sort, limit, ...(cursor ? { cursor } : {}) } })
    found.push(...page.rows)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return found
}

function address(path: string, query: IncidentFilterInput): string {
  return `/api/v1/cities/${city.key}/${path}?${new URLSearchParams(query as Record<string, string>).toString()}`
}

test('list, counts, points and export answer the same rows for any filter: those a plain reading of the filter gives', async () => {
  await fc.assert(
    fc.asyncProperty(asked, fc.constantFrom('reported' as const, 'due' as const, 'severity' as const), fc.integer({ min: 7, max: 200 }), async (filter, sort, limit) => {
      const expected = rows.filter((row) => passes(row, filter))
      const ids = expected.map((row) => row.id).sort()
      const query = asQuery(filter)

      const list = await listAll(query, sort, limit)
      expect(list.map((row) => row.id).sort()).toEqual(ids)
      const keys = list.map((row) => (sort === 'reported' ? -Date.parse(row.reportedAt) : sort === 'due' ? Date.parse(row.dueAt ?? '2999-01-01T00:00:00Z') : row.severity))
      expect(keys).toEqual([...keys].sort((a, b) => a - b))

      const counts = await api.call(countIncidents, { params: { city: city.key }, query })
      const withAll = rows.filter((row) => passes(row, { ...filter, includeDrills: true, includeOutside: true }))
      expect(counts).toMatchObject({
        total: ids.length,
        open: expected.filter((row) => !isEnded(row)).length,
        ended: expected.filter(isEnded).length,
        overdue: expected.filter(isLate).length,
        withoutPlace: expected.filter((row) => !row.position).length,
        drills: withAll.filter((row) => row.drill).length,
        outsideCity: withAll.filter((row) => row.outside).length,
      })
      for (const group of [counts.byState, counts.bySource, counts.bySeverity]) expect(Object.values(group).reduce((a, b) => a + b, 0)).toBe(ids.length)
      for (const group of [counts.byClass, counts.byDay]) expect(group.reduce((sum, { count }) => sum + count, 0)).toBe(ids.length)
      expect(counts.byStreet.reduce((sum, { count }) => sum + count, 0)).toBe(expected.filter((row) => row.street).length)
      for (const [state, count] of Object.entries(counts.byState)) expect(count).toBe(expected.filter((row) => row.state === state).length)

      const answer = await api.fetch(address('incident-points', query))
      expect(answer.headers.get('content-type')).toBe(INCIDENT_POINTS_TYPE)
      const points = decodeIncidentPoints(await answer.arrayBuffer())
      const placed = new Map(expected.filter((row) => row.position).map((row) => [row.id, row]))
      expect([...points.ids].sort()).toEqual([...placed.keys()].sort())
      expect(points.withoutPlace).toBe(ids.length - placed.size)
      points.ids.forEach((id, index) => {
        const row = placed.get(id)
        expect([points.positions[index * 2], points.positions[index * 2 + 1]]).toEqual(row?.position)
        expect(points.severities[index]).toBe(row?.severity)
        expect(points.stateKeys[points.states[index] ?? -1]).toBe(row?.state)
        expect(points.overdue[index]).toBe(row && isLate(row) ? 1 : 0)
        expect(points.reportedAt[index]).toBe(Math.floor((row?.reportedAt ?? 0) / 1000))
        expect(points.dueAt[index]).toBe(row?.dueAt && (LIMIT_RUNNING_STATES as readonly string[]).includes(row.state) ? row.dueAt / 1000 : 0)
        expect(points.classes[points.classIndex[index] ?? -1]).toMatchObject({ kind: row?.kind, code: row?.code })
      })

      const csv = await (await api.fetch(address('incident-export', Object.assign({ format: 'csv' }, query)))).text()
      const records: Record<string, string>[] = parse(csv, { bom: true, columns: true, from_line: 1 + csv.split('\r\n').filter((line) => /^"?\uFEFF?"?#/.test(line)).length })
      expect(records.map((record) => record['标识 Id']).sort()).toEqual(ids)
    }),
    { numRuns: 60 },
  )
})

test('what is open, ended and overdue is said alike in the contract and in the statements', async () => {
  const known = await db.query<{ id: string; open: boolean; overdue: boolean | null }>(sql`select i.public_id as id, ${openIncident} as open, coalesce(${overdueIncident(NOW)}, false) as overdue from incidents i where i.city_id = ${city.cityId}`)
  const model = new Map(rows.map((row) => [row.id, row]))
  expect(known).toHaveLength(rows.length)
  for (const row of known) expect([row.open, row.overdue]).toEqual([!isEnded(model.get(row.id) as Row), isLate(model.get(row.id) as Row)])
})

test('pages turn without repeating or losing a row while others report', async () => {
  const own = await aCity(db)
  const before = []
  for (let index = 0; index < 23; index++) before.push((await report(api, own)).id)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await api.call(listIncidents, { params: { city: own.key }, query: { limit: 4, ...(cursor ? { cursor } : {}) } })
    seen.push(...page.rows.map((row) => row.id))
    cursor = page.nextCursor ?? undefined
    await Promise.all([report(api, own), report(api, own)])
  } while (cursor && seen.length < 200)
  expect(new Set(seen).size).toBe(seen.length)
  expect(before.filter((id) => !seen.includes(id))).toEqual([])
})

test.each([
  ['a cursor that is none', 'incidents?cursor=nonsense'],
  ['a cursor of another order', `incidents?sort=due&cursor=${Buffer.from('["reported",null,"2026-11-20T09:30:00.000000Z",1]').toString('base64url')}`],
  ['a cursor with a date that does not exist', `incidents?cursor=${Buffer.from('["reported",null,"2026-02-31T09:30:00.000000Z",1]').toString('base64url')}`],
  ['a NUL in the search words', 'incidents?text=a%00b'],
  ['a state that does not exist', 'incident-counts?states=lost'],
  ['a class without a kind', 'incident-points?classes=0112'],
  ['a box that is turned round', 'incident-points?boundingBox=114,30,113,31'],
  ['a box without numbers', 'incidents?boundingBox=a,b,c,d'],
  ['a year beyond the calendar', 'incidents?from=%2B099999-01-01T00:00:00Z'],
  ['an export format that does not exist', 'incident-export?format=pdf'],
])('%s is refused with the field named, not answered with a failure', async (_name, asking) => {
  const answer = await api.fetch(`/api/v1/cities/${city.key}/${asking}`)
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'bad_request' }])
})

test('a box larger than the earth is the earth', async () => {
  const counts = await api.call(countIncidents, { params: { city: city.key }, query: { boundingBox: '-1e300,-1e300,1e300,1e300', includeDrills: 'true', includeOutside: 'true' } })
  expect(counts.total).toBe(rows.filter((row) => row.position && row.state !== 'draft').length)
})

test('an export says which filter it holds, and carries no formula', async () => {
  const own = await aCity(db)
  await report(api, own, { description: '=HYPERLINK("http://evil")', address: '+86', severity: 1, position: [114, 30] })
  const at = (format: string) => api.fetch(`/api/v1/cities/${own.key}/incident-export?format=${format}&severities=1&text=hyper`)
  const bytes = Buffer.from(await (await at('csv')).arrayBuffer())
  expect(bytes.subarray(0, 4).toString()).toBe('\uFEFF#')
  const csv = bytes.toString()
  expect(csv).toContain('# 筛选 Filter: 级别 severities: 1')
  expect(csv).toContain('# 筛选 Filter: 文字 text: hyper')
  expect(csv).toContain(`"'=HYPERLINK(""http://evil"")"`)
  expect(csv).toContain(`,'+86,`)
  const geojson = (await (await at('geojson')).json()) as { about: Record<string, string>; features: { geometry: unknown; properties: Record<string, unknown> }[] }
  expect(geojson.about['筛选 Filter: 级别 severities']).toBe('1')
  expect(geojson.features).toMatchObject([{ geometry: { type: 'Point', coordinates: [114, 30] }, properties: { severity: 1, state: 'pending_accept', overdue: false } }])
  const xlsx = await at('xlsx')
  expect(xlsx.headers.get('content-disposition')).toMatch(/attachment; filename="incidents-.*\.xlsx"/)
  const ExcelJS = (await import('exceljs')).default
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(await xlsx.arrayBuffer())
  expect(book.worksheets.map((sheet) => sheet.name)).toEqual(['案件 Incidents', '说明 About'])
  expect(book.worksheets[0]?.getRow(2).getCell(12).value).toBe(`'=HYPERLINK("http://evil")`)
})
