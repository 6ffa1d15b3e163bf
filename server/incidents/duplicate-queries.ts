import type { Reply } from '../contract/endpoint.ts'
import type { DuplicateCandidate, DuplicateSide, listSuspiciousPlaces as listSuspiciousPlacesEndpoint } from '../contract/duplicates.ts'
import type { Position } from '../contract/geojson.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { openIncident } from './filter-queries.ts'
import { iso } from './queries.ts'

const PHOTOS_SHOWN = 4

/** The columns of a DuplicateSide over `i`. Photos of the scene come before those of its handling. */
const SIDE: Sql = sql`
  i.public_id as id, i.report_number as "reportNumber", i.case_number as "caseNumber", i.class_name as "className", i.state, i.source, i.severity, i.description, i.address,
  case when i.geom is null then null else json_build_array(st_x(i.geom), st_y(i.geom)) end as position,
  (select a.name from administrative_areas a where a.city_id = i.city_id and a.code = i.street_code and a.valid_to is null limit 1) as "streetName",
  ${iso('i.reported_at')} as "reportedAt", i.department, i.version,
  coalesce((select json_agg(json_build_object('id', m.public_id, 'kind', m.kind)) from (
    select public_id, kind from case_media where incident_id = i.id order by kind in ('after', 'check'), id limit ${PHOTOS_SHOWN}) m), '[]'::json) as photos,
  (select count(*)::int from case_media where incident_id = i.id) as "photoCount"`

/** What a comparison starts from. */
export interface DuplicateSubject {
  incidentId: number | null
  schemeId: string
  classKind: string
  classCode: string
  position: Position | null
  isDrill: boolean
  reportedAt: string
}

export async function findDuplicateSubject(db: Queryable, cityId: number, id: string, visible: Sql): Promise<(DuplicateSubject & { side: DuplicateSide }) | undefined> {
  const rows = await db.query<DuplicateSide & Omit<DuplicateSubject, 'position'>>(sql`
    select ${SIDE}, i.id as "incidentId", i.scheme_id as "schemeId", i.class_kind as "classKind", i.class_code as "classCode", i.is_drill as "isDrill"
    from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`)
  const row = rows[0]
  if (!row) return undefined
  const { incidentId, schemeId, classKind, classCode, isDrill, ...side } = row
  return { incidentId, schemeId, classKind, classCode, isDrill, position: side.position, reportedAt: side.reportedAt, side }
}

export interface Nearness {
  distanceMeters: number
  windowHours: number
}

/** Open cases of the same small class near in space and time, nearest first. A drill is compared with drills only. */
export function listCandidates(db: Queryable, city: { cityId: number; measureSrid: number }, subject: DuplicateSubject & { position: Position }, near: Nearness, visible: Sql, limit: number): Promise<DuplicateCandidate[]> {
  const [longitude, latitude] = subject.position
  const degrees = near.distanceMeters / 110_000
  const place = sql`st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490)`
  const window = sql`make_interval(secs => ${near.windowHours * 3600}::float8)`
  return db.query<DuplicateCandidate>(sql`
    with near as (
      select i.id, st_distance(st_transform(i.geom, ${city.measureSrid}::int), st_transform(${place}, ${city.measureSrid}::int)) as meters
      from incidents i
      where i.city_id = ${city.cityId} and i.scheme_id = ${subject.schemeId} and i.class_kind = ${subject.classKind} and i.class_code = ${subject.classCode} and ${openIncident} and i.is_drill = ${subject.isDrill}
        and i.reported_at between ${subject.reportedAt}::timestamptz - ${window} and ${subject.reportedAt}::timestamptz + ${window}
        and i.geom && st_expand(${place}, ${degrees}::float8 / greatest(0.01, cos(radians(${latitude}::float8))), ${degrees}::float8)
        and i.id is distinct from ${subject.incidentId}::bigint and ${visible}
    )
    select ${SIDE}, round(near.meters::numeric, 1)::float8 as "distanceMeters", extract(epoch from ${subject.reportedAt}::timestamptz - i.reported_at)::float8 as "secondsBefore"
    from near join incidents i on i.id = near.id
    where near.meters <= ${near.distanceMeters}::float8
    order by near.meters, i.reported_at desc, i.id limit ${limit}`)
}

/** Cases on one exact coordinate, and all cases of the city that have a place. */
export async function countAtPlace(db: Queryable, cityId: number, [longitude, latitude]: Position): Promise<{ atPlace: number; withPlace: number }> {
  const rows = await db.query<{ atPlace: number; withPlace: number }>(sql`
    select (select count(*)::int from incidents i where i.city_id = ${cityId} and i.geom && st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490)
        and st_x(i.geom) = ${longitude}::float8 and st_y(i.geom) = ${latitude}::float8) as "atPlace",
      (select count(*)::int from incidents i where i.city_id = ${cityId} and i.geom is not null) as "withPlace"`)
  return rows[0] ?? { atPlace: 0, withPlace: 0 }
}

type SuspiciousPlace = Reply<typeof listSuspiciousPlacesEndpoint>['places'][number]

/** Coordinates that carry at least so many cases and so large a share of those with a place; `where` is a filter over `i`. */
export async function listPlacesOfMany(db: Queryable, cityId: number, where: Sql, rule: { cases: number; share: number }, limit: number): Promise<{ casesWithPlace: number; places: SuspiciousPlace[] }> {
  const rows = await db.query<SuspiciousPlace & { casesWithPlace: number }>(sql`
    with placed as materialized (
      select st_x(i.geom) as x, st_y(i.geom) as y, i.state, i.class_kind, i.class_code, i.source, i.community_code, i.reported_at, ${openIncident} as is_open
      from incidents i where ${where} and i.geom is not null
    ),
    whole as (select count(*)::int as n from placed),
    points as (
      select x, y, count(*)::int as cases, (count(*) filter (where is_open))::int as open, count(distinct (class_kind, class_code))::int as classes, array_agg(distinct source order by source) as sources,
        min(community_code) as community_code, min(reported_at) as first_at, max(reported_at) as last_at
      from placed group by x, y having count(*) >= ${rule.cases}
    )
    select whole.n as "casesWithPlace", json_build_array(p.x, p.y) as position, p.cases, p.cases::float8 / whole.n as share, p.open, p.classes, p.sources,
      (select a.name from administrative_areas a where a.city_id = ${cityId} and a.code = p.community_code and a.valid_to is null limit 1) as "communityName",
      case when p.community_code is null then null else (select count(*)::int from placed c where c.community_code = p.community_code) end as "communityCases",
      ${iso('p.first_at')} as "firstReportedAt", ${iso('p.last_at')} as "lastReportedAt"
    from whole left join points p on p.cases >= ${rule.share}::float8 * whole.n
    order by p.cases desc nulls last, p.x, p.y limit ${limit}`)
  return {
    casesWithPlace: rows[0]?.casesWithPlace ?? 0,
    places: rows.filter((row) => row.cases !== null).map(({ casesWithPlace: _whole, ...place }) => place),
  }
}
