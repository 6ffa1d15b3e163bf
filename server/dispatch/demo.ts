/** The demo city's rules and duties: which department has which class. Invented for demonstration, and says so. */
import { SYSTEM } from '../access/principal.ts'
import { getCity, listCities } from '../cities/cities.ts'
import type { Config } from '../config.ts'
import type { ResponsibilityInput, RoutingRuleInput } from '../contract/dispatch.ts'
import type { Db } from '../db/db.ts'
import { listRuleSets, listUnits } from './queries.ts'
import { addResponsibilities } from './responsibilities.ts'
import { putRoutingRules } from './rules.ts'

const SOURCE = '合成演示数据 · synthetic demo data'
const EMERGENCY = { title: '突发事件直派抢修', conditions: { classKind: 'event', classCodes: ['05'] }, target: 'emergency-repair' } as const

/** In the order in which they are tried: emergencies before all else. */
const RULES: readonly RoutingRuleInput[] = [
  { ...EMERGENCY, conditions: { classKind: 'event', classCodes: [...EMERGENCY.conditions.classCodes] }, isEnabled: true },
  { title: '园林绿化部件', conditions: { classKind: 'part', classCodes: ['04'] }, target: 'parks-and-greens', isEnabled: true },
  { title: '市容环境部件归环卫', conditions: { classKind: 'part', classCodes: ['03'] }, target: 'sanitation', isEnabled: true },
  { title: '道路交通部件归养护', conditions: { classKind: 'part', classCodes: ['02'] }, target: 'road-maintenance', isEnabled: true },
  { title: '公用设施与其他部件', conditions: { classKind: 'part', classCodes: ['01', '05'] }, target: 'municipal-utilities', isEnabled: true },
  { title: '市容环境事件归环卫', conditions: { classKind: 'event', classCodes: ['01'] }, target: 'sanitation', isEnabled: true },
  { title: '施工管理归工地监管', conditions: { classKind: 'event', classCodes: ['03'] }, target: 'construction-sites', isEnabled: true },
  { title: '广告与街面秩序归执法', conditions: { classKind: 'event', classCodes: ['02', '04'] }, target: 'law-enforcement', isEnabled: true },
  { title: '其他事件归街道', conditions: { classKind: 'event', classCodes: ['06'] }, target: 'street-offices', isEnabled: true },
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
