/** What the maps of a report are drawn from: shapes in metres of the city's measuring system, simplified to what paper can show, in bounded number. */
import type { Queryable } from '../db/db.ts'
import { identifier, sql, type Sql } from '../db/sql.ts'

/** West, south, east, north, in metres. */
export type Bounds = readonly [number, number, number, number]

export interface ShapeRow {
  class: string | null
  name: string | null
  /** GeoJSON in metres. */
  shape: { type: string; coordinates: unknown[] }
}

/** A part of a map: its city, plane and box, and how fine it is drawn. */
export interface Frame {
  cityId: number
  srid: number
  bounds: Bounds
  /** Metres that paper does not show. */
  toleranceMeters: number
}

function boxOf({ bounds: [west, south, east, north], srid }: Frame): Sql {
  return sql`st_transform(st_makeenvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, ${srid}::int), 4490)`
}

const boundsOf = (row: { bounds: Bounds | null } | undefined): Bounds | null => (row?.bounds?.every((value) => value !== null) ? row.bounds : null)
const extentOf = (extent: Sql) => sql`json_build_array(st_xmin(${extent}), st_ymin(${extent}), st_xmax(${extent}), st_ymax(${extent}))`

/** The box of some administrative areas; null where there are none. */
export async function findAreasBounds(db: Queryable, cityId: number, srid: number, codes: readonly string[]): Promise<Bounds | null> {
  const [row] = await db.query<{ bounds: Bounds | null }>(sql`select ${extentOf(sql`box.extent`)} as bounds from (
    select st_extent(st_transform(geom, ${srid}::int)) as extent from administrative_areas where city_id = ${cityId} and valid_to is null and code = any(${codes}::text[])) box`)
  return boundsOf(row)
}

/** The box of a city's own extent; null where it has neither data nor boundary. */
export async function findCityBounds(db: Queryable, cityId: number, srid: number): Promise<Bounds | null> {
  const [row] = await db.query<{ bounds: Bounds | null }>(sql`select ${extentOf(sql`box.extent`)} as bounds from (select st_extent(st_transform(coalesce(extent, boundary), ${srid}::int)) as extent from cities where id = ${cityId}) box`)
  return boundsOf(row)
}

/** The box of the unit grid; null of a city without one. */
export async function findGridBounds(db: Queryable, cityId: number, srid: number): Promise<Bounds | null> {
  const [row] = await db.query<{ bounds: Bounds | null }>(sql`select ${extentOf(sql`box.extent`)} as bounds from (select st_extent(st_transform(geom, ${srid}::int)) as extent from unit_grids where city_id = ${cityId} and valid_to is null) box`)
  return boundsOf(row)
}

/** Areas of a layer, the largest first. */
export function listAreas(db: Queryable, frame: Frame, table: 'water_bodies' | 'green_spaces' | 'residential_areas' | 'terrain_areas', limit: number): Promise<ShapeRow[]> {
  const isGreen = table === 'green_spaces'
  return db.query(sql`select ${isGreen ? sql`case when access = 'open' and counts_as_activity_site then 'counts' else 'other' end` : sql`class`} as class, name, st_asgeojson(shape, 1)::json as shape
    from (select ${table === 'residential_areas' ? sql`null::text as class` : isGreen ? sql`access, counts_as_activity_site` : sql`class`}, name, st_simplify(st_transform(geom, ${frame.srid}::int), ${frame.toleranceMeters}::float8) as shape from ${identifier(table)}
      where city_id = ${frame.cityId} and valid_to is null and geom && ${boxOf(frame)} and area_m2 >= ${(frame.toleranceMeters * 3) ** 2}::float8 order by area_m2 desc, id limit ${limit}::int) found
    where shape is not null and not st_isempty(shape)`)
}

/** Green land with its class of a scheme (null for any other), the largest first. */
export function listClassedGreen(db: Queryable, frame: Frame, scheme: string, limit: number): Promise<ShapeRow[]> {
  return db.query(sql`select class, null::text as name, st_asgeojson(shape, 1)::json as shape
    from (select case when scheme_id = ${scheme} then class_code end as class, st_simplify(st_transform(geom, ${frame.srid}::int), ${frame.toleranceMeters}::float8) as shape from green_spaces
      where city_id = ${frame.cityId} and valid_to is null and geom && ${boxOf(frame)} and area_m2 >= ${(frame.toleranceMeters * 3) ** 2}::float8 order by area_m2 desc, id limit ${limit}::int) found
    where shape is not null and not st_isempty(shape)`)
}

