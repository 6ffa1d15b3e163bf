/** Files without a row: what an upload left behind that ended between the disk and the database. */
import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../config.ts'
import type { Db } from '../db/db.ts'
import { sha256Of } from './evidence-image.ts'
import { listKeptNames, listSealed } from './evidence-queries.ts'
import { type EvidenceStorage, incomingFolder, MissingFile } from './evidence-storage.ts'

/** An upload that is still under way is younger than this. */
const ORPHAN_AFTER_MILLISECONDS = 24 * 3_600_000
/** Crashes leave a few files; more means that the database is older than its photos (a restored backup), and then nothing is taken away. */
const MOST_ORPHANS = 100
const PAGE = 500

export interface Sweep {
  /** Names taken away. */
  removed: string[]
  /** Names without a row that were left because there are too many of them. */
  suspicious: number
}

async function sweepIncoming(config: Config, before: number): Promise<string[]> {
  const folder = incomingFolder(config)
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  const removed: string[] = []
  for (const name of names) {
    const file = path.join(folder, name)
    if ((await stat(file)).mtimeMs >= before) continue
    await rm(file, { force: true })
    removed.push(`incoming/${name}`)
  }
  return removed
}

/** Takes away files older than a day that no row stands behind. */
export async function sweepEvidence(db: Db, config: Config, storage: EvidenceStorage, at: Date): Promise<Sweep> {
  const before = at.getTime() - ORPHAN_AFTER_MILLISECONDS
  const orphans: string[] = []
  let page: string[] = []
  const judge = async () => {
    const kept = await listKeptNames(db, page)
    orphans.push(...page.filter((name) => !kept.has(name)))
    page = []
  }
  for await (const { name, modifiedAt } of storage.list()) {
    if (modifiedAt.getTime() >= before) continue
    page.push(name)
    if (page.length === PAGE) await judge()
  }
  await judge()
  const removed = await sweepIncoming(config, before)
  if (orphans.length > MOST_ORPHANS) return { removed, suspicious: orphans.length }
  for (const name of orphans) await storage.remove(name)
  return { removed: [...removed, ...orphans], suspicious: 0 }
}

export interface EvidenceFault {
  id: string
  reportNumber: string
  fault: 'missing' | 'changed'
}

/** Holds every sealed original against its SHA-256. @returns how many there are, and those at fault. */
export async function verifyEvidence(db: Db, storage: EvidenceStorage, signal: AbortSignal): Promise<{ checked: number; faults: EvidenceFault[] }> {
  const faults: EvidenceFault[] = []
  let checked = 0
  for (let after = 0; ; ) {
    const rows = await listSealed(db, after, PAGE)
    for (const { mediaId, id, reportNumber, originalPath, sha256 } of rows) {
      signal.throwIfAborted()
      after = mediaId
      checked++
      try {
        if (sha256Of(await storage.read(originalPath)) !== sha256) faults.push({ id, reportNumber, fault: 'changed' })
      } catch (error) {
        if (!(error instanceof MissingFile)) throw error
        faults.push({ id, reportNumber, fault: 'missing' })
      }
    }
    if (rows.length < PAGE) return { checked, faults }
  }
}
