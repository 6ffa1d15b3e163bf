import { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { overdueIncident } from './filter-queries.ts'

/** The points under a filter. */
export interface PointRows {
  count: number
  withoutPlace: number
  /** Which transactions this answer contains: where the live feed goes on. */
  snapshot: string
  classes: { kind: 'part' | 'event'; code: string; name: string }[]
  /** Row after row of POINT_ROW; null when there is none. */
  rows: Buffer | null
}

/** Where each value stands in a row of bytes, big-endian as PostgreSQL sends them; `length` is that of a row. */
export const POINT_ROW = { id: 0, longitude: 16, latitude: 24, reportedAt: 32, dueAt: 36, flags: 42, classIndex: 46, length: 48 } as const

/**
 * Every point in one value: a hundred thousand rows cost one value to carry, not eight hundred thousand; and as few pieces a row as can be, since each costs as much as reading the row.
 * Seconds since 1970 as 4 bytes (until 2106), 0 where no limit runs; flags hold severity, state number and overdue in their three low bytes.
 * Classes are numbered over the whole city, found by leaping from each to the next in their index.
 */
export async function findPoints(db: Queryable, cityId: number, where: Sql, at: Date): Promise<PointRows> {
  const rows = await db.query<PointRows>(sql`
    with recursive known (class_kind, class_code) as (
      (select i.class_kind, i.class_code from incidents i where i.city_id = ${cityId} order by i.class_kind, i.class_code limit 1)
      union all
      select next.class_kind, next.class_code from known k cross join lateral (
        select i.class_kind, i.class_code from incidents i where i.city_id = ${cityId} and (i.class_kind, i.class_code) > (k.class_kind, k.class_code) order by i.class_kind, i.class_code limit 1) next
    ),
    classes as materialized (
      select k.class_kind, k.class_code, row_number() over (order by k.class_kind, k.class_code) - 1 as number, (
        select i.class_name from incidents i where i.city_id = ${cityId} and i.class_kind = k.class_kind and i.class_code = k.class_code order by i.reported_at desc limit 1) as name
      from known k
    )
    select count(i.geom)::int as count, (count(*) - count(i.geom))::int as "withoutPlace", pg_current_snapshot()::text as snapshot,
      coalesce((select json_agg(json_build_object('kind', class_kind, 'code', class_code, 'name', name) order by number) from classes), '[]'::json) as classes,
      string_agg(uuid_send(i.public_id) || float8send(st_x(i.geom)) || float8send(st_y(i.geom))
        || int8send((floor(date_part('epoch', i.reported_at))::bigint << 32) | case when i.state in ('pending_dispatch', 'pending_dispose', 'disposing', 'disposed') and i.due_at is not null
          then floor(date_part('epoch', i.due_at))::bigint else 0 end)
        || int8send((i.severity * 65536 + (s.number - 1) * 256 + coalesce(${overdueIncident(at)}, false)::int) << 16 | c.number), ''::bytea) filter (where i.geom is not null) as rows
    from incidents i
    join classes c on c.class_kind = i.class_kind and c.class_code = i.class_code
    join unnest(${IncidentState.options}::text[]) with ordinality s (state, number) on s.state = i.state
    where ${where}`)
  const row = rows[0]
  if (!row) throw new TypeError('an aggregate answered no row')
  return row
}
