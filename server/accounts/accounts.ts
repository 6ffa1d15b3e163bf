/** Keeping accounts: made, renamed, ended, their passwords and second factors reset. Nothing is deleted. */
import { v7 as uuidv7 } from 'uuid'
import { type Post, type Principal, requireGrants } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { AppContext } from '../context.ts'
import { Login } from '../contract/accounts.ts'
import type { Account } from '../contract/people.ts'
import { type Grant, may } from '../contract/permissions.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { maskPhone } from '../incidents/reporter.ts'
import { updatePassword, updateTotpSecret } from './account-queries.ts'
import { type AccountRow, countOtherHolders, endAccountRow, findAccountIdByLogin, findAccountRow, insertAccount, listAccountRows, lockAccount, type Reach, updateAccountFacts, updateLock } from './people-queries.ts'
import { checkNewPassword, hashPassword, makeOneTimePassword } from './secrets.ts'
import { endSessionsOf } from './session-queries.ts'

/** Roles that somebody must always hold, or nobody could ever give them again but on the terminal. */
const NEVER_VACANT: ReadonlySet<string> = new Set(['system_admin', 'security_admin', 'audit_admin'])

export function reachOf(grants: readonly Grant<Post>[]): Reach | null {
  const reach = { cities: [] as string[], organisations: [] as number[] }
  for (const { scope, post } of grants) {
    if (scope === 'city') {
      if (post.cityKey === null) return null
      reach.cities.push(post.cityKey)
    } else if (post.organisationId !== null) reach.organisations.push(post.organisationId)
  }
  return reach
}

/** An account as somebody may see it. */
export function viewOf({ accountId: _accountId, ...account }: AccountRow, principal: Principal): Account {
  return { ...account, phone: account.phone === null || may(principal, 'accounts.edit') ? account.phone : maskPhone(account.phone) }
}

export interface AccountsFilter {
  text?: string | undefined
  kind?: string | undefined
  role?: string | undefined
  city?: string | undefined
  ended: boolean
}

/** A page of the accounts somebody may know of: those of his cities, of his organisation, or all. */
export async function listAccounts(context: AppContext, principal: Principal, filter: AccountsFilter, page: { cursor?: string | undefined; limit: number }): Promise<{ accounts: Account[]; nextCursor: string | null }> {
  const reach = reachOf(requireGrants(principal, 'people.read'))
  const rows = await listAccountRows(context.db, { ...filter, after: page.cursor, reach }, page.limit + 1)
  const shown = rows.slice(0, page.limit)
  return { accounts: shown.map((row) => viewOf(row, principal)), nextCursor: rows.length > page.limit ? (shown.at(-1)?.login ?? null) : null }
}

/** @throws AppError not_found for an account that does not exist or is none of the caller's business. */
export async function getAccount(context: AppContext, principal: Principal, id: string): Promise<Account> {
  const row = await findAccountRow(context.db, id, reachOf(requireGrants(principal, 'people.read')))
  if (!row) throw missing(id)
  return viewOf(row, principal)
}

function missing(id: string): AppError {
  return new AppError('not_found', `There is no account ${id}.`)
}

function stale(row: AccountRow): AppError {
  return new AppError('stale', `The account ${row.login} was changed by somebody else (version ${row.version}); look at it again.`)
}

/**
 * Locks an account that is about to be changed.
 * @throws AppError not_found; forbidden for one's own (nobody keeps his own account); conflict for one that has ended or is a persona.
 */
export async function takeAccount(tx: Queryable, principal: Principal, id: string): Promise<AccountRow> {
  const row = await lockAccount(tx, id)
  if (!row) throw missing(id)
  if (row.accountId === principal.accountId) throw new AppError('forbidden', '不能办理自己的账户，请另一位管理员办理。Nobody keeps his own account; ask another administrator.')
  if (row.isPersona) throw new AppError('conflict', '演示人员的账户不能更改。The accounts of the demo’s people cannot be changed.')
  if (row.endedAt !== null) throw new AppError('conflict', `账户 ${row.login} 已终止。The account ${row.login} has ended.`)
  return row
}

