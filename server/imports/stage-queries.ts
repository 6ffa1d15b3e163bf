/** The staging table of one import: lives in its transaction, is measured and judged there, and then compared with what is stored. */
import type { Queryable } from '../db/db.ts'
import { identifier, sql } from '../db/sql.ts'

export interface StageRow {
  /** Running number in the stage: one row of a file may become several. */
  ordinal: number
  /** Row of the file. */
  row: number
  publicId: string
  sourceKey: string
  contentHash: string
  geometry: string | null
  fields: string
  attributes: string
  joinKey: string | null
}

/** A fresh, empty stage; the layers of one import use it one after the other. */
export async function createStage(tx: Queryable): Promise<void> {
  await tx.query(sql`drop table if exists pg_temp.import_stage`)
  await tx.query(sql`create temporary table import_stage (
    ordinal integer primary key,
    row_number integer not null,
    public_id uuid not null,
    source_key text not null,
    content_hash text not null,
    fields jsonb not null,
    attributes jsonb not null,
    join_key text,
    outside_city boolean not null default false,
    measure double precision,
    refusal text,
    refusal_code text,
    repair text,
    geom geometry(Geometry, 4490)
  ) on commit drop`)
}

/**
 * After the rows are in: what the planner has to know to compare tens of thousands of them with what is stored.
 * Never the geometry: with statistics of it the embedded engine's PostGIS estimates spatial joins as nonsense and fails them ("invalid function selectivity").
 */
export async function finishStage(tx: Queryable, table: string): Promise<void> {
  const keyColumn = table === 'incidents' ? 'source_reference' : 'source_key'
  await tx.query(sql`create index on import_stage (source_key)`)
  await tx.query(sql`analyze import_stage (ordinal, source_key, content_hash)`)
  await tx.query(sql`analyze ${identifier(table)} (layer_id, ${identifier(keyColumn)})`)
}

/** Puts rows in, transformed from `srid` into EPSG:4490. @throws the database's error when one cannot be transformed. */
export async function insertStageRows(tx: Queryable, rows: readonly StageRow[], srid: number): Promise<void> {
  const column = <Key extends keyof StageRow>(key: Key) => rows.map((row) => row[key])
  await tx.query(sql`
    insert into import_stage (ordinal, row_number, public_id, source_key, content_hash, fields, attributes, join_key, geom)
    select given.ordinal, given.row_number, given.public_id, given.source_key, given.content_hash, given.fields::jsonb, given.attributes::jsonb, given.join_key,
      case when ${srid}::int in (4326, 4490) then st_setsrid(st_force2d(st_geomfromgeojson(given.geometry)), 4490)
        else st_transform(st_setsrid(st_force2d(st_geomfromgeojson(given.geometry)), ${srid}::int), 4490) end
    from unnest(${column('ordinal')}::int[], ${column('row')}::int[], ${column('publicId')}::uuid[], ${column('sourceKey')}::text[], ${column('contentHash')}::text[], ${column('geometry')}::text[], ${column('fields')}::text[], ${column('attributes')}::text[], ${column('joinKey')}::text[])
      as given(ordinal, row_number, public_id, source_key, content_hash, geometry, fields, attributes, join_key)`)
}

export async function savepoint(tx: Queryable): Promise<void> {
  await tx.query(sql`savepoint import_batch`)
}
export async function rollbackToSavepoint(tx: Queryable): Promise<void> {
  await tx.query(sql`rollback to savepoint import_batch`)
}
export async function releaseSavepoint(tx: Queryable): Promise<void> {
  await tx.query(sql`release savepoint import_batch`)
}

/** Staged rows without geometry, with the key they are joined by. */
export function listStageJoinKeys(tx: Queryable): Promise<{ ordinal: number; row: number; joinKey: string | null }[]> {
  return tx.query(sql`select ordinal, row_number as row, join_key as "joinKey" from import_stage where geom is null order by ordinal`)
}

/** Gives staged rows the geometry of living features. */
export async function setStageGeometry(tx: Queryable, table: string, pairs: readonly { ordinal: number; featureId: number }[]): Promise<void> {
  await tx.query(sql`
    update import_stage s set geom = f.geom
    from unnest(${pairs.map((pair) => pair.ordinal)}::int[], ${pairs.map((pair) => pair.featureId)}::bigint[]) as pair(ordinal, feature_id)
    join ${identifier(table)} f on f.id = pair.feature_id
    where s.ordinal = pair.ordinal`)
}

