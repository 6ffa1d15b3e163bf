import type { Responsibility, ResponsibilityChange, ResponsibilityGap } from '../contract/responsibilities.ts'
import type { Queryable } from '../db/db.ts'
import { join, type Sql, sql } from '../db/sql.ts'

const iso = (column: Sql) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const unitOf = (alias: Sql) => sql`json_build_object('id', ${alias}.public_id, 'code', ${alias}.code, 'nameZh', ${alias}.name_zh, 'nameEn', ${alias}.name_en)`

export interface ResponsibilityFilter {
  classKind?: string | undefined
  classCode?: string | undefined
  unit?: string | undefined
}

function responsibilityWhere(cityId: number, filter: ResponsibilityFilter): Sql {
  const conditions = [sql`r.city_id = ${cityId}`]
  if (filter.classKind) conditions.push(sql`r.class_kind = ${filter.classKind}`)
  if (filter.classCode) conditions.push(sql`(r.class_code = ${filter.classCode} or r.class_code = left(${filter.classCode}, 2))`)
  if (filter.unit) conditions.push(sql`u.code = ${filter.unit}`)
  return join(conditions, ' and ')
}

const ROW_COLUMNS = sql`r.public_id as id, r.scheme_id as "schemeId", r.class_kind as "classKind", r.class_code as "classCode",
  coalesce(c.name_zh, l.name_zh) as "className", coalesce(c.name_en, l.name_en) as "classNameEn", r.condition_ordinal as "conditionOrdinal", r.area_code as "areaCode",
  (select a.name from administrative_areas a where a.city_id = r.city_id and a.code = r.area_code and a.valid_to is null limit 1) as "areaName",
  ${unitOf(sql`u`)} as unit, u.ended_at is not null as "isUnitGone", case when k.id is null then null else ${unitOf(sql`k`)} end as competent,
  r.priority, r.legal_basis as "legalBasis", r.clause, r.requirement, r.source, r.verified, ${iso(sql`r.created_at`)} as "createdAt", r.created_by as "createdBy"`
const ROW_TABLES = sql`responsibilities r join organisations u on u.id = r.unit_id left join organisations k on k.id = r.competent_id
  left join case_classes c on c.scheme_id = r.scheme_id and c.kind = r.class_kind and c.code = r.class_code
  left join case_large_classes l on l.scheme_id = r.scheme_id and l.kind = r.class_kind and l.code = r.class_code`

export function listResponsibilityRows(db: Queryable, cityId: number, filter: ResponsibilityFilter, limit: number): Promise<Responsibility[]> {
  return db.query(sql`select ${ROW_COLUMNS} from ${ROW_TABLES} where ${responsibilityWhere(cityId, filter)} and r.ended_at is null
    order by r.class_kind, r.class_code, r.condition_ordinal nulls first, r.area_code nulls first, r.priority, r.id limit ${limit}`)
}

export async function countResponsibilities(db: Queryable, cityId: number, filter: ResponsibilityFilter): Promise<number> {
  return (await db.query<{ count: number }>(sql`select count(*)::int as count from responsibilities r join organisations u on u.id = r.unit_id where ${responsibilityWhere(cityId, filter)} and r.ended_at is null`))[0]?.count ?? 0
}

/** Rows that hold and rows that have ended, what changed last first. */
export function listChangedRows(db: Queryable, cityId: number, filter: ResponsibilityFilter, limit: number): Promise<ResponsibilityChange[]> {
  return db.query(sql`select ${ROW_COLUMNS}, ${iso(sql`r.ended_at`)} as "endedAt", r.ended_by as "endedBy", (select b.public_id from responsibilities b where b.id = r.replaces_id) as "replacesId"
    from ${ROW_TABLES} where ${responsibilityWhere(cityId, filter)} order by greatest(r.created_at, r.ended_at) desc, r.id desc limit ${limit}`)
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
  replacesId: number | null
}

