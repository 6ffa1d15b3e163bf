/** Setting up, confirming and giving the second factor. */
import { Secret } from 'otpauth'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { confirmTotp, updateTotpSecret } from './account-queries.ts'
import { isGoodCode, totpOf } from './codes.ts'
import { sealSecret } from './sealing.ts'
import { endSessionsOf } from './session-queries.ts'
import { type OpenedSession, openSession, type Visit } from './sessions.ts'
import { requireOwnAccount, type SignInAttempts } from './sign-in.ts'

const SECRET_BYTES = 20

/** Makes a new secret; nothing changes until its first code was given. @throws AppError conflict while one is confirmed. */
export async function setUpSecondFactor(context: AppContext, principal: Principal): Promise<{ secret: string; address: string }> {
  const account = await requireOwnAccount(context, principal)
  if (account.totpConfirmedAt) throw new AppError('conflict', '已设置动态口令；如更换手机，请安全管理员重置。There is a second factor already; the security administrator can reset it.')
  const secret = new Secret({ size: SECRET_BYTES }).base32
  const stored = sealSecret(context.config, secret, account.publicId)
  await context.db.transaction(async (tx) => {
    await updateTotpSecret(tx, account.accountId, stored)
    await recordAudit(tx, principal, null, { domain: 'accounts', action: 'setUpSecondFactor', objectKind: 'account', objectId: account.publicId, lane: account.login }, context.clock())
  })
  return { secret, address: totpOf(account.login, secret).toString() }
}

/**
 * Takes the code of a new second factor (`confirm`) or of the one that stands (`verify`), and gives the session a new value.
 * @throws AppError unauthenticated for a wrong or used code; too_many_requests; conflict when there is nothing to confirm.
 */
export async function giveCode(context: AppContext, attempts: SignInAttempts, principal: Principal, visit: Visit, code: string, step: 'confirm' | 'verify'): Promise<OpenedSession> {
  const account = await requireOwnAccount(context, principal)
  const { db, clock } = context
  if (step === 'confirm' && (account.totpSecret === null || account.totpConfirmedAt)) throw new AppError('conflict', '没有待确认的动态口令。There is no second factor to confirm.')
  if (step === 'verify' && !account.totpConfirmedAt) throw new AppError('conflict', '尚未设置动态口令，请先设置。There is no second factor yet; set it up first.')
  const key = `code ${account.accountId}`
  if (attempts.byPair.take(key, clock().getTime()) > 0) throw new AppError('too_many_requests', '尝试次数过多，请稍后再试。Too many attempts; wait a while and try again.')
  const opened = await db.transaction(async (tx) => {
    if (!(await isGoodCode(tx, context.config, account, code, clock()))) return null
    if (step === 'confirm') {
      await confirmTotp(tx, account.accountId, clock())
      await endSessionsOf(tx, account.accountId, 'second factor set', clock(), account.sessionId)
    }
    return openSession(tx, context, visit, { accountId: account.accountId, secondFactorAt: clock(), action: step === 'confirm' ? 'confirmSecondFactor' : 'verifySecondFactor' })
  })
  if (!opened) {
    await db.transaction((tx) => recordAudit(tx, principal, null, { domain: 'accounts', action: 'verifySecondFactor', outcome: 'refused', objectKind: 'account', objectId: account.publicId, lane: account.login }, clock()))
    throw new AppError('unauthenticated', '动态口令不正确或已使用过。The code is wrong, or was used before.')
  }
  attempts.byPair.clear(key)
  context.doorkeeper.forget()
  return opened
}
