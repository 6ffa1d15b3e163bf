import { ENDED_STATES } from '../contract/incident-transitions.ts'
import { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { join, type Sql, sql } from '../db/sql.ts'
import { overdueIncident, runningIncident } from './filter-queries.ts'

/** The points of one class under a filter. */
export interface ClassPoints {
  kind: 'part' | 'event'
  code: string
  name: string
  withoutPlace: number
  /** Row after row of POINT_ROW; null when none has a place. */
  rows: Buffer | null
}

/** Where each value stands in a row of bytes, big-endian as PostgreSQL sends them; `length` is that of a row. */
export const POINT_ROW = { id: 0, longitude: 16, latitude: 24, reportedAt: 32, dueAt: 36, flags: 44, length: 48 } as const

/** The number of a case's state: compared with `closed` first, then with the others that have ended, since most cases of a city are in those. */
const STATE_NUMBER: Sql = sql`case i.state ${join(
  [...new Set<IncidentState>(['closed', ...ENDED_STATES, ...IncidentState.options])].map((state) => sql`when ${state} then ${IncidentState.options.indexOf(state)}::bigint`),
  ' ',
)} end`

/**
 * Every point in one value a class: a hundred thousand rows cost some hundred values to carry, not eight hundred thousand, and none says its class.
 * As few pieces a row as can be, since each costs as much as reading the row. Seconds since 1970 as 4 bytes (until 2106), 0 where no limit runs;
 * flags hold severity, state number and overdue in their three low bytes.
 * @returns classes in order, and which transactions they contain: where the live feed goes on.
 */
export async function listPoints(db: Queryable, cityId: number, where: Sql, at: Date): Promise<{ classes: ClassPoints[]; snapshot: string }> {
  const rows = await db.query<{ snapshot: string } & { [Key in keyof ClassPoints]: ClassPoints[Key] | null }>(sql`
    select pg_current_snapshot()::text as snapshot, g.class_kind as kind, g.class_code as code, g."withoutPlace", g.rows,
      (select i.class_name from incidents i where i.city_id = ${cityId} and i.class_kind = g.class_kind and i.class_code = g.class_code order by i.reported_at desc limit 1) as name
    from (select) one left join (
      select i.class_kind, i.class_code, (count(*) - count(i.geom))::int as "withoutPlace",
        string_agg(uuid_send(i.public_id) || float8send(st_x(i.geom)) || float8send(st_y(i.geom))
          || int8send((floor(date_part('epoch', i.reported_at))::bigint << 32) | case when ${runningIncident} and i.due_at is not null then floor(date_part('epoch', i.due_at))::bigint else 0 end)
          || int8send(i.severity * 65536 + ${STATE_NUMBER} * 256 + coalesce(${overdueIncident(at)}, false)::int), ''::bytea) filter (where i.geom is not null) as rows
      from incidents i where ${where} group by 1, 2
    ) g on true
    order by 2, 3`)
  const [first] = rows
  if (!first) throw new TypeError('a left join answered no row')
  return { snapshot: first.snapshot, classes: rows.filter((row): row is { snapshot: string } & ClassPoints => row.kind !== null) }
}
