import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getPlaceFacts } from '../../../server/contract/facts.ts'
import { getIncident } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aCollection, aFeature, aFile, importFile } from '../../helpers/imports.ts'
import { report } from './reporting.ts'

const db = openTestDb()
/** Half past five in the afternoon in the city. */
let now = new Date('2026-11-20T09:30:00Z')
let api: TestApi
let city: TestCity
/** One degree of longitude is about 96.5 km at 30° north. */
const east = (meters: number): [number, number] => [114 + meters / 96_486, 30]
const square = (half: number, [x, y]: [number, number] = [114, 30]) => ({ type: 'Polygon', coordinates: [[[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half], [x - half, y - half]]] })

beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db, { clock: () => now }))
  city = await aCity(db)
  const take = (kind: Parameters<typeof importFile>[3]['kind'], name: string, ...features: object[]) => importFile(db, city.key, aFile(`${name}.geojson`, aCollection(...features)), { kind, layer: name })
  await take(
    'administrative_areas', 'areas',
    aFeature(square(0.02), { level: 'county', code: '420101000000', name: '试验区' }), aFeature(square(0.01), { level: 'street', code: '420101001000', name: '试验街道' }), aFeature(square(0.01), { level: 'community', code: '420101001002', name: '试验社区' }),
  )
  await take('unit_grids', 'cells', aFeature(square(0.001), { code: '420101001002001' }))
  await take('roads', 'roads', aFeature({ type: 'LineString', coordinates: [[113.99, 30.0003], [114.01, 30.0003]] }, { name: '试验路', class: 'local' }), aFeature({ type: 'LineString', coordinates: [[113.99, 30.0001], [114.01, 30.0001]] }, { class: 'service' }))
  await take('green_lines', 'green-lines', aFeature(square(0.002), { code: 'LX1', name: '滨河绿线' }))
  await take('parts', 'parts', aFeature({ type: 'Point', coordinates: east(8) }, { code: 'P1', class_code: '0305', name: '果皮箱' }), aFeature({ type: 'Point', coordinates: east(4) }, { code: 'P2', class_code: '0101', name: '上水井盖' }))
  await take(
    'permits', 'permits',
    aFeature(square(0.0005), { 许可证号: '占道2026-1', name: '夜市外摆', kind: '占道', holder: '某商户', 起始日期: '2026-11-01', 截止日期: '2026-12-01' }),
    aFeature(square(0.0005), { 许可证号: '占道2026-0', name: '已到期', kind: '占道', 起始日期: '2026-10-01', 截止日期: '2026-11-01' }),
    aFeature({ type: 'Point', coordinates: east(10) }, { 许可证号: '掘2026-7', kind: '挖掘' }),
    aFeature({ type: 'Point', coordinates: east(40) }, { 许可证号: '掘2026-8', kind: '挖掘' }),
  )
  await take(
    'control_areas', 'control',
    aFeature(square(0.001), { code: 'G1', name: '夜市区', kind: '不予采集', 适用小类: '0401、0405', 每日起: '18:00', 每日止: '02:00', tip: '夜市时段内经营不予采集' }),
    aFeature(square(0.001), { code: 'G2', name: '重点区', kind: '重点区域' }),
  )
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const importOwners = (text: string, options: { skipBad?: boolean } = {}) => importFile(db, city.key, aFile('owners.csv', text), { kind: 'grid_owners', ...options })

