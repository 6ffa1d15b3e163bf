import type { WorkflowSettings } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { iso } from './queries.ts'

/** The settings that hold in a city at an instant: its own newest, else the default. */
export function workflowSettingsOf(cityId: number, at: Date): Sql {
  return sql`
    select version, filing_role as "filingRole", photo_check_classes as "photoCheckClasses", requires_photos as "requiresPhotos", source, verified, ${iso('effective_from')} as "effectiveFrom", city_id is not null as "isOwn"
    from workflow_settings where (city_id = ${cityId} or city_id is null) and effective_from <= ${at.toISOString()}::timestamptz
    order by city_id nulls last, version desc limit 1`
}

export async function findWorkflowSettings(db: Queryable, cityId: number, at: Date): Promise<WorkflowSettings | undefined> {
  return (await db.query<WorkflowSettings>(workflowSettingsOf(cityId, at), PREPARED))[0]
}

export interface NewWorkflowSettings {
  cityId: number
  version: number
  filingRole: 'operator' | 'shift_leader'
  photoCheckClasses: string[] | null
  requiresPhotos: boolean
  source: string
  verified: boolean
  effectiveFrom: string
  createdBy: number | null
}

/** @returns false when the version was taken meanwhile. */
export async function insertWorkflowSettings(tx: Queryable, row: NewWorkflowSettings): Promise<boolean> {
  const rows = await tx.query(sql`
    insert into workflow_settings (city_id, version, filing_role, photo_check_classes, requires_photos, source, verified, effective_from, created_by)
    values (${row.cityId}, ${row.version}, ${row.filingRole}, ${row.photoCheckClasses}::text[], ${row.requiresPhotos}, ${row.source}, ${row.verified}, ${row.effectiveFrom}::timestamptz, ${row.createdBy})
    on conflict (city_id, version) do nothing returning id`)
  return rows.length > 0
}
