/**
 * The file of a backup: gzip over lines of JSON. First a header, then for each table its name and columns, its rows, and its
 * count and hash; then for each file its name, its bytes in base64 piece by piece, and its size and hash; last an end line with
 * how many of each there were. A backup that lacks the last line was cut short.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { ArchiveRow, TableContent } from './archive-tables.ts'

export const ARCHIVE_FORMAT = 2

const Header = z.object({
  kind: z.literal('xiucheng-backup'),
  format: z.number().int(),
  schemaVersion: z.number().int(),
  migrations: z.array(z.object({ number: z.number().int(), checksum: z.string() })),
  instanceId: z.string(),
  engine: z.string(),
  createdAt: z.string(),
  /** What is kept outside the database and is not in here, in a sentence; null when nothing is. */
  leftOut: z.string().nullable().default(null),
})
export type ArchiveHeader = z.infer<typeof Header>

const TableStart = z.object({ kind: z.literal('table'), name: z.string(), columns: z.array(z.string()) })
const TableEnd = z.object({ kind: z.literal('table-end'), name: z.string(), rows: z.number().int(), sha256: z.string() })
const FileStart = z.object({ kind: z.literal('file'), name: z.string() })
const FileEnd = z.object({ kind: z.literal('file-end'), name: z.string(), bytes: z.number().int(), sha256: z.string() })
const End = z.object({ kind: z.literal('end'), tables: z.number().int(), rows: z.number().int(), files: z.number().int().default(0) })

export type ArchivePart =
  | ArchiveHeader | z.infer<typeof TableStart> | z.infer<typeof TableEnd> | z.infer<typeof FileStart> | z.infer<typeof FileEnd> | z.infer<typeof End>
  | { kind: 'row'; row: ArchiveRow; line: string } | { kind: 'piece'; bytes: Buffer }

/** Writes an archive's lines; `close` waits until all of them are in the file. */
export function openArchiveWriter(file: string): { write(line: string): Promise<void>; close(): Promise<void> } {
  const gzip = createGzip({ level: 6 })
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
  gzip.pipe(target)
  target.on('error', (error) => gzip.destroy(error))
  let pending: string[] = []
  let size = 0
  let failure: Error | undefined
  gzip.on('error', (error) => (failure = error))

  async function flush(): Promise<void> {
    if (failure) throw failure
    if (pending.length === 0) return
    const chunk = pending.join('')
    pending = []
    size = 0
    if (!gzip.write(chunk)) {
      await new Promise<void>((resolve, reject) => {
        const onDrain = () => {
          gzip.off('error', reject)
          resolve()
        }
        gzip.once('drain', onDrain)
        gzip.once('error', reject)
      })
    }
  }

  return {
    async write(line) {
      pending.push(line)
      size += line.length
      if (size > 256 * 1024) await flush()
    },
    async close() {
      await flush()
      gzip.end()
      await finished(target)
    },
  }
}

function damaged(file: string, why: string, cause?: unknown): AppError {
  return new AppError('bad_request', `${file} is not a whole backup: ${why}. Nothing was changed.`, { cause })
}

/**
 * Reads an archive part by part and holds it against its own counts and hashes.
 * @throws AppError bad_request when it is damaged, cut short, or not a backup.
 */
export async function* readArchive(file: string, hashOf: (name: string) => { addLine(line: string): void; content: TableContent }): AsyncGenerator<ArchivePart> {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  const lines = createInterface({ input: gunzip, crlfDelay: Infinity })
  let failure: Error | undefined
  gunzip.on('error', (error) => {
    failure = error
    lines.close()
  })
  let sawHeader = false
  let sawEnd = false
  let tables = 0
  let rows = 0
  let files = 0
  let current: { name: string; hash: ReturnType<typeof hashOf> } | undefined
  let currentFile: { name: string; hash: ReturnType<typeof createHash>; bytes: number } | undefined
  try {
    for await (const line of lines) {
      if (sawEnd) throw damaged(file, 'something follows its end')
      if (current && line.startsWith('[')) {
        current.hash.addLine(`${line}\n`)
        yield { kind: 'row', row: parseLine(file, line) as ArchiveRow, line }
        continue
      }
      if (currentFile && line.startsWith('"')) {
        const bytes = Buffer.from(String(parseLine(file, line)), 'base64')
        currentFile.hash.update(bytes)
        currentFile.bytes += bytes.length
        yield { kind: 'piece', bytes }
        continue
      }
      const part = z.union([Header, TableStart, TableEnd, FileStart, FileEnd, End]).safeParse(parseLine(file, line))
      if (!part.success) throw damaged(file, sawHeader ? 'a line of it makes no sense' : 'it does not begin as one')
      const data = part.data
      if (data.kind === 'xiucheng-backup') sawHeader = true
      else if (!sawHeader) throw damaged(file, 'it does not begin as one')
      if (data.kind === 'table') current = { name: data.name, hash: hashOf(data.name) }
      if (data.kind === 'table-end') {
        const found = current?.hash.content
        if (!current || current.name !== data.name || found?.rows !== data.rows || found.sha256 !== data.sha256) throw damaged(file, `the table ${data.name} does not have the content it was written with`)
        tables += 1
        rows += data.rows
        current = undefined
      }
      if (data.kind === 'file') currentFile = { name: data.name, hash: createHash('sha256'), bytes: 0 }
      if (data.kind === 'file-end') {
        if (!currentFile || currentFile.name !== data.name || currentFile.bytes !== data.bytes || currentFile.hash.digest('hex') !== data.sha256) throw damaged(file, `the file ${data.name} does not have the content it was written with`)
        files += 1
        currentFile = undefined
      }
      if (data.kind === 'end') {
        if (data.tables !== tables || data.rows !== rows || data.files !== files) throw damaged(file, `it should hold ${data.tables} tables, ${data.rows} rows and ${data.files} files, and holds ${tables}, ${rows} and ${files}`)
        sawEnd = true
      }
      yield data
    }
  } catch (error) {
    // Whether a fault of the stream arrives here or at its own listener is a matter of timing.
    if (error instanceof AppError) throw error
    failure ??= error as Error
  } finally {
    lines.close()
    source.destroy()
  }
  if (failure) {
    if (!isStreamFault(failure)) throw failure
    const code = 'code' in failure ? String(failure.code) : ''
    if (code === 'ENOENT') throw new AppError('not_found', `There is no file ${file}.`, { cause: failure })
    if (code === 'EACCES' || code === 'EISDIR') throw new AppError('bad_request', `${file} cannot be read (${code}).`, { cause: failure })
    throw damaged(file, sawHeader ? 'it is damaged or was cut short' : 'it is not a gzip file, or damaged from its beginning', failure)
  }
  if (!sawEnd) throw damaged(file, 'it was cut short')
}

/** A fault of reading or unpacking, as against one of whoever consumes the parts. */
function isStreamFault(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return code.startsWith('Z_') || ['ENOENT', 'EACCES', 'EISDIR', 'EIO'].includes(code)
}

function parseLine(file: string, line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw damaged(file, 'a line of it makes no sense', error)
  }
}
