/**
 * Closes days of the log. A day's root is one hash over the sorted ends of its chains and the root of the closed day before, so that
 * neither a chain nor a whole day can go missing without every later root being wrong.
 */
import { createHash } from 'node:crypto'
import type { Db } from '../db/db.ts'
import { canonicalJson } from './canonical.ts'
import { findRootBefore, type HeadRow, insertRoot, listHeads, listOpenDays, lockHeads, type RootRow } from './chain-queries.ts'

/** A day is closed this long after its end, when nothing that began in it is still under way. */
const GRACE_MILLISECONDS = 2 * 60 * 60_000

/** The root of a day, over its chains' ends in any order. */
export function rootOf(day: string, heads: readonly Pick<HeadRow, 'domain' | 'lastSequence' | 'lastHash'>[], previousRoot: string): string {
  const sorted = heads.map((head) => [head.domain, head.lastSequence, head.lastHash] as const).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(canonicalJson({ day, heads: sorted, previousRoot })).digest('hex')
}

/** The first day that must stay open at an instant (UTC). */
export function firstOpenDay(at: Date): string {
  return new Date(at.getTime() - GRACE_MILLISECONDS).toISOString().slice(0, 10)
}

/** Closes every day before `before` that is not closed yet, oldest first. @returns the new roots. */
export function closeDays(db: Db, before: string, at: Date): Promise<RootRow[]> {
  return db.transaction(async (tx) => {
    if ((await listOpenDays(tx, before)).length === 0) return []
    await lockHeads(tx)
    const roots: RootRow[] = []
    for (const day of await listOpenDays(tx, before)) {
      const heads = await listHeads(tx, { from: day, to: day })
      const previousRoot = (await findRootBefore(tx, day))?.rootHash ?? ''
      const root: RootRow = { day, rootHash: rootOf(day, heads, previousRoot), previousRoot, chains: heads.length, entries: heads.reduce((sum, head) => sum + head.lastSequence, 0), closedAt: at.toISOString() }
      await insertRoot(tx, root)
      roots.push(root)
    }
    return roots
  })
}
