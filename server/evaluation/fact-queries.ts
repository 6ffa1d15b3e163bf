/**
 * The common base of every figure: one row per case that was alive in a period, with the instants of its life up to the period's end.
 * Steps are told by the states they lead between, not by their names, so that a new action of the flow needs no change here.
 */
import { empty, identifier, type Sql, sql } from '../db/sql.ts'
import { countedIncident } from '../incidents/filter-queries.ts'
import type { PostKind } from '../contract/evaluation-objects.ts'

/** Working slots of the city, in local time, in order: what a timer counts of a span. */
export interface WorkSlots {
  /** `YYYY-MM-DD HH:MM` */
  from: string[]
  to: string[]
}

export interface FactInput {
  cityId: number
  measureSrid: number
  timeZone: string
  fromDay: string
  untilDay: string
  asOf: Date
  slots: WorkSlots
  recurrence: { radiusMeters: number; days: number }
  publicSources: readonly string[]
  /** Looking around every closed case costs time; left out where no figure asks for it. */
  withRecurrence: boolean
  withHours: boolean
  post?: PostKind | undefined
}

/** A degree is nowhere shorter than this between 60° south and north: for a box that surely holds the circle. */
const METERS_PER_DEGREE = 50_000

const isAccept = sql`f.from_state = 'pending_accept' and f.to_state in ('verifying', 'pending_filing')`
const isVerifySent = sql`f.to_state = 'verifying' and f.from_state is distinct from 'verifying'`
const isVerified = sql`f.from_state = 'verifying' and f.to_state in ('pending_filing', 'not_filed')`
const isFiling = sql`f.from_state = 'pending_filing' and f.to_state = 'pending_dispatch'`
const isDispatch = sql`f.from_state = 'pending_dispatch' and f.to_state = 'pending_dispose'`
const isReturn = sql`f.from_state = 'pending_dispose' and f.to_state = 'pending_dispatch'`
const isConfirm = sql`f.from_state = 'disposed' and f.to_state = 'pending_check'`
const isRework = sql`f.from_state in ('checking', 'pending_check') and f.to_state = 'pending_dispose'`
const isChecked = sql`f.from_state in ('checking', 'pending_check') and f.to_state in ('pending_close', 'pending_dispose')`
const isClose = sql`f.to_state in ('closed', 'closed_special')`
const inPeriod = sql`f.at >= s.from_at and f.at < s.end_at`
const byEnd = sql`f.at < s.end_at`

/** States in which the timer of handling runs. */
const running = sql`('pending_dispose', 'disposing', 'disposed')`

/** What the flow said of the limit when the step was taken, for cases whose clocks are not kept. */
function wasLate(step: Sql): Sql {
  return sql`bool_or(f.was_overdue) filter (where ${step} and ${byEnd})`
}

/** Two people of one name are two: whoever has an account is told with it. */
const person = sql`f.actor || coalesce(' (' || a.login || ')', '')`
const reporter = sql`case when i.source = 'collector' then i.reported_by || coalesce(' (' || ra.login || ')', '') end`

const POST_STEPS: Record<PostKind, Sql> = {
  collector: sql`,
    (array_agg(${person} order by f.sequence desc) filter (where ${isVerified} and ${byEnd}))[1] as verifier,
    (array_agg(${person} order by f.sequence desc) filter (where ${isChecked} and ${byEnd}))[1] as checker`,
  operator: sql`, (array_agg(${person} order by f.sequence) filter (where ${isAccept}))[1] as acceptor`,
  shift_leader: sql`,
    (array_agg(${person} order by f.sequence) filter (where ${isFiling}))[1] as filer,
    (array_agg(${person} order by f.sequence desc) filter (where ${isClose} and ${byEnd}))[1] as closer`,
  dispatcher: sql`, (array_agg(${person} order by f.sequence) filter (where ${isDispatch}))[1] as dispatcher`,
}

const POST_FACTS: Record<PostKind, Sql> = {
  collector: sql`, ${reporter} as reporter, coalesce(m.collector, ${reporter}) as collector, t.verifier, t.checker`,
  operator: sql`, t.acceptor`,
  shift_leader: sql`, t.filer, t.closer`,
  dispatcher: sql`, t.dispatcher`,
}

