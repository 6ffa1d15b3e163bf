/** Reporting and advancing incidents as a real source does, for tests. */
import type { Incident, IncidentAction, IncidentReport } from '../../../server/contract/incidents.ts'
import type { z } from 'zod'
import type { Problem } from '../../../server/contract/errors.ts'
import { sql } from '../../../server/db/sql.ts'
import type { Db } from '../../../server/db/db.ts'
import { v7 as uuidv7 } from 'uuid'
import type { TestApi } from '../../helpers/api.ts'
import type { TestCity } from '../../helpers/db.ts'

export type ReportBody = z.input<typeof IncidentReport>

export interface Answer<T> {
  status: number
  body: T
  replayed: boolean
}

async function post<T>(api: TestApi, address: string, body: unknown, key: string | undefined): Promise<Answer<T>> {
  const response = await api.fetch(address, { method: 'POST', headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) }, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as T, replayed: response.headers.get('idempotency-replayed') === 'true' }
}

/** Rubbish on the road, told by a collector, unless told otherwise. */
export function aReport(parts: Partial<ReportBody> = {}): ReportBody {
  return { source: 'collector', classKind: 'event', classCode: '0112', reportedBy: '采集员甲', ...parts }
}

export function postReport(api: TestApi, city: TestCity, body: unknown, key: string | undefined = uuidv7()): Promise<Answer<Incident & Problem>> {
  return post(api, `/api/v1/cities/${city.key}/incidents`, body, key)
}

export async function report(api: TestApi, city: TestCity, parts: Partial<ReportBody> = {}): Promise<Incident> {
  const answer = await postReport(api, city, aReport(parts))
  if (answer.status !== 201) throw new Error(`refused: ${JSON.stringify(answer.body)}`)
  return answer.body
}

export interface Act {
  action: IncidentAction
  version: number
  actor?: string
  opinion?: string
  conditionOrdinal?: number
  department?: string
}

export function postTransition(api: TestApi, city: TestCity, id: string, act: Act | Record<string, unknown>, key?: string): Promise<Answer<Incident & Problem>> {
  return post(api, `/api/v1/cities/${city.key}/incidents/${id}/transitions`, { actor: '派遣员乙', ...act }, key)
}

/** What an action needs beside its name, so that a test can name only the actions. */
const NEEDS: Partial<Record<IncidentAction, Partial<Act>>> = {
  file: { conditionOrdinal: 1 },
  dispatch: { department: '环卫中心' },
}

/** Does actions one after another. @throws Error with the refusal. */
export async function advance(api: TestApi, city: TestCity, incident: Incident, ...actions: IncidentAction[]): Promise<Incident> {
  let now = incident
  for (const action of actions) {
    const answer = await postTransition(api, city, now.id, { action, version: now.version, opinion: '试', ...NEEDS[action] })
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
