/** Where something new could stand, and what places are called. */
import type { Queryable } from '../db/db.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { ObstacleReason } from './lattice.ts'

export interface PlotRow {
  id: string
  name: string | null
  landUse: string | null
  ownership: string | null
  areaM2: number
  isHistoric: boolean
  isInGreenLine: boolean
  isControlled: boolean
  longitude: number
  latitude: number
  wkb: Buffer
}

/** Leftover plots with what a planner filters by. A plot lies inside a green line, or a control area, where a point well inside it does. */
export function listPlots(db: Queryable, cityId: number, srid: number): Promise<PlotRow[]> {
  return db.query(sql`
    select f.public_id as id, coalesce(f.name, f.code) as name, f.land_use as "landUse", f.ownership, f.area_m2 as "areaM2",
      exists (select 1 from historic_districts h where h.city_id = ${cityId} and h.valid_to is null and st_intersects(h.geom, st_centroid(f.geom))) as "isHistoric",
      exists (select 1 from green_lines g where g.city_id = ${cityId} and g.valid_to is null and st_intersects(g.geom, p.point)) as "isInGreenLine",
      exists (select 1 from control_areas c where c.city_id = ${cityId} and c.valid_to is null and st_intersects(c.geom, p.point)) as "isControlled",
      st_x(p.point) as longitude, st_y(p.point) as latitude,
      st_asbinary(st_transform(case when st_isvalid(f.geom) then f.geom else st_makevalid(f.geom) end, ${srid}::int)) as wkb
    from leftover_plots f cross join lateral (select st_pointonsurface(f.geom) as point) p
    where f.city_id = ${cityId} and f.valid_to is null and not st_isempty(f.geom) order by f.id`)
}

export interface ObstacleRow {
  rowId: number
  /** Half the width of a road; 0 for what is an area. */
  marginMeters: number
  wkb: Buffer
}

const OBSTACLES: Record<ObstacleReason, Sql> = {
  on_water: sql`select f.id, 0::float8 as margin, f.geom from water_bodies f`,
  on_building: sql`select f.id, 0::float8 as margin, f.geom from buildings f`,
  on_road: sql`select f.id, coalesce(f.width_meters, 0)::float8 / 2 as margin, f.geom from roads f`,
  control_area: sql`select f.id, 0::float8 as margin, f.geom from control_areas f`,
}

/** Water, buildings, roads or control areas of a city, in pages. */
export async function listObstacles(db: Queryable, cityId: number, srid: number, reason: ObstacleReason, heard: () => void): Promise<ObstacleRow[]> {
  const rows: ObstacleRow[] = []
  for (;;) {
    const page = await db.query<ObstacleRow>(sql`
      select o.id as "rowId", o.margin as "marginMeters", st_asbinary(st_transform(o.geom, ${srid}::int)) as wkb
      from (${OBSTACLES[reason]} where f.city_id = ${cityId} and f.valid_to is null and f.id > ${rows.at(-1)?.rowId ?? 0} and not st_isempty(f.geom) order by f.id limit 5000) o order by o.id`)
    rows.push(...page)
    heard()
    if (page.length < 5000) return rows
  }
}

/** What the plots of a city say of use and ownership, and what else there is to filter by. */
export async function findChoices(db: Queryable, cityId: number): Promise<{ rows: { landUse: string | null; ownership: string | null; count: number }[]; hasGreenLines: boolean; hasControlAreas: boolean; hasNetwork: boolean }> {
  const rows = await db.query<{ landUse: string | null; ownership: string | null; count: number }>(sql`
    select land_use as "landUse", ownership, count(*)::int as count from leftover_plots where city_id = ${cityId} and valid_to is null group by land_use, ownership order by count desc, land_use, ownership`)
  const [has] = await db.query<{ hasGreenLines: boolean; hasControlAreas: boolean; hasNetwork: boolean }>(sql`
    select exists (select 1 from green_lines where city_id = ${cityId} and valid_to is null) as "hasGreenLines", exists (select 1 from control_areas where city_id = ${cityId} and valid_to is null) as "hasControlAreas",
      exists (select 1 from path_edges where city_id = ${cityId} and valid_to is null) as "hasNetwork"`)
  return { rows, ...has! }
}

/** Shapes of plots, as finely as a drawing holds them: a scenario made of them has to answer what was answered here. */
export function listPlotShapes(db: Queryable, cityId: number, ids: readonly string[]): Promise<{ id: string; geometry: { type: string; coordinates: unknown[] } }[]> {
  return db.query(sql`select public_id as id, st_asgeojson(geom, 9)::json as geometry from leftover_plots where city_id = ${cityId} and public_id = any(${ids}::uuid[]) and valid_to is null`)
}

const PAGE = 20_000

/** Degrees of points in metres, interleaved as they came. */
export async function toDegrees(db: Queryable, srid: number, points: Float64Array): Promise<Float64Array> {
  const degrees = new Float64Array(points.length)
  for (let start = 0; start < points.length; start += PAGE * 2) {
    const page = points.subarray(start, start + PAGE * 2)
    const half = (offset: number) => Array.from({ length: page.length / 2 }, (_value, index) => page[index * 2 + offset]!)
    const rows = await db.query<{ longitude: number; latitude: number }>(sql`
      select st_x(t.point) as longitude, st_y(t.point) as latitude
      from unnest(${half(0)}::float8[], ${half(1)}::float8[]) with ordinality p(x, y, number)
      cross join lateral (select st_transform(st_setsrid(st_makepoint(p.x, p.y), ${srid}::int), 4490) as point) t order by p.number`)
    rows.forEach((row, index) => degrees.set([row.longitude, row.latitude], start + index * 2))
  }
  return degrees
}

/** Name of the community that each place lies in; null where none does. */
export async function listCommunityNames(db: Queryable, cityId: number, places: readonly (readonly [number, number])[]): Promise<(string | null)[]> {
  const rows = await db.query<{ name: string | null }>(sql`
    select (select a.name from administrative_areas a where a.city_id = ${cityId} and a.valid_to is null and a.level = 'community'
        and st_intersects(a.geom, st_setsrid(st_makepoint(p.x, p.y), 4490)) order by a.id limit 1) as name
    from unnest(${places.map(([longitude]) => longitude)}::float8[], ${places.map(([, latitude]) => latitude)}::float8[]) with ordinality p(x, y, number) order by p.number`)
  return rows.map((row) => row.name)
}
