/** The life of a run as its row tells it, alike in every table of runs: `coverage_runs`, `planning_runs`. */
import type { Queryable } from '../db/db.ts'
import { identifier, sql } from '../db/sql.ts'

export type RunTable = 'coverage_runs' | 'planning_runs'

export interface TakenRun {
  runId: number
  cityId: number
  cityKey: string
  attempt: number
}

/** Takes a waiting run, or one whose process gave no sign of life for `silentSeconds`. Nothing when it is not to be run. */
export async function updateRunTaken(db: Queryable, table: RunTable, id: string, silentSeconds: number): Promise<TakenRun | undefined> {
  return (
    await db.query<TakenRun>(sql`update ${identifier(table)} r
      set status = 'running', stage = 'prepare', percent = 0, attempt = attempt + 1, started_at = now(), heartbeat_at = now(), error = null
      from cities c
      where c.id = r.city_id and r.public_id = ${id}
        and (r.status = 'waiting' or (r.status = 'running' and coalesce(r.heartbeat_at, r.created_at) < now() - make_interval(secs => ${silentSeconds})))
      returning r.id as "runId", r.city_id as "cityId", c.key as "cityKey", r.attempt`)
  )[0]
}

/** Notes a sign of life; false when the run is no longer ours: cancelled, or taken over. */
export async function updateRunAlive(db: Queryable, table: RunTable, id: string, attempt: number): Promise<boolean> {
  const rows = await db.query(sql`update ${identifier(table)} set heartbeat_at = now() where public_id = ${id} and attempt = ${attempt} and status = 'running' returning id`)
  return rows.length > 0
}

/** Notes progress; false when the run is no longer ours. */
export async function updateRunProgress(db: Queryable, table: RunTable, id: string, attempt: number, { stage, percent }: { stage: string; percent: number }): Promise<boolean> {
  const rows = await db.query(sql`update ${identifier(table)} set stage = ${stage}, percent = ${percent}, heartbeat_at = now()
    where public_id = ${id} and attempt = ${attempt} and status = 'running' returning id`)
  return rows.length > 0
}

/** Puts a run that was interrupted back, so that the next start takes it up. */
export async function updateRunWaiting(db: Queryable, table: RunTable, id: string, attempt: number): Promise<void> {
  await db.query(sql`update ${identifier(table)} set status = 'waiting', stage = 'waiting', percent = 0 where public_id = ${id} and attempt = ${attempt} and status = 'running'`)
}

export async function updateRunCancelled(db: Queryable, table: RunTable, id: string): Promise<boolean> {
  const rows = await db.query(sql`update ${identifier(table)} set status = 'cancelled', finished_at = now(), error = ${JSON.stringify({ code: 'cancelled', message: '已取消。Cancelled by request.' })}::jsonb
    where public_id = ${id} and status in ('waiting', 'running') returning id`)
  return rows.length > 0
}

export async function updateRunFailed(db: Queryable, table: RunTable, id: string, attempt: number, error: { code: string; message: string }): Promise<boolean> {
  const rows = await db.query(sql`update ${identifier(table)} set status = 'failed', finished_at = now(), error = ${JSON.stringify(error)}::jsonb
    where public_id = ${id} and attempt = ${attempt} and status = 'running' returning id`)
  return rows.length > 0
}

/** Runs that wait, or whose process gave no sign of life for `silentSeconds`: what a start has to take up. */
export function listAbandonedRuns(db: Queryable, table: RunTable, silentSeconds: number): Promise<{ id: string; attempt: number }[]> {
  return db.query(sql`select public_id as id, attempt from ${identifier(table)}
    where status = 'waiting' or (status = 'running' and coalesce(heartbeat_at, created_at) <= now() - make_interval(secs => ${silentSeconds})) order by id`)
}
