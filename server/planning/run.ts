/** What a planning run does between its start and its end: its kind computes, the answer is stored with its passport. */
import type { AppContext } from '../context.ts'
import type { DatedLayer } from '../contract/coverage.ts'
import type { PlanningQuestion } from '../contract/planning.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import { listInputDates } from '../coverage/input-queries.ts'
import { carryRun, type RunContext, type RunKind, type RunOptions, startRunJobs } from '../jobs/run-life.ts'
import { AppError } from '../errors.ts'
import type { Executed } from './kind.ts'
import { type AskedQuestion, getQuestion } from './question.ts'
import * as queries from './queries.ts'

export const PLANNING_RUNS: RunKind = {
  job: 'planning',
  table: 'planning_runs',
  eventOf: (city, { id, status, stage, percent }) => ({ type: 'planning.changed', city, runId: id, status, stage, percent }),
}

/**
 * Carries one planning run to its end. Does nothing when it is finished, cancelled, or alive elsewhere.
 * @throws whatever stopped it, after the run was marked failed (or put back, when the server is stopping)
 */
export async function executeRun(context: RunContext, id: string, signal: AbortSignal, options: RunOptions = {}): Promise<void> {
  const { db, log, clock } = context
  await carryRun(context, PLANNING_RUNS, id, signal, options, async (taken, tools) => {
    const startedAt = clock()
    const stored = (await queries.findRun(db, taken.cityId, id))!
    const question = await getQuestion(db, taken.cityKey, { kind: stored.kind, input: stored.input } as PlanningQuestion)
    const layers = await listInputDates(db, question.city.cityId, question.inputs)
    const executed = await question.of.execute(question.city, question.settled, {
      db, log,
      signal: tools.signal,
      progress: (stage, percent, interim) => tools.progress(stage, percent, interim && ((tx) => queries.updateRunInterim(tx, id, taken.attempt, interim))),
    })
    // The best so far is an answer to whoever cancelled; to a server that stops it is none.
    if (tools.signal.aborted && !(tools.signal.reason instanceof AppError && tools.signal.reason.code === 'cancelled')) throw tools.signal.reason
    const passport = passportOf(question, stored.key, executed, layers, { startedAt, finishedAt: clock(), engine: db.engine })
    return (tx) => queries.updateRunAnswered(tx, id, taken.attempt, { ...executed, passport, isCancelled: tools.signal.aborted })
  })
}

function passportOf({ city, of, settled, inputs }: AskedQuestion, key: string, { formula, methodZh, methodEn }: Executed<unknown, unknown>, layers: DatedLayer[], when: { startedAt: Date; finishedAt: Date; engine: string }): PlanningPassport {
  return {
    engineVersion: of.engineVersion, key,
    input: settled.input, basis: settled.basis, inputs, layers,
    measureSrid: city.measureSrid, measureName: city.measureName,
    formula, methodZh, methodEn,
    engine: when.engine,
    startedAt: when.startedAt.toISOString(),
    finishedAt: when.finishedAt.toISOString(),
    durationMilliseconds: when.finishedAt.getTime() - when.startedAt.getTime(),
  }
}

/** Registers planning work with the job runner and takes up what an earlier process left. */
export function startPlanningJobs(context: AppContext): Promise<void> {
  return startRunJobs(context, PLANNING_RUNS, executeRun)
}
