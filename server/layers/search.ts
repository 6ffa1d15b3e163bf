/** Use case of the search over places, roads, parks, cells, parts, facilities and cases. */
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import type { SearchHit } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import { caseLimitOf, classLabels } from './features.ts'
import { kindLabel, type Label } from './labels.ts'
import { type FoundFeature, searchFeatures } from './search-queries.ts'

/** A search that takes longer is given up: nobody waits longer for a list under a field. */
const SEARCH_LIMIT_MS = 5000

/** What stands below a hit's name: its kind, its class, and where its name does not say it, its number or address. */
function subtitleOf(hit: FoundFeature, kind: string, label: string | undefined): string {
  const about = hit.kind === 'incidents' || hit.kind === 'facilities' ? hit.address : null
  const number = hit.code !== null && hit.code !== hit.title ? hit.code : null
  return [kind, label, number, about].filter((word) => word !== undefined && word !== null && word !== '').join(' · ')
}

/** Hits for a text, of cases those that the caller may see: the whole name or code first, then its beginning, then anywhere in a name. */
export async function search(db: Queryable, city: CityRow, principal: Principal, text: string, limit: number): Promise<SearchHit[]> {
  const found = await searchFeatures(db, city.cityId, await caseLimitOf(db, principal, city), text, limit, { timeoutMs: SEARCH_LIMIT_MS })
  const labels = new Map<FoundFeature, Label | undefined>()
  for (const kind of new Set(found.map((hit) => hit.kind))) {
    const hits = found.filter((hit) => hit.kind === kind)
    for (const [index, label] of (await classLabels(db, kind, hits)).entries()) labels.set(hits[index] as FoundFeature, label)
  }
  return found.map((hit) => {
    const kind = kindLabel(hit.kind)
    const label = labels.get(hit)
    return { kind: hit.kind, id: hit.id, title: hit.title, subtitleZh: subtitleOf(hit, kind.zh, label?.zh), subtitleEn: subtitleOf(hit, kind.en, label?.en), center: hit.center, boundingBox: hit.boundingBox }
  })
}
