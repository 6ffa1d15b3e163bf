/** Rules of data/standards brought into their table: a second call changes nothing, a correction is a new version. */
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { canonicalJson } from '../audit/canonical.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'

export interface RuleTable<Rule> {
  /** What one of its rows is called, for the refusal. */
  noun: string
  lock(tx: Queryable): Promise<void>
  listHashes(tx: Queryable): Promise<{ code: string; version: number; contentHash: string }[]>
  insert(tx: Queryable, rule: Rule & { id: string; contentHash: string }): Promise<void>
}

/** @throws AppError conflict when a version that is already there reads differently */
export async function syncRules<Rule extends { code: string; version: number }>(db: Db, table: RuleTable<Rule>, rules: readonly Rule[]): Promise<{ added: number }> {
  return db.transaction(async (tx) => {
    await table.lock(tx)
    const known = new Map((await table.listHashes(tx)).map((row) => [`${row.code} ${row.version}`, row.contentHash]))
    let added = 0
    for (const rule of rules) {
      const contentHash = createHash('sha256').update(canonicalJson(rule)).digest('hex')
      const before = known.get(`${rule.code} ${rule.version}`)
      if (before === contentHash) continue
      if (before !== undefined) throw new AppError('conflict', `${table.noun} ${rule.code} version ${rule.version} differs from the one in the database. Figures were given by it: give the correction a new version instead of editing.`)
      await table.insert(tx, { ...rule, id: uuidv7(), contentHash })
      added += 1
    }
    return { added }
  })
}
