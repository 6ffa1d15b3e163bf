/** Reads the log from its first entry and names the first place where it is not what it was. */
import type { AuditVerification, BrokenLink } from '../contract/audit.ts'
import type { Db, Queryable } from '../db/db.ts'
import { type AnchorLine, readAnchor } from './anchor.ts'
import { hashEntry } from './audit.ts'
import { type Days, findEntryHash, findRootBefore, startSnapshot, type HeadRow, listEntriesInOrder, listHeads, listRoots } from './chain-queries.ts'
import type { StoredEntry } from './queries.ts'
import { rootOf } from './roots.ts'

const AT_A_TIME = 5_000

class Broken extends Error {
  readonly link: BrokenLink

  constructor(link: BrokenLink) {
    super(link.why)
    this.link = link
  }
}

function broken(place: { domain: string | null; day: string; sequence: number | null }, why: string): never {
  throw new Broken({ ...place, why })
}

/** The entry as it was hashed, from the row as it is stored. */
function hashStored({ hash: _hash, ...entry }: StoredEntry): string {
  return hashEntry({ ...entry, at: `${entry.at.slice(0, -3)}Z` })
}

function checkEntry(entry: StoredEntry, previous: StoredEntry | undefined): void {
  const isFirst = previous === undefined || previous.domain !== entry.domain || previous.day !== entry.day
  const expected = isFirst ? 1 : previous.sequence + 1
  if (entry.sequence !== expected) broken({ ...placeOf(entry), sequence: expected }, `entry ${expected} is missing; entry ${entry.sequence} follows`)
  if (entry.previousHash !== (isFirst ? '' : previous.hash)) broken(placeOf(entry), 'the entry does not follow the one before it: one was changed, removed or inserted')
  if (!entry.at.endsWith('000') || hashStored(entry) !== entry.hash) broken(placeOf(entry), 'the content of the entry was changed: its hash is not that of its content')
}

const placeOf = ({ domain, day, sequence }: { domain: string; day: string; sequence: number }) => ({ domain, day, sequence })
const keyOf = (row: { day: string; domain: string }) => `${row.day} ${row.domain}`

async function checkChains(tx: Queryable, days: Days, heads: readonly HeadRow[], signal: AbortSignal): Promise<number> {
  const open = new Map(heads.map((head) => [keyOf(head), head]))
  let entries = 0
  let previous: StoredEntry | undefined
  const finish = (last: StoredEntry): void => {
    const head = open.get(keyOf(last))
    open.delete(keyOf(last))
    if (!head) broken(placeOf(last), 'the chain has entries but no noted end')
    if (head.lastSequence !== last.sequence) broken({ ...placeOf(last), sequence: last.sequence + 1 }, `the chain was cut: its noted end is entry ${head.lastSequence}, its last entry is ${last.sequence}`)
    if (head.lastHash !== last.hash) broken(placeOf(last), 'the last entry is not the one that was noted as the end')
  }
  for (;;) {
    signal.throwIfAborted()
    const rows = await listEntriesInOrder(tx, days, previous ? placeOf(previous) : null, AT_A_TIME)
    for (const entry of rows) {
      if (previous && keyOf(previous) !== keyOf(entry)) finish(previous)
      checkEntry(entry, previous)
      previous = entry
    }
    entries += rows.length
    if (rows.length < AT_A_TIME) break
  }
  if (previous) finish(previous)
  const [lost] = [...open.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  if (lost) broken({ domain: lost.domain, day: lost.day, sequence: 1 }, `the chain is gone: its noted end is entry ${lost.lastSequence}`)
  return entries
}

async function checkRoots(tx: Queryable, days: Days, heads: readonly HeadRow[]): Promise<number> {
  const roots = await listRoots(tx, days)
  let previous = roots[0] ? ((await findRootBefore(tx, roots[0].day))?.rootHash ?? '') : ''
  for (const root of roots) {
    const own = heads.filter((head) => head.day === root.day)
    if (root.previousRoot !== previous) broken({ domain: null, day: root.day, sequence: null }, 'the root of the day does not follow the root of the day before')
    if (rootOf(root.day, own, root.previousRoot) !== root.rootHash) broken({ domain: null, day: root.day, sequence: null }, 'the root of the day is not that of its chains: one of them was changed or removed')
    previous = root.rootHash
  }
  return roots.length
}

function isWithin(day: string, { from, to }: Days): boolean {
  return (from === null || day >= from) && (to === null || day <= to)
}

async function checkAnchor(tx: Queryable, days: Days, dataDirectory: string, signal: AbortSignal): Promise<number> {
  const roots = new Map((await listRoots(tx, days)).map((root) => [root.day, root.rootHash]))
  // Each hash covers all before it: of a chain, the furthest end that was anchored says everything.
  const furthest = new Map<string, Extract<AnchorLine, { hash: string }>>()
  let checked = 0
  for await (const { file, number, line } of readAnchor(dataDirectory)) {
    signal.throwIfAborted()
    if (!line) broken({ domain: null, day: file.slice(0, 7), sequence: null }, `line ${number} of the anchor ${file} cannot be read`)
    if (!isWithin(line.day, days)) continue
    checked++
    if ('root' in line) {
      if (roots.get(line.day) !== line.root) broken({ domain: null, day: line.day, sequence: null }, `the root of the day is not the one that was anchored at ${line.at}`)
    } else if ((furthest.get(keyOf(line))?.sequence ?? 0) <= line.sequence) furthest.set(keyOf(line), line)
  }
  for (const line of furthest.values()) {
    signal.throwIfAborted()
    const stored = await findEntryHash(tx, line)
    if (stored === undefined) broken(placeOf(line), `the entry was anchored at ${line.at} and is gone: the end of the chain was cut`)
    if (stored !== line.hash) broken(placeOf(line), `the entry is not the one that was anchored at ${line.at}: the chain was written anew`)
  }
  return checked
}

/**
 * Verifies chains, noted ends, daily roots and the anchor of some days (all, unless told), under one snapshot.
 * @returns what was read, and the first broken link with its reason.
 */
export async function verifyAudit(db: Db, dataDirectory: string, days: Days, signal: AbortSignal = new AbortController().signal): Promise<AuditVerification> {
  const counts = { entries: 0, chains: 0, roots: 0, anchored: 0 }
  const startedAt = performance.now()
  const found = await db.transaction(async (tx): Promise<BrokenLink | null> => {
    await startSnapshot(tx)
    try {
      const heads = await listHeads(tx, days)
      counts.chains = heads.length
      counts.entries = await checkChains(tx, days, heads, signal)
      counts.roots = await checkRoots(tx, days, heads)
      counts.anchored = await checkAnchor(tx, days, dataDirectory, signal)
      return null
    } catch (error) {
      if (error instanceof Broken) return error.link
      throw error
    }
  })
  return { isWhole: found === null, broken: found, from: days.from, to: days.to, ...counts, durationMilliseconds: Math.round(performance.now() - startedAt) }
}
