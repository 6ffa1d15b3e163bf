import type { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { iso } from './queries.ts'

/** What the clock raises by itself. */
export type ClockRule = 'overdue' | 'about_to_be_overdue'

export interface DueClock {
  incidentId: number
  id: string
  version: number
  state: IncidentState
  round: number
  dueAt: string
}

/** A limit that has passed was about to pass before: that is no news any more, unless it is raised before its end. */
function condition(rule: ClockRule, at: Date): Sql {
  const now = sql`${at.toISOString()}::timestamptz`
  return rule === 'overdue' ? sql`c.due_at < ${now} and c.overdue_raised_at is null` : sql`c.amber_at <= ${now} and c.due_at >= ${now} and c.about_to_be_overdue_raised_at is null`
}

/** Running limits of handling in a city of which a rule has something to say, longest due first. */
export function listDueClocks(db: Queryable, cityId: number, rule: ClockRule, at: Date, limit: number): Promise<DueClock[]> {
  return db.query<DueClock>(sql`
    select i.id as "incidentId", i.public_id as id, i.version, i.state, c.round, ${iso('c.due_at')} as "dueAt"
    from case_clocks c join incidents i on i.id = c.incident_id
    where c.stage = 'dispose' and c.stopped_at is null and c.paused_at is null and ${condition(rule, at)} and i.city_id = ${cityId}
    order by c.due_at limit ${limit}`)
}

/** Notes that a rule has spoken of a clock; a rework's clock is spoken of by the case's first. */
export async function updateClockRaised(tx: Queryable, clock: Pick<DueClock, 'incidentId' | 'round'>, rule: ClockRule, at: Date): Promise<void> {
  const column = rule === 'overdue' ? sql`overdue_raised_at` : sql`about_to_be_overdue_raised_at`
  await tx.query(sql`update case_clocks set ${column} = ${at.toISOString()}::timestamptz where incident_id = ${clock.incidentId} and stage = 'dispose' and round = ${clock.round}`)
}

export async function hasRuleSpoken(tx: Queryable, incidentId: number, ruleKey: string): Promise<boolean> {
  return (await tx.query(sql`select 1 from case_supervisions where incident_id = ${incidentId} and rule_key = ${ruleKey}`)).length > 0
}

export async function findWatchRules(db: Queryable, cityId: number): Promise<Record<ClockRule, boolean>> {
  const rows = await db.query<{ overdue: boolean; about: boolean }>(sql`
    select supervises_overdue as overdue, supervises_about_to_be_overdue as about from clock_rules
    where city_id = ${cityId} or city_id is null order by city_id nulls last, version desc limit 1`)
  return { overdue: rows[0]?.overdue ?? false, about_to_be_overdue: rows[0]?.about ?? false }
}
