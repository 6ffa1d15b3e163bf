/** Whoever makes a request, with what the server needs beside the contract's view; and the checks that refuse in words. */
import type { IncidentSource } from '../contract/incidents.ts'
import { type AnyRole, type Grant, grantsOf, type Permission, permissionRefusal, type PostView, type PrincipalView } from '../contract/permissions.ts'
import { AppError } from '../errors.ts'

export interface Post extends PostView {
  /** Inner id of the post's organisation. */
  organisationId: number | null
}

export interface Principal extends Omit<PrincipalView, 'posts'> {
  /** Inner id of the account; null for whoever has none. */
  accountId: number | null
  sessionId: string | null
  /** Network address the request came from, for the log. */
  address: string | null
  posts: Post[]
  /** Sources that reports may name, where the token that was shown is for some only; null: any. */
  intakeSources: readonly IncidentSource[] | null
}

function builtIn(kind: 'local' | 'system' | 'visitor', name: string, role: AnyRole | null): Principal {
  const posts: Post[] = role ? [{ id: role, role, cityKey: null, organisation: null, organisationId: null, areaCode: null }] : []
  return { kind, id: null, login: null, name, posts, needsSecondFactor: false, mustChangePassword: false, accountId: null, sessionId: null, address: null, intakeSources: null }
}

/** Whoever sits at a console on loopback that has no accounts yet. */
export const LOCAL_OPERATOR: Principal = builtIn('local', '本机操作者', 'local_operator')
/** The program itself: command line, jobs, reactions of the clock. */
export const SYSTEM: Principal = builtIn('system', '系统', 'system')
/** Nobody yet. */
export const VISITOR: Principal = builtIn('visitor', '访客', null)

/** Where a permission reaches for somebody in a city. @throws AppError `unauthenticated` or `forbidden`, naming who could. */
export function requireGrants(principal: Principal, permission: Permission, cityKey?: string): Grant<Post>[] {
  requireSignedIn(principal)
  const grants = grantsOf(principal, permission, cityKey)
  if (grants.length === 0) {
    const why = permissionRefusal(permission)
    throw new AppError('forbidden', `${why.zh}。${why.en}.`)
  }
  return grants
}

/** @throws AppError unauthenticated for a visitor; second_factor_needed, password_change_needed while one is missing. */
export function requireSignedIn(principal: Principal): void {
  if (principal.kind === 'visitor') throw new AppError('unauthenticated', '请先登录。Sign in first.')
  if (principal.needsSecondFactor) throw new AppError('second_factor_needed', '您的岗位须先完成动态口令验证。Your post asks for a second factor; confirm it first.')
  if (principal.mustChangePassword) throw new AppError('password_change_needed', '请先修改由他人设置的初始密码。Your password was set by somebody else; change it first.')
}

/**
 * Whether somebody may look into a city at all: a post there or everywhere.
 * Another city is answered as if it did not exist.
 * @throws AppError not_found
 */
export function requireCity(principal: Principal, cityKey: string): void {
  if (!principal.posts.some((post) => post.cityKey === null || post.cityKey === cityKey)) throw new AppError('not_found', `There is no city "${cityKey}" here.`)
}
