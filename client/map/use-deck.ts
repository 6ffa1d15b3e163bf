/** deck.gl inside the map: one overlay, between the levels of the style, made anew when the graphics context is. */
import type { Layer } from '@deck.gl/core'
import { MapLibreOverlay } from '@deck.gl/maplibre'
import type { Map as MapLibreMap } from 'maplibre-gl'
import { onBeforeUnmount, type ShallowRef, shallowRef, watch } from 'vue'

/** How long after a restored context the map may stay without a finished picture before the page is loaded again, state in its address. */
const RESTORE_MILLISECONDS = 10_000

/**
 * Puts the layers on the map and keeps them there.
 * @returns counts the overlays made so far: layers that hold textures must be built anew for each
 */
export function useDeck(map: ShallowRef<MapLibreMap | null>, layers: (generation: number) => Layer[]): ShallowRef<number> {
  const generation = shallowRef(0)
  let overlay: MapLibreOverlay | null = null
  let reloadTimer: ReturnType<typeof setTimeout> | undefined

  function add(present: MapLibreMap): void {
    generation.value += 1
    overlay = new MapLibreOverlay({ interleaved: true, layers: layers(generation.value) })
    present.addControl(overlay)
  }

  function remove(present: MapLibreMap): void {
    if (overlay) present.removeControl(overlay)
    overlay = null
  }

  function followContext(present: MapLibreMap): void {
    present.on('webglcontextlost', () => remove(present))
    present.on('webglcontextrestored', () => {
      if (overlay) remove(present)
      add(present)
      clearTimeout(reloadTimer)
      reloadTimer = setTimeout(() => window.location.reload(), RESTORE_MILLISECONDS)
      present.once('idle', () => clearTimeout(reloadTimer))
    })
  }

  watch(map, (present, before) => {
    if (before) overlay = null
    if (!present) return
    add(present)
    followContext(present)
  })

  watch(
    () => layers(generation.value),
    (next) => overlay?.setProps({ layers: next }),
  )

  onBeforeUnmount(() => clearTimeout(reloadTimer))
  return generation
}
