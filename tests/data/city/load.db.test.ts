import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDemoCity } from '../../../data/city/load.ts'
import type { Db } from '../../../server/db/db.ts'
import { sql } from '../../../server/db/sql.ts'
import { openTestDb } from '../../helpers/db.ts'

const KEY = 'demo-load-test'
const AS_OF = new Date('2026-11-23T08:00:00Z')

let db: Db
let cityId: number
const options = { seed: 'load-test', asOf: AS_OF, key: KEY, scale: 'small' as const, progress: () => {} }

async function one<Row>(statement: Parameters<Db['query']>[0]): Promise<Row> {
  return (await db.query<Row>(statement))[0]!
}

beforeAll(async () => {
  db = openTestDb()
  const interrupted = new AbortController()
  // The first load is cut short in the middle of writing; the second has to clear up and begin again.
  const cut = loadDemoCity(db, { ...options, signal: interrupted.signal, progress: (percent) => percent > 50 && interrupted.abort(new Error('cut short')) })
  await expect(cut).rejects.toThrow('cut short')
  expect(await one(sql`select status from cities where key = ${KEY}`)).toEqual({ status: 'preparing' })
  await loadDemoCity(db, options)
  cityId = (await one<{ id: number }>(sql`select id from cities where key = ${KEY}`)).id
})
afterAll(() => db.close())

describe('loading the demo city', () => {
  test('ends ready, with a catalogue whose counts are those of the tables', async () => {
    expect(await one(sql`select status, is_demo as "isDemo" from cities where id = ${cityId}`)).toEqual({ status: 'ready', isDemo: true })
    const counts = await db.query<{ key: string; told: number; found: number }>(sql`
      select key, row_count as told, (select count(*) from unit_grids where layer_id = l.id) + (select count(*) from green_spaces where layer_id = l.id) + (select count(*) from buildings where layer_id = l.id)
        + (select count(*) from path_edges where layer_id = l.id) + (select count(*) from incidents where layer_id = l.id) + (select count(*) from parts where layer_id = l.id) as found
      from layers l where city_id = ${cityId} and kind in ('unit_grids', 'green_spaces', 'buildings', 'path_edges', 'incidents', 'parts')`)
    expect(counts).toHaveLength(6)
    for (const { told, found } of counts) expect(found).toBe(told)
  })

  test('does nothing a second time', async () => {
    const fingerprint = () => one(sql`select (select version from kind_versions where city_id = ${cityId} and kind = 'buildings') as version, (select max(id) from buildings where city_id = ${cityId}) as last, (select count(*) from incidents where city_id = ${cityId}) as incidents`)
    const before = await fingerprint()
    await loadDemoCity(db, options)
    expect(await fingerprint()).toEqual(before)
  })

  test('gives valid shapes whose stated areas and lengths are those the database measures', async () => {
    for (const table of ['unit_grids', 'administrative_areas', 'green_spaces', 'residential_areas', 'buildings', 'water_bodies', 'leftover_plots', 'control_areas'] as const) {
      const statement = {
        unit_grids: sql`unit_grids`, administrative_areas: sql`administrative_areas`, green_spaces: sql`green_spaces`, residential_areas: sql`residential_areas`,
        buildings: sql`buildings`, water_bodies: sql`water_bodies`, leftover_plots: sql`leftover_plots`, control_areas: sql`control_areas`,
      }[table]
      const { invalid, worst } = await one<{ invalid: number; worst: number }>(sql`
        select count(*) filter (where not st_isvalid(geom)) as invalid, max(abs(st_area(st_transform(geom, 4547)) - area_m2) / greatest(area_m2, 400)) as worst from ${statement} where city_id = ${cityId}`)
      expect({ table, invalid }).toEqual({ table, invalid: 0 })
      expect(worst).toBeLessThan(0.002)
    }
    const { worst } = await one<{ worst: number }>(sql`select max(abs(st_length(st_transform(geom, 4547)) - length_meters)) as worst from path_edges where city_id = ${cityId}`)
    expect(worst).toBeLessThan(0.1)
  })

  test('tiles the built-up area with cells: no gap and no overlap of more than 1 m²', async () => {
    const { gap } = await one<{ gap: number }>(sql`
      select abs(st_area(st_transform(b.geom, 4547)) - (select sum(st_area(st_transform(geom, 4547))) from unit_grids where city_id = ${cityId})) as gap from built_up_areas b where b.city_id = ${cityId}`)
    expect(gap).toBeLessThan(1)
    const { overlap } = await one<{ overlap: number | null }>(sql`
      select max(st_area(st_intersection(st_transform(a.geom, 4547), st_transform(b.geom, 4547)))) as overlap
      from unit_grids a join unit_grids b on a.id < b.id and st_intersects(a.geom, b.geom) where a.city_id = ${cityId} and b.city_id = ${cityId}`)
    expect(overlap ?? 0).toBeLessThan(1)
  })

  test('puts every part, facility and case in the cell that its row names', async () => {
    const strays = await one(sql`
      select (select count(*) from parts p where p.city_id = ${cityId} and not exists (select 1 from unit_grids g where g.city_id = ${cityId} and g.code = p.grid_code and st_dwithin(g.geom, p.geom, 0.0000005))) as parts,
        (select count(*) from facilities f where f.city_id = ${cityId} and not exists (select 1 from unit_grids g where g.city_id = ${cityId} and st_intersects(g.geom, f.geom))) as facilities,
        (select count(*) from incidents i where i.city_id = ${cityId} and i.geom is not null and not exists (select 1 from unit_grids g where g.city_id = ${cityId} and g.code = i.grid_code and st_dwithin(g.geom, i.geom, 0.0000005))) as incidents`)
    expect(strays).toEqual({ parts: 0, facilities: 0, incidents: 0 })
  })

  test('stands no building in the water', async () => {
    expect(await one(sql`select count(*) as wet from buildings b join water_bodies w on w.city_id = ${cityId} and st_intersects(w.geom, b.geom) where b.city_id = ${cityId}`)).toEqual({ wet: 0 })
  })
})
