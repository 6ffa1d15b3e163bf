import type { Queryable } from '../db/db.ts'
import { identifier, sql } from '../db/sql.ts'

export async function findPopulationTotals(tx: Queryable, layerId: number): Promise<{ population: number; empty: number }> {
  const rows = await tx.query<{ population: number; empty: number }>(sql`
    select coalesce(sum(population), 0) as population, count(*) filter (where population is null)::int as empty from population_cells where layer_id = ${layerId} and valid_to is null`)
  return rows[0] ?? { population: 0, empty: 0 }
}

export async function findAreaTotal(tx: Queryable, table: string, layerId: number): Promise<number> {
  const rows = await tx.query<{ area: number }>(sql`select coalesce(sum(area_m2), 0) as area from ${identifier(table)} where layer_id = ${layerId} and valid_to is null`)
  return rows[0]?.area ?? 0
}
