/** Plays a past period through edited rules: which cases would have gone elsewhere, and why. Nothing is written. */
import type { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import type { replayRoutingRules as replayEndpoint, RoutingRuleInput, Unit } from '../contract/dispatch.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { localTime } from '../incidents/clocks.ts'
import { visibleIncident } from '../incidents/filter-queries.ts'
import { visibilityOf } from '../incidents/visibility.ts'
import { listFiledCases, type PlayedCase, type UnitRow } from './queries.ts'
import { difference, firstMatch, type RoutedCase } from './routing.ts'
import { getRulesInForce, resolveRules, toUnit } from './rules.ts'

const LARGEST_REPLAY = 50_000
const ROWS_TOLD = 500
const MONTH = 30 * 86_400_000

export type Replay = z.infer<(typeof replayEndpoint)['reply']>

/** A case as rules see it, in the local time of its report. */
export function routedCase(one: PlayedCase, timeZone: string): RoutedCase {
  const at = new Date(one.reportedAt)
  const { hour, weekday } = localTime(at, timeZone)
  const minute = Number(new Intl.DateTimeFormat('en', { timeZone, minute: 'numeric' }).format(at))
  return { ...one, localMinute: hour * 60 + minute, weekday }
}

/** @param period without bounds: the 30 days before `at`. @throws AppError bad_request for a period that ends before it begins or a unit there is not. */
export async function replayRoutingRules(db: Db, city: CityRow, principal: Principal, given: readonly RoutingRuleInput[], period: { from?: string | undefined; to?: string | undefined }, at: Date): Promise<Replay> {
  const to = period.to ? new Date(period.to) : at
  const from = period.from ? new Date(period.from) : new Date(to.getTime() - MONTH)
  if (from >= to) throw new AppError('bad_request', '回放时段的结束须晚于开始。The period to replay must end after it begins.', { errors: [{ path: 'body.to', message: 'must be after from' }] })
  const edited = await resolveRules(db, city, given)
  const { rules: inForce } = await db.transaction((tx) => getRulesInForce(tx, city, principal, at))
  const visible = visibleIncident(await visibilityOf(db, principal, city, 'dispatch.read'))
  const cases = await listFiledCases(db, city.cityId, visible, from.toISOString(), to.toISOString(), LARGEST_REPLAY + 1)
  const isCut = cases.length > LARGEST_REPLAY
  const played = cases.slice(0, LARGEST_REPLAY)
  const flows = new Map<string, { from: Unit | null; to: Unit | null; count: number }>()
  const byRule = new Map<number, { ordinal: number; title: string; count: number }>(edited.map((rule) => [rule.ordinal, { ordinal: rule.ordinal, title: rule.title, count: 0 }]))
  const rows: Replay['rows'] = []
  let changed = 0
  let unroutedBefore = 0
  let unroutedAfter = 0
  const unitOf = (unit: UnitRow | undefined) => (unit ? toUnit(unit) : null)
  for (const one of played) {
    const seen = routedCase(one, city.timeZone)
    const before = firstMatch(inForce, seen)
    const after = firstMatch(edited, seen)
    if (!before.rule) unroutedBefore += 1
    if (after.rule) byRule.get(after.rule.ordinal)!.count += 1
    else unroutedAfter += 1
    if (before.rule?.target.id === after.rule?.target.id) continue
    changed += 1
    const flow = { from: unitOf(before.rule?.target), to: unitOf(after.rule?.target), count: 0 }
    const key = `${flow.from?.id ?? ''} ${flow.to?.id ?? ''}`
    const counted = flows.get(key) ?? flow
    counted.count += 1
    flows.set(key, counted)
    if (rows.length >= ROWS_TOLD) continue
    const why = difference(before.rule, after.rule, after.trace)
    rows.push({
      id: one.id, reportNumber: one.reportNumber, caseNumber: one.caseNumber, className: one.className, classCode: one.classCode, areaName: one.areaName, reportedAt: one.reportedAt, actual: one.department,
      before: { unit: unitOf(before.rule?.target), rule: before.rule?.title ?? null }, after: { unit: unitOf(after.rule?.target), rule: after.rule?.title ?? null }, whyZh: why.zh, whyEn: why.en,
    })
  }
  return {
    from: from.toISOString(), to: to.toISOString(), cases: played.length, changed, unroutedBefore, unroutedAfter, isCut,
    flows: [...flows.values()].sort((a, b) => b.count - a.count), byRule: [...byRule.values()], rows,
  }
}
