import type { ClockStage, Limit, LimitUnit } from '../contract/clocks.ts'
import type { IncidentState } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { openIncident } from './filter-queries.ts'
import { iso } from './queries.ts'
import type { StageClock } from './stage-clocks-decide.ts'

/** A version of the rules with the limits of the stages, each the city's own or the default. */
export interface ClockRulesRow {
  limits: { stage: ClockStage; amount: number; unit: LimitUnit }[]
  blueShare: number
  amberShare: number
  darkRedShare: number
  reworkTimer: 'new' | 'remaining'
}

/** The newest rules of a city. */
export function clockRulesOf(cityId: number): Sql {
  return sql`
    select r.blue_share::float8 as "blueShare", r.amber_share::float8 as "amberShare", r.dark_red_share::float8 as "darkRedShare", r.rework_timer as "reworkTimer",
      (select coalesce(json_agg(json_build_object('stage', l.stage, 'amount', l.amount, 'unit', l.unit)), '[]'::json)
        from stage_limits l
        where (l.city_id is not distinct from newest.city_id) and l.version = newest.version) as limits
    from clock_rules r
    left join lateral (
      select city_id, version from stage_limits where city_id = ${cityId} or city_id is null order by city_id nulls last, version desc limit 1) newest on true
    where r.city_id = ${cityId} or r.city_id is null
    order by r.city_id nulls last, r.version desc limit 1`
}

/** A clock as the table holds it. */
export interface ClockRow {
  stage: ClockStage
  round: number
  limitAmount: number | null
  limitUnit: LimitUnit | null
  startedAt: string
  originalDueAt: string | null
  dueAt: string | null
  blueAt: string | null
  amberAt: string | null
  darkRedAt: string | null
  pausedAt: string | null
  pausedMilliseconds: number
  stoppedAt: string | null
  isExempt: boolean
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text))

export function toStageClock(row: ClockRow): StageClock {
  const limit: Limit | null = row.limitAmount === null || row.limitUnit === null ? null : { amount: row.limitAmount, unit: row.limitUnit }
  return {
    stage: row.stage, round: row.round, limit, startedAt: new Date(row.startedAt), originalDueAt: date(row.originalDueAt), dueAt: date(row.dueAt), blueAt: date(row.blueAt), amberAt: date(row.amberAt),
    darkRedAt: date(row.darkRedAt), pausedAt: date(row.pausedAt), pausedMilliseconds: row.pausedMilliseconds, stoppedAt: date(row.stoppedAt), isExempt: row.isExempt,
  }
}

/** The clocks of a case in the order in which they began. */
export function stageClocksOf(incidentId: Sql): Sql {
  return sql`
    select c.stage, c.round, c.limit_amount::float8 as "limitAmount", c.limit_unit as "limitUnit", ${iso('c.started_at')} as "startedAt",
      ${iso('c.original_due_at')} as "originalDueAt", ${iso('c.due_at')} as "dueAt", ${iso('c.blue_at')} as "blueAt", ${iso('c.amber_at')} as "amberAt",
      ${iso('c.dark_red_at')} as "darkRedAt", ${iso('c.paused_at')} as "pausedAt", c.paused_milliseconds as "pausedMilliseconds", ${iso('c.stopped_at')} as "stoppedAt", c.is_exempt as "isExempt"
    from case_clocks c where c.incident_id = ${incidentId} order by c.started_at, c.stage, c.round`
}

export async function listStageClocks(db: Queryable, incidentId: number): Promise<StageClock[]> {
  return (await db.query<ClockRow>(stageClocksOf(sql`${incidentId}::bigint`), PREPARED)).map(toStageClock)
}

export interface WrittenClock extends StageClock {
  incidentId: number
}

/** Writes clocks, new ones and changed ones alike. */
export async function upsertStageClocks(tx: Queryable, clocks: readonly WrittenClock[]): Promise<void> {
  if (clocks.length === 0) return
  const instants = (of: (clock: WrittenClock) => Date | null) => clocks.map((clock) => of(clock)?.toISOString() ?? null)
  await tx.query(sql`
    insert into case_clocks (incident_id, stage, round, limit_amount, limit_unit, paused_milliseconds, is_exempt, started_at, original_due_at, due_at, blue_at, amber_at, dark_red_at, paused_at, stopped_at)
    select * from unnest(${clocks.map((clock) => clock.incidentId)}::bigint[], ${clocks.map((clock) => clock.stage)}::text[], ${clocks.map((clock) => clock.round)}::integer[],
      ${clocks.map((clock) => clock.limit?.amount ?? null)}::numeric[], ${clocks.map((clock) => clock.limit?.unit ?? null)}::text[],
      ${clocks.map((clock) => Math.round(clock.pausedMilliseconds))}::bigint[], ${clocks.map((clock) => clock.isExempt)}::boolean[],
      ${instants((clock) => clock.startedAt)}::timestamptz[], ${instants((clock) => clock.originalDueAt)}::timestamptz[], ${instants((clock) => clock.dueAt)}::timestamptz[],
      ${instants((clock) => clock.blueAt)}::timestamptz[], ${instants((clock) => clock.amberAt)}::timestamptz[], ${instants((clock) => clock.darkRedAt)}::timestamptz[],
      ${instants((clock) => clock.pausedAt)}::timestamptz[], ${instants((clock) => clock.stoppedAt)}::timestamptz[])
    on conflict (incident_id, stage, round) do update set due_at = excluded.due_at, original_due_at = excluded.original_due_at, blue_at = excluded.blue_at, amber_at = excluded.amber_at,
      dark_red_at = excluded.dark_red_at, paused_at = excluded.paused_at, paused_milliseconds = excluded.paused_milliseconds, stopped_at = excluded.stopped_at, is_exempt = excluded.is_exempt`, PREPARED)
}

