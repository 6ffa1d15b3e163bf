/** The map as the rest of the console may know it: for furniture inside the map, and for what a toolbar asks of it. */
import type { Map as MapLibreMap } from 'maplibre-gl'
import { inject, type InjectionKey, provide, type ShallowRef, shallowRef } from 'vue'

export interface MapContext {
  /** null before the first load and after the map is gone */
  map: ShallowRef<MapLibreMap | null>
  /** The picture as it stands, with its caption, as PNG; null when there is no map. */
  snapshot: ShallowRef<(() => Promise<Blob>) | null>
}

const KEY: InjectionKey<MapContext> = Symbol('map')

/** Call it in a component that encloses MapView and whoever needs the map. */
export function provideMapContext(): MapContext {
  const context: MapContext = { map: shallowRef(null), snapshot: shallowRef(null) }
  provide(KEY, context)
  return context
}

/** The context of an enclosing component; null where there is none. */
export function useMapContext(): MapContext | null {
  return inject(KEY, null)
}
