import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Db } from './db.ts'
import { sql } from './sql.ts'

export interface Migration {
  number: number
  name: string
  text: string
  checksum: string
}

export class MigrationError extends Error {}

const FOLDER = path.join(import.meta.dirname, '../../data/migrations')

/** The migrations in order, with their checksums. */
export async function readMigrations(folder = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8')
      return { number: Number(name.slice(0, 4)), name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/**
 * Brings the schema up to this program, forward only, each migration in its own transaction.
 * @throws MigrationError when an applied file was edited, or the database is newer than the program.
 */
export async function migrate(db: Db, progress: (done: number, of: number) => void = () => {}): Promise<number> {
  const migrations = await readMigrations()
  // Under the same lock as the migrations: two programs that start together would both try to create the table.
  await db.exec(`begin; select pg_advisory_xact_lock(7423190011);
    create table if not exists schema_migrations (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()); commit;`)
  const applied = await db.query<{ number: number; name: string; checksum: string }>(sql`select number, name, checksum from schema_migrations order by number`)
  const known = new Map(migrations.map((migration) => [migration.number, migration]))
  for (const row of applied) {
    const migration = known.get(row.number)
    if (!migration) throw new MigrationError(`The database is newer than this program: it holds migration ${row.name}, which this version does not know. Start the newer program, or restore a backup made by this version.`)
    if (migration.checksum !== row.checksum) throw new MigrationError(`Migration ${row.name} was edited after it was applied; migrations are never edited. Restore the original file and add a new migration instead.`)
  }
  const pending = migrations.filter((migration) => !applied.some((row) => row.number === migration.number))
  let done = 0
  for (const migration of pending) {
    // The number goes in first: of two programs starting together the primary key lets one win, the other waits and skips.
    await db.exec(
      `begin; select pg_advisory_xact_lock(7423190011);
       do $outer$ begin
         if not exists (select 1 from schema_migrations where number = ${migration.number}) then
           insert into schema_migrations (number, name, checksum) values (${migration.number}, '${migration.name}', '${migration.checksum}');
           execute $migration$${migration.text}$migration$;
         end if;
       end $outer$; commit;`,
      { timeoutMs: 600_000 },
    )
    progress(++done, pending.length)
  }
  return pending.length
}
