/** What a supply run reads of a city beside what every ruler reads, and what the map draws of it. */
import type { Queryable } from '../db/db.ts'
import { sql, type Sql } from '../db/sql.ts'

const PAGE = 5000

/** How many facilities of a class there are, and how many say what they hold. */
export async function findCapacityCounts(db: Queryable, cityId: number, facilityClass: string): Promise<{ total: number; withCapacity: number }> {
  const [row] = await db.query<{ total: number; withCapacity: number }>(sql`
    select count(*)::int as total, count(capacity)::int as "withCapacity" from facilities where city_id = ${cityId} and valid_to is null and class = ${facilityClass}`)
  return row!
}

/** What facilities say they hold, by row; null where they do not. */
export async function listCapacities(db: Queryable, cityId: number, facilityClass: string): Promise<Map<number, number | null>> {
  const rows = await db.query<{ rowId: number; capacity: number | null }>(sql`select id as "rowId", capacity from facilities where city_id = ${cityId} and valid_to is null and class = ${facilityClass}`)
  return new Map(rows.map((row) => [row.rowId, row.capacity]))
}

function tableOf(kind: 'buildings' | 'population_cells' | 'facilities' | 'green_spaces'): Sql {
  return { buildings: sql`buildings`, population_cells: sql`population_cells`, facilities: sql`facilities`, green_spaces: sql`green_spaces` }[kind]
}

/** Middles of features in degrees, by row, in pages. */
export async function listPositions(db: Queryable, kind: Parameters<typeof tableOf>[0], rowIds: readonly number[]): Promise<Map<number, [number, number]>> {
  const found = new Map<number, [number, number]>()
  for (let start = 0; start < rowIds.length; start += PAGE) {
    const rows = await db.query<{ rowId: number; x: number; y: number }>(sql`
      select f.id as "rowId", round(st_x(c.point)::numeric, 6)::float8 as x, round(st_y(c.point)::numeric, 6)::float8 as y
      from ${tableOf(kind)} f cross join lateral (select st_centroid(f.geom) as point) c where f.id = any(${rowIds.slice(start, start + PAGE)}::bigint[])`)
    for (const row of rows) found.set(row.rowId, [row.x, row.y])
  }
  return found
}

export interface UnitShape {
  code: string
  geometry: { type: string; coordinates: unknown[] }
}

/** Simplified to this many degrees (about 2 m) for drawing. */
const SIMPLIFY_DEGREES = 0.00002

/** Shapes of the units of one level, for drawing; at most `limit`. */
export function listUnitShapes(db: Queryable, cityId: number, level: 'street' | 'community' | 'cell', limit: number): Promise<UnitShape[]> {
  const shape = sql`st_asgeojson(st_multi(st_collectionextract(st_simplifypreservetopology(case when st_isvalid(f.geom) then f.geom else st_makevalid(f.geom) end, ${SIMPLIFY_DEGREES}::float8), 3)), 6)::json as geometry`
  return level === 'cell'
    ? db.query(sql`select f.code, ${shape} from unit_grids f where f.city_id = ${cityId} and f.valid_to is null and f.status = 'valid' order by f.code limit ${limit}`)
    : db.query(sql`select distinct on (f.code) f.code, ${shape} from administrative_areas f where f.city_id = ${cityId} and f.valid_to is null and f.level = ${level} order by f.code, f.layer_id desc limit ${limit}`)
}
