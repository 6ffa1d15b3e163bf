import type { BoundingBox, Position } from '../contract/geojson.ts'
import type { FeatureKind } from '../contract/layers.ts'
import type { Queryable, QueryOptions } from '../db/db.ts'
import { empty, identifier, join, sql, type Sql } from '../db/sql.ts'
import { KINDS } from './kinds.ts'
import { literally } from './queries.ts'

/** Kinds that are searched, the likelier to be meant first. */
export const SEARCHED = [
  'administrative_areas', 'roads', 'green_spaces', 'residential_areas', 'facilities', 'water_bodies', 'historic_districts', 'terrain_areas', 'buildings', 'unit_grids', 'leftover_plots', 'parts', 'incidents',
] as const satisfies readonly FeatureKind[]

export interface FoundFeature {
  kind: (typeof SEARCHED)[number]
  id: string
  title: string
  code: string | null
  class: string | null
  scheme: string | null
  address: string | null
  /** 0 the whole name or code, 1 its beginning, 2 somewhere in it. */
  rank: number
  center: Position | null
  boundingBox: BoundingBox | null
}

/** Words may stand anywhere in a name; codes and numbers are known by their beginning, for which there is an index. */
interface Matching {
  text: string
  pattern: { anywhere: string; begins: string }
  looksLikeCode: boolean
}

const lowered = (column: Sql) => sql`lower(${column})`

function rankOf(matching: Matching, columns: Sql[]): Sql {
  const whole = join(columns.map((column) => sql`${lowered(column)} = ${matching.text}`), ' or ')
  const begins = join(columns.map((column) => sql`${lowered(column)} like ${matching.pattern.begins}`), ' or ')
  return sql`case when ${whole} then 0 when ${begins} then 1 else 2 end`
}

/** Best rows of one kind; ways of one name are one hit, as wide as all of them. */
function searchKind(cityId: number, kind: (typeof SEARCHED)[number], order: number, visible: Sql | undefined, matching: Matching, limit: number): Sql | undefined {
  const { table, code, name, class: class_, hasVersions } = KINDS[kind]
  const nameColumns = [...(name ? [name] : []), ...(kind === 'roads' ? ['name_en'] : []), ...(kind === 'incidents' || kind === 'facilities' ? ['address'] : [])].map((column) => sql`f.${identifier(column)}`)
  const codeColumns = [...(code ? [code] : []), ...(kind === 'incidents' ? ['case_number'] : [])].map((column) => sql`f.${identifier(column)}`)
  // The class of an incident stands in its name column; ten thousand cases of a class are a filter's work, not a search's.
  const words = kind === 'incidents' ? nameColumns.slice(1) : nameColumns
  const matches = [
    ...words.map((column) => sql`${lowered(column)} like ${matching.pattern.anywhere}`),
    // Codes are written in capitals where they have letters at all.
    ...(matching.looksLikeCode ? codeColumns.map((column) => sql`${column} like ${matching.pattern.begins.toUpperCase()}`) : []),
  ]
  if (matches.length === 0) return undefined
  const isWay = kind === 'roads' || kind === 'water_bodies'
  const title = name ? sql`f.${identifier(name)}` : sql`f.${identifier(code ?? 'source_key')}`
  const conditions = sql`f.city_id = ${cityId} ${hasVersions ? sql`and f.valid_to is null` : empty} ${kind === 'incidents' && visible ? sql`and exists (select 1 from incidents i where i.id = f.id and ${visible})` : empty} and (${join(matches, ' or ')})`
  const ranked = sql`${rankOf(matching, [...words, ...(matching.looksLikeCode ? codeColumns : [])])}`
  const columns = sql`f.public_id as id, coalesce(${title}, ${code ? sql`f.${identifier(code)}` : sql`null`}, '') as title, ${code ? sql`f.${identifier(code)}` : sql`null`} as code,
    ${class_ ? sql`f.${identifier(class_.column)}::text` : sql`null`} as class, ${kind === 'parts' ? sql`f.scheme_id` : sql`null`} as scheme,
    ${kind === 'incidents' || kind === 'facilities' ? sql`f.address` : sql`null`} as address, ${ranked} as rank, f.geom, f.id as number`
  const rows = sql`select ${columns} from ${identifier(table)} f where ${conditions}`
  const grouped = isWay
    ? sql`select min(id::text)::uuid as id, title, null as code, min(class) as class, null as scheme, null as address, min(rank) as rank, st_setsrid(st_extent(geom)::geometry, 4490) as geom, min(number) as number from (${rows}) ways group by title`
    : rows
  return sql`(select ${kind}::text as kind, ${order}::integer as kind_order, best.* from (${grouped}) best order by rank, length(title), title, number desc limit ${limit}::integer)`
}

/**
 * The best rows of every searched kind, the best of all first, in one statement.
 * @param visible which cases the caller may see, over `incidents i`; undefined: all.
 */
export function searchFeatures(db: Queryable, cityId: number, visible: Sql | undefined, given: string, limit: number, options?: QueryOptions): Promise<FoundFeature[]> {
  const text = given.toLowerCase()
  const escaped = literally(text)
  const matching: Matching = { text, pattern: { anywhere: `%${escaped}%`, begins: `${escaped}%` }, looksLikeCode: /^[0-9a-z][0-9a-z-]*$/.test(text) }
  const kinds = SEARCHED.flatMap((kind, order) => searchKind(cityId, kind, order, visible, matching, limit) ?? [])
  return db.query<FoundFeature>(sql`
    select kind, id, title, code, class, scheme, address, rank,
      case when geom is null then null else json_build_array(round(st_x(p.point)::numeric, 7), round(st_y(p.point)::numeric, 7)) end as center,
      case when geom is null then null else json_build_array(st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom)) end as "boundingBox"
    from (select * from (${join(kinds, ' union all ')}) hits order by rank, kind_order, length(title), title, number desc limit ${limit}::integer) hits
    cross join lateral (select st_pointonsurface(geom) as point) p
    order by rank, kind_order, length(title), title, number desc`, options)
}
