import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** What a sign-in is compared with. */
export interface Credentials {
  accountId: number
  publicId: string
  login: string
  name: string
  kind: 'person' | 'service' | 'display'
  passwordHash: string | null
  /** Sealed; see sealing.ts. */
  totpSecret: string | null
  totpConfirmedAt: Date | null
  totpLastStep: number | null
  failedSignIns: number
  lockedUntil: Date | null
  isEnded: boolean
  /** By an administrator. */
  isLocked: boolean
  isPersona: boolean
}

const CREDENTIALS = sql`id as "accountId", public_id as "publicId", login, name, kind, password_hash as "passwordHash", totp_secret as "totpSecret", totp_confirmed_at as "totpConfirmedAt",
  totp_last_step as "totpLastStep", failed_sign_ins as "failedSignIns", locked_until as "lockedUntil", ended_at is not null as "isEnded", locked_at is not null as "isLocked", demo_city_id is not null as "isPersona"`

export async function findCredentials(db: Queryable, login: string): Promise<Credentials | undefined> {
  return (await db.query<Credentials>(sql`select ${CREDENTIALS} from accounts where login = ${login}`))[0]
}

export async function findCredentialsById(db: Queryable, accountId: number): Promise<Credentials | undefined> {
  return (await db.query<Credentials>(sql`select ${CREDENTIALS} from accounts where id = ${accountId}`))[0]
}

/**
 * Counts an attempt as failed before it is judged, so that many at once gain nothing.
 * @returns whether it may be made: false while the account is locked.
 */
export async function takeSignInAttempt(db: Queryable, accountId: number, at: Date, limits: { free: number; firstWaitMilliseconds: number; longestWaitMilliseconds: number }): Promise<boolean> {
  const rows = await db.query(sql`
    update accounts set failed_sign_ins = failed_sign_ins + 1,
      locked_until = case when failed_sign_ins + 1 < ${limits.free}::int then null
        else ${at}::timestamptz + least(${limits.longestWaitMilliseconds}::float8, ${limits.firstWaitMilliseconds}::float8 * power(2, least(30, failed_sign_ins + 1 - ${limits.free}::int))) * interval '1 millisecond' end
    where id = ${accountId} and (locked_until is null or locked_until <= ${at}::timestamptz) returning id`)
  return rows.length > 0
}

export async function clearSignInAttempts(tx: Queryable, accountId: number): Promise<void> {
  await tx.query(sql`update accounts set failed_sign_ins = 0, locked_until = null where id = ${accountId} and (failed_sign_ins > 0 or locked_until is not null)`)
}

export async function updatePassword(tx: Queryable, accountId: number, passwordHash: string, mustChange: boolean): Promise<void> {
  await tx.query(sql`update accounts set password_hash = ${passwordHash}, must_change_password = ${mustChange}, failed_sign_ins = 0, locked_until = null, version = version + 1 where id = ${accountId}`)
}

/** Stores a new secret that no code has confirmed yet. */
export async function updateTotpSecret(tx: Queryable, accountId: number, secret: string | null): Promise<void> {
  await tx.query(sql`update accounts set totp_secret = ${secret}, totp_confirmed_at = null, totp_last_step = null, version = version + 1 where id = ${accountId}`)
}

/** Every secret of a second factor as it is stored; locked until the end of the transaction. */
export function listTotpSecrets(tx: Queryable): Promise<{ accountId: number; publicId: string; secret: string }[]> {
  return tx.query<{ accountId: number; publicId: string; secret: string }>(sql`select id as "accountId", public_id as "publicId", totp_secret as secret from accounts where totp_secret is not null order by id for update`)
}

/** Stores the same secret in another form: nothing of the account changes for its people. */
export async function replaceTotpSecret(tx: Queryable, accountId: number, stored: string): Promise<void> {
  await tx.query(sql`update accounts set totp_secret = ${stored} where id = ${accountId}`)
}

export async function confirmTotp(tx: Queryable, accountId: number, at: Date): Promise<void> {
  await tx.query(sql`update accounts set totp_confirmed_at = ${at}::timestamptz, version = version + 1 where id = ${accountId}`)
}

