/** Catchments, zone weights and standards per person: loaded from data/standards, a correction is a new version. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { SupplyRule } from '../contract/planning-supply.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { syncRules } from '../standards/versioned-rules.ts'
import { insertRule, listRuleHashes, listRules, lockRules } from './rule-queries.ts'

const FILE = path.join(import.meta.dirname, '../../data/standards/supply-rules.json')
/** The rules of a facility that has none of its own. */
const ANY = '*'

const ascends = (zones: SupplyRule['zones']) => zones.at(-1)?.share === 1 && zones.every(({ share, weight }, at) => at === 0 || (share > zones[at - 1]!.share && weight <= zones[at - 1]!.weight))
const RuleFile = z.array(SupplyRule.omit({ id: true }).extend({ effectiveFrom: z.iso.date().nullable() }).refine(({ zones }) => ascends(zones), { message: 'zones ascend to 1 and their weights do not rise', path: ['zones'] }))
export type RuleInFile = z.infer<typeof RuleFile>[number]

/** The rules of data/standards, checked. */
export async function readSupplyRules(file = FILE): Promise<RuleInFile[]> {
  return RuleFile.parse(JSON.parse(await readFile(file, 'utf8')))
}

/**
 * Loads the rules into the database; a second call changes nothing.
 * @throws AppError conflict when a version that is already there reads differently: a correction is a new version.
 */
export async function syncSupplyRules(db: Db, rules?: readonly RuleInFile[]): Promise<{ added: number }> {
  return syncRules(db, { noun: 'Supply rule', lock: lockRules, listHashes: listRuleHashes, insert: insertRule }, rules ?? (await readSupplyRules()))
}

/** The newest version of each rule. */
export function listSupplyRules(db: Db): Promise<SupplyRule[]> {
  return listRules(db)
}

/**
 * The rule that a question goes by: the one it names, else the first of its facility, else the one for any.
 * @throws AppError bad_request for a rule that is not there or is about something else, naming those that are
 */
export async function getSupplyRule(db: Db, facility: string, code: string | undefined): Promise<SupplyRule> {
  const rules = await listRules(db)
  const own = rules.filter((rule) => rule.facility === facility)
  const fitting = [...own, ...rules.filter((rule) => rule.facility === ANY)]
  const found = code === undefined ? fitting[0] : fitting.find((rule) => rule.code === code)
  if (!found) throw new AppError('bad_request', `没有人均供给规则“${code ?? ''}”可用于 ${facility}。There is no supply rule "${code ?? ''}" for ${facility}. There are: ${fitting.map((rule) => rule.code).join(', ')}.`, { errors: [{ path: 'body.input.rule', message: '没有这条规则。Unknown rule' }] })
  return found
}
