/** What a run reads of a city: everything in the city's measuring system, in pages of bounded size. */
import type { DatedLayer } from '../contract/coverage.ts'
import type { Queryable } from '../db/db.ts'
import { empty, identifier, sql, type Sql } from '../db/sql.ts'
import type { Plane } from './geometry-queries.ts'

const PAGE = 5000

/** A clean geometry in the measuring plane. */
function measured(srid: number): Sql {
  return sql`st_transform(case when st_isvalid(f.geom) then f.geom else st_makevalid(f.geom) end, ${srid}::int)`
}

function inLayers(layers: readonly string[]): Sql {
  return layers.length === 0 ? empty : sql`and exists (select 1 from layers l where l.id = f.layer_id and l.key = any(${layers}::text[]))`
}

/** Asks page after page, by id, until one is short. */
async function readPages<Row extends { rowId: number }>(ask: (after: number) => Promise<Row[]>, heard: () => void): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const page = await ask(rows[rows.length - 1]?.rowId ?? 0)
    rows.push(...page)
    heard()
    if (page.length < PAGE) return rows
  }
}

export interface FacilityRow {
  rowId: number
  id: string
  name: string | null
  classCode: string | null
  access: string
  /** By an edit of a scenario. */
  isTakenAway?: boolean
  countsAsActivitySite: boolean
  /** Null where nobody said: a point without a stated area. */
  areaM2: number | null
  isHistoric: boolean
  isEmpty: boolean
  wkb: Buffer
}

/** Parks and other green land with what a rule asks of them. */
export function listGreenSpaces(db: Queryable, cityId: number, srid: number, layers: readonly string[], heard: () => void): Promise<FacilityRow[]> {
  return readPages(
    (after) => db.query<FacilityRow>(sql`
      select f.id as "rowId", f.public_id as id, f.name, f.class_code as "classCode", f.access, f.counts_as_activity_site as "countsAsActivitySite",
        f.area_m2 as "areaM2", st_isempty(f.geom) as "isEmpty",
        exists (select 1 from historic_districts h where h.city_id = ${cityId} and h.valid_to is null and st_intersects(h.geom, st_centroid(f.geom))) as "isHistoric",
        st_asbinary(${measured(srid)}) as wkb
      from green_spaces f where f.city_id = ${cityId} and f.valid_to is null and f.id > ${after} ${inLayers(layers)} order by f.id limit ${PAGE}`),
    heard,
  )
}

/** Public facilities of one class. The area of a polygon is measured; of a point it is what its source states (attribute area_m2), if anything. */
export function listFacilities(db: Queryable, cityId: number, srid: number, facilityClass: string, layers: readonly string[], heard: () => void): Promise<FacilityRow[]> {
  return readPages(
    (after) => db.query<FacilityRow>(sql`
      select f.id as "rowId", f.public_id as id, f.name, f.class as "classCode", f.access, true as "countsAsActivitySite",
        case when st_dimension(m.geom) = 2 then st_area(m.geom)
          when f.attributes->>'area_m2' ~ '^[0-9]{1,12}([.][0-9]{1,9})?$' then (f.attributes->>'area_m2')::float8 end as "areaM2",
        st_isempty(f.geom) as "isEmpty",
        exists (select 1 from historic_districts h where h.city_id = ${cityId} and h.valid_to is null and st_intersects(h.geom, st_centroid(f.geom))) as "isHistoric",
        st_asbinary(m.geom) as wkb
      from facilities f cross join lateral (select ${measured(srid)} as geom) m
      where f.city_id = ${cityId} and f.valid_to is null and f.class = ${facilityClass} and f.id > ${after} ${inLayers(layers)} order by f.id limit ${PAGE}`),
    heard,
  )
}

export async function listFacilityClasses(db: Queryable, cityId: number): Promise<string[]> {
  return (await db.query<{ class: string }>(sql`select distinct class from facilities where city_id = ${cityId} and valid_to is null order by class`)).map((row) => row.class)
}

export interface PointRow {
  rowId: number
  x: number
  y: number
  people: number | null
  elders: number | null
  children: number | null
}

/** Buildings or population cells as their centroids, metres, with their people, and those of 65+ and of 0 to 14 among them (null: not known). */
export function listDemandPoints(db: Queryable, cityId: number, srid: number, kind: 'buildings' | 'population_cells', heard: () => void): Promise<PointRow[]> {
  return readPages(
    (after) => db.query<PointRow>(sql`
      select f.id as "rowId", st_x(c.point) as x, st_y(c.point) as y, f.population as people, f.elders, f.children
      from ${identifier(kind)} f cross join lateral (select st_centroid(st_transform(f.geom, ${srid}::int)) as point) c
      where f.city_id = ${cityId} and f.valid_to is null and f.id > ${after} and not st_isempty(f.geom) order by f.id limit ${PAGE}`),
    heard,
  )
}

