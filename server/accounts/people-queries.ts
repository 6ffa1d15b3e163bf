import type { Account, PostHeld } from '../contract/people.ts'
import type { Queryable } from '../db/db.ts'
import { join, sql, type Sql } from '../db/sql.ts'

/** An account as its keepers see it, with its inner id. */
export interface AccountRow extends Account {
  accountId: number
}

const SELECT = sql`select a.id as "accountId", a.public_id as id, a.kind, a.login, a.name, a.phone, a.demo_city_id is not null as "isPersona", a.password_hash is not null as "hasPassword",
  a.must_change_password as "mustChangePassword", a.totp_confirmed_at is not null as "hasSecondFactor", to_json(a.locked_until) as "lockedUntil", case when a.locked_at is null then null else json_build_object('at', a.locked_at, 'because', a.locked_because) end as locked,
  to_json((select max(s.last_seen_at) from sessions s where s.account_id = a.id)) as "lastSeenAt", a.version, to_json(a.created_at) as "createdAt", to_json(a.ended_at) as "endedAt",
  coalesce((select json_agg(json_build_object('id', p.public_id, 'role', p.role, 'cityKey', c.key, 'areaCode', p.area_code,
      'organisation', case when o.id is null then null else json_build_object('id', o.public_id, 'code', o.code, 'nameZh', o.name_zh, 'nameEn', o.name_en) end) order by p.id)
    from posts p left join cities c on c.id = p.city_id left join organisations o on o.id = p.organisation_id where p.account_id = a.id and p.ended_at is null), '[]'::json) as posts
  from accounts a`

/** Whom a reader may know of: everybody, or whoever holds a post in these cities, or for these organisations and those below. */
export interface Reach {
  cities: readonly string[]
  organisations: readonly number[]
}

const AREA_NAME = sql`(select v.name from administrative_areas v where v.city_id = p.city_id and v.code in (p.area_code, rpad(p.area_code, 12, '0')) and v.valid_to is null limit 1)`

export interface PostsWhere {
  text?: string | undefined
  role?: string | undefined
  city?: string | undefined
  organisation?: string | undefined
  ended: boolean
  /** Id of the post after which to go on. */
  after?: string | undefined
  reach: Reach | null
}

/** Posts with whoever holds them, the latest first. */
export function listPostRows(db: Queryable, where: PostsWhere, limit: number): Promise<PostHeld[]> {
  const like = likeOf(where.text ?? '')
  const conditions = [
    within(where.reach),
    where.ended ? null : sql`p.ended_at is null`,
    where.text === undefined ? null : sql`(a.login like ${like} or lower(a.name) like ${like} or lower(o.name_zh) like ${like} or lower(o.name_en) like ${like})`,
    where.role === undefined ? null : sql`p.role = ${where.role}`,
    // A post for every city counts in each.
    where.city === undefined ? null : sql`(p.city_id is null or c.key = ${where.city})`,
    where.organisation === undefined ? null : sql`o.public_id = ${where.organisation}::uuid`,
    where.after === undefined ? null : sql`p.id < (select id from posts where public_id = ${where.after}::uuid)`,
  ].filter((condition) => condition !== null)
  return db.query<PostHeld>(sql`
    select p.public_id as id, p.role, c.key as "cityKey", p.area_code as "areaCode", ${AREA_NAME} as "areaName", to_json(p.from_at) as "fromAt", to_json(p.ended_at) as "endedAt", g.name as "grantedBy",
      case when o.id is null then null else json_build_object('id', o.public_id, 'code', o.code, 'nameZh', o.name_zh, 'nameEn', o.name_en) end as organisation,
      json_build_object('id', a.public_id, 'login', a.login, 'name', a.name, 'kind', a.kind, 'isPersona', a.demo_city_id is not null) as account
    from posts p join accounts a on a.id = p.account_id left join cities c on c.id = p.city_id left join organisations o on o.id = p.organisation_id left join accounts g on g.id = p.granted_by
    where ${join(conditions, ' and ')} order by p.id desc limit ${limit}`)
}

