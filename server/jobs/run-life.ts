/** The life of a run, whatever it computes: taken from the queue, kept alive, told of, cancelled, taken over, ended. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppContext } from '../context.ts'
import { LIVE_CHANNEL, type LiveEvent } from '../contract/live.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError, fromSqlState } from '../errors.ts'
import { publish } from '../live/publish.ts'
import * as queries from './run-queries.ts'
import type { JobKind } from './runner.ts'

/** Progress is written at most this often; a change of stage always is. */
const PROGRESS_MILLISECONDS = 400
/** A run that computes for long without progress still says so often that it lives. */
const ALIVE_MILLISECONDS = 5000
/** A running run without a sign of life for this long is taken to be abandoned. */
const SILENT_SECONDS = 30
const ATTEMPTS = 3

export interface RunChange {
  id: string
  status: string
  stage: string
  percent: number
}

/** What one kind of runs lives in and is told by. */
export interface RunKind {
  job: JobKind
  table: queries.RunTable
  /** The live event of a change. */
  eventOf(cityKey: string, change: RunChange): LiveEvent
}

export interface RunOptions {
  /** Hears of progress, beside the store. */
  progress?: (percent: number, stage: string) => void
  /** Seconds of silence after which another process's run may be taken over; 0 takes over at once. */
  silentSeconds?: number
}

export type RunContext = Pick<AppContext, 'db' | 'log' | 'clock'>

export interface RunTools {
  signal: AbortSignal
  /** Called often; percent only grows. `note` is written beside it where there is something new to tell. @throws the reason when the run is over. */
  progress(stage: string, percent: number, note?: (db: Queryable) => Promise<void>): Promise<void>
}

/** Writes the answer in the transaction that ends the run; says how it ended, or nothing when the run is no longer ours. */
export type StoreAnswer = (tx: Queryable) => Promise<'finished' | 'cancelled' | null>

/** Tells every open console of a change, in a transaction of its own. */
export async function publishChange(db: Db, { eventOf }: RunKind, city: { cityId: number; cityKey: string }, change: RunChange): Promise<void> {
  await publish(db, city.cityId, eventOf(city.cityKey, change))
  await db.notify(LIVE_CHANNEL)
}

/** What a failure says to the user: a known error's own words, else an honest general sentence (the log holds the rest). */
function failureOf(error: unknown): { code: string; message: string } {
  const known = fromSqlState(error)
  if (known instanceof AppError) return { code: known.code, message: known.message }
  return { code: 'internal', message: '计算出错，详情见服务器日志。The computation failed; the server log holds the details.' }
}

/**
 * Carries one run to its end. Does nothing when it is finished, cancelled, or alive elsewhere.
 * @param work computes, and says how the answer is stored
 * @throws whatever stopped it, after the run was marked failed (or put back, when the server is stopping)
 */
export async function carryRun(context: RunContext, kind: RunKind, id: string, signal: AbortSignal, options: RunOptions, work: (taken: queries.TakenRun, tools: RunTools) => Promise<StoreAnswer>): Promise<void> {
  const { db, log } = context
  const { table } = kind
  const taken = await queries.updateRunTaken(db, table, id, options.silentSeconds ?? SILENT_SECONDS)
  if (!taken) return
  const stop = new AbortController()
  const forward = () => stop.abort(signal.reason)
  if (signal.aborted) forward()
  else signal.addEventListener('abort', forward, { once: true })
  const lost = () => stop.abort(new AppError('cancelled', '计算已取消，或已由另一进程接手。The run was cancelled or taken over.'))
  const alive = setInterval(() => {
    queries.updateRunAlive(db, table, id, taken.attempt).then((isOurs) => isOurs || lost(), (error: unknown) => log.warn({ err: error, run: id }, 'the sign of life of a run could not be noted'))
  }, ALIVE_MILLISECONDS)
  alive.unref()
  let last = { stage: '', at: 0, percent: 0 }

  const progress: RunTools['progress'] = async (stage, percent, note) => {
    stop.signal.throwIfAborted()
    const now = performance.now()
    if (stage === last.stage && now - last.at < PROGRESS_MILLISECONDS) return
    last = { stage, at: now, percent: Math.max(last.percent, percent) }
    options.progress?.(last.percent, stage)
    await note?.(db)
    if (!(await queries.updateRunProgress(db, table, id, taken.attempt, last))) {
      lost()
      stop.signal.throwIfAborted()
    }
    await publishChange(db, kind, taken, { id, status: 'running', stage, percent: last.percent })
  }

  try {
    if (taken.attempt > ATTEMPTS) throw new AppError('internal', `计算已中断 ${ATTEMPTS} 次，不再继续：请重新发起。The run was interrupted ${ATTEMPTS} times and is given up. Start it again.`)
    const store = await work(taken, { signal: stop.signal, progress })
    await db.transaction(async (tx) => {
      const status = await store(tx)
      if (status === null) throw new AppError('cancelled', '计算已取消，或已由另一进程接手。The run was cancelled or taken over.')
      await publish(tx, taken.cityId, kind.eventOf(taken.cityKey, { id, status, stage: 'done', percent: 100 }))
    })
    await db.notify(LIVE_CHANNEL)
    options.progress?.(100, 'done')
  } catch (error) {
    const reason = stop.signal.aborted ? stop.signal.reason : error
    if (reason instanceof AppError && reason.code === 'cancelled') {
      await queries.updateRunCancelled(db, table, id)
      if (signal.aborted || stop.signal.aborted) return
    } else if (signal.aborted && reason instanceof AppError && reason.code === 'unavailable') {
      // The server is stopping: the next start takes the run up again.
      await queries.updateRunWaiting(db, table, id, taken.attempt)
      return
    } else if (await queries.updateRunFailed(db, table, id, taken.attempt, failureOf(reason))) {
      // A refusal is told to whoever asked; only what nobody foresaw is a fault.
      if (reason instanceof AppError && reason.code !== 'internal') log.info({ run: id, refusal: reason.message }, `${kind.job} run refused`)
      else log.error({ err: reason, run: id }, `${kind.job} run failed`)
      await publishChange(db, kind, taken, { id, status: 'failed', stage: 'done', percent: 100 })
    }
    throw reason
  } finally {
    clearInterval(alive)
    signal.removeEventListener('abort', forward)
  }
}

/**
 * Registers the work of a kind with the job runner and takes up what an earlier process left: waiting runs at once,
 * running ones when they have been silent for long enough (on the embedded engine at once: it has one process only).
 */
export async function startRunJobs({ db, jobs, log, clock }: AppContext, { job, table }: RunKind, execute: (context: RunContext, id: string, signal: AbortSignal, options: RunOptions) => Promise<void>): Promise<void> {
  const silentSeconds = db.engine === 'embedded' ? 0 : SILENT_SECONDS
  await jobs.handle(job, async (reference, { signal }) => execute({ db, log, clock }, reference, signal, { silentSeconds }))
  const takeUp = async () => {
    for (const run of await queries.listAbandonedRuns(db, table, silentSeconds)) await jobs.enqueue(job, run.id)
  }
  await takeUp()
  if (silentSeconds > 0) void takeUpSilent()

  // A run that was alive seconds before this start may be another server's; it is looked at again once it would have spoken.
  async function takeUpSilent(): Promise<void> {
    await delay(silentSeconds * 1000 + 1000, undefined, { ref: false })
    await takeUp().catch((error: unknown) => log.warn({ err: error }, `abandoned ${job} runs could not be looked for`))
  }
}
