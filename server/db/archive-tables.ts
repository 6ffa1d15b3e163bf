/** Which tables a backup holds, how a row is written as text on either engine, and in which order. */
import { createHash, type Hash } from 'node:crypto'
import type { Queryable } from './db.ts'
import { catalogueType, identifier, join, sql, type Sql } from './sql.ts'

/**
 * Not part of a backup: the identity and the schema's record belong to the installation restored into, the outbox only to
 * feeds that are open now (its transaction numbers mean nothing elsewhere), PostGIS brings its own list of systems, and the rows
 * that queues are counted from are made again by the triggers of what they are made from.
 */
const LEFT_OUT = ['schema_migrations', 'system_identity', 'live_events', 'live_history', 'spatial_ref_sys', 'open_cases', 'case_digests']

export interface ArchiveColumn {
  name: string
  /** As `format_type` says it; text is cast back to it. */
  type: string
}

export interface ArchiveTable {
  name: string
  columns: ArchiveColumn[]
  primaryKey: string[]
  /** Tables its foreign keys point to. */
  needs: string[]
}

export interface TableContent {
  name: string
  rows: number
  /** SHA-256 over all rows in the order of the key, each as a line of JSON. */
  sha256: string
}

/** A row as the archive holds it: every value as the database writes it in text, geometry as hex EWKB. */
export type ArchiveRow = (string | null)[]

/** The tables of the schema `public`, those that are referred to before those that refer to them. */
export async function listArchiveTables(db: Queryable): Promise<ArchiveTable[]> {
  const tables = await db.query<ArchiveTable>(sql`
    select c.relname as name,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      coalesce((select json_agg(a.attname order by array_position(i.indkey::int2[], a.attnum))
        from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey) where i.indrelid = c.oid and i.indisprimary), '[]'::json) as "primaryKey",
      coalesce((select json_agg(distinct r.relname) from pg_constraint f join pg_class r on r.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '[]'::json) as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and not (c.relname = any (${LEFT_OUT}))
      and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by c.relname`)
  return inOrderOfNeed(tables)
}

/** Sorts so that no table comes before one it needs; alphabetical otherwise. */
export function inOrderOfNeed(tables: readonly ArchiveTable[]): ArchiveTable[] {
  const known = new Set(tables.map((table) => table.name))
  const placed = new Set<string>()
  const ordered: ArchiveTable[] = []
  while (ordered.length < tables.length) {
    const next = tables.find((table) => !placed.has(table.name) && table.needs.every((need) => placed.has(need) || !known.has(need)))
    if (!next) throw new Error('the tables refer to each other in a circle, which an archive cannot hold')
    placed.add(next.name)
    ordered.push(next)
  }
  return ordered
}

function isText(type: string): boolean {
  return /^(text|character|citext|name)/.test(type)
}

/** The same order on every engine and locale: by the key, texts by their bytes. */
function orderOf(table: ArchiveTable): Sql {
  const keys = table.primaryKey.length > 0 ? table.primaryKey : table.columns.map((column) => column.name)
  return join(
    keys.map((name) => {
      const type = table.columns.find((column) => column.name === name)?.type ?? 'text'
      const column = identifier(name)
      if (isText(type)) return sql`${column} collate "C"`
      return table.primaryKey.length > 0 ? column : sql`${column}::text collate "C"`
    }),
  )
}

const ROWS_AT_A_TIME = 2000

/** Reads a table row by row within the caller's transaction, in an order that does not depend on the engine. */
export async function* readRows(tx: Queryable, table: ArchiveTable): AsyncGenerator<ArchiveRow> {
  const values = join(table.columns.map((column) => sql`${identifier(column.name)}::text`))
  await tx.query(sql`declare archive_rows no scroll cursor for select json_build_array(${values}) as row from ${identifier(table.name)} order by ${orderOf(table)}`)
  for (;;) {
    const rows = await tx.query<{ row: ArchiveRow }>(sql`fetch 2000 from archive_rows`)
    for (const { row } of rows) yield row
    if (rows.length < ROWS_AT_A_TIME) break
  }
  await tx.query(sql`close archive_rows`)
}

/** Counts and hashes rows as they pass. */
export class ContentHash {
  readonly #name: string
  readonly #hash: Hash = createHash('sha256')
  #rows = 0

