/** Thresholds of green indices: loaded from data/standards, a correction is a new version. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { canonicalJson } from '../audit/canonical.ts'
import { GreenIndicatorRule } from '../contract/green-indicators.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { insertRule, listRuleHashes, lockRules } from './rule-queries.ts'

const FILE = path.join(import.meta.dirname, '../../data/standards/green-indicator-rules.json')

const RuleFile = z.array(GreenIndicatorRule.omit({ id: true }))
export type RuleInFile = z.infer<typeof RuleFile>[number]

/** The thresholds of data/standards, checked. */
export async function readGreenIndicatorRules(file = FILE): Promise<RuleInFile[]> {
  return RuleFile.parse(JSON.parse(await readFile(file, 'utf8')))
}

/**
 * Loads the thresholds into the database; a second call changes nothing.
 * @throws AppError conflict when a version that is already there reads differently: a correction is a new version.
 */
export async function syncGreenIndicatorRules(db: Db, rules?: readonly RuleInFile[]): Promise<{ added: number }> {
  const given = rules ?? (await readGreenIndicatorRules())
  return db.transaction(async (tx) => {
    await lockRules(tx)
    const known = new Map((await listRuleHashes(tx)).map((row) => [`${row.code} ${row.version}`, row.contentHash]))
    let added = 0
    for (const rule of given) {
      const contentHash = createHash('sha256').update(canonicalJson(rule)).digest('hex')
      const before = known.get(`${rule.code} ${rule.version}`)
      if (before === contentHash) continue
      if (before !== undefined) throw new AppError('conflict', `Threshold ${rule.code} version ${rule.version} differs from the one in the database. Figures were given by it: give the correction a new version instead of editing.`)
      await insertRule(tx, { ...rule, id: uuidv7(), contentHash })
      added += 1
    }
    return { added }
  })
}
