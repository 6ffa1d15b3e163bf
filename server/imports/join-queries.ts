import type { Queryable } from '../db/db.ts'
import { identifier, sql, type Sql } from '../db/sql.ts'

/** Where the key of a layer's rows stands: a column of the table, or an attribute of the source. */
export type JoinColumn = { column: string } | { attribute: string }

const valueOf = (key: JoinColumn): Sql => ('column' in key ? sql`f.${identifier(key.column)}::text` : sql`f.attributes ->> ${key.attribute}`)

/** Keys of the living rows of a layer. */
export function listJoinKeys(db: Queryable, table: string, layerId: number, key: JoinColumn): Promise<{ featureId: number; key: string | null; name: string | null }[]> {
  return db.query(sql`select f.id as "featureId", ${valueOf(key)} as key, ${valueOf(key)} as name from ${identifier(table)} f where f.layer_id = ${layerId} and f.valid_to is null order by f.id`)
}

/** Whether any living row of a layer has this attribute. */
export async function hasAttribute(db: Queryable, table: string, layerId: number, attribute: string): Promise<boolean> {
  const rows = await db.query<{ found: boolean }>(sql`select exists (select 1 from ${identifier(table)} where layer_id = ${layerId} and valid_to is null and attributes ? ${attribute}) as found`)
  return rows[0]?.found ?? false
}

/** Attributes the living rows of a layer have. */
export async function listAttributes(db: Queryable, table: string, layerId: number): Promise<string[]> {
  const rows = await db.query<{ name: string }>(sql`
    select distinct jsonb_object_keys(attributes) as name from (select attributes from ${identifier(table)} where layer_id = ${layerId} and valid_to is null limit 200) some order by name`)
  return rows.map((row) => row.name)
}

export interface AreaPopulation {
  featureId: number
  publicId: string
  population: number | null
  attributes: string
}

/** Writes population into areas whose numbers differ; what they were stays as their history. @returns how many changed. */
export async function updateAreaPopulation(tx: Queryable, rows: readonly AreaPopulation[]): Promise<number> {
  const given = sql`unnest(${rows.map((row) => row.featureId)}::bigint[], ${rows.map((row) => row.publicId)}::uuid[], ${rows.map((row) => row.population)}::int[], ${rows.map((row) => row.attributes)}::text[]) as given(feature_id, public_id, population, attributes)`
  await tx.query(sql`
    insert into administrative_areas (public_id, city_id, layer_id, source_key, content_hash, outside_city, valid_from, valid_to, version, attributes, level, code, parent_code, name, population, area_m2, geom)
    select given.public_id, a.city_id, a.layer_id, a.source_key, a.content_hash, a.outside_city, a.valid_from, now(), a.version, a.attributes, a.level, a.code, a.parent_code, a.name, a.population, a.area_m2, a.geom
    from administrative_areas a join ${given} on given.feature_id = a.id
    where a.population is distinct from given.population or not a.attributes @> given.attributes::jsonb`)
  const changed = await tx.query(sql`
    update administrative_areas a set population = given.population, attributes = a.attributes || given.attributes::jsonb, valid_from = now(), version = a.version + 1
    from ${given} where given.feature_id = a.id and (a.population is distinct from given.population or not a.attributes @> given.attributes::jsonb)
    returning a.id`)
  return changed.length
}
