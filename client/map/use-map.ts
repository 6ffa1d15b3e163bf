/** The map's life: created when its element stands, gone with the component. The library is told once where its worker lies. */
import { Map as MapLibreMap, type MapOptions, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { markRaw, onBeforeUnmount, onMounted, type Ref, type ShallowRef, shallowRef } from 'vue'
import { hatchImage, PATTERN_PIXEL_RATIO } from './icons/patterns.ts'
import { SYMBOL_PIXELS_PER_UNIT, symbolImage } from './icons/symbols.ts'

setWorkerUrl(workerUrl)

/** Draws an image of ours the first time a style asks for it. */
function addImage(map: MapLibreMap, id: string): void {
  const symbol = symbolImage(id)
  if (symbol) map.addImage(id, symbol, { sdf: true, pixelRatio: SYMBOL_PIXELS_PER_UNIT })
  const hatch = symbol ? null : hatchImage(id)
  if (hatch) map.addImage(id, hatch, { pixelRatio: PATTERN_PIXEL_RATIO })
}

/**
 * Creates the map in the element.
 * @param options of the map, read when it is created
 * @returns the map once it has loaded; null before
 * @throws from `onMounted` when the browser offers no WebGL 2
 */
export function useMap(element: Ref<HTMLElement | null>, options: () => Omit<MapOptions, 'container'>): ShallowRef<MapLibreMap | null> {
  const loaded = shallowRef<MapLibreMap | null>(null)
  let map: MapLibreMap | null = null
  let resize: ResizeObserver | null = null

  onMounted(() => {
    if (!element.value) return
    const created = markRaw(new MapLibreMap({ container: element.value, attributionControl: false, trackResize: false, fadeDuration: 150, maxPitch: 70, ...options() }))
    map = created
    created.setMissingStyleImageResolver((id) => addImage(created, id))
    created.once('load', () => {
      loaded.value = created
    })
    // The element's own size, not the window's: panels open and close beside it.
    resize = new ResizeObserver(() => created.resize())
    resize.observe(element.value)
  })

  onBeforeUnmount(() => {
    resize?.disconnect()
    loaded.value = null
    map?.remove()
    map = null
  })

  return loaded
}
