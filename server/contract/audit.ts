/**
 * The log of who did what: read with filters, verified, and rooted day by day.
 *
 * Terminology
 * - chain 链: the entries of one domain (part of the work) and day, each hashed over the one before.
 * - root 日根: one hash over the ends of a day's chains and the root of the closed day before.
 */
import { z } from 'zod'
import { CityKey } from './cities.ts'
import { endpoint } from './endpoint.ts'

const At = z.iso.datetime({ offset: true })
const Day = z.iso.date()

export const AuditOutcome = z.enum(['done', 'refused', 'failed'])

export const AuditEntryView = z.object({
  domain: z.string(),
  day: Day,
  sequence: z.number().int(),
  at: At,
  cityKey: CityKey.nullable(),
  /** Login of the account, where there was one. */
  login: z.string().nullable(),
  actor: z.string(),
  actorRoles: z.array(z.string()),
  address: z.string().nullable(),
  action: z.string(),
  objectKind: z.string().nullable(),
  objectId: z.string().nullable(),
  outcome: AuditOutcome,
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type AuditEntryView = z.infer<typeof AuditEntryView>

const Text = (most: number) => z.string().trim().min(1).max(most)

export const AuditFilter = z.object({
  city: CityKey.optional(),
  /** A domain, its lanes included: `incidents` finds `incidents/07`. */
  domain: Text(40).regex(/^[a-z_]+(\/\d\d)?$/).optional(),
  action: Text(60).optional(),
  login: Text(80).optional(),
  /** A login, or part of the name the entry was written under. */
  who: Text(80).optional(),
  objectKind: Text(60).optional(),
  objectId: Text(100).optional(),
  outcome: AuditOutcome.optional(),
  from: At.optional(),
  to: At.optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const listAudit = endpoint({
  name: 'listAudit',
  access: 'audit.read',
  summary: 'Entries of the log, newest first',
  method: 'GET',
  path: '/audit',
  query: AuditFilter.extend({ cursor: z.string().max(400).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
  reply: z.object({ entries: z.array(AuditEntryView), nextCursor: z.string().nullable() }),
})

export const AUDIT_EXPORT_FORMATS = ['csv', 'ndjson'] as const
/** Most entries of one file. */
export const AUDIT_EXPORT_MOST = 200_000

export const exportAudit = endpoint({
  name: 'exportAudit',
  access: 'audit.read',
  summary: 'The entries of a filter as a file, newest first; that it was taken becomes an entry itself',
  method: 'GET',
  path: '/audit/export',
  query: AuditFilter.extend({ format: z.enum(AUDIT_EXPORT_FORMATS).default('csv') }),
  reply: z.unknown(),
})

export const BrokenLink = z.object({
  /** Null where a whole day is at fault. */
  domain: z.string().nullable(),
  day: z.string(),
  sequence: z.number().int().nullable(),
  why: z.string(),
})
export type BrokenLink = z.infer<typeof BrokenLink>

export const AuditVerification = z.object({
  isWhole: z.boolean(),
  broken: BrokenLink.nullable(),
  from: Day.nullable(),
  to: Day.nullable(),
  chains: z.number().int(),
  entries: z.number().int(),
  roots: z.number().int(),
  /** Lines of the anchor outside the database that agreed. */
  anchored: z.number().int(),
  durationMilliseconds: z.number().int(),
})
export type AuditVerification = z.infer<typeof AuditVerification>

export const verifyAudit = endpoint({
  name: 'verifyAudit',
  access: 'audit.verify',
  summary: 'Verify the chains of at most 366 days; names the first broken link',
  method: 'POST',
  path: '/audit/verification',
  body: z.object({ from: Day, to: Day }).refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) <= 366 * 86_400_000, { message: 'from and to are at most 366 days apart, from first' }),
  reply: AuditVerification,
})

export const AuditRoot = z.object({ day: Day, rootHash: z.string(), previousRoot: z.string(), chains: z.number().int(), entries: z.number().int(), closedAt: At })
export type AuditRoot = z.infer<typeof AuditRoot>

export const listAuditRoots = endpoint({
  name: 'listAuditRoots',
  access: 'audit.read',
  summary: 'Roots of closed days',
  method: 'GET',
  path: '/audit/roots',
  query: z.object({ from: Day, to: Day }).refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) <= 366 * 86_400_000, { message: 'from and to are at most 366 days apart, from first' }),
  reply: z.object({ roots: z.array(AuditRoot) }),
})
