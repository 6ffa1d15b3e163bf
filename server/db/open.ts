import type { Config } from '../config.ts'
import type { Db } from './db.ts'
import { openPostgres } from './postgres.ts'

/** Opens the configured database: a PostgreSQL server when DATABASE_URL is set, else the embedded engine in the data folder. */
export async function openDatabase(config: Config, onError: (error: Error) => void): Promise<Db> {
  if (!config.DATABASE_URL) throw new Error('embedded engine: being built')
  return openPostgres({ connectionString: config.DATABASE_URL, maxConnections: config.DATABASE_CONNECTIONS, statementTimeoutMs: config.STATEMENT_TIMEOUT_MS, onError })
}
