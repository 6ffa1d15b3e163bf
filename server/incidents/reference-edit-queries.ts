import type { Reply } from '../contract/endpoint.ts'
import type { ClassChanges, listClassVersions } from '../contract/reference.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
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

export function listVersions(db: Queryable, schemeId: string, before: number | undefined, limit: number): Promise<ClassVersion[]> {
  return db.query<ClassVersion>(sql`
    select version, source, verified, changed_by as "changedBy", ${iso('changed_at')} as "changedAt", summary, changes
    from class_scheme_versions where scheme_id = ${schemeId} and (${before ?? null}::integer is null or version < ${before ?? null}::integer) order by version desc limit ${limit}`)
}
