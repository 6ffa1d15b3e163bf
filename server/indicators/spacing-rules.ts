/** Spacing along roads: rules loaded from data/standards. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { SpacingRule } from '../contract/spacing.ts'
import type { Db } from '../db/db.ts'
import * as table from './spacing-queries.ts'
import { syncRules } from '../standards/versioned-rules.ts'

const FILE = path.join(import.meta.dirname, '../../data/standards/spacing-rules.json')

const RuleFile = z.array(SpacingRule.omit({ id: true }).refine(({ facilityClasses, partClasses }) => facilityClasses.length + partClasses.length > 0, { message: 'name the classes that count' }))
export type SpacingRuleInFile = z.infer<typeof RuleFile>[number]

/** The rules of data/standards, checked. */
export async function readSpacingRules(file = FILE): Promise<SpacingRuleInFile[]> {
  return RuleFile.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** Loads the rules into the database. @throws AppError conflict when a version that is already there reads differently */
export async function syncSpacingRules(db: Db, rules?: readonly SpacingRuleInFile[]): Promise<{ added: number }> {
  return syncRules(db, { ...table, noun: 'Rule' }, rules ?? (await readSpacingRules()))
}
