/** What of a city's data is missing, old, or in the wrong place. */
import type { FeatureKind } from '../contract/layers.ts'
import type { GapFigures } from '../contract/management-gaps.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import { areaColumns, areasOf, cellColumns, middleOf, nameOfCode, type UnitRow } from './unit-queries.ts'

/** Of features in the wrong place so many are listed; all are counted. */
export const LISTED_FEATURES = 5000

/** Communities with people, and which data they lack. */
export function listCommunityData(db: Queryable, cityId: number): Promise<(UnitRow & { missing: FeatureKind[] })[]> {
  return db.query(sql`
    select ${areaColumns(cityId)}, array_remove(array[
      case when not exists (select from facilities f where f.city_id = ${cityId} and f.valid_to is null and f.geom && a.geom and st_intersects(f.geom, a.geom)) then 'facilities' end,
      case when not exists (select from buildings b where b.city_id = ${cityId} and b.valid_to is null and b.geom && a.geom and st_intersects(b.geom, a.geom)) then 'buildings' end,
      case when not exists (select from path_edges e where e.city_id = ${cityId} and e.valid_to is null and e.geom && a.geom and st_intersects(e.geom, a.geom)) then 'path_edges' end], null) as missing
    from ${areasOf(cityId, 'community')} a where a.population > 0`)
}

/** Cells whose code names a street or community that is not there. */
export function listUnplacedCells(db: Queryable, cityId: number): Promise<(UnitRow & { without: NonNullable<GapFigures['without']> })[]> {
  return db.query(sql`
    select ${cellColumns(cityId)}, case when s.code is not null then 'community' when c.code is not null then 'street' else 'both' end as without
    from unit_grids g left join ${areasOf(cityId, 'street')} s on s.code = g.street_code left join ${areasOf(cityId, 'community')} c on c.code = g.community_code
    where g.city_id = ${cityId} and g.valid_to is null and (s.code is null or c.code is null)`)
}

export interface LayerAge {
  id: string
  key: string
  titleZh: string
  titleEn: string
  dated: string
  datedBy: NonNullable<GapFigures['datedBy']>
}

/** Every filled layer with its date: that of its data, else of its last change. Cases are history and do not age. */
export function listLayerAges(db: Queryable, cityId: number): Promise<LayerAge[]> {
  return db.query(sql`
    select public_id as id, key, title_zh as "titleZh", title_en as "titleEn", to_char(coalesce(data_date, updated_at::date), 'YYYY-MM-DD') as dated,
      case when data_date is null then 'updated_at' else 'data_date' end as "datedBy"
    from layers where city_id = ${cityId} and row_count > 0 and kind <> 'incidents' order by key`)
}

export interface MisplacedRow {
  feature: NonNullable<GapFigures['feature']>
  id: string
  code: string
  name: string | null
  center: [number, number] | null
  statedCode: string
  foundCode: string | null
  /** Null where the stated unit does not exist. */
  meters: number | null
  streetName: string | null
  communityName: string | null
  /** Of its sort there are so many. */
  count: number
}

