import type { IncidentState, IncidentSummary } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { identifier, type Sql, sql } from '../db/sql.ts'

/** An instant as the contract writes it: UTC, milliseconds. */
export function iso(column: string): Sql {
  return sql`to_char(${identifier(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** Whether a leader supervises incident `i`: pressure by people, which the clock's own reminders are not. */
export const supervisedIncident: Sql = sql`exists (select 1 from case_supervisions s where s.incident_id = i.id and s.form = 'supervise' and s.kind in ('leader', 'important'))`

/** The columns of an IncidentSummary over `i`, beside `SUMMARY_JOINS`. */
export const SUMMARY: Sql = sql`
  i.public_id as id, i.report_number as "reportNumber", i.case_number as "caseNumber", i.class_kind as "classKind", i.class_code as "classCode",
  i.class_name as "className", i.large_code as "largeCode", i.severity, i.state, i.source,
  case when i.geom is null then null else json_build_array(st_x(i.geom), st_y(i.geom)) end as position,
  i.address, i.street_code as "streetCode", street.name as "streetName", i.community_code as "communityCode", community.name as "communityName",
  i.grid_code as "gridCode", i.department, ${iso('i.reported_at')} as "reportedAt", ${iso('i.due_at')} as "dueAt", ${iso('i.ended_at')} as "endedAt",
  i.outside_city as "outsideCity", i.is_drill as "isDrill", i.version, running.clock, ${supervisedIncident} as "isSupervised"`

/** Names of the areas of `i`, and the clock that runs now. */
export const SUMMARY_JOINS: Sql = sql`
  left join lateral (select a.name from administrative_areas a where a.city_id = i.city_id and a.code = i.street_code and a.valid_to is null limit 1) street on true
  left join lateral (select a.name from administrative_areas a where a.city_id = i.city_id and a.code = i.community_code and a.valid_to is null limit 1) community on true
  left join lateral (
    select json_build_object('stage', c.stage, 'blueAt', ${iso('c.blue_at')}, 'amberAt', ${iso('c.amber_at')}, 'dueAt', ${iso('c.due_at')}, 'darkRedAt', ${iso('c.dark_red_at')},
      'pausedAt', ${iso('c.paused_at')}, 'stoppedAt', null) as clock
    from case_clocks c where c.incident_id = i.id and c.stopped_at is null and c.stage not in ('total', 'return_window') limit 1) running on true`

export type SortKey = 'reported' | 'due' | 'severity'

/** Where a page begins: after this row, in the order of the sort. `key` is the row's sort column, null where it has none. */
export interface PageStart {
  key: string | number | null
  /** Microseconds of `reported_at`, for the sorts that go by it second. */
  reportedAt: string
  id: number
}

/** Cases without a limit come last: an instant beyond all others keeps them in one index with the rest. */
const DUE: Sql = sql`coalesce(i.due_at, 'infinity'::timestamptz)`

/** Each is the order of an index, and all of its columns go one way, so that a page begins by one comparison of rows. */
const ORDER: Record<SortKey, Sql> = {
  reported: sql`i.reported_at desc, i.id desc`,
  due: sql`${DUE} asc, i.id asc`,
  severity: sql`(-i.severity) desc, i.reported_at desc, i.id desc`,
}

function after(sort: SortKey, start: PageStart): Sql {
  if (sort === 'reported') return sql`and (i.reported_at, i.id) < (${start.reportedAt}::timestamptz, ${start.id}::bigint)`
  if (sort === 'severity') return sql`and ((-i.severity), i.reported_at, i.id) < (-(${start.key}::smallint), ${start.reportedAt}::timestamptz, ${start.id}::bigint)`
  return sql`and (${DUE}, i.id) > (${start.key ?? 'infinity'}::timestamptz, ${start.id}::bigint)`
}

export interface Listed<Row> {
  summary: Row
  start: PageStart
}

/** What a file of incidents carries beside the summary. */
export interface ExportedIncident extends IncidentSummary {
  description: string
  sourceReference: string | null
  reportedBy: string
  occurredAt: string | null
  filedAt: string | null
  disposedAt: string | null
  layerKey: string | null
}

type PageColumns = { pageId: number; pageReportedAt: string; pageDueAt: string | null }

async function listPage<Row extends IncidentSummary>(db: Queryable, columns: Sql, joins: Sql, where: Sql, sort: SortKey, start: PageStart | undefined, limit: number): Promise<Listed<Row>[]> {
  const rows = await db.query<Row & PageColumns>(sql`
    select ${columns}, i.id as "pageId",
      to_char(i.reported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "pageReportedAt",
      to_char(i.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "pageDueAt"
    from (select i.id from incidents i where ${where} ${start ? after(sort, start) : sql``} order by ${ORDER[sort]} limit ${limit}) page
    join incidents i on i.id = page.id ${SUMMARY_JOINS} ${joins}
    order by ${ORDER[sort]}`)
  return rows.map(({ pageId, pageReportedAt, pageDueAt, ...row }) => {
    const summary = row as unknown as Row
    return { summary, start: { key: sort === 'due' ? pageDueAt : sort === 'severity' ? summary.severity : null, reportedAt: pageReportedAt, id: pageId } }
  })
}

/** One page under a filter, by the sort's own index: no offset, so that rows arriving meanwhile neither repeat nor hide one. */
export function listIncidentPage(db: Queryable, where: Sql, sort: SortKey, start: PageStart | undefined, limit: number): Promise<Listed<IncidentSummary>[]> {
  return listPage(db, SUMMARY, sql``, where, sort, start, limit)
}

/** The same, newest first, with what a file carries. */
export function listExportPage(db: Queryable, where: Sql, start: PageStart | undefined, limit: number): Promise<Listed<ExportedIncident>[]> {
  const columns = sql`${SUMMARY}, i.description, i.source_reference as "sourceReference", i.reported_by as "reportedBy", ${iso('i.occurred_at')} as "occurredAt",
    ${iso('i.filed_at')} as "filedAt", ${iso('i.disposed_at')} as "disposedAt", l.key as "layerKey"`
  return listPage(db, columns, sql`left join layers l on l.id = i.layer_id`, where, 'reported', start, limit)
}

export async function findIncidentSummary(db: Queryable, incidentId: number): Promise<IncidentSummary | undefined> {
  return (await db.query<IncidentSummary>(sql`select ${SUMMARY} from incidents i ${SUMMARY_JOINS} where i.id = ${incidentId}`, PREPARED))[0]
}

/** Takes the next number of a series of a day; the row stays locked until the commit, so that no number is left out. */
export async function takeNumber(tx: Queryable, cityId: number, series: string, day: string): Promise<number> {
  const rows = await tx.query<{ number: number }>(sql`
    insert into number_series (city_id, series, day, last_number) values (${cityId}, ${series}, ${day}, 1)
    on conflict (city_id, series, day) do update set last_number = number_series.last_number + 1
    returning last_number as number`, PREPARED)
  return rows[0]?.number ?? 1
}

export interface NewIncident {
  publicId: string
  cityId: number
  reportNumber: string
  schemeId: string
  classKind: 'part' | 'event'
  classCode: string
  className: string
  largeCode: string
  severity: number
  severityFrom: 'class' | 'source'
  state: IncidentState
  source: string
  sourceReference: string | null
  idempotencyKey: string
  reportedBy: string
  reporterPhone: string | null
  reporterId: number | null
  reopenedFromId: number | null
  description: string
  address: string | null
  placeMethod: string
  position: readonly [number, number] | null
  outsideCity: boolean
  isDrill: boolean
  countyCode: string | null
  streetCode: string | null
  communityCode: string | null
  gridCode: string | null
  gridVersion: number | null
  partId: number | null
  occurredAt: string | null
  at: string
}

export async function insertIncident(tx: Queryable, row: NewIncident): Promise<number> {
  const [longitude, latitude] = row.position ?? [null, null]
  const rows = await tx.query<{ id: number }>(sql`
    insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state,
      source, source_reference, idempotency_key, reported_by, reporter_phone, reporter_id, reopened_from_id, description, address, place_method, geom, outside_city, is_drill,
      county_code, street_code, community_code, grid_code, grid_version, part_id, occurred_at, reported_at, received_at, state_since, updated_at)
    values (${row.publicId}, ${row.cityId}, ${row.reportNumber}, ${row.schemeId}, ${row.classKind}, ${row.classCode}, ${row.className}, ${row.largeCode},
      ${row.severity}, ${row.severityFrom}, ${row.state}, ${row.source}, ${row.sourceReference}, ${row.idempotencyKey}, ${row.reportedBy}, ${row.reporterPhone},
      ${row.reporterId}, ${row.reopenedFromId}, ${row.description},
      ${row.address}, ${row.placeMethod}, st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490), ${row.outsideCity}, ${row.isDrill},
      ${row.countyCode}, ${row.streetCode}, ${row.communityCode}, ${row.gridCode}, ${row.gridVersion}, ${row.partId}, ${row.occurredAt}::timestamptz,
      ${row.at}::timestamptz, ${row.at}::timestamptz, ${row.at}::timestamptz, ${row.at}::timestamptz)
    returning id`, PREPARED)
  return rows[0]?.id ?? 0
}
