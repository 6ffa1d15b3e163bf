import type { BoundingBox } from '../contract/geojson.ts'
import type { CatalogueLayer, FeatureKind } from '../contract/layers.ts'
import type { Queryable, QueryOptions } from '../db/db.ts'
import { empty, identifier, join, sql, type Sql } from '../db/sql.ts'
import { KINDS } from './kinds.ts'

/** Every layer of the catalogue with its rows counted, those outside the city apart. */
export function listCatalogue(db: Queryable, cityId: number): Promise<CatalogueLayer[]> {
  const counts = Object.values(KINDS).map(
    ({ table, hasVersions }) => sql`select layer_id, count(*)::integer as row_count, (count(*) filter (where outside_city))::integer as outside_count
      from ${identifier(table)} where city_id = ${cityId} ${hasVersions ? sql`and valid_to is null` : empty} group by layer_id`,
  )
  return db.query<CatalogueLayer>(sql`
    select l.public_id as id, l.key, l.kind, l.title_zh as "titleZh", l.title_en as "titleEn", l.owner, l.source, l.licence, l.attribution, l.source_crs as "sourceCrs",
      l.data_date as "dataDate", coalesce(c.row_count, 0) as "rowCount", coalesce(c.outside_count, 0) as "outsideCount", l.quality, l.version,
      to_char(l.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "updatedAt"
    from layers l
    left join (select layer_id, sum(row_count)::integer as row_count, sum(outside_count)::integer as outside_count from (${join(counts, ' union all ')}) counted group by layer_id) c on c.layer_id = l.id
    where l.city_id = ${cityId}
    order by l.title_zh, l.key`)
}

/** A row of any kind: its columns by name, its shape apart. */
export interface StoredFeature {
  rowId: number
  columns: Record<string, unknown>
  layerId: number | null
  sourceKey: string | null
  layer: { key: string; titleZh: string; titleEn: string; owner: string; source: string; dataDate: string | null } | null
  boundingBox: BoundingBox | null
  geometry: { type: string; coordinates: unknown[] } | null
}

export async function findFeature(db: Queryable, cityId: number, kind: FeatureKind, id: string): Promise<StoredFeature | undefined> {
  const { table, hasVersions } = KINDS[kind]
  const counted = kind === 'green_spaces' ? sql`|| jsonb_build_object('entrances', (select count(*) from green_entrances e where e.green_space_id = f.id and e.valid_to is null))` : empty
  const rows = await db.query<StoredFeature>(sql`
    select f.id as "rowId", (to_jsonb(f) - 'geom') ${counted} as columns, f.layer_id as "layerId", ${hasVersions ? sql`f.source_key` : sql`null`} as "sourceKey",
      case when l.id is null then null else json_build_object('key', l.key, 'titleZh', l.title_zh, 'titleEn', l.title_en, 'owner', l.owner, 'source', l.source, 'dataDate', l.data_date) end as layer,
      case when f.geom is null then null else json_build_array(st_xmin(f.geom), st_ymin(f.geom), st_xmax(f.geom), st_ymax(f.geom)) end as "boundingBox",
      st_asgeojson(f.geom, 7)::json as geometry
    from ${identifier(table)} f left join layers l on l.id = f.layer_id
    where f.city_id = ${cityId} and f.public_id = ${id}`)
  return rows[0]
}

export interface StoredVersion {
  columns: Record<string, unknown>
  shapeHash: string | null
}

/** All versions of a feature of one source key, oldest first; the last hundred. */
export function listVersions(db: Queryable, kind: FeatureKind, layerId: number, sourceKey: string): Promise<StoredVersion[]> {
  return db.query<StoredVersion>(sql`select * from (
    select to_jsonb(f) - 'geom' as columns, md5(st_asbinary(f.geom)) as "shapeHash", f.valid_from, f.id
    from ${identifier(KINDS[kind].table)} f where f.layer_id = ${layerId} and f.source_key = ${sourceKey} order by f.valid_from desc, f.id desc limit 100) latest
    order by valid_from, id`)
}

/** Names of administrative areas by code. */
export function listAreaNames(db: Queryable, cityId: number, codes: readonly string[]): Promise<{ code: string; name: string }[]> {
  return db.query(sql`select code, name from administrative_areas where city_id = ${cityId} and valid_to is null and code = any(${codes}::text[])`)
}