/** @throws AppError conflict when nobody else holds a role that must not be vacant. */
export async function refuseVacancy(tx: Queryable, account: AccountRow, roles: readonly string[]): Promise<void> {
  for (const role of roles) {
    if (NEVER_VACANT.has(role) && (await countOtherHolders(tx, role, account.accountId)) === 0) throw new AppError('conflict', `${account.login} 是唯一的 ${role}，须先另设一位。${account.login} is the only ${role}; give the role to somebody else first.`)
  }
}

/** Writes what was done to an account into the log; the last statement of its transaction. */
export function noteAccount(tx: Queryable, context: AppContext, principal: Principal, action: string, account: { id: string; login: string }, details: Record<string, unknown> = {}): Promise<void> {
  return recordAudit(tx, principal, null, { domain: 'accounts', action, objectKind: 'account', objectId: account.id, details: { login: account.login, ...details }, lane: account.login }, context.clock())
}

/** The account after a change. */
export async function changed(tx: Queryable, id: string): Promise<AccountRow> {
  const row = await findAccountRow(tx, id)
  if (!row) throw new TypeError('an account was not there after its own change')
  return row
}

export interface AccountWish {
  kind: Account['kind']
  login: string
  name: string
  phone: string | null
  /** Chosen by whoever makes the account; without it a person gets one that is told once. */
  password?: string
  mustChangePassword?: boolean
}

/**
 * Makes an account. A person's first password is told once and has to be changed, unless one was chosen.
 * @throws AppError conflict when the login is taken; bad_request for a weak password or a login that cannot be used.
 */
export async function createAccount(context: AppContext, principal: Principal, wish: AccountWish): Promise<{ account: AccountRow; oneTimePassword: string | null }> {
  const parsed = Login.safeParse(wish.login)
  if (!parsed.success) throw new AppError('bad_request', `"${wish.login}" cannot be a login: 2 to 80 characters.`)
  const login = parsed.data
  if (wish.password !== undefined) checkNewPassword(wish.password, login)
  const oneTimePassword = wish.kind === 'person' && wish.password === undefined ? makeOneTimePassword() : null
  const password = wish.kind === 'person' ? (wish.password ?? oneTimePassword) : null
  const passwordHash = password === null ? null : await hashPassword(password)
  const id = uuidv7()
  const account = await context.db.transaction(async (tx) => {
    const accountId = await insertAccount(tx, { id, kind: wish.kind, login, name: wish.name, phone: wish.phone, passwordHash, mustChangePassword: oneTimePassword !== null || wish.mustChangePassword === true, at: context.clock().toISOString() })
    if (accountId === undefined) throw new AppError('conflict', `登录名“${login}”已被使用。The login "${login}" is taken.`, { errors: [{ path: 'body.login', message: '已被使用。Is taken' }] })
    await noteAccount(tx, context, principal, 'createAccount', { id, login }, { kind: wish.kind })
    return changed(tx, id)
  })
  context.doorkeeper.forget()
  return { account, oneTimePassword }
}

/** @throws AppError stale when somebody else was quicker. */
export async function updateAccount(context: AppContext, principal: Principal, id: string, wish: { version: number; name?: string | undefined; phone?: string | null | undefined }): Promise<Account> {
  const row = await context.db.transaction(async (tx) => {
    const account = await takeAccount(tx, principal, id)
    if (!(await updateAccountFacts(tx, account.accountId, wish.version, { name: wish.name ?? account.name, phone: wish.phone === undefined ? account.phone : wish.phone }))) throw stale(account)
    const after = await changed(tx, id)
    await noteAccount(tx, context, principal, 'updateAccount', account, { changed: [...(after.name === account.name ? [] : ['name']), ...(after.phone === account.phone ? [] : ['phone'])] })
    return after
  })
  context.doorkeeper.forget()
  return viewOf(row, principal)
}

/** Ends an account with its posts, tokens and sessions. @throws AppError stale, conflict for the last holder of an administrator's role. */
export async function endAccount(context: AppContext, principal: Principal, id: string, version: number): Promise<Account> {
  const at = context.clock()
  const row = await context.db.transaction(async (tx) => {
    const account = await takeAccount(tx, principal, id)
    await refuseVacancy(tx, account, account.posts.map((post) => post.role))
    if (!(await endAccountRow(tx, account.accountId, version, at.toISOString()))) throw stale(account)
    await endSessionsOf(tx, account.accountId, 'account ended', at)
    const after = await changed(tx, id)
    await noteAccount(tx, context, principal, 'endAccount', account)
    return after
  })
  context.doorkeeper.forget()
  return viewOf(row, principal)
}

