/** Statements that write the demo city: whole columns as arrays, which both engines take (the embedded one has no COPY). */
import type { Db, Queryable } from '../../server/db/db.ts'
import { identifier, join, type Sql, sql } from '../../server/db/sql.ts'
import type { DemoCity, EdgeRow, EntranceRow, FeatureRow, IncidentRow, LayerRows, NodeRow, NumberRow, OwnerRow } from './rows.ts'
import { toHexWkb } from './wkb.ts'

export interface CityState {
  cityId: number
  status: 'preparing' | 'ready'
}

export async function findCityState(db: Queryable, key: string): Promise<CityState | undefined> {
  return (await db.query<CityState>(sql`select id as "cityId", status from cities where key = ${key} and ended_at is null`))[0]
}

export async function insertDemoCity(db: Queryable, key: string, city: Pick<DemoCity, 'publicId' | 'nameZh' | 'nameEn' | 'asOf'>, seed: string, measure: { srid: number; name: string }): Promise<number> {
  const rows = await db.query<{ id: number }>(sql`insert into cities (public_id, key, name_zh, name_en, is_demo, measure_srid, measure_name, time_zone, seed, as_of, status)
    values (${city.publicId}, ${key}, ${city.nameZh}, ${city.nameEn}, true, ${measure.srid}, ${measure.name}, 'Asia/Shanghai', ${seed}, ${city.asOf.toISOString()}, 'preparing')
    returning id`)
  return rows[0]!.id
}

export async function finishCity(tx: Queryable, cityId: number, city: DemoCity): Promise<void> {
  await tx.query(sql`update cities set status = 'ready', boundary = ${toHexWkb(city.boundary)}::geometry, extent = ${toHexWkb(city.extent)}::geometry where id = ${cityId}`)
}

/** Every table with rows of a city, those that point at others first. */
const TABLES = ['permits', 'control_areas', 'parts', 'facilities', 'path_edges', 'path_nodes', 'green_entrances', 'green_spaces', 'green_lines', 'administrative_areas', 'unit_grids', 'built_up_areas', 'historic_districts', 'residential_areas', 'water_bodies', 'terrain_areas', 'leftover_plots', 'population_cells', 'buildings', 'roads'] as const

/** Takes away what an interrupted load left of a city that was never ready. */
export async function deletePreparedCity(tx: Queryable, cityId: number): Promise<void> {
  for (const table of ['incident_flow', 'case_requests', 'case_supervisions']) await tx.query(sql`delete from ${identifier(table)} where incident_id in (select id from incidents where city_id = ${cityId})`)
  for (const table of ['incidents', 'number_series', 'grid_owners', ...TABLES, 'kind_versions', 'layers']) await tx.query(sql`delete from ${identifier(table)} where city_id = ${cityId}`)
  await tx.query(sql`delete from cities where id = ${cityId} and status = 'preparing'`)
}

export async function insertLayer(tx: Queryable, cityId: number, publicId: string, layer: LayerRows, rowCount: number, source: string, asOf: Date, validFrom: string): Promise<number> {
  const rows = await tx.query<{ id: number }>(sql`insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, attribution, source_crs, data_date, row_count, quality, created_at, updated_at)
    values (${publicId}, ${cityId}, ${layer.key}, ${layer.kind}, ${layer.titleZh}, ${layer.titleEn}, ${layer.owner}, ${source}, 'CC0-1.0', null, 'EPSG:4490', ${asOf.toISOString().slice(0, 10)}, ${rowCount}, ${JSON.stringify(layer.quality)}::jsonb, ${validFrom}, ${asOf.toISOString()})
    returning id`)
  return rows[0]!.id
}

/** Answers the inner ids of the rows by their source keys. */
export async function insertFeatures(tx: Queryable, cityId: number, layerId: number, layer: LayerRows, rows: readonly FeatureRow[], validFrom: string): Promise<void> {
  const names = layer.columns.map(([name]) => identifier(name))
  const fields = layer.columns.map((_, index) => identifier(`c${index}`))
  const arrays = layer.columns.map(([, type], index): Sql => {
    const values = rows.map((row) => row.values[index] ?? null)
    return sql`${values}::${typeArray(type)}`
  })
  const comma = (list: readonly Sql[]): Sql => (list.length > 0 ? sql`, ${join(list)}` : sql``)
  await tx.query(sql`
    insert into ${identifier(layer.kind)} (public_id, city_id, layer_id, source_key, content_hash, attributes, valid_from, geom${comma(names)})
    select t.public_id, ${cityId}, ${layerId}, t.source_key, t.content_hash, t.attributes::jsonb, ${validFrom}::timestamptz, t.geom::geometry${comma(fields.map((field) => sql`t.${field}`))}
    from unnest(${rows.map((row) => row.publicId)}::uuid[], ${rows.map((row) => row.sourceKey)}::text[], ${rows.map((row) => row.contentHash)}::text[],
      ${rows.map((row) => JSON.stringify(row.attributes))}::text[], ${rows.map((row) => toHexWkb(row.geometry))}::text[]${comma(arrays)})
      as t(public_id, source_key, content_hash, attributes, geom${comma(fields)})`)
}

