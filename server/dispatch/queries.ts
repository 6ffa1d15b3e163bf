import type { Responsibility, RoutingConditions, Unit } from '../contract/dispatch.ts'
import type { IncidentSource } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { join, type Sql, sql } from '../db/sql.ts'

const iso = (column: Sql) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const unitOf = (alias: Sql) => sql`json_build_object('id', ${alias}.public_id, 'code', ${alias}.code, 'nameZh', ${alias}.name_zh, 'nameEn', ${alias}.name_en)`

/** A unit with its inner id. */
export interface UnitRow extends Unit {
  organisationId: number
}

const UNIT_COLUMNS = sql`o.id as "organisationId", o.public_id as id, o.code, o.name_zh as "nameZh", o.name_en as "nameEn"`

/** Units that handle and still exist, by code. */
export function listUnits(db: Queryable, cityId: number, codes?: readonly string[]): Promise<UnitRow[]> {
  return db.query<UnitRow>(sql`select ${UNIT_COLUMNS} from organisations o where o.city_id = ${cityId} and o.ended_at is null and o.kind in ('department', 'street', 'contractor')
    ${codes ? sql`and o.code = any(${codes}::text[])` : sql``} order by o.code limit 5000`)
}

export interface ResponsibilityFilter {
  classKind?: string | undefined
  classCode?: string | undefined
  unit?: string | undefined
}

function responsibilityWhere(cityId: number, filter: ResponsibilityFilter): Sql {
  const conditions = [sql`r.city_id = ${cityId}`, sql`r.ended_at is null`]
  if (filter.classKind) conditions.push(sql`r.class_kind = ${filter.classKind}`)
  if (filter.classCode) conditions.push(sql`(r.class_code = ${filter.classCode} or r.class_code = left(${filter.classCode}, 2))`)
  if (filter.unit) conditions.push(sql`u.code = ${filter.unit}`)
  return join(conditions, ' and ')
}

export function listResponsibilityRows(db: Queryable, cityId: number, filter: ResponsibilityFilter, limit: number): Promise<Responsibility[]> {
  return db.query(sql`
    select r.public_id as id, r.scheme_id as "schemeId", r.class_kind as "classKind", r.class_code as "classCode",
      coalesce(c.name_zh, l.name_zh) as "className", r.condition_ordinal as "conditionOrdinal", r.area_code as "areaCode",
      (select a.name from administrative_areas a where a.city_id = r.city_id and a.code = r.area_code and a.valid_to is null limit 1) as "areaName",
      ${unitOf(sql`u`)} as unit, case when k.id is null then null else ${unitOf(sql`k`)} end as competent,
      r.priority, r.legal_basis as "legalBasis", r.clause, r.requirement, r.source, r.verified
    from responsibilities r join organisations u on u.id = r.unit_id left join organisations k on k.id = r.competent_id
    left join case_classes c on c.scheme_id = r.scheme_id and c.kind = r.class_kind and c.code = r.class_code
    left join case_large_classes l on l.scheme_id = r.scheme_id and l.kind = r.class_kind and l.code = r.class_code
    where ${responsibilityWhere(cityId, filter)} order by r.class_kind, r.class_code, r.condition_ordinal nulls first, r.area_code nulls first, r.priority, r.id limit ${limit}`)
}

export async function countResponsibilities(db: Queryable, cityId: number, filter: ResponsibilityFilter): Promise<number> {
  return (await db.query<{ count: number }>(sql`select count(*)::int as count from responsibilities r join organisations u on u.id = r.unit_id where ${responsibilityWhere(cityId, filter)}`))[0]?.count ?? 0
}

export interface NewResponsibility {
  publicId: string
  schemeId: string
  classKind: string
  classCode: string
  conditionOrdinal: number | null
  areaCode: string | null
  unitId: number
  competentId: number | null
  priority: number
  legalBasis: string | null
  clause: string | null
  requirement: string | null
  source: string
}

export async function insertResponsibilities(tx: Queryable, cityId: number, rows: readonly NewResponsibility[]): Promise<void> {
  await tx.query(sql`insert into responsibilities (public_id, city_id, scheme_id, class_kind, class_code, condition_ordinal, area_code, unit_id, competent_id, priority, legal_basis, clause, requirement, source)
    select r."publicId", ${cityId}, r."schemeId", r."classKind", r."classCode", r."conditionOrdinal", r."areaCode", r."unitId", r."competentId", r.priority, r."legalBasis", r.clause, r.requirement, r.source
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("publicId" uuid, "schemeId" text, "classKind" text, "classCode" text, "conditionOrdinal" smallint, "areaCode" text, "unitId" bigint, "competentId" bigint, priority smallint, "legalBasis" text, clause text, requirement text, source text)`)
}

export async function updateResponsibilityEnded(tx: Queryable, cityId: number, id: string): Promise<boolean> {
  return (await tx.query(sql`update responsibilities set ended_at = now() where city_id = ${cityId} and public_id = ${id}::uuid and ended_at is null returning 1`)).length > 0
}

