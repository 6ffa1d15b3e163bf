/** What the walking ruler reads of a city, in its measuring system. */
import type { Queryable } from '../db/db.ts'
import { identifier, sql } from '../db/sql.ts'

const PAGE = 5000

export interface WalkingSettings {
  version: number
  homeToleranceMeters: number
  gateToleranceMeters: number
  pointToleranceMeters: number
  openEdgeSpacingMeters: number
  scrapShare: number
  farLimitMeters: number
  adultMetersPerMinute: number
  elderMetersPerMinute: number
  /** Tobler's hiking function, see `WalkingPace`. */
  slopeDecay: number
  slopeEasiest: number
  /** Times as long on stairs as on a path, where a question takes them as slower. */
  stairsFactor: number
  impedanceSource: string
  source: string
  verified: boolean
}

/** The city's newest settings, else the default ones. */
export async function findWalkingSettings(db: Queryable, cityId: number): Promise<WalkingSettings> {
  const [row] = await db.query<WalkingSettings>(sql`
    select version, home_tolerance_meters as "homeToleranceMeters", gate_tolerance_meters as "gateToleranceMeters", point_tolerance_meters as "pointToleranceMeters", open_edge_spacing_meters as "openEdgeSpacingMeters", scrap_share as "scrapShare",
      far_limit_meters as "farLimitMeters", adult_meters_per_minute as "adultMetersPerMinute", elder_meters_per_minute as "elderMetersPerMinute", slope_decay as "slopeDecay", slope_easiest as "slopeEasiest", stairs_factor as "stairsFactor", impedance_source as "impedanceSource", source, verified
    from walking_settings where city_id is null or city_id = ${cityId} order by city_id nulls last, version desc limit 1`)
  if (!row) throw new TypeError('the table of walking settings has lost its default row')
  return row
}

export interface PathEdgeRow {
  rowId: number
  sourceNodeId: number
  targetNodeId: number
  lengthMeters: number
  /** On a bridge or in a tunnel, where nobody can step off. */
  isBridge: boolean
  isStairs: boolean
  /** From the first end to the last; null where no height is known. */
  riseMeters: number | null
  wkb: Buffer
}

/** The walkable network. One-way streets are walked both ways. */
export async function listPathEdges(db: Queryable, cityId: number, srid: number, heard: () => void): Promise<PathEdgeRow[]> {
  const rows: PathEdgeRow[] = []
  for (;;) {
    const page = await db.query<PathEdgeRow>(sql`
      select e.id as "rowId", e.source_node_id as "sourceNodeId", e.target_node_id as "targetNodeId", e.length_meters as "lengthMeters", (e.structure is not null or e.kind in ('bridge', 'tunnel', 'underpass')) as "isBridge", e.kind = 'steps' as "isStairs", e.rise_meters as "riseMeters",
        st_asbinary(st_transform(e.geom, ${srid}::int)) as wkb
      from path_edges e where e.city_id = ${cityId} and e.valid_to is null and e.id > ${rows.at(-1)?.rowId ?? 0} and st_npoints(e.geom) > 1 order by e.id limit ${PAGE}`)
    rows.push(...page)
    heard()
    if (page.length < PAGE) return rows
  }
}

export interface GateRow {
  /** Row of the green space or facility. */
  rowId: number
  /** `point`: the facility itself, stored as a point. */
  how: 'given' | 'crossing' | 'open_edge' | 'point'
  x: number
  y: number
}

/**
 * Where one enters: gates that are on record (edited by hand or given); where there are none, the points at which a path that is no bridge
 * or tunnel crosses the boundary; where there are none either, points of the boundary so many metres apart, and points of facilities themselves.
 */
export async function listGates(db: Queryable, cityId: number, srid: number, kind: 'green_spaces' | 'facilities', rowIds: readonly number[], spacingMeters: number, heard: () => void): Promise<GateRow[]> {
  const rows: GateRow[] = []
  const table = identifier(kind)
  for (let start = 0; start < rowIds.length; start += 200) {
    rows.push(
      ...(await db.query<GateRow>(sql`
        with asked as materialized (
          select f.id, f.geom as stored, st_transform(case when st_isvalid(f.geom) then f.geom else st_makevalid(f.geom) end, ${srid}::int) as geom
          from ${table} f where f.id = any(${rowIds.slice(start, start + 200)}::bigint[])),
        given as materialized (
          select a.id, 'given' as how, st_transform(g.geom, ${srid}::int) as point from asked a
          join green_entrances g on ${kind} = 'green_spaces' and g.green_space_id = a.id and g.city_id = ${cityId} and g.valid_to is null),
        crossing as materialized (
          select a.id, 'crossing' as how, p.geom as point from asked a
          join path_edges e on e.city_id = ${cityId} and e.valid_to is null and e.structure is null and e.kind not in ('bridge', 'tunnel', 'underpass') and e.geom && a.stored
          cross join lateral st_dumppoints(st_intersection(st_transform(e.geom, ${srid}::int), st_boundary(a.geom))) p
          where st_dimension(a.geom) = 2 and not exists (select from given g where g.id = a.id)),
        open as (
          select a.id, 'open_edge' as how, st_lineinterpolatepoint(ring.geom, n.number::float8 / n.parts) as point from asked a
          cross join lateral st_dump(st_boundary(a.geom)) ring
          cross join lateral (select greatest(1, ceil(st_length(ring.geom) / ${spacingMeters}::float8))::int as parts) size
          cross join lateral (select number, size.parts from generate_series(0, size.parts - 1) number) n
          where st_dimension(a.geom) = 2 and st_length(ring.geom) > 0 and not exists (select from given g where g.id = a.id) and not exists (select from crossing c where c.id = a.id)
          union all select a.id, 'point', p.geom from asked a cross join lateral st_dumppoints(a.geom) p where st_dimension(a.geom) < 2)
        select id as "rowId", how, st_x(point) as x, st_y(point) as y from (select * from given union all select * from crossing union all select * from open) found
        order by id, st_x(point), st_y(point)`)),
    )
    heard()
  }
  return rows
}

export interface BarrierRow {
  index: number
  class: string
  name: string | null
}

/** What the straight way from each point to a facility crosses first: water, railways, expressways. */
export function listBarriers(db: Queryable, cityId: number, srid: number, kind: 'green_spaces' | 'facilities', ways: readonly { x: number; y: number; rowId: number }[]): Promise<BarrierRow[]> {
  const table = kind === 'green_spaces' ? sql`green_spaces` : sql`facilities`
  return db.query<BarrierRow>(sql`
    with ways as materialized (
      select w.index - 1 as index, st_transform(st_shortestline(st_setsrid(st_makepoint(w.x, w.y), ${srid}::int), st_transform(f.geom, ${srid}::int)), 4490) as way
      from unnest(${ways.map(({ x }) => x)}::float8[], ${ways.map(({ y }) => y)}::float8[], ${ways.map(({ rowId }) => rowId)}::bigint[]) with ordinality w(x, y, row_id, index)
      join ${table} f on f.id = w.row_id)
    select distinct on (w.index) w.index::int as index, b.class, b.name from ways w
    cross join lateral (
      select water.class, water.name, water.geom from water_bodies water where water.city_id = ${cityId} and water.valid_to is null and st_intersects(water.geom, w.way)
      union all select road.class, road.name, road.geom from roads road where road.city_id = ${cityId} and road.valid_to is null and road.class in ('rail', 'motorway', 'trunk') and not road.is_bridge and st_intersects(road.geom, w.way)) b
    order by w.index, st_distance(b.geom, st_startpoint(w.way)), b.class`)
}
