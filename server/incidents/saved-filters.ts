/** Views that people keep: a name and an address, for themselves, their organisation or the city. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import { type SavedFilter, SAVED_FILTERS_PER_ACCOUNT } from '../contract/workbench.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { countOwnSavedFilters, insertSavedFilter, isNameTaken, listSavedFilters, type Looker, updateSavedFilter, updateSavedFilterEnded } from './saved-filter-queries.ts'

function organisationsOf(principal: Principal, city: CityRow): number[] {
  return principal.posts.flatMap((post) => (post.organisationId !== null && (post.cityKey === null || post.cityKey === city.key) ? [post.organisationId] : []))
}

const lookerOf = (principal: Principal, city: CityRow): Looker => ({ accountId: principal.accountId, organisationIds: organisationsOf(principal, city) })

function requireAccount(principal: Principal): number {
  if (principal.accountId === null) throw new AppError('forbidden', '保存筛选须有个人账号。Keeping a view needs an account of one’s own.')
  return principal.accountId
}

/** The organisation a view is shared with: that of the first post of its owner in the city. @throws AppError bad_request where there is none. */
function organisationFor(principal: Principal, city: CityRow, share: SavedFilter['share']): number | null {
  if (share !== 'organisation') return null
  const [first] = organisationsOf(principal, city)
  if (first === undefined) {
    const message = '您的岗位不属于任何单位，不能与单位共享 · your posts belong to no organisation to share it with'
    throw new AppError('bad_request', message, { errors: [{ path: 'body.share', message }] })
  }
  return first
}

function takenError(name: string): AppError {
  const message = `您已有名为“${name}”的筛选 · you have a view named “${name}” already`
  return new AppError('conflict', message, { errors: [{ path: 'body.name', message }] })
}

const staleError = () => new AppError('stale', '该筛选已被修改，请刷新后再试。The view was changed meanwhile; read it again.')

/** Those of the caller and those shared with him. */
export function getSavedFilters(db: Queryable, city: CityRow, principal: Principal): Promise<SavedFilter[]> {
  return listSavedFilters(db, city.cityId, lookerOf(principal, city))
}

async function findOwn(tx: Queryable, city: CityRow, principal: Principal, id: string): Promise<SavedFilter> {
  const [found] = await listSavedFilters(tx, city.cityId, lookerOf(principal, city), id)
  if (!found) throw new AppError('not_found', `There is no saved filter ${id}.`)
  if (!found.isMine) throw new AppError('forbidden', `只有${found.owner}可以修改。Only ${found.owner} can change it.`)
  return found
}

async function present(tx: Queryable, city: CityRow, principal: Principal, id: string): Promise<SavedFilter> {
  const [found] = await listSavedFilters(tx, city.cityId, lookerOf(principal, city), id)
  if (!found) throw new TypeError('a saved filter was not there after its own change')
  return found
}

/** @throws AppError `forbidden` without an account, `conflict` for a name in use or too many, `bad_request`. */
export function createSavedFilter(db: Db, city: CityRow, principal: Principal, given: Pick<SavedFilter, 'name' | 'share' | 'urlState'>, at: Date): Promise<SavedFilter> {
  const ownerId = requireAccount(principal)
  const organisationId = organisationFor(principal, city, given.share)
  return db.transaction(async (tx) => {
    if ((await countOwnSavedFilters(tx, city.cityId, ownerId)) >= SAVED_FILTERS_PER_ACCOUNT) {
      throw new AppError('conflict', `最多保存 ${SAVED_FILTERS_PER_ACCOUNT} 个筛选，请先删去不用的。At most ${SAVED_FILTERS_PER_ACCOUNT} views can be kept; give some up first.`)
    }
    if (await isNameTaken(tx, city.cityId, ownerId, given.name, null)) throw takenError(given.name)
    const id = uuidv7()
    await insertSavedFilter(tx, { id, cityId: city.cityId, ownerId, organisationId, ...given, at: at.toISOString() })
    const saved = await present(tx, city, principal, id)
    await recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'createSavedFilter', objectKind: 'saved_filter', objectId: id, details: { name: given.name, share: given.share }, lane: id }, at)
    return saved
  })
}

/** @throws AppError `not_found`, `forbidden` for a view of somebody else, `stale`, `conflict`, `bad_request`. */
export function changeSavedFilter(db: Db, city: CityRow, principal: Principal, id: string, change: { version: number; name?: string | undefined; share?: SavedFilter['share'] | undefined; urlState?: string | undefined }, at: Date): Promise<SavedFilter> {
  const ownerId = requireAccount(principal)
  return db.transaction(async (tx) => {
    const own = await findOwn(tx, city, principal, id)
    const next = { name: change.name ?? own.name, share: change.share ?? own.share, urlState: change.urlState ?? own.urlState }
    const organisationId = own.share === next.share ? null : organisationFor(principal, city, next.share)
    if (await isNameTaken(tx, city.cityId, ownerId, next.name, id)) throw takenError(next.name)
    if (!(await updateSavedFilter(tx, id, change.version, { ...next, organisationId, at: at.toISOString() }))) throw staleError()
    const saved = await present(tx, city, principal, id)
    await recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'changeSavedFilter', objectKind: 'saved_filter', objectId: id, details: { name: next.name, share: next.share, version: saved.version }, lane: id }, at)
    return saved
  })
}

/** Nothing is deleted: it ends and is no longer listed. @throws AppError as `changeSavedFilter`. */
export function endSavedFilter(db: Db, city: CityRow, principal: Principal, id: string, version: number, at: Date): Promise<{ id: string }> {
  requireAccount(principal)
  return db.transaction(async (tx) => {
    await findOwn(tx, city, principal, id)
    if (!(await updateSavedFilterEnded(tx, id, version, at.toISOString()))) throw staleError()
    await recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'endSavedFilter', objectKind: 'saved_filter', objectId: id, lane: id }, at)
    return { id }
  })
}
