/** Keeping a city's organisations: two trees, nothing deleted. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CityRow, getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import type { Organisation, OrganisationBody } from '../contract/people.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { countDependents, endOrganisationRow, findOrganisation, insertOrganisation, isWithin, listOrganisationRows, type OrganisationRow, updateOrganisationFacts } from './organisation-queries.ts'

const MOST = 5_000

function view({ organisationId: _organisationId, ...organisation }: OrganisationRow): Organisation {
  return organisation
}

export async function listOrganisations(context: AppContext, cityKey: string, withEnded: boolean): Promise<Organisation[]> {
  const city = await getCity(context.db, cityKey)
  return (await listOrganisationRows(context.db, city.cityId, withEnded, MOST)).map(view)
}

async function find(tx: Queryable, city: CityRow, id: string): Promise<OrganisationRow> {
  const row = await findOrganisation(tx, city.cityId, id)
  if (!row) throw new AppError('not_found', `The city ${city.key} has no organisation ${id}.`)
  return row
}

async function findParent(tx: Queryable, city: CityRow, parentId: string | null): Promise<OrganisationRow | null> {
  if (parentId === null) return null
  const parent = await findOrganisation(tx, city.cityId, parentId)
  if (!parent || parent.endedAt !== null) throw new AppError('bad_request', `上级机构不存在。The city ${city.key} has no such organisation to be below of.`, { errors: [{ path: 'body.parentId', message: '不是本市的机构。Is no organisation of this city' }] })
  return parent
}

function note(tx: Queryable, context: AppContext, principal: Principal, city: CityRow, action: string, id: string, details: Record<string, unknown>): Promise<void> {
  return recordAudit(tx, principal, city.cityId, { domain: 'accounts', action, objectKind: 'organisation', objectId: id, details }, context.clock())
}

/** @throws AppError conflict when the code is taken; bad_request for a parent of another city. */
export async function createOrganisation(context: AppContext, principal: Principal, cityKey: string, body: OrganisationBody): Promise<Organisation> {
  const city = await getCity(context.db, cityKey)
  return context.db.transaction(async (tx) => {
    const parent = await findParent(tx, city, body.parentId)
    const id = uuidv7()
    if (!(await insertOrganisation(tx, city.cityId, id, body.code, { ...body, parentId: parent?.organisationId ?? null }))) throw new AppError('conflict', `机构代码“${body.code}”已被使用。The code "${body.code}" is taken.`, { errors: [{ path: 'body.code', message: '已被使用。Is taken' }] })
    const row = await find(tx, city, id)
    await note(tx, context, principal, city, 'createOrganisation', id, { code: body.code, kind: body.kind })
    return view(row)
  })
}

/** @throws AppError stale; bad_request when it would come to stand below itself. */
export async function updateOrganisation(context: AppContext, principal: Principal, cityKey: string, id: string, wish: { [K in keyof Omit<OrganisationBody, 'code'>]?: OrganisationBody[K] | undefined } & { version: number }): Promise<Organisation> {
  const city = await getCity(context.db, cityKey)
  const updated = await context.db.transaction(async (tx) => {
    const row = await find(tx, city, id)
    const parent = await findParent(tx, city, wish.parentId === undefined ? row.parentId : wish.parentId)
    if (parent && (await isWithin(tx, parent.organisationId, row.organisationId))) throw new AppError('bad_request', '机构不能隶属于自身或其下级。An organisation cannot be below itself.', { errors: [{ path: 'body.parentId', message: '是机构自身或其下级。Is the organisation itself or below it' }] })
    const facts = { kind: wish.kind ?? row.kind, parentId: parent?.organisationId ?? null, nameZh: wish.nameZh ?? row.nameZh, nameEn: wish.nameEn ?? row.nameEn, areaCode: wish.areaCode === undefined ? row.areaCode : wish.areaCode }
    if (!(await updateOrganisationFacts(tx, row.organisationId, wish.version, facts))) throw new AppError('stale', `The organisation was changed by somebody else (version ${row.version}), or has ended; look at it again.`)
    const after = view(await find(tx, city, id))
    await note(tx, context, principal, city, 'updateOrganisation', id, { ...after })
    return after
  })
  // Its name stands in the posts of its people.
  context.doorkeeper.forget()
  return updated
}

/** @throws AppError conflict while posts or organisations hang on it; stale. */
export async function endOrganisation(context: AppContext, principal: Principal, cityKey: string, id: string, version: number): Promise<Organisation> {
  const city = await getCity(context.db, cityKey)
  return context.db.transaction(async (tx) => {
    const row = await find(tx, city, id)
    const { posts, below } = await countDependents(tx, row.organisationId)
    if (posts > 0 || below > 0) throw new AppError('conflict', `仍有 ${posts} 个岗位、${below} 个下级机构，须先终止或移走。${posts} posts and ${below} organisations still hang on it; end or move them first.`)
    if (!(await endOrganisationRow(tx, row.organisationId, version, context.clock().toISOString()))) throw new AppError('stale', `The organisation was changed by somebody else (version ${row.version}), or has ended; look at it again.`)
    const after = view(await find(tx, city, id))
    await note(tx, context, principal, city, 'endOrganisation', id, { code: row.code })
    return after
  })
}
