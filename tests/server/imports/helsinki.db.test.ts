import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportOptions, ImportReport } from '../../../server/contract/imports.ts'
import { sql } from '../../../server/db/sql.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { importFile } from '../../helpers/imports.ts'

const TRIAL = process.env['TRIAL_DATA']
const db = openTestDb()
afterAll(() => db.close())

describe.skipIf(!TRIAL)(`Helsinki${TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'}`, () => {
  let city: TestCity
  const take = async (file: string, options: Partial<ImportOptions> & Pick<ImportOptions, 'kind'>): Promise<ImportReport> => (await importFile(db, city.key, path.join(TRIAL ?? '', 'helsinki', file), options)).report
  beforeAll(async () => {
    city = await aCity(db, { measureSrid: 32635 })
  })

  test('the walking graph keeps its 27,160 edges, 12,337 nodes and the lengths of its source', async () => {
    const report = await take('osmnx_network_paths.geojson', { kind: 'paths' })
    expect(report).toMatchObject({ taken: 27_160, refused: 0, totals: { edges: 27_160, nodes: 12_337 } })
    expect(Number(report.totals['lengthMeters'])).toBeCloseTo(396_347.420396, 5)
    expect(await take('osmnx_network_paths.geojson', { kind: 'paths' })).toMatchObject({ inserted: 0, changed: 0, ended: 0, unchanged: 27_160 })
  })

  test('1,932 buildings with their floors, and 92 population cells of 71,724 people', async () => {
    expect(await take('osmnx_buildings_all.geojson', { kind: 'buildings' })).toMatchObject({ taken: 1932, refused: 0 })
    expect(await take('population_grid_2020.gpkg', { kind: 'population_cells' })).toMatchObject({ taken: 92, driver: 'GPKG', totals: { population: 71_724 } })
  })

  test('one OpenStreetMap extract becomes roads, paths, parks, water, buildings, toilets, lamps, bins and benches', async () => {
    const report = await take('Helsinki.osm.pbf', { kind: 'openstreetmap' })
    const rows = Object.fromEntries(report.layers.map((layer) => [layer.kind, layer.rows]))
    // 17 parks and 494 buildings in the extract; what its edge cuts to nothing is said.
    expect(rows['green_spaces']! + Number(report.totals['green_spaces_cut_off'])).toBe(17)
    expect(rows['buildings']! + Number(report.totals['buildings_cut_off'])).toBe(494)
    const parts = await db.query<{ code: string; count: number }>(sql`
      select p.class_code as code, count(*)::int as count from parts p join layers l on l.id = p.layer_id where l.city_id = ${city.cityId} group by 1 order by 1`)
    expect(parts[0]).toEqual({ code: '0137', count: 586 })
    expect(parts[1]!.count).toBeGreaterThanOrEqual(34)
    expect(parts[2]!.count).toBeGreaterThanOrEqual(141)
    expect((await db.query<{ count: number }>(sql`select count(*)::int as count from roads r join layers l on l.id = r.layer_id where l.city_id = ${city.cityId} and r.class = 'footway'`))[0]!.count).toBe(1058)
    expect(rows['water_bodies']).toBeGreaterThan(0)
    expect(rows['facilities']).toBe(18)
  })

  test('the same extract again changes nothing', async () => {
    expect(await take('Helsinki.osm.pbf', { kind: 'openstreetmap' })).toMatchObject({ inserted: 0, changed: 0, ended: 0 })
  })
})
