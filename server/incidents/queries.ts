import type { Incident, IncidentFlowEntry, IncidentState, IncidentSummary } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { identifier, type Sql, sql } from '../db/sql.ts'

/** An instant as the contract writes it: UTC, milliseconds. */
function iso(column: string): Sql {
  return sql`to_char(${identifier(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** The columns of an IncidentSummary over `i`, with the names of its areas from `areaNames`. */
const SUMMARY: Sql = sql`
  i.public_id as id, i.report_number as "reportNumber", i.case_number as "caseNumber", i.class_kind as "classKind", i.class_code as "classCode",
  i.class_name as "className", i.large_code as "largeCode", i.severity, i.state, i.source,
  case when i.geom is null then null else json_build_array(st_x(i.geom), st_y(i.geom)) end as position,
  i.address, i.street_code as "streetCode", street.name as "streetName", i.community_code as "communityCode", community.name as "communityName",
  i.grid_code as "gridCode", i.department, ${iso('i.reported_at')} as "reportedAt", ${iso('i.due_at')} as "dueAt", ${iso('i.ended_at')} as "endedAt",
  i.outside_city as "outsideCity", i.is_drill as "isDrill", i.version`

const AREA_NAMES: Sql = sql`
  left join lateral (select a.name from administrative_areas a where a.city_id = i.city_id and a.code = i.street_code and a.valid_to is null limit 1) street on true
  left join lateral (select a.name from administrative_areas a where a.city_id = i.city_id and a.code = i.community_code and a.valid_to is null limit 1) community on true`

export type SortKey = 'reported' | 'due' | 'severity'

/** Where a page begins: after this row, in the order of the sort. `key` is the row's sort column, null where it has none. */
export interface PageStart {
  key: string | number | null
  /** Microseconds of `reported_at`, for the sorts that go by it second. */
  reportedAt: string
  id: number
}

const ORDER: Record<SortKey, Sql> = {
  reported: sql`i.reported_at desc, i.id desc`,
  due: sql`i.due_at asc nulls last, i.id asc`,
  severity: sql`i.severity asc, i.reported_at desc, i.id desc`,
}

function after(sort: SortKey, start: PageStart): Sql {
  if (sort === 'reported') return sql`and (i.reported_at, i.id) < (${start.reportedAt}::timestamptz, ${start.id}::bigint)`
  if (sort === 'severity') {
    return sql`and i.severity >= ${start.key}::smallint
      and (i.severity > ${start.key}::smallint or (i.reported_at, i.id) < (${start.reportedAt}::timestamptz, ${start.id}::bigint))`
  }
  if (start.key === null) return sql`and i.due_at is null and i.id > ${start.id}::bigint`
  return sql`and (i.due_at is null or (i.due_at, i.id) > (${start.key}::timestamptz, ${start.id}::bigint))`
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
    from (select * from incidents i where ${where} ${start ? after(sort, start) : sql``} order by ${ORDER[sort]} limit ${limit}) i
    ${AREA_NAMES} ${joins}
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

/** Everything of one incident that the workflow decides on, beside its contract shape. */
export interface IncidentRow extends Omit<Incident, 'limitZh' | 'limitEn' | 'flow'> {
  incidentId: number
  schemeId: string
  conditionOrdinal: number | null
  limitAmount: number | null
  limitUnit: string | null
  /** When the suspension that is going on began. */
  suspendedAt: string | null
}

export async function findIncident(db: Queryable, cityId: number, id: string): Promise<IncidentRow | undefined> {
  const rows = await db.query<IncidentRow>(sql`
    select ${SUMMARY}, i.id as "incidentId", i.scheme_id as "schemeId", i.condition_ordinal as "conditionOrdinal",
      i.description, i.source_reference as "sourceReference", i.reported_by as "reportedBy", i.holder, i.severity_from as "severityFrom",
      i.place_method as "placeMethod", i.grid_version as "gridVersion",
      case when p.id is null then null else json_build_object('id', p.public_id, 'code', p.code, 'name', p.name) end as part,
      f.condition_zh as "conditionZh", f.limit_amount as "limitAmount", f.limit_unit as "limitUnit",
      ${iso('i.occurred_at')} as "occurredAt", ${iso('i.received_at')} as "receivedAt", ${iso('i.filed_at')} as "filedAt", ${iso('i.disposed_at')} as "disposedAt",
      l.key as "layerKey", i.attributes,
      case when i.state = 'suspended' then (
        select to_char(flow.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from incident_flow flow
        where flow.incident_id = i.id and flow.action = 'suspend' order by flow.sequence desc limit 1) end as "suspendedAt"
    from incidents i ${AREA_NAMES}
    left join parts p on p.id = i.part_id
    left join layers l on l.id = i.layer_id
    left join filing_conditions f on f.scheme_id = i.scheme_id and f.kind = i.class_kind and f.class_code = i.class_code and f.ordinal = i.condition_ordinal
    where i.city_id = ${cityId} and i.public_id = ${id}::uuid`)
  return rows[0]
}

export async function findIncidentSummary(db: Queryable, incidentId: number): Promise<IncidentSummary | undefined> {
  return (await db.query<IncidentSummary>(sql`select ${SUMMARY} from incidents i ${AREA_NAMES} where i.id = ${incidentId}`))[0]
}

export function listFlow(db: Queryable, incidentId: number): Promise<IncidentFlowEntry[]> {
  return db.query<IncidentFlowEntry>(sql`
    select sequence, action, from_state as "fromState", to_state as "toState", actor, ${iso('at')} as at, opinion
    from incident_flow where incident_id = ${incidentId} order by sequence`)
}

/** Takes the next number of a series of a day; the row stays locked until the commit, so that no number is left out. */
export async function takeNumber(tx: Queryable, cityId: number, series: string, day: string): Promise<number> {
  const rows = await tx.query<{ number: number }>(sql`
    insert into number_series (city_id, series, day, last_number) values (${cityId}, ${series}, ${day}, 1)
    on conflict (city_id, series, day) do update set last_number = number_series.last_number + 1
    returning last_number as number`)
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
      source, source_reference, idempotency_key, reported_by, description, address, place_method, geom, outside_city, is_drill,
      county_code, street_code, community_code, grid_code, grid_version, part_id, occurred_at, reported_at, received_at, updated_at)
    values (${row.publicId}, ${row.cityId}, ${row.reportNumber}, ${row.schemeId}, ${row.classKind}, ${row.classCode}, ${row.className}, ${row.largeCode},
      ${row.severity}, ${row.severityFrom}, ${row.state}, ${row.source}, ${row.sourceReference}, ${row.idempotencyKey}, ${row.reportedBy}, ${row.description},
      ${row.address}, ${row.placeMethod}, st_setsrid(st_makepoint(${longitude}::float8, ${latitude}::float8), 4490), ${row.outsideCity}, ${row.isDrill},
      ${row.countyCode}, ${row.streetCode}, ${row.communityCode}, ${row.gridCode}, ${row.gridVersion}, ${row.partId}, ${row.occurredAt}::timestamptz,
      ${row.at}::timestamptz, ${row.at}::timestamptz, ${row.at}::timestamptz)
    returning id`)
  return rows[0]?.id ?? 0
}

