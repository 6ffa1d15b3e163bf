import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export const ROOT = path.join(import.meta.dirname, '..', '..', '..')
/** Building the client and loading the demo city on the embedded engine are within this. */
const START_WITHIN_MS = 9 * 60_000

export interface Console {
  /** `http://127.0.0.1:PORT` */
  origin: string
  /** What the process has said so far, both streams. */
  output(): string
  stop(): Promise<void>
}

/**
 * Starts the console as a user does, on a free port and a data folder of its own, and waits until it says that it is ready.
 * @param options.databaseUrl a PostgreSQL server; left out, the embedded engine
 * @param options.folder a data folder that is there already; it goes with the console as its own would
 * @throws with the process's own words when it ends before it is ready
 */
export async function startConsole(options: { databaseUrl?: string | undefined; folder?: string; environment?: Record<string, string> } = {}): Promise<Console> {
  const folder = options.folder ?? mkdtempSync(path.join(os.tmpdir(), 'xiucheng-e2e-'))
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !['DATABASE_URL', 'PORT', 'HOST', 'NODE_ENV', 'VITEST'].includes(name)))
  const child = spawn(process.execPath, ['server/start.mjs'], {
    cwd: ROOT,
    env: { ...inherited, PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn', ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const remember = (chunk: Buffer): void => {
    said += chunk.toString()
  }
  child.stdout.on('data', remember)
  child.stderr.on('data', remember)
  try {
    const origin = await readyAddress(child, () => said)
    return {
      origin,
      output: () => said,
      stop: async () => {
        await stop(child)
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function readyAddress(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The console was not ready in time. It said:\n${said()}`)), START_WITHIN_MS)
    const look = (): void => {
      const match = /is ready: (http:\/\/[^\s/]+)/.exec(said())
      if (!match) return
      clearTimeout(timer)
      resolve(match[1]!)
    }
    child.stdout?.on('data', look)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The console ended (${code}) before it was ready. It said:\n${said()}`))
    })
  })
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
