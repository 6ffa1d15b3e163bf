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

/** Two systems that write the same point differ in its last digits: places are told apart to about a metre. */
const PLACES_PER_DEGREE = 100_000

const rounded = (value: Sql): Sql => sql`round(${value} * ${PLACES_PER_DEGREE}::float8)::bigint`

export const casesOfCity = (cityId: number): Sql => sql`i.city_id = ${cityId}`
export const casesOfLayer = (layerId: number): Sql => sql`i.layer_id = ${layerId}`

/** Cases on one place, however many others there are. */
export async function countAtPlace(db: Queryable, cityId: number, [longitude, latitude]: Position): Promise<number> {
  const rows = await db.query<{ cases: number }>(sql`
    select count(*)::int as cases from incidents i
    where i.city_id = ${cityId} and i.geom && st_expand(st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490), ${1 / PLACES_PER_DEGREE}::float8)
      and ${rounded(sql`st_x(i.geom)`)} = ${rounded(sql`${longitude}::float8`)} and ${rounded(sql`st_y(i.geom)`)} = ${rounded(sql`${latitude}::float8`)}`)
  return rows[0]?.cases ?? 0
}

type SuspiciousPlaces = Reply<typeof listSuspiciousPlacesEndpoint>

/**
 * Places that carry at least `cases` cases, `times` as many as the place of a rank (the last one where there are fewer), and a mixture of kinds:
 * as many as `classes`, or all there are. `where` is a filter over `i`.
 */
export async function listPlacesOfMany(
  db: Queryable, cityId: number, where: Sql, rule: Pick<SuspiciousPlaces['rule'], 'cases' | 'rank' | 'times' | 'classes'>, limit: number,
): Promise<{ casesWithPlace: number; usualCases: number | null; places: SuspiciousPlaces['places'] }> {
  const rows = await db.query<{ casesWithPlace: number; usualCases: number | null; places: SuspiciousPlaces['places'] }>(sql`
    with placed as materialized (
      select ${rounded(sql`st_x(i.geom)`)} as x, ${rounded(sql`st_y(i.geom)`)} as y, i.geom, i.state, i.class_kind, i.class_code, i.source, i.community_code, i.reported_at, ${openIncident} as is_open
      from incidents i where ${where} and i.geom is not null
    ),
    points as materialized (select x, y, count(*)::int as cases, row_number() over (order by count(*) desc, x, y) as place from placed group by x, y),
    usual as (select cases from points where place <= ${rule.rank} order by place desc limit 1),
    kinds as (select count(*) as n from (select distinct class_kind, class_code from placed) all_kinds),
    full_places as (
      select c.x, c.y, min(st_x(c.geom)) as longitude, min(st_y(c.geom)) as latitude, count(*)::int as cases, (count(*) filter (where c.is_open))::int as open, count(distinct (c.class_kind, c.class_code))::int as classes,
        array_agg(distinct c.source order by c.source) as sources, min(c.community_code) as community_code, min(c.reported_at) as first_at, max(c.reported_at) as last_at
      from placed c join points p on p.x = c.x and p.y = c.y, usual
      where p.cases >= ${rule.cases} and p.cases >= ${rule.times}::float8 * usual.cases and p.place <= ${rule.rank}
      group by c.x, c.y having count(distinct (c.class_kind, c.class_code)) >= least(${rule.classes}::int, (select n from kinds))
    )
    select (select count(*)::int from placed) as "casesWithPlace", (select cases from usual) as "usualCases", coalesce((
      select json_agg(json_build_object('position', json_build_array(f.longitude, f.latitude), 'cases', f.cases, 'share', f.cases::float8 / (select count(*) from placed), 'open', f.open, 'classes', f.classes, 'sources', f.sources,
        'communityName', (select a.name from administrative_areas a where a.city_id = ${cityId} and a.code = f.community_code and a.valid_to is null limit 1),
        'communityCases', case when f.community_code is null then null else (select count(*)::int from placed c where c.community_code = f.community_code) end,
        'firstReportedAt', ${iso('f.first_at')}, 'lastReportedAt', ${iso('f.last_at')}) order by f.cases desc, f.x, f.y)
      from (select * from full_places order by cases desc, x, y limit ${limit}) f), '[]'::json) as places`)
  return rows[0] ?? { casesWithPlace: 0, usualCases: null, places: [] }
}