/** What a transition writes beside the state; a key left out stays as it is. */
export interface IncidentChange {
  caseNumber?: string
  conditionOrdinal?: number | null
  department?: string
  holder: string | null
  filedAt?: string
  dueAt?: string | null
  disposedAt?: string | null
  endedAt?: string
}

const CHANGED_COLUMNS = {
  caseNumber: (value: unknown) => sql`, case_number = ${value}`,
  conditionOrdinal: (value: unknown) => sql`, condition_ordinal = ${value}::smallint`,
  department: (value: unknown) => sql`, department = ${value}`,
  holder: (value: unknown) => sql`, holder = ${value}`,
  filedAt: (value: unknown) => sql`, filed_at = ${value}::timestamptz`,
  dueAt: (value: unknown) => sql`, due_at = ${value}::timestamptz`,
  disposedAt: (value: unknown) => sql`, disposed_at = ${value}::timestamptz`,
  endedAt: (value: unknown) => sql`, ended_at = ${value}::timestamptz`,
} satisfies Record<keyof IncidentChange, (value: unknown) => Sql>

/**
 * Moves an incident on, only if nobody did so since the caller looked: same version, same state.
 * @returns the new version, or undefined when the row had moved on.
 */
export async function updateIncidentState(tx: Queryable, row: { incidentId: number; version: number; state: IncidentState }, to: IncidentState, change: IncidentChange, at: string): Promise<number | undefined> {
  const changes = (Object.keys(CHANGED_COLUMNS) as (keyof IncidentChange)[]).filter((key) => change[key] !== undefined)
  const assignments = changes.reduce((statement, key) => sql`${statement}${CHANGED_COLUMNS[key](change[key])}`, sql``)
  const rows = await tx.query<{ version: number }>(sql`
    update incidents set state = ${to}, version = version + 1, updated_at = ${at}::timestamptz ${assignments}
    where id = ${row.incidentId} and version = ${row.version} and state = ${row.state}
    returning version`)
  return rows[0]?.version
}

export interface NewFlowRow {
  incidentId: number
  sequence: number
  action: string
  fromState: IncidentState | null
  toState: IncidentState
  actor: string
  at: string
  opinion: string | null
  details: Record<string, unknown>
}

export async function insertFlow(tx: Queryable, row: NewFlowRow): Promise<void> {
  await tx.query(sql`
    insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at, opinion, details)
    values (${row.incidentId}, ${row.sequence}, ${row.action}, ${row.fromState}, ${row.toState}, ${row.actor}, ${row.at}::timestamptz, ${row.opinion}, ${JSON.stringify(row.details)}::jsonb)`)
}
