/** Signing in: with a password, as one of the demo's people, or a screen with its token; and changing one's password. */
import { type Principal, VISITOR } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { AppContext } from '../context.ts'
import type { Persona } from '../contract/accounts.ts'
import { Role } from '../contract/permissions.ts'
import { AppError } from '../errors.ts'
import { clearSignInAttempts, type Credentials, findCredentials, findCredentialsById, findDisplayToken, listPersonaRows, takeSignInAttempt, updatePassword } from './account-queries.ts'
import { ACCOUNT_LIMITS, ADDRESS_LIMITS, type Attempts, createAttempts } from './attempts.ts'
import { isGoodCode } from './codes.ts'
import { checkNewPassword, hashPassword, hashToken, isPassword } from './secrets.ts'
import { endSessionsOf, hasSignedInFrom } from './session-queries.ts'
import { type OpenedSession, openSession, type Visit } from './sessions.ts'

const AT_HOME_MILLISECONDS = 90 * 24 * 60 * 60_000

export interface SignInAttempts {
  byAddress: Attempts
  /** Logins that do not exist are slowed like those that do. */
  byUnknownLogin: Attempts
  /** An account at an address it was signed in from before. */
  byPair: Attempts
}

export function createSignInAttempts(): SignInAttempts {
  return { byAddress: createAttempts(ADDRESS_LIMITS), byUnknownLogin: createAttempts(ACCOUNT_LIMITS), byPair: createAttempts(ACCOUNT_LIMITS) }
}

/** One sentence for every reason, so that nobody learns which logins exist. */
function wrong(): AppError {
  return new AppError('unauthenticated', '登录名、密码或动态口令不正确。The login, the password or the code is wrong.')
}

function tooMany(): AppError {
  return new AppError('too_many_requests', '尝试次数过多，请稍后再试。Too many attempts; wait a while and try again.')
}

/**
 * Takes an attempt, or refuses it. An account waits longer with each failure, an address too; but where its owner is at home, an
 * account is not locked by what others try elsewhere, and an office behind one address is not locked out by one of its machines.
 */
async function takeAttempt(context: AppContext, attempts: SignInAttempts, account: Credentials | undefined, login: string, address: string | null): Promise<void> {
  const at = context.clock()
  const now = at.getTime()
  const isAtHome = account !== undefined && address !== null && (await hasSignedInFrom(context.db, account.accountId, address, new Date(now - AT_HOME_MILLISECONDS)))
  if (isAtHome) {
    if (attempts.byPair.take(`${account.accountId} ${address}`, now) > 0) throw tooMany()
    return
  }
  if (address !== null && attempts.byAddress.take(address, now) > 0) throw tooMany()
  if (account ? !(await takeSignInAttempt(context.db, account.accountId, at, ACCOUNT_LIMITS)) : attempts.byUnknownLogin.take(login, now) > 0) throw tooMany()
}

async function refuseSignIn(context: AppContext, account: Credentials | undefined, address: string | null): Promise<never> {
  const nobody: Principal = { ...VISITOR, address }
  // A login that does not exist is not noted: people type passwords there.
  await context.db.transaction((tx) =>
    recordAudit(tx, nobody, null, { domain: 'accounts', action: 'signIn', outcome: 'refused', objectKind: 'account', lane: account?.login ?? '', ...(account ? { objectId: account.publicId, details: { login: account.login } } : {}) }, context.clock()),
  )
  throw wrong()
}

/**
 * Signs a person in.
 * @throws AppError unauthenticated, the same for every reason and after the same time; too_many_requests while attempts are slowed.
 */
export async function signIn(context: AppContext, attempts: SignInAttempts, visit: Visit, given: { login: string; password: string; code?: string | undefined }): Promise<OpenedSession> {
  const { db, clock } = context
  const account = await findCredentials(db, given.login)
  await takeAttempt(context, attempts, account, given.login, visit.address)
  const canSignIn = account !== undefined && account.kind === 'person' && !account.isEnded && !account.isLocked && !account.isPersona
  const matches = await isPassword(canSignIn ? account.passwordHash : null, given.password)
  if (!canSignIn || !matches) return refuseSignIn(context, account, visit.address)
  if (given.code !== undefined && account.totpConfirmedAt && !(await isGoodCode(db, context.config, account, given.code, clock()))) return refuseSignIn(context, account, visit.address)
  const hasGivenCode = given.code !== undefined && account.totpConfirmedAt !== null
  const opened = await db.transaction(async (tx) => {
    await clearSignInAttempts(tx, account.accountId)
    return openSession(tx, context, visit, { accountId: account.accountId, secondFactorAt: hasGivenCode ? clock() : null, action: 'signIn' })
  })
  if (visit.address !== null) {
    attempts.byAddress.clear(visit.address)
    attempts.byPair.clear(`${account.accountId} ${visit.address}`)
  }
  context.doorkeeper.forget()
  return opened
}