/** Uses up the time step of a code: each counts once. @returns whether it was still unused. */
export async function takeTotpStep(tx: Queryable, accountId: number, step: number): Promise<boolean> {
  const rows = await tx.query(sql`update accounts set totp_last_step = ${step} where id = ${accountId} and (totp_last_step is null or totp_last_step < ${step}) returning id`)
  return rows.length > 0
}

export async function findSessionFacts(db: Queryable, sessionId: string): Promise<{ expiresAt: Date; hasSecondFactor: boolean } | undefined> {
  const rows = await db.query<{ expiresAt: Date; hasSecondFactor: boolean }>(sql`select s.expires_at as "expiresAt", a.totp_confirmed_at is not null as "hasSecondFactor"
    from sessions s join accounts a on a.id = s.account_id where s.public_id = ${sessionId}::uuid`)
  return rows[0]
}

export interface PersonaRow {
  accountId: number
  id: string
  login: string
  name: string
  cityKey: string
  posts: { role: string; organisationZh: string | null; organisationEn: string | null; areaCode: string | null; areaName: string | null }[]
}

/** The demo city's people: both the account and its city have to say so. */
export function listPersonaRows(db: Queryable, id: string | null = null): Promise<PersonaRow[]> {
  return db.query<PersonaRow>(sql`
    select a.id as "accountId", a.public_id as id, a.login, a.name, c.key as "cityKey",
      coalesce((select json_agg(json_build_object('role', p.role, 'organisationZh', o.name_zh, 'organisationEn', o.name_en, 'areaCode', p.area_code,
          'areaName', (select v.name from administrative_areas v where v.city_id = c.id and v.code in (p.area_code, rpad(p.area_code, 12, '0')) and v.valid_to is null limit 1)) order by p.id)
        from posts p left join organisations o on o.id = p.organisation_id where p.account_id = a.id and p.city_id = a.demo_city_id and p.ended_at is null), '[]'::json) as posts
    from accounts a join cities c on c.id = a.demo_city_id and c.is_demo and c.ended_at is null
    where a.kind = 'person' and a.ended_at is null and (${id}::uuid is null or a.public_id = ${id}::uuid)
    order by a.login limit 500`)
}

/** A screen's token by its hash, while it is good. */
export async function findDisplayToken(db: Queryable, tokenHash: string, at: Date): Promise<{ tokenId: number; accountId: number; expiresAt: Date | null } | undefined> {
  const rows = await db.query<{ tokenId: number; accountId: number; expiresAt: Date | null }>(sql`select t.id as "tokenId", a.id as "accountId", t.expires_at as "expiresAt"
    from access_tokens t join accounts a on a.id = t.account_id
    where t.token_hash = ${tokenHash} and a.kind = 'display' and a.ended_at is null and a.locked_at is null and t.ended_at is null and (t.expires_at is null or t.expires_at > ${at}::timestamptz)`)
  return rows[0]
}

/**
 * The person an outside identity stands for: the account linked to it, else one of that login that is linked to none.
 * Locked, so that two first sign-ins do not link it twice.
 */
export async function findIdentity(tx: Queryable, identity: { issuer: string; subject: string }, login: string | null): Promise<{ accountId: number; isLinked: boolean } | undefined> {
  const rows = await tx.query<{ accountId: number; isLinked: boolean }>(sql`select id as "accountId", identity_subject is not null as "isLinked" from accounts
    where kind = 'person' and demo_city_id is null and ended_at is null and locked_at is null
      and ((identity_issuer = ${identity.issuer} and identity_subject = ${identity.subject}) or (identity_subject is null and login = ${login}))
    order by identity_subject is null limit 1 for update`)
  return rows[0]
}

/** Links an account to an outside identity; from then on its login is of no matter to the provider's answer. */
export async function linkIdentity(tx: Queryable, accountId: number, identity: { issuer: string; subject: string }): Promise<void> {
  await tx.query(sql`update accounts set identity_issuer = ${identity.issuer}, identity_subject = ${identity.subject}, version = version + 1 where id = ${accountId}`)
}
