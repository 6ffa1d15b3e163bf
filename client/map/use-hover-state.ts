import type { FeatureIdentifier, Map as MapLibreMap } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'
import { TileLayer } from '../../server/contract/layers.ts'
import type { SelectionState } from '../stores/state.ts'
import { bundleOf } from './tile-sources.ts'

/** Where the map keeps the feature; null for what is not part of the style. */
function identify(hovered: SelectionState['hovered']): FeatureIdentifier | null {
  if (!hovered) return null
  if (hovered.kind === 'blind_spot') return { source: 'coverage-blind-spots', id: hovered.id }
  const tileLayer = TileLayer.safeParse(hovered.kind)
  return tileLayer.success ? { source: bundleOf(tileLayer.data), sourceLayer: tileLayer.data, id: hovered.id } : null
}

/** Lights the feature that is pointed at, on the map or in a list. */
export function useHoverState(map: ShallowRef<MapLibreMap | null>, hovered: () => SelectionState['hovered']): void {
  watch([map, hovered], ([present, next], [before, last]) => {
    if (!present) return
    const previous = before === present ? identify(last ?? null) : null
    if (previous && present.getSource(previous.source)) present.setFeatureState(previous, { hover: false })
    const now = identify(next)
    if (now && present.getSource(now.source)) present.setFeatureState(now, { hover: true })
  })
}
