import { PREPARED, type Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface StoredAnswer {
  bodyHash: string
  status: number
  answer: unknown
}

/** Takes the key until the transaction ends; false when a twin of the request holds it right now. */
export async function lockIdempotencyKey(tx: Queryable, cityId: number, endpoint: string, key: string): Promise<boolean> {
  const rows = await tx.query<{ taken: boolean }>(sql`select pg_try_advisory_xact_lock(hashtextextended(${`${cityId} ${endpoint} ${key}`}, 7423190013)) as taken`, PREPARED)
  return rows[0]?.taken === true
}

export async function findStoredAnswer(tx: Queryable, cityId: number, endpoint: string, key: string): Promise<StoredAnswer | undefined> {
  return (
    await tx.query<StoredAnswer>(sql`select body_hash as "bodyHash", status, answer from idempotency_keys where city_id = ${cityId} and endpoint = ${endpoint} and key = ${key}`, PREPARED)
  )[0]
}

export async function insertStoredAnswer(tx: Queryable, cityId: number, endpoint: string, key: string, stored: StoredAnswer): Promise<void> {
  await tx.query(sql`
    insert into idempotency_keys (city_id, endpoint, key, body_hash, status, answer)
    values (${cityId}, ${endpoint}, ${key}, ${stored.bodyHash}, ${stored.status}, ${JSON.stringify(stored.answer)}::jsonb)`, PREPARED)
}