/** Seconds of working time from the first slot to an instant. The arrays hold numbers of one length: any other kind is searched from its beginning each time. */
function workedUntil(instant: Sql): Sql {
  return sql`coalesce(w.before[width_bucket(${instant}, w.froms)] + least(extract(epoch from ${instant} - w.froms[width_bucket(${instant}, w.froms)]), w.lengths[width_bucket(${instant}, w.froms)]), 0)`
}

/**
 * Timer seconds between entering and leaving the states in which it runs, once in working time and once by the clock on the wall.
 * Each step is turned into two numbers before they are gathered (`offset 0`): else the slots would travel with every row into a sort.
 */
function timedSteps(withHours: boolean): Sql {
  if (!withHours) return sql`select null::bigint as incident_id, null::float8 as worked_seconds, null::float8 as wall_seconds where false`
  return sql`select m.incident_id, sum(m.side * m.worked)::float8 as worked_seconds, sum(m.side * m.wall)::float8 as wall_seconds from (
      select f.incident_id, case when f.to_state in ${running} then -1 else 1 end as side, ${workedUntil(sql`f.at`)} as worked, extract(epoch from f.at - s.from_at)::float8 as wall
      from chosen join incident_flow f on f.incident_id = chosen.id cross join span s cross join slots w
      where ${byEnd} and f.to_state in ${running} is distinct from coalesce(f.from_state in ${running}, false) offset 0) m group by m.incident_id`
}

function recurred({ recurrence: { radiusMeters, days }, measureSrid, withRecurrence, cityId }: FactInput): Sql {
  if (!withRecurrence) return sql`null::boolean`
  return sql`case when i.state in ('closed', 'closed_special') and i.ended_at >= s.from_at and i.ended_at < s.end_at then exists (select from incidents r where r.reopened_from_id = i.id) or exists (
      select from incidents r where r.city_id = ${cityId} and r.id <> i.id and r.class_kind = i.class_kind and r.class_code = i.class_code and r.state <> 'void' and not r.is_drill
        and r.reported_at > i.ended_at and r.reported_at <= i.ended_at + make_interval(days => ${days}::integer) and r.reported_at <= s.as_of
        and r.geom && st_expand(i.geom, ${radiusMeters / METERS_PER_DEGREE}::float8)
        and st_dwithin(st_transform(r.geom, ${measureSrid}::integer), st_transform(i.geom, ${measureSrid}::integer), ${radiusMeters}::float8)) else false end`
}

/** Whether a clock ended late, or still runs beyond its deadline; null without one, or while that is not known. */
const clockLate = sql`case when k.due_at is null then null when k.stopped_at < s.end_at then k.stopped_at > k.due_at when k.due_at < s.end_at then true end`

function lastRound(stage: 'dispose' | 'total' | 'verify' | 'check', value: Sql): Sql {
  return sql`(array_agg(${value} order by k.round desc) filter (where k.stage = '${identifier(stage)}'))[1]`
}

/** Whether something was done after its deadline, or is not done though that has passed; null while that is not known. */
function lateBy(done: string, due: string): Sql {
  return sql`case when ${identifier(due)} is null then null when ${identifier(done)} is not null then ${identifier(done)} > ${identifier(due)} when ${identifier(due)} < p.end_at then true end`
}

/** A granted appeal makes a late case count as in time; the raw figure keeps the fact. */
function exempted(isLate: Sql): Sql {
  return sql`case when p.is_exempt and ${isLate} then false else ${isLate} end`
}

