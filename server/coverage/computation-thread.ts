import { Worker } from 'node:worker_threads'
import type { Computations } from './computation.ts'
import type { ComputationAnswer, ComputationRequest } from './computation-worker.ts'

/** Asks the pure computations of a run in a thread of its own, so that the server goes on answering. */
export interface ComputationThread {
  /** @param heard told the share that is done, 0 to 1, by computations that say so; @throws the signal's reason when aborted; the thread is then gone. */
  compute<Name extends keyof Computations>(name: Name, input: Parameters<Computations[Name]>[0], signal: AbortSignal, heard?: (share: number) => void): Promise<ReturnType<Computations[Name]>>
  /** Gives the thread back for the next run. */
  release(): void
}

/** Threads that wait for the next run: starting one takes longer than most of its work. They do not keep the process alive. */
const idle: Worker[] = []
const KEPT = 1

function start(): Worker {
  const worker = new Worker(new URL('./computation-worker.mjs', import.meta.url), { name: 'coverage', execArgv: [] })
  worker.unref()
  return worker
}

/** Takes a waiting thread or starts one. */
export function takeComputationThread(): ComputationThread {
  let worker: Worker | undefined = idle.pop() ?? start()
  // The thread does one thing at a time; questions asked meanwhile wait for the last one's end.
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    compute(name, input, signal, heard) {
      waiting += 1
      const answer = last.then(() => ask(name, input, signal, heard)).finally(() => (waiting -= 1))
      last = answer.catch(() => undefined)
      return answer
    },
    release() {
      if (!worker) return
      // One that is still at work would answer the next run with this one's result.
      if (idle.length < KEPT && waiting === 0) idle.push(worker)
      else void worker.terminate()
      worker = undefined
    },
  }

  function ask<Name extends keyof Computations>(name: Name, input: Parameters<Computations[Name]>[0], signal: AbortSignal, tell: ((share: number) => void) | undefined): Promise<ReturnType<Computations[Name]>> {
    return new Promise((resolve, reject) => {
      const active = worker
      if (!active) return reject(new Error('the computation thread was given back'))
      if (signal.aborted) return reject(signal.reason)
      const finish = (settle: () => void) => {
        active.off('message', heard).off('error', failed).off('exit', ended)
        signal.removeEventListener('abort', stop)
        active.unref()
        settle()
      }
      const heard = (answer: ComputationAnswer) => {
        if ('heard' in answer) return tell?.(answer.heard)
        finish(() => ('error' in answer ? reject(new Error(`${name} failed: ${answer.error}`)) : resolve(answer.output as ReturnType<Computations[typeof name]>)))
      }
      const failed = (error: Error) => {
        worker = undefined
        finish(() => reject(error))
      }
      const ended = (code: number) => failed(new Error(`the computation thread ended with code ${code}`))
      const stop = () => {
        worker = undefined
        finish(() => reject(signal.reason))
        void active.terminate()
      }
      active.on('message', heard).on('error', failed).on('exit', ended)
      signal.addEventListener('abort', stop, { once: true })
      active.ref()
      active.postMessage({ name, input } satisfies ComputationRequest)
    })
  }
}
