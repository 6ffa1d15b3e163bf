import { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { overdueIncident } from './filter-queries.ts'

/** The points under a filter, column by column; numbers in network byte order, null where there is none. */
export interface PointColumnsRow {
  count: number
  withoutPlace: number
  /** Which transactions this answer contains: where the live feed goes on. */
  snapshot: string
  classes: { kind: 'part' | 'event'; code: string; name: string }[]
  ids: Buffer | null
  positions: Buffer | null
  /** 8 bytes each: seconds since 1970. */
  reportedAt: Buffer | null
  /** 8 bytes each: seconds since 1970, 0 without a running limit. */
  dueAt: Buffer | null
  classIndex: Buffer | null
  /** 8 bytes each: severity, state number and overdue as the three lowest bytes. */
  flags: Buffer | null
}

/** Builds the columns in the database: a hundred thousand rows cost six values to carry, not six hundred thousand. */
export async function findPointColumns(db: Queryable, where: Sql, at: Date): Promise<PointColumnsRow> {
  const rows = await db.query<PointColumnsRow>(sql`
    with matching as materialized (
      select i.public_id, i.geom, i.class_kind, i.class_code, i.class_name, extract(epoch from i.reported_at) as reported,
        case when i.state in ('pending_dispatch', 'pending_dispose', 'disposing', 'disposed') then extract(epoch from i.due_at) end as due,
        i.severity * 65536 + (array_position(${IncidentState.options}::text[], i.state) - 1) * 256 + coalesce(${overdueIncident(at)}, false)::int as flags
      from incidents i where ${where}
    ),
    classes as materialized (
      select class_kind, class_code, min(class_name) as name, row_number() over (order by class_kind, class_code) - 1 as number
      from matching where geom is not null group by class_kind, class_code
    )
    select count(*)::int as count,
      (select count(*)::int from matching where geom is null) as "withoutPlace",
      pg_current_snapshot()::text as snapshot,
      coalesce((select json_agg(json_build_object('kind', class_kind, 'code', class_code, 'name', name) order by number) from classes), '[]'::json) as classes,
      string_agg(uuid_send(m.public_id), ''::bytea) as ids,
      string_agg(float8send(st_x(m.geom)) || float8send(st_y(m.geom)), ''::bytea) as positions,
      string_agg(int8send(greatest(0, floor(m.reported))::bigint), ''::bytea) as "reportedAt",
      string_agg(int8send(coalesce(floor(m.due), 0)::bigint), ''::bytea) as "dueAt",
      string_agg(int2send(c.number::smallint), ''::bytea) as "classIndex",
      string_agg(int8send(m.flags::bigint), ''::bytea) as flags
    from matching m join classes c on c.class_kind = m.class_kind and c.class_code = m.class_code
    where m.geom is not null`)
  const row = rows[0]
  if (!row) throw new TypeError('an aggregate answered no row')
  return row
}
