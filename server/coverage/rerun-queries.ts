/** What became of the rows of a run's inputs since it began. */
import type { Queryable } from '../db/db.ts'
import { identifier, sql } from '../db/sql.ts'

export interface RowChanges {
  added: number
  ended: number
}

type RunTable = 'coverage_runs' | 'planning_runs'

/** Rows of a layer that came or were ended since the run began. */
export async function findRowChanges(db: Queryable, cityId: number, table: RunTable, runId: number, kind: string, layer: string): Promise<RowChanges> {
  const [row] = await db.query<RowChanges>(sql`
    select count(*) filter (where f.valid_from > r.started_at)::int as added, count(*) filter (where f.valid_to > r.started_at and f.valid_from <= r.started_at)::int as ended
    from ${identifier(table)} r join layers l on l.city_id = ${cityId} and l.kind = ${kind} and l.key = ${layer} join ${identifier(kind)} f on f.layer_id = l.id where r.id = ${runId}`)
  return row!
}

/** Gates of parks that came or were ended since the run began. */
export async function findGateChanges(db: Queryable, cityId: number, table: RunTable, runId: number): Promise<RowChanges> {
  const [row] = await db.query<RowChanges>(sql`
    select count(*) filter (where g.valid_from > r.started_at)::int as added, count(*) filter (where g.valid_to > r.started_at and g.valid_from <= r.started_at)::int as ended
    from ${identifier(table)} r join green_entrances g on g.city_id = ${cityId} where r.id = ${runId}`)
  return row!
}
