/** What mends read of a city beside what coverage does, and how their places are named. Metres in the city's measuring system. */
import type { MendSettings, MendsResult } from '../contract/mends.ts'
import type { Queryable } from '../db/db.ts'
import { identifier, sql } from '../db/sql.ts'

/** The city's newest settings, else the default ones. */
export async function findMendSettings(db: Queryable, cityId: number): Promise<MendSettings> {
  const [row] = await db.query<MendSettings>(sql`
    select version, gate_spacing_meters as "gateSpacingMeters", gate_least_meters as "gateLeastMeters", crossing_greatest_meters as "crossingGreatestMeters", crossing_least_ratio as "crossingLeastRatio",
      path_greatest_meters as "pathGreatestMeters", apart_meters as "apartMeters", most, most_joins as "mostJoins", listed, turns, turns_from as "turnsFrom", efforts, source, verified
    from mend_settings where city_id is null or city_id = ${cityId} order by city_id nulls last, version desc limit 1`)
  if (!row) throw new TypeError('the table of mend settings has lost its default row')
  return row
}

/** The newest mends that were computed of a coverage run; nothing where there are none. */
export async function findMendsOfRun(db: Queryable, cityId: number, run: string): Promise<MendsResult | undefined> {
  return (await db.query<{ result: MendsResult }>(sql`select result from planning_runs where city_id = ${cityId} and kind = 'mends' and status = 'finished' and input->>'run' = ${run} order by id desc limit 1`))[0]?.result
}

export interface PlotRow {
  rowId: number
  id: string
  name: string | null
  class: string
  areaM2: number
  isHistoric: boolean
  wkb: Buffer
}

/** Plots that could become something: the largest first, so many at most. */
export function listPlots(db: Queryable, cityId: number, srid: number, limit: number): Promise<PlotRow[]> {
  return db.query(sql`
    select f.id as "rowId", f.public_id as id, coalesce(f.name, f.code) as name, f.class, f.area_m2 as "areaM2",
      exists (select 1 from historic_districts h where h.city_id = ${cityId} and h.valid_to is null and st_intersects(h.geom, st_centroid(f.geom))) as "isHistoric",
      st_asbinary(st_transform(case when st_isvalid(f.geom) then f.geom else st_makevalid(f.geom) end, ${srid}::int)) as wkb
    from leftover_plots f where f.city_id = ${cityId} and f.valid_to is null and not st_isempty(f.geom) order by f.area_m2 desc, f.id limit ${limit}`)
}

/** Water, railways and expressways, which nobody walks over. */
export function listBarrierShapes(db: Queryable, cityId: number, srid: number): Promise<{ class: string; name: string | null; wkb: Buffer }[]> {
  return db.query(sql`
    select class, name, st_asbinary(st_transform(geom, ${srid}::int)) as wkb from (
      select 1 as part, id, class, name, geom from water_bodies where city_id = ${cityId} and valid_to is null
      union all select 2, id, class, name, geom from roads where city_id = ${cityId} and valid_to is null and class in ('rail', 'motorway', 'trunk') and not is_bridge) barrier
    order by part, id`)
}

/** Blind spots of a run as shapes, by rank. */
export function listSpotShapes(db: Queryable, runId: number, srid: number): Promise<{ id: string; wkb: Buffer }[]> {
  return db.query(sql`select public_id as id, st_asbinary(st_transform(geom, ${srid}::int)) as wkb from coverage_blind_spots where run_id = ${runId} order by rank`)
}

/** Points of the measuring system as [longitude, latitude], to 7 decimals, in order. */
export async function listPositions(db: Queryable, srid: number, points: readonly (readonly [number, number])[]): Promise<[number, number][]> {
  const positions: [number, number][] = []
  for (let start = 0; start < points.length; start += 20_000) {
    const some = points.slice(start, start + 20_000)
    positions.push(
      ...(
        await db.query<{ position: [number, number] }>(sql`
          select json_build_array(round(st_x(p)::numeric, 7), round(st_y(p)::numeric, 7)) as position
          from unnest(${some.map(([x]) => x)}::float8[], ${some.map(([, y]) => y)}::float8[]) with ordinality as given(x, y, number)
          cross join lateral st_transform(st_setsrid(st_makepoint(x, y), ${srid}::int), 4490) p order by number`)
      ).map(({ position }) => position),
    )
  }
  return positions
}

/** Geometries of plots or facilities as GeoJSON, by their public id. */
export async function listSiteGeometries(db: Queryable, kind: 'green_spaces' | 'facilities' | 'leftover_plots', ids: readonly string[]): Promise<Map<string, { type: string; coordinates: unknown[] }>> {
  const rows = await db.query<{ id: string; geometry: { type: string; coordinates: unknown[] } }>(sql`select public_id as id, st_asgeojson(geom, 9)::json as geometry from ${identifier(kind)} where public_id = any(${ids}::uuid[])`)
  return new Map(rows.map(({ id, geometry }) => [id, geometry]))
}

/** The community, else the street, that each position lies in. */
export async function listPlaceNames(db: Queryable, cityId: number, positions: readonly (readonly [number, number])[]): Promise<(string | null)[]> {
  const rows = await db.query<{ name: string | null }>(sql`
    select (select a.name from administrative_areas a where a.city_id = ${cityId} and a.valid_to is null and a.level in ('street', 'community') and st_intersects(a.geom, p)
      order by a.level = 'community' desc, a.layer_id desc limit 1) as name
    from unnest(${positions.map(([x]) => x)}::float8[], ${positions.map(([, y]) => y)}::float8[]) with ordinality as given(x, y, number)
    cross join lateral st_setsrid(st_makepoint(x, y), 4490) p order by number`)
  return rows.map(({ name }) => name)
}
