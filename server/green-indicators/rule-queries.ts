import type { GreenIndicatorRule } from '../contract/green-indicators.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** The newest version of each threshold, in the order in which they came. */
export function listRules(db: Queryable): Promise<GreenIndicatorRule[]> {
  return db.query(sql`with newest as (select distinct on (code) id as row_id from green_indicator_rules order by code, version desc)
    select public_id as id, indicator, code, version, comparison, threshold, title_zh as "titleZh", title_en as "titleEn", standard, clause, source, confidence, verified, note, to_char(effective_from, 'YYYY-MM-DD') as "effectiveFrom"
    from green_indicator_rules join newest on newest.row_id = id order by id`)
}

export function listRuleHashes(db: Queryable): Promise<{ code: string; version: number; contentHash: string }[]> {
  return db.query(sql`select code, version, content_hash as "contentHash" from green_indicator_rules`)
}

export async function lockRules(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table green_indicator_rules in share row exclusive mode`)
}

export async function insertRule(tx: Queryable, rule: GreenIndicatorRule & { contentHash: string }): Promise<void> {
  await tx.query(sql`insert into green_indicator_rules (public_id, indicator, code, version, comparison, threshold, title_zh, title_en, standard, clause, source, confidence, verified, note, content_hash, effective_from)
    values (${rule.id}, ${rule.indicator}, ${rule.code}, ${rule.version}, ${rule.comparison}, ${rule.threshold}, ${rule.titleZh}, ${rule.titleEn}, ${rule.standard}, ${rule.clause}, ${rule.source},
      ${rule.confidence}, ${rule.verified}, ${rule.note}, ${rule.contentHash}, ${rule.effectiveFrom})`)
}
