import type { Position } from '../contract/geojson.ts'
import type { EntranceMethod } from '../contract/entrances.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface GreenRow {
  rowId: number
  id: string
  name: string | null
}

export async function findGreen(db: Queryable, cityId: number, id: string): Promise<GreenRow | undefined> {
  return (await db.query<GreenRow>(sql`select id as "rowId", public_id as id, name from green_spaces where city_id = ${cityId} and public_id = ${id} and valid_to is null`))[0]
}

export interface EntranceRow {
  id: string
  method: Extract<EntranceMethod, 'given' | 'derived' | 'edited'>
  name: string | null
  position: Position
}

export function listEntranceRows(db: Queryable, greenRowId: number, limit: number): Promise<EntranceRow[]> {
  return db.query(sql`select public_id as id, method, name, json_build_array(st_x(geom), st_y(geom)) as position from green_entrances where green_space_id = ${greenRowId} and valid_to is null order by id limit ${limit}`)
}

/** Points of the plane in degrees, in their order. */
export async function listPositions(db: Queryable, srid: number, points: readonly { x: number; y: number }[]): Promise<Position[]> {
  const rows = await db.query<{ position: Position }>(sql`
    select json_build_array(st_x(geom), st_y(geom)) as position
    from unnest(${points.map(({ x }) => x)}::float8[], ${points.map(({ y }) => y)}::float8[]) with ordinality as p(x, y, place)
    cross join lateral (select st_transform(st_setsrid(st_makepoint(p.x, p.y), ${srid}::int), 4490) as geom) g order by p.place`)
  return rows.map(({ position }) => position)
}

/** Metres from a place to the boundary of a green space. */
export async function findBoundaryDistance(db: Queryable, greenRowId: number, srid: number, [longitude, latitude]: Position): Promise<number> {
  const [row] = await db.query<{ meters: number }>(sql`
    select st_distance(st_transform(st_boundary(geom), ${srid}::int), st_transform(st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490), ${srid}::int)) as meters from green_spaces where id = ${greenRowId}`)
  return row!.meters
}

export interface NewEntrance {
  id: string
  method: 'derived' | 'edited'
  name: string | null
  position: Position
}

export async function insertEntrances(tx: Queryable, cityId: number, greenRowId: number, rows: readonly NewEntrance[], at: string): Promise<void> {
  await tx.query(sql`
    insert into green_entrances (public_id, city_id, green_space_id, method, name, valid_from, geom)
    select e.id, ${cityId}, ${greenRowId}, e.method, e.name, ${at}::timestamptz, st_setsrid(st_makepoint(e.x, e.y), 4490)
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ method }) => method)}::text[], ${rows.map(({ name }) => name)}::text[], ${rows.map(({ position }) => position[0])}::float8[], ${rows.map(({ position }) => position[1])}::float8[])
      with ordinality as e(id, method, name, x, y, place) order by e.place`)
}

/** Ends a gate; false when there is none in force. */
export async function updateEntranceEnded(tx: Queryable, greenRowId: number, id: string, at: string): Promise<boolean> {
  return (await tx.query(sql`update green_entrances set valid_to = ${at}::timestamptz where green_space_id = ${greenRowId} and public_id = ${id} and valid_to is null returning id`)).length > 0
}

/** When a gate ended; undefined where there never was one. */
export async function findEntranceEnd(db: Queryable, greenRowId: number, id: string): Promise<string | undefined> {
  return (await db.query<{ at: string }>(sql`select to_char(valid_to at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at from green_entrances where green_space_id = ${greenRowId} and public_id = ${id}`))[0]?.at
}

/** Keeps two hands from putting the found gates on record at once. Call in the transaction of the write. */
export async function lockGreen(tx: Queryable, greenRowId: number): Promise<void> {
  await tx.query(sql`select id from green_spaces where id = ${greenRowId} for update`)
}
