import type { LiveEvent } from '../contract/live.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface EventScope {
  street?: string | null
  community?: string | null
  department?: string | null
}

/**
 * Writes a live event in the transaction of the change it tells of: no change without its event, no event without its change.
 * After the commit, ring the doorbell with `db.notify(LIVE_CHANNEL)`.
 */
export async function publish(tx: Queryable, cityId: number, event: LiveEvent, scope: EventScope = {}): Promise<void> {
  await tx.query(sql`insert into live_events (city_id, type, scope, payload) values (${cityId}, ${event.type}, ${JSON.stringify(scope)}::jsonb, ${JSON.stringify(event)}::jsonb)`)
}
