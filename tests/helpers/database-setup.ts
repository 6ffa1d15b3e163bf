import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { PGLITE_VERSION } from '../../server/db/data-folder-manifest.ts'
import { openEmbedded } from '../../server/db/embedded.ts'
import { readMigrations } from '../../server/db/migrate.ts'
import { openPostgres } from '../../server/db/postgres.ts'
import { prepareDatabase } from '../../server/db/prepare.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string
    databaseEngine: 'postgres' | 'embedded'
  }
}

/** One migrated database for the whole run: a fresh one on the server of TEST_DATABASE_URL, else the embedded engine in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env['TEST_DATABASE_URL']
  return server ? setUpPostgres(project, server) : setUpEmbedded(project)
}

async function setUpPostgres(project: TestProject, server: string): Promise<() => Promise<void>> {
  const name = `xiucheng_test_${randomBytes(5).toString('hex')}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = openPostgres({ connectionString: url.href })
  await prepareDatabase(db)
  await db.close()
  project.provide('databaseUrl', url.href)
  project.provide('databaseEngine', 'postgres')
  return async () => {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}

/** A migrated data folder, made once for each set of migrations and engine version, and copied from then on. */
async function templateFolder(): Promise<string> {
  const migrations = await readMigrations()
  const key = createHash('sha256').update(PGLITE_VERSION + migrations.map((migration) => migration.checksum).join()).digest('hex').slice(0, 16)
  const cache = path.join(import.meta.dirname, '../../node_modules/.cache/xiucheng')
  const template = path.join(cache, `database-${key}`)
  if (existsSync(template)) return template
  await mkdir(cache, { recursive: true })
  const making = await mkdtemp(path.join(cache, 'making-'))
  const db = await openEmbedded({ dataDirectory: making, durable: false })
  await prepareDatabase(db)
  await db.close()
  await rename(making, template).catch(async (error: NodeJS.ErrnoException) => {
    // Another run was quicker; its template is as good.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    await rm(making, { recursive: true })
  })
  return template
}

async function setUpEmbedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'xiucheng-test-'))
  await cp(await templateFolder(), folder, { recursive: true })
  const db = await openEmbedded({ dataDirectory: folder, durable: false, onError: (error) => console.error(error.message) })
  project.provide('databaseUrl', db.embedded.socketPath)
  project.provide('databaseEngine', 'embedded')
  return async () => {
    await db.close()
    await rm(folder, { recursive: true, force: true })
  }
}
