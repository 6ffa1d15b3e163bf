/** What every layer of gaps begins with: live units and rules. */
import type { GapRule } from '../contract/management-gaps.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

/** The newest value of every rule, the city's own before the common one. */
export function listGapRules(db: Queryable, cityId: number): Promise<GapRule[]> {
  return db.query<GapRule>(sql`
    select distinct on (name) name, version, value, source, verified, city_id is not null as "isOwn" from gap_rules
    where city_id is null or city_id = ${cityId} order by name, city_id nulls last, version desc`, PREPARED)
}

/** Communities or streets of a city, each code once: of several layers the newest. */
export function areasOf(cityId: number, level: 'community' | 'street'): Sql {
  return sql`(select distinct on (code) * from administrative_areas where city_id = ${cityId} and valid_to is null and level = ${level} order by code, layer_id desc)`
}

/** A name for a code. */
export function nameOfCode(cityId: number, code: Sql): Sql {
  return sql`(select a.name from administrative_areas a where a.city_id = ${cityId} and a.valid_to is null and a.code = ${code} order by a.layer_id desc limit 1)`
}

/** The middle of a shape as `center`. */
export function middleOf(geometry: Sql): Sql {
  return sql`(select json_build_array(round(st_x(m.p)::numeric, 6), round(st_y(m.p)::numeric, 6)) from (select st_centroid(${geometry}) as p) m where not st_isempty(m.p))`
}

export interface UnitRow {
  id: string
  code: string
  name: string | null
  streetName: string | null
  communityName: string | null
  center: [number, number] | null
  people: number | null
}

/** The columns of a cell `g` that every list of cells shows. */
export function cellColumns(cityId: number): Sql {
  return sql`g.public_id as id, g.code, g.name, g.population as people, ${middleOf(sql`g.geom`)} as center,
    ${nameOfCode(cityId, sql`g.street_code`)} as "streetName", ${nameOfCode(cityId, sql`g.community_code`)} as "communityName"`
}

/** The columns of an area `a` that every list of areas shows. */
export function areaColumns(cityId: number): Sql {
  return sql`a.public_id as id, a.code, a.name, a.population as people, ${middleOf(sql`a.geom`)} as center,
    case a.level when 'street' then a.name else ${nameOfCode(cityId, sql`a.parent_code`)} end as "streetName", case a.level when 'community' then a.name end as "communityName"`
}

export async function countCells(db: Queryable, cityId: number): Promise<number> {
  return (await db.query<{ count: number }>(sql`select count(*)::int as count from unit_grids where city_id = ${cityId} and valid_to is null`))[0]!.count
}

export async function countAreas(db: Queryable, cityId: number, level: 'community' | 'street'): Promise<number> {
  return (await db.query<{ count: number }>(sql`select count(distinct code)::int as count from administrative_areas where city_id = ${cityId} and valid_to is null and level = ${level}`))[0]!.count
}

/** Shapes of drawn units by their ids, for a file. */
export function listShapes(db: Queryable, table: 'unit_grids' | 'administrative_areas', ids: readonly string[]): Promise<{ id: string; geometry: { type: string; coordinates: unknown } }[]> {
  const from = table === 'unit_grids' ? sql`unit_grids` : sql`administrative_areas`
  return db.query(sql`select public_id as id, st_asgeojson(geom, 7)::json as geometry from ${from} where public_id = any(${ids}::uuid[])`)
}
