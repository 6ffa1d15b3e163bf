/** From the staging table into the table of a kind: what is new, what changed, what vanished. */
import type { Queryable } from '../db/db.ts'
import { identifier, join, sql, type Sql } from '../db/sql.ts'

/** A column filled from the row's fields, and what it is when the row has none. */
export interface StoredColumn {
  column: string
  type: 'text' | 'integer' | 'bigint' | 'double precision' | 'boolean' | 'timestamptz'
  /** Value of rows without one; null where the column may be empty. */
  otherwise: string | number | boolean | null
}

export interface StoreTarget {
  table: string
  columns: readonly StoredColumn[]
  measure: 'area_m2' | 'length_meters' | null
}

export interface Layer {
  cityId: number
  layerId: number
}

const TYPES: Record<StoredColumn['type'], Sql> = { text: sql`text`, integer: sql`integer`, bigint: sql`bigint`, 'double precision': sql`double precision`, boolean: sql`boolean`, timestamptz: sql`timestamptz` }

function valueOf({ column, type, otherwise }: StoredColumn): Sql {
  const value = sql`(s.fields ->> ${column})::${TYPES[type]}`
  return otherwise === null ? value : sql`coalesce(${value}, ${otherwise}::${TYPES[type]})`
}

const names = (target: StoreTarget): Sql[] => [...target.columns.map(({ column }) => identifier(column)), ...(target.measure ? [identifier(target.measure)] : [])]
const values = (target: StoreTarget): Sql[] => [...target.columns.map(valueOf), ...(target.measure ? [sql`s.measure`] : [])]

/** Keeps the rows that will change as they were, ended now, under ids of their own. */
export async function keepHistory(tx: Queryable, target: StoreTarget, { layerId }: Layer): Promise<void> {
  const table = identifier(target.table)
  const columns = join([...names(target), sql`geom`])
  await tx.query(sql`
    insert into ${table} (public_id, city_id, layer_id, source_key, content_hash, outside_city, valid_from, valid_to, version, attributes, ${columns})
    select s.public_id, t.city_id, t.layer_id, t.source_key, t.content_hash, t.outside_city, t.valid_from, now(), t.version, t.attributes, ${join([...names(target), sql`geom`].map((name) => sql`t.${name}`))}
    from ${table} t join import_stage s on s.source_key = t.source_key
    where t.layer_id = ${layerId} and t.valid_to is null and t.content_hash <> s.content_hash`)
}

/** Rows whose content changed take their new content and keep their id. @returns how many. */
export async function updateChanged(tx: Queryable, target: StoreTarget, { layerId }: Layer): Promise<number> {
  const assignments = join(names(target).map((name, index) => sql`${name} = ${values(target)[index]!}`))
  const rows = await tx.query(sql`
    update ${identifier(target.table)} t set content_hash = s.content_hash, outside_city = s.outside_city, valid_from = now(), version = t.version + 1, attributes = s.attributes, ${assignments}, geom = s.geom
    from import_stage s
    where s.source_key = t.source_key and t.layer_id = ${layerId} and t.valid_to is null and t.content_hash <> s.content_hash
    returning t.id`)
  return rows.length
}

/** @returns how many rows are new. */
export async function insertNew(tx: Queryable, target: StoreTarget, { cityId, layerId }: Layer): Promise<number> {
  const rows = await tx.query(sql`
    insert into ${identifier(target.table)} (public_id, city_id, layer_id, source_key, content_hash, outside_city, attributes, ${join([...names(target), sql`geom`])})
    select s.public_id, ${cityId}::bigint, ${layerId}::bigint, s.source_key, s.content_hash, s.outside_city, s.attributes, ${join([...values(target), sql`s.geom`])}
    from import_stage s
    where not exists (select 1 from ${identifier(target.table)} t where t.layer_id = ${layerId} and t.source_key = s.source_key and t.valid_to is null)
    order by s.ordinal
    returning id`)
  return rows.length
}

/** Rows of the layer that the file no longer has end now. @returns how many. */
export async function endVanished(tx: Queryable, table: string, { layerId }: Layer): Promise<number> {
  const rows = await tx.query(sql`
    update ${identifier(table)} t set valid_to = now()
    where t.layer_id = ${layerId} and t.valid_to is null and not exists (select 1 from import_stage s where s.source_key = t.source_key)
    returning t.id`)
  return rows.length
}

/** Scheme of a staged row, `otherwise` where the file names none; null where codes are not of a scheme. */
const stagedScheme = (otherwise: string | null): Sql => (otherwise === null ? sql`null::text` : sql`coalesce(s.fields ->> 'scheme_id', ${otherwise}::text)`)

/** Staged rows whose code an earlier staged row has, within the scheme where codes are of one. */
export function listRepeatedCodes(tx: Queryable, schemeOtherwise: string | null): Promise<{ ordinal: number; row: number; code: string; firstRow: number }[]> {
  return tx.query(sql`
    select ordinal, row_number as row, code, first_row as "firstRow" from (
      select s.ordinal, s.row_number, s.fields ->> 'code' as code, row_number() over same_code as place, first_value(s.row_number) over same_code as first_row
      from import_stage s where s.fields ->> 'code' is not null
      window same_code as (partition by s.fields ->> 'code', ${stagedScheme(schemeOtherwise)} order by s.ordinal)
    ) coded
    where place > 1 order by ordinal`)
}

/**
 * Staged rows whose code a living row of another layer has, or a row of this layer that stays while the staged one only changes.
 * @param schemeOtherwise where codes are unique within the class scheme: the scheme of rows that name none; else null.
 */
export function listTakenCodes(tx: Queryable, table: string, { cityId, layerId }: Layer, schemeOtherwise: string | null): Promise<{ ordinal: number; row: number; code: string }[]> {
  const sameScheme = schemeOtherwise === null ? sql`` : sql`and t.scheme_id = ${stagedScheme(schemeOtherwise)}`
  const stays = (key: Sql) => sql`exists (select 1 from import_stage other where other.source_key = ${key})`
  const isThere = sql`exists (select 1 from ${identifier(table)} own where own.layer_id = ${layerId} and own.valid_to is null and own.source_key = s.source_key)`
  return tx.query(sql`
    select s.ordinal, s.row_number as row, t.code from import_stage s
    join ${identifier(table)} t on t.city_id = ${cityId} and t.valid_to is null and t.code = s.fields ->> 'code' ${sameScheme}
    where t.layer_id <> ${layerId} or (t.source_key <> s.source_key and ${stays(sql`t.source_key`)} and ${isThere})
    order by s.ordinal`)
}

export async function countStaged(tx: Queryable): Promise<number> {
  return (await tx.query<{ count: number }>(sql`select count(*)::int as count from import_stage`))[0]?.count ?? 0
}

export async function countLive(tx: Queryable, table: string, { layerId }: Layer): Promise<number> {
  const rows = await tx.query<{ count: number }>(sql`select count(*)::int as count from ${identifier(table)} where layer_id = ${layerId} and valid_to is null`)
  return rows[0]?.count ?? 0
}
