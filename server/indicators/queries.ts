import type { IndicatorChoices } from '../contract/planning-indicators.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** Districts, then streets, by code; of a code that several layers carry the newest layer's. */
export function listUnits(db: Queryable, cityId: number): Promise<IndicatorChoices['units']> {
  return db.query(sql`select level, code, name from (
      select distinct on (level, code) level, code, name from administrative_areas where city_id = ${cityId} and valid_to is null and level in ('county', 'street') order by level, code, layer_id desc) area
    order by level, code limit 5000`)
}

/** Diameter of the largest circle within each green space, metres, fitted to a thousandth of its extent. */
export async function listParkWidths(db: Queryable, cityId: number, srid: number, heard: () => void): Promise<Map<string, number>> {
  const widths = new Map<string, number>()
  for (let after = 0; ; ) {
    const page = await db.query<{ rowId: number; id: string; width: number }>(sql`
      select f.id as "rowId", f.public_id as id, 2 * (st_maximuminscribedcircle(st_transform(case when st_isvalid(f.geom) then f.geom else st_makevalid(f.geom) end, ${srid}::int))).radius as width
      from green_spaces f where f.city_id = ${cityId} and f.valid_to is null and f.id > ${after} and st_dimension(f.geom) = 2 and not st_isempty(f.geom) order by f.id limit 500`)
    for (const { id, width } of page) widths.set(id, width)
    heard()
    if (page.length < 500) return widths
    after = page.at(-1)!.rowId
  }
}

export async function hasBuiltUpArea(db: Queryable, cityId: number): Promise<boolean> {
  return (await db.query<{ found: boolean }>(sql`select exists (select 1 from built_up_areas where city_id = ${cityId} and valid_to is null) as found`))[0]!.found
}

export async function hasWalkingNetwork(db: Queryable, cityId: number): Promise<boolean> {
  return (await db.query<{ found: boolean }>(sql`select exists (select 1 from path_edges where city_id = ${cityId} and valid_to is null) as found`))[0]!.found
}
