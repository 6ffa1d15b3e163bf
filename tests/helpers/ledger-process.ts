import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { LedgerRow } from './ledger.ts'

const ROOT = path.join(import.meta.dirname, '../..')

export interface LedgerProcess {
  child: ChildProcess
  /** What the database held when it was opened. */
  rows: LedgerRow[]
  /** Grows while the process lives. */
  acknowledged: number[]
  /** Settles when at least that many rows were acknowledged since the start. */
  hasAcknowledged(count: number): Promise<void>
  kill(): Promise<void>
}

/** Starts a writer on a data folder and answers when it has said what it found. */
export async function startLedgerWriter(dataDirectory: string, mode: 'honest' | 'early' | 'not-durable' = 'honest'): Promise<LedgerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/helpers/ledger-writer.ts', dataDirectory, mode], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)))
  const acknowledged: number[] = []
  const waiting: { at: number; resolve: () => void }[] = []
  const lines = createInterface({ input: child.stdout })
  const rows = await new Promise<LedgerRow[]>((resolve, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`the writer ended (${code ?? signal}): ${complaint}`)))
    lines.on('line', (line) => {
      const said = JSON.parse(line) as { rows: LedgerRow[] } | { acknowledged: number }
      if ('rows' in said) resolve(said.rows)
      else acknowledged.push(said.acknowledged)
      for (const waiter of waiting) if (acknowledged.length >= waiter.at) waiter.resolve()
    })
  })
  const ended = once(child, 'exit')
  const drained = once(lines, 'close')
  return {
    child,
    rows,
    acknowledged,
    hasAcknowledged: (count) => (acknowledged.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ at: count, resolve }))),
    async kill() {
      child.kill('SIGKILL')
      await Promise.all([ended, drained])
    },
  }
}
