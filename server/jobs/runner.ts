import PgBoss from 'pg-boss'
import type { Logger } from 'pino'
import type { Db } from '../db/db.ts'
import { foreignStatement } from '../db/sql.ts'
import { AppError } from '../errors.ts'

/** A kind of long work, with what a handler needs. */
export type JobKind = 'coverage' | 'import' | 'planning'

export interface JobHandle {
  /** Aborted when the job is cancelled (reason: AppError `cancelled`) or the server stops (reason: AppError `unavailable`). */
  signal: AbortSignal
}

/** Long work that survives a restart: the queue lives in the database. */
export interface JobRunner {
  /** Queues work; `reference` is the public id of the row that holds its state. */
  enqueue(kind: JobKind, reference: string): Promise<void>
  /** Stops waiting or running work. */
  cancel(kind: JobKind, reference: string): Promise<void>
  /** Registers the handler of a kind; called once at start. */
  handle(kind: JobKind, handler: (reference: string, handle: JobHandle) => Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface JobRunnerOptions {
  /** Jobs at the same time; one on the embedded engine, whose single connection they would only fight for. */
  concurrency?: number
  /** How often the queue is looked at for work that another process put there. Work put in by this process starts at once. */
  pollMilliseconds?: number
  schema?: string
}

/** A job that outlives this is taken to be lost by its process. */
const EXPIRE_SECONDS = 3600

/**
 * Starts the queue: pg-boss on our own connection, so that it runs alike on both engines.
 * A handler is called at least once for every reference: it must look at its row and do nothing when that is finished or cancelled.
 */
export async function startJobRunner(db: Db, log: Logger, options: JobRunnerOptions = {}): Promise<JobRunner> {
  const concurrency = options.concurrency ?? (db.engine === 'embedded' ? 1 : 2)
  const pollMilliseconds = options.pollMilliseconds ?? 2000
  const boss = new PgBoss({
    db: {
      async executeSql(text: string, values?: unknown[]) {
        if (/^\s*BEGIN\b/i.test(text)) {
          await db.exec(text)
          return { rows: [] }
        }
        return { rows: await db.query(foreignStatement(text, values ?? [])) }
      },
    },
    schema: options.schema ?? 'pgboss',
    schedule: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'job queue'))
  await boss.start()

  const running = new Map<string, { controller: AbortController; done: Promise<void> }>()
  const loops: Promise<void>[] = []
  const wakers = new Set<() => void>()
  let free = concurrency
  let closed = false

  function wakeAll(): void {
    for (const wake of wakers) wake()
  }

  /** Waits for a bell or the poll interval. */
  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, pollMilliseconds)
      timer.unref()
      wakers.add(wake)
    })
  }

  async function runJob(kind: JobKind, job: PgBoss.Job<{ reference: string }>, handler: (reference: string, handle: JobHandle) => Promise<void>, controller: AbortController): Promise<void> {
    const { reference } = job.data
    try {
      await handler(reference, { signal: controller.signal })
      await boss.complete(kind, job.id)
    } catch (error) {
      log.error({ err: error, kind, reference }, 'job failed')
      await boss.fail(kind, job.id, { message: error instanceof Error ? error.message : String(error) }).catch((failure: unknown) => log.error({ err: failure, kind, reference }, 'the failure of a job could not be noted'))
    } finally {
      running.delete(`${kind} ${reference}`)
      free += 1
      wakeAll()
    }
  }

  async function loop(kind: JobKind, handler: (reference: string, handle: JobHandle) => Promise<void>): Promise<void> {
    while (!closed) {
      let job: PgBoss.Job<{ reference: string }> | undefined
      if (free > 0) {
        // Taken before the question is asked, so that two kinds do not both see the last place.
        free -= 1
        try {
          job = (await boss.fetch<{ reference: string }>(kind, { batchSize: 1 }))[0]
        } catch (error) {
          if (!closed) log.error({ err: error, kind }, 'the job queue could not be read')
        }
        if (!job) free += 1
      }
      if (job) {
        const controller = new AbortController()
        if (closed) controller.abort(new AppError('unavailable', 'The server is stopping.'))
        running.set(`${kind} ${job.data.reference}`, { controller, done: runJob(kind, job, handler, controller) })
      } else if (!closed) await pause()
    }
  }

  return {
    async enqueue(kind, reference) {
      await boss.send(kind, { reference }, { retryLimit: 0, expireInSeconds: EXPIRE_SECONDS })
      wakeAll()
    },
    async cancel(kind, reference) {
      running.get(`${kind} ${reference}`)?.controller.abort(new AppError('cancelled', 'Cancelled by request.'))
    },
    async handle(kind, handler) {
      await boss.createQueue(kind)
      loops.push(loop(kind, handler))
    },
    async close() {
      if (closed) return
      closed = true
      for (const { controller } of running.values()) controller.abort(new AppError('unavailable', 'The server is stopping.'))
      wakeAll()
      await Promise.all(loops)
      await Promise.allSettled([...running.values()].map(({ done }) => done))
      await boss.stop({ graceful: false, close: false })
    },
  }
}
