import { mkdtempSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../../server/config.ts'
import { cancelImport, getImport, ImportState, listImportIssues, listImports } from '../../../server/contract/imports.ts'
import { sql } from '../../../server/db/sql.ts'
import { registerImportJobs } from '../../../server/imports/jobs.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { aCollection, aFeature, aFile, importFile } from '../../helpers/imports.ts'

const db = openTestDb()
afterAll(() => db.close())

const square = (x: number, y: number, size = 0.01) => ({ type: 'Polygon', coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] })
const point = (x: number, y: number) => ({ type: 'Point', coordinates: [x, y] })
const count = async (table: 'facilities' | 'layers' | 'imports', cityId: number): Promise<number> => {
  const tables = { facilities: sql`facilities`, layers: sql`layers`, imports: sql`imports` }
  return (await db.query<{ count: number }>(sql`select count(*)::int as count from ${tables[table]} where city_id = ${cityId}`))[0]!.count
}
const toilets = { kind: 'facilities', map: { class: '=toilet' } } as const

describe('an import', () => {
  test('takes nothing when one row is bad, and says which and why; with skip-bad it takes the others', async () => {
    const city = await aCity(db)
    const file = aFile('toilets.geojson', aCollection(aFeature(point(114, 30), { name: '甲' }), aFeature(null, { name: '乙' }), aFeature(point(114.1, 95), { name: '丙' })))
    await expect(importFile(db, city.key, file, toilets)).rejects.toMatchObject({
      code: 'bad_request', report: { read: 3, refused: 2 }, issues: [expect.objectContaining({ row: 2, code: 'geometry_missing' }), expect.objectContaining({ row: 3, code: 'coordinates_out_of_range' })],
    })
    expect([await count('facilities', city.cityId), await count('layers', city.cityId)]).toEqual([0, 0])
    const { report } = await importFile(db, city.key, file, { ...toilets, skipBad: true })
    expect(report).toMatchObject({ read: 3, taken: 1, inserted: 1, refused: 2 })
  })

  test('writes nothing in a dry run and reports what would happen', async () => {
    const city = await aCity(db)
    const { report } = await importFile(db, city.key, aFile('a.geojson', aCollection(aFeature(point(114, 30)))), { ...toilets, dryRun: true })
    expect(report).toMatchObject({ taken: 1, inserted: 1 })
    expect([await count('facilities', city.cityId), await count('layers', city.cityId)]).toEqual([0, 0])
  })

  test('of the same file again changes nothing; a changed row keeps its id and its history, a vanished one ends', async () => {
    const city = await aCity(db)
    const rows = (name: string) => aCollection(aFeature(point(114, 30), { id: 'a', name }), aFeature(point(114.1, 30), { id: 'b', name: '乙' }))
    const options = { ...toilets, layer: 'wc' }
    await importFile(db, city.key, aFile('wc.geojson', rows('甲')), options)
    const before = await db.query<{ id: string; key: string }>(sql`select public_id as id, source_key as key from facilities where city_id = ${city.cityId} order by source_key`)
    const version = async () => (await db.query<{ version: number }>(sql`select version from kind_versions where city_id = ${city.cityId} and kind = 'facilities'`))[0]!.version
    const first = await version()
    expect((await importFile(db, city.key, aFile('wc.geojson', rows('甲')), options)).report).toMatchObject({ inserted: 0, changed: 0, unchanged: 2, ended: 0 })
    expect(await version()).toBe(first)
    expect((await importFile(db, city.key, aFile('wc.geojson', rows('新甲')), options)).report).toMatchObject({ inserted: 0, changed: 1, unchanged: 1, ended: 0 })
    expect(await version()).toBeGreaterThan(first)
    const live = await db.query<{ id: string; name: string; version: number }>(sql`select public_id as id, name, version from facilities where city_id = ${city.cityId} and source_key = 'a' and valid_to is null`)
    expect(live).toEqual([{ id: before[0]!.id, name: '新甲', version: 2 }])
    expect(await db.query(sql`select name, version from facilities where city_id = ${city.cityId} and valid_to is not null`)).toEqual([{ name: '甲', version: 1 }])
    const shorter = aCollection(aFeature(point(114.1, 30), { id: 'b', name: '乙' }))
    expect((await importFile(db, city.key, aFile('wc.geojson', shorter), options)).report).toMatchObject({ ended: 1, unchanged: 1 })
  })

  test('names the rows that carry a code twice, in one file or in two, and takes the others with skip-bad', async () => {
    const city = await aCity(db)
    const cells = aCollection(aFeature(square(114, 30), { code: '990101001001001' }), aFeature(square(114.02, 30), { code: '990101001001002' }), aFeature(square(114.04, 30), { code: '990101001001001' }))
    const inOne = { code: 'bad_request', issues: [expect.objectContaining({ row: 3, code: 'code_repeated', message: 'The code 990101001001001 stands in row 1 already.' })] }
    await expect(importFile(db, city.key, aFile('c.geojson', cells), { kind: 'unit_grids' })).rejects.toMatchObject(inOne)
    await expect(importFile(db, city.key, aFile('c.geojson', cells), { kind: 'administrative_areas', map: { level: '=county', name: '=区' } })).rejects.toMatchObject(inOne)
    expect((await importFile(db, city.key, aFile('c.geojson', cells), { kind: 'unit_grids', skipBad: true })).report).toMatchObject({ taken: 2, refused: 1 })
    // The scheme of these parts is nobody's word but the default.
    const parts = { kind: 'parts', map: { class: '=0101' } } as const
    await importFile(db, city.key, aFile('a.geojson', aCollection(aFeature(point(114, 30), { code: '9901010101000001' }))), parts)
    await expect(importFile(db, city.key, aFile('b.geojson', aCollection(aFeature(point(114.1, 30), { code: '9901010101000001' }))), parts)).rejects.toMatchObject({ issues: [expect.objectContaining({ row: 1, code: 'code_taken' })] })
  })

  test('passes a code on from a row that goes to one that stays', async () => {
    const city = await aCity(db)
    const options = { kind: 'unit_grids', layer: 'cells', map: { id: 'gid' } } as const
    await importFile(db, city.key, aFile('c.geojson', aCollection(aFeature(square(114, 30), { gid: 1, code: '990101001001001' }), aFeature(square(114.02, 30), { gid: 2, code: '990101001001002' }))), options)
    expect((await importFile(db, city.key, aFile('c.geojson', aCollection(aFeature(square(114, 30, 0.03), { gid: 1, code: '990101001001002' }))), options)).report).toMatchObject({ changed: 1, ended: 1, refused: 0 })
  })

  test('does not let a file without rows end a whole layer', async () => {
    const city = await aCity(db)
    await importFile(db, city.key, aFile('a.geojson', aCollection(aFeature(point(114, 30)))), { ...toilets, layer: 'wc' })
    await expect(importFile(db, city.key, aFile('b.geojson', aCollection()), { ...toilets, layer: 'wc' })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('end all 1 rows') })
    await expect(importFile(db, city.key, aFile('c.geojson', aCollection(aFeature(null))), { ...toilets, layer: 'wc', skipBad: true })).rejects.toMatchObject({ code: 'conflict', report: { refused: 1 } })
    expect(await db.query(sql`select 1 from facilities where city_id = ${city.cityId} and valid_to is null`)).toHaveLength(1)
  })

  test('misses a field that no column gives once, naming the columns there are', async () => {
    const city = await aCity(db)
    const file = aFile('a.csv', 'title,lon,lat\n甲,114,30\n乙,114.1,30\n')
    await expect(importFile(db, city.key, file, { kind: 'facilities' })).rejects.toMatchObject({ code: 'bad_request', message: expect.stringMatching(/no class.*--map class==toilet.*title, lon, lat/), issues: [] })
  })

  test('of areas sets the boundary, finds parents by place, and flags what lies outside it', async () => {
    const city = await aCity(db)
    await importFile(db, city.key, aFile('t.geojson', aCollection(aFeature(point(114.005, 30.005)), aFeature(point(115, 31)))), toilets, 'toilets.geojson')
    await importFile(db, city.key, aFile('c.geojson', aCollection(aFeature(square(114, 30, 0.02), { name: '东区', code: '990101000000' }))), { kind: 'administrative_areas', map: { level: '=county' } }, 'counties.geojson')
    await importFile(db, city.key, aFile('s.geojson', aCollection(aFeature(square(114, 30), { name: '一街' }))), { kind: 'administrative_areas', map: { level: '=street' } }, 'streets.geojson')
    const [street] = await db.query<{ code: string; parent: string; area: number }>(sql`select code, parent_code as parent, area_m2 as area from administrative_areas where city_id = ${city.cityId} and level = 'street'`)
    expect(street).toMatchObject({ parent: '990101000000', code: expect.stringMatching(/^G[0-9A-F]{11}$/) })
    expect(street!.area).toBeGreaterThan(1_060_000)
    expect(await db.query(sql`select outside_city as outside from facilities where city_id = ${city.cityId} order by id`)).toEqual([{ outside: false }, { outside: true }])
    expect((await db.query(sql`select st_npoints(boundary) as points from cities where id = ${city.cityId}`))[0]).toEqual({ points: 5 })
  })

  test('reads GCJ-02 back to its true place, and a table in a projected system by its columns', async () => {
    const city = await aCity(db)
    await importFile(db, city.key, aFile('g.geojson', aCollection(aFeature(point(116.41024449916938, 39.91640428150164)))), { ...toilets, crs: 'gcj02' }, 'gcj.geojson')
    await importFile(db, city.key, aFile('x.csv', 'name,x,y\n甲,505143.33,2493597.67\n'), { ...toilets, crs: 'EPSG:4547' }, 'projected.csv')
    const places = await db.query<{ x: number; y: number }>(sql`select round(st_x(geom)::numeric, 7)::float8 as x, round(st_y(geom)::numeric, 7)::float8 as y from facilities where city_id = ${city.cityId} order by id`)
    expect(places[0]).toEqual({ x: 116.404, y: 39.915 })
    expect(places[1]!.x).toBeCloseTo(114.05, 2)
    await expect(importFile(db, city.key, aFile('z.csv', 'name,x,y\n甲,38505143.33,2493597.67\n'), { ...toilets, crs: 'EPSG:4547' }, 'zone.csv')).rejects.toMatchObject({ issues: [expect.objectContaining({ message: expect.stringContaining('EPSG:4526') })] })
  })

  test('gives a table of parcels the shapes of a layer by a key, and refuses rows whose key nobody has', async () => {
    const city = await aCity(db)
    await importFile(db, city.key, aFile('p.geojson', aCollection(aFeature(square(114, 30), { code: 'P1' }))), { kind: 'residential_areas' }, 'parcels.geojson')
    const { report, issues } = await importFile(db, city.key, aFile('l.csv', '地块,name\nP1,闲置\nP9,无\n'), { kind: 'leftover_plots', join: '地块=parcels.code', skipBad: true }, 'plots.csv')
    expect(report).toMatchObject({ read: 2, taken: 1, refused: 1 })
    expect(issues[0]).toMatchObject({ row: 2, code: 'join_no_feature', message: expect.stringContaining('P9') })
  })

  test('of the same cases with another mapping changes them and doubles none, though they carry no identifier', async () => {
    const city = await aCity(db)
    const file = aFile('cases.csv', '类型,上报时间,lon,lat,项目\n内涝,2023-05-25 10:00,114,30,测试\n内涝,2023-05-25 10:00,114,30,测试\n落石,2023-05-25 11:00,114,30,台风\n')
    const options = { kind: 'incidents', layer: 'cases', map: { class: '类型' } } as const
    expect((await importFile(db, city.key, file, options)).report).toMatchObject({ inserted: 3 })
    const before = await db.query(sql`select public_id from incidents where city_id = ${city.cityId} order by public_id`)
    expect((await importFile(db, city.key, file, { ...options, map: { class: '类型', drill: '项目~测试' } })).report).toMatchObject({ taken: 3, inserted: 0, changed: 3, totals: { drills: 2 } })
    expect(await db.query(sql`select public_id from incidents where city_id = ${city.cityId} order by public_id`)).toEqual(before)
  })

  test('takes incidents without a place, with the state the user gives', async () => {
    const city = await aCity(db)
    const file = aFile('cases.csv', '案件编号,案件类型,成案时间\nA1,路面破损,2024/1/2 03:04\nA2,噪音,2024-01-02\n')
    const { report } = await importFile(db, city.key, file, { kind: 'incidents', map: { state: '=closed' } }, 'cases.csv')
    expect(report).toMatchObject({ taken: 2, totals: { withoutPlace: 2 } })
    const rows = await db.query(sql`select source_reference as id, state, place_method as place, to_char(reported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') as at, (select string_agg(to_state, ',') from incident_flow f where f.incident_id = i.id) as flow from incidents i where city_id = ${city.cityId} order by 1`)
    expect(rows).toEqual([{ id: 'A1', state: 'closed', place: 'none', at: '2024-01-01T19:04', flow: 'pending_accept,closed' }, { id: 'A2', state: 'closed', place: 'none', at: '2024-01-01T16:00', flow: 'pending_accept,closed' }])
  })

  test.each([
    [{ map: { class: '=toilet', colour: 'x' } }, /no field "colour"/],
    [{ map: { class: 'nowhere' } }, /no column "nowhere"/],
    [{ map: { class: '=toilet' }, crs: 'EPSG:99999' }, /EPSG:99999/],
    [{}, /--map class==toilet/],
  ])('says how to mend a wrong wish: %j', async (options, message) => {
    const city = await aCity(db)
    const failure = await importFile(db, city.key, aFile('a.geojson', aCollection(aFeature(point(114, 30)))), { kind: 'facilities', ...options }).then(() => null, (error: { message: string; issues: { message: string }[] }) => error)
    expect([failure!.message, ...failure!.issues.map((issue) => issue.message)].join('\n')).toMatch(message)
  })
})

