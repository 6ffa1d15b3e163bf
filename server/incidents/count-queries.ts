import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

/** The cases of one class in one street under a filter; `marks` is row after row of MARKS_ROW. */
export interface CountedCases {
  kind: 'part' | 'event'
  code: string
  className: string
  streetCode: string | null
  streetName: string | null
  marks: Buffer
}

/**
 * Every case under a filter in one reading of its rows, once by class and street and otherwise as bytes: putting each row into a table of
 * groups costs as much as reading it, so that what has few values is counted from the bytes.
 * @param under `from … where …` over case digests `i`.
 */
export function listCountedCases(db: Queryable, cityId: number, under: Sql): Promise<CountedCases[]> {
  return db.query<CountedCases>(sql`
    select g.class_kind as kind, g.class_code as code, (
      select i.class_name from incidents i where i.city_id = ${cityId} and i.class_kind = g.class_kind and i.class_code = g.class_code order by i.reported_at desc limit 1) as "className",
      g.street_code as "streetCode", (select a.name from administrative_areas a where a.city_id = ${cityId} and a.code = g.street_code and a.valid_to is null limit 1) as "streetName", g.marks
    from (select i.class_kind, i.class_code, i.street_code, string_agg(i.marks, ''::bytea) as marks ${under} group by 1, 2, 3) g
    order by 1, 2, 4`)
}

/** How many rows a filter would show more if drills and places outside the city were asked for. */
export async function countLeftOut(db: Queryable, whereWithAll: Sql): Promise<{ outsideCity: number; drills: number }> {
  const rows = await db.query<{ outsideCity: number; drills: number }>(sql`
    select count(*) filter (where i.outside_city)::int as "outsideCity", count(*) filter (where i.is_drill)::int as drills
    from incidents i where ${whereWithAll} and (i.outside_city or i.is_drill)`)
  return rows[0] ?? { outsideCity: 0, drills: 0 }
}
