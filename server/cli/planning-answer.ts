import { setTimeout as delay } from 'node:timers/promises'
import type { AppContext } from '../context.ts'
import type { PlanningQuestion, PlanningRun } from '../contract/planning.ts'
import { AppError } from '../errors.ts'
import { askForPlanningRun, executeRun, getPlanningRun } from '../planning/planning.ts'
import type { CommandIo } from './command.ts'

const POLL_MILLISECONDS = 300

/**
 * The answer to a planning question: from the store, by computing it here, or from the process that is at it already.
 * Ctrl-C cancels; of a kind that keeps it, the best so far is then the answer.
 * @throws AppError as the run failed, or `cancelled` where it was cancelled before there was any answer
 */
export async function answerPlanning(context: AppContext, city: string, question: PlanningQuestion, io: CommandIo): Promise<PlanningRun> {
  const asked = await askForPlanningRun(context.db, city, question)
  if (asked.status === 'finished') return asked
  const stop = new AbortController()
  const cancel = () => stop.abort(new AppError('cancelled', '已取消。Cancelled.'))
  if (io.signal.aborted) cancel()
  else io.signal.addEventListener('abort', cancel, { once: true })
  await executeRun(context, asked.id, stop.signal, { progress: (percent, stage) => io.progress(percent, stage) })
  for (;;) {
    const run = await getPlanningRun(context, city, asked.id)
    if (run.status === 'finished' || (run.status === 'cancelled' && run.result)) return run
    if (run.status === 'failed' || run.status === 'cancelled') throw new AppError(run.status === 'cancelled' ? 'cancelled' : 'internal', run.error?.message ?? `The run ${run.id} is ${run.status}.`)
    io.signal.throwIfAborted()
    // Another process works on the same question: its answer is ours.
    io.progress(run.percent, run.stage)
    await delay(POLL_MILLISECONDS, undefined, { signal: io.signal })
  }
}
