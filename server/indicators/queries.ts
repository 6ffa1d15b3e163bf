import type { IndicatorChoices } from '../contract/planning-indicators.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** Districts, then streets, by code; of a code that several layers carry the newest layer's. */
export function listUnits(db: Queryable, cityId: number): Promise<IndicatorChoices['units']> {
  return db.query(sql`select level, code, name from (
      select distinct on (level, code) level, code, name from administrative_areas where city_id = ${cityId} and valid_to is null and level in ('county', 'street') order by level, code, layer_id desc) area
    order by level, code limit 5000`)
}

export async function hasBuiltUpArea(db: Queryable, cityId: number): Promise<boolean> {
  return (await db.query<{ found: boolean }>(sql`select exists (select 1 from built_up_areas where city_id = ${cityId} and valid_to is null) as found`))[0]!.found
}

export async function hasWalkingNetwork(db: Queryable, cityId: number): Promise<boolean> {
  return (await db.query<{ found: boolean }>(sql`select exists (select 1 from path_edges where city_id = ${cityId} and valid_to is null) as found`))[0]!.found
}