/** Facilities of some classes that are not closed, as their centroids, metres, with their capacity (null: not known). */
export function listFacilityPoints(db: Queryable, cityId: number, srid: number, classes: readonly string[], heard: () => void): Promise<{ rowId: number; x: number; y: number; capacity: number | null }[]> {
  return readPages(
    (after) => db.query<{ rowId: number; x: number; y: number; capacity: number | null }>(sql`
      select f.id as "rowId", st_x(c.point) as x, st_y(c.point) as y, f.capacity
      from facilities f cross join lateral (select st_centroid(st_transform(f.geom, ${srid}::int)) as point) c
      where f.city_id = ${cityId} and f.valid_to is null and f.class = any(${classes}::text[]) and f.access <> 'closed' and f.id > ${after} and not st_isempty(f.geom) order by f.id limit ${PAGE}`),
    heard,
  )
}

export interface DemandSums {
  residential: number
  cells: number
  cellPeople: number
  cellElders: number
  cellChildren: number
  buildings: number
  buildingPeople: number
  buildingElders: number
  buildingChildren: number
}

/** Sums that say which of two sources of people a city has, for which groups of them, and whether it has residential land at all. */
export async function findDemand(db: Queryable, cityId: number): Promise<DemandSums> {
  const sums = sql`count(*) as rows, coalesce(sum(population), 0) as people, coalesce(sum(elders), 0) as elders, coalesce(sum(children), 0) as children`
  const [row] = await db.query<DemandSums>(sql`
    select (select count(*) from residential_areas where city_id = ${cityId} and valid_to is null) as residential,
      c.rows as cells, c.people as "cellPeople", c.elders as "cellElders", c.children as "cellChildren",
      b.rows as buildings, b.people as "buildingPeople", b.elders as "buildingElders", b.children as "buildingChildren"
    from (select ${sums} from population_cells where city_id = ${cityId} and valid_to is null) c,
      (select ${sums} from buildings where city_id = ${cityId} and valid_to is null) b`)
  return row!
}

/** Polygons of the population cells with the given row ids, metres. */
export function listCellShapes(db: Queryable, cityId: number, srid: number, rowIds: readonly number[]): Promise<{ rowId: number; wkb: Buffer; dimension: number }[]> {
  return db.query(sql`select f.id as "rowId", st_asbinary(${measured(srid)}) as wkb, st_dimension(f.geom) as dimension
    from population_cells f where f.city_id = ${cityId} and f.id = any(${rowIds}::bigint[]) order by f.id`)
}

export interface UnitRow {
  code: string
  name: string | null
  parentCode: string | null
  wkb: Buffer
}

/** Areas of one level; of a code that several layers carry the newest layer's. */
export function listAreas(db: Queryable, cityId: number, srid: number, level: 'county' | 'street' | 'community'): Promise<UnitRow[]> {
  return db.query(sql`select distinct on (f.code) f.code, f.name, f.parent_code as "parentCode", st_asbinary(${measured(srid)}) as wkb
    from administrative_areas f where f.city_id = ${cityId} and f.valid_to is null and f.level = ${level} order by f.code, f.layer_id desc`)
}

/** Unit grid cells that are in force. */
export async function listGridCells(db: Queryable, cityId: number, srid: number, heard: () => void): Promise<UnitRow[]> {
  return readPages(
    (after) => db.query<UnitRow & { rowId: number }>(sql`select f.id as "rowId", f.code, f.name, f.community_code as "parentCode", st_asbinary(${measured(srid)}) as wkb
      from unit_grids f where f.city_id = ${cityId} and f.valid_to is null and f.status = 'valid' and f.id > ${after} order by f.id limit ${PAGE}`),
    heard,
  )
}

/** The built-up area, the city's boundary and what of both limits residential land; null where not known. */
export async function findLimits(db: Queryable, cityId: number, { srid, gridMeters }: Plane, clipToCity: boolean): Promise<{ boundary: Buffer | null; clip: Buffer | null; hasBuiltUpArea: boolean }> {
  const [row] = await db.query<{ boundary: Buffer | null; clip: Buffer | null; hasBuiltUpArea: boolean }>(sql`
    with built as (select st_union(${measured(srid)}, ${gridMeters}::float8) as geom from built_up_areas f where f.city_id = ${cityId} and f.valid_to is null),
      city as (select st_transform(boundary, ${srid}::int) as geom from cities where id = ${cityId})
    select st_asbinary(city.geom) as boundary, built.geom is not null as "hasBuiltUpArea",
      st_asbinary(case when not ${clipToCity}::boolean or city.geom is null then built.geom when built.geom is null then city.geom else st_intersection(built.geom, city.geom, ${gridMeters}::float8) end) as clip
    from built, city`)
  return row!
}

