/** The log as its readers ask for it. */
import { z } from 'zod'
import { type Principal, requireGrants } from '../access/principal.ts'
import type { AppContext } from '../context.ts'
import type { AuditEntryView, AuditFilter, AuditRoot, AuditVerification } from '../contract/audit.ts'
import { AppError } from '../errors.ts'
import { recordAudit } from './audit.ts'
import { type Days, listRoots } from './chain-queries.ts'
import { type AuditPlace, type AuditRow, listEntries } from './queries.ts'
import { verifyAudit } from './verify.ts'

const Cursor = z.tuple([z.iso.datetime({ offset: true }), z.string().max(60), z.number().int().min(1)])

function encode({ at, domain, sequence }: AuditPlace): string {
  return Buffer.from(JSON.stringify([at, domain, sequence])).toString('base64url')
}

function decode(text: string): AuditPlace {
  try {
    const [at, domain, sequence] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { at, domain, sequence }
  } catch (cause) {
    throw new AppError('bad_request', '翻页标记不属于本列表，请去掉后从头查看。The cursor is not one of this list; begin again without it.', { cause, errors: [{ path: 'query.cursor', message: '不是本列表的翻页标记。Is not a cursor of this list' }] })
  }
}

/** Keys of the cities whose entries somebody reads; null for everything. */
export function citiesRead(principal: Principal): string[] | null {
  const keys = requireGrants(principal, 'audit.read').map((grant) => grant.post.cityKey)
  return keys.some((key) => key === null) ? null : keys.filter((key) => key !== null)
}

/** An entry as it is told. */
export function entryOf(row: AuditRow): AuditEntryView {
  return { ...row, actorRoles: row.actorRoles.split(' ').filter((role) => role !== '') }
}

/** A page of the log, newest first: of the cities the reader's posts are for, or of everything. */
export async function listAudit(context: AppContext, principal: Principal, filter: AuditFilter, page: { cursor?: string | undefined; limit: number }): Promise<{ entries: AuditEntryView[]; nextCursor: string | null }> {
  const rows = await listEntries(context.db, { ...filter, cities: citiesRead(principal) }, page.cursor === undefined ? null : decode(page.cursor), page.limit + 1)
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return { entries: shown.map(entryOf), nextCursor: rows.length > page.limit && last ? encode(last) : null }
}

/** Who reads the chains sees every city's: a post for one city is not enough. @throws AppError forbidden */
function requireEverywhere(principal: Principal, permission: 'audit.read' | 'audit.verify'): void {
  if (requireGrants(principal, permission).every((grant) => grant.post.cityKey !== null)) throw new AppError('forbidden', '日志链涉及所有城市，须由全局岗位办理。The chains cover every city; this needs a post for all of them.')
}

/** Verifies some days of the log; that it was verified, and what was found, becomes an entry itself. */
export async function getVerification(context: AppContext, principal: Principal, days: Days, signal?: AbortSignal): Promise<AuditVerification> {
  requireEverywhere(principal, 'audit.verify')
  const verification = await verifyAudit(context.db, context.config.dataDirectory, days, signal)
  const { isWhole, broken, entries } = verification
  await context.db.transaction((tx) => recordAudit(tx, principal, null, { domain: 'audit', action: 'verifyAudit', outcome: isWhole ? 'done' : 'failed', details: { ...days, entries, broken } }, context.clock()))
  return verification
}

export async function listAuditRoots(context: AppContext, principal: Principal, days: Days): Promise<AuditRoot[]> {
  requireEverywhere(principal, 'audit.read')
  return (await listRoots(context.db, days)).map((root) => ({ ...root, closedAt: new Date(root.closedAt).toISOString() }))
}
