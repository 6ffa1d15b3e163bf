import { randomUUID } from 'node:crypto'
import { DatabaseRefusal } from './database-error.ts'
import type { Db } from './db.ts'
import type { EmbeddedDb } from './embedded.ts'
import { migrate, readMigrations } from './migrate.ts'
import { sql } from './sql.ts'

function isEmbedded(db: Db): db is EmbeddedDb {
  return 'embedded' in db
}

/**
 * Migrates and names the database: afterwards its schema is this program's and its identity row is written.
 * @returns how many migrations were applied.
 * @throws MigrationError when it is newer than the program; DatabaseRefusal when it is another installation's.
 */
export async function prepareDatabase(db: Db, progress?: (done: number, of: number) => void): Promise<number> {
  const applied = await migrate(db, progress)
  const instanceId = isEmbedded(db) ? db.embedded.instanceId : randomUUID()
  const [row] = await db.query<{ id: string }>(sql`with given as (insert into system_identity (instance_id) values (${instanceId}) on conflict do nothing returning instance_id)
    select instance_id as id from given union all select instance_id from system_identity`)
  if (isEmbedded(db)) {
    if (row?.id !== db.embedded.instanceId) throw new DatabaseRefusal('This database belongs to another installation than its data folder; restore a backup into another DATA_DIR.')
    db.embedded.recordSchemaVersion(await latestMigration())
  }
  return applied
}

let latest: Promise<number> | undefined

/** The number of the newest migration this program carries. */
export function latestMigration(): Promise<number> {
  latest ??= readMigrations().then((migrations) => migrations.at(-1)?.number ?? 0)
  return latest
}
