/** Edits of a scenario, brought into the city's plane. */
import type { ScenarioEdit } from '../contract/scenarios.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** Edits of a version; undefined where there is none. */
export async function findEdits(db: Queryable, cityId: number, scenario: { id: string; version: number }): Promise<ScenarioEdit[] | undefined> {
  const [row] = await db.query<{ edits: ScenarioEdit[] }>(sql`
    select v.edits from scenario_versions v join scenarios s on s.id = v.scenario_id
    where s.city_id = ${cityId} and s.public_id = ${scenario.id} and v.number = ${scenario.version}`)
  return row?.edits
}

export interface ShapeRow {
  index: number
  wkb: Buffer
  areaM2: number
  isHistoric: boolean
  isValid: boolean
  invalidReason: string
}

/** Shapes given as GeoJSON, in the plane. */
export function listEditShapes(db: Queryable, cityId: number, srid: number, shapes: readonly { index: number; geometry: unknown }[]): Promise<ShapeRow[]> {
  return db.query<ShapeRow>(sql`
    select e.index, st_asbinary(p.geom) as wkb, st_area(p.geom) as "areaM2", st_isvalid(e.geom) as "isValid", case when st_isvalid(e.geom) then '' else st_isvalidreason(e.geom) end as "invalidReason",
      exists (select 1 from historic_districts h where h.city_id = ${cityId} and h.valid_to is null and st_intersects(h.geom, st_centroid(e.geom))) as "isHistoric"
    from (select index, st_setsrid(st_geomfromgeojson(shape), 4490) as geom from unnest(${shapes.map(({ index }) => index)}::int[], ${shapes.map(({ geometry }) => JSON.stringify(geometry))}::text[]) as u(index, shape)) e
    cross join lateral (select st_transform(e.geom, ${srid}::int) as geom) p order by e.index`)
}
