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
export const POINT_ROW = { id: 0, longitude: 16, latitude: 24, reportedAt: 32, dueAt: 36, flags: 40, classIndex: 44, length: 46 } as const

/**
 * Every point in one value: a hundred thousand rows cost one value to carry, not eight hundred thousand.
 * Seconds since 1970 as 4 bytes (until 2106), 0 where no limit runs; flags hold severity, state number and overdue in their three low bytes.
 */
export async function findPoints(db: Queryable, where: Sql, at: Date): Promise<PointRows> {
  const rows = await db.query<PointRows>(sql`
    with matching as materialized (
      select i.class_kind, i.class_code, i.class_name, i.geom is null as is_nowhere,
        uuid_send(i.public_id) || float8send(st_x(i.geom)) || float8send(st_y(i.geom))
        || substring(int8send(floor(extract(epoch from i.reported_at))::bigint) from 5)
        || substring(int8send(case when i.state in ('pending_dispatch', 'pending_dispose', 'disposing', 'disposed') and i.due_at is not null
          then floor(extract(epoch from i.due_at))::bigint else 0 end) from 5)
        || int4send(i.severity * 65536 + (array_position(${IncidentState.options}::text[], i.state) - 1) * 256 + coalesce(${overdueIncident(at)}, false)::int) as bytes
      from incidents i where ${where}
    ),
    classes as materialized (
      select class_kind, class_code, min(class_name) as name, row_number() over (order by class_kind, class_code) - 1 as number
      from matching where not is_nowhere group by class_kind, class_code
    )
    select count(*)::int as count,
      (select count(*)::int from matching where is_nowhere) as "withoutPlace",
      pg_current_snapshot()::text as snapshot,
      coalesce((select json_agg(json_build_object('kind', class_kind, 'code', class_code, 'name', name) order by number) from classes), '[]'::json) as classes,
      string_agg(m.bytes || int2send(c.number::smallint), ''::bytea) as rows
    from matching m join classes c on c.class_kind = m.class_kind and c.class_code = m.class_code
    where not m.is_nowhere`)
  const row = rows[0]
  if (!row) throw new TypeError('an aggregate answered no row')
  return row
}
