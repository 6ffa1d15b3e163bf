import type { IncidentSource } from '../contract/incidents.ts'
import type { PostView } from '../contract/permissions.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { sql, type Sql } from '../db/sql.ts'

export interface StoredPost extends PostView {
  organisationId: number | null
}

/** Somebody known by what he showed: a cookie, a token, or (the demo's simulator) a login. */
export interface KnownRow {
  /** Hash of the cookie or token he was found by, or his login. */
  foundBy: string
  /** Null for a bare token and for a login. */
  sessionId: string | null
  lastSeenAt: Date | null
  expiresAt: Date | null
  hasGivenSecondFactor: boolean
  /** A session opened with a screen's token, which has no idle end. */
  isTokenSession: boolean
  accountId: number
  publicId: string
  kind: 'person' | 'service' | 'display'
  login: string
  name: string
  isPersona: boolean
  mustChangePassword: boolean
  hasSecondFactor: boolean
  posts: StoredPost[]
  /** Sources that a token's reports may name; null: any. */
  intakeSources: IncidentSource[] | null
}

const ACCOUNT = sql`a.id as "accountId", a.public_id as "publicId", a.kind, a.login, a.name, a.demo_city_id is not null as "isPersona", a.must_change_password as "mustChangePassword",
  a.totp_confirmed_at is not null as "hasSecondFactor",
  coalesce((select json_agg(json_build_object('id', p.public_id, 'role', p.role, 'cityKey', c.key, 'areaCode', p.area_code, 'organisationId', p.organisation_id,
      'organisation', case when o.id is null then null else json_build_object('id', o.public_id, 'code', o.code, 'nameZh', o.name_zh, 'nameEn', o.name_en) end) order by p.id)
    from posts p left join cities c on c.id = p.city_id left join organisations o on o.id = p.organisation_id
    where p.account_id = a.id and p.ended_at is null and (p.city_id is null or c.ended_at is null) and (a.demo_city_id is null or p.city_id = a.demo_city_id)), '[]'::json) as posts`

/** An account that may act: not ended, not locked, and a persona only while its city is the demo and the demo is on. */
function alive(withPersonas: boolean): Sql {
  return sql`a.ended_at is null and a.locked_at is null and (a.demo_city_id is null or (${withPersonas}::boolean and exists (select 1 from cities d where d.id = a.demo_city_id and d.is_demo and d.ended_at is null)))`
}

/** The sessions and tokens behind some hashes, with their people; those that have ended are not answered. One statement for all. */
export function listKnown(db: Queryable, hashes: readonly string[], at: Date, withPersonas: boolean): Promise<KnownRow[]> {
  return db.query<KnownRow>(sql`
    select s.token_hash as "foundBy", s.public_id as "sessionId", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.second_factor_at is not null as "hasGivenSecondFactor",
      s.access_token_id is not null as "isTokenSession", t.sources as "intakeSources", ${ACCOUNT}
    from sessions s join accounts a on a.id = s.account_id left join access_tokens t on t.id = s.access_token_id
    where s.token_hash = any (${hashes}::text[]) and s.ended_at is null and s.expires_at > ${at}::timestamptz and (t.id is null or (t.ended_at is null and (t.expires_at is null or t.expires_at > ${at}::timestamptz)))
      and ${alive(withPersonas)}
    union all
    select t.token_hash, null, t.last_used_at, t.expires_at, false, false, t.sources, ${ACCOUNT}
    from access_tokens t join accounts a on a.id = t.account_id
    where t.token_hash = any (${hashes}::text[]) and t.ended_at is null and (t.expires_at is null or t.expires_at > ${at}::timestamptz) and ${alive(withPersonas)}`, PREPARED)
}

/** A persona by login, for the demo's simulator. */
export async function findPersonaByLogin(db: Queryable, login: string, cityKey: string): Promise<KnownRow | undefined> {
  const rows = await db.query<KnownRow>(sql`
    select a.login as "foundBy", null as "sessionId", null as "lastSeenAt", null as "expiresAt", false as "hasGivenSecondFactor", false as "isTokenSession", null as "intakeSources", ${ACCOUNT}
    from accounts a where a.login = ${login} and a.demo_city_id = (select id from cities where key = ${cityKey} and is_demo) and ${alive(true)}`)
  return rows[0]
}

