import { PREPARED, type Queryable } from '../db/db.ts'
import { empty, join, sql, type Sql } from '../db/sql.ts'

export interface ChainHead {
  /** The chain's day: the entry's own, or the first one after those that are closed. */
  day: string
  lastSequence: number
  lastHash: string
}

/** Takes the end of a chain and locks it until the commit: the next entry waits, so that a chain never forks and has no holes. */
export async function takeHead(tx: Queryable, domain: string, day: string): Promise<ChainHead> {
  const rows = await tx.query<ChainHead>(sql`
    insert into audit_heads (domain, day, last_sequence, last_hash)
    values (${domain}, greatest(${day}::date, (select max(day) + 1 from audit_roots)), 0, '')
    on conflict (domain, day) do update set last_sequence = audit_heads.last_sequence
    returning day, last_sequence as "lastSequence", last_hash as "lastHash"`, PREPARED)
  const head = rows[0]
  if (!head) throw new TypeError('an insert that updates on conflict answered no row')
  return head
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
    update audit_heads h set last_sequence = w.sequence, last_hash = w.hash from written w where h.domain = w.domain and h.day = w.day`, PREPARED)
}

export interface AuditRow {
  domain: string
  day: string
  sequence: number
  at: string
  cityKey: string | null
  login: string | null
  actor: string
  actorRoles: string
  address: string | null
  action: string
  objectKind: string | null
  objectId: string | null
  outcome: 'done' | 'refused' | 'failed'
  details: Record<string, unknown>
  hash: string
}

export interface AuditWhere {
  city?: string | undefined
  domain?: string | undefined
  action?: string | undefined
  login?: string | undefined
  who?: string | undefined
  objectKind?: string | undefined
  objectId?: string | undefined
  outcome?: string | undefined
  from?: string | undefined
  to?: string | undefined
  /** Keys of the cities the reader may see entries of; null: all, and those of no city. */
  cities: readonly string[] | null
}

/** Where a page begins: after this entry, going back in time. */
export interface AuditPlace {
  at: string
  domain: string
  sequence: number
}

function conditionsOf(where: AuditWhere): Sql[] {
  return [
    where.city === undefined ? null : sql`c.key = ${where.city}`,
    where.cities === null ? null : sql`c.key = any (${where.cities}::text[])`,
    where.domain === undefined ? null : sql`(e.domain = ${where.domain} or e.domain like ${`${where.domain.replaceAll('_', '\\_')}/%`})`,
    where.action === undefined ? null : sql`e.action = ${where.action}`,
    where.login === undefined ? null : sql`a.login = ${where.login}`,
    where.who === undefined ? null : sql`(a.login = ${where.who.toLowerCase()} or e.actor ilike ${`%${where.who.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`})`,
    where.objectKind === undefined ? null : sql`e.object_kind = ${where.objectKind}`,
    where.objectId === undefined ? null : sql`e.object_id = ${where.objectId}`,
    where.outcome === undefined ? null : sql`e.outcome = ${where.outcome}`,
    where.from === undefined ? null : sql`e.at >= ${where.from}::timestamptz`,
    where.to === undefined ? null : sql`e.at < ${where.to}::timestamptz`,
  ].filter((condition) => condition !== null)
}

/** Entries, newest first. */
export function listEntries(db: Queryable, where: AuditWhere, after: AuditPlace | null, limit: number): Promise<AuditRow[]> {
  const conditions = [...conditionsOf(where), ...(after === null ? [] : [sql`(e.at, e.domain, e.sequence) < (${after.at}::timestamptz, ${after.domain}, ${after.sequence}::int)`])]
  return db.query<AuditRow>(sql`
    select e.domain, e.day, e.sequence, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, c.key as "cityKey", a.login, e.actor, e.actor_roles as "actorRoles", e.address, e.action,
      e.object_kind as "objectKind", e.object_id as "objectId", e.outcome, e.details, e.hash
    from audit_entries e left join cities c on c.id = e.city_id left join accounts a on a.id = e.actor_id
    ${conditions.length === 0 ? empty : sql`where ${join(conditions, ' and ')}`}
    order by e.at desc, e.domain desc, e.sequence desc limit ${limit}`)
}

/** How many entries there are, counted no further than `most`. */
export async function countEntries(db: Queryable, where: AuditWhere, most: number): Promise<number> {
  const conditions = conditionsOf(where)
  const rows = await db.query<{ count: number }>(sql`select count(*)::int as count from (select 1 from audit_entries e left join cities c on c.id = e.city_id left join accounts a on a.id = e.actor_id
    ${conditions.length === 0 ? empty : sql`where ${join(conditions, ' and ')}`} limit ${most}) counted`)
  return rows[0]?.count ?? 0
}