/** The built-up area, whose edge a sheet about it ends at. */
export function listBuiltUp(db: Queryable, cityId: number, srid: number): Promise<ShapeRow['shape'][]> {
  return db.query<{ shape: ShapeRow['shape'] }>(sql`select st_asgeojson(st_simplifypreservetopology(st_transform(geom, ${srid}::int), 5), 1)::json as shape from built_up_areas where city_id = ${cityId} and valid_to is null order by id limit 500`).then((rows) => rows.map(({ shape }) => shape))
}

/** Units of a layer of the map by their ids, in metres. */
export async function listUnitShapes(db: Queryable, table: 'unit_grids' | 'administrative_areas', ids: readonly string[], frame: Frame): Promise<Map<string, ShapeRow['shape']>> {
  const shapes = new Map<string, ShapeRow['shape']>()
  for (let start = 0; start < ids.length; start += 2000) {
    const rows = await db.query<{ id: string; shape: ShapeRow['shape'] | null }>(sql`select public_id as id, st_asgeojson(st_simplifypreservetopology(st_transform(geom, ${frame.srid}::int), ${frame.toleranceMeters}::float8), 1)::json as shape
      from ${identifier(table)} where city_id = ${frame.cityId} and public_id = any(${ids.slice(start, start + 2000)}::uuid[])`)
    for (const { id, shape } of rows) if (shape) shapes.set(id, shape)
  }
  return shapes
}

/** Roads and railways of some classes, the longest first. */
export function listRoads(db: Queryable, frame: Frame, classes: readonly string[], limit: number): Promise<ShapeRow[]> {
  return db.query(sql`select class, name, st_asgeojson(shape, 1)::json as shape
    from (select class, name, st_simplify(st_transform(geom, ${frame.srid}::int), ${frame.toleranceMeters}::float8) as shape from roads
      where city_id = ${frame.cityId} and valid_to is null and class = any(${classes}::text[]) and geom && ${boxOf(frame)} order by length_meters desc, id limit ${limit}::int) found
    where shape is not null and not st_isempty(shape)`)
}

export interface AreaRow {
  code: string
  name: string
  shape: { type: string; coordinates: unknown[] }
  x: number
  y: number
}

/** Administrative areas of a level with a place for their names. */
export function listAdministrativeAreas(db: Queryable, frame: Frame, level: 'county' | 'street' | 'community', limit: number): Promise<AreaRow[]> {
  return db.query(sql`select code, name, st_asgeojson(st_simplify(shape, ${frame.toleranceMeters}::float8), 1)::json as shape, st_x(place) as x, st_y(place) as y
    from (select code, name, shape, st_pointonsurface(shape) as place from (
      select code, name, st_transform(case when st_isvalid(geom) then geom else st_makevalid(geom) end, ${frame.srid}::int) as shape from administrative_areas
      where city_id = ${frame.cityId} and valid_to is null and level = ${level} and geom && ${boxOf(frame)} order by area_m2 desc, id limit ${limit}::int) measured) placed
    where st_simplify(shape, ${frame.toleranceMeters}::float8) is not null`)
}

/** Facilities of a class as points. */
export function listFacilityPlaces(db: Queryable, frame: Frame, facilityClass: string, limit: number): Promise<{ x: number; y: number }[]> {
  return db.query(sql`select st_x(place) as x, st_y(place) as y from (select st_transform(st_centroid(geom), ${frame.srid}::int) as place from facilities
    where city_id = ${frame.cityId} and valid_to is null and class = ${facilityClass} and access <> 'closed' and geom && ${boxOf(frame)} order by id limit ${limit}::int) found`)
}

/** Blind spots of a coverage run, by rank. */
export function listBlindSpotShapes(db: Queryable, runId: string, frame: Frame, limit: number): Promise<{ rank: number; people: number | null; shape: ShapeRow['shape']; x: number; y: number }[]> {
  return db.query(sql`select rank, people, st_asgeojson(shape, 1)::json as shape, st_x(place) as x, st_y(place) as y
    from (select rank, people, st_transform(st_pointonsurface(geom), ${frame.srid}::int) as place, st_simplifypreservetopology(st_transform(geom, ${frame.srid}::int), ${frame.toleranceMeters}::float8) as shape
      from coverage_blind_spots where run_id = (select id from coverage_runs where city_id = ${frame.cityId} and public_id = ${runId}) order by rank limit ${limit}::int) found`)
}

