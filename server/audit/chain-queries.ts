import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { StoredEntry } from './queries.ts'

/** First and last day looked at, both included; null: no limit. */
export interface Days {
  from: string | null
  to: string | null
}

/** Where a reading of the log goes on: after this entry. */
export interface EntryPlace {
  domain: string
  day: string
  sequence: number
}

/** Entries chain by chain, in order. `at` has six digits of a second: what was written has three, and more would be a change. */
export function listEntriesInOrder(db: Queryable, days: Days, after: EntryPlace | null, limit: number): Promise<StoredEntry[]> {
  return db.query<StoredEntry>(sql`
    select domain, day, sequence, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at, city_id as "cityId", actor_id as "actorId", actor, actor_roles as "actorRoles",
      session_id as "sessionId", address, action, object_kind as "objectKind", object_id as "objectId", outcome, details::text as details, previous_hash as "previousHash", hash
    from audit_entries
    where (${days.from}::date is null or day >= ${days.from}::date) and (${days.to}::date is null or day <= ${days.to}::date)
      and (${after === null}::boolean or (domain, day, sequence) > (${after?.domain ?? ''}, ${after?.day ?? '2000-01-01'}::date, ${after?.sequence ?? 0}::int))
    order by domain, day, sequence limit ${limit}`)
}

export interface HeadRow {
  domain: string
  day: string
  lastSequence: number
  lastHash: string
}

export function listHeads(db: Queryable, days: Days): Promise<HeadRow[]> {
  return db.query<HeadRow>(sql`select domain, day, last_sequence as "lastSequence", last_hash as "lastHash" from audit_heads
    where last_sequence > 0 and (${days.from}::date is null or day >= ${days.from}::date) and (${days.to}::date is null or day <= ${days.to}::date) order by day, domain collate "C"`)
}

export interface RootRow {
  day: string
  rootHash: string
  previousRoot: string
  chains: number
  entries: number
  closedAt: string
}

export function listRoots(db: Queryable, days: Days): Promise<RootRow[]> {
  return db.query<RootRow>(sql`select day, root_hash as "rootHash", previous_root as "previousRoot", chains, entries, to_json(closed_at) as "closedAt" from audit_roots
    where (${days.from}::date is null or day >= ${days.from}::date) and (${days.to}::date is null or day <= ${days.to}::date) order by day`)
}

/** The newest root before a day; undefined for the first. */
export async function findRootBefore(db: Queryable, day: string): Promise<RootRow | undefined> {
  return (await db.query<RootRow>(sql`select day, root_hash as "rootHash", previous_root as "previousRoot", chains, entries, to_json(closed_at) as "closedAt" from audit_roots where day < ${day}::date order by day desc limit 1`))[0]
}

/** Days before `before` that have entries and no root yet, oldest first. */
export async function listOpenDays(tx: Queryable, before: string): Promise<string[]> {
  const rows = await tx.query<{ day: string }>(sql`select distinct h.day from audit_heads h where h.day < ${before}::date and h.last_sequence > 0
    and not exists (select 1 from audit_roots r where r.day = h.day) order by h.day`)
  return rows.map((row) => row.day)
}

/** Waits for whoever is appending, and keeps others from it until the commit. */
export async function lockHeads(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table audit_heads in share row exclusive mode`)
}

export async function insertRoot(tx: Queryable, root: RootRow): Promise<void> {
  await tx.query(sql`insert into audit_roots (day, root_hash, previous_root, chains, entries, closed_at)
    values (${root.day}::date, ${root.rootHash}, ${root.previousRoot}, ${root.chains}, ${root.entries}, ${root.closedAt}::timestamptz)`)
}

/** Hash of one entry as it stands; undefined when it is not there. */
export async function findEntryHash(db: Queryable, place: EntryPlace): Promise<string | undefined> {
  const rows = await db.query<{ hash: string }>(sql`select hash from audit_entries where domain = ${place.domain} and day = ${place.day}::date and sequence = ${place.sequence}::int`)
  return rows[0]?.hash
}

/** From here on the transaction sees one state of the database, however long it reads. */
export async function startSnapshot(tx: Queryable): Promise<void> {
  await tx.query(sql`set transaction isolation level repeatable read, read only`)
}
