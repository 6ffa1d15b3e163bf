import { afterAll, expect, test } from 'vitest'
import { sql } from '../../server/db/sql.ts'
import { openTestDb } from '../helpers/db.ts'

const db = openTestDb()
afterAll(() => db.close())

// What PostGIS and the job queue bring is theirs; tables that tests make are named after them.
const ours = sql`n.nspname = 'public' and c.relname !~ '_test$' and c.relname not in ('spatial_ref_sys', 'ledger', 'kept')
  and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')`

test('the tables and columns are those that were agreed on; a migration that changes them shows here', async () => {
  const rows = await db.query<{ line: string }>(sql`
    select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
      || case a.attidentity when '' then '' else ' identity' end as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where ${ours} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by c.relname collate "C", a.attnum`)
  await expect(rows.map((row) => row.line).join('\n')).toMatchFileSnapshot('__snapshots__/columns.txt')
})

test('so are the constraints', async () => {
  // Not-null is told with the columns, and only newer servers keep it as a constraint.
  const rows = await db.query<{ line: string }>(sql`
    select c.relname || ' ' || o.conname || ' ' || pg_get_constraintdef(o.oid) as line
    from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and o.contype <> 'n' order by c.relname collate "C", o.conname collate "C"`)
  await expect(rows.map((row) => row.line).join('\n')).toMatchFileSnapshot('__snapshots__/constraints.txt')
})

test('and the indexes', async () => {
  const rows = await db.query<{ line: string }>(sql`
    select pg_get_indexdef(i.indexrelid) as line from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where ${ours} order by c.relname collate "C", i.indexrelid::regclass::text collate "C"`)
  await expect(rows.map((row) => row.line).join('\n')).toMatchFileSnapshot('__snapshots__/indexes.txt')
})

test('every foreign key says what happens on delete, and every geometry is stored in CGCS2000 (EPSG:4490)', async () => {
  const keys = await db.query<{ name: string; action: string }>(sql`select o.conname as name, o.confdeltype as action from pg_constraint o join pg_class c on c.oid = o.conrelid
    join pg_namespace n on n.oid = c.relnamespace where ${ours} and o.contype = 'f' and o.confdeltype = 'a'`)
  expect(keys).toEqual([])
  const others = await db.query(sql`select f_table_name, srid from geometry_columns where f_table_schema = 'public' and srid <> 4490`)
  expect(others).toEqual([])
})
