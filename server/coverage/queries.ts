/** Runs and their results. */
import { v7 as uuidv7 } from 'uuid'
import type { BlindSpot, CoverageInput, CoveragePassport, CoverageRun, CoverageSummary, CoverageUnit, Demand, PlacedCoverageUnit } from '../contract/coverage.ts'
import type { Queryable } from '../db/db.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { AnalysisResult } from './analysis-result.ts'

export interface RunRow extends Omit<CoverageRun, 'reused'> {
  runId: number
  key: string
  attempt: number
  input: CoverageInput
}

function selectRuns(where: Sql): Sql {
  return sql`select id as "runId", public_id as id, key, attempt, status, stage, percent, input, summary, passport, error,
      round(extract(epoch from coalesce(finished_at, now()) - coalesce(started_at, created_at))::numeric, 1) as "elapsedSeconds",
      to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt",
      to_char(finished_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "finishedAt"
    from coverage_runs ${where}`
}

export async function findRun(db: Queryable, cityId: number, id: string): Promise<RunRow | undefined> {
  return (await db.query<RunRow>(selectRuns(sql`where city_id = ${cityId} and public_id = ${id}`)))[0]
}

export async function findRunById(db: Queryable, id: string): Promise<RunRow | undefined> {
  return (await db.query<RunRow>(selectRuns(sql`where public_id = ${id}`)))[0]
}

/** The run that answers, or is about to answer, a question. */
export async function findRunByKey(db: Queryable, cityId: number, key: string): Promise<RunRow | undefined> {
  return (await db.query<RunRow>(selectRuns(sql`where city_id = ${cityId} and key = ${key} and status in ('waiting', 'running', 'finished')`)))[0]
}

export function listRuns(db: Queryable, cityId: number, limit: number): Promise<RunRow[]> {
  return db.query<RunRow>(selectRuns(sql`where city_id = ${cityId} order by id desc limit ${limit}`))
}

/** Adds a waiting run; false when the same question is in the store already. */
export async function insertRun(db: Queryable, run: { id: string; cityId: number; key: string; input: CoverageInput; engineVersion: string }): Promise<boolean> {
  const rows = await db.query(sql`insert into coverage_runs (public_id, city_id, key, input, engine_version, status)
    values (${run.id}, ${run.cityId}, ${run.key}, ${JSON.stringify(run.input)}::jsonb, ${run.engineVersion}, 'waiting')
    on conflict (city_id, key) where status in ('waiting', 'running', 'finished') do nothing returning id`)
  return rows.length > 0
}

export async function updateRunFinished(db: Queryable, id: string, attempt: number, summary: CoverageSummary, passport: CoveragePassport): Promise<boolean> {
  const rows = await db.query(sql`update coverage_runs set status = 'finished', stage = 'done', percent = 100, finished_at = now(), heartbeat_at = now(),
      summary = ${JSON.stringify(summary)}::jsonb, passport = ${JSON.stringify(passport)}::jsonb
    where public_id = ${id} and attempt = ${attempt} and status = 'running' returning id`)
  return rows.length > 0
}

