import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface CatalogueRow {
  key: string
  kind: string
  titleZh: string
  titleEn: string
  owner: string
  source: string
  licence: string
  attribution: string | null
  sourceCrs: string
  dataDate: string | null
  rowCount: number
  quality: Record<string, unknown>
  version: number
  updatedAt: string
}

/** The layers of a city as its catalogue tells of them. */
export function listCatalogue(db: Queryable, cityId: number): Promise<CatalogueRow[]> {
  return db.query<CatalogueRow>(sql`select key, kind, title_zh as "titleZh", title_en as "titleEn", owner, source, licence, attribution, source_crs as "sourceCrs",
      data_date as "dataDate", row_count as "rowCount", quality, version, to_json(updated_at) as "updatedAt"
    from layers where city_id = ${cityId} order by kind, key`)
}
