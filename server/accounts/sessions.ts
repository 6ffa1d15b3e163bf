/** Sessions: opened with a new random value each time, ended by their people, by administrators, or by what changes under them. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { AppContext } from '../context.ts'
import type { SessionState, SessionView } from '../contract/accounts.ts'
import { may } from '../contract/permissions.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findSessionFacts } from './account-queries.ts'
import { IDLE_MILLISECONDS, principalOfRow } from './doorkeeper.ts'
import { identityProviderName } from './identity-provider.ts'
import { hashToken, makeToken } from './secrets.ts'
import { endSession, findSessionOwner, insertSession, listKnown, listOpenSessions, type SessionRow } from './session-queries.ts'

/** However busy it is, a session ends after so long. */
export const LONGEST_MILLISECONDS = 12 * 60 * 60_000
const LONGEST_LIST = 200

/** Whoever signs in, as his request tells. */
export interface Visit {
  /** The session he comes with; it ends when another is opened. */
  previousSessionId: string | null
  address: string | null
  userAgent: string | null
}

export interface OpenedSession {
  token: string
  expiresAt: Date
  principal: Principal
}

export interface SessionWish {
  accountId: number
  secondFactorAt: Date | null
  /** A screen's session lasts as long as its token. */
  accessToken?: { id: number; expiresAt: Date | null }
  action: string
}

const SCREEN_MILLISECONDS = 400 * 24 * 60 * 60_000

/** Opens a session under a value never used before, ends the one that came with the request, and notes it in the log. In the caller's transaction. */
export async function openSession(tx: Queryable, context: AppContext, visit: Visit, wish: SessionWish): Promise<OpenedSession> {
  const at = context.clock()
  const token = makeToken()
  const longest = wish.accessToken ? (wish.accessToken.expiresAt?.getTime() ?? at.getTime() + SCREEN_MILLISECONDS) : at.getTime() + LONGEST_MILLISECONDS
  const expiresAt = new Date(longest)
  if (visit.previousSessionId !== null) await endSession(tx, visit.previousSessionId, 'signed in anew', at)
  await insertSession(tx, {
    publicId: uuidv7(),
    accountId: wish.accountId,
    tokenHash: hashToken(token),
    secondFactorAt: wish.secondFactorAt,
    accessTokenId: wish.accessToken?.id ?? null,
    address: visit.address,
    userAgent: visit.userAgent?.slice(0, 300) ?? null,
    at,
    expiresAt,
  })
  const [row] = await listKnown(tx, [hashToken(token)], at, context.config.DEMO !== 'none')
  if (!row) throw new AppError('unauthenticated', '该账户不能登录。This account cannot sign in.')
  const principal = principalOfRow(row, visit.address)
  await recordAudit(tx, principal, null, { domain: 'accounts', action: wish.action, objectKind: 'account', objectId: row.publicId, lane: row.login }, at)
  return { token, expiresAt, principal }
}

/** What the console is told of itself. */
export async function getSessionState(context: AppContext, principal: Principal): Promise<SessionState> {
  const { db, config, doorkeeper } = context
  const facts = principal.sessionId === null ? undefined : await findSessionFacts(db, principal.sessionId)
  const { accountId: _accountId, sessionId: _sessionId, address: _address, intakeSources: _sources, posts, ...view } = principal
  return {
    mode: (await doorkeeper.isClosed()) ? 'closed' : 'open',
    principal: { ...view, posts: posts.map(({ organisationId: _organisationId, ...post }) => post) },
    expiresAt: facts?.expiresAt.toISOString() ?? null,
    hasSecondFactor: facts?.hasSecondFactor ?? false,
    ways: { password: true, personas: config.DEMO !== 'none', identityProvider: identityProviderName(config) },
  }
}

/** Ends the session of the request, if there is one. */
export async function signOut(context: AppContext, principal: Principal): Promise<void> {
  const { sessionId } = principal
  if (sessionId === null) return
  const at = context.clock()
  await context.db.transaction(async (tx) => {
    if (await endSession(tx, sessionId, 'signed out', at)) await recordAudit(tx, principal, null, { domain: 'accounts', action: 'signOut', objectKind: 'account', objectId: principal.id ?? '', lane: principal.login ?? '' }, at)
  })
  context.doorkeeper.forget()
}

function view(row: SessionRow, current: string | null): SessionView {
  return { ...row, createdAt: row.createdAt.toISOString(), lastSeenAt: row.lastSeenAt.toISOString(), expiresAt: row.expiresAt.toISOString(), isCurrent: row.id === current }
}

function idleSince(at: Date): Date {
  return new Date(at.getTime() - IDLE_MILLISECONDS)
}

/** The caller's own open sessions; none for whoever has no account. */
export async function listMySessions(context: AppContext, principal: Principal): Promise<SessionView[]> {
  const { accountId } = principal
  if (accountId === null) return []
  const at = context.clock()
  return (await listOpenSessions(context.db, { accountId, idleSince: idleSince(at), at }, LONGEST_LIST)).map((row) => view(row, principal.sessionId))
}

/** Open sessions of everybody, or of one account. */
export async function listSessions(context: AppContext, principal: Principal, account: string | undefined, limit: number): Promise<SessionView[]> {
  const at = context.clock()
  return (await listOpenSessions(context.db, { accountPublicId: account, idleSince: idleSince(at), at }, limit)).map((row) => view(row, principal.sessionId))
}

/**
 * Ends a session.
 * @throws AppError not_found for one that is neither the caller's own nor within his permission, as if it did not exist.
 */
export async function revokeSession(context: AppContext, principal: Principal, sessionId: string): Promise<boolean> {
  const at = context.clock()
  const ended = await context.db.transaction(async (tx) => {
    const owner = await findSessionOwner(tx, sessionId)
    const isOwn = owner !== undefined && owner.accountId === principal.accountId
    if (!owner || (!isOwn && !may(principal, 'sessions.revoke'))) throw new AppError('not_found', `There is no open session ${sessionId}.`)
    const was = await endSession(tx, sessionId, isOwn ? 'revoked by its owner' : 'revoked', at)
    if (was) await recordAudit(tx, principal, null, { domain: 'accounts', action: 'revokeSession', objectKind: 'session', objectId: sessionId, details: { login: owner.login }, lane: owner.login }, at)
    return was
  })
  context.doorkeeper.forget()
  return ended
}
