import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** A whole number that the command line was given. */
export const given = (name: 'RUNS' | 'MINUTES' | 'SEED' | 'KILLS'): number => Number(process.env[`LONG_${name}`] ?? 0)

/** The commit that ran, marked where files differ from it. */
function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  } catch {
    // Unpacked without its history.
    return 'unknown'
  }
}

/** Keeps what came of a run, beside those of other engines. */
export async function keepResult(name: string, result: Record<string, unknown>): Promise<void> {
  const folder = path.join(import.meta.dirname, 'results')
  const { version } = JSON.parse(await readFile(path.join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
  await mkdir(folder, { recursive: true })
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}, load ${os.loadavg()[0]?.toFixed(1)}`
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify({ version, commit: commit(), at: new Date().toISOString(), node: process.version, machine, ...result }, null, 2)}\n`)
}
