import type { SpacingRule } from '../contract/spacing.ts'
import type { Queryable } from '../db/db.ts'
import { sql, type Sql } from '../db/sql.ts'

const PAGE = 2000

/** The newest version of each rule, in the order in which their first versions came. */
export function listSpacingRules(db: Queryable): Promise<SpacingRule[]> {
  return db.query(sql`with newest as (select distinct on (code) id as row_id, min(id) over (partition by code) as first_id from spacing_rules order by code, version desc)
    select public_id as id, code, version, title_zh as "titleZh", title_en as "titleEn", facility_classes as "facilityClasses", part_classes as "partClasses", road_classes as "roadClasses", median_classes as "medianClasses",
      limit_meters as "limitMeters", within_meters as "withinMeters", frontage, standard, clause, source, confidence, verified, note, to_char(effective_from, 'YYYY-MM-DD') as "effectiveFrom"
    from spacing_rules join newest on newest.row_id = id order by first_id`)
}

export function listHashes(db: Queryable): Promise<{ code: string; version: number; contentHash: string }[]> {
  return db.query(sql`select code, version, content_hash as "contentHash" from spacing_rules`)
}

export async function lock(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table spacing_rules in share row exclusive mode`)
}

export async function insert(tx: Queryable, rule: SpacingRule & { contentHash: string }): Promise<void> {
  await tx.query(sql`insert into spacing_rules (public_id, code, version, title_zh, title_en, facility_classes, part_classes, road_classes, median_classes, limit_meters, within_meters, frontage, standard, clause, source, confidence, verified, note, content_hash, effective_from)
    values (${rule.id}, ${rule.code}, ${rule.version}, ${rule.titleZh}, ${rule.titleEn}, ${rule.facilityClasses}::text[], ${rule.partClasses}::text[], ${rule.roadClasses}::text[], ${rule.medianClasses}::text[], ${rule.limitMeters}, ${rule.withinMeters}, ${rule.frontage ? JSON.stringify(rule.frontage) : null}::jsonb,
      ${rule.standard}, ${rule.clause}, ${rule.source}, ${rule.confidence}, ${rule.verified}, ${rule.note}, ${rule.contentHash}, ${rule.effectiveFrom})`)
}

export interface RoadPieceRow {
  rowId: number
  name: string | null
  class: string
  /** Whether the road states a median of its own. */
  hasMedian: boolean
  /** Lines of the measuring plane. */
  lines: [number, number][][]
}

/** A road in the measuring plane: the whole of it, or what of it lies along some buildings. */
function courseOf(cityId: number, srid: number, frontage: SpacingRule['frontage']): Sql {
  if (!frontage) return sql`st_transform(f.geom, ${srid}::int)`
  const { buildingClasses, withinMeters } = frontage
  return sql`st_multi(st_collectionextract(st_intersection(st_transform(f.geom, ${srid}::int), (
    select st_union(st_buffer(st_transform(b.geom, ${srid}::int), ${withinMeters}::float8, 32)) from buildings b
    where b.city_id = ${cityId} and b.valid_to is null and b.class = any(${buildingClasses}::text[])
      and b.geom && st_transform(st_expand(st_envelope(st_transform(f.geom, ${srid}::int)), ${withinMeters}::float8), 4490))), 2))`
}

export async function hasBuildings(db: Queryable, cityId: number, classes: readonly string[]): Promise<boolean> {
  return (await db.query<{ found: boolean }>(sql`select exists (select 1 from buildings where city_id = ${cityId} and valid_to is null and class = any(${classes}::text[])) as found`))[0]!.found
}

/** Roads of some classes that meet a clip (metres; null: everywhere), as lines of the measuring plane: of a named one every piece, however it was cut. With a frontage only the stretches along its buildings. */
export async function listRoadPieces(db: Queryable, cityId: number, srid: number, { roadClasses: classes, frontage }: Pick<SpacingRule, 'roadClasses' | 'frontage'>, clip: Buffer | null, heard: () => void): Promise<RoadPieceRow[]> {
  const rows: RoadPieceRow[] = []
  for (;;) {
    const page = await db.query<RoadPieceRow>(sql`
      with clip as materialized (select st_transform(st_geomfromwkb(${clip}::bytea, ${srid}::int), 4490) as geom),
      meeting as materialized (select f.id, f.name from roads f cross join clip where f.city_id = ${cityId} and f.valid_to is null and f.class = any(${classes}::text[]) and (clip.geom is null or st_intersects(f.geom, clip.geom)))
      select f.id as "rowId", f.name, f.class, coalesce(lower(f.attributes->>'median') in ('yes', 'true', '1'), false) as "hasMedian", coalesce((st_asgeojson(${courseOf(cityId, srid, frontage)}, 4)::jsonb)->'coordinates', '[]'::jsonb) as lines
      from roads f
      where f.city_id = ${cityId} and f.valid_to is null and f.class = any(${classes}::text[]) and f.id > ${rows.at(-1)?.rowId ?? 0}
        and (f.id in (select id from meeting) or f.name in (select name from meeting where name is not null)) order by f.id limit ${PAGE}`)
    rows.push(...page)
    heard()
    if (page.length < PAGE) return rows
  }
}

export interface BesideRow {
  id: string
  name: string | null
  x: number
  y: number
}

/** Facilities and parts of some classes that are there and not closed, as points of the measuring plane. */
export function listStanding(db: Queryable, cityId: number, srid: number, facilityClasses: readonly string[], partClasses: readonly string[]): Promise<BesideRow[]> {
  return db.query(sql`
    select id, name, st_x(point) as x, st_y(point) as y from (
      select public_id as id, name, st_centroid(st_transform(geom, ${srid}::int)) as point from facilities
        where city_id = ${cityId} and valid_to is null and class = any(${facilityClasses}::text[]) and access <> 'closed' and not st_isempty(geom)
      union all
      select public_id, coalesce(name, code), st_centroid(st_transform(geom, ${srid}::int)) from parts
        where city_id = ${cityId} and valid_to is null and class_code = any(${partClasses}::text[]) and state not in ('lost', 'abandoned') and not st_isempty(geom)) standing
    order by id`)
}

/** Lines of the measuring plane in degrees, longitude and latitude in turn. @param lines x, y interleaved */
export async function transformLines(db: Queryable, srid: number, lines: readonly (readonly number[])[]): Promise<number[][]> {
  const texts = lines.map((line) => `LINESTRING(${Array.from({ length: line.length / 2 }, (_value, index) => `${line[index * 2]} ${line[index * 2 + 1]}`).join(',')})`)
  const rows = await db.query<{ coordinates: [number, number][] }>(sql`
    select (st_asgeojson(st_transform(st_geomfromtext(t.line, ${srid}::int), 4490), 6)::jsonb)->'coordinates' as coordinates from unnest(${texts}::text[]) with ordinality as t(line, number) order by t.number`)
  return rows.map(({ coordinates }) => coordinates.flat())
}
