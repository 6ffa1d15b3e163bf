/** Giving and ending posts. The three administrators and the auditor are kept apart from each other and from the city's work. */
import { v7 as uuidv7 } from 'uuid'
import { type Principal, requireGrants } from '../access/principal.ts'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import type { Account, PostHeld, PostWish } from '../contract/people.ts'
import { KIND_ROLES, type Role, ROLE_LABELS, ROLES_KEPT_APART, ROLES_OF_AN_ORGANISATION, ROLES_OF_EVERY_CITY, ROLES_OF_NO_CITY } from '../contract/permissions.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { changed, noteAccount, reachOf, refuseVacancy, takeAccount, viewOf } from './accounts.ts'
import { findOrganisation } from './organisation-queries.ts'
import { type AccountRow, endPost, findPost, insertPost, listPostRows, type PostsWhere } from './people-queries.ts'
import { endSessionsOf } from './session-queries.ts'

const NEVER_OF_A_CITY: ReadonlySet<string> = new Set<Role>(ROLES_OF_NO_CITY)
const OF_EVERY_CITY: ReadonlySet<string> = new Set<Role>(ROLES_OF_EVERY_CITY)
/** Whoever holds one of these holds nothing else. */
const APART: ReadonlySet<string> = new Set<Role>(ROLES_KEPT_APART)
/** Their reach is their organisation's. */
const OF_AN_ORGANISATION: ReadonlySet<string> = new Set<Role>(ROLES_OF_AN_ORGANISATION)

/** A page of the posts somebody may know of, the latest first. */
export async function listPosts(context: AppContext, principal: Principal, filter: Omit<PostsWhere, 'after' | 'reach'>, page: { cursor?: string | undefined; limit: number }): Promise<{ posts: PostHeld[]; nextCursor: string | null }> {
  const rows = await listPostRows(context.db, { ...filter, after: page.cursor, reach: reachOf(requireGrants(principal, 'people.read')) }, page.limit + 1)
  const posts = rows.slice(0, page.limit)
  return { posts, nextCursor: rows.length > page.limit ? (posts.at(-1)?.id ?? null) : null }
}

function refuse(path: string, zh: string, en: string): never {
  throw new AppError('bad_request', `${zh} ${en}`, { errors: [{ path: `body.${path}`, message: en }] })
}

function checkRole(account: AccountRow, wish: PostWish): void {
  const { zh, en } = ROLE_LABELS[wish.role]
  if (!KIND_ROLES[account.kind].includes(wish.role)) refuse('role', `“${zh}”与账户类型不符。`, `${en} does not fit this kind of account (${account.kind}).`)
  if (NEVER_OF_A_CITY.has(wish.role) && wish.city !== null) refuse('city', '此岗位不限城市。', `The post of a ${en.toLowerCase()} is for every city.`)
  if (!OF_EVERY_CITY.has(wish.role) && wish.city === null) refuse('city', '请指定城市。', 'Name the city the post is in.')
  if (OF_AN_ORGANISATION.has(wish.role) && wish.organisationId === null) refuse('organisationId', '请指定机构。', `A ${en.toLowerCase()} belongs to an organisation.`)
  if (wish.city === null && (wish.organisationId !== null || wish.areaCode !== null)) refuse('city', '机构与区域属于城市，请指定城市。', 'An organisation and an area are of a city; name it.')
  const held = account.posts.map((post) => post.role)
  const apart = [...held, wish.role].filter((role) => APART.has(role))
  if (apart.length > 0 && [...held, wish.role].some((role) => role !== wish.role || !APART.has(role))) {
    throw new AppError('conflict', '三类管理员与审计员相互独立，且不兼业务岗位。The three administrators and the auditor are kept apart: nobody holds one of their roles beside another.')
  }
}

async function placeOf(tx: Queryable, wish: PostWish): Promise<{ cityId: number | null; organisationId: number | null }> {
  if (wish.city === null) return { cityId: null, organisationId: null }
  const { cityId } = await getCity(tx, wish.city)
  if (wish.organisationId === null) return { cityId, organisationId: null }
  const organisation = await findOrganisation(tx, cityId, wish.organisationId)
  if (!organisation || organisation.endedAt !== null) refuse('organisationId', '该城市没有此机构。', `The city ${wish.city} has no such organisation.`)
  return { cityId, organisationId: organisation.organisationId }
}

/**
 * Gives an account a post and ends its sessions, so that it signs in anew under its new posts.
 * @throws AppError forbidden for one's own account; bad_request, conflict for a post that does not fit.
 */
export async function grantPost(context: AppContext, principal: Principal, accountId: string, wish: PostWish): Promise<Account> {
  const at = context.clock()
  const row = await context.db.transaction(async (tx) => {
    const account = await takeAccount(tx, principal, accountId)
    checkRole(account, wish)
    const place = await placeOf(tx, wish)
    const hasIt = account.posts.some((post) => post.role === wish.role && post.cityKey === wish.city && (post.organisation?.id ?? null) === wish.organisationId && post.areaCode === wish.areaCode)
    if (hasIt) throw new AppError('conflict', `${account.login} 已有此岗位。${account.login} holds this post already.`)
    const id = uuidv7()
    await insertPost(tx, { id, accountId: account.accountId, role: wish.role, ...place, areaCode: wish.areaCode, grantedBy: principal.accountId, at: at.toISOString() })
    await endSessionsOf(tx, account.accountId, 'posts changed', at)
    const after = await changed(tx, accountId)
    await noteAccount(tx, context, principal, 'grantPost', account, { post: id, ...wish })
    return after
  })
  context.doorkeeper.forget()
  return viewOf(row, principal)
}

/** Ends a post and the account's sessions. @throws AppError not_found; forbidden for one's own; conflict for the last of its kind. */
export async function revokePost(context: AppContext, principal: Principal, postId: string): Promise<Account> {
  const at = context.clock()
  const row = await context.db.transaction(async (tx) => {
    const post = await findPost(tx, postId)
    if (!post) throw new AppError('not_found', `There is no post ${postId}, or it has ended.`)
    const account = await takeAccount(tx, principal, post.accountPublicId)
    await refuseVacancy(tx, account, [post.role])
    if (!(await endPost(tx, postId, at.toISOString()))) throw new AppError('conflict', 'The post has ended already.')
    await endSessionsOf(tx, account.accountId, 'posts changed', at)
    const after = await changed(tx, account.id)
    await noteAccount(tx, context, principal, 'revokePost', account, { post: postId, role: post.role })
    return after
  })
  context.doorkeeper.forget()
  return viewOf(row, principal)
}
