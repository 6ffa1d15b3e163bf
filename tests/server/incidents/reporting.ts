/** Reporting and advancing incidents as a real source does, for tests. */
import type { Incident, IncidentAction, IncidentReport, IncidentTransition } from '../../../server/contract/incidents.ts'
import type { z } from 'zod'
import type { Problem } from '../../../server/contract/errors.ts'
import { sql } from '../../../server/db/sql.ts'
import type { Db, Queryable } from '../../../server/db/db.ts'
import { v7 as uuidv7 } from 'uuid'
import type { TestApi } from '../../helpers/api.ts'
import type { TestCity } from '../../helpers/db.ts'

export type ReportBody = z.input<typeof IncidentReport>

export interface Answer<T> {
  status: number
  body: T
  replayed: boolean
}

async function post<T>(api: TestApi, address: string, body: unknown, key: string | undefined, headers: Record<string, string> = {}): Promise<Answer<T>> {
  const response = await api.fetch(address, { method: 'POST', headers: { 'content-type': 'application/json', ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) }, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as T, replayed: response.headers.get('idempotency-replayed') === 'true' }
}

/** Rubbish on the road, told by a collector, unless told otherwise. */
export function aReport(parts: Partial<ReportBody> = {}): ReportBody {
  return { source: 'collector', classKind: 'event', classCode: '0112', reportedBy: '采集员甲', ...parts }
}

export function postReport(api: TestApi, city: TestCity, body: unknown, key: string | undefined = uuidv7(), headers: Record<string, string> = {}): Promise<Answer<Incident & Problem>> {
  return post(api, `/api/v1/cities/${city.key}/incidents`, body, key, headers)
}

export async function report(api: TestApi, city: TestCity, parts: Partial<ReportBody> = {}): Promise<Incident> {
  const answer = await postReport(api, city, aReport(parts))
  if (answer.status !== 201) throw new Error(`refused: ${JSON.stringify(answer.body)}`)
  return answer.body
}

export interface Act extends Omit<z.input<typeof IncidentTransition>, 'version' | 'action'> {
  action: IncidentAction
  version: number
  /** Name of whoever acts, where the test's server knows nobody in person. */
  actor?: string
}

/** @param headers who calls, where the test's server knows people. */
export function postTransition(api: TestApi, city: TestCity, id: string, act: Act | Record<string, unknown>, key?: string, headers: Record<string, string> = {}): Promise<Answer<Incident & Problem>> {
  const { actor, ...body } = act
  return post(api, `/api/v1/cities/${city.key}/incidents/${id}/transitions`, body, key, { 'x-test-actor': encodeURIComponent(typeof actor === 'string' ? actor : '派遣员乙'), ...headers })
}

const departments = new Map<string, string>()

/** A department of a city by its name, made when it is asked for first. */
export async function departmentOf(db: Queryable, city: TestCity, name = '环卫中心'): Promise<string> {
  const known = departments.get(`${city.key} ${name}`)
  if (known) return known
  const id = uuidv7()
  departments.set(`${city.key} ${name}`, id)
  await db.query(sql`insert into organisations (public_id, city_id, code, kind, name_zh, name_en) values (${id}, ${city.cityId}, ${`D${id.slice(-12)}`}, 'department', ${name}, ${name})`)
  return id
}

/** What an action needs beside its name, so that a test can name only the actions. */
export async function needsOf(db: Queryable, city: TestCity, action: IncidentAction): Promise<Partial<Act>> {
  if (action === 'file') return { conditionOrdinal: 1 }
  if (action === 'dispatch') return { departmentId: await departmentOf(db, city) }
  if (action === 'close') return { closingConditionMet: true }
  if (action === 'refuse') return { refusalReason: 'conditions_not_met' }
  if (action === 'close_special' || action === 'request_special_close') return { specialKind: 'informing' }
  if (action === 'supervise') return { supervisionKind: 'leader' }
  return {}
}

/** Does actions one after another. @throws Error with the refusal. */
export async function advance(api: TestApi, city: TestCity, incident: Incident, ...actions: IncidentAction[]): Promise<Incident> {
  let now = incident
  for (const action of actions) {
    const answer = await postTransition(api, city, now.id, { action, version: now.version, opinion: '试', ...(await needsOf(api.context.db, city, action)) })
    if (answer.status !== 201) throw new Error(`${action} refused: ${JSON.stringify(answer.body)}`)
    now = answer.body
  }
  return now
}

export const TO_DISPATCHED: IncidentAction[] = ['accept', 'file', 'dispatch']
export const TO_CLOSED: IncidentAction[] = [...TO_DISPATCHED, 'sign', 'submit_result', 'confirm', 'send_check', 'check_passed', 'close']

/** A layer of a city with the given key, for rows that need one. */
export async function aLayer(db: Db, city: TestCity, key: string, kind: string): Promise<number> {
  const rows = await db.query<{ id: number }>(sql`
    insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, source_crs)
    values (${uuidv7()}, ${city.cityId}, ${key}, ${kind}, ${key}, ${key}, 'test', 'test', 'test', 'EPSG:4490') returning id`)
  return rows[0]?.id ?? 0
}
