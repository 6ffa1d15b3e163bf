/** What gaps are judged by: the rules in force, and what the caller says instead. */
import { CHECK_ACTIONS, type GapQuery, type GapRule } from '../contract/management-gaps.ts'
import type { Queryable } from '../db/db.ts'
import { listGapRules } from './unit-queries.ts'

export interface GapParameters {
  level: GapQuery['level']
  periodDays: number
  days: number
  months: number
  tailShare: number
  leastExpected: number
  communitiesPerParameter: number
  placeMeters: number
  uncoveredShare: number
  rules: GapRule[]
}

export async function readParameters(db: Queryable, cityId: number, query: GapQuery): Promise<GapParameters> {
  const rules = await listGapRules(db, cityId)
  const valueOf = (name: string): number => {
    const rule = rules.find((one) => one.name === name)
    if (!rule) throw new TypeError(`there is no rule ${name}`)
    return rule.value
  }
  return {
    level: query.level,
    periodDays: query.periodDays ?? valueOf('reporting_period_days'),
    days: query.days ?? valueOf('attention_days'),
    months: query.months ?? valueOf('data_old_months'),
    tailShare: valueOf('reporting_tail_share'),
    leastExpected: valueOf('reporting_least_expected'),
    communitiesPerParameter: valueOf('reporting_communities_per_parameter'),
    placeMeters: valueOf('data_place_meters'),
    uncoveredShare: valueOf('responsibility_uncovered_share'),
    rules,
  }
}

/** What was asked, as an answer tells it. */
export function presentAsked({ level, periodDays, days, months, rules }: GapParameters) {
  return { level, periodDays, days, months, rules, checks: CHECK_ACTIONS }
}
