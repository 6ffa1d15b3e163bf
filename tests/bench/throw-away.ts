import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Db } from '../../server/db/db.ts'
import { openEmbedded } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPostgres } from '../../server/db/postgres.ts'
import { identifier, sql } from '../../server/db/sql.ts'

/** A migrated database that is gone after the bench. */
export async function openThrowAway(connections: number): Promise<{ db: Db; /** Where a server finds it; undefined when embedded. */ url?: string; drop(): Promise<void> }> {
  const report = (error: Error) => console.error(error.message)
  const server = process.env['DATABASE_URL']
  if (!server) {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'xiucheng-bench-'))
    const db = await openEmbedded({ dataDirectory, durable: false, onError: report })
    await migrate(db)
    return { db, drop: async () => { await db.close(); await rm(dataDirectory, { recursive: true }) } }
  }
  const name = `xiucheng_bench_${randomBytes(4).toString('hex')}`
  const admin = openPostgres({ connectionString: server, maxConnections: 1, onError: report })
  await admin.query(sql`create database ${identifier(name)}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = openPostgres({ connectionString: url.href, maxConnections: connections, onError: report })
  await migrate(db)
  return { db, url: url.href, drop: async () => { await db.close(); await admin.query(sql`drop database ${identifier(name)} with (force)`); await admin.close() } }
}
