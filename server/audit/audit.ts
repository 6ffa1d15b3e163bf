/**
 * The log of who did what, written in the transaction of the change it tells of.
 * Each domain has one chain a day: hash = SHA-256 over the previous hash and the canonical entry, so that a changed, removed or
 * inserted entry breaks the chain at its place. Busy domains are divided into lanes, so that two cases do not wait for each other.
 */
import { createHash } from 'node:crypto'
import type { Principal } from '../access/principal.ts'
import type { Queryable } from '../db/db.ts'
import { canonicalJson } from './canonical.ts'
import { type ChainHead, insertEntry, type StoredEntry, takeHead } from './queries.ts'

/** Chains a busy domain is divided into. */
export const LANES = 16

export interface AuditEntry {
  /** Part of the work: `accounts`, `incidents`, `imports`, `coverage`, `exports`, `reference`, `dispatch`, `evaluation`. */
  domain: string
  /** The verb of the use case, e.g. `transitionIncident`. */
  action: string
  objectKind?: string
  objectId?: string
  outcome?: 'done' | 'refused' | 'failed'
  /** What changed; personal data stay out of it. */
  details?: Record<string, unknown>
  /** Divides the domain: entries of the same lane text share a chain. */
  lane?: string
}

function laneOf(text: string): string {
  const number = createHash('sha256').update(text).digest().readUInt8(0) % LANES
  return String(number).padStart(2, '0')
}

/** The text an entry's hash is taken over; the verifier builds the same. */
export function hashEntry(entry: Omit<StoredEntry, 'hash'>): string {
  const { details, ...rest } = entry
  return createHash('sha256').update(canonicalJson({ ...rest, details: JSON.parse(details) as unknown })).digest('hex')
}

/** The end of a chain, locked until the commit. */
export interface OpenChain extends ChainHead {
  domain: string
}

/** Takes the end of the chain that an entry belongs to. Call it last in a transaction. */
export async function openChain(tx: Queryable, entry: Pick<AuditEntry, 'domain' | 'lane'>, at: Date): Promise<OpenChain> {
  const domain = entry.lane === undefined ? entry.domain : `${entry.domain}/${laneOf(entry.lane)}`
  return { domain, ...(await takeHead(tx, domain, at.toISOString().slice(0, 10))) }
}

/** Appends to the log. Call it last in a transaction: the end of the chain stays locked until the commit. */
export async function recordAudit(tx: Queryable, principal: Principal, cityId: number | null, entry: AuditEntry, at: Date): Promise<void> {
  await appendAudit(tx, await openChain(tx, entry, at), principal, cityId, entry, at)
}

/** Appends an entry to the chain that was opened for it. */
export async function appendAudit(tx: Queryable, head: OpenChain, principal: Principal, cityId: number | null, entry: AuditEntry, at: Date): Promise<void> {
  const row: Omit<StoredEntry, 'hash'> = {
    domain: head.domain,
    day: head.day,
    sequence: head.lastSequence + 1,
    at: at.toISOString(),
    cityId,
    actorId: principal.accountId,
    actor: principal.name,
    actorRoles: [...new Set(principal.posts.map((post) => post.role))].sort().join(' '),
    sessionId: principal.sessionId,
    address: principal.address,
    action: entry.action,
    objectKind: entry.objectKind ?? null,
    objectId: entry.objectId ?? null,
    outcome: entry.outcome ?? 'done',
    details: canonicalJson(entry.details ?? {}),
    previousHash: head.lastHash,
  }
  await insertEntry(tx, { ...row, hash: hashEntry(row) })
}
