import type { ServiceRule } from '../contract/coverage.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

const COLUMNS = sql`public_id as id, code, version, facility, title_zh as "titleZh", title_en as "titleEn", demand, bands, target, standard, clause, verified, note, city_id is not null as "isOwn"`

/** The newest version of each rule that a city sees; its own before the common one of the same code. */
export function listNewestRules(db: Queryable, cityId: number): Promise<ServiceRule[]> {
  return db.query(sql`with newest as (
      select distinct on (code) id as row_id from service_rules where city_id is null or city_id = ${cityId} order by code, city_id nulls last, version desc)
    select ${COLUMNS} from service_rules join newest on newest.row_id = id
    order by city_id is not null, facility <> 'green', facility, id`)
}

export async function findNewestRule(db: Queryable, where: { cityId: number | null; code: string }): Promise<ServiceRule | undefined> {
  return (await db.query<ServiceRule>(sql`select ${COLUMNS} from service_rules where city_id is not distinct from ${where.cityId}::bigint and code = ${where.code} order by version desc limit 1`))[0]
}

export function listCommonRuleHashes(db: Queryable): Promise<{ code: string; version: number; contentHash: string | null }[]> {
  return db.query(sql`select code, version, content_hash as "contentHash" from service_rules where city_id is null`)
}

export interface NewRule extends Omit<ServiceRule, 'isOwn'> {
  source: string | null
  confidence: string | null
  contentHash: string | null
  effectiveFrom: string | null
}

export async function insertRule(db: Queryable, cityId: number | null, rule: NewRule): Promise<void> {
  await db.query(sql`insert into service_rules (public_id, city_id, code, version, facility, title_zh, title_en, demand, bands, target, standard, clause, verified, note, effective_from, source, confidence, content_hash)
    values (${rule.id}, ${cityId}, ${rule.code}, ${rule.version}, ${rule.facility}, ${rule.titleZh}, ${rule.titleEn}, ${rule.demand}, ${JSON.stringify(rule.bands)}::jsonb, ${rule.target},
      ${rule.standard}, ${rule.clause}, ${rule.verified}, ${rule.note}, ${rule.effectiveFrom}, ${rule.source}, ${rule.confidence}, ${rule.contentHash})`)
}
