import type { IncidentState } from '../contract/incidents.ts'
import type { QueueContent } from '../contract/queues.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { openIncident, overdueIncident, queueContent } from './filter-queries.ts'
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

/** The open cases under a filter in one reading, grouped by what queues ask about: some dozen rows, whatever the size of the city. */
export function listQueueGroups(db: Queryable, where: Sql, visibility: Visibility, at: Date): Promise<QueueGroup[]> {
  const flag = (content: QueueContent) => sql`coalesce(${queueContent(content, visibility)}, false)`
  return db.query<QueueGroup>(sql`
    select i.state, ${flag({ mine: true })} as "isMine", ${flag({ supervised: true })} as "isSupervised", ${flag({ returned: true })} as "isReturned",
      count(*)::int as count, count(*) filter (where ${overdueIncident(at)})::int as overdue
    from incidents i where ${where} and ${openIncident} group by 1, 2, 3, 4`)
}

/** Where a case stands in the orders of lists, whether it is in the list or not. */
export async function findPlaceInOrder(db: Queryable, cityId: number, id: string, visible: Sql): Promise<(PageStart & { dueAt: string | null; severity: number }) | undefined> {
  const rows = await db.query<PageStart & { dueAt: string | null; severity: number }>(sql`
    select i.id, i.severity, to_char(i.reported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "reportedAt",
      to_char(i.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "dueAt"
    from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`)
  return rows[0]
}
