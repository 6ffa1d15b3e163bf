import type { RoutingConditions, Unit } from '../contract/dispatch.ts'
import type { IncidentSource } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

const iso = (column: Sql) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** A unit with its inner id. */
export interface UnitRow extends Unit {
  organisationId: number
}

export const UNIT_COLUMNS = sql`o.id as "organisationId", o.public_id as id, o.code, o.name_zh as "nameZh", o.name_en as "nameEn"`

/** Units that handle, those that have ended too, by code. */
export function listUnits(db: Queryable, cityId: number, codes?: readonly string[]): Promise<(UnitRow & { isGone: boolean })[]> {
  return db.query(sql`select ${UNIT_COLUMNS}, o.ended_at is not null as "isGone" from organisations o where o.city_id = ${cityId} and o.kind in ('department', 'street', 'contractor')
    ${codes ? sql`and o.code = any(${codes}::text[])` : sql``} order by o.code limit 5000`)
}

export interface NamedPerson {
  accountId: number
  id: string
  name: string
}

/** Who of these people is named, with the units in which each handles cases now; none when he is gone. */
export function listNamedPeople(db: Queryable, cityId: number, ids: readonly string[]): Promise<(NamedPerson & { organisationIds: number[] })[]> {
  return db.query(sql`select a.id as "accountId", a.public_id as id, a.name,
      coalesce((select json_agg(distinct p.organisation_id) from posts p where p.account_id = a.id and p.city_id = ${cityId} and p.ended_at is null and a.ended_at is null
        and p.organisation_id is not null and p.role in ('disposal_person', 'department_manager')), '[]'::json) as "organisationIds"
    from accounts a where a.public_id = any(${ids}::uuid[]) limit 500`)
}

export interface SetRow {
  setId: number
  version: number
  note: string
  createdBy: string
  activatedAt: string
}

/** The versions of a city's rules, newest first. */
export function listRuleSets(db: Queryable, cityId: number): Promise<SetRow[]> {
  return db.query(sql`select id as "setId", version, note, created_by as "createdBy", ${iso(sql`activated_at`)} as "activatedAt" from routing_rule_sets where city_id = ${cityId} order by version desc limit 200`)
}

export interface RuleRow {
  id: string
  ordinal: number
  title: string
  conditions: RoutingConditions
  target: UnitRow
  person: NamedPerson | null
  legalBasis: string | null
  isEnabled: boolean
  isTargetGone: boolean
  disabledReason: string | null
}

/** Whether the person a rule names does not handle cases in its unit any more. */
const personGone = sql`(r.person_id is not null and (a.ended_at is not null or not exists (select 1 from posts p where p.account_id = a.id and p.organisation_id = o.id and p.ended_at is null and p.role in ('disposal_person', 'department_manager'))))`

export function listRules(db: Queryable, setId: number): Promise<RuleRow[]> {
  return db.query(sql`select r.public_id as id, r.ordinal, r.title, r.conditions,
      json_build_object('organisationId', o.id, 'id', o.public_id, 'code', o.code, 'nameZh', o.name_zh, 'nameEn', o.name_en) as target,
      case when a.id is null then null else json_build_object('accountId', a.id, 'id', a.public_id, 'name', a.name) end as person, r.legal_basis as "legalBasis",
      r.is_enabled as "isEnabled", (o.ended_at is not null or ${personGone}) as "isTargetGone", r.disabled_reason as "disabledReason"
    from routing_rules r join organisations o on o.id = r.target_id left join accounts a on a.id = r.person_id where r.set_id = ${setId} order by r.ordinal`, PREPARED)
}

/** Takes the next version of a city's rules. @returns null when somebody else took it at the same moment. */
export async function insertRuleSet(tx: Queryable, cityId: number, set: { publicId: string; version: number; note: string; createdBy: string; at: string }): Promise<number | null> {
  const rows = await tx.query<{ id: number }>(sql`insert into routing_rule_sets (public_id, city_id, version, note, created_by, activated_at)
    values (${set.publicId}, ${cityId}, ${set.version}, ${set.note}, ${set.createdBy}, ${set.at}::timestamptz) on conflict (city_id, version) do nothing returning id`)
  return rows[0]?.id ?? null
}

export interface NewRule {
  publicId: string
  ordinal: number
  title: string
  conditions: RoutingConditions
  targetId: number
  personId: number | null
  legalBasis: string | null
  isEnabled: boolean
  disabledReason: string | null
}

