/** Plays a past period through edited rules: which cases would have gone elsewhere, and why. Nothing is written. */
import type { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import type { ReplayRow, replayRoutingRules as replayEndpoint, RoutingRuleInput, Unit } from '../contract/dispatch.ts'
import type { Permission } from '../contract/permissions.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { localTime } from '../incidents/clocks.ts'
import { visibleIncident } from '../incidents/filter-queries.ts'
import { visibilityOf } from '../incidents/visibility.ts'
import { listFiledCases, type PlayedCase } from './rule-queries.ts'
import { difference, firstMatch, type RoutedCase } from './routing.ts'
import { getRulesInForce, type ResolvedRule, resolveRules, toUnit } from './rules.ts'

const LARGEST_REPLAY = 50_000
/** Rows answered; a file has all. */
export const ROWS_TOLD = { changed: 2_000, unmatched: 500 } as const
const MONTH = 30 * 86_400_000

export type Replay = z.infer<(typeof replayEndpoint)['reply']>

export interface ReplayAsked {
  rules: readonly RoutingRuleInput[]
  from?: string | undefined
  to?: string | undefined
}

/** A case as rules see it, in the local time of its report. */
export function routedCase(one: PlayedCase, timeZone: string): RoutedCase {
  const at = new Date(one.reportedAt)
  const { hour, minute, weekday } = localTime(at, timeZone)
  return { ...one, localMinute: hour * 60 + minute, weekday }
}

/** A replay with every row, to be cut by whoever tells it. */
export interface WholeReplay extends Replay {
  edited: readonly ResolvedRule[]
}

const decisionOf = (rule: ResolvedRule | undefined): ReplayRow['before'] => ({ unit: rule ? toUnit(rule.target) : null, rule: rule?.title ?? null, ordinal: rule?.ordinal ?? null })

interface Counter {
  rows: Replay['byRule']
  add: (rule: ResolvedRule | undefined) => void
}

function ruleCounter(rules: readonly ResolvedRule[]): Counter {
  const rows = rules.map(({ ordinal, title, isEnabled }) => ({ ordinal, title, isEnabled, count: 0 }))
  const byOrdinal = new Map(rows.map((row) => [row.ordinal, row]))
  return {
    rows,
    add: (rule) => {
      const row = rule && byOrdinal.get(rule.ordinal)
      if (row) row.count += 1
    },
  }
}

/**
 * Plays every filed case of a period through the rules in force and the edited ones.
 * @param asked without bounds: the 30 days before `at`
 * @param permission whose reach decides which cases are played
 * @throws AppError bad_request for a period that ends before it begins or a unit there is not.
 */
export async function playReplay(db: Db, city: CityRow, principal: Principal, asked: ReplayAsked, permission: Permission, at: Date): Promise<WholeReplay> {
  const to = asked.to ? new Date(asked.to) : at
  const from = asked.from ? new Date(asked.from) : new Date(to.getTime() - MONTH)
  if (from >= to) throw new AppError('bad_request', '回放时段的结束须晚于开始。The period to replay must end after it begins.', { errors: [{ path: 'body.to', message: '须晚于开始。Must be after from' }] })
  const edited = await resolveRules(db, city, asked.rules)
  const { version, rules: inForce } = await db.transaction((tx) => getRulesInForce(tx, city, principal, at))
  const visible = visibleIncident(await visibilityOf(db, principal, city, permission))
  const cases = await listFiledCases(db, city.cityId, visible, from.toISOString(), to.toISOString(), LARGEST_REPLAY + 1)
  const played = cases.slice(0, LARGEST_REPLAY)
  const flows = new Map<string, { from: Unit | null; to: Unit | null; count: number }>()
  const byRule = ruleCounter(edited)
  const byRuleBefore = ruleCounter(inForce)
  const rows: ReplayRow[] = []
  const unmatched: ReplayRow[] = []
  let unroutedBefore = 0
  for (const one of played) {
    const seen = routedCase(one, city.timeZone)
    const before = firstMatch(inForce, seen)
    const after = firstMatch(edited, seen)
    byRuleBefore.add(before.rule)
    byRule.add(after.rule)
    if (!before.rule) unroutedBefore += 1
    const isChanged = before.rule?.target.id !== after.rule?.target.id
    if (!isChanged && after.rule) continue
    const why = difference(before.rule, after.rule, after.trace, edited)
    const row: ReplayRow = {
      id: one.id, reportNumber: one.reportNumber, caseNumber: one.caseNumber, className: one.className, classKind: one.classKind, classCode: one.classCode, areaName: one.areaName, reportedAt: one.reportedAt, actual: one.department,
      before: decisionOf(before.rule), after: decisionOf(after.rule), whyZh: why.zh, whyEn: why.en,
    }
    if (!after.rule) unmatched.push(row)
    if (!isChanged) continue
    rows.push(row)
    const key = `${row.before.unit?.id ?? ''} ${row.after.unit?.id ?? ''}`
    const flow = flows.get(key) ?? { from: row.before.unit, to: row.after.unit, count: 0 }
    flow.count += 1
    flows.set(key, flow)
  }
  return {
    from: from.toISOString(), to: to.toISOString(), comparedVersion: version, cases: played.length, changed: rows.length, unroutedBefore, unroutedAfter: unmatched.length, isCut: cases.length > LARGEST_REPLAY,
    flows: [...flows.values()].sort((a, b) => b.count - a.count), byRule: byRule.rows, byRuleBefore: byRuleBefore.rows, rows, unmatched, edited,
  }
}

/** The replay as it is told: rows bounded, numbers whole. Errors as with `playReplay`. */
export async function replayRoutingRules(db: Db, city: CityRow, principal: Principal, asked: ReplayAsked, at: Date): Promise<Replay> {
  const { edited: _edited, ...replay } = await playReplay(db, city, principal, asked, 'dispatch.read', at)
  return { ...replay, rows: replay.rows.slice(0, ROWS_TOLD.changed), unmatched: replay.unmatched.slice(0, ROWS_TOLD.unmatched) }
}
