import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { RoutingRuleInput, RoutingRuleSet, Unit } from '../contract/dispatch.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { insertRules, insertRuleSet, listRules, listRuleSets, listUnits, type RuleRow, type SetRow, type UnitRow, updateOrphanedRules } from './queries.ts'
import type { PlayedRule } from './routing.ts'

export function toUnit({ organisationId: _organisationId, ...unit }: UnitRow): Unit {
  return unit
}

function present(set: SetRow | undefined, rules: readonly RuleRow[]): RoutingRuleSet {
  return { version: set?.version ?? 0, note: set?.note ?? '', createdBy: set?.createdBy ?? '', activatedAt: set?.activatedAt ?? null, rules: rules.map((rule) => ({ ...rule, target: toUnit(rule.target) })) }
}

/** The rules in force of a city. Those whose unit has ended switch themselves off on the way, and the log says so: call it in a transaction. */
export async function getRulesInForce(tx: Queryable, city: CityRow, principal: Principal, at: Date): Promise<{ version: number | null; rules: PlayedRule<UnitRow>[] }> {
  const [set] = await listRuleSets(tx, city.cityId)
  if (!set) return { version: null, rules: [] }
  await switchOffOrphanedRules(tx, city, set.setId, principal, at)
  return { version: set.version, rules: await listRules(tx, set.setId) }
}

async function switchOffOrphanedRules(tx: Queryable, city: CityRow, setId: number, principal: Principal, at: Date): Promise<void> {
  const off = await updateOrphanedRules(tx, setId)
  if (off.length === 0) return
  await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'switchOffOrphanedRules', objectKind: 'routing_rule_set', objectId: String(setId), details: { rules: off } }, at)
}

/** One version of the rules (the newest when none is named) with the list of all. @throws AppError not_found */
export async function getRoutingRules(db: Db, city: CityRow, principal: Principal, version: number | undefined, at: Date) {
  const sets = await listRuleSets(db, city.cityId)
  const set = version === undefined ? sets[0] : sets.find((one) => one.version === version)
  if (version !== undefined && !set) throw new AppError('not_found', `第 ${version} 版派遣规则不存在，现有 ${sets.map((one) => one.version).join('、') || '无'}。There is no version ${version} of the routing rules.`)
  if (set && set === sets[0]) await db.transaction((tx) => switchOffOrphanedRules(tx, city, set.setId, principal, at))
  const versions = sets.map(({ setId: _setId, ...rest }) => rest)
  return { ...present(set, set ? await listRules(db, set.setId) : []), versions }
}

/** Rules as given, with their units. @throws AppError bad_request naming each rule whose unit does not exist. */
export async function resolveRules(db: Queryable, city: CityRow, given: readonly RoutingRuleInput[]): Promise<PlayedRule<UnitRow>[]> {
  const units = new Map((await listUnits(db, city.cityId, [...new Set(given.map((rule) => rule.target))])).map((unit) => [unit.code, unit]))
  const missing = given.flatMap((rule, index) => (units.has(rule.target) ? [] : [{ path: `body.rules.${index}.target`, message: `没有单位“${rule.target}” · there is no unit "${rule.target}"` }]))
  if (missing.length > 0) throw new AppError('bad_request', `派遣规则中有 ${missing.length} 条的派往单位不存在或已撤销。${missing.length} rules name a unit that does not exist or has ended; see errors.`, { errors: missing })
  return given.map((rule, index) => ({ ordinal: index + 1, title: rule.title, conditions: rule.conditions, isEnabled: rule.isEnabled, target: units.get(rule.target)! }))
}

/**
 * Puts a new version of a city's rules into force; earlier versions stay.
 * @throws AppError stale when another version came into force since the edit began; bad_request for units there are not.
 */
export async function putRoutingRules(db: Db, city: CityRow, principal: Principal, input: { baseVersion: number; note: string; rules: readonly RoutingRuleInput[] }, at: Date): Promise<RoutingRuleSet> {
  return db.transaction(async (tx) => {
    const [before] = await listRuleSets(tx, city.cityId)
    const current = before?.version ?? 0
    if (current !== input.baseVersion) {
      throw new AppError('stale', `派遣规则已由 ${before?.createdBy ?? '他人'} 更新到第 ${current} 版，您编辑的是第 ${input.baseVersion} 版；请载入新版再改。The rules are at version ${current} by now; you edited version ${input.baseVersion}. Load the new one and edit again.`)
    }
    const rules = await resolveRules(tx, city, input.rules)
    const setId = await insertRuleSet(tx, city.cityId, { publicId: uuidv7(), version: current + 1, note: input.note, createdBy: principal.name, at: at.toISOString() })
    await insertRules(tx, setId, rules.map((rule) => ({ publicId: uuidv7(), ordinal: rule.ordinal, title: rule.title, conditions: rule.conditions, targetId: rule.target.organisationId, isEnabled: rule.isEnabled })))
    const [set] = await listRuleSets(tx, city.cityId)
    const answer = present(set, await listRules(tx, setId))
    await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'putRoutingRules', objectKind: 'routing_rule_set', objectId: String(current + 1), details: { rules: rules.length, note: input.note } }, at)
    return answer
  })
}