/** What is known of a case that has no clocks yet. */
export interface Unclocked {
  incidentId: number
  dueAt: string | null
  limitAmount: number | null
  limitUnit: string | null
  flow: { fromState: IncidentState | null; toState: IncidentState; at: string }[]
}

const UNCLOCKED: Sql = sql`
  i.id as "incidentId", ${iso('i.due_at')} as "dueAt", f.limit_amount as "limitAmount", f.limit_unit as "limitUnit",
  (select coalesce(json_agg(json_build_object('fromState', s.from_state, 'toState', s.to_state, 'at', ${iso('s.at')}) order by s.sequence), '[]'::json)
    from incident_flow s where s.incident_id = i.id) as flow`
const CONDITION: Sql = sql`
  left join filing_conditions f on f.scheme_id = i.scheme_id and f.kind = i.class_kind and f.class_code = i.class_code and f.ordinal = i.condition_ordinal`

export async function findUnclocked(db: Queryable, incidentId: number): Promise<Unclocked | undefined> {
  return (await db.query<Unclocked>(sql`select ${UNCLOCKED} from incidents i ${CONDITION} where i.id = ${incidentId}`))[0]
}

/** Where a sweep over the cases without clocks stands: open ones come first, then ended ones, each newest first. */
export interface SweepPlace {
  isOpen: boolean
  belowId: number
}

/** Cases of a city that have a flow and no clocks, from a place on. Locked against a step that is being taken on them. */
export function listUnclocked(tx: Queryable, cityId: number, { isOpen, belowId }: SweepPlace, limit: number): Promise<Unclocked[]> {
  return tx.query<Unclocked>(sql`
    select ${UNCLOCKED} from (
      select * from incidents i
      where i.city_id = ${cityId} and i.id < ${belowId}::bigint and ${isOpen ? openIncident : sql`not (${openIncident})`}
        and not exists (select 1 from case_clocks c where c.incident_id = i.id) and exists (select 1 from incident_flow s where s.incident_id = i.id)
      order by i.id desc limit ${limit} for update of i skip locked) i ${CONDITION}
    order by i.id desc`)
}

/** Cases of a layer that have no clocks yet, newest first. */
export function listUnclockedOfLayer(tx: Queryable, layerId: number, belowId: number, limit: number): Promise<Unclocked[]> {
  return tx.query<Unclocked>(sql`
    select ${UNCLOCKED} from (
      select * from incidents i where i.layer_id = ${layerId} and i.id < ${belowId}::bigint and not exists (select 1 from case_clocks c where c.incident_id = i.id) order by i.id desc limit ${limit}) i ${CONDITION}
    order by i.id desc`)
}

/** Gives cases of a layer without a deadline the one of their clock of handling: lists go by it. */
export async function updateDueOfLayer(tx: Queryable, layerId: number): Promise<void> {
  await tx.query(sql`
    update incidents i set due_at = c.due_at from (
      select distinct on (incident_id) incident_id, due_at from case_clocks where stage = 'dispose' and due_at is not null order by incident_id, round desc) c
    where i.layer_id = ${layerId} and i.due_at is null and c.incident_id = i.id`)
}

/**
 * The light of a clock `c` at an instant; null for a clock without an end. Says the same as `lightOf` of the contract.
 * @param isSupervised a condition: whether a leader supervises the case.
 */
export function lightOfClock(at: Date, isSupervised: Sql): Sql {
  const measured = sql`least(${at.toISOString()}::timestamptz, c.paused_at, c.stopped_at)`
  return sql`(case
    when c.due_at is null then null
    when ${isSupervised} and c.stopped_at is null then 'dark_red'
    when ${measured} > c.dark_red_at then 'dark_red'
    when ${measured} > c.due_at then 'red'
    when ${measured} >= c.amber_at then 'amber'
    when ${measured} >= c.blue_at then 'blue'
    else 'green' end)`
}