/** Keeps an account out until it is unlocked. @throws AppError stale; conflict when it is locked, or is the last that holds an administrator's role. */
export async function lockOutAccount(context: AppContext, principal: Principal, id: string, wish: { version: number; because: string }): Promise<Account> {
  const at = context.clock()
  const row = await context.db.transaction(async (tx) => {
    const account = await takeAccount(tx, principal, id)
    if (account.locked) throw new AppError('conflict', `账户 ${account.login} 已锁定。The account ${account.login} is locked already.`)
    await refuseVacancy(tx, account, account.posts.map((post) => post.role))
    if (!(await updateLock(tx, account.accountId, wish.version, { at: at.toISOString(), because: wish.because }))) throw stale(account)
    await endSessionsOf(tx, account.accountId, 'account locked', at)
    const after = await changed(tx, id)
    await noteAccount(tx, context, principal, 'lockAccount', account)
    return after
  })
  context.doorkeeper.forget()
  return viewOf(row, principal)
}

/** Lets an account in again. @throws AppError stale; conflict when it is not locked. */
export async function unlockAccount(context: AppContext, principal: Principal, id: string, version: number): Promise<Account> {
  const at = context.clock()
  const row = await context.db.transaction(async (tx) => {
    const account = await takeAccount(tx, principal, id)
    if (!account.locked && (account.lockedUntil === null || Date.parse(account.lockedUntil) <= at.getTime())) throw new AppError('conflict', `账户 ${account.login} 没有锁定。The account ${account.login} is not locked.`)
    if (!(await updateLock(tx, account.accountId, version, null))) throw stale(account)
    const after = await changed(tx, id)
    await noteAccount(tx, context, principal, 'unlockAccount', account)
    return after
  })
  context.doorkeeper.forget()
  return viewOf(row, principal)
}

/** Gives a person a new password and ends his sessions. @returns the account, and the password where none was chosen. */
export async function resetPassword(context: AppContext, principal: Principal, id: string, chosen?: string): Promise<{ account: Account; oneTimePassword: string }> {
  const password = chosen ?? makeOneTimePassword()
  const passwordHash = await hashPassword(password)
  const row = await context.db.transaction(async (tx) => {
    const account = await takeAccount(tx, principal, id)
    if (account.kind !== 'person') throw new AppError('conflict', `${account.login} 不是个人账户，没有密码。${account.login} is no person’s account and has no password.`)
    if (chosen !== undefined) checkNewPassword(chosen, account.login)
    await updatePassword(tx, account.accountId, passwordHash, true)
    await endSessionsOf(tx, account.accountId, 'password reset', context.clock())
    const after = await changed(tx, id)
    await noteAccount(tx, context, principal, 'resetPassword', account)
    return after
  })
  context.doorkeeper.forget()
  return { account: viewOf(row, principal), oneTimePassword: password }
}

/** Takes a lost second factor away and ends the sessions; its owner sets up another when he signs in. */
export async function resetSecondFactor(context: AppContext, principal: Principal, id: string): Promise<Account> {
  const row = await context.db.transaction(async (tx) => {
    const account = await takeAccount(tx, principal, id)
    await updateTotpSecret(tx, account.accountId, null)
    await endSessionsOf(tx, account.accountId, 'second factor reset', context.clock())
    const after = await changed(tx, id)
    await noteAccount(tx, context, principal, 'resetSecondFactor', account)
    return after
  })
  context.doorkeeper.forget()
  return viewOf(row, principal)
}

/** Ends every session of an account. @returns how many there were. */
export async function endAllSessions(context: AppContext, principal: Principal, id: string): Promise<number> {
  const ended = await context.db.transaction(async (tx) => {
    const account = await lockAccount(tx, id)
    if (!account) throw missing(id)
    const count = await endSessionsOf(tx, account.accountId, 'revoked', context.clock())
    await noteAccount(tx, context, principal, 'endSessions', account, { count })
    return count
  })
  context.doorkeeper.forget()
  return ended
}

/** The id of an account by its login. @throws AppError not_found */
export async function findAccountId(context: AppContext, login: string): Promise<string> {
  const id = await findAccountIdByLogin(context.db, login.trim().toLowerCase())
  if (id === undefined) throw new AppError('not_found', `There is no account "${login}".`)
  return id
}
