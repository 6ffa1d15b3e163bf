/** What a data folder says of itself, read before the engine touches it: a folder of another age or another program is refused, never emptied. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { z } from 'zod'
import { DatabaseRefusal } from './database-error.ts'

const Manifest = z.object({
  format: z.literal(1),
  program: z.literal('xiucheng'),
  instanceId: z.uuid(),
  pglite: z.string(),
  postgis: z.string(),
  postgresMajor: z.number().int(),
  /** Highest migration applied; 0 before the first. */
  schemaVersion: z.number().int(),
  createdAt: z.string(),
  lastCleanShutdown: z.string().nullable(),
})
export type Manifest = z.infer<typeof Manifest>

export const POSTGRES_MAJOR = 18

const requireHere = createRequire(import.meta.url)

function versionOf(packageName: string): string {
  // The package's own manifest is not among its exports; it lies above the entry file.
  const entry = requireHere.resolve(packageName)
  const folder = entry.slice(0, entry.lastIndexOf(packageName.split('/').join(path.sep)) + packageName.length)
  return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }).version
}

export const PGLITE_VERSION = versionOf('@electric-sql/pglite')
export const POSTGIS_PACKAGE_VERSION = versionOf('@electric-sql/pglite-postgis')

export interface EngineFolder {
  /** `database` in the data folder: manifest and PostgreSQL data side by side. */
  root: string
  manifestFile: string
  postgresData: string
}

export function engineFolder(dataDirectory: string, name = 'database'): EngineFolder {
  const root = path.join(dataDirectory, name)
  return { root, manifestFile: path.join(root, 'manifest.json'), postgresData: path.join(root, 'postgres') }
}

/** Makes the data folder. @throws DatabaseRefusal when it cannot be made or written. */
export function makeDataDirectory(dataDirectory: string): void {
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
    const probe = path.join(dataDirectory, `.writable-${process.pid}`)
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    if (reason === 'EEXIST' || reason === 'ENOTDIR') throw new DatabaseRefusal(`DATA_DIR=${dataDirectory} leads to a file, or through one, where a folder has to be. Set DATA_DIR to another folder.`, error)
    if (reason === 'ENOSPC') throw new DatabaseRefusal(`There is no room left on the disk of the data folder ${dataDirectory}. Make room, or set DATA_DIR to a folder on another disk.`, error)
    throw new DatabaseRefusal(`The data folder ${dataDirectory} cannot be written (${reason}). Give this user the right to write there, or set DATA_DIR to another folder.`, error)
  }
}

/** Writes a file so that after a power cut it is either the old or the new one, whole. */
export function writeDurably(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`
  const descriptor = openSync(temporary, 'w', 0o600)
  try {
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(temporary, file)
  syncFolder(path.dirname(file))
}

/** Makes a rename in a folder outlive a power cut; folders cannot be opened for that on Windows. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function writeManifest(folder: EngineFolder, manifest: Manifest): void {
  writeDurably(folder.manifestFile, `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * Reads and judges what is in a data folder before anything is opened.
 * @returns undefined when there is no database yet.
 * @throws DatabaseRefusal when what is there is not ours, not whole, or of another version.
 */
export function readManifest(folder: EngineFolder, newestMigration: number): Manifest | undefined {
  if (!existsSync(folder.root)) return undefined
  if (!existsSync(folder.manifestFile)) {
    const found = readdirSync(folder.root)
    throw new DatabaseRefusal(`${folder.root} holds ${found.length === 0 ? 'nothing' : found.slice(0, 3).join(', ')} and no manifest.json, so it was not made by this program, or not whole. It is left as it is. Move it away, or set DATA_DIR to another folder.`)
  }
  let manifest: Manifest
  try {
    manifest = Manifest.parse(JSON.parse(readFileSync(folder.manifestFile, 'utf8')))
  } catch (error) {
    throw new DatabaseRefusal(`${folder.manifestFile} cannot be understood by this program; the database beside it is left as it is. Start the program that made it, or restore a backup into another DATA_DIR.`, error)
  }
  const versionFile = path.join(folder.postgresData, 'PG_VERSION')
  if (!existsSync(versionFile)) throw new DatabaseRefusal(`${folder.manifestFile} speaks of a database, but ${folder.postgresData} does not hold one. Nothing was made in its place: put the folder back, or restore a backup into another DATA_DIR.`)
  const major = Number(readFileSync(versionFile, 'utf8').trim())
  if (major !== POSTGRES_MAJOR || manifest.postgresMajor !== POSTGRES_MAJOR || manifest.pglite !== PGLITE_VERSION) {
    throw new DatabaseRefusal(
      `The database in ${folder.root} was made by embedded engine ${manifest.pglite} (PostgreSQL ${major}), and this program carries ${PGLITE_VERSION} (PostgreSQL ${POSTGRES_MAJOR}), which must not open it. Make a backup with the program that made it (npm run --silent cli -- backup FILE) and restore it here into another DATA_DIR.`,
    )
  }
  if (manifest.schemaVersion > newestMigration) {
    throw new DatabaseRefusal(`The database in ${folder.root} is newer than this program: its schema is at ${manifest.schemaVersion}, and this version knows ${newestMigration}. Start the newer program, or restore a backup made by this version.`)
  }
  return manifest
}
