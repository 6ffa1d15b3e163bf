/** Tokens of services and screens: long-lived, for one purpose, told once, each revocable. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { AppContext } from '../context.ts'
import type { IncidentSource } from '../contract/incidents.ts'
import type { AccessTokenView } from '../contract/people.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { lockAccount } from './people-queries.ts'
import { hashToken, makeToken } from './secrets.ts'
import { endToken, findTokenRow, insertToken, listTokenRows } from './token-queries.ts'

const HINT_LETTERS = 4

export function listTokens(context: AppContext, where: { account?: string | undefined; ended: boolean }, limit: number): Promise<AccessTokenView[]> {
  return listTokenRows(context.db, where, limit)
}

async function find(tx: Queryable, id: string): Promise<AccessTokenView> {
  const row = await findTokenRow(tx, id)
  if (!row) throw new AppError('not_found', `There is no access token ${id}.`)
  return row
}

/** @throws AppError conflict for an account of a person or one that has ended; bad_request for an end in the past. */
export async function createToken(context: AppContext, principal: Principal, wish: { accountId: string; purpose: string; sources: readonly IncidentSource[] | null; expiresAt: string | null }): Promise<{ token: string; accessToken: AccessTokenView }> {
  const at = context.clock()
  if (wish.expiresAt !== null && Date.parse(wish.expiresAt) <= at.getTime()) throw new AppError('bad_request', '到期时间已过。The token would have expired already.', { errors: [{ path: 'body.expiresAt', message: '时间已过。Lies in the past' }] })
  const token = makeToken()
  const id = uuidv7()
  const accessToken = await context.db.transaction(async (tx) => {
    const account = await lockAccount(tx, wish.accountId)
    if (!account) throw new AppError('not_found', `There is no account ${wish.accountId}.`)
    if (account.kind === 'person') throw new AppError('conflict', '令牌只发给服务和大屏；人员请登录。Tokens are for services and screens; people sign in.')
    if (account.endedAt !== null) throw new AppError('conflict', `账户 ${account.login} 已终止。The account ${account.login} has ended.`)
    if (wish.sources !== null && account.kind !== 'service') throw new AppError('bad_request', '只有接入服务的令牌才限定来源。Only tokens of services are for some sources.', { errors: [{ path: 'body.sources', message: '仅用于接入服务的账号。Goes with the account of a service' }] })
    await insertToken(tx, { id, accountId: account.accountId, tokenHash: hashToken(token), hint: token.slice(-HINT_LETTERS), purpose: wish.purpose, sources: wish.sources, createdBy: principal.accountId, expiresAt: wish.expiresAt, at: at.toISOString() })
    const row = await find(tx, id)
    await recordAudit(tx, principal, null, { domain: 'accounts', action: 'createToken', objectKind: 'access_token', objectId: id, details: { login: account.login, purpose: wish.purpose, sources: wish.sources, expiresAt: wish.expiresAt }, lane: account.login }, at)
    return row
  })
  context.doorkeeper.forget()
  return { token, accessToken }
}

/** Revokes a token and the screens' sessions opened with it. @throws AppError not_found, conflict when it has ended. */
export async function revokeToken(context: AppContext, principal: Principal, id: string): Promise<AccessTokenView> {
  const at = context.clock()
  const row = await context.db.transaction(async (tx) => {
    const before = await find(tx, id)
    if (!(await endToken(tx, id, at.toISOString()))) throw new AppError('conflict', '令牌已撤销。The token was revoked already.')
    const after = await find(tx, id)
    await recordAudit(tx, principal, null, { domain: 'accounts', action: 'revokeToken', objectKind: 'access_token', objectId: id, details: { login: before.account.login, purpose: before.purpose }, lane: before.account.login }, at)
    return after
  })
  context.doorkeeper.forget()
  return row
}