describe('a case learns from its place', () => {
  test('road, green line, control areas, open permits and the part that such an event may be on', async () => {
    const incident = await report(api, city, { position: [114, 30], classCode: '0110' })
    expect(incident).toMatchObject({
      streetName: '试验街道', communityName: '试验社区', gridCode: '420101001002001',
      // The nearer part is a manhole cover, on which no rubbish lies by the table.
      part: { code: 'P1' },
      facts: {
        road: { name: '试验路' },
        greenLines: [{ code: 'LX1', name: '滨河绿线' }],
        controlAreas: [{ code: 'G1', kind: 'no_report', applies: false, tip: '夜市时段内经营不予采集' }, { code: 'G2', kind: 'key_area', applies: true }],
        permits: [{ code: '占道2026-1', kind: 'occupation', holder: '某商户', startsAt: '2026-10-31T16:00:00.000Z', endsAt: '2026-11-30T16:00:00.000Z' }, { code: '掘2026-7', kind: 'excavation', endsAt: null }],
        owner: null,
      },
    })
    expect(incident.facts?.road?.distanceMeters).toBeCloseTo(33.3, 0)
  })

  test('and keeps what it learned: a permit that ends later stays with it', async () => {
    const incident = await report(api, city, { position: east(1), classCode: '0405' })
    await db.query(sql`update permits set valid_to = now() where city_id = ${city.cityId} and code = '掘2026-7'`)
    const after = await api.call(getIncident, { params: { city: city.key, id: incident.id } })
    await db.query(sql`update permits set valid_to = null where city_id = ${city.cityId} and code = '掘2026-7'`)
    expect(after.facts).toEqual(incident.facts)
  })

  test.each([
    ['0401', '2026-11-20T09:59:00Z', false], // 17:59
    ['0401', '2026-11-20T10:00:00Z', true], // 18:00
    ['0401', '2026-11-20T17:59:00Z', true], // 01:59 of the next day
    ['0401', '2026-11-20T18:00:00Z', false], // 02:00
    ['0112', '2026-11-20T10:00:00Z', false], // a class it is not about
  ])('a no-report period over midnight: class %s at %s → %s', async (classCode, instant, applies) => {
    now = new Date(instant)
    const facts = await api.call(getPlaceFacts, { params: { city: city.key }, query: { longitude: 114, latitude: 30, classKind: 'event', classCode } })
    now = new Date('2026-11-20T09:30:00Z')
    expect(facts.facts.controlAreas.find((one) => one.code === 'G1')?.applies).toBe(applies)
  })

  test('a case without a place has no facts; one outside everything has empty ones', async () => {
    expect((await report(api, city, {})).facts).toBeNull()
    expect((await report(api, city, { position: [114.5, 30.5] })).facts).toEqual({ road: null, greenLines: [], controlAreas: [], permits: [], owner: null })
  })

  test('an imported case is told the facts of the time of its report', async () => {
    const file = aFile('cases.csv', '案件编号,class,reported_at,lon,lat\nA1,0401,2026-10-15 19:00,114,30\n')
    await importFile(db, city.key, file, { kind: 'incidents', layer: 'cases', map: { scheme: '=GBT30428.2-2013' } })
    const [row] = await db.query<{ id: string }>(sql`select public_id as id from incidents where city_id = ${city.cityId} and source_reference = 'A1'`)
    const { facts } = await api.call(getIncident, { params: { city: city.key, id: row!.id } })
    expect(facts?.permits.map(({ code }) => code)).toEqual(['占道2026-0', '掘2026-7'])
    expect(facts?.controlAreas[0]).toMatchObject({ code: 'G1', applies: true })
  })

  test('the city’s own rule stands above the common one', async () => {
    await db.query(sql`insert into case_rules (city_id, name, version, value, source) values (${city.cityId}, 'permit_distance_meters', 1, 50, '试')`)
    const incident = await report(api, city, { position: [114, 30] })
    await db.query(sql`delete from case_rules where city_id = ${city.cityId}`)
    expect(incident.facts?.permits.map(({ code }) => code)).toEqual(['占道2026-1', '掘2026-7', '掘2026-8'])
  })
})

describe('owners of cells', () => {
  test('come from a table; the smallest area that has one decides; the same table again changes nothing', async () => {
    const text = '网格编码,责任单位,责任人\n420101001000,试验街道办,\n420101001002,试验社区居委会,王五\n'
    expect((await importOwners(text)).report).toMatchObject({ taken: 2, inserted: 2, changed: 0 })
    expect((await importOwners(text)).report).toMatchObject({ taken: 2, inserted: 0, changed: 0, unchanged: 2 })
    expect((await report(api, city, { position: [114, 30] })).facts?.owner).toEqual({ areaCode: '420101001002', organisation: '试验社区居委会', person: '王五' })
    expect((await importOwners('area,organisation,person\n420101001002001,试验网格站,赵六\n')).report).toMatchObject({ inserted: 1 })
    expect((await report(api, city, { position: [114, 30] })).facts?.owner).toEqual({ areaCode: '420101001002001', organisation: '试验网格站', person: '赵六' })
    expect((await importOwners('area,organisation,person\n420101001002001,试验网格站,孙七\n')).report).toMatchObject({ inserted: 0, changed: 1 })
    expect(await db.query(sql`select person from grid_owners where city_id = ${city.cityId} and area_code = '420101001002001' order by id`)).toEqual([{ person: '赵六' }, { person: '孙七' }])
  })

  test('of an unknown area or named twice are refused with their row, and nothing is taken', async () => {
    await expect(importOwners('area,organisation\n420101001002,甲\n999999999999,乙\n420101001002,丙\n')).rejects.toMatchObject({
      issues: expect.arrayContaining([expect.objectContaining({ row: 2, code: 'area_unknown' }), expect.objectContaining({ row: 3, code: 'code_repeated' })]) as unknown,
    })
    expect(await db.query(sql`select organisation from grid_owners where city_id = ${city.cityId} and area_code = '420101001002' and valid_to is null`)).toEqual([{ organisation: '试验社区居委会' }])
  })
})

describe('tables of permits and control areas', () => {
  test('with a time of day or a class that cannot be are refused with a sentence', async () => {
    const wrong = aFile('control.geojson', aCollection(aFeature(square(0.001), { kind: '重点区域', 每日起: '25:61' }), aFeature(square(0.001), { kind: '重点区域', 适用小类: '夜市' })))
    await expect(importFile(db, city.key, wrong, { kind: 'control_areas', layer: 'wrong', map: { from_time: '每日起', classes: '适用小类' } })).rejects.toMatchObject({
      issues: [expect.objectContaining({ row: 1, message: expect.stringContaining('not a time of day') as string }), expect.objectContaining({ row: 2, message: expect.stringContaining('event:0401') as string })],
    })
    expect(await db.query(sql`select id from layers where city_id = ${city.cityId} and key = 'wrong'`)).toEqual([])
  })
})
