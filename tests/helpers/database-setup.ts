import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../../server/db/embedded.ts'
import { openPostgres } from '../../server/db/postgres.ts'
import { prepareDatabase } from '../../server/db/prepare.ts'
import { aDataFolder } from './data-folder.ts'

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

async function setUpEmbedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = await aDataFolder()
  const db = await openEmbedded({ dataDirectory: folder, durable: false, onError: (error) => console.error(error.message) })
  project.provide('databaseUrl', db.embedded.socketPath)
  project.provide('databaseEngine', 'embedded')
  return async () => {
    await db.close()
    await rm(folder, { recursive: true, force: true })
  }
}
