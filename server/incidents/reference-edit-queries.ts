import type { Reply } from '../contract/endpoint.ts'
import type { ClassChange, ClassChanges, ClassContent, listClassVersions } from '../contract/reference.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { ChangedClass } from './class-changes.ts'
import { openIncident } from './filter-queries.ts'
import { iso } from './queries.ts'

export type ClassVersion = Reply<typeof listClassVersions>['versions'][number]

/** From now on the scheme is the city's own. */
export async function updateSchemeLocal(tx: Queryable, schemeId: string): Promise<void> {
  await tx.query(sql`update class_schemes set is_local = true where id = ${schemeId}`)
}

export interface NewClassVersion {
  schemeId: string
  version: number
  source: string
  verified: boolean
  changedById: number | null
  changedBy: string
  at: string
  summary: string
  changes: ClassChanges
}

export async function insertClassVersion(tx: Queryable, row: NewClassVersion): Promise<void> {
  await tx.query(sql`
    insert into class_scheme_versions (scheme_id, version, source, verified, changed_by_id, changed_by, changed_at, summary, changes)
    values (${row.schemeId}, ${row.version}, ${row.source}, ${row.verified}, ${row.changedById}, ${row.changedBy}, ${row.at}::timestamptz, ${row.summary}, ${JSON.stringify(row.changes)}::jsonb)`)
}

/** The classes a version changed, each as it was and as it is. */
export async function insertClassChanges(tx: Queryable, schemeId: string, version: number, rows: readonly ChangedClass[]): Promise<void> {
  if (rows.length === 0) return
  const given = rows.map(({ key, change, before, after }) => ({ kind: key.split(':')[0], code: key.split(':')[1], change, before, after }))
  await tx.query(sql`
    insert into case_class_changes (scheme_id, version, kind, code, change, before, after)
    select ${schemeId}, ${version}, r.kind, r.code, r.change, r.before, r.after
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as r(kind text, code text, change text, before jsonb, after jsonb)`)
}

/** Says of the present conditions of classes where they stand written, and whether they were held against it. */
export async function updateConditionSources(tx: Queryable, schemeId: string, classes: readonly { kind: string; code: string }[], source: string, verified: boolean): Promise<void> {
  await tx.query(sql`
    update filing_conditions f set source = ${source}, verified = ${verified}
    from unnest(${classes.map((one) => one.kind)}::text[], ${classes.map((one) => one.code)}::text[]) as given (kind, code)
    where f.scheme_id = ${schemeId} and f.kind = given.kind and f.class_code = given.code and f.ended_at is null and (f.source, f.verified) is distinct from (${source}::text, ${verified}::boolean)`)
}

export function listVersions(db: Queryable, schemeId: string, before: number | undefined, limit: number): Promise<ClassVersion[]> {
  return db.query<ClassVersion>(sql`
    select version, source, verified, changed_by as "changedBy", ${iso('changed_at')} as "changedAt", summary, changes
    from class_scheme_versions where scheme_id = ${schemeId} and (${before ?? null}::integer is null or version < ${before ?? null}::integer) order by version desc limit ${limit}`)
}

export interface HeldClass {
  key: string
  endedAt: string | null
  content: ClassContent
}

/** Classes of a scheme with their conditions in use and where those come from; ended classes only where one is asked for. */
export async function listHeldClasses(db: Queryable, schemeId: string, only?: { kind: string; code: string }): Promise<HeldClass[]> {
  return db.query<HeldClass>(sql`
    select c.kind || ':' || c.code as key, ${iso('c.ended_at')} as "endedAt", json_build_object('nameZh', c.name_zh, 'nameEn', c.name_en, 'largeCode', c.large_code, 'isLocalExtension', c.is_local_extension,
      'defaultSeverity', c.default_severity, 'source', coalesce(k.source, s.source), 'verified', coalesce(k.verified, s.verified), 'conditions', coalesce(k.conditions, '[]'::json)) as content
    from case_classes c join class_schemes s on s.id = c.scheme_id
    left join lateral (
      select min(f.source) as source, bool_and(f.verified) as verified, json_agg(json_build_object('conditionZh', f.condition_zh, 'closingZh', f.closing_zh, 'limitAmount', f.limit_amount, 'limitUnit', f.limit_unit) order by f.ordinal) as conditions
      from filing_conditions f where f.scheme_id = c.scheme_id and f.kind = c.kind and f.class_code = c.code and f.ended_at is null
      having count(*) > 0) k on true
    where c.scheme_id = ${schemeId} and ${only ? sql`c.kind = ${only.kind} and c.code = ${only.code}` : sql`c.ended_at is null`} order by c.kind desc, c.code`)
}

/** What versions did to one class, newest first. */
export function listClassChanges(db: Queryable, schemeId: string, kind: string, code: string, limit: number): Promise<ClassChange[]> {
  return db.query<ClassChange>(sql`
    select v.version, h.change, v.changed_by as "changedBy", ${iso('v.changed_at')} as "changedAt", v.summary, h.before, h.after
    from case_class_changes h join class_scheme_versions v on v.scheme_id = h.scheme_id and v.version = h.version
    where h.scheme_id = ${schemeId} and h.kind = ${kind} and h.code = ${code} order by h.version desc limit ${limit}`)
}

/** Open cases of a class in all cities, and those of them not filed under a condition yet. */
export async function countOpenCases(db: Queryable, schemeId: string, kind: string, code: string): Promise<{ openCases: number; unfiledCases: number }> {
  const rows = await db.query<{ openCases: number; unfiledCases: number }>(sql`
    select count(*)::int as "openCases", (count(*) filter (where i.condition_ordinal is null))::int as "unfiledCases"
    from incidents i where i.scheme_id = ${schemeId} and i.class_kind = ${kind} and i.class_code = ${code} and ${openIncident}`)
  return rows[0] ?? { openCases: 0, unfiledCases: 0 }
}
