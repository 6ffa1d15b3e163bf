import type { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { HistoryStep } from './incident-history.ts'

export interface KnownClass {
  kind: 'part' | 'event'
  code: string
  largeCode: string
  nameZh: string
  defaultSeverity: number
}

export function listClasses(db: Queryable, schemeId: string): Promise<KnownClass[]> {
  return db.query(sql`select kind, code, large_code as "largeCode", name_zh as "nameZh", default_severity as "defaultSeverity" from case_classes where scheme_id = ${schemeId} and ended_at is null order by code`)
}

export function listLargeClasses(db: Queryable, schemeId: string): Promise<{ kind: 'part' | 'event'; code: string; nameZh: string }[]> {
  return db.query(sql`select kind, code, name_zh as "nameZh" from case_large_classes where scheme_id = ${schemeId} order by code`)
}

/** Whether a scheme came with data, not with the program: only such a one may grow by an import. */
export async function findScheme(db: Queryable, schemeId: string): Promise<{ source: string } | undefined> {
  return (await db.query<{ source: string }>(sql`select source from class_schemes where id = ${schemeId}`))[0]
}

export async function insertScheme(tx: Queryable, scheme: { id: string; titleZh: string; titleEn: string; source: string }): Promise<void> {
  await tx.query(sql`insert into class_schemes (id, title_zh, title_en, source, verified) values (${scheme.id}, ${scheme.titleZh}, ${scheme.titleEn}, ${scheme.source}, false) on conflict (id) do nothing`)
}

export async function insertLargeClass(tx: Queryable, schemeId: string, kind: string, code: string, name: string): Promise<void> {
  await tx.query(sql`insert into case_large_classes (scheme_id, kind, code, name_zh, name_en) values (${schemeId}, ${kind}, ${code}, ${name}, ${name})`)
}

export async function insertClass(tx: Queryable, schemeId: string, row: KnownClass): Promise<void> {
  await tx.query(sql`insert into case_classes (scheme_id, kind, code, large_code, name_zh, name_en, is_local_extension, default_severity)
    values (${schemeId}, ${row.kind}, ${row.code}, ${row.largeCode}, ${row.nameZh}, ${row.nameZh}, true, ${row.defaultSeverity})`)
}

/** New cases of the staged rows: numbers of the day's series, places, the steps of their flow at the times of the source. @returns how many. */
export async function insertIncidents(tx: Queryable, city: { cityId: number; timeZone: string }, layerId: number, actor: string, unknownTime: string): Promise<number> {
  const rows = await tx.query(sql`
    with fresh as (
      select s.*, (s.fields ->> 'reported_at')::timestamptz as reported_at, ((s.fields ->> 'reported_at')::timestamptz at time zone ${city.timeZone})::date as day
      from import_stage s
      where not exists (select 1 from incidents i where i.city_id = ${city.cityId} and i.layer_id = ${layerId} and i.source_reference = s.source_key)
    ), numbered as (
      select fresh.*, row_number() over (partition by day order by reported_at, ordinal) as place_of_day, count(*) over (partition by day) as of_day from fresh
    ), series as (
      insert into number_series (city_id, series, day, last_number)
      select distinct ${city.cityId}::bigint, 'report', day, of_day::int from numbered
      on conflict (city_id, series, day) do update set last_number = number_series.last_number + excluded.last_number
      returning day, last_number
    ), added as (
      insert into incidents (public_id, city_id, layer_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, source_reference,
        reported_by, department, department_id, holder, description, address, place_method, geom, outside_city, is_drill, occurred_at, reported_at, filed_at, dispatched_at, due_at, disposed_at, ended_at, state_since,
        content_hash, attributes)
      select n.public_id, ${city.cityId}::bigint, ${layerId}::bigint, 'SL-' || to_char(n.day, 'YYYYMMDD') || '-' || lpad((series.last_number - n.of_day + n.place_of_day)::text, greatest(5, length((series.last_number)::text)), '0'),
        n.fields ->> 'scheme_id', n.fields ->> 'class_kind', n.fields ->> 'class_code', n.fields ->> 'class_name', n.fields ->> 'large_code', (n.fields ->> 'severity')::smallint, n.fields ->> 'severity_from',
        n.fields ->> 'state', n.fields ->> 'source', n.source_key, n.fields ->> 'reported_by', n.fields ->> 'department', (n.fields ->> 'department_id')::bigint,
        case when n.fields ->> 'state' in ('pending_dispose', 'disposing', 'suspended', 'disposed') then n.fields ->> 'department' end, coalesce(n.fields ->> 'description', ''), n.fields ->> 'address',
        case when n.geom is null then 'none' else 'source' end, n.geom, n.outside_city, coalesce((n.fields ->> 'is_drill')::boolean, false),
        (n.fields ->> 'occurred_at')::timestamptz, n.reported_at, (n.fields ->> 'filed_at')::timestamptz, (n.fields ->> 'dispatched_at')::timestamptz, (n.fields ->> 'due_at')::timestamptz, (n.fields ->> 'disposed_at')::timestamptz,
        (n.fields ->> 'ended_at')::timestamptz, ((n.fields ->> 'steps')::jsonb -> -1 ->> 'at')::timestamptz, n.content_hash, n.attributes
      from numbered n join series on series.day = n.day
      order by n.ordinal
      returning id, public_id
    ), written as (
      insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at, opinion)
      select added.id, step.number, 'import', lag(step.of ->> 'state') over (partition by added.id order by step.number), step.of ->> 'state', ${actor}, (step.of ->> 'at')::timestamptz,
        case when (step.of ->> 'isTimeKnown')::boolean then null else ${unknownTime} end
      from added join numbered n on n.public_id = added.public_id, jsonb_array_elements((n.fields ->> 'steps')::jsonb) with ordinality as step(of, number)
    )
    select id from added`)
  return rows.length
}

/** A case that the file now has in another state. */
export interface MovedIncident {
  incidentId: number
  previous: IncidentState
  /** When its last step was taken. */
  lastAt: string
  /** Its whole way by the file. */
  steps: HistoryStep[]
}

/**
 * Cases of the layer whose row changed take what the source says of class, place, time, department and words. Their state is moved only where the file
 * has a state and it differs. @returns how many changed, and those that moved, whose steps are still to be written.
 */
export async function updateIncidents(tx: Queryable, layerId: number, statesFromFile: boolean): Promise<{ changed: number; moved: MovedIncident[] }> {
  const rows = await tx.query<MovedIncident & { state: string }>(sql`
    with previous as (
      select i.id, i.state, (select to_char(max(f.at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from incident_flow f where f.incident_id = i.id) as last_at
      from incidents i join import_stage s on s.source_key = i.source_reference where i.layer_id = ${layerId} and i.content_hash is distinct from s.content_hash
    )
    update incidents i set scheme_id = s.fields ->> 'scheme_id', class_kind = s.fields ->> 'class_kind', class_code = s.fields ->> 'class_code', class_name = s.fields ->> 'class_name', large_code = s.fields ->> 'large_code',
      severity = (s.fields ->> 'severity')::smallint, severity_from = s.fields ->> 'severity_from', description = coalesce(s.fields ->> 'description', ''), address = s.fields ->> 'address',
      place_method = case when s.geom is null then 'none' else 'source' end, geom = s.geom, outside_city = s.outside_city, is_drill = coalesce((s.fields ->> 'is_drill')::boolean, false),
      department = coalesce(s.fields ->> 'department', i.department), department_id = coalesce((s.fields ->> 'department_id')::bigint, i.department_id),
      occurred_at = (s.fields ->> 'occurred_at')::timestamptz, reported_at = (s.fields ->> 'reported_at')::timestamptz, filed_at = coalesce((s.fields ->> 'filed_at')::timestamptz, i.filed_at),
      dispatched_at = coalesce((s.fields ->> 'dispatched_at')::timestamptz, i.dispatched_at), due_at = coalesce((s.fields ->> 'due_at')::timestamptz, i.due_at), disposed_at = coalesce((s.fields ->> 'disposed_at')::timestamptz, i.disposed_at),
      ended_at = coalesce((s.fields ->> 'ended_at')::timestamptz, i.ended_at),
      state = case when ${statesFromFile}::boolean then s.fields ->> 'state' else i.state end,
      state_since = case when ${statesFromFile}::boolean and s.fields ->> 'state' <> i.state then greatest(((s.fields ->> 'steps')::jsonb -> -1 ->> 'at')::timestamptz, previous.last_at::timestamptz) else i.state_since end,
      content_hash = s.content_hash, attributes = s.attributes, version = i.version + 1, updated_at = now()
    from import_stage s, previous
    where i.layer_id = ${layerId} and s.source_key = i.source_reference and previous.id = i.id
    returning i.id as "incidentId", previous.state as previous, previous.last_at as "lastAt", (s.fields ->> 'steps')::jsonb as steps, i.state`)
  return { changed: rows.length, moved: rows.filter((row) => row.previous !== row.state) }
}

export interface ImportedStep {
  incidentId: number
  fromState: IncidentState
  toState: IncidentState
  at: string
  opinion: string | null
}

/** Adds steps to the flow of cases, each case's in the order given. */
export async function insertImportedSteps(tx: Queryable, actor: string, steps: readonly ImportedStep[]): Promise<void> {
  await tx.query(sql`
    insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at, opinion)
    select given.id, (select max(f.sequence) from incident_flow f where f.incident_id = given.id) + row_number() over (partition by given.id order by given.number), 'import', given.from_state, given.to_state, ${actor}, given.at, given.opinion
    from unnest(${steps.map((step) => step.incidentId)}::bigint[], ${steps.map((step) => step.fromState)}::text[], ${steps.map((step) => step.toState)}::text[], ${steps.map((step) => step.at)}::timestamptz[],
      ${steps.map((step) => step.opinion)}::text[]) with ordinality as given(id, from_state, to_state, at, opinion, number)`)
}

export interface LabelFindings {
  agree: number
  disagree: number
  outside: number
  rows: { row: number; label: string; found: string }[]
}

/**
 * What the file calls the area of its cases against the area that holds them, of the level that most of its names are of; cases without a place
 * or a name are left out.
 */
export async function findLabelFindings(tx: Queryable, cityId: number, layerId: number): Promise<LabelFindings> {
  const rows = await tx.query<LabelFindings>(sql`
    with labelled as materialized (
      select s.row_number, s.fields ->> 'area_label' as label, i.county_code, i.street_code, i.community_code
      from import_stage s join incidents i on i.layer_id = ${layerId} and i.source_reference = s.source_key where s.geom is not null and s.fields ->> 'area_label' is not null),
    areas as materialized (select level, code, min(name) as name from administrative_areas where city_id = ${cityId} and valid_to is null group by level, code),
    chosen as (
      select a.level from labelled l join (select distinct level, name from areas) a on a.name = l.label group by a.level order by count(*) desc, a.level limit 1),
    held as (
      select l.row_number, l.label, a.name as found from labelled l cross join chosen
      left join areas a on a.level = chosen.level and a.code = case chosen.level when 'county' then l.county_code when 'street' then l.street_code else l.community_code end)
    select count(*) filter (where label = found)::int as agree, count(*) filter (where label <> found)::int as disagree, count(*) filter (where found is null)::int as outside,
      coalesce(json_agg(json_build_object('row', row_number, 'label', label, 'found', found) order by row_number) filter (where label <> found), '[]'::json) as rows
    from held`)
  return rows[0] ?? { agree: 0, disagree: 0, outside: 0, rows: [] }
}

export async function countLayerIncidents(tx: Queryable, layerId: number): Promise<{ rows: number; staged: number; drills: number; placeless: number }> {
  const found = await tx.query<{ rows: number; staged: number; drills: number; placeless: number }>(sql`
    select (select count(*)::int from incidents where layer_id = ${layerId}) as rows,
      count(*)::int as staged, count(*) filter (where coalesce((fields ->> 'is_drill')::boolean, false))::int as drills, count(*) filter (where geom is null)::int as placeless
    from import_stage`)
  return found[0] ?? { rows: 0, staged: 0, drills: 0, placeless: 0 }
}