/** Class codes of a scheme, large ones included. */
export async function listKnownClasses(db: Queryable, schemeIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ key: string }>(sql`
    select scheme_id || ' ' || kind || ' ' || code as key from case_classes where scheme_id = any(${schemeIds}::text[]) and ended_at is null
    union select scheme_id || ' ' || kind || ' ' || code from case_large_classes where scheme_id = any(${schemeIds}::text[])`)
  return new Set(rows.map((row) => row.key))
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
  isEnabled: boolean
  disabledReason: string | null
}

export function listRules(db: Queryable, setId: number): Promise<RuleRow[]> {
  return db.query(sql`select r.public_id as id, r.ordinal, r.title, r.conditions,
      json_build_object('organisationId', o.id, 'id', o.public_id, 'code', o.code, 'nameZh', o.name_zh, 'nameEn', o.name_en) as target, r.is_enabled as "isEnabled", r.disabled_reason as "disabledReason"
    from routing_rules r join organisations o on o.id = r.target_id where r.set_id = ${setId} order by r.ordinal`, PREPARED)
}

/** Takes the next version of a city's rules; of two who do so at once the second fails on the key. */
export async function insertRuleSet(tx: Queryable, cityId: number, set: { publicId: string; version: number; note: string; createdBy: string; at: string }): Promise<number> {
  const rows = await tx.query<{ id: number }>(sql`insert into routing_rule_sets (public_id, city_id, version, note, created_by, activated_at)
    values (${set.publicId}, ${cityId}, ${set.version}, ${set.note}, ${set.createdBy}, ${set.at}::timestamptz) returning id`)
  return rows[0]?.id ?? 0
}

export async function insertRules(tx: Queryable, setId: number, rules: readonly { publicId: string; ordinal: number; title: string; conditions: RoutingConditions; targetId: number; isEnabled: boolean }[]): Promise<void> {
  await tx.query(sql`insert into routing_rules (public_id, set_id, ordinal, title, conditions, target_id, is_enabled)
    select r."publicId", ${setId}, r.ordinal, r.title, r.conditions, r."targetId", r."isEnabled"
    from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as r("publicId" uuid, ordinal int, title text, conditions jsonb, "targetId" bigint, "isEnabled" boolean)`)
}