function typeArray(type: LayerRows['columns'][number][1]): Sql {
  const types = { text: sql`text[]`, integer: sql`integer[]`, real: sql`real[]`, 'double precision': sql`double precision[]`, boolean: sql`boolean[]`, timestamptz: sql`timestamptz[]` }
  return types[type]
}

export async function insertEntrances(tx: Queryable, cityId: number, layerId: number, rows: readonly EntranceRow[], validFrom: string): Promise<void> {
  await tx.query(sql`
    insert into green_entrances (public_id, city_id, green_space_id, method, name, valid_from, geom)
    select t.public_id, ${cityId}, g.id, 'given', t.name, ${validFrom}::timestamptz, t.geom::geometry
    from unnest(${rows.map((row) => row.publicId)}::uuid[], ${rows.map((row) => row.greenKey)}::text[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => toHexWkb(row.geometry))}::text[])
      with ordinality as t(public_id, green_key, name, geom, place)
    join green_spaces g on g.layer_id = ${layerId} and g.source_key = t.green_key and g.valid_to is null
    order by t.place`)
}

export async function insertNodes(tx: Queryable, cityId: number, layerId: number, rows: readonly NodeRow[]): Promise<void> {
  await tx.query(sql`
    insert into path_nodes (public_id, city_id, layer_id, source_key, geom)
    select t.public_id, ${cityId}, ${layerId}, t.source_key, t.geom::geometry
    from unnest(${rows.map((row) => row.publicId)}::uuid[], ${rows.map((row) => row.sourceKey)}::text[], ${rows.map((row) => toHexWkb(row.geometry))}::text[]) as t(public_id, source_key, geom)`)
}

export async function insertEdges(tx: Queryable, cityId: number, layerId: number, rows: readonly EdgeRow[], validFrom: string): Promise<void> {
  await tx.query(sql`
    insert into path_edges (public_id, city_id, layer_id, source_key, content_hash, valid_from, source_node_id, target_node_id, kind, barrier, length_meters, rise_meters, geom)
    select t.public_id, ${cityId}, ${layerId}, t.source_key, t.content_hash, ${validFrom}::timestamptz, source.id, target.id, t.kind, t.barrier, t.length_meters, t.rise_meters, t.geom::geometry
    from unnest(${rows.map((row) => row.publicId)}::uuid[], ${rows.map((row) => row.sourceKey)}::text[], ${rows.map((row) => row.contentHash)}::text[], ${rows.map((row) => row.fromKey)}::text[],
      ${rows.map((row) => row.toKey)}::text[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.barrier)}::text[], ${rows.map((row) => row.lengthMeters)}::double precision[], ${rows.map((row) => row.riseMeters)}::double precision[], ${rows.map((row) => toHexWkb(row.geometry))}::text[])
      with ordinality as t(public_id, source_key, content_hash, from_key, to_key, kind, barrier, length_meters, rise_meters, geom, place)
    join path_nodes source on source.layer_id = ${layerId} and source.source_key = t.from_key
    join path_nodes target on target.layer_id = ${layerId} and target.source_key = t.to_key
    order by t.place`)
}

const column = <K extends keyof IncidentRow>(rows: readonly IncidentRow[], key: K): IncidentRow[K][] => rows.map((row) => row[key])