/** Words of classes of parts and events, by scheme and code. */
export function listCaseClassNames(db: Queryable, classes: readonly { scheme: string; kind: string; code: string }[]): Promise<{ scheme: string; kind: string; code: string; zh: string; en: string }[]> {
  return db.query(sql`select c.scheme_id as scheme, c.kind, c.code, c.name_zh as zh, c.name_en as en
    from case_classes c join (select distinct * from unnest(${classes.map(({ scheme }) => scheme)}::text[], ${classes.map(({ kind }) => kind)}::text[], ${classes.map(({ code }) => code)}::text[]) as w (scheme, kind, code)) w
      on w.scheme = c.scheme_id and w.kind = c.kind and w.code = c.code`)
}

/** Text for `like` in which nothing is a pattern, folded to lower case. */
export function literally(text: string): string {
  return text.toLowerCase().replaceAll(/[\\%_]/g, (character) => `\\${character}`)
}

export interface FeatureFilter {
  boundingBox?: BoundingBox | undefined
  text?: string | undefined
  layer?: string | undefined
  /** For cases: which the caller may see, over `incidents i`. */
  visible?: Sql | undefined
}

function featureFilter(cityId: number, kind: FeatureKind, filter: FeatureFilter): Sql {
  const { code, name, hasVersions } = KINDS[kind]
  const conditions = [sql`f.city_id = ${cityId}`]
  if (hasVersions) conditions.push(sql`f.valid_to is null`)
  if (filter.visible) conditions.push(sql`f.id in (select i.id from incidents i where i.city_id = ${cityId} and ${filter.visible})`)
  if (filter.boundingBox) {
    const [west, south, east, north] = filter.boundingBox
    const box = sql`st_makeenvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4490)`
    conditions.push(sql`f.geom && ${box} and st_intersects(f.geom, ${box})`)
  }
  if (filter.text) {
    const found = [code, name].filter((column) => column !== null).map((column) => sql`lower(f.${identifier(column)}) like ${`%${literally(filter.text ?? '')}%`}`)
    conditions.push(found.length > 0 ? sql`(${join(found, ' or ')})` : sql`false`)
  }
  if (filter.layer) conditions.push(sql`f.layer_id = (select l.id from layers l where l.city_id = ${cityId} and l.key = ${filter.layer})`)
  return join(conditions, ' and ')
}

export interface ListedFeature {
  rowId: number
  id: string
  code: string | null
  name: string | null
  class: string | null
  scheme: string | null
  areaM2: number | null
  center: [number, number] | null
}

/** A page of features in the order of their numbers, from the one after `after` on. */
export function listFeaturePage(db: Queryable, cityId: number, kind: FeatureKind, filter: FeatureFilter, after: number, limit: number): Promise<ListedFeature[]> {
  const { table, code, name, class: class_, hasArea } = KINDS[kind]
  const column = (given: string | null | undefined) => (given ? sql`f.${identifier(given)}` : sql`null`)
  return db.query<ListedFeature>(sql`
    select f.id as "rowId", f.public_id as id, ${column(code)} as code, ${column(name)} as name, ${column(class_?.column)}::text as class, ${class_?.dictionary === 'case_class' ? sql`f.scheme_id` : sql`null`} as scheme,
      ${hasArea ? sql`round(f.area_m2::numeric, 1)::float8` : sql`null::float8`} as "areaM2",
      case when f.geom is null then null else json_build_array(round(st_x(p.point)::numeric, 7), round(st_y(p.point)::numeric, 7)) end as center
    from (select * from ${identifier(table)} f where ${featureFilter(cityId, kind, filter)} and f.id > ${after} order by f.id limit ${limit}::integer) f
    cross join lateral (select st_pointonsurface(f.geom) as point) p
    order by f.id`)
}

export async function countFeatures(db: Queryable, cityId: number, kind: FeatureKind, filter: FeatureFilter, options?: QueryOptions): Promise<number> {
  const rows = await db.query<{ total: number }>(sql`select count(*)::integer as total from ${identifier(KINDS[kind].table)} f where ${featureFilter(cityId, kind, filter)}`, options)
  return rows[0]?.total ?? 0
}
