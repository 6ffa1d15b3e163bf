import type { IncidentSource } from '../contract/incidents.ts'
import type { AccessTokenView } from '../contract/people.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

const SELECT = sql`select t.public_id as id, json_build_object('id', a.public_id, 'login', a.login, 'name', a.name, 'kind', a.kind) as account, t.hint, t.purpose, t.sources,
  to_json(t.created_at) as "createdAt", to_json(t.last_used_at) as "lastUsedAt", to_json(t.expires_at) as "expiresAt", to_json(t.ended_at) as "endedAt"
  from access_tokens t join accounts a on a.id = t.account_id`

/** Tokens, newest first. */
export function listTokenRows(db: Queryable, where: { account?: string | undefined; ended: boolean }, limit: number): Promise<AccessTokenView[]> {
  return db.query<AccessTokenView>(sql`${SELECT} where (${where.account ?? null}::uuid is null or a.public_id = ${where.account ?? null}::uuid) and (${where.ended}::boolean or t.ended_at is null) order by t.id desc limit ${limit}`)
}

export async function findTokenRow(db: Queryable, id: string): Promise<AccessTokenView | undefined> {
  return (await db.query<AccessTokenView>(sql`${SELECT} where t.public_id = ${id}::uuid`))[0]
}

export interface NewToken {
  id: string
  accountId: number
  tokenHash: string
  hint: string
  purpose: string
  sources: readonly IncidentSource[] | null
  createdBy: number | null
  expiresAt: string | null
  at: string
}

export async function insertToken(tx: Queryable, token: NewToken): Promise<void> {
  await tx.query(sql`insert into access_tokens (public_id, account_id, token_hash, hint, purpose, sources, created_by, created_at, expires_at)
    values (${token.id}::uuid, ${token.accountId}, ${token.tokenHash}, ${token.hint}, ${token.purpose}, ${token.sources}::text[], ${token.createdBy}, ${token.at}::timestamptz, ${token.expiresAt}::timestamptz)`)
}

/** Ends a token and the sessions opened with it. @returns whether it was still good. */
export async function endToken(tx: Queryable, id: string, at: string): Promise<boolean> {
  const rows = await tx.query<{ id: number }>(sql`update access_tokens set ended_at = ${at}::timestamptz where public_id = ${id}::uuid and ended_at is null returning id`)
  const token = rows[0]
  if (!token) return false
  await tx.query(sql`update sessions set ended_at = ${at}::timestamptz, ended_because = 'token revoked' where access_token_id = ${token.id} and ended_at is null`)
  return true
}
