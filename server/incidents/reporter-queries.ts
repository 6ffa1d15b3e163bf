import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

export async function findReporter(db: Queryable, cityId: number, id: string, visible: Sql): Promise<{ reportedBy: string; reporterPhone: string | null } | undefined> {
  const rows = await db.query<{ reportedBy: string; reporterPhone: string | null }>(sql`
    select i.reported_by as "reportedBy", i.reporter_phone as "reporterPhone" from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`)
  return rows[0]
}