/** The box of all that a coverage run draws: served area or streets within the walk, and blind spots. */
export async function findRunBounds(db: Queryable, cityId: number, srid: number, runId: string): Promise<Bounds | null> {
  const [row] = await db.query<{ bounds: Bounds | null }>(sql`with run as (select id from coverage_runs where city_id = ${cityId} and public_id = ${runId})
    select ${extentOf(sql`box.extent`)} as bounds from (select st_extent(st_transform(geom, ${srid}::int)) as extent from (
      select geom from coverage_areas where run_id = (select id from run) union all select geom from coverage_blind_spots where run_id = (select id from run)
      union all select e.geom from coverage_reached_edges r join path_edges e on e.id = r.path_edge_id where r.run_id = (select id from run)) drawn) box`)
  return boundsOf(row)
}

/** The served area of a coverage run by the straight line, joined so that no seam shows. */
export async function findServedShape(db: Queryable, runId: string, frame: Frame): Promise<ShapeRow['shape'] | null> {
  const [row] = await db.query<{ shape: ShapeRow['shape'] | null }>(sql`select st_asgeojson(st_simplifypreservetopology(st_transform(st_multi(st_collectionextract(st_union(geom, 1e-8), 3)), ${frame.srid}::int), ${frame.toleranceMeters}::float8), 1)::json as shape
    from coverage_areas where run_id = (select id from coverage_runs where city_id = ${frame.cityId} and public_id = ${runId})`)
  return row?.shape ?? null
}

/** Streets within the walk of a coverage run. */
export async function findReachedShape(db: Queryable, runId: string, frame: Frame, limit: number): Promise<ShapeRow['shape'] | null> {
  const [row] = await db.query<{ shape: ShapeRow['shape'] | null }>(sql`select st_asgeojson(st_simplify(st_linemerge(st_multi(st_collect(st_transform(st_linesubstring(e.geom, r.from_fraction, r.to_fraction), ${frame.srid}::int)))), ${frame.toleranceMeters}::float8), 1)::json as shape
    from (select * from coverage_reached_edges where run_id = (select id from coverage_runs where city_id = ${frame.cityId} and public_id = ${runId}) order by part limit ${limit}::int) r join path_edges e on e.id = r.path_edge_id`)
  return row?.shape ?? null
}

/** Shapes of an answer (GeoJSON in EPSG:4490) in metres, in their order. */
export async function listMeasuredShapes(db: Queryable, srid: number, shapes: readonly unknown[], toleranceMeters: number): Promise<ShapeRow['shape'][]> {
  const rows: { shape: ShapeRow['shape'] }[] = []
  for (let start = 0; start < shapes.length; start += 2000) {
    const some = shapes.slice(start, start + 2000).map((shape) => JSON.stringify(shape))
    rows.push(...(await db.query<{ shape: ShapeRow['shape'] }>(sql`select st_asgeojson(st_simplifypreservetopology(st_transform(st_setsrid(st_geomfromgeojson(given), 4490), ${srid}::int), ${toleranceMeters}::float8), 1)::json as shape
      from unnest(${some}::text[]) with ordinality g(given, number) order by number`)))
  }
  return rows.map(({ shape }) => shape)
}

/** Positions (longitude, latitude side by side) in metres, side by side, in their order. */
export async function listMeasuredPoints(db: Queryable, srid: number, positions: readonly number[]): Promise<number[]> {
  const points: number[] = []
  for (let start = 0; start < positions.length; start += 40_000) {
    const some = positions.slice(start, start + 40_000)
    const rows = await db.query<{ x: number; y: number }>(sql`select st_x(p) as x, st_y(p) as y from (
      select number, st_transform(st_setsrid(st_makepoint(longitude, latitude), 4490), ${srid}::int) as p
      from unnest(${some.filter((_value, at) => at % 2 === 0)}::float8[], ${some.filter((_value, at) => at % 2 === 1)}::float8[]) with ordinality g(longitude, latitude, number)) m order by number`)
    for (const { x, y } of rows) points.push(x, y)
  }
  return points
}
