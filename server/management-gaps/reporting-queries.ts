/** Cases of each community in a period, and what they may follow. */
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import { areaColumns, areasOf, type UnitRow } from './unit-queries.ts'

export interface CommunityGround extends UnitRow {
  roadKm: number
  facilities: number
  parts: number
}

/**
 * What there is in each community: people (as stated; else of its population cells by their middle), roads within it (rail left out), facilities,
 * and parts by their cell. Each is counted once for all communities: without statistics a plan would count them anew for every one.
 */
export function listCommunityGround(db: Queryable, cityId: number, measureSrid: number): Promise<CommunityGround[]> {
  return db.query(sql`
    with areas as materialized ${areasOf(cityId, 'community')},
    part_counts as materialized (select g.community_code as code, count(*)::int as count from parts p join unit_grids g on g.city_id = p.city_id and g.code = p.grid_code and g.valid_to is null where p.city_id = ${cityId} and p.valid_to is null group by 1),
    facility_counts as materialized (select a.code, count(*)::int as count from areas a join facilities f on f.city_id = ${cityId} and f.valid_to is null and f.geom && a.geom and st_intersects(a.geom, f.geom) group by 1),
    road_lengths as materialized (
      select a.code, sum(st_length(st_transform(case when st_coveredby(r.geom, a.geom) then r.geom else st_intersection(r.geom, a.geom) end, ${measureSrid}::int))) / 1000 as km
      from areas a join roads r on r.city_id = ${cityId} and r.valid_to is null and r.class <> 'rail' and r.geom && a.geom and st_intersects(a.geom, r.geom) group by 1),
    cell_people as materialized (
      select a.code, sum(c.population) as people from areas a join population_cells c on c.city_id = ${cityId} and c.valid_to is null and c.geom && a.geom and st_covers(a.geom, st_centroid(c.geom))
      where a.population is null group by 1)
    select ${areaColumns(cityId)}, coalesce(a.population, cell_people.people) as people, coalesce(road_lengths.km, 0) as "roadKm", coalesce(facility_counts.count, 0) as facilities, coalesce(part_counts.count, 0) as parts
    from areas a left join part_counts using (code) left join facility_counts using (code) left join road_lengths using (code) left join cell_people using (code)
    order by a.code`)
}

/** Cases reported within [from, to) by community: withdrawn ones, drills and places outside the city left out. */
export function listCommunityCases(db: Queryable, cityId: number, from: Date, to: Date): Promise<{ code: string; cases: number }[]> {
  return db.query(sql`
    select c.community_code as code, count(*)::int as cases from case_digests c
    where c.city_id = ${cityId} and c.reported_at >= ${from.toISOString()}::timestamptz and c.reported_at < ${to.toISOString()}::timestamptz
      and c.community_code is not null and c.state <> 'void' and not c.is_drill and not c.outside_city
    group by 1`)
}

/** When the first case on record was reported; null without any. */
export async function findFirstCase(db: Queryable, { cityId, timeZone }: { cityId: number; timeZone: string }): Promise<{ at: string; day: string } | null> {
  const [row] = await db.query<{ at: string; day: string }>(sql`
    select to_char(c.reported_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, to_char(c.reported_at at time zone ${timeZone}, 'YYYY-MM-DD') as day
    from case_digests c where c.city_id = ${cityId} order by c.reported_at limit 1`)
  return row ?? null
}
