import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { openIncident, overdueIncident } from './filter-queries.ts'

/** One bucket of one of the ways to group; `group` says which, the other keys are null. */
export interface CountBucket {
  group: 'state' | 'source' | 'severity' | 'class' | 'street' | 'day' | 'total'
  key: string | null
  name: string | null
  count: number
  open: number
  overdue: number
  withoutPlace: number
}

/**
 * Every count under a filter in one reading of its rows: grouped once by all of them, the buckets folded from that.
 * Days are those of the city's time zone.
 */
export function listCountBuckets(db: Queryable, cityId: number, timeZone: string, where: Sql, at: Date): Promise<CountBucket[]> {
  return db.query<CountBucket>(sql`
    with rows as (
      select i.state, i.source, i.severity, i.class_kind, i.class_code, i.class_name, i.street_code, (i.reported_at at time zone ${timeZone})::date as day,
        coalesce(${overdueIncident(at)}, false) as is_overdue, i.geom is null as is_nowhere, ${openIncident} as is_open
      from incidents i where ${where}
    ),
    fine as materialized (
      select grouping(day) = 0 as is_day, day, state, source, severity, class_kind, class_code, street_code, min(class_name) as class_name, count(*) as n,
        count(*) filter (where is_overdue) as overdue, count(*) filter (where is_nowhere) as without_place, bool_and(is_open) as is_open
      from rows
      group by grouping sets ((state, source, severity, class_kind, class_code, street_code), (day))
    ),
    folded as (
      select case grouping(state, source, severity, class_kind, street_code) when 15 then 'state' when 23 then 'source' when 27 then 'severity' when 29 then 'class' when 30 then 'street' else 'total' end as "group",
        coalesce(state, source, severity::text, class_kind || ':' || class_code, street_code) as key, min(class_name) as name,
        sum(n)::int as count, coalesce(sum(n) filter (where is_open), 0)::int as open, sum(overdue)::int as overdue, sum(without_place)::int as "withoutPlace"
      from fine where not is_day
      group by grouping sets ((state), (source), (severity), (class_kind, class_code), (street_code), ())
    )
    select f."group", f.key, case when f."group" = 'street' then (
        select a.name from administrative_areas a where a.city_id = ${cityId} and a.code = f.key and a.valid_to is null limit 1)
      when f."group" = 'class' then f.name end as name, f.count, f.open, f.overdue, f."withoutPlace"
    from folded f where f.count > 0
    union all
    select 'day', to_char(day, 'YYYY-MM-DD'), null, n::int, 0, 0, 0 from fine where is_day
    order by 1, 2`)
}

/** How many rows a filter would show more if drills and places outside the city were asked for. */
export async function countLeftOut(db: Queryable, whereWithAll: Sql): Promise<{ outsideCity: number; drills: number }> {
  const rows = await db.query<{ outsideCity: number; drills: number }>(sql`
    select count(*) filter (where i.outside_city)::int as "outsideCity", count(*) filter (where i.is_drill)::int as drills
    from incidents i where ${whereWithAll} and (i.outside_city or i.is_drill)`)
  return rows[0] ?? { outsideCity: 0, drills: 0 }
}
