/** Use cases of the catalogue. */
import type { CityRow } from '../cities/cities.ts'
import { type CatalogueLayer, FeatureKind } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import { listCatalogue } from './queries.ts'

export { layersChanged } from './changed.ts'

const ORDER: readonly string[] = FeatureKind.options

/** The catalogue in the order of the layer panel: by kind, then by title. */
export async function listLayers(db: Queryable, city: CityRow): Promise<CatalogueLayer[]> {
  const layers = await listCatalogue(db, city.cityId)
  return layers.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}