export interface ParcelRow {
  rowId: number
  areaM2: number
  wkb: Buffer
}

/**
 * Residential land as single polygons, each square metre once: what an earlier parcel holds is taken out of a later one,
 * and what lies outside the built-up area is cut away. Large polygons come in pieces of at most 512 vertices.
 */
export async function listParcels(db: Queryable, cityId: number, { srid, gridMeters }: Plane, clip: Buffer | null, heard: () => void): Promise<ParcelRow[]> {
  const rows: ParcelRow[] = []
  let after = 0
  for (;;) {
    const [page] = await db.query<{ last: number | null }>(sql`select max(id) as last from (
      select id from residential_areas where city_id = ${cityId} and valid_to is null and id > ${after} order by id limit 1000) page`)
    const last = page!.last
    if (last === null) return rows
    rows.push(
      ...(await db.query<ParcelRow>(sql`
        with clip as materialized (select st_geomfromwkb(${clip}::bytea, ${srid}::int) as geom),
        page as materialized (
          select f.id, f.geom as stored, ${measured(srid)} as geom from residential_areas f
          where f.city_id = ${cityId} and f.valid_to is null and f.id > ${after} and f.id <= ${last})
        select page.id as "rowId", st_area(single.geom) as "areaM2", st_asbinary(single.geom) as wkb
        from page
        cross join clip
        left join lateral (
          select st_union(st_transform(o.geom, ${srid}::int), ${gridMeters}::float8) as geom from residential_areas o
          where o.city_id = ${cityId} and o.valid_to is null and o.geom && page.stored and o.id < page.id and st_relate(o.geom, page.stored, 'T********')) earlier on true
        cross join lateral (select case when earlier.geom is null then page.geom else st_difference(page.geom, earlier.geom, ${gridMeters}::float8) end as geom) own
        cross join lateral (select case when clip.geom is null or st_coveredby(own.geom, clip.geom) then own.geom else st_intersection(own.geom, clip.geom, ${gridMeters}::float8) end as geom) within
        cross join lateral st_dump(st_collectionextract(within.geom, 3)) whole
        cross join lateral st_subdivide(whole.geom, 512, ${gridMeters}::float8) with ordinality as bounded(geom, number)
        cross join lateral st_dump(bounded.geom) single
        where st_area(single.geom) > 0
        order by page.id, whole.path, bounded.number, single.path`)),
    )
    heard()
    after = last
  }
}

export interface InputLayerRow {
  kind: string
  layer: string
  version: number
  rows: number
}

/** The layers a run looks at, with their versions. Facility layers only those that were named, when any were. */
export function listInputLayers(db: Queryable, cityId: number, facilityKind: string, layers: readonly string[], more: readonly string[]): Promise<InputLayerRow[]> {
  return db.query(sql`select kind, key as layer, version, row_count as rows from layers
    where city_id = ${cityId} and kind = any(${[facilityKind, 'residential_areas', 'population_cells', 'buildings', 'administrative_areas', 'unit_grids', 'built_up_areas', 'historic_districts', ...more]}::text[])
      and (kind <> ${facilityKind} or cardinality(${layers}::text[]) = 0 or key = any(${layers}::text[]))
    order by kind, key`)
}

/** Layers of the given kinds, with their versions. */
export function listInputLayersOf(db: Queryable, cityId: number, kinds: readonly string[]): Promise<InputLayerRow[]> {
  return db.query(sql`select kind, key as layer, version, row_count as rows from layers where city_id = ${cityId} and kind = any(${kinds}::text[]) order by kind, key`)
}

/** Layers of the given kinds with their source, the date of their data and of their last change. */
export function listDatedLayers(db: Queryable, cityId: number, kinds: readonly string[]): Promise<DatedLayer[]> {
  return db.query(sql`select kind, key as layer, title_zh as "titleZh", title_en as "titleEn", source, to_char(data_date, 'YYYY-MM-DD') as "dataDate", to_char(updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "updatedAt"
    from layers where city_id = ${cityId} and kind = any(${kinds}::text[]) order by kind, key`)
}

/** Source and date of each input of a run, for its passport. */
export async function listInputDates(db: Queryable, cityId: number, inputs: readonly InputLayerRow[]): Promise<DatedLayer[]> {
  const read = new Set(inputs.map(({ kind, layer }) => `${kind}/${layer}`))
  return (await listDatedLayers(db, cityId, [...new Set(inputs.map(({ kind }) => kind))])).filter(({ kind, layer }) => read.has(`${kind}/${layer}`))
}

/** Keys of the city's layers of a kind. */
export async function listLayerKeys(db: Queryable, cityId: number, kind: string): Promise<string[]> {
  return (await db.query<{ key: string }>(sql`select key from layers where city_id = ${cityId} and kind = ${kind} order by key`)).map((row) => row.key)
}