/** Parts and cases that are not in the cell, and cells whose middle is not in the community, that their code states; beyond a tolerance. */
export async function listMisplaced(db: Queryable, cityId: number, measureSrid: number, toleranceMeters: number): Promise<MisplacedRow[]> {
  const unit = { grid: sql`unit_grids`, area: areasOf(cityId, 'community') }
  const placed = {
    parts: { from: sql`(select id, public_id, coalesce(code, source_key) as code, name, geom, grid_code as stated from parts where city_id = ${cityId} and valid_to is null and grid_code is not null)`, units: sql`(select * from ${unit.grid} where city_id = ${cityId} and valid_to is null)` },
    incidents: { from: sql`(select d.id, i.public_id, coalesce(i.case_number, i.report_number) as code, i.class_name as name, d.geom, d.grid_code as stated from case_digests d join incidents i on i.id = d.id where d.city_id = ${cityId} and d.grid_code is not null and d.geom is not null and not d.is_drill)`, units: sql`(select * from ${unit.grid} where city_id = ${cityId} and valid_to is null)` },
    unit_grids: { from: sql`(select id, public_id, code, name, st_pointonsurface(geom) as geom, community_code as stated from unit_grids where city_id = ${cityId} and valid_to is null)`, units: unit.area },
  } as const
  const rows: MisplacedRow[] = []
  for (const feature of ['parts', 'incidents', 'unit_grids'] as const) {
    const { from, units } = placed[feature]
    // A cell without its community is told as unplaced; a case keeps the code of its day, which may have ended since.
    const isKnown = feature === 'parts' ? sql`` : sql`and u.code is not null`
    rows.push(...await db.query<MisplacedRow>(sql`
      with off as materialized (
        select p.*, u.code as unit_code, count(*) over ()::int as count, st_distance(st_transform(u.geom, ${measureSrid}::int), st_transform(p.geom, ${measureSrid}::int)) as meters
        from ${from} p left join ${units} u on u.code = p.stated
        where (u.code is null or (not st_covers(u.geom, p.geom) and st_distance(st_transform(u.geom, ${measureSrid}::int), st_transform(p.geom, ${measureSrid}::int)) > ${toleranceMeters}::float8)) ${isKnown}
        order by p.id limit ${LISTED_FEATURES})
      select ${feature} as feature, o.public_id as id, o.code, o.name, ${middleOf(sql`o.geom`)} as center, o.stated as "statedCode", o.meters, o.count, found.code as "foundCode",
        ${nameOfCode(cityId, sql`coalesce(community.code, '')`)} as "communityName", ${nameOfCode(cityId, sql`coalesce(community.parent_code, '')`)} as "streetName"
      from off o
      left join lateral (select u.code from ${units} u where u.geom && o.geom and st_intersects(u.geom, o.geom) order by u.code limit 1) found on true
      left join lateral (select a.code, a.parent_code from administrative_areas a where a.city_id = ${cityId} and a.valid_to is null and a.level = 'community' and a.geom && o.geom and st_intersects(a.geom, o.geom) order by a.layer_id desc limit 1) community on true
      order by o.id`))
  }
  return rows
}

export interface OutsideRow {
  feature: 'parts' | 'incidents' | 'facilities'
  id: string
  code: string
  name: string | null
  center: [number, number] | null
  count: number
}

/** Parts, facilities and cases outside the city. */
export async function listOutside(db: Queryable, cityId: number): Promise<OutsideRow[]> {
  const sources = {
    parts: sql`(select id, public_id, coalesce(code, source_key) as code, name, geom from parts where city_id = ${cityId} and valid_to is null and outside_city)`,
    facilities: sql`(select id, public_id, coalesce(code, source_key) as code, name, geom from facilities where city_id = ${cityId} and valid_to is null and outside_city)`,
    incidents: sql`(select id, public_id, coalesce(case_number, report_number) as code, class_name as name, geom from incidents where city_id = ${cityId} and outside_city and not is_drill and geom is not null)`,
  } as const
  const rows: OutsideRow[] = []
  for (const feature of ['parts', 'facilities', 'incidents'] as const) {
    rows.push(...await db.query<OutsideRow>(sql`
      select ${feature} as feature, o.public_id as id, o.code, o.name, ${middleOf(sql`o.geom`)} as center, count(*) over ()::int as count from ${sources[feature]} o order by o.id limit ${LISTED_FEATURES}`))
  }
  return rows
}

/** How many features each check of places looks at. */
export async function countPlaced(db: Queryable, cityId: number): Promise<{ stated: number; placed: number }> {
  return (await db.query<{ stated: number; placed: number }>(sql`
    with counts as (
      select count(*) as placed, count(grid_code) as stated from parts where city_id = ${cityId} and valid_to is null
      union all select count(geom), count(grid_code) filter (where geom is not null) from case_digests where city_id = ${cityId} and not is_drill
      union all select count(*), 0 from facilities where city_id = ${cityId} and valid_to is null
      union all select 0, count(*) from unit_grids g where g.city_id = ${cityId} and g.valid_to is null and exists (select from administrative_areas a where a.city_id = g.city_id and a.valid_to is null and a.level = 'community' and a.code = g.community_code))
    select sum(stated)::int as stated, sum(placed)::int as placed from counts`))[0]!
}
