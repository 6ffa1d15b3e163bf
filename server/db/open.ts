import type { Config } from '../config.ts'
import { checkServer } from './check-server.ts'
import type { Db } from './db.ts'
import { openEmbedded } from './embedded.ts'
import { openPostgres } from './postgres.ts'

/**
 * Opens the configured database: a PostgreSQL server when DATABASE_URL is set, else the embedded engine in the data folder.
 * @throws DatabaseRefusal with a sentence for the person who started the program.
 */
export async function openDatabase(config: Config, onError: (error: Error) => void, program = 'xiucheng'): Promise<Db> {
  if (config.DATABASE_URL) {
    const db = openPostgres({ connectionString: config.DATABASE_URL, maxConnections: config.DATABASE_CONNECTIONS, statementTimeoutMs: config.STATEMENT_TIMEOUT_MS, onError })
    try {
      await checkServer(db, config.DATABASE_URL)
      return db
    } catch (error) {
      await db.close()
      throw error
    }
  }
  return openEmbedded({ dataDirectory: config.dataDirectory, statementTimeoutMs: config.STATEMENT_TIMEOUT_MS, onError, program })
}
