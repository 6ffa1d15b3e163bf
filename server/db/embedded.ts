import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseRefusal } from './database-error.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { engineFolder, type EngineFolder, makeDataDirectory, type Manifest, PGLITE_VERSION, POSTGIS_PACKAGE_VERSION, POSTGRES_MAJOR, readManifest, syncFolder, writeManifest } from './data-folder-manifest.ts'
import type { Db } from './db.ts'
import { connectEmbedded } from './embedded-connection.ts'
import { EmbeddedProcess } from './embedded-process.ts'
import { readMigrations } from './migrate.ts'
import { sql } from './sql.ts'

export interface EmbeddedOptions {
  dataDirectory: string
  statementTimeoutMs?: number
  onError?: (error: Error) => void
  /** False only for throw-away databases of tests. */
  durable?: boolean
  /** How this process calls itself to another one that finds the folder taken. */
  program?: string
}

/** The embedded engine's Db, with what only its owner may do. */
export interface EmbeddedDb extends Db {
  readonly engine: 'embedded'
  readonly embedded: {
    readonly instanceId: string
    /** Of the private socket; changes when the engine is opened again. */
    readonly socketPath: string
    readonly fsyncs: number
    readonly restarts: number
    /** Kills the engine and opens it again, as a passed deadline does. */
    restart(reason: string): Promise<void>
    /** Notes in the manifest how far the schema is. */
    recordSchemaVersion(version: number): void
  }
}

const TEMPORARY = 'database.new-'
/** How long close() waits for statements in flight before it ends the engine anyway. */
const DRAIN_MS = 10_000

/**
 * Opens the database in a data folder, making it on the first start.
 * @throws DatabaseRefusal when the folder is in use, not writable, foreign, or of another version.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDb> {
  const report = options.onError ?? (() => {})
  makeDataDirectory(options.dataDirectory)
  let engine: EmbeddedProcess | undefined
  const lock = lockDataFolder(options.dataDirectory, options.program ?? 'xiucheng', (error) => {
    // Somebody else may be writing from now on: nothing of ours may follow.
    report(error)
    engine?.kill().catch(report)
  })
  try {
    const folder = engineFolder(options.dataDirectory)
    const newest = (await readMigrations()).at(-1)?.number ?? 0
    const manifest = readManifest(folder, newest) ?? (await create(options, folder, report))
    engine = await EmbeddedProcess.open({ dataFolder: folder.postgresData, durable: options.durable ?? true, report }).catch((error: Error) => {
      throw new DatabaseRefusal(`The database in ${folder.root} does not open: its files may be damaged (${error.message}). It is left as it is. Restore a backup into another DATA_DIR: npm run --silent cli -- restore FILE`, error)
    })
    const db = connect(options, folder, manifest, engine, () => lock.release())
    await checkIdentity(db, manifest, folder)
    return db
  } catch (error) {
    await engine?.kill()
    lock.release()
    throw error
  }
}

/** Makes a database under a temporary name and renames it into place: a start that is cut short leaves nothing half-made behind. */
async function create(options: EmbeddedOptions, folder: EngineFolder, report: (error: Error) => void): Promise<Manifest> {
  for (const name of readdirSync(options.dataDirectory)) {
    if (name.startsWith(TEMPORARY)) rmSync(path.join(options.dataDirectory, name), { recursive: true, force: true })
  }
  const making = engineFolder(options.dataDirectory, `${TEMPORARY}${randomUUID()}`)
  await mkdir(making.root, { mode: 0o700 })
  const engine = await EmbeddedProcess.open({ dataFolder: making.postgresData, durable: options.durable ?? true, report })
  if (!(await engine.close())) throw new Error('the new database could not be closed; start again')
  const manifest: Manifest = {
    format: 1,
    program: 'xiucheng',
    instanceId: randomUUID(),
    pglite: PGLITE_VERSION,
    postgis: POSTGIS_PACKAGE_VERSION,
    postgresMajor: POSTGRES_MAJOR,
    schemaVersion: 0,
    createdAt: new Date().toISOString(),
    lastCleanShutdown: null,
  }
  writeManifest(making, manifest)
  if (existsSync(folder.root)) throw new DatabaseRefusal(`${folder.root} appeared while a database was being made; start again.`)
  renameSync(making.root, folder.root)
  syncFolder(options.dataDirectory)
  return manifest
}

/** A database that opens but is not the one the manifest speaks of must not be taken for a new one. */
async function checkIdentity(db: EmbeddedDb, manifest: Manifest, folder: EngineFolder): Promise<void> {
  const [table] = await db.query<{ found: boolean }>(sql`select to_regclass('public.system_identity') is not null as found`)
  const [row] = table?.found ? await db.query<{ id: string }>(sql`select instance_id as id from system_identity`) : []
  if (row?.id === manifest.instanceId || (!row && manifest.schemaVersion === 0)) return
  throw new DatabaseRefusal(
    row
      ? `The database in ${folder.root} belongs to another installation (${row.id}) than the manifest beside it (${manifest.instanceId}). It is left as it is; restore a backup into another DATA_DIR.`
      : `The database in ${folder.root} opened but is empty, although its manifest says that it is in use. It is left as it is; restore a backup into another DATA_DIR.`,
  )
}

function connect(options: EmbeddedOptions, folder: EngineFolder, manifest: Manifest, engine: EmbeddedProcess, unlock: () => void): EmbeddedDb {
  const report = options.onError ?? (() => {})
  let closing: Promise<void> | undefined
  const db = connectEmbedded({
    socketPath: () => engine.socketPath,
    ...(options.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: options.statementTimeoutMs }),
    report,
    checkReady: () => engine.checkReady(),
    expired: () => void engine.restart('a statement passed its time limit').catch(report),
  })

  async function close(): Promise<void> {
    // Ending the pool waits for the connection to come back: that is the drain. A statement that never ends is cut.
    const late = Symbol('late')
    let timer: NodeJS.Timeout | undefined
    const drained = await Promise.race([db.close(), new Promise((resolve) => (timer = setTimeout(() => resolve(late), DRAIN_MS)))])
    clearTimeout(timer)
    const clean = drained === late ? (await engine.kill(), false) : await engine.close()
    if (clean) writeManifest(folder, { ...manifest, lastCleanShutdown: new Date().toISOString() })
    else report(new Error('the embedded database was ended without a clean close; nothing acknowledged is lost'))
    unlock()
  }

  return {
    ...db,
    engine: 'embedded',
    embedded: {
      instanceId: manifest.instanceId,
      get socketPath() {
        return engine.socketPath
      },
      get fsyncs() {
        return engine.fsyncs
      },
      get restarts() {
        return engine.restarts
      },
      restart: (reason) => engine.restart(reason),
      recordSchemaVersion(version) {
        if (manifest.schemaVersion === version) return
        manifest.schemaVersion = version
        writeManifest(folder, manifest)
      },
    },
    close: () => (closing ??= close()),
  }
}
