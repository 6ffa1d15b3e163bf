/** The people of a case: a city with bodies, accounts and posts, and a server that takes a caller at his word. */
import { v7 as uuidv7 } from 'uuid'
import { type Principal, SYSTEM } from '../../../server/access/principal.ts'
import type { AppContext } from '../../../server/context.ts'
import type { Incident, IncidentAction } from '../../../server/contract/incidents.ts'
import type { Problem } from '../../../server/contract/errors.ts'
import type { Role } from '../../../server/contract/permissions.ts'
import type { Db } from '../../../server/db/db.ts'
import { sql } from '../../../server/db/sql.ts'
import { aContext, type TestApi } from '../../helpers/api.ts'
import type { TestCity } from '../../helpers/db.ts'
import { type Answer, postReport, postTransition, type ReportBody } from './reporting.ts'

const principals = new Map<string, Principal>()

/** A context that knows people by the header `x-test-person`; without it, whoever calls is the program itself. */
export function aContextOfPeople(db: Db, parts: Partial<AppContext> = {}): AppContext {
  const context = aContext(db, parts)
  return { ...context, identify: async (request) => principals.get(String(request.headers['x-test-person'])) ?? context.identify(request) }
}

/** A context that knows people by the login that the simulator names. */
export function aContextOfPersonas(db: Db, parts: Partial<AppContext> = {}): AppContext {
  const context = aContext(db, parts)
  return { ...context, identify: async (request) => principals.get(String(request.headers['x-persona'])) ?? context.identify(request) }
}

export interface Body {
  id: string
  organisationId: number
}

/** A body of a city. */
export async function aBody(db: Db, city: TestCity, name: string, parent?: Body, kind = 'department'): Promise<Body> {
  const id = uuidv7()
  const rows = await db.query<{ id: number }>(sql`insert into organisations (public_id, city_id, code, kind, parent_id, name_zh, name_en)
    values (${id}, ${city.cityId}, ${`B${id.slice(-12)}`}, ${kind}, ${parent?.organisationId ?? null}, ${name}, ${name}) returning id`)
  return { id, organisationId: rows[0]!.id }
}

/** Somebody with one post. */
export async function aPerson(db: Db, city: TestCity, role: Role, name: string, where: { body?: Body; areaCode?: string } = {}): Promise<Principal> {
  const id = uuidv7()
  const rows = await db.query<{ id: number }>(sql`insert into accounts (public_id, kind, login, name) values (${id}, 'person', ${id}, ${name}) returning id`)
  const accountId = rows[0]!.id
  await db.query(sql`insert into posts (public_id, account_id, role, city_id, organisation_id, area_code)
    values (${uuidv7()}, ${accountId}, ${role}, ${city.cityId}, ${where.body?.organisationId ?? null}, ${where.areaCode ?? null})`)
  const organisation = where.body ? { id: where.body.id, code: 'B', nameZh: 'x', nameEn: 'x' } : null
  const person: Principal = { ...SYSTEM, kind: 'person', id, login: id, name, accountId, posts: [{ id: uuidv7(), role, cityKey: city.key, organisation, organisationId: where.body?.organisationId ?? null, areaCode: where.areaCode ?? null }] }
  principals.set(id, person)
  return person
}

export const AREAS = { county: '420101000000', street: '420101001000', community: '420101001002' } as const

/** A street and a community around 114° E 30° N, so that cases there lie in an area. */
export async function layOutAreas(db: Db, city: TestCity, layerId: number): Promise<void> {
  for (const [level, code, parent] of [['county', AREAS.county, null], ['street', AREAS.street, AREAS.county], ['community', AREAS.community, AREAS.street]] as const) {
    await db.query(sql`insert into administrative_areas (public_id, city_id, layer_id, source_key, content_hash, level, code, parent_code, name, area_m2, geom)
      values (${uuidv7()}, ${city.cityId}, ${layerId}, ${code}, '', ${level}, ${code}, ${parent}, ${level}, 1, st_multi(st_makeenvelope(113.99, 29.99, 114.01, 30.01, 4490)))`)
  }
}

/** The city's own settings: photographs are not asked for, so that a test of people need not bring any. */
export async function withoutPhotos(db: Db, city: TestCity, filingRole: 'operator' | 'shift_leader' = 'shift_leader'): Promise<void> {
  await db.query(sql`insert into workflow_settings (city_id, version, filing_role, requires_photos, source, verified, effective_from) values (${city.cityId}, 1, ${filingRole}, false, 'test', true, '2000-01-01')`)
}

export const as = (person: Principal): Record<string, string> => ({ 'x-test-person': person.id ?? '' })

export function reportAs(api: TestApi, city: TestCity, person: Principal, parts: Partial<ReportBody> = {}): Promise<Answer<Incident & Problem>> {
  return postReport(api, city, { source: 'collector', classKind: 'event', classCode: '0112', position: [114, 30], ...parts }, uuidv7(), as(person))
}

/** Does an action as somebody, on the case as he sees it now. */
export async function act(api: TestApi, city: TestCity, person: Principal, incident: Incident, action: IncidentAction, body: Record<string, unknown> = {}): Promise<Answer<Incident & Problem>> {
  return postTransition(api, city, incident.id, { action, version: incident.version, opinion: '理由', ...body }, undefined, as(person))
}

/** The same where it has to succeed. @throws Error with the refusal. */
export async function does(api: TestApi, city: TestCity, person: Principal, incident: Incident, action: IncidentAction, body: Record<string, unknown> = {}): Promise<Incident> {
  const answer = await act(api, city, person, incident, action, body)
  if (answer.status !== 201) throw new Error(`${person.name} ${action}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

export async function seeAs(api: TestApi, city: TestCity, person: Principal, id: string): Promise<Answer<Incident & Problem>> {
  const response = await api.fetch(`/api/v1/cities/${city.key}/incidents/${id}`, { headers: as(person) })
  return { status: response.status, body: (await response.json()) as Incident & Problem, replayed: false }
}
