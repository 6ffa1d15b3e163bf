/** The demo city's rules and duties: which department has which class. Invented for demonstration, and says so. */
import { SYSTEM } from '../access/principal.ts'
import { getCity, listCities } from '../cities/cities.ts'
import type { Config } from '../config.ts'
import type { RoutingRuleInput } from '../contract/dispatch.ts'
import type { ResponsibilityInput } from '../contract/responsibilities.ts'
import type { Db } from '../db/db.ts'
import { listRuleSets, listUnits } from './rule-queries.ts'
import { addResponsibilities } from './responsibilities.ts'
import { putRoutingRules } from './rules.ts'

const SOURCE = '合成演示数据 · synthetic demo data'
const rule = (title: string, classKind: 'part' | 'event', classCodes: string[], target: string): RoutingRuleInput => ({ title, conditions: { classKind, classCodes }, target, person: null, legalBasis: null, isEnabled: true })

/** In the order in which they are tried: emergencies before all else. */
const RULES: readonly RoutingRuleInput[] = [
  rule('突发事件直派抢修', 'event', ['05'], 'emergency-repair'),
  rule('园林绿化部件', 'part', ['04'], 'parks-and-greens'),
  rule('市容环境部件归环卫', 'part', ['03'], 'sanitation'),
  rule('道路交通部件归养护', 'part', ['02'], 'road-maintenance'),
  rule('公用设施与其他部件', 'part', ['01', '05'], 'municipal-utilities'),
  rule('市容环境事件归环卫', 'event', ['01'], 'sanitation'),
  rule('施工管理归工地监管', 'event', ['03'], 'construction-sites'),
  rule('广告与街面秩序归执法', 'event', ['02', '04'], 'law-enforcement'),
  rule('其他事件归街道', 'event', ['06'], 'street-offices'),
]

/** The matrix says of each large class what the rules say, and names a second unit where two have to do with it. */
const SECOND: Partial<Record<string, string>> = { 'event 01': 'street-offices', 'event 04': 'street-offices', 'part 02': 'municipal-utilities', 'event 05': 'municipal-utilities' }

function duties(): ResponsibilityInput[] {
  const row = (classKind: 'part' | 'event', classCode: string, unit: string, priority: number): ResponsibilityInput => ({
    schemeId: 'GBT30428.2-2013', classKind, classCode, conditionOrdinal: null, areaCode: null, unit, competent: 'urban-management', priority, legalBasis: null, clause: null, requirement: null, source: SOURCE,
  })
  return RULES.flatMap(({ conditions: { classKind = 'event', classCodes = [] }, target }) =>
    classCodes.flatMap((code) => {
      const second = SECOND[`${classKind} ${code}`]
      return [row(classKind, code, target, 1), ...(second ? [row(classKind, code, second, 2)] : [])]
    }),
  )
}

/** Gives every demo city that has units and no rules its rules and duties, unless DEMO=none. Called at start. */
export async function prepareDemoDispatch(db: Db, config: Config, at: Date): Promise<void> {
  if (config.DEMO === 'none') return
  for (const { key, isDemo, status } of await listCities(db)) {
    if (!isDemo || status !== 'ready') continue
    const city = await getCity(db, key)
    const units = new Set((await listUnits(db, city.cityId)).map((unit) => unit.code))
    if ((await listRuleSets(db, city.cityId)).length > 0 || !RULES.every((rule) => units.has(rule.target))) continue
    await addResponsibilities(db, city, SYSTEM, duties(), at)
    await putRoutingRules(db, city, SYSTEM, { baseVersion: 0, note: SOURCE, rules: RULES }, at)
  }
}
