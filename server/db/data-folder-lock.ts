/**
 * One opener only: PGlite takes no lock of its own, and two processes on one folder lose acknowledged rows without a word.
 * The lock is a file made whole and linked into place, naming its holder; a holder that is gone is noticed by its process
 * (same machine) or by a heartbeat that stopped (another machine, another container).
 */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DatabaseRefusal } from './database-error.ts'

export interface LockHolder {
  token: string
  pid: number
  /** When the process began, in the words of the operating system: a pid alone is given again after a while. */
  processStart: string
  host: string
  program: string
  since: string
}

export interface FolderLock {
  readonly holder: LockHolder
  release(): void
}

const FILE = 'lock.json'
const HEARTBEAT_MS = 5_000
/** A holder on another machine whose heartbeat is older than this is taken to be gone. */
const SILENT_MS = 30_000

/** When a process began; empty where the system does not say. */
function processStart(pid: number): string {
  if (process.platform === 'win32') return ''
  try {
    if (process.platform === 'linux') {
      // After the name in brackets, which may itself hold spaces, the start time is the 20th field; it counts from the boot.
      const sinceBoot = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? ''
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${sinceBoot}`
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    // No such process, or no such question on this system: the caller judges by the pid alone.
    return ''
  }
}

/** The machine and, on Linux, the process namespace (a container has its own) in which a pid has its meaning. */
function hostName(): string {
  if (process.platform !== 'linux') return os.hostname()
  try {
    return `${os.hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    // No /proc: the host's name has to do.
    return os.hostname()
  }
}

function isRunning(holder: LockHolder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const start = processStart(holder.pid)
  return start === '' || holder.processStart === '' || start === holder.processStart
}

function read(file: string): { holder: LockHolder; silentMs: number } | undefined {
  try {
    return { holder: JSON.parse(readFileSync(file, 'utf8')) as LockHolder, silentMs: Date.now() - statSync(file).mtimeMs }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new DatabaseRefusal(`The lock file ${file} cannot be read. If no other program uses this data folder, delete that file and start again.`, error)
  }
}

function refusal(folder: string, { holder }: { holder: LockHolder }): DatabaseRefusal {
  const where = holder.host === hostName() ? `process ${holder.pid}` : `process ${holder.pid} on ${holder.host.split(' ')[0]}`
  return new DatabaseRefusal(
    `The data folder ${folder} is in use by ${where} (${holder.program}, since ${holder.since}). Stop that program first, or set DATA_DIR to another folder.`,
  )
}

/** On the disk before it gets its name: after a power cut an empty lock would keep everybody out. */
function writeWhole(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Takes the data folder for this process.
 * @throws DatabaseRefusal naming the holder when it is in use.
 */
export function lockDataFolder(folder: string, program: string, lost: (error: Error) => void = () => {}): FolderLock {
  const file = path.join(folder, FILE)
  const holder: LockHolder = { token: randomUUID(), pid: process.pid, processStart: processStart(process.pid), host: hostName(), program, since: new Date().toISOString() }
  const own = `${file}.${holder.token}`
  writeWhole(own, JSON.stringify(holder, null, 2))
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        // A link either makes the whole file appear or fails: nobody ever reads half a lock.
        linkSync(own, file)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const found = read(file)
      if (!found) continue
      const inUse = found.holder.host === holder.host ? isRunning(found.holder) : found.silentMs < SILENT_MS
      if (inUse || attempt > 5) throw refusal(folder, found)
      setAside(file, found.holder)
    }
  } finally {
    rmSync(own, { force: true })
  }
  const heartbeat = setInterval(() => {
    try {
      const found = read(file)
      if (found?.holder.token !== holder.token) throw new Error(`the lock of ${folder} was taken over by another process`)
      utimesSync(file, new Date(), new Date())
    } catch (error) {
      clearInterval(heartbeat)
      lost(error as Error)
    }
  }, HEARTBEAT_MS)
  heartbeat.unref()
  return {
    holder,
    release() {
      clearInterval(heartbeat)
      const found = read(file)
      if (found?.holder.token === holder.token) rmSync(file, { force: true })
    },
  }
}

/** Moves the lock of a holder that is gone out of the way; when another starter was quicker, its fresh lock is put back. */
function setAside(file: string, gone: LockHolder): void {
  const aside = `${file}.${randomUUID()}.gone`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = read(aside)
  if (moved && moved.holder.token !== gone.token) {
    try {
      linkSync(aside, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
}

/** Who holds a data folder now, if anybody. */
export function findLockHolder(folder: string): LockHolder | undefined {
  const found = read(path.join(folder, FILE))
  if (!found) return undefined
  const inUse = found.holder.host === hostName() ? isRunning(found.holder) : found.silentMs < SILENT_MS
  return inUse ? found.holder : undefined
}
