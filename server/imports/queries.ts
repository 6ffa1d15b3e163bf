/** The record of imports, the catalogue row of a layer, and small questions an import asks. */
import type { ImportIssue, ImportReport, ImportState } from '../contract/imports.ts'
import type { Queryable } from '../db/db.ts'
import { empty, sql, type Sql } from '../db/sql.ts'

/** Definition of an EPSG number, as PostGIS knows it. */
export async function findProj4Text(db: Queryable, srid: number): Promise<string | undefined> {
  const rows = await db.query<{ text: string }>(sql`select proj4text as text from spatial_ref_sys where srid = ${srid}`)
  return rows[0]?.text
}

export interface LayerRow {
  layerId: number
  key: string
  kind: string
  mapping: Record<string, string> | null
}

export async function findLayer(db: Queryable, cityId: number, key: string): Promise<LayerRow | undefined> {
  const rows = await db.query<LayerRow>(sql`select id as "layerId", key, kind, quality -> 'mapping' as mapping from layers where city_id = ${cityId} and key = ${key}`)
  return rows[0]
}

export interface LayerWrite {
  publicId: string
  cityId: number
  key: string
  kind: string
  titleZh: string
  titleEn: string
  owner: string
  source: string
  licence: string
  sourceCrs: string
  dataDate: string | null
}

/** Makes the catalogue row of a layer, or brings its facts up to date; a description given before stays unless a new one is given. */
export async function upsertLayer(tx: Queryable, layer: LayerWrite): Promise<number> {
  const rows = await tx.query<{ id: number }>(sql`
    insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, source_crs, data_date)
    values (${layer.publicId}, ${layer.cityId}, ${layer.key}, ${layer.kind}, ${layer.titleZh}, ${layer.titleEn}, ${layer.owner}, ${layer.source}, ${layer.licence}, ${layer.sourceCrs}, ${layer.dataDate}::date)
    on conflict (city_id, key) do update set source_crs = excluded.source_crs, source = excluded.source,
      owner = case when excluded.owner = '' then layers.owner else excluded.owner end,
      licence = case when excluded.licence = '' then layers.licence else excluded.licence end,
      data_date = coalesce(excluded.data_date, layers.data_date)
    returning id`)
  const id = rows[0]?.id
  if (id === undefined) throw new TypeError('an upsert answered no row')
  return id
}

/** Row count and quality of a layer; its version and date move only when rows did. */
export async function updateLayerFacts(tx: Queryable, layerId: number, facts: { rowCount: number; quality: object; isChanged: boolean }): Promise<void> {
  await tx.query(sql`
    update layers set row_count = ${facts.rowCount}, quality = ${JSON.stringify(facts.quality)}::jsonb,
      version = version + ${facts.isChanged ? 1 : 0}::int, updated_at = case when ${facts.isChanged}::boolean then now() else updated_at end
    where id = ${layerId}`)
}

export interface ImportRecord extends ImportState {
  importId: number
  cityKey: string
  options: unknown
}

function selectImports(where: Sql, limit: Sql): Sql {
  const instant = (column: Sql) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  return sql`
    select i.id as "importId", i.public_id as id, c.key as "cityKey", i.file_name as "fileName", i.kind, l.key as layer, i.dry_run as "dryRun", i.status, i.stage, i.percent, i.report, i.error, i.options,
      ${instant(sql`i.created_at`)} as "createdAt", ${instant(sql`i.finished_at`)} as "finishedAt"
    from imports i join cities c on c.id = i.city_id left join layers l on l.id = i.layer_id
    where ${where} order by i.id desc ${limit}`
}

export function listImports(db: Queryable, cityId: number): Promise<ImportRecord[]> {
  return db.query<ImportRecord>(selectImports(sql`i.city_id = ${cityId}`, sql`limit 100`))
}

export async function findImport(db: Queryable, publicId: string, cityId: number | null): Promise<ImportRecord | undefined> {
  const ofCity = cityId === null ? empty : sql`and i.city_id = ${cityId}`
  return (await db.query<ImportRecord>(selectImports(sql`i.public_id = ${publicId} ${ofCity}`, empty)))[0]
}

