import type { Position } from '../contract/geojson.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** What a place says by itself: the areas and the cell it lies in, whether it is in the city, the part it is about. */
export interface PlaceFacts {
  outsideCity: boolean
  countyCode: string | null
  streetCode: string | null
  communityCode: string | null
  gridCode: string | null
  gridVersion: number | null
  partId: number | null
}

/** Degrees of latitude in one metre, rounded up; longitude is widened by the cosine of the latitude. */
const DEGREES_PER_METER = 1 / 110_000

/**
 * A report about a part means the nearest part of its class; one about an event, the nearest of a class that such an event may be on (`part_compatibilities`).
 * The areas come from the maps of areas; where a level has no map, from the cell and from the codes of the level below.
 * On a shared border the lower code wins, so that the same place always gives the same answer.
 */
export async function findPlaceFacts(db: Queryable, city: { cityId: number; measureSrid: number }, position: Position, about: { schemeId: string; classKind: 'part' | 'event'; classCode: string }, partDistanceMeters: number): Promise<PlaceFacts> {
  const [longitude, latitude] = position
  const reach = partDistanceMeters * DEGREES_PER_METER
  const wide = reach / Math.max(0.01, Math.cos((latitude * Math.PI) / 180))
  const rows = await db.query<PlaceFacts>(sql`
    with place as (select st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490) as geom),
    areas as (
      select a.level, min(a.code) as code, (array_agg(a.parent_code order by a.code))[1] as parent_code
      from administrative_areas a, place
      where a.city_id = ${city.cityId} and a.valid_to is null and st_covers(a.geom, place.geom)
      group by a.level
    ),
    cell as (
      select g.code, g.grid_version, g.community_code, g.street_code, g.county_code
      from unit_grids g, place
      where g.city_id = ${city.cityId} and g.valid_to is null and g.status = 'valid' and st_covers(g.geom, place.geom)
      order by g.code limit 1
    ),
    near as (
      select p.id from parts p, place
      where p.city_id = ${city.cityId} and p.valid_to is null and p.scheme_id = ${about.schemeId}
        and ${about.classKind === 'part' ? sql`p.class_code = ${about.classCode}` : sql`p.class_code in (select k.part_code from part_compatibilities k where k.scheme_id = ${about.schemeId} and k.event_code = ${about.classCode})`}
        and p.geom && st_makeenvelope(${longitude - wide}::float8, ${latitude - reach}::float8, ${longitude + wide}::float8, ${latitude + reach}::float8, 4490)
        and st_dwithin(st_transform(p.geom, ${city.measureSrid}::int), st_transform(place.geom, ${city.measureSrid}::int), ${partDistanceMeters}::float8)
      order by st_distance(st_transform(p.geom, ${city.measureSrid}::int), st_transform(place.geom, ${city.measureSrid}::int)), p.id limit 1
    )
    select
      coalesce((select not st_covers(c.boundary, place.geom) from cities c, place where c.id = ${city.cityId} and c.boundary is not null), false) as "outsideCity",
      coalesce((select code from areas where level = 'county'), (select county_code from cell), (select parent_code from areas where level = 'street')) as "countyCode",
      coalesce((select code from areas where level = 'street'), (select street_code from cell), (select parent_code from areas where level = 'community')) as "streetCode",
      coalesce((select code from areas where level = 'community'), (select community_code from cell)) as "communityCode",
      (select code from cell) as "gridCode", (select grid_version from cell) as "gridVersion", (select id from near) as "partId"`)
  const facts = rows[0]
  if (!facts) throw new TypeError('a statement without a from clause answered no row')
  return facts
}
