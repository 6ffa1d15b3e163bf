/** The map's life: created when its element stands, gone with the component. The library is told once where its worker lies. */
import { Map as MapLibreMap, type MapOptions, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { markRaw, onBeforeUnmount, onMounted, type Ref, type ShallowRef, shallowRef } from 'vue'
import { hatchImage, PATTERN_PIXEL_RATIO } from './icons/patterns.ts'
import { SYMBOL_PIXELS_PER_UNIT, symbolImage } from './icons/symbols.ts'

setWorkerUrl(workerUrl)

/** Draws an image of ours the first time a style asks for it. */
export function addImage(map: MapLibreMap, id: string): void {
  const symbol = symbolImage(id)
  if (symbol) map.addImage(id, symbol, { sdf: true, pixelRatio: SYMBOL_PIXELS_PER_UNIT })
  const hatch = symbol ? null : hatchImage(id)
  if (hatch) map.addImage(id, hatch, { pixelRatio: PATTERN_PIXEL_RATIO })
}

/** How long a lost graphics context may stay away before the page is loaded again, its state being in the address. */
const RESTORE_MILLISECONDS = 10_000

/**
 * Creates the map in the element, and anew when its graphics context was lost: what deck.gl keeps on the card cannot be had back
 * on the same canvas, so the map takes a fresh one. An unattended wall must not go blind.
 * @param options of the map, read whenever it is created
 * @returns the map once it has loaded; null before and while it is made anew
 * @throws from `onMounted` when the browser offers no WebGL 2
 */
export function useMap(element: Ref<HTMLElement | null>, options: () => Omit<MapOptions, 'container'>): ShallowRef<MapLibreMap | null> {
  const loaded = shallowRef<MapLibreMap | null>(null)
  let map: MapLibreMap | null = null
  let resize: ResizeObserver | null = null
  let reloadTimer: ReturnType<typeof setTimeout> | undefined

  function create(container: HTMLElement): void {
    const created = markRaw(new MapLibreMap({ container, attributionControl: false, trackResize: false, fadeDuration: 150, maxPitch: 70, ...options() }))
    map = created
    created.setMissingStyleImageResolver((id) => addImage(created, id))
    created.once('load', () => {
      loaded.value = created
    })
    created.once('idle', () => clearTimeout(reloadTimer))
    created.on('webglcontextlost', () => {
      if (map !== created) return
      clearTimeout(reloadTimer)
      reloadTimer = setTimeout(() => window.location.reload(), RESTORE_MILLISECONDS)
    })
    created.on('webglcontextrestored', () => {
      if (map !== created) return
      destroy()
      create(container)
    })
  }

  function destroy(): void {
    const old = map
    map = null
    loaded.value = null
    old?.remove()
  }

  onMounted(() => {
    const container = element.value
    if (!container) return
    create(container)
    // The element's own size, not the window's: panels open and close beside it.
    resize = new ResizeObserver(() => map?.resize())
    resize.observe(container)
  })

  onBeforeUnmount(() => {
    resize?.disconnect()
    clearTimeout(reloadTimer)
    destroy()
  })

  return loaded
}
