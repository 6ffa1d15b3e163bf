import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

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

/** New cases of the staged rows: numbers of the day's series, places, the first row of their flow. @returns how many. */
export async function insertIncidents(tx: Queryable, city: { cityId: number; timeZone: string }, layerId: number, actor: string): Promise<number> {
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
        reported_by, department, description, address, place_method, geom, outside_city, is_drill, occurred_at, reported_at, ended_at, content_hash, attributes)
      select n.public_id, ${city.cityId}::bigint, ${layerId}::bigint, 'SL-' || to_char(n.day, 'YYYYMMDD') || '-' || lpad((series.last_number - n.of_day + n.place_of_day)::text, greatest(5, length((series.last_number)::text)), '0'),
        n.fields ->> 'scheme_id', n.fields ->> 'class_kind', n.fields ->> 'class_code', n.fields ->> 'class_name', n.fields ->> 'large_code', (n.fields ->> 'severity')::smallint, n.fields ->> 'severity_from',
        n.fields ->> 'state', n.fields ->> 'source', n.source_key, n.fields ->> 'reported_by', n.fields ->> 'department', coalesce(n.fields ->> 'description', ''), n.fields ->> 'address',
        case when n.geom is null then 'none' else 'source' end, n.geom, n.outside_city, coalesce((n.fields ->> 'is_drill')::boolean, false),
        (n.fields ->> 'occurred_at')::timestamptz, n.reported_at, (n.fields ->> 'ended_at')::timestamptz, n.content_hash, n.attributes
      from numbered n join series on series.day = n.day
      order by n.ordinal
      returning id, state
    )
    insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor) select id, 1, 'import', null, state, ${actor} from added
    returning incident_id`)
  return rows.length
}

/**
 * Cases of the layer whose row changed take what the source says of class, place, time and words. Their state is moved only where the file has a state
 * and it differs, with a row in their flow. @returns how many.
 */
export async function updateIncidents(tx: Queryable, layerId: number, statesFromFile: boolean, actor: string): Promise<number> {
  const rows = await tx.query<{ id: number; previous: string; state: string }>(sql`
    with previous as (
      select i.id, i.state from incidents i join import_stage s on s.source_key = i.source_reference where i.layer_id = ${layerId} and i.content_hash is distinct from s.content_hash
    )
    update incidents i set scheme_id = s.fields ->> 'scheme_id', class_kind = s.fields ->> 'class_kind', class_code = s.fields ->> 'class_code', class_name = s.fields ->> 'class_name', large_code = s.fields ->> 'large_code',
      severity = (s.fields ->> 'severity')::smallint, severity_from = s.fields ->> 'severity_from', description = coalesce(s.fields ->> 'description', ''), address = s.fields ->> 'address',
      place_method = case when s.geom is null then 'none' else 'source' end, geom = s.geom, outside_city = s.outside_city, is_drill = coalesce((s.fields ->> 'is_drill')::boolean, false),
      occurred_at = (s.fields ->> 'occurred_at')::timestamptz, reported_at = (s.fields ->> 'reported_at')::timestamptz, ended_at = coalesce((s.fields ->> 'ended_at')::timestamptz, i.ended_at),
      state = case when ${statesFromFile}::boolean then s.fields ->> 'state' else i.state end, content_hash = s.content_hash, attributes = s.attributes, version = i.version + 1, updated_at = now()
    from import_stage s, previous
    where i.layer_id = ${layerId} and s.source_key = i.source_reference and previous.id = i.id
    returning i.id, previous.state as previous, i.state`)
  const moved = rows.filter((row) => row.previous !== row.state)
  await tx.query(sql`
    insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor)
    select given.id, (select max(f.sequence) + 1 from incident_flow f where f.incident_id = given.id), 'import', given.previous, given.state, ${actor}
    from unnest(${moved.map((row) => row.id)}::bigint[], ${moved.map((row) => row.previous)}::text[], ${moved.map((row) => row.state)}::text[]) as given(id, previous, state)`)
  return rows.length
}

export async function countLayerIncidents(tx: Queryable, layerId: number): Promise<{ rows: number; staged: number; drills: number; placeless: number }> {
  const found = await tx.query<{ rows: number; staged: number; drills: number; placeless: number }>(sql`
    select (select count(*)::int from incidents where layer_id = ${layerId}) as rows,
      count(*)::int as staged, count(*) filter (where coalesce((fields ->> 'is_drill')::boolean, false))::int as drills, count(*) filter (where geom is null)::int as placeless
    from import_stage`)
  return found[0] ?? { rows: 0, staged: 0, drills: 0, placeless: 0 }
}
