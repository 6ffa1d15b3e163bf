import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { RoutingRuleInput, RoutingRuleSet, Unit } from '../contract/dispatch.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { insertRules, insertRuleSet, listNamedPeople, listRules, listRuleSets, listUnits, type NamedPerson, type RuleRow, type SetRow, type UnitRow, updateOrphanedRules } from './rule-queries.ts'
import type { PlayedRule } from './routing.ts'

/** A rule with its unit and whom it names there. */
export interface ResolvedRule extends PlayedRule<UnitRow> {
  person: NamedPerson | null
  legalBasis: string | null
}

export function toUnit({ organisationId: _organisationId, ...unit }: UnitRow): Unit {
  return unit
}

function present(set: SetRow | undefined, rules: readonly RuleRow[]): RoutingRuleSet {
  return {
    version: set?.version ?? 0, note: set?.note ?? '', createdBy: set?.createdBy ?? '', activatedAt: set?.activatedAt ?? null,
    rules: rules.map((rule) => ({ ...rule, target: toUnit(rule.target), person: rule.person && { id: rule.person.id, name: rule.person.name } })),
  }
}

/** The rules in force of a city. Those whose unit has ended switch themselves off on the way, and the log says so: call it in a transaction. */
export async function getRulesInForce(tx: Queryable, city: CityRow, principal: Principal, at: Date): Promise<{ version: number | null; rules: ResolvedRule[] }> {
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

/** Why a rule cannot be in force: its unit or the person it names there is gone. */
function goneReason(rule: RoutingRuleInput, unit: { nameZh: string; nameEn: string; isGone: boolean; organisationId: number }, person: { name: string; organisationIds: readonly number[] } | null): string | null {
  if (unit.isGone) return `派往单位“${unit.nameZh}”已撤销 · its unit “${unit.nameEn}” has ended`
  if (rule.person === null || person?.organisationIds.includes(unit.organisationId)) return null
  return `“${person?.name ?? rule.person}”已不在“${unit.nameZh}”处置案件 · ${person?.name ?? rule.person} does not handle cases in “${unit.nameEn}”`
}

/**
 * Rules as given, with their units and people. One that is switched off may name what is gone; it then says so.
 * @throws AppError bad_request naming each rule whose unit or person there is not.
 */
export async function resolveRules(db: Queryable, city: CityRow, given: readonly RoutingRuleInput[]): Promise<ResolvedRule[]> {
  const units = new Map((await listUnits(db, city.cityId, [...new Set(given.map((rule) => rule.target))])).map((unit) => [unit.code, unit]))
  const named = [...new Set(given.flatMap((rule) => rule.person ?? []))]
  const people = new Map((named.length === 0 ? [] : await listNamedPeople(db, city.cityId, named)).map((person) => [person.id, person]))
  const errors: { path: string; message: string }[] = []
  const rules = given.flatMap((rule, index): ResolvedRule[] => {
    const unit = units.get(rule.target)
    const person = rule.person === null ? null : (people.get(rule.person) ?? null)
    const refuse = (field: string, message: string) => errors.push({ path: `body.rules.${index}.${field}`, message })
    if (!unit) {
      refuse('target', `没有单位“${rule.target}” · there is no unit "${rule.target}"`)
      return []
    }
    if (rule.person !== null && !person) refuse('person', '没有这个人 · there is no such person')
    const gone = goneReason(rule, unit, person)
    if (gone !== null && rule.isEnabled) refuse(unit.isGone ? 'target' : 'person', gone)
    const { isGone: _isGone, ...target } = unit
    return [{ ordinal: index + 1, title: rule.title, conditions: rule.conditions, isEnabled: rule.isEnabled, target, person: person && { accountId: person.accountId, id: person.id, name: person.name }, legalBasis: rule.legalBasis || null, disabledReason: gone }]
  })
  if (errors.length > 0) throw new AppError('bad_request', `派遣规则中有 ${errors.length} 处派往的单位或人员不存在或已撤销。${errors.length} rules name a unit or person that does not exist or has ended; see errors.`, { errors })
  return rules
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
    if (setId === null) throw new AppError('stale', `第 ${current + 1} 版派遣规则刚由他人生效，请载入后再改。Version ${current + 1} of the rules has just come into force by somebody else; load it and edit again.`)
    await insertRules(tx, setId, rules.map(({ target, person, disabledReason, ...rule }) => ({ ...rule, publicId: uuidv7(), targetId: target.organisationId, personId: person?.accountId ?? null, disabledReason: disabledReason ?? null })))
    const [set] = await listRuleSets(tx, city.cityId)
    const answer = present(set, await listRules(tx, setId))
    await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'putRoutingRules', objectKind: 'routing_rule_set', objectId: String(current + 1), details: { rules: rules.length, note: input.note } }, at)
    return answer
  })
}