/** Switches off the rules in force whose unit has ended. @returns their titles. */
export function updateOrphanedRules(tx: Queryable, setId: number): Promise<{ ordinal: number; title: string; unit: string }[]> {
  return tx.query(sql`update routing_rules r set is_enabled = false, disabled_at = now(), disabled_reason = '派往单位“' || o.name_zh || '”已撤销 · its unit “' || o.name_en || '” has ended'
    from organisations o where r.set_id = ${setId} and o.id = r.target_id and o.ended_at is not null and r.is_enabled returning r.ordinal, r.title, o.name_zh as unit`)
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
  i.class_code as "classCode", i.class_name as "className", i.condition_ordinal as "conditionOrdinal", i.county_code as "countyCode", i.street_code as "streetCode", i.community_code as "communityCode",
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

export interface MatrixHit {
  organisationId: number
  priority: number
  legalBasis: string | null
  className: string | null
  classCode: string
}

/** A condition whose limit was changed is another row with the same words: what the matrix says of it still holds. */
function isSameCondition(ordinal: Sql): Sql {
  return sql`exists (select 1 from filing_conditions named join filing_conditions filed on filed.scheme_id = named.scheme_id and filed.kind = named.kind and filed.class_code = named.class_code and filed.condition_zh = named.condition_zh
    where named.scheme_id = r.scheme_id and named.kind = r.class_kind and named.class_code = r.class_code and named.ordinal = r.condition_ordinal and filed.ordinal = ${ordinal})`
}

/** Rows of the matrix that fit a case: the narrower class, condition and area before the wider, then by priority. */
export function listMatrixHits(db: Queryable, cityId: number, one: PlayedCase): Promise<MatrixHit[]> {
  return db.query(sql`select r.unit_id as "organisationId", r.priority, r.legal_basis as "legalBasis", r.class_code as "classCode", c.name_zh as "className"
    from responsibilities r join organisations o on o.id = r.unit_id and o.ended_at is null
    left join case_classes c on c.scheme_id = r.scheme_id and c.kind = r.class_kind and c.code = r.class_code
    where r.city_id = ${cityId} and r.ended_at is null and r.scheme_id = ${one.schemeId} and r.class_kind = ${one.classKind} and r.class_code in (${one.classCode}, left(${one.classCode}, 2))
      and (r.condition_ordinal is null or r.condition_ordinal = ${one.conditionOrdinal}::smallint or ${isSameCondition(sql`${one.conditionOrdinal}::smallint`)})
      and (r.area_code is null or ${one.communityCode ?? one.streetCode ?? one.countyCode}::text like r.area_code || '%')
    order by length(r.class_code) desc, r.condition_ordinal nulls last, length(r.area_code) desc nulls last, r.priority, r.id limit 50`, PREPARED)
}

export interface UnitRecord extends UnitRow {
  openCases: number
  handled: number
  onTime: number
  nearestOpenMeters: number | null
}

/** What units have in hand and how they did in a period: open cases, cases handled, those in time, the nearest in hand. */
export function listUnitRecords(db: Queryable, city: { cityId: number; measureSrid: number }, incidentId: number, organisationIds: readonly number[], since: string): Promise<UnitRecord[]> {
  return db.query(sql`
    with here as (select st_transform(geom, ${city.measureSrid}::int) as geom from incidents where id = ${incidentId}),
    load as (
      select i.department_id, count(*) filter (where i.state in ('pending_dispose', 'disposing', 'disposed'))::int as open_cases,
        count(*) filter (where i.disposed_at >= ${since}::timestamptz)::int as handled,
        count(*) filter (where i.disposed_at >= ${since}::timestamptz and (i.due_at is null or i.disposed_at <= i.due_at))::int as on_time,
        min(st_distance(st_transform(i.geom, ${city.measureSrid}::int), here.geom)) filter (where i.state in ('pending_dispose', 'disposing') and i.id <> ${incidentId}) as nearest
      from incidents i cross join here
      where i.city_id = ${city.cityId} and i.department_id = any(${organisationIds}::bigint[]) and not i.is_drill
        and (i.state in ('pending_dispose', 'disposing', 'disposed') or i.disposed_at >= ${since}::timestamptz)
      group by i.department_id)
    select ${UNIT_COLUMNS}, coalesce(l.open_cases, 0) as "openCases", coalesce(l.handled, 0) as handled, coalesce(l.on_time, 0) as "onTime", l.nearest as "nearestOpenMeters"
    from organisations o left join load l on l.department_id = o.id where o.id = any(${organisationIds}::bigint[]) and o.ended_at is null`, PREPARED)
}

/** People who handle in some units, those with the fewest open cases first; at most five a unit. */
export function listHandlers(db: Queryable, cityId: number, organisationIds: readonly number[]): Promise<{ organisationId: number; id: string; name: string; openCases: number }[]> {
  return db.query(sql`
    select "organisationId", id, name, "openCases" from (
      select p.organisation_id as "organisationId", a.public_id as id, a.name, count(i.id)::int as "openCases",
        row_number() over (partition by p.organisation_id order by count(i.id), a.login) as place
      from posts p join accounts a on a.id = p.account_id and a.ended_at is null
      left join incidents i on i.holder_id = a.id and i.state = 'disposing'
      where p.city_id = ${cityId} and p.role = 'disposal_person' and p.ended_at is null and p.organisation_id = any(${organisationIds}::bigint[])
      group by p.organisation_id, a.id) ranked where place <= 5 order by place`, PREPARED)
}

export interface NewChoice {
  incidentId: number
  ruleSetVersion: number | null
  suggestedId: number | null
  chosenId: number
  reasons: unknown
  overrideReason: string | null
  chosenBy: number | null
  at: string
}

export async function insertChoice(tx: Queryable, cityId: number, choice: NewChoice): Promise<void> {
  await tx.query(sql`insert into dispatch_choices (city_id, incident_id, rule_set_version, suggested_id, chosen_id, reasons, override_reason, chosen_by, at)
    values (${cityId}, ${choice.incidentId}, ${choice.ruleSetVersion}, ${choice.suggestedId}, ${choice.chosenId}, ${JSON.stringify(choice.reasons)}::jsonb, ${choice.overrideReason}, ${choice.chosenBy}, ${choice.at}::timestamptz)`, PREPARED)
}

const chosenIn = (cityId: number, from: string, to: string) => sql`c.city_id = ${cityId} and c.suggested_id is not null and c.at >= ${from}::timestamptz and c.at < ${to}::timestamptz`

export async function countChoices(db: Queryable, cityId: number, from: string, to: string): Promise<{ dispatched: number; overridden: number }> {
  const rows = await db.query<{ dispatched: number; overridden: number }>(sql`select count(*)::int as dispatched, count(*) filter (where c.suggested_id <> c.chosen_id)::int as overridden from dispatch_choices c where ${chosenIn(cityId, from, to)}`)
  return rows[0] ?? { dispatched: 0, overridden: 0 }
}

export function listOverrides(db: Queryable, cityId: number, from: string, to: string, limit: number): Promise<{ incidentId: string; reportNumber: string; suggested: string | null; chosen: string; reason: string | null; by: string | null; at: string }[]> {
  return db.query(sql`select i.public_id as "incidentId", i.report_number as "reportNumber", s.name_zh as suggested, o.name_zh as chosen, c.override_reason as reason, a.name as by, ${iso(sql`c.at`)} as at
    from dispatch_choices c join incidents i on i.id = c.incident_id join organisations o on o.id = c.chosen_id left join organisations s on s.id = c.suggested_id left join accounts a on a.id = c.chosen_by
    where ${chosenIn(cityId, from, to)} and c.suggested_id <> c.chosen_id order by c.at desc, c.id desc limit ${limit}`)
}
