import type { listCaseClasses as listCaseClassesEndpoint } from '../contract/incidents.ts'
import type { Reply } from '../contract/endpoint.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export type CaseScheme = Reply<typeof listCaseClassesEndpoint>['schemes'][number]

export interface SchemeHead {
  id: string
  titleZh: string
  titleEn: string
  source: string
  verified: boolean
  version: number
}

export interface LargeClassRow {
  kind: 'part' | 'event'
  code: string
  nameZh: string
  nameEn: string
}

export interface ClassRow extends LargeClassRow {
  largeCode: string
  isLocalExtension: boolean
  defaultSeverity: number
}

export interface ConditionRow {
  kind: 'part' | 'event'
  classCode: string
  ordinal: number
  conditionZh: string
  closingZh: string
  limitAmount: number
  limitUnit: string
}

/** One version of a scheme is loaded at a time, whoever starts. */
export async function lockSchemes(tx: Queryable): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(7423190012)`)
}

export async function findSchemeVersion(db: Queryable, id: string): Promise<{ version: number; contentHash: string | null; isLocal: boolean } | undefined> {
  return (await db.query<{ version: number; contentHash: string | null; isLocal: boolean }>(sql`select version, content_hash as "contentHash", is_local as "isLocal" from class_schemes where id = ${id}`))[0]
}

export async function upsertScheme(tx: Queryable, scheme: SchemeHead, contentHash: string): Promise<void> {
  await tx.query(sql`
    insert into class_schemes (id, title_zh, title_en, source, verified, version, content_hash)
    values (${scheme.id}, ${scheme.titleZh}, ${scheme.titleEn}, ${scheme.source}, ${scheme.verified}, ${scheme.version}, ${contentHash})
    on conflict (id) do update set title_zh = excluded.title_zh, title_en = excluded.title_en, source = excluded.source,
      verified = excluded.verified, version = excluded.version, content_hash = excluded.content_hash`)
}

export async function upsertLargeClasses(tx: Queryable, schemeId: string, rows: readonly LargeClassRow[]): Promise<void> {
  await tx.query(sql`
    insert into case_large_classes (scheme_id, kind, code, name_zh, name_en)
    select ${schemeId}, kind, code, name_zh, name_en
    from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.nameZh)}::text[], ${rows.map((row) => row.nameEn)}::text[])
      as given (kind, code, name_zh, name_en)
    on conflict (scheme_id, kind, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en`)
}

/** Takes the classes of a version: new ones added, known ones renamed, those no longer named ended. Nothing is deleted: old cases point at them. */
export async function replaceClasses(tx: Queryable, schemeId: string, rows: readonly ClassRow[]): Promise<void> {
  const kinds = rows.map((row) => row.kind)
  const codes = rows.map((row) => row.code)
  await tx.query(sql`
    insert into case_classes (scheme_id, kind, code, large_code, name_zh, name_en, is_local_extension, default_severity)
    select ${schemeId}, given.*
    from unnest(${kinds}::text[], ${codes}::text[], ${rows.map((row) => row.largeCode)}::text[], ${rows.map((row) => row.nameZh)}::text[],
      ${rows.map((row) => row.nameEn)}::text[], ${rows.map((row) => row.isLocalExtension)}::boolean[], ${rows.map((row) => row.defaultSeverity)}::smallint[]) as given
    on conflict (scheme_id, kind, code) do update set large_code = excluded.large_code, name_zh = excluded.name_zh, name_en = excluded.name_en,
      is_local_extension = excluded.is_local_extension, default_severity = excluded.default_severity, ended_at = null`)
  await tx.query(sql`
    update case_classes c set ended_at = now()
    where c.scheme_id = ${schemeId} and c.ended_at is null
      and not exists (select 1 from unnest(${kinds}::text[], ${codes}::text[]) as given (kind, code) where given.kind = c.kind and given.code = c.code)`)
}

export function listLiveConditions(tx: Queryable, schemeId: string): Promise<ConditionRow[]> {
  return tx.query<ConditionRow>(sql`
    select kind, class_code as "classCode", ordinal, condition_zh as "conditionZh", closing_zh as "closingZh", limit_amount as "limitAmount", limit_unit as "limitUnit"
    from filing_conditions where scheme_id = ${schemeId} and ended_at is null`)
}

/** The highest ordinal ever given per class; ordinals are never used again, since cases hold them. */
export function listLastOrdinals(tx: Queryable, schemeId: string): Promise<{ kind: string; classCode: string; last: number }[]> {
  return tx.query(sql`select kind, class_code as "classCode", max(ordinal)::int as last from filing_conditions where scheme_id = ${schemeId} group by kind, class_code`)
}

export async function endConditions(tx: Queryable, schemeId: string, rows: readonly ConditionRow[]): Promise<void> {
  await tx.query(sql`
    update filing_conditions f set ended_at = now()
    from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.classCode)}::text[], ${rows.map((row) => row.ordinal)}::smallint[]) as given (kind, class_code, ordinal)
    where f.scheme_id = ${schemeId} and f.kind = given.kind and f.class_code = given.class_code and f.ordinal = given.ordinal`)
}

export async function insertConditions(tx: Queryable, scheme: SchemeHead, rows: readonly ConditionRow[]): Promise<void> {
  await tx.query(sql`
    insert into filing_conditions (scheme_id, kind, class_code, ordinal, condition_zh, closing_zh, limit_amount, limit_unit, source, verified)
    select ${scheme.id}, given.*, ${scheme.source}, ${scheme.verified}
    from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.classCode)}::text[], ${rows.map((row) => row.ordinal)}::smallint[],
      ${rows.map((row) => row.conditionZh)}::text[], ${rows.map((row) => row.closingZh)}::text[], ${rows.map((row) => row.limitAmount)}::integer[],
      ${rows.map((row) => row.limitUnit)}::text[]) as given`)
}

/** Every scheme with its live classes and conditions, in the order of their codes. */
export function listSchemes(db: Queryable): Promise<CaseScheme[]> {
  return db.query<CaseScheme>(sql`
    select s.id, s.title_zh as "titleZh", s.title_en as "titleEn", s.source, s.verified, s.version,
      coalesce((
        select json_agg(json_build_object('kind', l.kind, 'code', l.code, 'nameZh', l.name_zh, 'nameEn', l.name_en) order by l.kind desc, l.code)
        from case_large_classes l where l.scheme_id = s.id), '[]'::json) as "largeClasses",
      coalesce((
        select json_agg(json_build_object('kind', c.kind, 'code', c.code, 'largeCode', c.large_code, 'nameZh', c.name_zh, 'nameEn', c.name_en,
          'isLocalExtension', c.is_local_extension, 'defaultSeverity', c.default_severity, 'verified', coalesce(k.verified, s.verified), 'conditions', coalesce(k.conditions, '[]'::json)) order by c.kind desc, c.code)
        from case_classes c
        left join (
          select f.kind, f.class_code, bool_and(f.verified) as verified, json_agg(json_build_object('ordinal', f.ordinal, 'conditionZh', f.condition_zh, 'closingZh', f.closing_zh,
            'limitAmount', f.limit_amount, 'limitUnit', f.limit_unit) order by f.ordinal) as conditions
          from filing_conditions f where f.scheme_id = s.id and f.ended_at is null group by f.kind, f.class_code
        ) k on k.kind = c.kind and k.class_code = c.code
        where c.scheme_id = s.id and c.ended_at is null), '[]'::json) as classes
    from class_schemes s order by s.id`)
}

/** The class of a report, with its conditions still in use. */
export interface ReportedClass {
  nameZh: string
  largeCode: string
  defaultSeverity: 1 | 2 | 3
}

export async function findReportedClass(db: Queryable, schemeId: string, kind: 'part' | 'event', code: string): Promise<ReportedClass | undefined> {
  const rows = await db.query<ReportedClass>(sql`
    select name_zh as "nameZh", large_code as "largeCode", default_severity as "defaultSeverity"
    from case_classes where scheme_id = ${schemeId} and kind = ${kind} and code = ${code} and ended_at is null`, PREPARED)
  return rows[0]
}

export interface FilingCondition {
  ordinal: number
  conditionZh: string
  limitAmount: number
  limitUnit: string
}

/** The conditions by which a case of a class can be filed today. */
export function listFilingConditions(db: Queryable, schemeId: string, kind: 'part' | 'event', code: string): Promise<FilingCondition[]> {
  return db.query<FilingCondition>(sql`
    select ordinal, condition_zh as "conditionZh", limit_amount as "limitAmount", limit_unit as "limitUnit"
    from filing_conditions where scheme_id = ${schemeId} and kind = ${kind} and class_code = ${code} and ended_at is null order by ordinal`, PREPARED)
}