/** The statement's beginning: `with … facts as (…)`. Counts splice their conditions over `facts c` behind it. */
export function caseFacts(input: FactInput): Sql {
  const { cityId, timeZone, fromDay, untilDay, asOf, slots, post, publicSources, withHours } = input
  return sql`with span as materialized (
    select ${fromDay}::timestamp at time zone ${timeZone}::text as from_at, least(${untilDay}::timestamp at time zone ${timeZone}::text, ${asOf.toISOString()}::timestamptz) as end_at, ${asOf.toISOString()}::timestamptz as as_of),
  slots as materialized (
    select array_agg(g.from_at order by g.from_at) as froms, array_agg(g.seconds::float8 order by g.from_at) as lengths, array_agg(g.before::float8 order by g.from_at) as before
    from (select l.from_at, l.seconds, coalesce(sum(l.seconds) over (order by l.from_at rows between unbounded preceding and 1 preceding), 0) as before
      from (select z.f::timestamp at time zone ${timeZone}::text as from_at, extract(epoch from (z.t::timestamp at time zone ${timeZone}::text) - (z.f::timestamp at time zone ${timeZone}::text)) as seconds
        from unnest(${slots.from}::text[], ${slots.to}::text[]) as z(f, t)) l) g),
  visited as materialized (
    select distinct on (v.incident_id) v.incident_id, v.outcome from return_visits v join incidents i on i.id = v.incident_id, span s
    where i.city_id = ${cityId} and v.visited_at >= s.from_at and v.visited_at < s.end_at order by v.incident_id, v.visited_at desc, v.id desc),
  missed as materialized (
    select m.incident_id, m.collector, m.found_at from missed_reports m join incidents i on i.id = m.incident_id, span s
    where i.city_id = ${cityId} and m.found_at >= s.from_at and m.found_at < s.end_at),
  chosen as materialized (
    select i.id from incidents i, span s where i.city_id = ${cityId} and ${countedIncident} and i.state <> 'draft' and i.reported_at < s.end_at
      and (i.ended_at is null or i.ended_at >= s.from_at or i.id in (select incident_id from visited) or i.id in (select incident_id from missed))),
  steps as materialized (
    select f.incident_id,
      min(f.at) filter (where ${isAccept}) as accepted_at,
      bool_or(f.from_state = 'pending_filing' and f.to_state = 'not_filed') as is_refused,
      min(f.at) filter (where ${isFiling}) as filed_at,
      bool_or(f.from_state = 'pending_dispatch' and f.to_state = 'pending_filing') as is_returned_to_filing,
      min(f.at) filter (where ${isDispatch}) as dispatched_at,
      count(*) filter (where ${isDispatch} and ${inPeriod}) as dispatch_times,
      (array_agg(f.details ->> 'department' order by f.sequence) filter (where ${isDispatch}))[1] as first_department,
      count(*) filter (where ${isReturn}) as return_times_ever,
      count(*) filter (where ${isReturn} and ${inPeriod}) as return_times,
      max(f.at) filter (where ${isConfirm} and ${byEnd}) as confirmed_at,
      max(f.at) filter (where ${isRework} and ${byEnd}) as reworked_at,
      count(*) filter (where ${isRework} and ${inPeriod}) as rework_times,
      max(f.at) filter (where ${isVerifySent} and ${byEnd}) as verify_sent_at,
      max(f.at) filter (where ${isVerified} and ${byEnd}) as verified_at,
      max(f.at) filter (where ${isChecked} and ${byEnd}) as checked_at,
      bool_or(f.from_state = 'pending_accept' and f.to_state = 'pending_close') as is_self_handled,
      ${wasLate(isAccept)} as accept_late, ${wasLate(isFiling)} as file_late, ${wasLate(isDispatch)} as dispatch_late, ${wasLate(isVerified)} as verify_late, ${wasLate(isChecked)} as check_late
      ${post ? POST_STEPS[post] : empty}
    from chosen join incident_flow f on f.incident_id = chosen.id ${post ? sql`left join accounts a on a.id = f.actor_id` : empty} cross join span s where f.at <= s.as_of group by f.incident_id),
  timed as materialized (${timedSteps(withHours)}),
  clocks as materialized (
    select k.incident_id,
      ${lastRound('dispose', sql`k.due_at`)} as due_at, ${lastRound('dispose', sql`k.original_due_at`)} as raw_due_at,
      ${lastRound('total', sql`k.due_at`)} as total_due_at, ${lastRound('total', sql`k.original_due_at`)} as raw_total_due_at,
      bool_or(k.is_exempt) filter (where k.stage in ('dispose', 'total')) as is_exempt,
      bool_or(${clockLate}) filter (where k.stage = 'accept' and k.round = 1) as accept_late,
      bool_or(${clockLate}) filter (where k.stage = 'file' and k.round = 1) as file_late,
      bool_or(${clockLate}) filter (where k.stage = 'dispatch' and k.round = 1) as dispatch_late,
      ${lastRound('verify', clockLate)} as verify_late, ${lastRound('check', clockLate)} as check_late
    from chosen join case_clocks k on k.incident_id = chosen.id cross join span s where k.started_at < s.end_at group by k.incident_id),
  placed as (
    select s.from_at, s.end_at, i.id, i.public_id, i.report_number, i.case_number, i.class_name, i.state, i.address, i.source, i.reported_at, i.ended_at,
      i.county_code as county, i.street_code as street, i.community_code as community, i.grid_code as grid,
      coalesce(o.name_zh, i.department) as department, coalesce(t.first_department, o.name_zh, i.department) as first_department,
      t.accepted_at, coalesce(i.filed_at, t.filed_at) as filed_at, t.dispatched_at,
      coalesce(k.due_at, i.due_at) as due_at, coalesce(k.raw_due_at, i.due_at) as raw_due_at, k.total_due_at, k.raw_total_due_at,
      case when t.confirmed_at > coalesce(t.reworked_at, '-infinity') then t.confirmed_at end as disposed_at,
      case when i.state in ('closed', 'closed_special') and i.ended_at < s.end_at then i.ended_at end as closed_at,
      -- A case from elsewhere may have ended at a time that nobody kept.
      coalesce(i.ended_at < s.end_at, i.state in ('not_filed', 'closed', 'closed_special', 'void')) as is_ended,
      i.state = 'void' as is_void, i.state in ('void', 'not_filed') and i.ended_at < s.end_at as is_rejected,
      coalesce(t.is_refused, false) as is_refused, coalesce(t.is_returned_to_filing, false) as is_returned_to_filing, i.is_self_handled or coalesce(t.is_self_handled, false) as is_self_handled,
      coalesce(t.return_times_ever, 0) as return_times_ever, coalesce(t.return_times, 0) as return_times, coalesce(t.rework_times, 0) as rework_times,
      coalesce(t.dispatch_times, 0) - case when t.dispatched_at >= s.from_at and t.dispatched_at < s.end_at then 1 else 0 end as turn_times,
      t.verify_sent_at, t.verified_at, t.confirmed_at, t.reworked_at, t.checked_at,
      case when fc.limit_unit in ('work_hour', 'work_day') then h.worked_seconds else h.wall_seconds end / 3600 as dispose_hours,
      coalesce(k.accept_late, t.accept_late) as accept_late, coalesce(k.verify_late, t.verify_late) as verify_late, coalesce(k.file_late, t.file_late) as file_late,
      coalesce(k.dispatch_late, t.dispatch_late) as dispatch_late, coalesce(k.check_late, t.check_late) as check_late, coalesce(k.is_exempt, false) or i.is_overtime_exempt as is_exempt,
      i.source = any(${publicSources}::text[]) as is_public, v.outcome, m.found_at as missed_at, ${recurred(input)} as has_recurred
      ${post ? POST_FACTS[post] : empty}
    from chosen join incidents i on i.id = chosen.id cross join span s left join steps t on t.incident_id = i.id left join timed h on h.incident_id = i.id left join clocks k on k.incident_id = i.id
      ${post === 'collector' ? sql`left join accounts ra on ra.id = i.reporter_id` : empty} left join organisations o on o.id = i.department_id
      left join visited v on v.incident_id = i.id left join missed m on m.incident_id = i.id
      left join filing_conditions fc on fc.scheme_id = i.scheme_id and fc.kind = i.class_kind and fc.class_code = i.class_code and fc.ordinal = i.condition_ordinal),
  judged as (
    select p.*, ${lateBy('p.disposed_at', 'p.raw_due_at')} as dispose_late_raw, ${exempted(lateBy('p.disposed_at', 'p.due_at'))} as dispose_late_exempted
    from placed p),
  facts as materialized (
    select p.*, coalesce(p.total_due_at, p.due_at) as archive_due_at, coalesce(p.raw_total_due_at, p.raw_due_at) as raw_archive_due_at,
      case when p.raw_total_due_at is null then p.dispose_late_raw else ${lateBy('p.closed_at', 'p.raw_total_due_at')} end as archive_late_raw,
      case when p.total_due_at is null then p.dispose_late_exempted else ${exempted(lateBy('p.closed_at', 'p.total_due_at'))} end as archive_late_exempted
    from judged p)`
}

