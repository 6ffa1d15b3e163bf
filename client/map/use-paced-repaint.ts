import type { Map as MapLibreMap } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'

/** A picture drawn within this time needs no rest after it. */
const SMOOTH_MILLISECONDS = 34

/**
 * Draws the map again as something moves that is no part of its style. Where a picture takes long, as without a graphics card, it
 * rests as long as it took before the next, so that what is dragged follows the hand and the picture comes after.
 */
export function usePacedRepaint(map: ShallowRef<MapLibreMap | null>, moving: () => unknown): void {
  let isDrawing = false
  let isStale = false

  function draw(present: MapLibreMap): void {
    isDrawing = true
    isStale = false
    const startedAt = performance.now()
    present.once('render', () => requestAnimationFrame(() => {
      const took = performance.now() - startedAt
      setTimeout(() => {
        if (map.value !== present) return
        isDrawing = false
        if (isStale) draw(present)
      }, took > SMOOTH_MILLISECONDS ? took : 0)
    }))
    present.triggerRepaint()
  }

  watch(moving, () => {
    isStale = true
    if (map.value && !isDrawing) draw(map.value)
  })
  // A map that is gone tells of no picture.
  watch(map, () => (isDrawing = false), { flush: 'sync' })
}