export async function insertResponsibilities(tx: Queryable, cityId: number, rows: readonly NewResponsibility[], createdBy: string, at: string): Promise<void> {
  await tx.query(sql`insert into responsibilities (public_id, city_id, scheme_id, class_kind, class_code, condition_ordinal, area_code, unit_id, competent_id, priority, legal_basis, clause, requirement, source, replaces_id, created_by, created_at)
    select r."publicId", ${cityId}, r."schemeId", r."classKind", r."classCode", r."conditionOrdinal", r."areaCode", r."unitId", r."competentId", r.priority, r."legalBasis", r.clause, r.requirement, r.source, r."replacesId", ${createdBy}, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("publicId" uuid, "schemeId" text, "classKind" text, "classCode" text, "conditionOrdinal" smallint, "areaCode" text, "unitId" bigint, "competentId" bigint, priority smallint, "legalBasis" text, clause text, requirement text, source text, "replacesId" bigint)`)
}

/** @returns inner id of the row that held until now; undefined when there is none. */
export async function updateResponsibilityEnded(tx: Queryable, cityId: number, id: string, endedBy: string, at: string): Promise<number | undefined> {
  return (await tx.query<{ id: number }>(sql`update responsibilities set ended_at = ${at}::timestamptz, ended_by = ${endedBy} where city_id = ${cityId} and public_id = ${id}::uuid and ended_at is null returning id`))[0]?.id
}

/** Who ended a row, and when; undefined when there is no such row. */
export async function findEnding(db: Queryable, cityId: number, id: string): Promise<{ endedAt: string | null; endedBy: string | null } | undefined> {
  return (await db.query<{ endedAt: string | null; endedBy: string | null }>(sql`select ${iso(sql`ended_at`)} as "endedAt", ended_by as "endedBy" from responsibilities where city_id = ${cityId} and public_id = ${id}::uuid`))[0]
}

/** Class codes of a scheme, large ones included. */
export async function listKnownClasses(db: Queryable, schemeIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ key: string }>(sql`
    select scheme_id || ' ' || kind || ' ' || code as key from case_classes where scheme_id = any(${schemeIds}::text[]) and ended_at is null
    union select scheme_id || ' ' || kind || ' ' || code from case_large_classes where scheme_id = any(${schemeIds}::text[])`)
  return new Set(rows.map((row) => row.key))
}

/** Classes of the schemes that a city's matrix or its recent cases use. */
const usedClasses = (cityId: number, since: string) => sql`
  recent as (select i.scheme_id, i.class_kind, i.class_code, count(*)::int as cases from incidents i where i.city_id = ${cityId} and i.reported_at >= ${since}::timestamptz and not i.is_drill group by 1, 2, 3),
  live as (select r.scheme_id, r.class_kind, r.class_code, r.condition_ordinal, r.area_code from responsibilities r join organisations u on u.id = r.unit_id and u.ended_at is null where r.city_id = ${cityId} and r.ended_at is null),
  used as (select c.* from case_classes c where c.ended_at is null and c.scheme_id in (select scheme_id from live union select scheme_id from recent))`

export async function countUsedClasses(db: Queryable, cityId: number, since: string): Promise<number> {
  return (await db.query<{ count: number }>(sql`with ${usedClasses(cityId, since)} select count(*)::int as count from used`))[0]?.count ?? 0
}

/** Classes without a row for the whole city and every condition whose unit is there, those with the most cases first. */
export function listGapRows(db: Queryable, cityId: number, since: string, limit: number): Promise<ResponsibilityGap[]> {
  return db.query(sql`with ${usedClasses(cityId, since)}
    select c.scheme_id as "schemeId", c.kind as "classKind", c.code as "classCode", c.name_zh as "nameZh", c.name_en as "nameEn", c.large_code as "largeCode",
      coalesce(l.name_zh, c.large_code) as "largeNameZh", coalesce(l.name_en, c.large_code) as "largeNameEn", count(v.class_code) > 0 as "isPartial", coalesce(max(n.cases), 0)::int as "recentCases"
    from used c
    left join case_large_classes l on l.scheme_id = c.scheme_id and l.kind = c.kind and l.code = c.large_code
    left join live v on v.scheme_id = c.scheme_id and v.class_kind = c.kind and v.class_code in (c.code, c.large_code)
    left join recent n on n.scheme_id = c.scheme_id and n.class_kind = c.kind and n.class_code = c.code
    group by c.scheme_id, c.kind, c.code, c.name_zh, c.name_en, c.large_code, l.name_zh, l.name_en
    having count(*) filter (where v.class_code is not null and v.condition_ordinal is null and v.area_code is null) = 0
    order by 10 desc, 1, 2 desc, 3 limit ${limit}`)
}