/** Whether any person has an account of his own, ended ones included: a console once closed never opens by itself. */
export async function hasRealAccounts(db: Queryable): Promise<boolean> {
  const rows = await db.query<{ found: boolean }>(sql`select exists (select 1 from accounts where kind = 'person' and demo_city_id is null) as found`)
  return rows[0]?.found === true
}

export async function updateLastSeen(db: Queryable, sessionId: string, at: Date): Promise<void> {
  await db.query(sql`update sessions set last_seen_at = greatest(last_seen_at, ${at}::timestamptz) where public_id = ${sessionId}::uuid and ended_at is null`)
}

export async function updateTokenUse(db: Queryable, tokenHash: string, at: Date): Promise<void> {
  await db.query(sql`update access_tokens set last_used_at = ${at}::timestamptz where token_hash = ${tokenHash} and (last_used_at is null or last_used_at < ${at}::timestamptz)`)
}

export interface NewSession {
  publicId: string
  accountId: number
  tokenHash: string
  secondFactorAt: Date | null
  accessTokenId: number | null
  address: string | null
  userAgent: string | null
  at: Date
  expiresAt: Date
}

export async function insertSession(tx: Queryable, session: NewSession): Promise<void> {
  await tx.query(sql`insert into sessions (public_id, account_id, token_hash, second_factor_at, access_token_id, address, user_agent, created_at, last_seen_at, expires_at)
    values (${session.publicId}::uuid, ${session.accountId}, ${session.tokenHash}, ${session.secondFactorAt}::timestamptz, ${session.accessTokenId}, ${session.address}, ${session.userAgent},
      ${session.at}::timestamptz, ${session.at}::timestamptz, ${session.expiresAt}::timestamptz)`)
}

/** Ends one session by its public id. @returns whether it was open. */
export async function endSession(tx: Queryable, sessionId: string, because: string, at: Date): Promise<boolean> {
  const rows = await tx.query(sql`update sessions set ended_at = ${at}::timestamptz, ended_because = ${because} where public_id = ${sessionId}::uuid and ended_at is null returning id`)
  return rows.length > 0
}

/** Ends the sessions of an account, one excepted where told. @returns how many. */
export async function endSessionsOf(tx: Queryable, accountId: number, because: string, at: Date, exceptSessionId: string | null = null): Promise<number> {
  const rows = await tx.query(sql`update sessions set ended_at = ${at}::timestamptz, ended_because = ${because}
    where account_id = ${accountId} and ended_at is null and public_id is distinct from ${exceptSessionId}::uuid returning id`)
  return rows.length
}

export interface SessionRow {
  id: string
  account: { id: string; login: string; name: string }
  address: string | null
  userAgent: string | null
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

const SESSION = sql`s.public_id as id, json_build_object('id', a.public_id, 'login', a.login, 'name', a.name) as account, s.address, s.user_agent as "userAgent",
  s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt"`

/** Open sessions, the latest used first. */
export function listOpenSessions(db: Queryable, where: { accountId?: number | undefined; accountPublicId?: string | undefined; idleSince: Date; at: Date }, limit: number): Promise<SessionRow[]> {
  return db.query<SessionRow>(sql`select ${SESSION} from sessions s join accounts a on a.id = s.account_id
    where s.ended_at is null and s.expires_at > ${where.at}::timestamptz and (s.access_token_id is not null or s.last_seen_at > ${where.idleSince}::timestamptz)
      and (${where.accountId ?? null}::bigint is null or s.account_id = ${where.accountId ?? null}::bigint)
      and (${where.accountPublicId ?? null}::uuid is null or a.public_id = ${where.accountPublicId ?? null}::uuid)
    order by s.last_seen_at desc, s.id desc limit ${limit}`)
}

/** Whose an open session is. */
export async function findSessionOwner(db: Queryable, sessionId: string): Promise<{ accountId: number; login: string } | undefined> {
  const rows = await db.query<{ accountId: number; login: string }>(sql`select s.account_id as "accountId", a.login from sessions s join accounts a on a.id = s.account_id where s.public_id = ${sessionId}::uuid and s.ended_at is null`)
  return rows[0]
}

/** Whether an account was signed in from an address before: a place where its owner is at home. */
export async function hasSignedInFrom(db: Queryable, accountId: number, address: string, since: Date): Promise<boolean> {
  const rows = await db.query<{ found: boolean }>(sql`select exists (select 1 from sessions where account_id = ${accountId} and address = ${address} and created_at > ${since}::timestamptz) as found`)
  return rows[0]?.found === true
}
