import { Worker } from 'node:worker_threads'
import { SitingRefused } from '../engine/siting/issues.ts'
import type { SitingAnswer, SitingProblem, SitingProgress, SitingQuestion, StoppedBy } from '../engine/siting/problem.ts'
import { AppError } from '../errors.ts'
import type { SitingGround } from './ground.ts'
import type { CityTold, SitingMessage, SitingRequest, SitingResult } from './siting-worker.ts'

interface Search {
  question: SitingQuestion
  timeLimitMs: number | null
  /** Goes on to prove the answer by mixed-integer programming; without it the fast answer and its bound. */
  isExact: boolean
  curveTo?: number
  signal?: AbortSignal
  onProgress?(progress: SitingProgress): void
}

export interface SitingRun extends Search {
  problem: SitingProblem
}

export interface CitySitingRun extends Search {
  ground: SitingGround
  /** Hears what was made of the ground, before the search begins. */
  onCity?(city: CityTold): void
}

/** How long a thread may go on after it was told to stop: the solver looks up only now and then. */
const GRACE_MS = 3000

/**
 * Finds the best sites in a thread of its own: the solver blocks while it works, and its memory goes with the thread.
 * A cancelled or timed-out search answers the best so far; reasons and curve are then missing where the thread had to be ended.
 * @throws SitingRefused where the question has no meaningful answer; the signal's reason when aborted before there was any answer
 */
export function runSiting({ problem, ...search }: SitingRun): Promise<SitingResult> {
  return ask({ problem }, search, null)
}

/**
 * The same over the ground of a city, whose costs are worked out in the thread.
 * Reasons and report are there in any case: where the thread had to be ended, another one explains what it had found.
 * @throws beside the above AppError bad_request where the ground is too large
 */
export async function runCitySiting({ ground, onCity, ...search }: CitySitingRun): Promise<SitingResult> {
  const found = await ask({ ground }, search, null, onCity)
  if (found.report) return found
  const { question } = search
  const explained = await ask({ ground }, { question, timeLimitMs: null, isExact: false, curveTo: search.curveTo ?? 0 }, found.answer.sites)
  return { ...explained, answer: found.answer }
}

function ask(of: SitingRequest['of'], { question, timeLimitMs, isExact, curveTo = 0, signal, onProgress }: Search, chosen: number[] | null, onCity?: (city: CityTold) => void): Promise<SitingResult> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const cancel = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL('./siting-worker.mjs', import.meta.url), { name: 'siting', execArgv: [] })
    let last: SitingProgress | undefined
    let answer: SitingAnswer | undefined
    let grace: NodeJS.Timeout | undefined
    let limit: NodeJS.Timeout | undefined
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
        if (answer) return resolve({ answer, reasons: null, curve: null, report: null })
        if (!last || Number.isNaN(last.objective)) return reject(signal?.aborted ? signal.reason : new Error('the search ended before it had an answer'))
        const { sites, objective, bound, gap } = last
        resolve({ answer: { method: question.method, sites: [...sites], objective, bound, gap, isProven: false, stoppedBy, solverFault: null }, reasons: null, curve: null, report: null })
      })
    const stop = () => {
      Atomics.store(cancel, 0, 1)
      grace ??= setTimeout(() => giveUp('cancelled'), GRACE_MS)
    }
    /** The time of the search begins when there is something to search in. */
    const limitFromNow = () => (limit = timeLimitMs === null ? undefined : setTimeout(() => giveUp('time'), timeLimitMs + 2 * GRACE_MS))
    if ('problem' in of) limitFromNow()
    signal?.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: SitingMessage) => {
      if ('progress' in message) {
        last = message.progress
        onProgress?.(last)
      } else if ('city' in message) {
        onCity?.(message.city)
        limitFromNow()
      } else if ('answer' in message) answer = message.answer
      else if ('result' in message) finish(() => resolve(message.result))
      else if ('refused' in message) finish(() => reject(new SitingRefused(message.refused)))
      else if ('tooLarge' in message) finish(() => reject(new AppError('bad_request', message.tooLarge)))
      else finish(() => reject(new Error(`the siting thread failed: ${message.error}`)))
    })
    worker.on('error', (error) => finish(() => reject(error)))
    worker.on('exit', (code) => finish(() => reject(new Error(`the siting thread ended with code ${code}`))))
    worker.postMessage({ of, question, timeLimitMs, isExact, curveTo, chosen, cancel } satisfies SitingRequest)
  })
}
