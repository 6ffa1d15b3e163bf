import type { EvaluationRule, RuleContent } from '../contract/evaluation-rules.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface RuleRow extends EvaluationRule {
  /** Inner id, which publications refer to. */
  ruleId: number
}

const COLUMNS = sql`r.id as "ruleId", r.public_id as id, r.version, r.city_id is not null as "isOwn", r.content, r.source, r.verified, r.note, r.created_by as "createdBy",
  to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt"`

/** Versions a city sees, the one in force first: its own before those that come with the program. */
export function listRules(db: Queryable, cityId: number, limit: number): Promise<RuleRow[]> {
  return db.query(sql`select ${COLUMNS} from evaluation_rules r where r.city_id = ${cityId} or r.city_id is null order by r.city_id nulls last, r.version desc limit ${limit}`)
}

export async function findRule(db: Queryable, ruleId: number): Promise<RuleRow | undefined> {
  return (await db.query<RuleRow>(sql`select ${COLUMNS} from evaluation_rules r where r.id = ${ruleId}`))[0]
}

export async function findNewestCommonRule(db: Queryable): Promise<{ version: number; contentHash: string } | undefined> {
  return (await db.query<{ version: number; contentHash: string }>(sql`select version, content_hash as "contentHash" from evaluation_rules where city_id is null order by version desc limit 1`))[0]
}

/** Keeps two editors apart: the second waits for the first's commit. */
export async function lockRules(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table evaluation_rules in share row exclusive mode`)
}

export interface NewRuleRow {
  id: string
  cityId: number | null
  version: number
  content: RuleContent
  source: string
  verified: boolean
  note: string | null
  contentHash: string
  createdById: number | null
  createdBy: string
  createdAt: string
}

export async function insertRule(tx: Queryable, rule: NewRuleRow): Promise<void> {
  await tx.query(sql`insert into evaluation_rules (public_id, city_id, version, content, source, verified, note, content_hash, created_by_id, created_by, created_at)
    values (${rule.id}, ${rule.cityId}, ${rule.version}, ${JSON.stringify(rule.content)}::jsonb, ${rule.source}, ${rule.verified}, ${rule.note}, ${rule.contentHash}, ${rule.createdById}, ${rule.createdBy}, ${rule.createdAt}::timestamptz)`)
}
