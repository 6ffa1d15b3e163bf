import { PREPARED, type Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export type CaseRule =
  | 'duplicate_distance_meters' | 'duplicate_window_hours' | 'part_distance_meters' | 'permit_distance_meters' | 'road_distance_meters'
  | 'evidence_distance_meters' | 'evidence_early_hours' | 'suspicious_place_cases' | 'suspicious_place_rank' | 'suspicious_place_times' | 'suspicious_place_classes'

/** The newest value of every rule, the city's own before the common one. */
export async function findCaseRules(db: Queryable, cityId: number): Promise<Record<CaseRule, number>> {
  const rows = await db.query<{ name: CaseRule; value: number }>(sql`
    select distinct on (name) name, value from case_rules where city_id is null or city_id = ${cityId} order by name, city_id nulls last, version desc`, PREPARED)
  return Object.fromEntries(rows.map(({ name, value }) => [name, value])) as Record<CaseRule, number>
}
