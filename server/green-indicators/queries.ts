/** What green indices are made of: green land, people and land within a scope. */
import type { Plane } from '../coverage/geometry-queries.ts'
import { GREEN_SCHEME, type GreenScope, type GreenUnit } from '../contract/green-indicators.ts'
import type { Queryable } from '../db/db.ts'
import { empty, sql, type Sql } from '../db/sql.ts'

const PAGE = 1000

export interface GreenLandRow {
  rowId: number
  id: string
  name: string | null
  classCode: string
  /** Share of 1; the table holds percent. */
  greenRatio: number | null
  areaM2: number
  /** Longitude and latitude of a point inside it. */
  position: [number, number]
}

/**
 * Green land of the given classes within a clip (metres; null: everywhere), each square metre once: what an earlier feature holds is taken
 * out of a later one. Features of which nothing is left do not come.
 * @param classes regular expression of the class codes
 */
export async function listGreenLand(db: Queryable, cityId: number, { srid, gridMeters }: Plane, clip: Buffer | null, classes: string): Promise<GreenLandRow[]> {
  const rows: GreenLandRow[] = []
  let after = 0
  for (;;) {
    const [page] = await db.query<{ last: number | null }>(sql`select max(id) as last from (
      select id from green_spaces where city_id = ${cityId} and valid_to is null and id > ${after} order by id limit ${PAGE}) page`)
    const last = page!.last
    if (last === null) return rows
    rows.push(
      ...(await db.query<GreenLandRow>(sql`
        with clip as materialized (select c.geom, st_transform(c.geom, 4490) as stored from (select st_geomfromwkb(${clip}::bytea, ${srid}::int) as geom) c),
        page as materialized (
          select f.id, f.public_id, f.name, f.class_code, f.green_ratio, f.geom as stored, st_transform(case when st_isvalid(f.geom) then f.geom else st_makevalid(f.geom) end, ${srid}::int) as geom
          from green_spaces f cross join clip
          where f.city_id = ${cityId} and f.valid_to is null and f.id > ${after} and f.id <= ${last} and f.scheme_id = ${GREEN_SCHEME} and f.class_code ~ ${classes}
            and (clip.stored is null or f.geom && clip.stored))
        select page.id as "rowId", page.public_id as id, page.name, page.class_code as "classCode", page.green_ratio::float8 / 100 as "greenRatio", st_area(within.geom) as "areaM2",
          (select jsonb_build_array(round(st_x(p.geom)::numeric, 7), round(st_y(p.geom)::numeric, 7)) from (select st_transform(st_pointonsurface(page.geom), 4490) as geom) p) as position
        from page
        cross join clip
        left join lateral (
          select st_union(st_transform(o.geom, ${srid}::int), ${gridMeters}::float8) as geom from green_spaces o
          where o.city_id = ${cityId} and o.valid_to is null and o.scheme_id = ${GREEN_SCHEME} and o.class_code ~ ${classes}
            and o.geom && page.stored and o.id < page.id and st_relate(o.geom, page.stored, 'T********')) earlier on true
        cross join lateral (select case when earlier.geom is null then page.geom else st_difference(page.geom, earlier.geom, ${gridMeters}::float8) end as geom) own
        cross join lateral (select case when clip.geom is null or st_coveredby(own.geom, clip.geom) then own.geom else st_intersection(own.geom, clip.geom, ${gridMeters}::float8) end as geom) within
        where st_area(within.geom) > 0
        order by page.id`)),
    )
    after = last
  }
}

/** Green land that is in no class of the scheme, or of another scheme; area as stored. */
export async function findUncounted(db: Queryable, cityId: number, classes: string): Promise<{ count: number; areaM2: number }> {
  const [row] = await db.query<{ count: number; areaM2: number }>(sql`select count(*)::int as count, coalesce(sum(area_m2), 0) as "areaM2" from green_spaces
    where city_id = ${cityId} and valid_to is null and (scheme_id <> ${GREEN_SCHEME} or class_code is null or class_code !~ ${classes})`)
  return row!
}

export interface PeopleRow {
  /** Null outside every district. */
  countyCode: string | null
  people: number
  /** Buildings or cells of which nobody said how many live there. */
  withoutPeople: number
}

/** A unit's area as stored; of a code that several layers carry the newest layer's. */
const unitArea = (cityId: number, { level, code }: GreenUnit): Sql => sql`(select a.geom from administrative_areas a where a.city_id = ${cityId} and a.valid_to is null and a.level = ${level} and a.code = ${code} order by a.layer_id desc limit 1)`

/** People within a scope, and a unit of it, by district, counted at the middle of their building or cell. */
export function listPeople(db: Queryable, cityId: number, source: 'buildings' | 'population_cells', scope: GreenScope, unit: GreenUnit | null): Promise<PeopleRow[]> {
  const from = source === 'buildings' ? sql`buildings` : sql`population_cells`
  const within = scope === 'built_up'
    ? sql`exists (select 1 from built_up_areas b where b.city_id = ${cityId} and b.valid_to is null and st_intersects(b.geom, m.middle))`
    : sql`(c.boundary is null or st_intersects(c.boundary, m.middle))`
  return db.query(sql`select county.code as "countyCode", coalesce(sum(f.population), 0)::float8 as people, count(*) filter (where f.population is null)::int as "withoutPeople"
    from ${from} f join cities c on c.id = f.city_id
    cross join lateral (select st_centroid(f.geom) as middle) m
    ${unit ? sql`join ${unitArea(cityId, unit)} unit on st_intersects(unit.geom, m.middle)` : empty}
    left join lateral (
      select a.code from administrative_areas a where a.city_id = ${cityId} and a.valid_to is null and a.level = 'county' and st_intersects(a.geom, m.middle) order by a.layer_id desc, a.code limit 1) county on true
    where f.city_id = ${cityId} and f.valid_to is null and not st_isempty(f.geom) and ${within}
    group by county.code order by county.code nulls last`)
}

/** People as the districts themselves state them, or as one unit does. */
export function listStatedPeople(db: Queryable, cityId: number, unit: GreenUnit | null): Promise<PeopleRow[]> {
  return db.query(sql`select code as "countyCode", coalesce(population, 0)::float8 as people, (population is null)::int as "withoutPeople" from (
      select distinct on (code) code, population from administrative_areas where city_id = ${cityId} and valid_to is null and level = ${unit?.level ?? 'county'} ${unit ? sql`and code = ${unit.code}` : empty} order by code, layer_id desc) area
    order by code`)
}

/** The part of a district within a scope (null: everywhere), and its area; both in the measuring plane. */
export async function findCountyPart(db: Queryable, { srid, gridMeters }: Plane, county: Buffer, scope: Buffer | null): Promise<{ wkb: Buffer; areaM2: number }> {
  const [row] = await db.query<{ wkb: Buffer; areaM2: number }>(sql`
    with part as (select case when s.geom is null then c.geom else st_intersection(c.geom, s.geom, ${gridMeters}::float8) end as geom
      from (select st_geomfromwkb(${county}::bytea, ${srid}::int) as geom) c, (select st_geomfromwkb(${scope}::bytea, ${srid}::int) as geom) s)
    select st_asbinary(geom) as wkb, st_area(geom) as "areaM2" from part`)
  return row!
}

/** Area of a polygon of the measuring plane. */
export async function findArea(db: Queryable, srid: number, polygon: Buffer): Promise<number> {
  return (await db.query<{ areaM2: number }>(sql`select st_area(st_geomfromwkb(${polygon}::bytea, ${srid}::int)) as "areaM2"`))[0]!.areaM2
}
