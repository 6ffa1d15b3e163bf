import type { ReachRule } from '../contract/green-reach.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** The newest version of each rule, in the order in which their first versions came. */
export function listRules(db: Queryable): Promise<ReachRule[]> {
  return db.query(sql`with newest as (select distinct on (code) id as row_id, min(id) over (partition by code) as first_id from green_reach_rules order by code, version desc)
    select public_id as id, code, version, block, family, title_zh as "titleZh", title_en as "titleEn", classes, bands, rulers, demand, min_width_meters as "minWidthMeters", least_share as "leastShare", per_person as "perPerson", not_held_zh as "notHeldZh", not_held_en as "notHeldEn",
      status, standard, clause, source, confidence, verified, note, to_char(effective_from, 'YYYY-MM-DD') as "effectiveFrom"
    from green_reach_rules join newest on newest.row_id = id order by first_id`)
}

export function listHashes(db: Queryable): Promise<{ code: string; version: number; contentHash: string }[]> {
  return db.query(sql`select code, version, content_hash as "contentHash" from green_reach_rules`)
}

export async function lock(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table green_reach_rules in share row exclusive mode`)
}

export async function insert(tx: Queryable, rule: ReachRule & { contentHash: string }): Promise<void> {
  await tx.query(sql`insert into green_reach_rules (public_id, code, version, block, family, title_zh, title_en, classes, bands, rulers, demand, min_width_meters, least_share, per_person, not_held_zh, not_held_en, status, standard, clause, source, confidence, verified, note, content_hash, effective_from)
    values (${rule.id}, ${rule.code}, ${rule.version}, ${rule.block}, ${rule.family}, ${rule.titleZh}, ${rule.titleEn}, ${rule.classes}::text[], ${JSON.stringify(rule.bands)}::jsonb, ${rule.rulers}::text[], ${rule.demand ?? 'population'}, ${rule.minWidthMeters ?? null}, ${rule.leastShare},
      ${rule.perPerson && JSON.stringify(rule.perPerson)}::jsonb, ${rule.notHeldZh}, ${rule.notHeldEn}, ${rule.status}, ${rule.standard}, ${rule.clause}, ${rule.source}, ${rule.confidence}, ${rule.verified}, ${rule.note}, ${rule.contentHash}, ${rule.effectiveFrom})`)
}
