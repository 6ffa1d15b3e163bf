import type { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { ownIncident, runningIncident } from './filter-queries.ts'
import type { PageStart } from './queries.ts'
import type { Visibility } from './visibility.ts'

/** Open cases alike in everything that a queue asks about. */
export interface QueueGroup {
  state: IncidentState
  isMine: boolean
  isSupervised: boolean
  isReturned: boolean
  count: number
  overdue: number
}

/**
 * The open cases under a filter grouped by what queues ask about: some dozen rows, whatever the size of the city. Every look of everybody
 * reads them all, so nothing is asked of each that can be asked of its group.
 * @param openCases as `openCasesUnder` makes them.
 */
export function listQueueGroups(db: Queryable, openCases: Sql, visibility: Visibility, at: Date): Promise<QueueGroup[]> {
  return db.query<QueueGroup>(sql`
    select i.state, i."isMine", i.is_pressed as "isSupervised", i.is_returned as "isReturned", i.count, case when ${runningIncident} then i.passed else 0 end as overdue
    from (
      select i.state, ${ownIncident(visibility)} as "isMine", i.is_pressed, i.is_returned, count(*)::int as count, count(*) filter (where i.due_at < ${at.toISOString()}::timestamptz)::int as passed
      ${openCases} group by 1, 2, 3, 4
    ) i`)
}

/** Where a case stands in the orders of lists, whether it is in the list or not. */
export async function findPlaceInOrder(db: Queryable, cityId: number, id: string, visible: Sql): Promise<(PageStart & { dueAt: string | null; severity: number }) | undefined> {
  const rows = await db.query<PageStart & { dueAt: string | null; severity: number }>(sql`
    select i.id, i.severity, to_char(i.reported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "reportedAt",
      to_char(i.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "dueAt"
    from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`)
  return rows[0]
}
