import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { BoundingBox } from '../../server/contract/geojson.ts'
import type { Camera, ViewState } from './state.ts'

/** Where the map looks. The app states wishes; the map carries them out and reports where it came to rest. */
export const useViewStore = defineStore('view', () => {
  const camera = ref<Camera>({ longitude: 104, latitude: 35, zoom: 3.5, bearing: 0, pitch: 0, by: 'app' })
  const boundingBox = shallowRef<BoundingBox | null>(null)
  const wish = shallowRef<ViewState['wish']>(null)
  const padding = ref({ left: 0, right: 0, top: 0, bottom: 0 })

  function wishCamera(next: Partial<Camera>): void {
    wish.value = { kind: 'camera', camera: next }
  }

  /** @param maxZoom keeps a tiny feature from filling the screen; default 17. */
  function wishBox(box: BoundingBox, maxZoom = 17): void {
    wish.value = { kind: 'box', box, maxZoom }
  }

  /** Puts a point in the middle, no farther away than `closest` allows to tell it from its neighbours. */
  function wishPoint([longitude, latitude]: readonly [number, number], closest = 16): void {
    wishCamera({ longitude, latitude, zoom: Math.max(camera.value.zoom, closest) })
  }

  function clearWish(): void {
    wish.value = null
  }

  /** The map came to rest. */
  function cameraMoved(next: Omit<Camera, 'by'>, box: BoundingBox): void {
    camera.value = { ...next, by: 'map' }
    boundingBox.value = box
  }

  function setPadding(next: Partial<ViewState['padding']>): void {
    padding.value = { ...padding.value, ...next }
  }

  return { camera, boundingBox, wish, padding, wishCamera, wishBox, wishPoint, clearWish, cameraMoved, setPadding }
})
