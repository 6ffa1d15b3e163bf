/** deck.gl inside the map: one overlay, between the levels of the style, for each map that is made. */
import type { Layer } from '@deck.gl/core'
import { MapLibreOverlay } from '@deck.gl/maplibre'
import type { Map as MapLibreMap } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'

/** Puts the layers on the map, once its style is there (before that, deck.gl would not find the levels), and keeps them there. */
export function useDeck(map: ShallowRef<MapLibreMap | null>, layers: () => Layer[]): void {
  let overlay: MapLibreOverlay | null = null

  watch(
    map,
    (present) => {
      // A map that goes takes its overlay with it.
      overlay = null
      if (!present) return
      overlay = new MapLibreOverlay({ interleaved: true, layers: layers() })
      present.addControl(overlay)
    },
    { flush: 'sync' },
  )

  watch(layers, (next) => overlay?.setProps({ layers: next }))
}
