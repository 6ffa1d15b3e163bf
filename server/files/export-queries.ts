import type { OutField } from './write.ts'
import type { Queryable } from '../db/db.ts'
import { identifier, join, sql } from '../db/sql.ts'

export interface ExportColumn {
  name: string
  type: OutField['type']
}

/** Columns of a feature table that a file carries: everything but inner numbers, hashes, the shape, and who reported a case. */
export function listExportColumns(db: Queryable, table: string): Promise<ExportColumn[]> {
  return db.query<ExportColumn>(sql`
    select column_name as name, case
      when data_type in ('integer', 'smallint', 'bigint') then 'integer' when data_type in ('real', 'double precision', 'numeric') then 'number'
      when data_type = 'boolean' then 'boolean' when data_type like 'timestamp%' then 'instant' else 'text' end as type
    from information_schema.columns
    where table_schema = current_schema() and table_name = ${table}
      and column_name not in ('id', 'city_id', 'layer_id', 'content_hash', 'geom', 'valid_to', 'attributes', 'search_text', 'idempotency_key', 'part_id', 'source_node_id', 'target_node_id',
        'department_id', 'holder_id', 'reporter_id', 'disposer_id', 'checker_id', 'master_id', 'reopened_from_id', 'reported_by', 'reporter_phone')
    order by ordinal_position`)
}

export interface ExportPage {
  id: number
  layer: string
  geometry: { type: string; coordinates: unknown } | null
  properties: Record<string, unknown>
  attributes: Record<string, unknown>
}

/** Living rows of a kind in the order they came, from behind `after`; coordinates in EPSG:4490. */
export function listExportRows(db: Queryable, source: { table: string; cityId: number; layerId: number | null; hasValidity: boolean; columns: readonly ExportColumn[] }, after: number, limit: number): Promise<ExportPage[]> {
  return db.query<ExportPage>(sql`
    select f.id, coalesce(l.key, '') as layer, st_asgeojson(f.geom, 7)::json as geometry, f.attributes,
      (select row_to_json(r) from (select ${join(source.columns.map((column) => sql`f.${identifier(column.name)}`))}) r) as properties
    from ${identifier(source.table)} f left join layers l on l.id = f.layer_id
    where f.city_id = ${source.cityId} and (${source.layerId}::bigint is null or f.layer_id = ${source.layerId}::bigint) ${source.hasValidity ? sql`and f.valid_to is null` : sql``} and f.id > ${after}
    order by f.id limit ${limit}`)
}

/** Sorts of geometry among the rows, e.g. `MULTIPOLYGON`. */
export async function listGeometryTypes(db: Queryable, source: { table: string; cityId: number; layerId: number | null; hasValidity: boolean }): Promise<string[]> {
  const rows = await db.query<{ type: string }>(sql`
    select distinct geometrytype(f.geom) as type from ${identifier(source.table)} f
    where f.city_id = ${source.cityId} and (${source.layerId}::bigint is null or f.layer_id = ${source.layerId}::bigint) ${source.hasValidity ? sql`and f.valid_to is null` : sql``} and f.geom is not null`)
  return rows.map((row) => row.type)
}

/** Names of the source's own columns, over all rows. */
export async function listAttributeNames(db: Queryable, source: { table: string; cityId: number; layerId: number | null; hasValidity: boolean }): Promise<string[]> {
  const rows = await db.query<{ name: string }>(sql`
    select distinct jsonb_object_keys(f.attributes) as name from ${identifier(source.table)} f
    where f.city_id = ${source.cityId} and (${source.layerId}::bigint is null or f.layer_id = ${source.layerId}::bigint) ${source.hasValidity ? sql`and f.valid_to is null` : sql``} order by name limit 200`)
  return rows.map((row) => row.name)
}