function likeOf(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`
}

function within(reach: Reach | null): Sql {
  if (reach === null) return sql`true`
  return sql`exists (select 1 from posts p left join cities c on c.id = p.city_id where p.account_id = a.id and p.ended_at is null and (c.key = any (${reach.cities}::text[]) or p.organisation_id in (
    with recursive below as (select id from organisations where id = any (${reach.organisations}::bigint[]) union select o.id from organisations o join below on o.parent_id = below.id) select id from below)))`
}

export interface AccountsWhere {
  text?: string | undefined
  kind?: string | undefined
  role?: string | undefined
  city?: string | undefined
  ended: boolean
  after?: string | undefined
  reach: Reach | null
}

export function listAccountRows(db: Queryable, where: AccountsWhere, limit: number): Promise<AccountRow[]> {
  const like = likeOf(where.text ?? '')
  const conditions = [
    within(where.reach),
    where.ended ? null : sql`a.ended_at is null`,
    where.text === undefined ? null : sql`(a.login like ${like} or lower(a.name) like ${like})`,
    where.kind === undefined ? null : sql`a.kind = ${where.kind}`,
    where.role === undefined ? null : sql`exists (select 1 from posts p where p.account_id = a.id and p.ended_at is null and p.role = ${where.role})`,
    where.city === undefined ? null : sql`exists (select 1 from posts p join cities c on c.id = p.city_id where p.account_id = a.id and p.ended_at is null and c.key = ${where.city})`,
    where.after === undefined ? null : sql`a.login > ${where.after}`,
  ].filter((condition) => condition !== null)
  return db.query<AccountRow>(sql`${SELECT} where ${join(conditions, ' and ')} order by a.login limit ${limit}`)
}

export async function findAccountRow(db: Queryable, id: string, reach: Reach | null = null): Promise<AccountRow | undefined> {
  return (await db.query<AccountRow>(sql`${SELECT} where a.public_id = ${id}::uuid and ${within(reach)}`))[0]
}

/** Locks an account for the rest of the transaction, so that changes of its posts come one after another. */
export async function lockAccount(tx: Queryable, id: string): Promise<AccountRow | undefined> {
  await tx.query(sql`select 1 from accounts where public_id = ${id}::uuid for update`)
  return findAccountRow(tx, id)
}

export async function findAccountIdByLogin(db: Queryable, login: string): Promise<string | undefined> {
  return (await db.query<{ id: string }>(sql`select public_id as id from accounts where login = ${login}`))[0]?.id
}

export interface NewAccount {
  id: string
  kind: Account['kind']
  login: string
  name: string
  phone: string | null
  passwordHash: string | null
  mustChangePassword: boolean
  at: string
}

/** @returns the inner id, or undefined when the login is taken. */
export async function insertAccount(tx: Queryable, account: NewAccount): Promise<number | undefined> {
  const rows = await tx.query<{ id: number }>(sql`insert into accounts (public_id, kind, login, name, phone, password_hash, must_change_password, created_at)
    values (${account.id}::uuid, ${account.kind}, ${account.login}, ${account.name}, ${account.phone}, ${account.passwordHash}, ${account.mustChangePassword}, ${account.at}::timestamptz)
    on conflict (login) do nothing returning id`)
  return rows[0]?.id
}

/** @returns whether the version was still the one that was read. */
export async function updateAccountFacts(tx: Queryable, accountId: number, version: number, facts: { name: string; phone: string | null }): Promise<boolean> {
  const rows = await tx.query(sql`update accounts set name = ${facts.name}, phone = ${facts.phone}, version = version + 1 where id = ${accountId} and version = ${version} and ended_at is null returning id`)
  return rows.length > 0
}

/** Locks an account, or (null) lets it in again and forgets failed sign-ins. @returns whether the version was still the one that was read. */
export async function updateLock(tx: Queryable, accountId: number, version: number, lock: { at: string; because: string } | null): Promise<boolean> {
  const rows = await tx.query(sql`update accounts set locked_at = ${lock?.at ?? null}::timestamptz, locked_because = ${lock?.because ?? null}, failed_sign_ins = 0, locked_until = null, version = version + 1
    where id = ${accountId} and version = ${version} and ended_at is null returning id`)
  return rows.length > 0
}

/** Ends an account with its posts and tokens. @returns whether the version was still the one that was read. */
export async function endAccountRow(tx: Queryable, accountId: number, version: number, at: string): Promise<boolean> {
  const rows = await tx.query(sql`update accounts set ended_at = ${at}::timestamptz, version = version + 1 where id = ${accountId} and version = ${version} and ended_at is null returning id`)
  if (rows.length === 0) return false
  await tx.query(sql`update posts set ended_at = ${at}::timestamptz where account_id = ${accountId} and ended_at is null`)
  await tx.query(sql`update access_tokens set ended_at = ${at}::timestamptz where account_id = ${accountId} and ended_at is null`)
  return true
}

export interface NewPost {
  id: string
  accountId: number
  role: string
  cityId: number | null
  organisationId: number | null
  areaCode: string | null
  grantedBy: number | null
  at: string
}

export async function insertPost(tx: Queryable, post: NewPost): Promise<void> {
  await tx.query(sql`insert into posts (public_id, account_id, role, city_id, organisation_id, area_code, granted_by, from_at)
    values (${post.id}::uuid, ${post.accountId}, ${post.role}, ${post.cityId}, ${post.organisationId}, ${post.areaCode}, ${post.grantedBy}, ${post.at}::timestamptz)`)
}

/** Whose a post is that has not ended. */
export async function findPost(tx: Queryable, id: string): Promise<{ accountPublicId: string; role: string; cityId: number | null } | undefined> {
  const rows = await tx.query<{ accountPublicId: string; role: string; cityId: number | null }>(sql`select a.public_id as "accountPublicId", p.role, p.city_id as "cityId" from posts p join accounts a on a.id = p.account_id where p.public_id = ${id}::uuid and p.ended_at is null`)
  return rows[0]
}

export async function endPost(tx: Queryable, id: string, at: string): Promise<boolean> {
  return (await tx.query(sql`update posts set ended_at = ${at}::timestamptz where public_id = ${id}::uuid and ended_at is null returning id`)).length > 0
}

/** How many other accounts that can act hold a role. */
export async function countOtherHolders(tx: Queryable, role: string, accountId: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(sql`select count(distinct a.id)::int as count from posts p join accounts a on a.id = p.account_id
    where p.role = ${role} and p.ended_at is null and a.ended_at is null and a.locked_at is null and a.demo_city_id is null and a.id <> ${accountId}`)
  return rows[0]?.count ?? 0
}

