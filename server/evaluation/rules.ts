/** The rules of evaluation: loaded from data/reference, overridden by a city's own versions. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import { type EvaluationRule, type NewRule, RuleContent } from '../contract/evaluation-rules.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findNewestCommonRule, insertRule, listRules, lockRules, type RuleRow } from './rule-queries.ts'

export type { RuleRow } from './rule-queries.ts'

const FILE = path.join(import.meta.dirname, '../../data/reference/evaluation-rules.json')
const SHOWN_VERSIONS = 100

const RuleFile = z.object({ version: z.number().int().min(1), source: z.string().min(1), verified: z.boolean(), content: RuleContent })
export type RuleFile = z.infer<typeof RuleFile>

const hashOf = (content: RuleContent): string => createHash('sha256').update(canonicalJson(content)).digest('hex')

/** The rules that come with the program, checked. */
export async function readEvaluationRules(file = FILE): Promise<RuleFile> {
  return RuleFile.parse(JSON.parse(await readFile(file, 'utf8')))
}

/**
 * Brings the program's rules into the database; a second call changes nothing.
 * @throws AppError conflict when the file changed without a new version.
 */
export async function syncEvaluationRules(db: Db, given?: RuleFile): Promise<boolean> {
  const file = given ?? (await readEvaluationRules())
  return db.transaction(async (tx) => {
    await lockRules(tx)
    const held = await findNewestCommonRule(tx)
    const contentHash = hashOf(file.content)
    if (held && held.version > file.version) return false
    if (held?.version === file.version) {
      if (held.contentHash === contentHash) return false
      throw new AppError('conflict', `The rules of evaluation version ${file.version} differ from those in the database, which publications may refer to. Raise "version" in data/reference/evaluation-rules.json.`)
    }
    await insertRule(tx, { ...file, id: uuidv7(), cityId: null, note: null, contentHash, createdById: null, createdBy: '系统', createdAt: new Date().toISOString() })
    return true
  })
}

/** The rule in force in a city. @throws AppError unavailable before the program's rules were loaded. */
export async function getRule(db: Queryable, city: CityRow): Promise<RuleRow> {
  const [rule] = await listRules(db, city.cityId, 1)
  if (!rule) throw new AppError('unavailable', 'The rules of evaluation have not been loaded yet; start the program once.')
  return rule
}

export function present({ ruleId: _ruleId, ...rule }: RuleRow): EvaluationRule {
  return rule
}

export async function listEvaluationRules(db: Queryable, city: CityRow): Promise<EvaluationRule[]> {
  return (await listRules(db, city.cityId, SHOWN_VERSIONS)).map(present)
}

/**
 * Puts a new version of a city's rules in force; published figures keep the version they were made with.
 * @throws AppError stale when another version came in between.
 */
export function createEvaluationRule(db: Db, city: CityRow, wish: NewRule, principal: Principal, at: Date): Promise<EvaluationRule> {
  return db.transaction(async (tx) => {
    await lockRules(tx)
    const before = await getRule(tx, city)
    if (before.version !== wish.basedOn) {
      throw new AppError('stale', `评价规则已是第 ${before.version} 版（${before.createdBy}），您改的是第 ${wish.basedOn} 版，请重新打开后再改。The rules are at version ${before.version} (${before.createdBy}) by now, you changed version ${wish.basedOn}: open them again.`)
    }
    const version = before.version + 1
    await insertRule(tx, {
      id: uuidv7(), cityId: city.cityId, version, content: wish.content, source: wish.source, verified: wish.verified, note: wish.note ?? null,
      contentHash: hashOf(wish.content), createdById: principal.accountId, createdBy: principal.name, createdAt: at.toISOString(),
    })
    const rule = await getRule(tx, city)
    await recordAudit(tx, principal, city.cityId, { domain: 'evaluation', action: 'createEvaluationRule', objectKind: 'evaluation_rule', objectId: rule.id, details: { version, before: before.content, after: wish.content } }, at)
    return present(rule)
  })
}
