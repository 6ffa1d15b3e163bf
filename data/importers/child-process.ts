/** Starts the child in which files are read and written, and watches over its time and memory. */
import { fork, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const PROGRAM = path.join(import.meta.dirname, 'child.ts')
const TYPESCRIPT_LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const PAGE_BYTES = 4096

export interface ChildLimits {
  milliseconds: number
  heapMegabytes: number
  residentMegabytes: number
}

/** Why a child did not finish by itself. */
export class ChildFailure extends Error {
  readonly reason: 'time' | 'memory' | 'cancelled' | 'died'
  constructor(reason: 'time' | 'memory' | 'cancelled' | 'died', message: string) {
    super(message)
    this.name = 'ChildFailure'
    this.reason = reason
  }
}

async function residentBytes(pid: number): Promise<number> {
  const statistics = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(statistics.split(' ')[1] ?? 0) * PAGE_BYTES
}

/**
 * Runs one task in a child process and hands out the lines it prints.
 * The child is killed at its limits, when `signal` aborts, and when the reader of the lines stops early.
 * @throws ChildFailure when it was killed or died.
 */
export async function* runChild(task: object, limits: ChildLimits, signal?: AbortSignal): AsyncGenerator<string> {
  signal?.throwIfAborted()
  const child: ChildProcess = fork(PROGRAM, [], {
    // The child sees no variable of ours: neither the database's address nor anything else.
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    execArgv: ['--import', TYPESCRIPT_LOADER, `--max-old-space-size=${limits.heapMegabytes}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let failure: ChildFailure | undefined
  const stop = (reason: ChildFailure['reason'], message: string): void => {
    failure ??= new ChildFailure(reason, message)
    child.kill('SIGKILL')
  }
  const timer = setTimeout(() => stop('time', `The file took longer than ${Math.round(limits.milliseconds / 1000)} s to read and was given up.`), limits.milliseconds)
  const memory = setInterval(() => {
    if (child.pid === undefined) return
    void residentBytes(child.pid).then((bytes) => {
      if (bytes > limits.residentMegabytes * 1024 ** 2) stop('memory', `Reading the file took more than ${limits.residentMegabytes} MB of memory and was given up.`)
    })
  }, 200)
  const cancel = (): void => stop('cancelled', 'Cancelled.')
  signal?.addEventListener('abort', cancel, { once: true })

  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-4000)))
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      complaint += error.message
      resolve(-1)
    })
    child.once('close', (code) => resolve(code))
  })
  child.send(task)
  try {
    if (child.stdout) yield* createInterface({ input: child.stdout, crlfDelay: Infinity })
    const code = await ended
    if (failure) throw failure
    if (code !== 0) {
      const outOfMemory = /heap out of memory|Cannot enlarge memory|OOM/i.test(complaint)
      throw new ChildFailure(outOfMemory ? 'memory' : 'died', outOfMemory ? 'The file needs more memory to read than is allowed.' : `The reader stopped unexpectedly: ${complaint.trim().split('\n').at(-1) ?? `exit ${code}`}`)
    }
  } finally {
    clearTimeout(timer)
    clearInterval(memory)
    signal?.removeEventListener('abort', cancel)
    if (child.exitCode === null) child.kill('SIGKILL')
  }
}
