/** When a case of each cell was last checked. */
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import { cellColumns, type UnitRow } from './unit-queries.ts'

export interface UnattendedRow extends UnitRow {
  /** Cases there have been, drills left out. */
  cases: number
  /** ISO instant. */
  checkedAt: string | null
  checkedOn: string | null
}

/** Cells without a check since an instant, in one reading of the cases; the condition is that of the index, which holds checks alone in the order of their cases. */
export function listUnattendedCells(db: Queryable, { cityId, timeZone }: { cityId: number; timeZone: string }, since: Date): Promise<UnattendedRow[]> {
  return db.query(sql`
    with seen as (
      select c.grid_code, count(*)::int as count, max(k.at) as at
      from case_digests c
      left join (
        select f.incident_id, max(f.at) as at from incident_flow f
        where f.action in ('check_passed', 'check_failed') or (f.action = 'rework' and f.from_state = 'checking') group by 1) k on k.incident_id = c.id
      where c.city_id = ${cityId} and c.grid_code is not null and not c.is_drill group by 1)
    select ${cellColumns(cityId)}, coalesce(seen.count, 0) as cases, to_char(seen.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "checkedAt",
      to_char(seen.at at time zone ${timeZone}, 'YYYY-MM-DD') as "checkedOn"
    from unit_grids g left join seen on seen.grid_code = g.code
    where g.city_id = ${cityId} and g.valid_to is null and (seen.at is null or seen.at <= ${since.toISOString()}::timestamptz)`)
}
