/** Thresholds of green indices: loaded from data/standards, a correction is a new version. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { GreenIndicatorRule } from '../contract/green-indicators.ts'
import type { Db } from '../db/db.ts'
import { syncRules } from '../standards/versioned-rules.ts'
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
  return syncRules(db, { noun: 'Threshold', lock: lockRules, listHashes: listRuleHashes, insert: insertRule }, rules ?? (await readGreenIndicatorRules()))
}