/**
 * Judges every geometry: transformed to a finite place on Earth, valid, of the right sort; invalid ones are repaired, and what was wrong is kept.
 * `dimension` 0 points, 1 lines, 2 areas, null any.
 */
export async function judgeStage(tx: Queryable, dimension: 0 | 1 | 2 | null, multi: boolean): Promise<void> {
  await tx.query(sql`
    update import_stage set refusal_code = 'coordinates_out_of_range', refusal = 'After transformation the place is not on Earth: the coordinate system is not the right one.', geom = null
    where geom is not null and not (st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90)`)
  await tx.query(sql`
    update import_stage set repair = st_isvalidreason(geom), geom = st_makevalid(geom) where geom is not null and st_dimension(geom) = 2 and not st_isvalid(geom)`)
  await tx.query(sql`
    update import_stage set geom = case when ${dimension === 2}::boolean then st_collectionextract(geom, 3) when st_geometrytype(geom) = 'ST_GeometryCollection' then st_collectionextract(geom, 3) else geom end
    where repair is not null`)
  await tx.query(sql`
    update import_stage set refusal_code = 'geometry_empty', refusal = 'Nothing is left of the geometry when it is made valid (' || repair || ').', geom = null
    where repair is not null and st_isempty(geom)`)
  if (multi) await tx.query(sql`update import_stage set geom = st_multi(geom) where geom is not null`)
}

/** The middle of the staged rows: half of them lie to each side, whatever strays. Null when none has a place. */
export async function findStageCenter(tx: Queryable): Promise<[number, number] | null> {
  const rows = await tx.query<{ x: number | null; y: number | null }>(sql`
    select percentile_cont(0.5) within group (order by st_x(st_centroid(geom))) as x, percentile_cont(0.5) within group (order by st_y(st_centroid(geom))) as y
    from import_stage where geom is not null`)
  const { x = null, y = null } = rows[0] ?? {}
  return x === null || y === null ? null : [x, y]
}

/**
 * Areas in square metres or lengths in metres, in the city's measuring system. Rows more than 5° of longitude from the middle
 * are far outside its zone and are measured on the ellipsoid.
 */
export async function measureStage(tx: Queryable, measure: 'area_m2' | 'length_meters', measureSrid: number, center: readonly [number, number]): Promise<void> {
  const near = sql`st_xmin(geom) > ${center[0] - 5}::float8 and st_xmax(geom) < ${center[0] + 5}::float8`
  const size = measure === 'area_m2' ? sql`st_area(st_transform(geom, ${measureSrid}::int))` : sql`st_length(st_transform(geom, ${measureSrid}::int))`
  const onEllipsoid = measure === 'area_m2' ? sql`st_area(geom::geography)` : sql`st_length(geom::geography)`
  await tx.query(sql`update import_stage set measure = case when ${near} then ${size} else ${onEllipsoid} end where geom is not null`)
}

/** Marks rows outside the city's boundary; where the city has none, nothing is outside. */
export async function placeStage(tx: Queryable, cityId: number, outsideBy: 'centroid' | 'touch'): Promise<void> {
  const inside = outsideBy === 'centroid' ? sql`st_covers(c.boundary, st_centroid(s.geom))` : sql`st_intersects(c.boundary, s.geom)`
  await tx.query(sql`update import_stage s set outside_city = not ${inside} from cities c where c.id = ${cityId} and c.boundary is not null and s.geom is not null`)
}

export interface StageFinding {
  ordinal: number
  row: number
  refusal: string | null
  refusalCode: string | null
  repair: string | null
  outsideCity: boolean
  place: string | null
}

/** Rows about which there is something to say. */
export function listStageFindings(tx: Queryable): Promise<StageFinding[]> {
  return tx.query<StageFinding>(sql`
    select ordinal, row_number as row, refusal, refusal_code as "refusalCode", repair, outside_city as "outsideCity",
      case when outside_city then round(st_x(st_pointonsurface(geom))::numeric, 5) || ', ' || round(st_y(st_pointonsurface(geom))::numeric, 5) end as place
    from import_stage where refusal is not null or repair is not null or outside_city order by ordinal`)
}

export async function deleteStageRows(tx: Queryable, ordinals: readonly number[]): Promise<void> {
  await tx.query(sql`delete from import_stage where ordinal = any(${ordinals}::int[])`)
}