export async function insertImport(db: Queryable, row: { publicId: string; cityId: number; kind: string; fileName: string; sha256: string; options: object; dryRun: boolean; status: 'waiting' | 'running' }): Promise<void> {
  await db.query(sql`insert into imports (public_id, city_id, kind, file_name, file_sha256, options, dry_run, status)
    values (${row.publicId}, ${row.cityId}, ${row.kind}, ${row.fileName}, ${row.sha256}, ${JSON.stringify(row.options)}::jsonb, ${row.dryRun}, ${row.status})`)
}

/** @returns false when the import is finished, failed or cancelled already. */
export async function updateImportProgress(db: Queryable, publicId: string, stage: string, percent: number): Promise<boolean> {
  const rows = await db.query(sql`update imports set status = 'running', stage = ${stage}, percent = ${percent} where public_id = ${publicId} and status in ('waiting', 'running') returning id`)
  return rows.length > 0
}

export interface ImportEnd {
  status: 'finished' | 'failed' | 'cancelled'
  layerId: number | null
  report: ImportReport | null
  error: { code: string; message: string } | null
  issues: readonly ImportIssue[]
}

const ISSUE_BATCH = 2000

/** Closes an import and keeps its issues. Does nothing to one that is closed. */
export async function finishImport(tx: Queryable, publicId: string, end: ImportEnd): Promise<boolean> {
  const rows = await tx.query<{ id: number }>(sql`
    update imports set status = ${end.status}, stage = ${end.status}, percent = 100, layer_id = ${end.layerId}, report = ${end.report ? JSON.stringify(end.report) : null}::jsonb,
      error = ${end.error ? JSON.stringify(end.error) : null}::jsonb, finished_at = now()
    where public_id = ${publicId} and status in ('waiting', 'running') returning id`)
  const id = rows[0]?.id
  if (id === undefined) return false
  for (let start = 0; start < end.issues.length; start += ISSUE_BATCH) {
    const batch = end.issues.slice(start, start + ISSUE_BATCH)
    await tx.query(sql`
      insert into import_issues (import_id, ordinal, row_number, severity, code, field, message, sample)
      select ${id}::bigint, given.ordinal, given.row_number, given.severity, given.code, given.field, given.message, given.sample
      from unnest(${batch.map((_, index) => start + index + 1)}::int[], ${batch.map((issue) => issue.row)}::int[], ${batch.map((issue) => issue.severity)}::text[], ${batch.map((issue) => issue.code)}::text[],
        ${batch.map((issue) => issue.field)}::text[], ${batch.map((issue) => issue.message)}::text[], ${batch.map((issue) => issue.sample)}::text[])
        as given(ordinal, row_number, severity, code, field, message, sample)`)
  }
  return true
}

export async function listIssues(db: Queryable, importId: number, after: number, limit: number): Promise<(ImportIssue & { ordinal: number })[]> {
  return db.query(sql`
    select ordinal, row_number as row, severity, code, field, message, sample from import_issues
    where import_id = ${importId} and ordinal > ${after} order by ordinal limit ${limit}`)
}

/** Versions of all kinds of a city, for the live event. */
export async function findTileVersions(tx: Queryable, cityId: number): Promise<Record<string, number>> {
  const rows = await tx.query<{ versions: Record<string, number> }>(sql`select coalesce(json_object_agg(kind, version), '{}'::json) as versions from kind_versions where city_id = ${cityId}`)
  return rows[0]?.versions ?? {}
}

/** An import whose server stops goes back to the queue. */
export async function returnImport(db: Queryable, publicId: string): Promise<void> {
  await db.query(sql`update imports set status = 'waiting', stage = 'waiting', percent = 0 where public_id = ${publicId} and status = 'running'`)
}

/** Imports that no record says have ended, oldest first; `ageSeconds` since they began. */
export function listOpenImports(db: Queryable): Promise<{ id: string; cityKey: string; ageSeconds: number }[]> {
  return db.query(sql`
    select i.public_id as id, c.key as "cityKey", extract(epoch from now() - i.created_at)::float8 as "ageSeconds"
    from imports i join cities c on c.id = i.city_id where i.status in ('waiting', 'running') order by i.id`)
}
