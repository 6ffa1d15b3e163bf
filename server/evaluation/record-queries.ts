import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** The inner id and state of a case of a city. */
export async function findCase(db: Queryable, cityId: number, publicId: string): Promise<{ incidentId: number; isEnded: boolean } | undefined> {
  return (await db.query<{ incidentId: number; isEnded: boolean }>(sql`select i.id as "incidentId", i.ended_at is not null as "isEnded" from incidents i where i.city_id = ${cityId} and i.public_id = ${publicId}::uuid`))[0]
}

export interface NewRecord {
  id: string
  incidentId: number
  byId: number | null
  by: string
  at: string
  note: string | null
}

export async function insertReturnVisit(tx: Queryable, record: NewRecord & { outcome: string }): Promise<void> {
  await tx.query(sql`insert into return_visits (public_id, incident_id, outcome, note, visited_by_id, visited_by, visited_at)
    values (${record.id}, ${record.incidentId}, ${record.outcome}, ${record.note}, ${record.byId}, ${record.by}, ${record.at}::timestamptz)`)
}

/** @returns false when the case is recorded as missed already. */
export async function insertMissedReport(tx: Queryable, record: NewRecord & { collector: string }): Promise<boolean> {
  const rows = await tx.query(sql`insert into missed_reports (public_id, incident_id, collector, note, found_by_id, found_by, found_at)
    values (${record.id}, ${record.incidentId}, ${record.collector}, ${record.note}, ${record.byId}, ${record.by}, ${record.at}::timestamptz) on conflict (incident_id) do nothing returning id`)
  return rows.length > 0
}