/** Incidents with their flows; the part a case is about is found by its source key. */
export async function insertIncidents(tx: Queryable, cityId: number, layerId: number, partsLayerId: number | null, rows: readonly IncidentRow[]): Promise<void> {
  await tx.query(sql`
    insert into incidents (public_id, city_id, layer_id, content_hash, report_number, case_number, scheme_id, class_kind, class_code, class_name, large_code, condition_ordinal, severity, severity_from,
      state, source, source_reference, reported_by, department, holder, description, address, place_method, geom, county_code, street_code, community_code, grid_code, grid_version, part_id,
      occurred_at, reported_at, received_at, filed_at, due_at, disposed_at, ended_at, version, updated_at)
    select t.public_id, ${cityId}, ${layerId}, t.content_hash, t.report_number, t.case_number, 'GBT30428.2-2013', t.class_kind, t.class_code, t.class_name, t.large_code, t.condition_ordinal, t.severity, t.severity_from,
      t.state, t.source, t.source_reference, t.reported_by, t.department, t.holder, t.description, t.address, t.place_method, t.geom::geometry, t.county_code, t.street_code, t.community_code, t.grid_code,
      case when t.grid_code is null then null else 1 end, p.id, t.occurred_at, t.reported_at, t.reported_at, t.filed_at, t.due_at, t.disposed_at, t.ended_at, t.version, t.updated_at
    from unnest(${column(rows, 'publicId')}::uuid[], ${column(rows, 'contentHash')}::text[], ${column(rows, 'reportNumber')}::text[], ${column(rows, 'caseNumber')}::text[], ${column(rows, 'classKind')}::text[],
      ${column(rows, 'classCode')}::text[], ${column(rows, 'className')}::text[], ${column(rows, 'largeCode')}::text[], ${column(rows, 'conditionOrdinal')}::smallint[], ${column(rows, 'severity')}::smallint[],
      ${column(rows, 'severityFrom')}::text[], ${column(rows, 'state')}::text[], ${column(rows, 'source')}::text[], ${column(rows, 'sourceReference')}::text[], ${column(rows, 'reportedBy')}::text[],
      ${column(rows, 'department')}::text[], ${column(rows, 'holder')}::text[], ${column(rows, 'description')}::text[], ${column(rows, 'address')}::text[], ${column(rows, 'placeMethod')}::text[],
      ${rows.map((row) => (row.geometry ? toHexWkb(row.geometry) : null))}::text[], ${column(rows, 'countyCode')}::text[], ${column(rows, 'streetCode')}::text[], ${column(rows, 'communityCode')}::text[],
      ${column(rows, 'gridCode')}::text[], ${column(rows, 'partKey')}::text[], ${column(rows, 'occurredAt')}::timestamptz[], ${column(rows, 'reportedAt')}::timestamptz[], ${column(rows, 'filedAt')}::timestamptz[],
      ${column(rows, 'dueAt')}::timestamptz[], ${column(rows, 'disposedAt')}::timestamptz[], ${column(rows, 'endedAt')}::timestamptz[], ${rows.map((row) => row.flow.length)}::integer[], ${rows.map((row) => row.flow.at(-1)!.at)}::timestamptz[])
      with ordinality as t(public_id, content_hash, report_number, case_number, class_kind, class_code, class_name, large_code, condition_ordinal, severity, severity_from, state, source, source_reference, reported_by,
        department, holder, description, address, place_method, geom, county_code, street_code, community_code, grid_code, part_key, occurred_at, reported_at, filed_at, due_at, disposed_at, ended_at, version, updated_at, place)
    left join parts p on p.layer_id = ${partsLayerId} and p.source_key = t.part_key and p.valid_to is null
    order by t.place`)
  const flow = rows.flatMap((row) => row.flow.map((step, index) => ({ ...step, number: row.reportNumber, sequence: index + 1 })))
  await tx.query(sql`
    insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at, opinion)
    select i.id, t.sequence, t.action, t.from_state, t.to_state, t.actor, t.at, t.opinion
    from unnest(${flow.map((step) => step.number)}::text[], ${flow.map((step) => step.sequence)}::integer[], ${flow.map((step) => step.action)}::text[], ${flow.map((step) => step.from)}::text[], ${flow.map((step) => step.to)}::text[],
      ${flow.map((step) => step.actor)}::text[], ${flow.map((step) => step.at)}::timestamptz[], ${flow.map((step) => step.opinion)}::text[])
      with ordinality as t(report_number, sequence, action, from_state, to_state, actor, at, opinion, place)
    join incidents i on i.city_id = ${cityId} and i.report_number = t.report_number
    order by t.place`)
}

/** Who answers for each community, by name: the city's organisations are made later. */
export async function insertOwners(tx: Queryable, cityId: number, rows: readonly OwnerRow[], validFrom: string): Promise<void> {
  await tx.query(sql`
    insert into grid_owners (public_id, city_id, area_code, organisation, person, valid_from)
    select t.public_id, ${cityId}, t.area_code, t.organisation, t.person, ${validFrom}::timestamptz
    from unnest(${rows.map((row) => row.publicId)}::uuid[], ${rows.map((row) => row.areaCode)}::text[], ${rows.map((row) => row.organisation)}::text[], ${rows.map((row) => row.person)}::text[]) as t(public_id, area_code, organisation, person)`)
}

/** The counters of the demo's numbers, so that the next report of a day goes on from them. */
export async function insertNumbers(tx: Queryable, cityId: number, rows: readonly NumberRow[]): Promise<void> {
  await tx.query(sql`insert into number_series (city_id, series, day, last_number)
    select ${cityId}, t.series, t.day, t.last_number from unnest(${rows.map((row) => row.series)}::text[], ${rows.map((row) => row.day)}::date[], ${rows.map((row) => row.last)}::integer[]) as t(series, day, last_number)`)
}

/**
 * Fresh statistics: a planner that knows nothing of ten thousand new rows chooses badly. Those of geometry columns are left
 * out on the embedded engine, whose estimate from them fails ("invalid function selectivity").
 */
export async function analyseTables(db: Db): Promise<void> {
  const columns = await db.query<{ place: string; names: string }>(sql`select table_name as place, string_agg(quote_ident(column_name), ', ') as names
    from information_schema.columns where table_schema = 'public' and table_name = any(${[...TABLES, 'incidents', 'incident_flow']}::text[])
      and (${db.engine === 'postgres'} or udt_name <> 'geometry') group by table_name order by table_name`)
  await db.exec(columns.map(({ place, names }) => `analyze ${place} (${names});`).join('\n'))
}
