import type { Logger } from 'pino'

export interface Periodic {
  /** Stops for good; resolves when nothing is under way. */
  close(): Promise<void>
}

/**
 * Runs something at once and then again and again, each time so long after it ended; a failure is told and the next time comes all the same.
 * @param work is told by the signal when to break off.
 */
export function startPeriodic(name: string, everyMilliseconds: number, work: (signal: AbortSignal) => Promise<void>, log: Logger): Periodic {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const run = (): void => {
    running = work(stop.signal)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) log.error({ err: error, work: name }, 'work that comes again and again failed; it goes on')
      })
      .then(() => {
        if (!stop.signal.aborted) timer = setTimeout(run, everyMilliseconds).unref()
      })
  }
  run()
  return {
    async close() {
      stop.abort()
      clearTimeout(timer)
      await running
    },
  }
}