describe('the API of imports', () => {
  const jobs = aJobRunner()
  const config = readConfig({ NODE_ENV: 'test', DATA_DIR: mkdtempSync(path.join(tmpdir(), 'xiucheng-uploads-')), UPLOAD_LIMIT_MB: '1' })
  let api: TestApi
  beforeAll(async () => {
    const context = aContext(db, { jobs, config })
    await registerImportJobs(context)
    api = await openTestApi(context)
  })
  afterAll(() => api.close())
  const upload = (city: string, content: string | object, options: object, name = 'toilets.geojson') => {
    const form = new FormData()
    form.set('options', JSON.stringify(options))
    form.set('file', new Blob([typeof content === 'string' ? content : JSON.stringify(content)]), name)
    return api.fetch(`/api/v1/cities/${city}/imports`, { method: 'POST', body: form })
  }
  const leftovers = () => readdir(path.join(config.dataDirectory, 'uploads')).catch(() => [])

  test('answers 202 at once, runs as a job, keeps report and issues, and keeps no file', async () => {
    const city = await aCity(db)
    const answer = await upload(city.key, aCollection(aFeature({ type: 'Point', coordinates: ['114', '30'] })), toilets, '厕所.geojson')
    expect(answer.status).toBe(202)
    const { id } = ImportState.parse(await answer.json())
    await jobs.idle()
    const params = { city: city.key, import: id }
    expect(await api.call(getImport, { params })).toMatchObject({ status: 'finished', percent: 100, fileName: '厕所.geojson', report: { taken: 1, repaired: 1 } })
    expect(await api.call(listImportIssues, { params })).toMatchObject({ issues: [{ row: 1, severity: 'repaired', code: 'coordinates_were_text' }], nextAfter: null })
    expect((await api.call(listImports, { params: { city: city.key } })).imports).toHaveLength(1)
    expect(await leftovers()).toEqual([])
    expect((await api.call(cancelImport, { params })).status).toBe('finished')
  })

  test('a failed import tells why and leaves nothing', async () => {
    const city = await aCity(db)
    const { id } = ImportState.parse(await (await upload(city.key, { type: 'featurecollection', features: [] }, toilets)).json())
    await jobs.idle()
    expect(await api.call(getImport, { params: { city: city.key, import: id } })).toMatchObject({ status: 'failed', error: { code: 'bad_request', message: expect.stringContaining('FeatureCollection') } })
    expect([await count('facilities', city.cityId), (await leftovers()).length]).toEqual([0, 0])
  })

  test.each([
    ['too large a file', 'x'.repeat(1_200_000), toilets, 'a.csv', 413],
    ['a file of no known kind', 'MZ\u0000\u0001', toilets, 'a.exe', 415],
    ['an unknown kind of rows', '{}', { kind: 'dragons' }, 'a.geojson', 400],
  ])('refuses %s at the door, and keeps no file', async (_what, content, options, name, status) => {
    const city = await aCity(db)
    expect((await upload(city.key, content, options, name)).status).toBe(status)
    expect([await count('imports', city.cityId), (await leftovers()).length]).toEqual([0, 0])
  })
})
