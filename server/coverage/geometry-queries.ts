/** Overlays by the database: geometries of the measuring plane in, geometries and areas out. No statement reads a table, each is of bounded size. */
import type { Db, Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** The driver wants buffers; these share the memory of what they are made from. */
function buffers(shapes: readonly Uint8Array[]): Buffer[] {
  return shapes.map((shape) => Buffer.from(shape.buffer, shape.byteOffset, shape.byteLength))
}

/** The plane everything is measured in, and the grid (metres) that overlays round to; -1 leaves coordinates as they are. */
export interface Plane {
  srid: number
  gridMeters: number
}

/**
 * The embedded engine cannot take GEOS's way back when plain floating-point noding fails (an exception there loses the statement's
 * answer without a word), so overlays round to a micrometre, which cannot fail. On a server the plain way is three times as fast and
 * falls back by itself; areas agree to 1e-8.
 */
export function planeOf(engine: Db['engine'], srid: number): Plane {
  return { srid, gridMeters: engine === 'embedded' ? 1e-6 : -1 }
}

export interface CutParcel {
  /** Position in the list that was given; -1 for the served area of the square itself. */
  parcel: number
  areaM2: number
  wkb: Buffer
}

/**
 * Joins the service areas of one square. Answers what they leave over of each parcel (single polygons),
 * and, when a square is given, the served area inside it and inside the clip. No service area at all leaves every parcel over whole.
 */
export function cutBySquare(db: Queryable, { srid, gridMeters }: Plane, pieces: readonly Uint8Array[], parcels: readonly Uint8Array[], square: readonly [number, number, number, number] | null, clip: Uint8Array | null): Promise<CutParcel[]> {
  const [minX, minY, maxX, maxY] = square ?? [null, null, null, null]
  return db.query(sql`
    with served as materialized (select coalesce(st_union(st_geomfromwkb(piece, ${srid}::int), ${gridMeters}::float8), st_geomfromtext('POLYGON EMPTY', ${srid}::int)) as geom from unnest(${buffers(pieces)}::bytea[]) as piece),
    clip as (select st_geomfromwkb(${clip && buffers([clip])[0]}::bytea, ${srid}::int) as geom),
    square as (select case when clip.geom is null then box.geom else st_intersection(box.geom, clip.geom, ${gridMeters}::float8) end as geom
      from clip, (select st_makeenvelope(${minX}::float8, ${minY}::float8, ${maxX}::float8, ${maxY}::float8, ${srid}::int) as geom) box where ${minX}::float8 is not null),
    answers as (
      select -1 as parcel, st_collectionextract(st_intersection(served.geom, square.geom, ${gridMeters}::float8), 3) as geom from served, square
      union all
      select (p.position - 1)::int, part.geom
      from unnest(${buffers(parcels)}::bytea[]) with ordinality as p(wkb, position), served,
        lateral st_dump(st_collectionextract(st_difference(st_geomfromwkb(p.wkb, ${srid}::int), served.geom, ${gridMeters}::float8), 3)) as part)
    select parcel, st_area(geom) as "areaM2", st_asbinary(geom) as wkb from answers where not st_isempty(geom) order by parcel`)
}

/** Area left over of all parcels of a square together, without their shapes. */
export async function measureLeftover(db: Queryable, { srid, gridMeters }: Plane, pieces: readonly Uint8Array[], parcels: readonly Uint8Array[]): Promise<number> {
  const [row] = await db.query<{ areaM2: number }>(sql`
    with served as materialized (select coalesce(st_union(st_geomfromwkb(piece, ${srid}::int), ${gridMeters}::float8), st_geomfromtext('POLYGON EMPTY', ${srid}::int)) as geom from unnest(${buffers(pieces)}::bytea[]) as piece)
    select coalesce(sum(st_area(st_difference(st_geomfromwkb(p.wkb, ${srid}::int), served.geom, ${gridMeters}::float8))), 0) as "areaM2"
    from unnest(${buffers(parcels)}::bytea[]) as p(wkb), served`)
  return row!.areaM2
}

const PAIRS_PER_STATEMENT = 1000

/** Areas of the intersections of pairs of polygons, each named by its position in a list. */
export async function intersectionAreas(db: Queryable, { srid, gridMeters }: Plane, left: readonly Uint8Array[], right: readonly Uint8Array[], pairs: readonly { left: number; right: number }[]): Promise<number[]> {
  const areas: number[] = []
  for (let start = 0; start < pairs.length; start += PAIRS_PER_STATEMENT) {
    const some = pairs.slice(start, start + PAIRS_PER_STATEMENT)
    const lefts = [...new Set(some.map((pair) => pair.left))]
    const rights = [...new Set(some.map((pair) => pair.right))]
    const leftAt = new Map(lefts.map((index, position) => [index, position + 1]))
    const rightAt = new Map(rights.map((index, position) => [index, position + 1]))
    const rows = await db.query<{ areaM2: number }>(sql`
      with a as materialized (select position, st_geomfromwkb(wkb, ${srid}::int) as geom from unnest(${buffers(lefts.map((index) => left[index]!))}::bytea[]) with ordinality as given(wkb, position)),
        b as materialized (select position, st_geomfromwkb(wkb, ${srid}::int) as geom from unnest(${buffers(rights.map((index) => right[index]!))}::bytea[]) with ordinality as given(wkb, position))
      select st_area(st_intersection(a.geom, b.geom, ${gridMeters}::float8)) as "areaM2"
      from unnest(${some.map((pair) => leftAt.get(pair.left)!)}::int[], ${some.map((pair) => rightAt.get(pair.right)!)}::int[]) with ordinality as p(l, r, position)
      join a on a.position = p.l join b on b.position = p.r
      order by p.position`)
    for (const row of rows) areas.push(row.areaM2)
  }
  return areas
}

export interface JoinedSpot {
  areaM2: number
  x: number
  y: number
  wkb: Buffer
  members: number[]
}

/**
 * Joins polygons that touch (within `gapMeters`) into one each.
 * @returns each with its area, a point inside it, and the positions of its members.
 */
export function joinTouching(db: Queryable, { srid, gridMeters }: Plane, shapes: readonly Uint8Array[], gapMeters: number): Promise<JoinedSpot[]> {
  return db.query(sql`
    with given as (select st_geomfromwkb(wkb, ${srid}::int) as geom, (position - 1)::int as member from unnest(${buffers(shapes)}::bytea[]) with ordinality as given(wkb, position)),
    numbered as (select st_clusterdbscan(geom, ${gapMeters}::float8, 1) over (order by member) as cluster, geom, member from given),
    joined as (select cluster, st_multi(case when count(*) = 1 then (array_agg(geom))[1] else st_union(geom, ${gridMeters}::float8) end) as geom, array_agg(member order by member) as members, min(member) as first from numbered group by cluster)
    select st_area(geom) as "areaM2", st_x(p.point) as x, st_y(p.point) as y, st_asbinary(geom) as wkb, members
    from joined cross join lateral (select st_pointonsurface(geom) as point) p order by first`)
}

/**
 * Gathers points into groups within `reachMeters` of each other and draws a hull around each, widened by `marginMeters`.
 */
export function hullClusters(db: Queryable, { srid }: Plane, points: Float64Array, reachMeters: number, marginMeters: number): Promise<JoinedSpot[]> {
  const xs: number[] = []
  const ys: number[] = []
  for (let at = 0; at < points.length; at += 2) {
    xs.push(points[at]!)
    ys.push(points[at + 1]!)
  }
  return db.query(sql`
    with given as (select st_setsrid(st_makepoint(x, y), ${srid}::int) as geom, (position - 1)::int as member from unnest(${xs}::float8[], ${ys}::float8[]) with ordinality as given(x, y, position)),
    numbered as (select st_clusterdbscan(geom, ${reachMeters}::float8, 1) over (order by member) as cluster, geom, member from given),
    joined as (select st_multi(st_buffer(st_convexhull(st_collect(geom)), ${marginMeters}::float8)) as geom, array_agg(member order by member) as members, min(member) as first from numbered group by cluster)
    select st_area(geom) as "areaM2", st_x(p.point) as x, st_y(p.point) as y, st_asbinary(geom) as wkb, members
    from joined cross join lateral (select st_pointonsurface(geom) as point) p order by first`)
}
