import type { SupplyRule } from '../contract/planning-supply.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** The newest version of each rule, in the order in which they came. */
export function listRules(db: Queryable): Promise<SupplyRule[]> {
  return db.query(sql`with newest as (select distinct on (code) id as row_id from supply_rules order by code, version desc)
    select public_id as id, code, version, facility, supply_by as "supplyBy", standard, catchment_meters as "catchmentMeters", zones, title_zh as "titleZh", title_en as "titleEn", source, clause,
      zone_source as "zoneSource", confidence, verified, note
    from supply_rules join newest on newest.row_id = id order by id`)
}

export function listRuleHashes(db: Queryable): Promise<{ code: string; version: number; contentHash: string }[]> {
  return db.query(sql`select code, version, content_hash as "contentHash" from supply_rules`)
}

export async function lockRules(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table supply_rules in share row exclusive mode`)
}

export async function insertRule(tx: Queryable, rule: SupplyRule & { contentHash: string; effectiveFrom: string | null }): Promise<void> {
  await tx.query(sql`insert into supply_rules (public_id, code, version, facility, supply_by, standard, catchment_meters, zones, title_zh, title_en, source, clause, zone_source, confidence, verified, note, content_hash, effective_from)
    values (${rule.id}, ${rule.code}, ${rule.version}, ${rule.facility}, ${rule.supplyBy}, ${rule.standard}, ${rule.catchmentMeters}, ${JSON.stringify(rule.zones)}::jsonb, ${rule.titleZh}, ${rule.titleEn}, ${rule.source},
      ${rule.clause}, ${rule.zoneSource}, ${rule.confidence}, ${rule.verified}, ${rule.note}, ${rule.contentHash}, ${rule.effectiveFrom})`)
}
