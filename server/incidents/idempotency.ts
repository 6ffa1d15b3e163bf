import { createHash } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findStoredAnswer, insertStoredAnswer, lockIdempotencyKey } from './idempotency-queries.ts'

/** Hash of a request body that does not depend on the order of its keys. */
export function hashBody(body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex')
}

/**
 * Checks the text of an Idempotency-Key header.
 * @returns the key, or undefined when none was sent.
 * @throws AppError bad_request when it is empty or longer than 255 characters.
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = header.trim()
  if (key.length >= 1 && key.length <= 255) return key
  throw new AppError('bad_request', 'The header Idempotency-Key must hold 1 to 255 characters.', { errors: [{ path: 'headers.Idempotency-Key', message: 'must hold 1 to 255 characters' }] })
}

/** The same where a key has to be sent. @throws AppError bad_request when it is missing too. */
export function requireIdempotencyKey(header: string | undefined): string {
  const key = readIdempotencyKey(header)
  if (key !== undefined) return key
  const message = 'The header Idempotency-Key is required: one new value per report, the same one for every retry of it.'
  throw new AppError('bad_request', message, { errors: [{ path: 'headers.Idempotency-Key', message }] })
}

export interface Once<T> {
  answer: T
  status: number
  /** True when the work was done by an earlier request with the same key. */
  replayed: boolean
}

/** Keys are each sender's own: two services that number their reports from 1 do not meet. */
export function storedKey(ownerId: number | null, key: string): string {
  return ownerId === null ? key : `${ownerId}:${key}`
}

/**
 * Does work once per key of a sender, in the transaction of the work itself: the answer is stored with what it tells of, or neither is.
 * @param request `ownerId` is the sender's inner id; without it the body has to say who sent it.
 * @param work may store its answer itself, together with its other writes, by the function it is given.
 * @throws AppError `in_progress` while a twin is being worked on, `idempotency_mismatch` when the key was used with another body.
 */
export async function once<T>(tx: Queryable, request: { cityId: number; endpoint: string; key: string; ownerId?: number | null; bodyHash: string; status: number }, work: (keep: (answer: T) => Promise<void>) => Promise<T>): Promise<Once<T>> {
  const { cityId, endpoint, key, bodyHash, status } = request
  const own = storedKey(request.ownerId ?? null, key)
  const [isTaken, stored] = await Promise.all([lockIdempotencyKey(tx, cityId, endpoint, own), findStoredAnswer(tx, cityId, endpoint, own)])
  if (!isTaken) {
    throw new AppError('in_progress', `A request with the Idempotency-Key "${key}" is being worked on; send it again in a moment to get its answer.`)
  }
  if (stored) {
    if (stored.bodyHash !== bodyHash) throw new AppError('idempotency_mismatch', `The Idempotency-Key "${key}" was used with another body before. Use a new key for a new request.`)
    return { answer: stored.answer as T, status: stored.status, replayed: true }
  }
  let isKept = false
  const keep = (answer: T) => {
    isKept = true
    return insertStoredAnswer(tx, cityId, endpoint, own, { bodyHash, status, answer })
  }
  const answer = await work(keep)
  if (!isKept) await keep(answer)
  return { answer, status, replayed: false }
}