function personasOf(context: AppContext, id: string | null) {
  return context.config.DEMO === 'none' ? Promise.resolve([]) : listPersonaRows(context.db, id)
}

/** The demo city's people; nobody where there is no demo city, or where it is switched off. */
export async function listPersonas(context: AppContext): Promise<Persona[]> {
  const rows = await personasOf(context, null)
  return rows.map(({ accountId: _accountId, posts, ...persona }) => ({ ...persona, posts: posts.map((post) => ({ ...post, role: Role.parse(post.role) })) }))
}

/** @throws AppError not_found for whoever is no persona of a demo city. */
export async function signInAsPersona(context: AppContext, visit: Visit, id: string): Promise<OpenedSession> {
  const [persona] = await personasOf(context, id)
  if (!persona) throw new AppError('not_found', `There is no persona ${id} here.`)
  const opened = await context.db.transaction((tx) => openSession(tx, context, visit, { accountId: persona.accountId, secondFactorAt: null, action: 'signInAsPersona' }))
  context.doorkeeper.forget()
  return opened
}

/** Opens the session of a screen. @throws AppError unauthenticated, too_many_requests */
export async function signInDisplay(context: AppContext, attempts: SignInAttempts, visit: Visit, token: string): Promise<OpenedSession> {
  if (visit.address !== null && attempts.byAddress.take(visit.address, context.clock().getTime()) > 0) throw tooMany()
  const found = await findDisplayToken(context.db, hashToken(token), context.clock())
  if (!found) throw new AppError('unauthenticated', '大屏令牌无效或已撤销。The screen’s token is not valid, or was revoked.')
  const opened = await context.db.transaction((tx) => openSession(tx, context, visit, { accountId: found.accountId, secondFactorAt: null, accessToken: { id: found.tokenId, expiresAt: found.expiresAt }, action: 'signInDisplay' }))
  if (visit.address !== null) attempts.byAddress.clear(visit.address)
  context.doorkeeper.forget()
  return opened
}

/** The account of a person who came with a session of his own. @throws AppError conflict for everybody else. */
export async function requireOwnAccount(context: AppContext, principal: Principal): Promise<Credentials & { sessionId: string }> {
  const { accountId, sessionId } = principal
  const account = accountId === null || sessionId === null ? undefined : await findCredentialsById(context.db, accountId)
  if (!account || sessionId === null || account.kind !== 'person' || account.isPersona) throw new AppError('conflict', '只有以自己的账户登录后才能办理。This needs a session of an account of your own.')
  return { ...account, sessionId }
}

/**
 * Changes the caller's password, ends his other sessions and gives this one a new value.
 * @throws AppError unauthenticated when the present password is wrong; bad_request for a new one that is too weak.
 */
export async function changePassword(context: AppContext, attempts: SignInAttempts, principal: Principal, visit: Visit, given: { currentPassword: string; newPassword: string }): Promise<OpenedSession> {
  const account = await requireOwnAccount(context, principal)
  const { db, clock } = context
  if (attempts.byPair.take(`password ${account.accountId}`, clock().getTime()) > 0) throw tooMany()
  if (!(await isPassword(account.passwordHash, given.currentPassword))) throw wrong()
  checkNewPassword(given.newPassword, account.login)
  if (given.newPassword === given.currentPassword) throw new AppError('bad_request', '新密码与旧密码相同。The new password is the old one.')
  const passwordHash = await hashPassword(given.newPassword)
  const opened = await db.transaction(async (tx) => {
    await updatePassword(tx, account.accountId, passwordHash, false)
    await endSessionsOf(tx, account.accountId, 'password changed', clock(), account.sessionId)
    // A second factor given in this session stays given.
    const hadSecondFactor = account.totpConfirmedAt !== null && !principal.needsSecondFactor
    return openSession(tx, context, visit, { accountId: account.accountId, secondFactorAt: hadSecondFactor ? clock() : null, action: 'changePassword' })
  })
  attempts.byPair.clear(`password ${account.accountId}`)
  context.doorkeeper.forget()
  return opened
}
