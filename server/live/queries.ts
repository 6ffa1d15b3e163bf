import { PREPARED, type Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { CaseScope } from '../incidents/visibility.ts'

/** Who may see an event, and who could see its case before; both missing: everybody in the city. */
export interface EventScope {
  now?: CaseScope
  before?: CaseScope
}

/** One committed event; `payload` is its JSON as text, ready to be sent. */
export interface StoredEvent {
  cityId: number
  payload: string
  scope: EventScope
}

/** A place in the order of commits: which transactions had ended when it was taken. PostgreSQL's own text: `xmin:xmax:running,…`. */
export type Snapshot = string

export async function findSnapshot(db: Queryable): Promise<Snapshot> {
  const rows = await db.query<{ snapshot: Snapshot }>(sql`select pg_current_snapshot()::text as snapshot`)
  const row = rows[0]
  if (!row) throw new TypeError('a statement without a from clause answered no row')
  return row.snapshot
}

/**
 * The events committed since a snapshot, in (transaction, id) order, and the snapshot up to which they were read.
 * Ids are handed out before the commit, so "greater id" would skip whoever commits late; and waiting for the oldest running
 * transaction would hold every event back behind one long import. Asking which transactions ended in between does neither.
 */
export async function listEventsSince(db: Queryable, since: Snapshot, limit: number): Promise<{ snapshot: Snapshot; events: StoredEvent[] }> {
  const rows = await db.query<{ snapshot: Snapshot; cityId: number | null; payload: string; scope: EventScope }>(sql`
    select pg_current_snapshot()::text as snapshot, e.city_id as "cityId", e.payload::text as payload, e.scope
    from (select 1) one left join lateral (
      select transaction_id, id, city_id, payload, scope from live_events
      where transaction_id >= pg_snapshot_xmin(${since}::pg_snapshot) and not pg_visible_in_snapshot(transaction_id, ${since}::pg_snapshot)
      order by transaction_id, id limit ${limit}
    ) e on true
    order by e.transaction_id, e.id`, PREPARED)
  const snapshot = rows[0]?.snapshot
  if (snapshot === undefined) throw new TypeError('a left join answered no row')
  return { snapshot, events: rows.flatMap((row) => (row.cityId === null ? [] : [{ cityId: row.cityId, payload: row.payload, scope: row.scope }])) }
}

/** The events of one city that had been committed at `until` and not yet at `since`. */
export function listEventsBetween(db: Queryable, cityId: number, since: Snapshot, until: Snapshot, limit: number): Promise<StoredEvent[]> {
  return db.query<StoredEvent>(sql`
    select city_id as "cityId", payload::text as payload, scope from live_events
    where city_id = ${cityId} and transaction_id >= pg_snapshot_xmin(${since}::pg_snapshot)
      and not pg_visible_in_snapshot(transaction_id, ${since}::pg_snapshot) and pg_visible_in_snapshot(transaction_id, ${until}::pg_snapshot)
    order by transaction_id, id limit ${limit}`)
}

/** Whether everything since a snapshot is still there: it is of this database, and nothing of it was pruned. */
export async function isHistoryComplete(db: Queryable, since: Snapshot): Promise<boolean> {
  const rows = await db.query<{ complete: boolean }>(sql`
    select pruned_through < pg_snapshot_xmin(${since}::pg_snapshot) and pg_snapshot_xmax(${since}::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) as complete
    from live_history`)
  return rows[0]?.complete === true
}

/** Removes events that are both older than the hours and not among the newest rows; remembers how far. */
export async function deleteOldEvents(db: Queryable, keepHours: number, keepRows: number): Promise<number> {
  const rows = await db.query<{ count: number }>(sql`
    with gone as (
      delete from live_events
      where at < now() - make_interval(hours => ${keepHours}::int) and id <= (select coalesce(max(id), 0) - ${keepRows}::bigint from live_events)
      returning transaction_id
    ),
    marked as (
      update live_history set pruned_through = greatest(pruned_through, coalesce((select transaction_id from gone order by transaction_id desc limit 1), pruned_through)) returning 1
    )
    select (select count(*) from gone)::int as count from marked`)
  return rows[0]?.count ?? 0
}
