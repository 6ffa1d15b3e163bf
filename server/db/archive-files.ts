/** Files beside the tables of a backup: written piece by piece, read back the same way, held against their hashes. */
import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Queryable } from './db.ts'

/** Files that rows refer to, wherever they are kept. */
export interface ArchiveFiles {
  /** What is not carried and where it is, in a sentence; null when all are. */
  leftOut: string | null
  /** Names by the rows of a snapshot, with the hash a row has sealed them under. */
  list(tx: Queryable): AsyncIterable<{ name: string; sha256: string | null }>
  /** Null when the file is gone. */
  open(name: string): Promise<Readable | null>
  /** Path under which a file that comes back is written first. */
  begin(): Promise<string>
  /** Keeps a file that was written, for good. @returns false when the same was there already. @throws AppError when another is. */
  keep(name: string, file: string, sha256: string): Promise<boolean>
  remove(name: string): Promise<void>
}

/** A file whose row is in the backup and which is not what the row says. */
export interface FileFault {
  name: string
  fault: 'missing' | 'changed'
}

export interface ArchivedFiles {
  count: number
  bytes: number
  leftOut: string | null
  faults: FileFault[]
}

export const NOT_ASKED_FOR = 'photos: none were asked for'
/** Of base64, so that the pieces of a file join without padding. */
const PIECE_BYTES = 192 * 1024
const FAULTS_TOLD = 1000

/** Bytes of a file in pieces of one size, however its stream cuts them. */
async function* pieces(stream: Readable): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held.push(chunk)
    size += chunk.length
    if (size < PIECE_BYTES) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}

/** Writes the files of the snapshot's rows, each read once and never whole in memory; those that are gone or changed are told, not hidden. */
export async function writeFiles(
  tx: Queryable, files: ArchiveFiles, line: (value: object | string) => Promise<void>, options: { signal: AbortSignal | undefined; progress: (count: number) => void },
): Promise<ArchivedFiles> {
  const written: ArchivedFiles = { count: 0, bytes: 0, leftOut: null, faults: [] }
  const fault = (name: string, what: FileFault['fault']) => void (written.faults.length < FAULTS_TOLD && written.faults.push({ name, fault: what }))
  for await (const { name, sha256 } of files.list(tx)) {
    options.signal?.throwIfAborted()
    const stream = await files.open(name)
    if (stream === null) {
      fault(name, 'missing')
      continue
    }
    const hash = createHash('sha256')
    let bytes = 0
    await line({ kind: 'file', name })
    for await (const piece of pieces(stream)) {
      hash.update(piece)
      bytes += piece.length
      await line(piece.toString('base64'))
    }
    const found = hash.digest('hex')
    await line({ kind: 'file-end', name, bytes, sha256: found })
    if (sha256 !== null && found !== sha256) fault(name, 'changed')
    written.count += 1
    written.bytes += bytes
    if (written.count % 100 === 0) options.progress(written.count)
  }
  return written
}

/** A file on its way back: written piece by piece, kept when its end was reached and its hash is right. */
export class ComingFile {
  readonly path: string
  private readonly handle: FileHandle

  private constructor(at: string, handle: FileHandle) {
    this.path = at
    this.handle = handle
  }

  static async begin(files: ArchiveFiles): Promise<ComingFile> {
    const at = await files.begin()
    return new ComingFile(at, await open(at, 'wx', 0o600))
  }

  async write(bytes: Buffer): Promise<void> {
    await this.handle.writeFile(bytes)
  }

  async close(): Promise<void> {
    await this.handle.close()
  }

  async giveUp(): Promise<void> {
    await this.handle.close().catch(() => undefined)
    await rm(this.path, { force: true })
  }
}
