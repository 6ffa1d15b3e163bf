/** Park tiers and international comparators: loaded from data/standards. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { ReachRule } from '../contract/green-reach.ts'
import type { Db } from '../db/db.ts'
import * as table from './reach-rule-queries.ts'
import { syncRules } from '../standards/versioned-rules.ts'

export { listRules as listReachRules } from './reach-rule-queries.ts'

const FILE = path.join(import.meta.dirname, '../../data/standards/green-reach-rules.json')

const isAnswerable = ({ bands, rulers, perPerson, notHeldZh }: Omit<ReachRule, 'id'>) => notHeldZh !== null || perPerson !== null || (bands.length > 0 && rulers.length > 0)
const RuleFile = z.array(ReachRule.omit({ id: true }).refine(isAnswerable, { message: 'give bands with rulers, an amount for each person, or what is not held' }))
export type ReachRuleInFile = z.infer<typeof RuleFile>[number]

/** The rules of data/standards, checked. */
export async function readReachRules(file = FILE): Promise<ReachRuleInFile[]> {
  return RuleFile.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** Loads the rules into the database. @throws AppError conflict when a version that is already there reads differently */
export async function syncReachRules(db: Db, rules?: readonly ReachRuleInFile[]): Promise<{ added: number }> {
  return syncRules(db, { ...table, noun: 'Rule' }, rules ?? (await readReachRules()))
}
