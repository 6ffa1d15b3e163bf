import type { ClockRulesDefinition } from '../contract/clock-rules.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import { iso } from './queries.ts'

export interface LimitRuleRow {
  cityId: number | null
  version: number
  createdBy: string
  createdAt: string
  definition: ClockRulesDefinition
}

/** Every version of the rules that concerns a city, its own before the defaults, each with the limits of the stages that went with it; the first is in force. */
export function listLimitRules(db: Queryable, cityId: number, limit: number): Promise<LimitRuleRow[]> {
  return db.query<LimitRuleRow>(sql`
    select r.city_id as "cityId", r.version, r.created_by as "createdBy", ${iso('r.created_at')} as "createdAt",
      json_build_object('limits', (select coalesce(json_agg(json_build_object('stage', l.stage, 'limit', json_build_object('amount', l.amount::float8, 'unit', l.unit))), '[]'::json)
        from stage_limits l where l.city_id is not distinct from held.city_id and l.version = held.version),
        'blueShare', r.blue_share::float8, 'amberShare', r.amber_share::float8, 'darkRedShare', r.dark_red_share::float8, 'reworkTimer', r.rework_timer,
        'supervisesOverdue', r.supervises_overdue, 'supervisesAboutToBeOverdue', r.supervises_about_to_be_overdue, 'source', r.source, 'verified', r.verified) as definition
    from clock_rules r
    left join lateral (
      select l.city_id, l.version from stage_limits l where (l.city_id is not distinct from r.city_id and l.version <= r.version) or l.city_id is null
      order by l.city_id nulls last, l.version desc limit 1) held on true
    where r.city_id = ${cityId} or r.city_id is null
    order by r.city_id nulls last, r.version desc limit ${limit}`)
}

/** The newest version of a city's own rules and limits; 0 without any. One is written at a time. */
export async function takeLastLimitRuleVersion(tx: Queryable, cityId: number): Promise<number> {
  await tx.query(sql`select pg_advisory_xact_lock(7423190031)`)
  const rows = await tx.query<{ version: number }>(sql`
    select greatest((select coalesce(max(version), 0) from clock_rules where city_id = ${cityId}), (select coalesce(max(version), 0) from stage_limits where city_id = ${cityId})) as version`)
  return rows[0]?.version ?? 0
}

export interface NewLimitRules {
  cityId: number
  version: number
  createdBy: string
  at: string
  definition: ClockRulesDefinition
}

/** Writes rules and limits under one version. */
export async function insertLimitRules(tx: Queryable, { cityId, version, createdBy, at, definition }: NewLimitRules): Promise<void> {
  const { limits, source, verified } = definition
  await tx.query(sql`
    insert into clock_rules (city_id, version, blue_share, amber_share, dark_red_share, rework_timer, supervises_overdue, supervises_about_to_be_overdue, source, verified, created_by, created_at)
    values (${cityId}, ${version}, ${definition.blueShare}, ${definition.amberShare}, ${definition.darkRedShare}, ${definition.reworkTimer}, ${definition.supervisesOverdue}, ${definition.supervisesAboutToBeOverdue},
      ${source}, ${verified}, ${createdBy}, ${at}::timestamptz)`)
  await tx.query(sql`
    insert into stage_limits (city_id, version, stage, amount, unit, source, verified, created_by, created_at)
    select ${cityId}, ${version}, given.stage, given.amount, given.unit, ${source}, ${verified}, ${createdBy}, ${at}::timestamptz
    from unnest(${limits.map(({ stage }) => stage)}::text[], ${limits.map(({ limit }) => limit.amount)}::numeric[], ${limits.map(({ limit }) => limit.unit)}::text[]) as given (stage, amount, unit)`)
}
