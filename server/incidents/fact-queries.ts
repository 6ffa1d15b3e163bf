/** The facts of places, as one expression over any rows that have a place: of one case, of a draft. */
import type { IncidentFacts } from '../contract/facts.ts'
import type { Position } from '../contract/geojson.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import type { CaseRule } from './case-rule-queries.ts'

export interface FactCity {
  cityId: number
  measureSrid: number
  timeZone: string
}

/** A box of at least so many metres around the place `p.geom`, for the index; metres are measured behind it. */
function around(meters: number): Sql {
  return sql`st_expand(p.geom, ${meters / 110_000}::float8 / greatest(0.01, cos(radians(st_y(p.geom)))), ${meters / 110_000}::float8)`
}

const iso = (column: Sql): Sql => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/**
 * IncidentFacts as JSON over a row `p` with geom, at, class_kind, class_code, grid_code, community_code, street_code.
 * The smallest area with an owner decides; a control area from 22:00 to 06:00 runs over midnight.
 */
function factsOfPlace(city: FactCity, rules: Record<CaseRule, number>): Sql {
  const { cityId, measureSrid } = city
  const meters = (geom: Sql) => sql`st_distance(st_transform(${geom}, ${measureSrid}::int), st_transform(p.geom, ${measureSrid}::int))`
  return sql`json_build_object(
    'road', (
      select json_build_object('name', near.name, 'distanceMeters', round(near.meters::numeric, 1)) from (
        select r.name, ${meters(sql`r.geom`)} as meters from roads r
        where r.city_id = ${cityId} and r.valid_to is null and r.name is not null and r.geom && ${around(rules.road_distance_meters)}
        order by 2, r.id limit 1) near
      where near.meters <= ${rules.road_distance_meters}::float8),
    'greenLines', coalesce((
      select json_agg(json_build_object('code', g.code, 'name', g.name) order by g.code, g.id) from green_lines g
      where g.city_id = ${cityId} and g.valid_to is null and st_covers(g.geom, p.geom)), '[]'::json),
    'controlAreas', coalesce((
      select json_agg(json_build_object('code', c.code, 'name', c.name, 'kind', c.kind, 'tip', c.tip,
        'applies', (c.starts_at is null or c.starts_at <= p.at) and (c.ends_at is null or p.at < c.ends_at)
          and (c.classes is null or (p.class_kind || ':' || p.class_code) = any(string_to_array(c.classes, ',')) or (p.class_kind || ':' || left(p.class_code, 2)) = any(string_to_array(c.classes, ',')))
          and case when coalesce(c.from_minute, 0) <= coalesce(c.to_minute, 1440) then clock.minute >= coalesce(c.from_minute, 0) and clock.minute < coalesce(c.to_minute, 1440)
            else clock.minute >= c.from_minute or clock.minute < c.to_minute end) order by c.kind desc, c.code, c.id)
      from control_areas c, (select extract(hour from p.at at time zone ${city.timeZone}) * 60 + extract(minute from p.at at time zone ${city.timeZone}) as minute) clock
      where c.city_id = ${cityId} and c.valid_to is null and st_covers(c.geom, p.geom)), '[]'::json),
    'permits', coalesce((
      select json_agg(json_build_object('code', m.code, 'name', m.name, 'kind', m.kind, 'holder', m.holder, 'startsAt', ${iso(sql`m.starts_at`)}, 'endsAt', ${iso(sql`m.ends_at`)}) order by m.ends_at, m.code, m.id)
      from permits m
      where m.city_id = ${cityId} and m.valid_to is null and (m.starts_at is null or m.starts_at <= p.at) and (m.ends_at is null or p.at < m.ends_at)
        and m.geom && ${around(rules.permit_distance_meters)}
        and case when st_dimension(m.geom) = 2 then st_covers(m.geom, p.geom) else ${meters(sql`m.geom`)} <= ${rules.permit_distance_meters}::float8 end), '[]'::json),
    'owner', (
      select json_build_object('areaCode', o.area_code, 'organisation', o.organisation, 'person', o.person) from grid_owners o
      where o.city_id = ${cityId} and o.valid_to is null and o.area_code in (p.grid_code, p.community_code, p.street_code)
      order by case o.area_code when p.grid_code then 1 when p.community_code then 2 else 3 end limit 1))`
}

/** Looks the facts of a case's place up and keeps them with it; a case without a place has none. */
export async function updateFacts(tx: Queryable, city: FactCity, rules: Record<CaseRule, number>, incidentId: number): Promise<void> {
  await tx.query(sql`
    update incidents i set facts = found.facts
    from (
      select p.id, ${factsOfPlace(city, rules)} as facts
      from (select id, geom, reported_at as at, class_kind, class_code, grid_code, community_code, street_code from incidents where id = ${incidentId} and geom is not null) p
    ) found
    where i.id = found.id`, PREPARED)
}

/** What was kept with a case; of a case that came in without (an import), what its place says of the time of its report. */
export async function findFacts(db: Queryable, city: FactCity, rules: Record<CaseRule, number>, incidentId: number): Promise<IncidentFacts | null> {
  const rows = await db.query<{ facts: IncidentFacts }>(sql`
    select coalesce(p.facts::json, ${factsOfPlace(city, rules)}) as facts
    from (select facts, geom, reported_at as at, class_kind, class_code, grid_code, community_code, street_code from incidents where id = ${incidentId} and geom is not null) p`, PREPARED)
  return rows[0]?.facts ?? null
}

export interface Place {
  position: Position
  at: string
  classKind: string
  classCode: string
  gridCode: string | null
  communityCode: string | null
  streetCode: string | null
}

export async function findFactsAt(db: Queryable, city: FactCity, rules: Record<CaseRule, number>, place: Place): Promise<IncidentFacts> {
  const [longitude, latitude] = place.position
  const rows = await db.query<{ facts: IncidentFacts }>(sql`
    select ${factsOfPlace(city, rules)} as facts
    from (select st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490) as geom, ${place.at}::timestamptz as at, ${place.classKind}::text as class_kind, ${place.classCode}::text as class_code,
      ${place.gridCode}::text as grid_code, ${place.communityCode}::text as community_code, ${place.streetCode}::text as street_code) p`)
  const found = rows[0]
  if (!found) throw new TypeError('a statement without a from clause answered no row')
  return found.facts
}

/** Names of a street and community, and the part, as people read them. */
export async function findPlaceNames(db: Queryable, cityId: number, codes: { streetCode: string | null; communityCode: string | null; partId: number | null }) {
  const area = (code: string | null) => sql`(select a.name from administrative_areas a where a.city_id = ${cityId} and a.code = ${code} and a.valid_to is null limit 1)`
  const rows = await db.query<{ streetName: string | null; communityName: string | null; part: { id: string; code: string | null; name: string | null } | null }>(sql`
    select ${area(codes.streetCode)} as "streetName", ${area(codes.communityCode)} as "communityName",
      (select json_build_object('id', p.public_id, 'code', p.code, 'name', p.name) from parts p where p.id = ${codes.partId}) as part`)
  return rows[0] ?? { streetName: null, communityName: null, part: null }
}
