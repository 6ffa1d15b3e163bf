/** Carries a run from waiting to its end: takes it, computes, stores all of its results in one transaction, tells who listens. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppContext } from '../context.ts'
import { COVERAGE_ENGINE_VERSION, type CoverageInput, type CoveragePassport, type CoverageRun } from '../contract/coverage.ts'
import { LIVE_CHANNEL } from '../contract/live.ts'
import type { Db } from '../db/db.ts'
import { QUADRANT_SEGMENTS } from '../engine/service-area.ts'
import { AppError, fromSqlState } from '../errors.ts'
import { publish } from '../live/publish.ts'
import { analyse } from './analysis.ts'
import type { AnalysisResult } from './analysis-result.ts'
import { takeComputationThread } from './computation-thread.ts'
import { FORMULA, methodTexts, walkingFormula } from './method.ts'
import { bandsOf } from './qualification.ts'
import { getQuestion } from './question.ts'
import * as queries from './queries.ts'

/** Progress is written at most this often; a change of stage always is. */
const PROGRESS_MILLISECONDS = 400
/** A running run without a sign of life for this long is taken to be abandoned. */
const SILENT_SECONDS = 30
const ATTEMPTS = 3

interface RunChange {
  id: string
  status: string
  stage: string
  percent: number
}

/** Tells every open console of a change, in a transaction of its own. */
export async function publishRun(db: Db, city: { cityId: number; cityKey: string }, change: RunChange): Promise<void> {
  await publish(db, city.cityId, { type: 'coverage.changed', city: city.cityKey, runId: change.id, status: change.status, stage: change.stage, percent: change.percent })
  await db.notify(LIVE_CHANNEL)
}

export interface RunOptions {
  /** Hears of progress, beside the store. */
  progress?: (percent: number, stage: string) => void
  /** Seconds of silence after which another process's run may be taken over; 0 takes over at once. */
  silentSeconds?: number
}

type RunContext = Pick<AppContext, 'db' | 'log' | 'clock'>

/** What a failure says to the user: a known error's own words, else an honest general sentence (the log holds the rest). */
function failureOf(error: unknown): { code: string; message: string } {
  const known = fromSqlState(error)
  if (known instanceof AppError) return { code: known.code, message: known.message }
  return { code: 'internal', message: '计算出错，详情见服务器日志。The computation failed; the server log holds the details.' }
}

/**
 * Runs one coverage run to its end. Does nothing when it is finished, cancelled, or alive elsewhere.
 * @throws whatever stopped it, after the run was marked failed (or put back, when the server is stopping).
 */
