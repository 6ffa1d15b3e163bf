import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../server/db/migrate.ts'
import { openPostgres } from '../../server/db/postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string
    databaseEngine: 'postgres' | 'embedded'
  }
}

/** One migrated database for the whole run: a fresh one on the server of TEST_DATABASE_URL, else the embedded engine in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env['TEST_DATABASE_URL']
  if (!server) throw new Error('embedded engine: being built; set TEST_DATABASE_URL meanwhile')
  const name = `xiucheng_test_${randomBytes(5).toString('hex')}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = openPostgres({ connectionString: url.href })
  await migrate(db)
  await db.close()
  project.provide('databaseUrl', url.href)
  project.provide('databaseEngine', 'postgres')
  return async () => {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}
