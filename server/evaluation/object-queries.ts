import type { AreaKind } from '../contract/evaluation-objects.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface NamedObject {
  key: string
  name: string
  population: number | null
}

/** Every living area of a level, those without a case too: a street without cases is a finding. */
export function listAreas(db: Queryable, cityId: number, kind: AreaKind): Promise<NamedObject[]> {
  if (kind === 'grid') {
    return db.query(sql`select distinct on (g.code) g.code as key, coalesce(g.name, g.code) as name, g.population from unit_grids g
      where g.city_id = ${cityId} and g.valid_to is null and g.status = 'valid' order by g.code`)
  }
  return db.query(sql`select distinct on (a.code) a.code as key, a.name, a.population from administrative_areas a
    where a.city_id = ${cityId} and a.level = ${kind} and a.valid_to is null and not a.outside_city order by a.code`)
}
