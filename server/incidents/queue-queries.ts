import { QueueKey } from '../contract/queues.ts'
import type { Queryable } from '../db/db.ts'
import { join, type Sql, sql } from '../db/sql.ts'
import { openIncident, overdueIncident, queuedIncident } from './filter-queries.ts'
import type { PageStart } from './queries.ts'
import type { Visibility } from './visibility.ts'

/**
 * All queues in one reading of the open cases: pairs of how many and how many overdue, in the order of QueueKey.
 * A case can be in several.
 */
export async function listQueueCounts(db: Queryable, where: Sql, visibility: Visibility, at: Date): Promise<number[]> {
  const counts = QueueKey.options.flatMap((key) => {
    const condition = queuedIncident(key, visibility)
    return [sql`count(*) filter (where ${condition})`, sql`count(*) filter (where ${condition} and ${overdueIncident(at)})`]
  })
  const rows = await db.query<{ counts: number[] }>(sql`select json_build_array(${join(counts)}) as counts from incidents i where ${where} and ${openIncident}`)
  return rows[0]?.counts ?? []
}

/** Where a case stands in the orders of lists, whether it is in the list or not. */
export async function findPlaceInOrder(db: Queryable, cityId: number, id: string, visible: Sql): Promise<(PageStart & { dueAt: string | null; severity: number }) | undefined> {
  const rows = await db.query<PageStart & { dueAt: string | null; severity: number }>(sql`
    select i.id, i.severity, to_char(i.reported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "reportedAt",
      to_char(i.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "dueAt"
    from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`)
  return rows[0]
}
