import type { EvidenceKind } from '../contract/evidence.ts'
import type { Position } from '../contract/geojson.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

/** What evidence is held against: the place and the time of its case. */
export interface EvidenceCase {
  incidentId: number
  /** When it happened, else when it was reported. */
  happenedAt: string
  reportedAt: string
}

const INSTANT = sql`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

/** @param visible a condition over `i`: whether the caller sees the case. */
export async function findEvidenceCase(db: Queryable, cityId: number, id: string, visible: Sql): Promise<EvidenceCase | undefined> {
  const rows = await db.query<EvidenceCase>(sql`
    select i.id as "incidentId", to_char(coalesce(i.occurred_at, i.reported_at) at time zone 'UTC', ${INSTANT}) as "happenedAt",
      to_char(i.reported_at at time zone 'UTC', ${INSTANT}) as "reportedAt"
    from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`, PREPARED)
  return rows[0]
}

export interface EvidenceRow {
  mediaId: number
  id: string
  kind: EvidenceKind
  fileName: string
  mediaType: string
  sha256: string
  bytes: number
  width: number
  height: number
  takenAt: string | null
  position: Position | null
  distanceMeters: number | null
  uploadedBy: string
  createdAt: string
  flowSequence: number | null
  originalPath: string
  shownPath: string
  thumbnailPath: string
}

/** Distances are measured at reading, so that they follow a case whose place is corrected. */
function evidence(measureSrid: number, where: Sql): Sql {
  return sql`
    select m.id as "mediaId", m.public_id as id, m.kind, m.file_name as "fileName", m.media_type as "mediaType", m.original_sha256 as sha256, m.original_bytes::float8 as bytes,
      m.shown_width as width, m.shown_height as height, to_char(m.taken_at at time zone 'UTC', ${INSTANT}) as "takenAt",
      case when m.taken_geom is null then null else json_build_array(st_x(m.taken_geom), st_y(m.taken_geom)) end as position,
      st_distance(st_transform(m.taken_geom, ${measureSrid}::int), st_transform(i.geom, ${measureSrid}::int)) as "distanceMeters",
      m.uploaded_by as "uploadedBy", to_char(m.created_at at time zone 'UTC', ${INSTANT}) as "createdAt", m.flow_sequence as "flowSequence",
      m.original_path as "originalPath", m.shown_path as "shownPath", m.thumbnail_path as "thumbnailPath"
    from case_media m join incidents i on i.id = m.incident_id
    where ${where} order by m.id`
}

export function listEvidenceRows(db: Queryable, measureSrid: number, incidentId: number): Promise<EvidenceRow[]> {
  return db.query<EvidenceRow>(evidence(measureSrid, sql`m.incident_id = ${incidentId}`))
}

export async function findEvidenceRow(db: Queryable, city: { cityId: number; measureSrid: number }, incident: string, id: string, visible: Sql): Promise<EvidenceRow | undefined> {
  return (await db.query<EvidenceRow>(evidence(city.measureSrid, sql`i.city_id = ${city.cityId} and i.public_id = ${incident}::uuid and m.public_id = ${id}::uuid and ${visible}`)))[0]
}

export async function findSameEvidence(db: Queryable, measureSrid: number, incidentId: number, kind: EvidenceKind, sha256: string): Promise<EvidenceRow | undefined> {
  return (await db.query<EvidenceRow>(evidence(measureSrid, sql`m.incident_id = ${incidentId} and m.kind = ${kind} and m.original_sha256 = ${sha256}`)))[0]
}

/** Keeps two photos that arrive at once from both being the last one allowed. */
export async function lockEvidence(tx: Queryable, incidentId: number): Promise<number> {
  await tx.query(sql`select 1 from incidents where id = ${incidentId} for update`, PREPARED)
  return (await tx.query<{ count: number }>(sql`select count(*)::int as count from case_media where incident_id = ${incidentId}`, PREPARED))[0]?.count ?? 0
}

export async function countEvidence(db: Queryable, incidentId: number): Promise<number> {
  return (await db.query<{ count: number }>(sql`select count(*)::int as count from case_media where incident_id = ${incidentId}`, PREPARED))[0]?.count ?? 0
}

export interface NewEvidence {
  publicId: string
  incidentId: number
  kind: EvidenceKind
  fileName: string
  mediaType: string
  originalPath: string
  sha256: string
  bytes: number
  shownPath: string
  width: number
  height: number
  thumbnailPath: string
  takenAt: string | null
  position: Position | null
  uploadedById: number | null
  uploadedBy: string
  at: string
}

export async function insertEvidence(tx: Queryable, row: NewEvidence): Promise<void> {
  const [longitude, latitude] = row.position ?? [null, null]
  await tx.query(sql`
    insert into case_media (public_id, incident_id, kind, file_name, media_type, original_path, original_sha256, original_bytes, shown_path, shown_width, shown_height, thumbnail_path,
      taken_at, taken_geom, uploaded_by_id, uploaded_by, created_at)
    values (${row.publicId}, ${row.incidentId}, ${row.kind}, ${row.fileName}, ${row.mediaType}, ${row.originalPath}, ${row.sha256}, ${row.bytes}, ${row.shownPath}, ${row.width}, ${row.height},
      ${row.thumbnailPath}, ${row.takenAt}::timestamptz, st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490), ${row.uploadedById}, ${row.uploadedBy}, ${row.at}::timestamptz)`, PREPARED)
}

/** Photos of a case by their ids, as a step of the case names them; in the order asked for. */
export function listEvidenceForFlow(tx: Queryable, incidentId: number, ids: readonly string[]): Promise<{ mediaId: number; id: string; kind: EvidenceKind; sha256: string; flowSequence: number | null }[]> {
  return tx.query(sql`
    select m.id as "mediaId", m.public_id as id, m.kind, m.original_sha256 as sha256, m.flow_sequence as "flowSequence"
    from unnest(${ids}::uuid[]) with ordinality as wanted(id, place) join case_media m on m.public_id = wanted.id and m.incident_id = ${incidentId}
    order by wanted.place for update of m`, PREPARED)
}

export async function updateEvidenceFlow(tx: Queryable, mediaIds: readonly number[], sequence: number): Promise<void> {
  await tx.query(sql`update case_media set flow_sequence = ${sequence} where id = any(${mediaIds}::bigint[]) and flow_sequence is null`, PREPARED)
}

/** Which of these names a row stands behind. */
export async function listKeptNames(db: Queryable, names: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ name: string }>(sql`
    select given.name from unnest(${names}::text[]) as given(name)
    where exists (select 1 from case_media m where given.name in (m.original_path, m.shown_path, m.thumbnail_path))`, PREPARED)
  return new Set(rows.map(({ name }) => name))
}

/** Every photo's sealed original, in pages by id. */
export function listArchivedNames(tx: Queryable, after: number, limit: number): Promise<{ mediaId: number; originalPath: string; originalSha256: string; shownPath: string; thumbnailPath: string }[]> {
  return tx.query(sql`
    select id as "mediaId", original_path as "originalPath", original_sha256 as "originalSha256", shown_path as "shownPath", thumbnail_path as "thumbnailPath" from case_media where id > ${after} order by id limit ${limit}`)
}

export function listSealed(db: Queryable, after: number, limit: number): Promise<{ mediaId: number; id: string; originalPath: string; sha256: string; reportNumber: string }[]> {
  return db.query(sql`
    select m.id as "mediaId", m.public_id as id, m.original_path as "originalPath", m.original_sha256 as sha256, i.report_number as "reportNumber"
    from case_media m join incidents i on i.id = m.incident_id where m.id > ${after} order by m.id limit ${limit}`, PREPARED)
}
