import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportResult } from '../../../server/imports/imports.ts'
import type { ImportOptions } from '../../../server/contract/imports.ts'
import { sql } from '../../../server/db/sql.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { importFile } from '../../helpers/imports.ts'

const TRIAL = process.env['TRIAL_DATA']
const db = openTestDb()
afterAll(() => db.close())

/** Counts and refusals as the README beside the data states them. */
describe.skipIf(!TRIAL)(`Taipei whole${TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'}`, () => {
  let city: TestCity
  const results: Record<string, ImportResult> = {}
  const take = async (file: string, options: Partial<ImportOptions> & Pick<ImportOptions, 'kind'>) => {
    const result = await importFile(db, city.key, path.join(TRIAL ?? '', 'taipei', file), options)
    results[path.basename(file)] = result
    return result.report
  }
  const one = async <Row>(statement: ReturnType<typeof sql>): Promise<Row> => (await db.query<Row>(statement))[0]!

  beforeAll(async () => {
    city = await aCity(db, { measureSrid: 3826 })
    await db.query(sql`update cities set time_zone = 'Asia/Taipei' where id = ${city.cityId}`)
    await take('boundaries/taipei_town.geojson', { kind: 'administrative_areas', map: { level: '=county', code: 'CPTID' } })
    await take('boundaries/taipei_village.geojson', { kind: 'administrative_areas', map: { level: '=community', code: 'CPTVID' } })
  })

  test('12 districts and 456 villages with the areas of their source; every village lies in a district', async () => {
    expect(results['taipei_town.geojson']!.report).toMatchObject({ read: 12, taken: 12, refused: 0, layers: [{ key: 'taipei_town', kind: 'administrative_areas', rows: 12 }] })
    expect(results['taipei_village.geojson']!.report).toMatchObject({ read: 456, taken: 456, refused: 0 })
    expect(Math.round(Number(results['taipei_town.geojson']!.report.totals['administrative_areas_m2']))).toBe(268_549_964)
    const rows = await one<{ orphans: number; agree: number }>(sql`
      select count(*) filter (where v.parent_code is null)::int as orphans, count(*) filter (where d.name = v.attributes ->> 'TNAME')::int as agree
      from administrative_areas v left join administrative_areas d on d.city_id = v.city_id and d.code = v.parent_code and d.valid_to is null
      where v.city_id = ${city.cityId} and v.level = 'community' and v.valid_to is null`)
    expect(rows).toEqual({ orphans: 0, agree: 456 })
  })

  test('455 of 456 villages find their population; the miss is named on both sides; the totals agree', async () => {
    const report = await take('population/taipei_village_population_2021-03.csv', { kind: 'population_table', join: '區域+村里=taipei_village.FULL' })
    expect(report.totals).toMatchObject({ areas: 456, areasMatched: 455, areasWithoutRow: 1, rowsWithoutArea: 1, population: 2_586_660, populationMatched: 2_581_270 })
    const said = results['taipei_village_population_2021-03.csv']!.issues.map((issue) => issue.message).join('\n')
    expect(said).toContain('臺北市萬華區糖廍里')
    expect(said).toContain('臺北市萬華區糖蔀里')
    const again = await take('population/taipei_village_population_2021-03.csv', { kind: 'population_table', join: '區域+村里=taipei_village.FULL' })
    expect(again).toMatchObject({ changed: 0, unchanged: 455 })
  })

  test('green land keeps its layer names; repairs are counted and said', async () => {
    expect(await take('green/urban_green_land.geojson', { kind: 'green_spaces' })).toMatchObject({ taken: 505, refused: 0, repaired: 7, layers: [{ key: 'urban_green_land' }] })
    expect(await take('green/permeable_park.geojson', { kind: 'green_spaces' })).toMatchObject({ taken: 52, refused: 0, layers: [{ key: 'permeable_park' }] })
  })

  test('1,398 toilets: 1,376 district labels agree with the place, 21 disagree, 1 is outside and flagged', async () => {
    expect(await take('facilities/public_wc.geojson', { kind: 'facilities', map: { class: '=toilet' } })).toMatchObject({ taken: 1398, refused: 0, flagged: 1, outsideCity: 1 })
    const labels = await one(sql`
      select count(*) filter (where d.name = f.attributes ->> 'dist')::int as agree, count(*) filter (where d.name <> f.attributes ->> 'dist')::int as disagree, count(*) filter (where d.name is null)::int as outside
      from facilities f join layers l on l.id = f.layer_id left join administrative_areas d on d.city_id = f.city_id and d.level = 'county' and d.valid_to is null and st_covers(d.geom, f.geom)
      where l.city_id = ${city.cityId} and l.key = 'public_wc' and f.valid_to is null`)
    expect(labels).toEqual({ agree: 1376, disagree: 21, outside: 1 })
    expect(await take('facilities/public_wc_source.csv', { kind: 'facilities', map: { class: '=toilet' }, dryRun: true })).toMatchObject({ read: 1398, taken: 1398, refused: 0 })
  })

  test('2,817 dispatch cases in 12 districts, their types by name in a scheme of their own, times in the city’s zone', async () => {
    expect(await take('incidents/dispatchingpoint.geojson', { kind: 'incidents', map: { scheme: '=TAIPEI-1999', source: '=hotline_12345' } })).toMatchObject({ read: 2817, taken: 2817, refused: 0, outsideCity: 0 })
    const byDistrict = await db.query<{ name: string; count: number }>(sql`
      select d.name, count(*)::int as count from incidents i join layers l on l.id = i.layer_id join administrative_areas d on d.city_id = i.city_id and d.code = i.county_code and d.valid_to is null
      where l.city_id = ${city.cityId} and l.key = 'dispatchingpoint' group by d.name`)
    expect(Object.fromEntries(byDistrict.map((row) => [row.name, row.count]))).toEqual({ 信義區: 523, 大安區: 328, 中山區: 314, 內湖區: 248, 松山區: 245, 士林區: 199, 北投區: 196, 文山區: 195, 中正區: 181, 萬華區: 169, 大同區: 113, 南港區: 106 })
    const facts = await one(sql`
      select count(distinct class_code)::int as classes, count(*) filter (where class_name = '大型廢棄物清運聯繫')::int as bulky, count(distinct report_number)::int as numbers,
        to_char(max(reported_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as latest
      from incidents i join layers l on l.id = i.layer_id where l.city_id = ${city.cityId} and l.key = 'dispatchingpoint'`)
    expect(facts).toEqual({ classes: 21, bulky: 1348, numbers: 2817, latest: '2023-06-01T07:34:43' })
    expect(await take('incidents/dispatchingpoint.geojson', { kind: 'incidents', map: { scheme: '=TAIPEI-1999', source: '=hotline_12345' } })).toMatchObject({ inserted: 0, changed: 0, unchanged: 2817 })
  })

  test('1,148 coordinates written as texts are repaired and said so', async () => {
    expect(await take('facilities/old_clothes_recycle.geojson', { kind: 'facilities', map: { class: '=clothes_recycling' } })).toMatchObject({ taken: 1148, repaired: 1148, refused: 0 })
  })

  test('three shelters at {} fail the whole file; with skip-bad the others are taken and 8 flagged as outside', async () => {
    const options = { kind: 'facilities', map: { class: '=air_raid_shelter' } } as const
    await expect(take('facilities/refuge.geojson', options)).rejects.toMatchObject({ code: 'bad_request', issues: expect.arrayContaining([expect.objectContaining({ row: 153, code: 'coordinates_empty' })]) })
    expect(await one(sql`select count(*)::int as count from layers where city_id = ${city.cityId} and key = 'refuge'`)).toEqual({ count: 0 })
    expect(await take('facilities/refuge.geojson', { ...options, skipBad: true })).toMatchObject({ read: 5917, taken: 5914, refused: 3, outsideCity: 8 })
  })

  test('17 cycle paths without geometry are refused', async () => {
    expect(await take('roads/bike_path.geojson', { kind: 'paths', skipBad: true })).toMatchObject({ read: 1218, taken: 1201, refused: 17 })
  })

  test('the file in EPSG:3826 is read by its declared system; its four lines are no areas', async () => {
    expect(await take('green/permeable_paving_in_parks_epsg3826.geojson', { kind: 'green_spaces', skipBad: true })).toMatchObject({ read: 79, taken: 75, refused: 4, crs: 'EPSG:3826', crsFrom: 'file', outsideCity: 0 })
    expect(results['permeable_paving_in_parks_epsg3826.geojson']!.issues[0]!.message).toContain('MultiLineString')
  })

  test('18 garbage-truck stops are outside the city by polygon', async () => {
    expect(await take('facilities/garbage_truck.geojson', { kind: 'facilities', map: { class: '=garbage_truck_stop' } })).toMatchObject({ taken: 4042, outsideCity: 18 })
  })

  test('3,329 population cells: 2,350,032 people, 315 cells without a number, 2,349,781 by centroid inside', async () => {
    expect(await take('population/tp_fet_work_live.geojson', { kind: 'population_cells' })).toMatchObject({ taken: 3329, totals: { population: 2_350_032, cellsWithoutPopulation: 315 } })
    expect(await one(sql`select sum(population)::int as inside from population_cells where city_id = ${city.cityId} and valid_to is null and not outside_city`)).toEqual({ inside: 2_349_781 })
  })
})