export async function insertRules(tx: Queryable, setId: number, rules: readonly NewRule[]): Promise<void> {
  await tx.query(sql`insert into routing_rules (public_id, set_id, ordinal, title, conditions, target_id, person_id, legal_basis, is_enabled, disabled_reason)
    select r."publicId", ${setId}, r.ordinal, r.title, r.conditions, r."targetId", r."personId", r."legalBasis", r."isEnabled", r."disabledReason"
    from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as r("publicId" uuid, ordinal int, title text, conditions jsonb, "targetId" bigint, "personId" bigint, "legalBasis" text, "isEnabled" boolean, "disabledReason" text)`)
}

/** Switches off the rules in force whose unit, or the person named there, is gone. @returns their titles. */
export function updateOrphanedRules(tx: Queryable, setId: number): Promise<{ ordinal: number; title: string; unit: string }[]> {
  return tx.query(sql`update routing_rules t set is_enabled = false, disabled_at = now(), disabled_reason = gone.reason
    from (
      select r.id, o.name_zh as unit, case when o.ended_at is not null then '派往单位“' || o.name_zh || '”已撤销 · its unit “' || o.name_en || '” has ended'
        else '“' || a.name || '”已不在“' || o.name_zh || '”处置案件 · ' || a.name || ' does not handle cases in “' || o.name_en || '” any more' end as reason
      from routing_rules r join organisations o on o.id = r.target_id left join accounts a on a.id = r.person_id
      where r.set_id = ${setId} and r.is_enabled and (o.ended_at is not null or ${personGone})) gone
    where t.id = gone.id returning t.ordinal, t.title, gone.unit`)
}

export interface PlayedCase {
  incidentId: number
  id: string
  reportNumber: string
  caseNumber: string | null
  schemeId: string
  classKind: 'part' | 'event'
  classCode: string
  className: string
  conditionOrdinal: number | null
  /** Numbers that its filing condition has or had: one whose limit was changed is another row with the same words. */
  sameOrdinals: number[]
  countyCode: string | null
  streetCode: string | null
  communityCode: string | null
  gridCode: string | null
  areaName: string | null
  source: IncidentSource
  reportedAt: string
  department: string | null
}

const CASE_COLUMNS = sql`i.id as "incidentId", i.public_id as id, i.report_number as "reportNumber", i.case_number as "caseNumber", i.scheme_id as "schemeId", i.class_kind as "classKind",
  i.class_code as "classCode", i.class_name as "className", i.condition_ordinal as "conditionOrdinal",
  coalesce((select json_agg(named.ordinal) from filing_conditions filed join filing_conditions named on named.scheme_id = filed.scheme_id and named.kind = filed.kind and named.class_code = filed.class_code and named.condition_zh = filed.condition_zh
    where filed.scheme_id = i.scheme_id and filed.kind = i.class_kind and filed.class_code = i.class_code and filed.ordinal = i.condition_ordinal), '[]'::json) as "sameOrdinals",
  i.county_code as "countyCode", i.street_code as "streetCode", i.community_code as "communityCode",
  i.grid_code as "gridCode", i.source, ${iso(sql`i.reported_at`)} as "reportedAt", i.department,
  (select a.name from administrative_areas a where a.city_id = i.city_id and a.code = coalesce(i.community_code, i.street_code, i.county_code) and a.valid_to is null limit 1) as "areaName"`

/** Filed cases of a period, oldest first: those a rule had to find a unit for. */
export function listFiledCases(db: Queryable, cityId: number, visible: Sql, from: string, to: string, limit: number): Promise<PlayedCase[]> {
  return db.query(sql`select ${CASE_COLUMNS} from incidents i where i.city_id = ${cityId} and ${visible} and not i.is_drill and i.filed_at is not null
    and i.reported_at >= ${from}::timestamptz and i.reported_at < ${to}::timestamptz order by i.reported_at, i.id limit ${limit}`)
}

export async function findRoutedCase(db: Queryable, cityId: number, visible: Sql, id: string): Promise<PlayedCase | undefined> {
  return (await db.query<PlayedCase>(sql`select ${CASE_COLUMNS} from incidents i where i.city_id = ${cityId} and ${visible} and i.public_id = ${id}::uuid`, PREPARED))[0]
}
