import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { openIncident, overdueIncident } from './filter-queries.ts'

/** One bucket of one of the ways to group; `group` says which. */
export interface CountBucket {
  group: 'state' | 'source' | 'severity' | 'class' | 'street' | 'day'
  key: string | null
  name: string | null
  count: number
  /** Of these, the open ones: told for states only. */
  open: number
  withoutPlace: number
}

/**
 * Every count under a filter in one reading of its rows, each row put into four small hash tables; the buckets are folded from those.
 * Days are those of the city's time zone: no zone's midnight lies within a quarter of an hour, so that quarters are turned into days and not rows.
 */
export function listCountBuckets(db: Queryable, cityId: number, timeZone: string, where: Sql): Promise<CountBucket[]> {
  return db.query<CountBucket>(sql`
    with grouped as materialized (
      select grouping(r.state, r.class_code, r.street_code, r.quarter) as grouped_by, r.state, r.source, r.severity, r.class_kind, r.class_code, r.street_code, r.quarter, count(*) as n, count(r.geom) as placed
      from (
        select i.state, i.source, i.severity, i.class_kind, i.class_code, i.street_code, i.geom, date_bin('15 minutes', i.reported_at, timestamptz '2000-01-01 00:00Z') as quarter
        from incidents i where ${where}
      ) r
      group by grouping sets ((r.state, r.source, r.severity), (r.class_kind, r.class_code), (r.street_code), (r.quarter))
    )
    select case when grouping(g.state) = 0 then 'state' when grouping(g.source) = 0 then 'source' else 'severity' end as "group", coalesce(g.state, g.source, g.severity::text) as key, null as name,
      sum(g.n)::int as count, coalesce(sum(g.n) filter (where g.state not in ('not_filed', 'closed', 'closed_special', 'void')), 0)::int as open, sum(g.n - g.placed)::int as "withoutPlace"
    from grouped g where g.grouped_by = 7 group by grouping sets ((g.state), (g.source), (g.severity))
    union all
    select 'class', g.class_kind || ':' || g.class_code, (
      select i.class_name from incidents i where i.city_id = ${cityId} and i.class_kind = g.class_kind and i.class_code = g.class_code order by i.reported_at desc limit 1), g.n, 0, g.n - g.placed
    from grouped g where g.grouped_by = 11
    union all
    select 'street', g.street_code, (select a.name from administrative_areas a where a.city_id = ${cityId} and a.code = g.street_code and a.valid_to is null limit 1), g.n, 0, g.n - g.placed
    from grouped g where g.grouped_by = 13
    union all
    select 'day', to_char((g.quarter at time zone ${timeZone})::date, 'YYYY-MM-DD'), null, sum(g.n)::int, 0, 0 from grouped g where g.grouped_by = 14 group by 2
    order by 1, 2`)
}

/** How many of the rows of a filter are beyond their limit. */
export async function countOverdue(db: Queryable, where: Sql, at: Date): Promise<number> {
  const rows = await db.query<{ count: number }>(sql`select count(*)::int as count from incidents i where ${where} and ${openIncident} and ${overdueIncident(at)}`)
  return rows[0]?.count ?? 0
}

/** How many rows a filter would show more if drills and places outside the city were asked for. */
export async function countLeftOut(db: Queryable, whereWithAll: Sql): Promise<{ outsideCity: number; drills: number }> {
  const rows = await db.query<{ outsideCity: number; drills: number }>(sql`
    select count(*) filter (where i.outside_city)::int as "outsideCity", count(*) filter (where i.is_drill)::int as drills
    from incidents i where ${whereWithAll} and (i.outside_city or i.is_drill)`)
  return rows[0] ?? { outsideCity: 0, drills: 0 }
}
