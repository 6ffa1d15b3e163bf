/** The program as a user runs it: processes of its own, with what they print. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '../..')

export interface Finished {
  code: number | null
  out: string
  error: string
}

export interface Running {
  child: ChildProcess
  out(): string
  error(): string
  /** Settles when standard output has said something that matches; fails when the process ends before. */
  says(words: RegExp): Promise<RegExpMatchArray>
  ended: Promise<Finished>
}

/** Only what is given, and what a process cannot do without: nothing of the test run's own settings. */
function environmentOf(given: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...given }
}

export function runProgram(args: string[], environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: environmentOf(environment), stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let error = ''
  const heard = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    for (const hear of heard) hear()
  })
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, error }))
  return {
    child,
    out: () => out,
    error: () => error,
    ended,
    says(words) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = words.exec(out)
          if (!found) return
          heard.delete(look)
          resolve(found)
        }
        heard.add(look)
        look()
        void ended.then(() => reject(new Error(`ended without saying ${words}: ${out}${error}`)))
      })
    },
  }
}

/** One command line, to its end. */
export function runCli(args: string[], environment: Record<string, string>): Promise<Finished> {
  return runProgram(['server/cli.mjs', ...args], environment).ended
}

export function startServer(environment: Record<string, string>): Running {
  return runProgram(['server/start.mjs'], { PORT: '0', DEMO: 'none', NODE_ENV: 'development', LOG_LEVEL: 'error', ...environment })
}