export async function executeRun(context: RunContext, id: string, signal: AbortSignal, options: RunOptions = {}): Promise<void> {
  const { db, log, clock } = context
  const taken = await queries.updateRunTaken(db, id, options.silentSeconds ?? SILENT_SECONDS)
  if (!taken) return
  const cityKey = (await queries.findCityKeyOfRun(db, id))!
  const stop = new AbortController()
  const forward = () => stop.abort(signal.reason)
  if (signal.aborted) forward()
  else signal.addEventListener('abort', forward, { once: true })
  const thread = takeComputationThread()
  const startedAt = clock()
  let cityId = 0
  let last = { stage: '', at: 0, percent: 0 }

  const progress = async (stage: CoverageRun['stage'], percent: number) => {
    stop.signal.throwIfAborted()
    const now = performance.now()
    if (stage === last.stage && now - last.at < PROGRESS_MILLISECONDS) return
    last = { stage, at: now, percent: Math.max(last.percent, percent) }
    options.progress?.(last.percent, stage)
    if (!(await queries.updateRunProgress(db, id, taken.attempt, stage, last.percent))) {
      stop.abort(new AppError('cancelled', 'The run was cancelled or taken over.'))
      stop.signal.throwIfAborted()
    }
    if (cityId) await publishRun(db, { cityId, cityKey }, { id, status: 'running', stage, percent: last.percent })
  }

  try {
    if (taken.attempt > ATTEMPTS) throw new AppError('internal', `The run was interrupted ${ATTEMPTS} times and is given up. Start it again.`)
    const stored = (await queries.findRunById(db, id))!
    const question = await getQuestion(db, cityKey, stored.input)
    cityId = question.city.cityId
    const result = await analyse({ city: question.city, rule: question.rule, input: question.input }, { db, thread, signal: stop.signal, progress })
    await progress('store', 93)
    const finishedAt = clock()
    const passport = passportOf(question, stored.key, result, { startedAt, finishedAt, engine: db.engine })
    await db.transaction(async (tx) => {
      await queries.insertResults(tx, taken.runId, question.city.measureSrid, result)
      if (!(await queries.updateRunFinished(tx, id, taken.attempt, result.summary, passport))) throw new AppError('cancelled', 'The run was cancelled or taken over.')
      await publish(tx, cityId, { type: 'coverage.changed', city: cityKey, runId: id, status: 'finished', stage: 'done', percent: 100 })
    })
    await db.notify(LIVE_CHANNEL)
    options.progress?.(100, 'done')
  } catch (error) {
    const reason = stop.signal.aborted ? stop.signal.reason : error
    if (reason instanceof AppError && reason.code === 'cancelled') {
      await queries.updateRunCancelled(db, id)
      if (signal.aborted || stop.signal.aborted) return
    } else if (signal.aborted && reason instanceof AppError && reason.code === 'unavailable') {
      // The server is stopping: the next start takes the run up again.
      await queries.updateRunWaiting(db, id, taken.attempt)
      return
    } else if (await queries.updateRunFailed(db, id, taken.attempt, failureOf(reason))) {
      log.error({ err: reason, run: id }, 'coverage run failed')
      if (cityId) await publishRun(db, { cityId, cityKey }, { id, status: 'failed', stage: 'done', percent: 100 })
    }
    throw reason
  } finally {
    signal.removeEventListener('abort', forward)
    thread.release()
  }
}

function passportOf(
  question: Awaited<ReturnType<typeof getQuestion>>,
  key: string,
  result: AnalysisResult,
  when: { startedAt: Date; finishedAt: Date; engine: Db['engine'] },
): CoveragePassport {
  const { city, rule, input, inputs } = question
  return {
    engineVersion: COVERAGE_ENGINE_VERSION,
    key,
    rule,
    input: input satisfies CoverageInput,
    inputs,
    measureSrid: city.measureSrid,
    measureName: city.measureName,
    formula: input.ruler === 'walk' ? walkingFormula(input.demand) : FORMULA[input.demand],
    ...methodTexts({
      input,
      bands: bandsOf(input, rule),
      people: result.people,
      hasBuiltUpArea: result.hasBuiltUpArea,
      hasResidential: result.hasResidential,
      quadrantSegments: QUADRANT_SEGMENTS,
      measureName: city.measureName,
      measureSrid: city.measureSrid,
      walking: result.walking ?? null,
    }),
    engine: when.engine,
    startedAt: when.startedAt.toISOString(),
    finishedAt: when.finishedAt.toISOString(),
    durationMilliseconds: when.finishedAt.getTime() - when.startedAt.getTime(),
  }
}

/**
 * Registers the work of coverage with the job runner and takes up what an earlier process left: waiting runs at once,
 * running ones when they have been silent for long enough (on the embedded engine at once: it has one process only).
 */
export async function startCoverageJobs({ db, jobs, log, clock }: AppContext): Promise<void> {
  const silentSeconds = db.engine === 'embedded' ? 0 : SILENT_SECONDS
  await jobs.handle('coverage', (reference, { signal }) => executeRun({ db, log, clock }, reference, signal, { silentSeconds }))
  for (const run of await queries.listAbandonedRuns(db, silentSeconds)) await jobs.enqueue('coverage', run.id)
  if (silentSeconds > 0) void takeUpSilent()

  // A run that was alive seconds before this start may be another server's; it is looked at again once it would have spoken.
  async function takeUpSilent(): Promise<void> {
    await delay(silentSeconds * 1000 + 1000, undefined, { ref: false })
    try {
      for (const run of await queries.listAbandonedRuns(db, silentSeconds)) await jobs.enqueue('coverage', run.id)
    } catch (error) {
      log.warn({ err: error }, 'abandoned coverage runs could not be looked for')
    }
  }
}
