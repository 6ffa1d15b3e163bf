/** What every writer of features calls in the transaction of its write. */
import { bumpKindVersions, getCity } from '../cities/cities.ts'
import type { FeatureKind } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import { publish } from '../live/publish.ts'

/**
 * Gives kinds of features a new version, so that no tile drawn before is asked for again, and tells every open console.
 * Call inside the transaction of the write; after its commit ring the doorbell.
 */
export async function layersChanged(tx: Queryable, city: { cityId: number; key: string }, kinds: readonly FeatureKind[]): Promise<void> {
  if (kinds.length === 0) return
  await bumpKindVersions(tx, city.cityId, [...new Set(kinds)])
  const { tileVersions } = await getCity(tx, city.key)
  await publish(tx, city.cityId, { type: 'layers.changed', city: city.key, kinds: [...new Set(kinds)], tileVersions })
}
