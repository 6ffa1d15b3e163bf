import type { Unit } from '../contract/dispatch.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { type PlayedCase, UNIT_COLUMNS, type UnitRow } from './rule-queries.ts'

const iso = (column: Sql) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const unitOf = (alias: Sql) => sql`json_build_object('id', ${alias}.public_id, 'code', ${alias}.code, 'nameZh', ${alias}.name_zh, 'nameEn', ${alias}.name_en)`

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
  return db.query(sql`select r.unit_id as "organisationId", r.priority, r.legal_basis as "legalBasis", r.class_code as "classCode", coalesce(c.name_zh, l.name_zh) as "className"
    from responsibilities r join organisations o on o.id = r.unit_id and o.ended_at is null
    left join case_classes c on c.scheme_id = r.scheme_id and c.kind = r.class_kind and c.code = r.class_code
    left join case_large_classes l on l.scheme_id = r.scheme_id and l.kind = r.class_kind and l.code = r.class_code
    where r.city_id = ${cityId} and r.ended_at is null and r.scheme_id = ${one.schemeId} and r.class_kind = ${one.classKind} and r.class_code in (${one.classCode}, left(${one.classCode}, 2))
      and (r.condition_ordinal is null or r.condition_ordinal = ${one.conditionOrdinal}::smallint or ${isSameCondition(sql`${one.conditionOrdinal}::smallint`)})
      and (r.area_code is null or exists (select 1 from unnest(${[one.communityCode, one.streetCode, one.countyCode].filter((code) => code !== null)}::text[]) as area(code) where area.code like r.area_code || '%'))
    order by length(r.class_code) desc, r.condition_ordinal nulls last, length(r.area_code) desc nulls last, r.priority, r.id limit 50`, PREPARED)
}

export interface GridOwner {
  organisationId: number
  areaCode: string
  areaName: string | null
  /** Who of the organisation answers there, where the table names an account that is still there. */
  accountId: number | null
  person: string | null
}

/** The handling unit that owns a case's cell, else its community, else its street; a table that came before its organisation knows it by name. */
export async function findGridOwner(db: Queryable, cityId: number, one: Pick<PlayedCase, 'gridCode' | 'communityCode' | 'streetCode'>): Promise<GridOwner | undefined> {
  const rows = await db.query<GridOwner>(sql`select o.id as "organisationId", g.area_code as "areaCode", a.id as "accountId", coalesce(a.name, g.person) as person,
      coalesce((select c.name from unit_grids c where c.city_id = g.city_id and c.code = g.area_code and c.valid_to is null limit 1),
        (select d.name from administrative_areas d where d.city_id = g.city_id and d.code = g.area_code and d.valid_to is null limit 1)) as "areaName"
    from grid_owners g join organisations o on o.city_id = g.city_id and (o.id = g.organisation_id or (g.organisation_id is null and o.name_zh = g.organisation)) and o.ended_at is null and o.kind in ('department', 'street', 'contractor') left join accounts a on a.id = g.account_id and a.ended_at is null
    where g.city_id = ${cityId} and g.valid_to is null and g.area_code in (${one.gridCode}, ${one.communityCode}, ${one.streetCode})
    order by case g.area_code when ${one.gridCode} then 1 when ${one.communityCode} then 2 else 3 end, o.id limit 1`)
  return rows[0]
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

export interface Handler {
  organisationId: number
  accountId: number
  id: string
  name: string
  openCases: number
}

/** People who handle in some units, those with the fewest open cases first; at most five a unit, and those asked for by their account. */
export function listHandlers(db: Queryable, cityId: number, organisationIds: readonly number[], accountIds: readonly number[]): Promise<Handler[]> {
  return db.query(sql`
    select "organisationId", "accountId", id, name, "openCases" from (
      select p.organisation_id as "organisationId", a.id as "accountId", a.public_id as id, a.name, count(distinct i.id)::int as "openCases",
        row_number() over (partition by p.organisation_id order by count(distinct i.id), a.login) as place
      from posts p join accounts a on a.id = p.account_id and a.ended_at is null
      left join incidents i on i.holder_id = a.id and i.state = 'disposing'
      where p.city_id = ${cityId} and (p.role = 'disposal_person' or (p.role = 'department_manager' and a.id = any(${accountIds}::bigint[]))) and p.ended_at is null and p.organisation_id = any(${organisationIds}::bigint[])
      group by p.organisation_id, a.id) ranked where place <= 5 or "accountId" = any(${accountIds}::bigint[]) order by place`, PREPARED)
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

/** Marks the newest choice of a case as taken back. */
export async function updateChoiceUndone(tx: Queryable, incidentId: number, at: string): Promise<void> {
  await tx.query(sql`update dispatch_choices set undone_at = ${at}::timestamptz where id = (select max(id) from dispatch_choices where incident_id = ${incidentId}) and undone_at is null`)
}

const CHOICES = sql`dispatch_choices c join incidents i on i.id = c.incident_id`
const chosenIn = (cityId: number, visible: Sql, from: string, to: string) => sql`c.city_id = ${cityId} and c.suggested_id is not null and c.undone_at is null and c.at >= ${from}::timestamptz and c.at < ${to}::timestamptz and ${visible}`
const overridden = sql`c.suggested_id <> c.chosen_id`

export async function countChoices(db: Queryable, cityId: number, visible: Sql, from: string, to: string): Promise<{ dispatched: number; overridden: number }> {
  const rows = await db.query<{ dispatched: number; overridden: number }>(sql`select count(*)::int as dispatched, count(*) filter (where ${overridden})::int as overridden from ${CHOICES} where ${chosenIn(cityId, visible, from, to)}`)
  return rows[0] ?? { dispatched: 0, overridden: 0 }
}

export interface ChoiceRow {
  incidentId: string
  reportNumber: string
  className: string
  suggested: Unit
  chosen: Unit
  isOverride: boolean
  reason: string | null
  by: string | null
  at: string
}

/** Dispatches with a suggestion, newest first: all of a period, or those that went otherwise. */
export function listChoices(db: Queryable, cityId: number, visible: Sql, period: { from: string; to: string }, part: 'overridden' | 'dispatched', limit: number): Promise<ChoiceRow[]> {
  return db.query(sql`select i.public_id as "incidentId", i.report_number as "reportNumber", i.class_name as "className", ${unitOf(sql`s`)} as suggested, ${unitOf(sql`o`)} as chosen, ${overridden} as "isOverride",
      c.override_reason as reason, a.name as by, ${iso(sql`c.at`)} as at
    from ${CHOICES} join organisations o on o.id = c.chosen_id join organisations s on s.id = c.suggested_id left join accounts a on a.id = c.chosen_by
    where ${chosenIn(cityId, visible, period.from, period.to)} ${part === 'overridden' ? sql`and ${overridden}` : sql``} order by c.at desc, c.id desc limit ${limit}`)
}
