import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** A whole number that the command line was given. */
export const given = (name: 'RUNS' | 'MINUTES' | 'SEED' | 'KILLS'): number => Number(process.env[`LONG_${name}`] ?? 0)

/**
 * The commit of the main line that runs; undefined where files differ from it or it is not part of that line yet, for a result
 * has to name something that can be found again. Ask before a run: the line moves on meanwhile.
 */
export function commitOfMain(): string | undefined {
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: path.join(import.meta.dirname, '../..'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    if (git('status', '--porcelain', '--', '.', ':!tests/long/results') !== '') return undefined
    const head = git('rev-parse', 'HEAD')
    return git('merge-base', 'HEAD', 'main') === head ? head.slice(0, 12) : undefined
  } catch {
    // Unpacked without its history, or without a main line.
    return undefined
  }
}

/**
 * Tells what came of a run, and keeps it beside those of other engines.
 * @param commit what ran; undefined keeps nothing
 */
export async function keepResult(name: string, commit: string | undefined, result: Record<string, unknown>): Promise<void> {
  const folder = path.join(import.meta.dirname, 'results')
  const { version } = JSON.parse(await readFile(path.join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}, load ${os.loadavg()[0]?.toFixed(1)}`
  const text = JSON.stringify({ version, commit, at: new Date().toISOString(), node: process.version, machine, ...result }, null, 2)
  console.info(text)
  if (commit === undefined) return console.info('not kept: a sample, or no commit of the main line')
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, `${name}.json`), `${text}\n`)
}
