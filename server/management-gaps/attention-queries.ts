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

/** Cells without a check since an instant; the condition is the index's, which holds checks alone. */
export function listUnattendedCells(db: Queryable, { cityId, timeZone }: { cityId: number; timeZone: string }, since: Date): Promise<UnattendedRow[]> {
  return db.query(sql`
    with known as (select c.id, c.grid_code from case_digests c where c.city_id = ${cityId} and c.grid_code is not null and not c.is_drill),
    cases as (select grid_code, count(*)::int as count from known group by 1),
    checks as (
      select k.grid_code, max(f.at) as at from incident_flow f join known k on k.id = f.incident_id
      where f.action in ('check_passed', 'check_failed') or (f.action = 'rework' and f.from_state = 'checking') group by 1)
    select ${cellColumns(cityId)}, coalesce(cases.count, 0) as cases, to_char(checks.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "checkedAt",
      to_char(checks.at at time zone ${timeZone}, 'YYYY-MM-DD') as "checkedOn"
    from unit_grids g left join cases on cases.grid_code = g.code left join checks on checks.grid_code = g.code
    where g.city_id = ${cityId} and g.valid_to is null and (checks.at is null or checks.at <= ${since.toISOString()}::timestamptz)`)
}
