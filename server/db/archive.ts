/** Backup and restore: logical, between engines, compared by counts and content hashes before either counts as done. */
import { rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../errors.ts'
import { ARCHIVE_FORMAT, type ArchiveHeader, openArchiveWriter, readArchive } from './archive-file.ts'
import { type ArchivedFiles, type ArchiveFiles, ComingFile, NOT_ASKED_FOR, writeFiles } from './archive-files.ts'
import { advanceIdentities, type ArchiveRow, type ArchiveTable, ContentHash, deleteReference, endInterruptedWork, hashTable, insertRows, listArchiveTables, listOccupied, readRows, type TableContent } from './archive-tables.ts'
import { syncFolder } from './data-folder-manifest.ts'
import type { Db, Queryable } from './db.ts'
import { sql } from './sql.ts'

export interface ArchiveOptions {
  files?: ArchiveFiles
  progress?: (percent: number, stage: string) => void
  signal?: AbortSignal
}

export interface BackupReport {
  file: string
  bytes: number
  schemaVersion: number
  tables: TableContent[]
  rows: number
  files: ArchivedFiles
  /** The file was read back whole and holds what was written. */
  readBack: boolean
}

export interface RestoreReport {
  file: string
  schemaVersion: number
  tables: TableContent[]
  rows: number
  files: Omit<ArchivedFiles, 'faults'>
  /** Jobs that were under way in the backup and now count as failed. */
  interrupted: number
  /** Every table of this database was read again after the restore and has the archive's count and hash. */
  verified: boolean
}

/** One statement may read or write a large table. */
const STATEMENT_MS = 600_000
const ROWS_AT_A_TIME = 500

async function readMigrationRecord(tx: Queryable): Promise<{ number: number; checksum: string }[]> {
  return tx.query(sql`select number, checksum from schema_migrations order by number`)
}

/**
 * Writes everything into one file, under a snapshot, and reads it back.
 * @throws AppError conflict when the file exists; bad_request when it cannot be written.
 */
export async function backUp(db: Db, file: string, options: ArchiveOptions = {}): Promise<BackupReport> {
  const temporary = `${file}.${process.pid}.partial`
  if (await stat(file).catch(() => undefined)) throw new AppError('conflict', `${file} exists already; a backup never overwrites one.`)
  try {
    const written = await writeArchive(db, temporary, options)
    options.progress?.(95, 'read back')
    const readBack = await verifyArchive(temporary)
    if (JSON.stringify(readBack.tables) !== JSON.stringify(written.tables) || readBack.files !== written.files.count) throw new AppError('internal', `The backup read back differently from what was written to ${file}; it was thrown away.`)
    await rename(temporary, file)
    syncFolder(path.dirname(file))
    return { file, bytes: (await stat(file)).size, ...written, rows: written.tables.reduce((sum, table) => sum + table.rows, 0), readBack: true }
  } catch (error) {
    await rm(temporary, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (['ENOENT', 'EACCES', 'EROFS', 'ENOTDIR', 'EISDIR'].includes(code)) throw new AppError('bad_request', `${file} cannot be written: ${code === 'ENOENT' ? 'there is no such folder' : code}.`, { cause: error })
    if (code === 'ENOSPC') throw new AppError('storage_full', `There is no room left for ${file}; nothing of it stays.`, { cause: error })
    throw error
  }
}

async function writeArchive(db: Db, file: string, options: ArchiveOptions): Promise<{ schemaVersion: number; tables: TableContent[]; files: ArchivedFiles }> {
  return db.transaction(
    async (tx) => {
      await tx.query(sql`set transaction isolation level repeatable read, read only`)
      const tables = await listArchiveTables(tx)
      const migrations = await readMigrationRecord(tx)
      const schemaVersion = migrations.at(-1)?.number ?? 0
      const [identity] = await tx.query<{ id: string }>(sql`select instance_id as id from system_identity`)
      const writer = openArchiveWriter(file)
      const leftOut = options.files ? options.files.leftOut : NOT_ASKED_FOR
      const line = (value: object | string) => writer.write(`${JSON.stringify(value)}\n`)
      const header: ArchiveHeader = { kind: 'xiucheng-backup', format: ARCHIVE_FORMAT, schemaVersion, migrations, instanceId: identity?.id ?? '', engine: db.engine, createdAt: new Date().toISOString(), leftOut }
      await line(header)
      const contents: TableContent[] = []
      for (const [index, table] of tables.entries()) {
        options.progress?.((80 * index) / tables.length, table.name)
        await line({ kind: 'table', name: table.name, columns: table.columns.map((column) => column.name) })
        const hash = new ContentHash(table.name)
        for await (const row of readRows(tx, table)) await writer.write(hash.add(row))
        contents.push(hash.content)
        await line({ kind: 'table-end', ...hash.content })
      }
      const files = options.files && leftOut === null ? await writeFiles(tx, options.files, line, { signal: options.signal, progress: (count) => options.progress?.(90, `${count} files`) }) : { count: 0, bytes: 0, leftOut, faults: [] }
      await line({ kind: 'end', tables: contents.length, rows: contents.reduce((sum, table) => sum + table.rows, 0), files: files.count })
      await writer.close()
      return { schemaVersion, tables: contents, files }
    },
    { timeoutMs: STATEMENT_MS, ...(options.signal ? { signal: options.signal } : {}) },
  )
}

/** Reads a whole archive and answers what it holds. @throws AppError when it is not whole. */
export async function verifyArchive(file: string): Promise<{ tables: TableContent[]; files: number }> {
  const tables: TableContent[] = []
  let files = 0
  for await (const part of readArchive(file, hashOf)) {
    if (part.kind === 'table-end') tables.push({ name: part.name, rows: part.rows, sha256: part.sha256 })
    if (part.kind === 'file-end') files += 1
  }
  return { tables, files }
}

function hashOf(name: string) {
  const hash = new ContentHash(name)
  return {
    addLine: (line: string) => hash.addLine(line),
    get content() {
      return hash.content
    },
  }
}

/**
 * Restores a backup into an empty database, all or nothing, then reads every table again and compares.
 * @throws AppError bad_request for a damaged or unfitting archive, conflict when the database is not empty.
 */
export async function restore(db: Db, file: string, options: ArchiveOptions = {}): Promise<RestoreReport> {
  // The whole file first: a fault at its end must not be found after minutes of writing.
  options.progress?.(0, 'read')
  const { tables: expected, files: expectedFiles } = await verifyArchive(file)
  if (expectedFiles > 0 && !options.files) throw new AppError('internal', 'The backup holds files and there is nowhere to put them.')
  const kept: string[] = []
  try {
    return await restoreInto(db, file, expected, kept, options)
  } catch (error) {
    for (const name of kept) await options.files?.remove(name)
    throw error
  }
}

/** @param kept names of files that came to be, to be taken away again when the rows do not stay. */
function restoreInto(db: Db, file: string, expected: readonly TableContent[], kept: string[], options: ArchiveOptions): Promise<RestoreReport> {
  return db.transaction(
    async (tx) => {
      const tables = await listArchiveTables(tx)
      const occupied = await listOccupied(tx, tables)
      if (occupied.length > 0) throw new AppError('conflict', `A backup is restored into an empty database only, and this one holds rows in ${occupied.slice(0, 5).join(', ')}. Use another DATA_DIR or DATABASE_URL, and DEMO=none if a server has to start there first.`)
      // Rules that an older program did not know yet stay as the start filled them.
      await deleteReference(tx, tables.filter(({ name }) => expected.some((held) => held.name === name)))
      const { header, files } = await load(tx, file, tables, expected, kept, options)
      const contents: TableContent[] = []
      for (const [index, table] of tables.entries()) {
        options.progress?.(60 + (40 * index) / tables.length, `compare ${table.name}`)
        await advanceIdentities(tx, table)
        contents.push(await hashTable(tx, table))
      }
      for (const want of expected) {
        const got = contents.find((content) => content.name === want.name)
        if (got?.rows !== want.rows || got.sha256 !== want.sha256) throw new AppError('internal', `After the restore the table ${want.name} differed from the backup (${got?.rows ?? 0} rows instead of ${want.rows}, or another content); nothing was kept.`)
      }
      const interrupted = await endInterruptedWork(tx)
      return { file, schemaVersion: header.schemaVersion, tables: contents, rows: contents.reduce((sum, content) => sum + content.rows, 0), files, interrupted, verified: true }
    },
    { timeoutMs: STATEMENT_MS, ...(options.signal ? { signal: options.signal } : {}) },
  )
}

async function load(
  tx: Queryable, file: string, tables: readonly ArchiveTable[], expected: readonly TableContent[], kept: string[], options: ArchiveOptions,
): Promise<{ header: ArchiveHeader; files: Omit<ArchivedFiles, 'faults'> }> {
  const { files } = options
  let coming: ComingFile | undefined
  let count = 0
  let bytes = 0
  const total = expected.reduce((sum, table) => sum + table.rows, 0)
  let header: ArchiveHeader | undefined
  let current: ArchiveTable | undefined
  let batch: ArchiveRow[] = []
  let done = 0
  const flush = async () => {
    if (!current || batch.length === 0) return
    await insertRows(tx, current, batch)
    done += batch.length
    batch = []
    options.progress?.((60 * done) / Math.max(1, total), current.name)
  }
  try {
    for await (const part of readArchive(file, hashOf)) {
      if (part.kind === 'xiucheng-backup') {
        await checkHeader(tx, file, part)
        header = part
      } else if (part.kind === 'table') {
        current = fitting(file, tables, part)
      } else if (part.kind === 'row') {
        batch.push(part.row)
        if (batch.length >= ROWS_AT_A_TIME) await flush()
      } else if (part.kind === 'table-end') await flush()
      else if (part.kind === 'file' && files) coming = await ComingFile.begin(files)
      else if (part.kind === 'piece') {
        await coming?.write(part.bytes)
        bytes += part.bytes.length
      } else if (part.kind === 'file-end' && coming && files) {
        await coming.close()
        if (await files.keep(part.name, coming.path, part.sha256)) kept.push(part.name)
        coming = undefined
        count += 1
      }
    }
  } finally {
    await coming?.giveUp()
  }
  if (!header) throw new AppError('bad_request', `${file} has no header.`)
  return { header, files: { count, bytes, leftOut: header.leftOut } }
}

/** The table of this database that a table of the archive goes into, its columns in the archive's order. */
function fitting(file: string, tables: readonly ArchiveTable[], given: { name: string; columns: string[] }): ArchiveTable {
  const table = tables.find((candidate) => candidate.name === given.name)
  const columns = given.columns.map((name) => table?.columns.find((column) => column.name === name))
  if (!table || columns.length !== table.columns.length || columns.some((column) => column === undefined)) throw new AppError('bad_request', `${file} does not fit this program: its table ${given.name} has other columns than here.`)
  return { ...table, columns: columns.filter((column) => column !== undefined) }
}

async function checkHeader(tx: Queryable, file: string, header: ArchiveHeader): Promise<void> {
  if (header.format !== ARCHIVE_FORMAT) throw new AppError('bad_request', `${file} is of backup format ${header.format}, and this program reads format ${ARCHIVE_FORMAT}.`)
  const here = await readMigrationRecord(tx)
  const same = here.length === header.migrations.length && here.every((migration, index) => migration.number === header.migrations[index]?.number && migration.checksum === header.migrations[index].checksum)
  if (same) return
  const version = here.at(-1)?.number ?? 0
  throw new AppError(
    'bad_request',
    header.schemaVersion > version
      ? `${file} was made by a newer program (schema ${header.schemaVersion}; this one has ${version}). Restore it with that program.`
      : `${file} was made by an older program (schema ${header.schemaVersion}; this one has ${version}). Restore it with the program that made it, then start this one on that database: it brings the schema up by itself.`,
  )
}
