import type { IncidentAction, IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { identifier, join, sql } from '../db/sql.ts'
import { upsertStageClocks } from './stage-clock-queries.ts'
import type { StageClock } from './stage-clocks-decide.ts'

/** The columns that steps which can be taken back may change, beside version and time of change. */
const KEPT = [
  'state', 'state_since', 'holder_id', 'holder', 'department_id', 'department', 'disposer_id', 'checker_id', 'dispatched_at', 'due_at', 'disposed_at', 'has_failed_check',
  'class_kind', 'class_code', 'class_name', 'large_code',
] as const

export interface NewBatch {
  id: string
  cityId: number
  action: IncidentAction
  actorId: number | null
  actor: string
  at: string
  undoUntil: string
}

export async function insertBatch(db: Queryable, batch: NewBatch): Promise<number> {
  const rows = await db.query<{ id: number }>(sql`
    insert into transition_batches (public_id, city_id, action, actor_id, actor, at, undo_until)
    values (${batch.id}, ${batch.cityId}, ${batch.action}, ${batch.actorId}, ${batch.actor}, ${batch.at}::timestamptz, ${batch.undoUntil}::timestamptz) returning id`)
  return rows[0]?.id ?? 0
}

/** A case before its step. */
export interface CaseBefore {
  incidentId: number
  before: Record<string, unknown>
}

/** Reads and locks a case. */
export async function findCaseBefore(tx: Queryable, cityId: number, id: string): Promise<CaseBefore | undefined> {
  const pairs = join(KEPT.map((name) => sql`${name}::text, ${identifier(`i.${name}`)}`))
  const rows = await tx.query<CaseBefore>(sql`
    select i.id as "incidentId", json_build_object(${pairs}) as before from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid for update`)
  return rows[0]
}

export async function insertBatchCase(tx: Queryable, batchId: number, one: CaseBefore & { version: number; clocks: readonly StageClock[] }): Promise<void> {
  await tx.query(sql`
    insert into transition_batch_cases (batch_id, incident_id, version, before, clocks_before)
    values (${batchId}, ${one.incidentId}, ${one.version}, ${JSON.stringify(one.before)}::jsonb, ${JSON.stringify(one.clocks)}::jsonb)`)
}

export interface BatchRow {
  batchId: number
  action: IncidentAction
  actorId: number | null
  actor: string
  undoUntil: string
}

export async function findBatch(db: Queryable, cityId: number, id: string): Promise<BatchRow | undefined> {
  const rows = await db.query<BatchRow>(sql`
    select id as "batchId", action, actor_id as "actorId", actor, to_char(undo_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "undoUntil"
    from transition_batches where city_id = ${cityId} and public_id = ${id}::uuid`)
  return rows[0]
}

export async function listBatchCases(db: Queryable, batchId: number): Promise<{ id: string }[]> {
  return db.query(sql`select i.public_id as id from transition_batch_cases c join incidents i on i.id = c.incident_id where c.batch_id = ${batchId} order by i.id`)
}

export interface BatchCase {
  incidentId: number
  /** The version the step made. */
  version: number
  isUndone: boolean
  state: IncidentState
  /** The version and state it has now. */
  currentVersion: number
  before: { state: IncidentState; state_since: string }
  clocks: StageClock[]
}

type StoredClock = { [Key in keyof StageClock]: StageClock[Key] extends Date | null ? string | null : StageClock[Key] }

function toClock(stored: StoredClock): StageClock {
  const date = (text: string | null) => (text === null ? null : new Date(text))
  return {
    ...stored, startedAt: new Date(stored.startedAt ?? 0), originalDueAt: date(stored.originalDueAt), dueAt: date(stored.dueAt), blueAt: date(stored.blueAt), amberAt: date(stored.amberAt),
    darkRedAt: date(stored.darkRedAt), pausedAt: date(stored.pausedAt), stoppedAt: date(stored.stoppedAt),
  }
}

/** A case of a batch as it stands, locked. */
export async function findBatchCase(tx: Queryable, batchId: number, id: string): Promise<BatchCase | undefined> {
  const rows = await tx.query<Omit<BatchCase, 'clocks'> & { clocks: StoredClock[] }>(sql`
    select i.id as "incidentId", c.version, c.undone_at is not null as "isUndone", i.state, i.version as "currentVersion", c.before, c.clocks_before as clocks
    from transition_batch_cases c join incidents i on i.id = c.incident_id
    where c.batch_id = ${batchId} and i.public_id = ${id}::uuid for update of i`)
  const [row] = rows
  return row && { ...row, clocks: row.clocks.map(toClock) }
}

/** Puts a case back to what it was; its version goes on. @returns the new version, or undefined when somebody was quicker. */
export async function updateToBefore(tx: Queryable, batchId: number, incidentId: number, version: number, at: string): Promise<number | undefined> {
  const columns = join(KEPT.map((name) => identifier(name)))
  const values = join(KEPT.map((name) => identifier(`r.${name}`)))
  const rows = await tx.query<{ version: number }>(sql`
    update incidents i set (${columns}) = (
        select ${values} from transition_batch_cases c cross join lateral jsonb_populate_record(null::incidents, c.before) r where c.batch_id = ${batchId} and c.incident_id = i.id),
      version = i.version + 1, updated_at = ${at}::timestamptz
    where i.id = ${incidentId} and i.version = ${version} returning i.version`)
  if (rows.length > 0) await tx.query(sql`update transition_batch_cases set undone_at = ${at}::timestamptz where batch_id = ${batchId} and incident_id = ${incidentId}`)
  return rows[0]?.version
}

const CLOCK_COLUMNS = sql`incident_id, stage, round, started_at, limit_amount, limit_unit, original_due_at, due_at, blue_at, amber_at, dark_red_at, paused_at, paused_milliseconds, stopped_at, is_exempt, about_to_be_overdue_raised_at, overdue_raised_at`

/**
 * Puts the clocks back to what they were before a step: they run on as they did, and rounds the step began leave them, so that the next
 * step begins them as if it were the first. They are kept among the undone, and the history row of the undoing tells them.
 * @returns the rounds taken away
 */
export async function restoreClocks(tx: Queryable, incidentId: number, before: readonly StageClock[], now: readonly StageClock[], at: string): Promise<Pick<StageClock, 'stage' | 'round' | 'startedAt' | 'dueAt'>[]> {
  const known = new Set(before.map((clock) => `${clock.stage} ${clock.round}`))
  const begun = now.filter((clock) => !known.has(`${clock.stage} ${clock.round}`)).map(({ stage, round, startedAt, dueAt }) => ({ stage, round, startedAt, dueAt }))
  await upsertStageClocks(tx, before.map((clock) => ({ ...clock, incidentId })))
  if (begun.length > 0) {
    await tx.query(sql`
      with undone as (
        delete from case_clocks c using unnest(${begun.map(({ stage }) => stage)}::text[], ${begun.map(({ round }) => round)}::integer[]) as b (stage, round)
        where c.incident_id = ${incidentId} and c.stage = b.stage and c.round = b.round returning c.*)
      insert into undone_case_clocks (undone_at, ${CLOCK_COLUMNS}) select ${at}::timestamptz, ${CLOCK_COLUMNS} from undone`)
  }
  return begun
}
