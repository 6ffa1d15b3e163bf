import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { StartupError } from './failures.ts'

const ROOT = path.join(import.meta.dirname, '../..')
export const CLIENT_FOLDER = path.join(ROOT, 'dist/client')
const STAMP = path.join(ROOT, 'dist/client-sources.sha256')
/** Everything the client's bundle is made from. */
const SOURCES = ['client', 'server/contract', 'server/engine', 'vite.config.ts', 'package-lock.json']
const BUILD_TIMEOUT_MS = 600_000

async function listFiles(entry: string): Promise<string[]> {
  const full = path.join(ROOT, entry)
  if (!existsSync(full)) return []
  const found = await readdir(full, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!found) return [entry]
  return found.filter((item) => item.isFile()).map((item) => path.relative(ROOT, path.join(item.parentPath, item.name)))
}

/** One hash over names and contents of all sources of the client. */
export async function hashSources(): Promise<string> {
  const files = (await Promise.all(SOURCES.map(listFiles))).flat().sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update('\0').update(await readFile(path.join(ROOT, file))).update('\0')
  return hash.digest('hex')
}

/** Whether the built client belongs to the sources beside it. A folder without sources (a container image) is taken as it is. */
export async function isClientCurrent(): Promise<boolean> {
  if (!existsSync(path.join(CLIENT_FOLDER, 'index.html'))) return false
  if (!existsSync(path.join(ROOT, 'client'))) return true
  if (!existsSync(STAMP)) return false
  return (await readFile(STAMP, 'utf8')).trim() === (await hashSources())
}

/**
 * Builds the client in a process of its own, so that the server goes on answering.
 * @throws StartupError with the builder's last words.
 */
export async function buildClient(progress: (percent: number, detail?: string) => void, signal: AbortSignal): Promise<void> {
  const hash = await hashSources()
  const vite = path.join(path.dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  let words = ''
  let transformed = 0
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [vite, 'build'], { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'], signal, timeout: BUILD_TIMEOUT_MS })
    const hear = (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4000)
      const count = Number(/(\d+) modules? transformed/.exec(words)?.[1] ?? /transforming \((\d+)\)/.exec(words)?.[1] ?? 0)
      transformed = Math.max(transformed, count)
      // The builder says how many modules it has read but not how many there are: the bar nears its end without reaching it.
      progress(5 + 90 * (1 - Math.exp(-transformed / 2000)))
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', resolve)
    progress(5)
  })
  if (code !== 0) throw new StartupError(`The interface could not be built:\n${lastWords(words)}`)
  await writeFile(STAMP, `${hash}\n`)
}

/** The builder's complaint without the path through its own code. */
function lastWords(words: string): string {
  const lines = words.trim().split('\n').filter((line) => !/^\s+at /.test(line))
  const first = lines.findIndex((line) => /error/i.test(line))
  return lines.slice(Math.max(0, first), Math.max(0, first) + 15).join('\n')
}
