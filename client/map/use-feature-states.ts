import type { FeatureIdentifier, Map as MapLibreMap } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'
import type { TileLayer } from '../../server/contract/layers.ts'
import { bundleOf } from './tile-sources.ts'

/** What a feature of the tiles is told. */
export interface ToldFeature {
  drawnBy: TileLayer
  id: string
  state: Readonly<Record<string, string | number>>
}

/** Tells features of the tiles what they are drawn by; tiles that come later find it there, features no longer named forget it. */
export function useFeatureStates(map: ShallowRef<MapLibreMap | null>, features: () => readonly ToldFeature[]): void {
  let told: [FeatureIdentifier, string[]][] = []
  watch([map, features], ([present, next], [before]) => {
    if (!present) return
    if (present !== before) told = []
    const tell = (): void => {
      for (const [one, keys] of told) for (const key of keys) present.removeFeatureState(one, key)
      told = next.map(({ drawnBy, id, state }) => {
        const one = { source: bundleOf(drawnBy), sourceLayer: drawnBy, id }
        present.setFeatureState(one, state)
        return [one, Object.keys(state)]
      })
    }
    // The source comes with the city's style; what is told may be there first.
    if (present.getSource(bundleOf('unit_grids'))) tell()
    else present.once('styledata', tell)
  })
}
