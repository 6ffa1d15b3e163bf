import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { DatabaseError } from './database-error.ts'
import type { EmbeddedWorkerData, FromWorker, ToWorker } from './embedded-protocol.ts'

export interface EmbeddedProcessOptions {
  /** The PostgreSQL data folder itself. */
  dataFolder: string
  durable: boolean
  report: (error: Error) => void
  /** Milliseconds to wait for the engine to open before giving up. */
  openTimeoutMs?: number
}

const OPEN_TIMEOUT_MS = 180_000
const CLOSE_TIMEOUT_MS = 5_000

/** Keeps the embedded engine's thread: starts it, ends it at a deadline and starts it again, closes it after its last statement. */
export class EmbeddedProcess {
  socketPath = ''
  serverVersion = ''
  readonly #options: EmbeddedProcessOptions
  readonly #fsyncCounter = new SharedArrayBuffer(4)
  #worker: Worker | undefined
  #socketFolder = ''
  #state: 'opening' | 'open' | 'closing' | 'closed' | 'failed' = 'opening'
  #reopening: Promise<void> | undefined
  #restarts = 0

  private constructor(options: EmbeddedProcessOptions) {
    this.#options = options
  }

  static async open(options: EmbeddedProcessOptions): Promise<EmbeddedProcess> {
    const engine = new EmbeddedProcess(options)
    await engine.#start()
    return engine
  }

  /** Completed fsync calls since the engine was opened. */
  get fsyncs(): number {
    return Atomics.load(new Int32Array(this.#fsyncCounter), 0)
  }

  /** How often the engine was killed and opened again. */
  get restarts(): number {
    return this.#restarts
  }

  /** @throws DatabaseError 57P03 while the engine opens again, 08003 when it is closed. */
  checkReady(): void {
    if (this.#state === 'open') return
    if (this.#state === 'opening') throw new DatabaseError('57P03', 'the embedded database is opening again; try again in a few seconds')
    throw new DatabaseError('08006', this.#state === 'failed' ? 'the embedded database could not be opened again; restart the program' : 'the embedded database is closed')
  }

  /** Settles when a reopening that is under way has ended. */
  async settled(): Promise<void> {
    await this.#reopening
  }

  /** Ends the engine as `kill -9` would and opens it again; what was committed stays. Safe to call twice. */
  restart(reason: string): Promise<void> {
    if (this.#state === 'closing' || this.#state === 'closed') return Promise.resolve()
    this.#reopening ??= this.#restart(reason).finally(() => {
      this.#reopening = undefined
    })
    return this.#reopening
  }

  /** Closes with a checkpoint. Call with no statement in flight. Answers whether it closed cleanly within the deadline. */
  async close(): Promise<boolean> {
    await this.#reopening?.catch(() => undefined)
    if (this.#state !== 'open') {
      this.#state = 'closed'
      await this.kill()
      return false
    }
    this.#state = 'closing'
    const closed = this.#answer(CLOSE_TIMEOUT_MS, 'the embedded database did not close in time').then(
      () => true,
      (error: Error) => {
        this.#options.report(error)
        return false
      },
    )
    this.#worker?.postMessage({ type: 'close' } satisfies ToWorker)
    const clean = await closed
    this.#state = 'closed'
    await this.kill()
    return clean
  }

  /** Ends the thread at once, without closing the database. */
  async kill(): Promise<void> {
    if (this.#state !== 'opening') this.#state = 'closed'
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
    if (this.#socketFolder) await rm(this.#socketFolder, { recursive: true, force: true })
    this.#socketFolder = ''
  }

  async #restart(reason: string): Promise<void> {
    this.#state = 'opening'
    this.#restarts += 1
    this.#options.report(new Error(`the embedded database is killed and opened again: ${reason}`))
    await this.kill()
    try {
      await this.#start()
    } catch (error) {
      this.#state = 'failed'
      this.#options.report(error as Error)
      throw error
    }
  }

  async #start(): Promise<void> {
    await this.#makeSocketPath()
    const workerData: EmbeddedWorkerData = {
      dataFolder: this.#options.dataFolder,
      socketPath: this.socketPath,
      durable: this.#options.durable,
      fsyncCounter: this.#fsyncCounter,
    }
    const worker = new Worker(new URL('./embedded-worker.mjs', import.meta.url), { workerData, execArgv: [], name: 'embedded-database' })
    this.#worker = worker
    try {
      const answer = await this.#answer(this.#options.openTimeoutMs ?? OPEN_TIMEOUT_MS, 'the embedded database did not open in time')
      if (answer.type === 'ready') this.serverVersion = answer.serverVersion
    } catch (error) {
      await this.kill()
      throw error
    }
    this.#state = 'open'
    worker.on('error', (error) => this.#died(worker, error))
    worker.on('exit', (code) => this.#died(worker, new Error(`its thread ended with code ${code}`)))
  }

  #died(worker: Worker, error: Error): void {
    if (worker !== this.#worker || this.#state !== 'open') return
    this.restart(error.message).catch(this.#options.report)
  }

  /** The thread's next message. @throws when it fails, ends or says nothing in time. */
  async #answer(timeoutMs: number, late: string): Promise<FromWorker> {
    const worker = this.#worker
    if (!worker) throw new Error('the embedded database has no thread')
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(new Error(late)), timeoutMs)
    try {
      const { signal } = stop
      const ended = once(worker, 'exit', { signal }).then(([code]) => {
        throw new Error(`the embedded database's thread ended with code ${String(code)}`)
      })
      const [message] = (await Promise.race([once(worker, 'message', { signal }), ended])) as [FromWorker]
      if (message.type === 'failed') throw new Error(message.message)
      return message
    } catch (error) {
      throw stop.signal.aborted ? (stop.signal.reason as Error) : error
    } finally {
      clearTimeout(timer)
      stop.abort()
    }
  }

  /** A name only this user can reach: a socket in a folder of mode 0700; on Windows a pipe whose random name is the secret. */
  async #makeSocketPath(): Promise<void> {
    if (process.platform === 'win32') {
      this.socketPath = `\\\\.\\pipe\\xiucheng-${randomBytes(24).toString('hex')}`
      return
    }
    await sweepSocketFolders()
    this.#socketFolder = await mkdtemp(path.join(os.tmpdir(), `${SOCKET_FOLDER}${process.pid}-`))
    this.socketPath = path.join(this.#socketFolder, 'database.sock')
  }
}

const SOCKET_FOLDER = 'xiucheng-socket-'

/** Removes the socket folders of processes that were killed and could not do it themselves. */
async function sweepSocketFolders(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const pid = name.startsWith(SOCKET_FOLDER) ? Number(name.slice(SOCKET_FOLDER.length).split('-')[0]) : Number.NaN
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(path.join(os.tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
