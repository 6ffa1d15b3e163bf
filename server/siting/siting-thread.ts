import { Worker } from 'node:worker_threads'
import { SitingRefused } from '../engine/siting/issues.ts'
import type { SitingAnswer, SitingProblem, SitingProgress, SitingQuestion, StoppedBy } from '../engine/siting/problem.ts'
import type { SitingMessage, SitingRequest, SitingResult } from './siting-worker.ts'

export interface SitingRun {
  problem: SitingProblem
  question: SitingQuestion
  timeLimitMs: number | null
  /** Goes on to prove the answer by mixed-integer programming; without it the fast answer and its bound. */
  isExact: boolean
  curveTo?: number
  signal?: AbortSignal
  onProgress?(progress: SitingProgress): void
}

/** How long a thread may go on after it was told to stop: the solver looks up only now and then. */
const GRACE_MS = 3000

/**
 * Finds the best sites in a thread of its own: the solver blocks while it works, and its memory goes with the thread.
 * A cancelled or timed-out search answers the best so far; reasons and curve are then missing where the thread had to be ended.
 * @throws SitingRefused where the question has no meaningful answer; the signal's reason when aborted before there was any answer
 */
export function runSiting({ problem, question, timeLimitMs, isExact, curveTo = 0, signal, onProgress }: SitingRun): Promise<SitingResult> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const cancel = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL('./siting-worker.mjs', import.meta.url), { name: 'siting', execArgv: [] })
    let last: SitingProgress | undefined
    let answer: SitingAnswer | undefined
    let grace: NodeJS.Timeout | undefined
    const finish = (settle: () => void) => {
      clearTimeout(grace)
      clearTimeout(limit)
      signal?.removeEventListener('abort', stop)
      worker.removeAllListeners()
      void worker.terminate()
      settle()
    }
    /** The best answer that the thread told of, where it does not come to an end by itself. */
    const giveUp = (stoppedBy: StoppedBy) =>
      finish(() => {
        if (answer) return resolve({ answer, reasons: null, curve: null })
        if (!last || Number.isNaN(last.objective)) return reject(signal?.aborted ? signal.reason : new Error('the search ended before it had an answer'))
        const { sites, objective, bound, gap } = last
        resolve({ answer: { method: question.method, sites: [...sites], objective, bound, gap, isProven: false, stoppedBy, solverFault: null }, reasons: null, curve: null })
      })
    const stop = () => {
      Atomics.store(cancel, 0, 1)
      grace ??= setTimeout(() => giveUp('cancelled'), GRACE_MS)
    }
    const limit = timeLimitMs === null ? undefined : setTimeout(() => giveUp('time'), timeLimitMs + 2 * GRACE_MS)
    signal?.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: SitingMessage) => {
      if ('progress' in message) {
        last = message.progress
        onProgress?.(last)
      } else if ('answer' in message) answer = message.answer
      else if ('result' in message) finish(() => resolve(message.result))
      else if ('refused' in message) finish(() => reject(new SitingRefused(message.refused)))
      else finish(() => reject(new Error(`the siting thread failed: ${message.error}`)))
    })
    worker.on('error', (error) => finish(() => reject(error)))
    worker.on('exit', (code) => finish(() => reject(new Error(`the siting thread ended with code ${code}`))))
    worker.postMessage({ problem, question, timeLimitMs, isExact, curveTo, cancel } satisfies SitingRequest)
  })
}
