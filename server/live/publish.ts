import type { LiveEvent } from '../contract/live.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { CaseScope } from '../incidents/visibility.ts'

/**
 * Writes a live event in the transaction of the change it tells of: no change without its event, no event without its change.
 * After the commit, ring the doorbell with `db.notify(LIVE_CHANNEL)`.
 * @param scope who may see it; without one, everybody in the city.
 * @param before who could see the case before: whoever loses sight of it is told that it is gone.
 */
export async function publish(tx: Queryable, cityId: number, event: LiveEvent, scope?: CaseScope, before?: CaseScope): Promise<void> {
  const stored = scope ? { now: scope, ...(before ? { before } : {}) } : {}
  await tx.query(sql`insert into live_events (city_id, type, scope, payload) values (${cityId}, ${event.type}, ${JSON.stringify(stored)}::jsonb, ${JSON.stringify(event)}::jsonb)`, PREPARED)
}
