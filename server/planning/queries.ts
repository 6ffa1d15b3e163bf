/** Planning runs and their answers. */
import type { PlanningDrawing, PlanningKindName, PlanningPassport, PlanningRun } from '../contract/planning.ts'
import type { Queryable } from '../db/db.ts'
import { empty, identifier, sql, type Sql } from '../db/sql.ts'
import type { z } from 'zod'

export interface RunRow {
  runId: number
  id: string
  kind: PlanningKindName
  key: string
  attempt: number
  status: PlanningRun['status']
  stage: string
  percent: number
  input: unknown
  interim: unknown
  result: unknown
  passport: z.infer<typeof PlanningPassport> | null
  error: PlanningRun['error']
  elapsedSeconds: number
  createdAt: string
  finishedAt: string | null
}

const HEAVY = ['interim', 'result', 'passport'] as const

function selectRuns(where: Sql, isListed = false): Sql {
  const heavy = HEAVY.map((column) => (isListed ? sql`null::jsonb as ${identifier(column)}` : identifier(column)))
  return sql`select id as "runId", public_id as id, kind, key, attempt, status, stage, percent, input, ${heavy[0]}, ${heavy[1]}, ${heavy[2]}, error,
      round(extract(epoch from coalesce(finished_at, now()) - coalesce(started_at, created_at))::numeric, 1) as "elapsedSeconds",
      to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt",
      to_char(finished_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "finishedAt"
    from planning_runs ${where}`
}

export async function findRun(db: Queryable, cityId: number, id: string): Promise<RunRow | undefined> {
  return (await db.query<RunRow>(selectRuns(sql`where city_id = ${cityId} and public_id = ${id}`)))[0]
}

/** The run that answers, or is about to answer, a question. */
export async function findRunByKey(db: Queryable, cityId: number, key: string): Promise<RunRow | undefined> {
  return (await db.query<RunRow>(selectRuns(sql`where city_id = ${cityId} and key = ${key} and status in ('waiting', 'running', 'finished')`)))[0]
}

/** Without interim, result and passport. */
export function listRuns(db: Queryable, cityId: number, kind: PlanningKindName | undefined, limit: number): Promise<RunRow[]> {
  return db.query<RunRow>(selectRuns(sql`where city_id = ${cityId} ${kind ? sql`and kind = ${kind}` : empty} order by id desc limit ${limit}`, true))
}

/** Adds a waiting run; false when the same question is in the store already. */
export async function insertRun(db: Queryable, run: { id: string; cityId: number; kind: PlanningKindName; key: string; input: unknown; engineVersion: string }): Promise<boolean> {
  const rows = await db.query(sql`insert into planning_runs (public_id, city_id, kind, key, input, engine_version, status)
    values (${run.id}, ${run.cityId}, ${run.kind}, ${run.key}, ${JSON.stringify(run.input)}::jsonb, ${run.engineVersion}, 'waiting')
    on conflict (city_id, key) where status in ('waiting', 'running', 'finished') do nothing returning id`)
  return rows.length > 0
}

export async function updateRunInterim(db: Queryable, id: string, attempt: number, interim: unknown): Promise<void> {
  await db.query(sql`update planning_runs set interim = ${JSON.stringify(interim)}::jsonb where public_id = ${id} and attempt = ${attempt} and status = 'running'`)
}

/** Ends a run with its answer; one that was cancelled keeps the answer as the best so far. Says which, or nothing where the run was taken over. */
export async function updateRunAnswered(db: Queryable, id: string, attempt: number, of: { result: unknown; drawing: unknown; passport: unknown; isCancelled: boolean }): Promise<'finished' | 'cancelled' | null> {
  const [row] = await db.query<{ status: 'finished' | 'cancelled' }>(sql`update planning_runs
    set status = case when status = 'running' and not ${of.isCancelled}::boolean then 'finished' else 'cancelled' end, stage = 'done', percent = 100, finished_at = now(), heartbeat_at = now(),
      interim = null, result = ${JSON.stringify(of.result)}::jsonb, drawing = ${JSON.stringify(of.drawing)}::jsonb, passport = ${JSON.stringify(of.passport)}::jsonb
    where public_id = ${id} and attempt = ${attempt} and status in ('running', 'cancelled') returning status`)
  return row?.status ?? null
}

export async function findDrawing(db: Queryable, runId: number): Promise<PlanningDrawing['drawing'] | null> {
  return (await db.query<{ drawing: PlanningDrawing['drawing'] | null }>(sql`select drawing from planning_runs where id = ${runId}`))[0]?.drawing ?? null
}