/** Writes the results of a run, replacing those of an earlier attempt. Call in the transaction that finishes it. */
export async function insertResults(tx: Queryable, runId: number, srid: number, result: AnalysisResult): Promise<void> {
  await tx.query(sql`delete from coverage_units where run_id = ${runId}`)
  await tx.query(sql`delete from coverage_blind_spots where run_id = ${runId}`)
  await tx.query(sql`delete from coverage_areas where run_id = ${runId}`)
  await tx.query(sql`delete from coverage_reached_edges where run_id = ${runId}`)
  const { units, spots, served, reached } = result
  for (let start = 0; start < units.length; start += 10_000) {
    const some = units.slice(start, start + 10_000)
    await tx.query(sql`insert into coverage_units (run_id, level, demand, code, name, covered, total)
      select ${runId}, u.* from unnest(${some.map((unit) => unit.level)}::text[], ${some.map((unit) => unit.demand)}::text[], ${some.map((unit) => unit.code)}::text[],
        ${some.map((unit) => unit.name)}::text[], ${some.map((unit) => unit.covered)}::float8[], ${some.map((unit) => unit.total)}::float8[]) as u`)
  }
  for (let start = 0; start < spots.length; start += 1000) {
    const some = spots.slice(start, start + 1000)
    await tx.query(sql`insert into coverage_blind_spots (public_id, run_id, rank, area_m2, residential_m2, people, people_method, community_code, community_name, street_name,
        nearest_public_id, nearest_name, nearest_distance_meters, reason, walked_meters, barrier_class, barrier_name, cause_public_id, cause_name, cause_area_m2, cause_distance_meters, geom)
      select s.id, ${runId}, s.rank, s.area, s.residential, s.people, s.method, s.community_code, s.community, s.street, s.nearest, s.nearest_name, s.distance, s.reason, s.walked, s.barrier_class, s.barrier_name, s.cause, s.cause_name, s.cause_area, s.cause_distance,
        st_multi(st_transform(st_geomfromwkb(s.wkb, ${srid}::int), 4490))
      from unnest(${some.map(() => uuidv7())}::uuid[], ${some.map((_spot, index) => start + index + 1)}::int[], ${some.map((spot) => spot.areaM2)}::float8[], ${some.map((spot) => spot.residentialM2)}::float8[],
        ${some.map((spot) => spot.people)}::float8[], ${some.map((spot) => spot.peopleMethod)}::text[], ${some.map((spot) => spot.communityCode)}::text[], ${some.map((spot) => spot.communityName)}::text[],
        ${some.map((spot) => spot.streetName)}::text[], ${some.map((spot) => spot.nearest?.id ?? null)}::uuid[], ${some.map((spot) => spot.nearest?.name ?? null)}::text[],
        ${some.map((spot) => spot.nearest?.distanceMeters ?? null)}::float8[], ${some.map((spot) => spot.why.kind)}::text[], ${some.map((spot) => spot.why.walkedMeters)}::float8[],
        ${some.map((spot) => spot.why.barrier?.class ?? null)}::text[], ${some.map((spot) => spot.why.barrier?.name ?? null)}::text[],
        ${some.map((spot) => spot.why.cause?.id ?? null)}::uuid[], ${some.map((spot) => spot.why.cause?.name ?? null)}::text[], ${some.map((spot) => spot.why.cause?.areaM2 ?? null)}::float8[], ${some.map((spot) => spot.why.cause?.distanceMeters ?? null)}::float8[], ${some.map((spot) => asBuffer(spot.wkb))}::bytea[])
        as s(id, rank, area, residential, people, method, community_code, community, street, nearest, nearest_name, distance, reason, walked, barrier_class, barrier_name, cause, cause_name, cause_area, cause_distance, wkb)`)
  }
  for (let start = 0; start < served.length; start += 200) {
    const some = served.slice(start, start + 200)
    await tx.query(sql`insert into coverage_areas (run_id, part, geom)
      select ${runId}, ${start} + p.part, st_multi(st_transform(st_geomfromwkb(p.wkb, ${srid}::int), 4490)) from unnest(${some.map((piece) => asBuffer(piece.wkb))}::bytea[]) with ordinality as p(wkb, part)`)
  }
  for (let start = 0; reached && start < reached.pathRowIds.length; start += 20_000) {
    const end = start + 20_000
    await tx.query(sql`insert into coverage_reached_edges (run_id, part, path_edge_id, from_fraction, to_fraction)
      select ${runId}, ${start} + r.part, r.path, r.from_fraction, r.to_fraction
      from unnest(${reached.pathRowIds.slice(start, end)}::bigint[], ${[...reached.from.subarray(start, end)]}::float8[], ${[...reached.to.subarray(start, end)]}::float8[]) with ordinality as r(path, from_fraction, to_fraction, part)`)
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function listUnits(db: Queryable, runId: number, level: CoverageUnit['level'], demand: Demand): Promise<CoverageUnit[]> {
  return db.query(sql`select level, code, name, covered, total, case when total > 0 then least(1, greatest(0, covered / total)) end as ratio
    from coverage_units where run_id = ${runId} and level = ${level} and demand = ${demand} order by code`)
}

/** As `listUnits`, with the feature of the city that bears each code now; of a code that several layers carry the newest layer's. */
export function listPlacedUnits(db: Queryable, { cityId, runId }: { cityId: number; runId: number }, level: CoverageUnit['level'], demand: Demand): Promise<PlacedCoverageUnit[]> {
  const features = level === 'cell'
    ? sql`select distinct on (f.code) f.code, f.public_id, f.geom from unit_grids f where f.city_id = ${cityId} and f.valid_to is null and f.status = 'valid' order by f.code, f.id desc`
    : sql`select distinct on (f.code) f.code, f.public_id, f.geom from administrative_areas f where f.city_id = ${cityId} and f.valid_to is null and f.level = ${level} order by f.code, f.layer_id desc`
  return db.query(sql`select u.level, u.code, u.name, u.covered, u.total, case when u.total > 0 then least(1, greatest(0, u.covered / u.total)) end as ratio, p.public_id as id,
      case when p.geom is null then null else json_build_array(st_xmin(p.geom), st_ymin(p.geom), st_xmax(p.geom), st_ymax(p.geom)) end as "boundingBox"
    from coverage_units u left join (${features}) p on p.code = u.code where u.run_id = ${runId} and u.level = ${level} and u.demand = ${demand} order by u.code`)
}

export function listSpots(db: Queryable, runId: number, afterRank: number, limit: number): Promise<BlindSpot[]> {
  return db.query(sql`select public_id as id, rank, area_m2 as "areaM2", residential_m2 as "residentialM2", people, people_method as "peopleMethod",
      community_name as "communityName", street_name as "streetName",
      case when nearest_public_id is null then null else json_build_object('id', nearest_public_id, 'name', nearest_name, 'distanceMeters', nearest_distance_meters) end as nearest,
      case when reason is null then null else json_build_object('kind', reason, 'walkedMeters', walked_meters,
        'barrier', case when barrier_class is null then null else json_build_object('class', barrier_class, 'name', barrier_name) end,
        'cause', case when cause_public_id is null then null else json_build_object('id', cause_public_id, 'name', cause_name, 'areaM2', cause_area_m2, 'distanceMeters', cause_distance_meters) end) end as why,
      (select json_build_array(st_x(p), st_y(p)) from st_pointonsurface(geom) p) as center,
      json_build_array(st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom)) as "boundingBox"
    from coverage_blind_spots where run_id = ${runId} and rank > ${afterRank} order by rank limit ${limit}`)
}

/** Geometry for drawing: coordinates to 6 decimals (0.1 m). The served pieces are joined, on a fine grid that cannot fail, so that no seam shows. */
export async function findServedGeometry(db: Queryable, runId: number): Promise<{ type: string; coordinates: unknown[] } | null> {
  const [row] = await db.query<{ geometry: { type: string; coordinates: unknown[] } | null }>(sql`
    select st_asgeojson(st_multi(st_collectionextract(st_union(geom, 1e-8), 3)), 6)::json as geometry from coverage_areas where run_id = ${runId}`)
  return row?.geometry ?? null
}

/** Streets that a picture bears; what is more is left out, and said. */
const STREETS_DRAWN = 60_000

/** Streets within the walk of a run, for drawing; null for a run by the straight line. */
export async function findReachedStreets(db: Queryable, runId: number): Promise<{ geometry: { type: string; coordinates: unknown[] }; isCut: boolean } | null> {
  const [row] = await db.query<{ geometry: { type: string; coordinates: unknown[] } | null; isCut: boolean }>(sql`
    select st_asgeojson(st_multi(st_collect(st_linesubstring(e.geom, r.from_fraction, r.to_fraction))), 6)::json as geometry,
      (select count(*) from coverage_reached_edges where run_id = ${runId}) > ${STREETS_DRAWN} as "isCut"
    from (select * from coverage_reached_edges where run_id = ${runId} order by part limit ${STREETS_DRAWN}) r join path_edges e on e.id = r.path_edge_id`)
  return row?.geometry ? { geometry: row.geometry, isCut: row.isCut } : null
}

export function listSpotGeometries(db: Queryable, runId: number): Promise<{ id: string; rank: number; people: number | null; geometry: { type: string; coordinates: unknown[] } }[]> {
  return db.query(sql`select public_id as id, rank, people, st_asgeojson(geom, 7)::json as geometry from coverage_blind_spots where run_id = ${runId} order by rank`)
}

/** Versions of the kinds of features, in one text: any write to the city's data changes it. */
export async function findKindVersions(db: Queryable, cityId: number, kinds: readonly string[]): Promise<Record<string, number>> {
  const rows = await db.query<{ kind: string; version: number }>(sql`select kind, version from kind_versions where city_id = ${cityId} and kind = any(${kinds}::text[]) order by kind`)
  return Object.fromEntries(rows.map((row) => [row.kind, row.version]))
}

/** Counties, streets and communities as they are, for a picture of figures by unit. */
export function listAreaShapes(db: Queryable, cityId: number): Promise<{ level: string; code: string; geometry: { type: string; coordinates: unknown[] } }[]> {
  return db.query(sql`select level, code, st_asgeojson(geom, 7)::json as geometry from administrative_areas where city_id = ${cityId} and valid_to is null order by level, code limit 20000`)
}
