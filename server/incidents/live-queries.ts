import { PREPARED, type Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { CaseScope } from './visibility.ts'

/** What decides who sees a case, as it stands now. */
export async function findCaseScope(tx: Queryable, incidentId: number): Promise<CaseScope | undefined> {
  const rows = await tx.query<CaseScope>(sql`
    select county_code as county, street_code as street, community_code as community, department_id as "departmentId",
      array_to_json(array_remove(array[holder_id, reporter_id, disposer_id, checker_id], null)) as people
    from incidents where id = ${incidentId}`, PREPARED)
  return rows[0]
}
