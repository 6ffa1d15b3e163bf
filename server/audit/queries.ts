import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface ChainHead {
  lastSequence: number
  lastHash: string
}

/** Takes the end of a chain and locks it until the commit: the next entry waits, so that a chain never forks and has no holes. */
export async function takeHead(tx: Queryable, domain: string, day: string): Promise<ChainHead> {
  await tx.query(sql`insert into audit_heads (domain, day, last_sequence, last_hash) values (${domain}, ${day}::date, 0, '') on conflict (domain, day) do nothing`)
  const rows = await tx.query<ChainHead>(sql`select last_sequence as "lastSequence", last_hash as "lastHash" from audit_heads where domain = ${domain} and day = ${day}::date for update`)
  return rows[0] ?? { lastSequence: 0, lastHash: '' }
}

export interface StoredEntry {
  domain: string
  day: string
  sequence: number
  at: string
  cityId: number | null
  actorId: number | null
  actor: string
  actorRoles: string
  sessionId: string | null
  address: string | null
  action: string
  objectKind: string | null
  objectId: string | null
  outcome: 'done' | 'refused' | 'failed'
  /** JSON text with sorted keys, exactly as it was hashed. */
  details: string
  previousHash: string
  hash: string
}

/** Appends an entry and moves the end of its chain. */
export async function insertEntry(tx: Queryable, entry: StoredEntry): Promise<void> {
  await tx.query(sql`
    with written as (
      insert into audit_entries (domain, day, sequence, at, city_id, actor_id, actor, actor_roles, session_id, address, action, object_kind, object_id, outcome, details, previous_hash, hash)
      values (${entry.domain}, ${entry.day}::date, ${entry.sequence}, ${entry.at}::timestamptz, ${entry.cityId}, ${entry.actorId}, ${entry.actor}, ${entry.actorRoles}, ${entry.sessionId}::uuid,
        ${entry.address}, ${entry.action}, ${entry.objectKind}, ${entry.objectId}, ${entry.outcome}, ${entry.details}::jsonb, ${entry.previousHash}, ${entry.hash})
      returning domain, day, sequence, hash)
    update audit_heads h set last_sequence = w.sequence, last_hash = w.hash from written w where h.domain = w.domain and h.day = w.day`)
}
