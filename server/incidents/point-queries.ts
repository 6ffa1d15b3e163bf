import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

/** The points of one class under a filter; `rows` is row after row of PLACE_ROW and MARKS_ROW, null when none has a place. */
export interface ClassPoints {
  kind: 'part' | 'event'
  code: string
  name: string
  withoutPlace: number
  rows: Buffer | null
}

/**
 * Every point in one value a class: a hundred thousand rows cost some hundred values to carry, not eight hundred thousand, and none says its class.
 * @param under `from … where …` over case digests `i`.
 * @returns classes in order, and which transactions they contain: where the live feed goes on.
 */
export async function listPoints(db: Queryable, cityId: number, under: Sql): Promise<{ classes: ClassPoints[]; snapshot: string }> {
  const rows = await db.query<{ snapshot: string } & { [Key in keyof ClassPoints]: ClassPoints[Key] | null }>(sql`
    select pg_current_snapshot()::text as snapshot, g.class_kind as kind, g.class_code as code, g."withoutPlace", g.rows,
      (select i.class_name from incidents i where i.city_id = ${cityId} and i.class_kind = g.class_kind and i.class_code = g.class_code order by i.reported_at desc limit 1) as name
    from (select) one left join (
      select i.class_kind, i.class_code, (count(*) - count(i.place))::int as "withoutPlace", string_agg(i.place || i.marks, ''::bytea) filter (where i.place is not null) as rows
      ${under} group by 1, 2
    ) g on true
    order by 2, 3`)
  const [first] = rows
  if (!first) throw new TypeError('a left join answered no row')
  return { snapshot: first.snapshot, classes: rows.filter((row): row is { snapshot: string } & ClassPoints => row.kind !== null) }
}