  constructor(name: string) {
    this.#name = name
  }

  /** Answers the line that was hashed. */
  add(row: ArchiveRow): string {
    const line = `${JSON.stringify(row)}\n`
    this.addLine(line)
    return line
  }

  addLine(line: string): void {
    this.#hash.update(line)
    this.#rows += 1
  }

  get content(): TableContent {
    return { name: this.#name, rows: this.#rows, sha256: this.#hash.copy().digest('hex') }
  }
}

/** What a table holds now. */
export async function hashTable(tx: Queryable, table: ArchiveTable): Promise<TableContent> {
  const hash = new ContentHash(table.name)
  for await (const row of readRows(tx, table)) hash.add(row)
  return hash.content
}

/** Inserts rows as an archive holds them, values cast by the types of the table they go into. */
export async function insertRows(tx: Queryable, table: ArchiveTable, rows: readonly ArchiveRow[]): Promise<void> {
  if (rows.length === 0) return
  const names = table.columns.map((_, index) => identifier(`c${index}`))
  const casts = table.columns.map((column, index) => sql`given.${identifier(`c${index}`)}::${catalogueType(column.type)}`)
  const columns = table.columns.map((_, index) => sql`${rows.map((row) => row[index] ?? null)}::text[]`)
  await tx.query(sql`insert into ${identifier(table.name)} (${join(table.columns.map((column) => identifier(column.name)))}) overriding system value
    select ${join(casts)} from unnest(${join(columns)}) as given (${join(names)})`)
}

/** Sets the counters of identity columns behind the highest number restored. */
export async function advanceIdentities(tx: Queryable, table: ArchiveTable): Promise<void> {
  const identities = await tx.query<{ name: string }>(sql`select attname as name from pg_attribute where attrelid = ${table.name}::regclass and attidentity <> ''`)
  for (const { name } of identities) {
    await tx.query(sql`select setval(pg_get_serial_sequence(${table.name}, ${name}), greatest(coalesce(max(${identifier(name)}), 0), 1), coalesce(max(${identifier(name)}), 0) > 0) from ${identifier(table.name)}`)
  }
}

/** Rules: filled by a migration or a start, although a city may add its own. */
const OWN_REFERENCE = new Set(['service_rules', 'case_rules', 'workflow_settings', 'work_calendars', 'stage_limits', 'clock_rules', 'walking_settings', 'gap_rules', 'mend_settings'])

/** Tables that a start fills by itself: rules, and whatever belongs to no city. A restore empties them first. */
export function referenceTables(tables: readonly ArchiveTable[]): Set<string> {
  const reference = new Set<string>()
  // Tables come in order of need, so what a table needs has been judged before it.
  for (const table of tables) {
    if (OWN_REFERENCE.has(table.name) || (table.name !== 'cities' && table.needs.every((need) => reference.has(need)))) reference.add(table.name)
  }
  return reference
}

/** Names of tables that hold something a restore must not mix with. */
export async function listOccupied(tx: Queryable, tables: readonly ArchiveTable[]): Promise<string[]> {
  const occupied: string[] = []
  const reference = referenceTables(tables)
  for (const { name } of tables) {
    if (reference.has(name)) continue
    const [row] = await tx.query<{ found: boolean }>(sql`select exists (select 1 from ${identifier(name)}) as found`)
    if (row?.found) occupied.push(name)
  }
  return occupied
}

export async function deleteReference(tx: Queryable, tables: readonly ArchiveTable[]): Promise<void> {
  const reference = referenceTables(tables)
  for (const { name } of [...tables].reverse()) if (reference.has(name)) await tx.query(sql`delete from ${identifier(name)}`)
}

/** Work that was under way when the backup was made ends as failed: no queue of this installation knows of it. */
export async function endInterruptedWork(tx: Queryable): Promise<number> {
  const error = JSON.stringify({ code: 'cancelled', message: 'It was under way when the backup was made; start it again.' })
  const runs = await tx.query(sql`update coverage_runs set status = 'failed', error = ${error}::jsonb, finished_at = now() where status in ('waiting', 'running') returning id`)
  const imports = await tx.query(sql`update imports set status = 'failed', error = ${error}::jsonb, finished_at = now() where status in ('waiting', 'running') returning id`)
  return runs.length + imports.length
}
