/** Where the map looks: the app's wishes are carried out, and where it came to rest is told once. */
import { LngLatBounds, type Map as MapLibreMap } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'
import type { BoundingBox } from '../../server/contract/geojson.ts'
import type { Camera, ViewState } from '../stores/state.ts'
import { MOTION } from '../theme/tokens.ts'

export interface CameraOptions {
  map: ShallowRef<MapLibreMap | null>
  wish: () => ViewState['wish']
  padding: () => ViewState['padding']
  /** The city's own extent; the map does not wander far from it. */
  cityBox: () => BoundingBox | null
  carriedOut: () => void
  movedTo: (camera: Omit<Camera, 'by'>, box: BoundingBox) => void
}

/** Least room round a wished box, CSS pixels. */
const BOX_MARGIN = 48

/** The box grown on all sides by a share of its own size. */
export function grownBox([west, south, east, north]: BoundingBox, share: number): BoundingBox {
  const [width, height] = [(east - west) * share, (north - south) * share]
  return [west - width, south - height, east + width, north + height]
}

/** How much nearer than its whole extent a city is first shown: its built-up middle fills the picture, the open country runs out of it. */
const HOME_NEARER = 1.15

function isSameBox(a: BoundingBox | null, b: BoundingBox): boolean {
  return a !== null && a.every((value, index) => value === b[index])
}

/** Camera options of a wish on a map of this size; null when it cannot be fulfilled. A wish for the city's own box is a wish for the home view. */
function target(map: MapLibreMap, wish: NonNullable<ViewState['wish']>, cityBox: BoundingBox | null) {
  if (wish.kind === 'camera') {
    const { longitude, latitude, zoom, bearing, pitch } = wish.camera
    return {
      ...(longitude !== undefined && latitude !== undefined ? { center: [longitude, latitude] as [number, number] } : {}),
      ...(zoom !== undefined ? { zoom } : {}),
      ...(bearing !== undefined ? { bearing } : {}),
      ...(pitch !== undefined ? { pitch } : {}),
    }
  }
  const [west, south, east, north] = wish.box
  const { clientWidth, clientHeight } = map.getContainer()
  const margin = Math.min(BOX_MARGIN, clientWidth / 8, clientHeight / 8)
  const bounds = new LngLatBounds([west, south], [east, north])
  if (isSameBox(cityBox, wish.box)) {
    const whole = map.cameraForBounds(bounds, { padding: 0, bearing: 0 })
    if (!whole) return null
    // Never nearer than the city is wide: what leaves the picture leaves it on the shorter side only.
    const share = Math.max(clientWidth, clientHeight) / Math.max(1, Math.min(clientWidth, clientHeight))
    return { center: whole.center, zoom: (whole.zoom ?? 10) + Math.min(HOME_NEARER, Math.log2(share) + 0.6), bearing: 0, pitch: 0 }
  }
  return map.cameraForBounds(bounds, { padding: margin, maxZoom: wish.maxZoom ?? 17, bearing: map.getBearing() }) ?? null
}

function isFar(map: MapLibreMap, center: unknown): boolean {
  return Array.isArray(center) && !map.getBounds().contains(center as [number, number])
}

/** Follows wishes, padding and city; reports each rest. */
export function useCamera({ map, wish, padding, cityBox, carriedOut, movedTo }: CameraOptions): void {
  let isFirst = true
  /** The box that the picture was last fitted to, while nobody has moved the map since. */
  let fitted: NonNullable<ViewState['wish']> | null = null

  function report(present: MapLibreMap): void {
    const { lng, lat } = present.getCenter()
    const bounds = present.getBounds()
    movedTo({ longitude: lng, latitude: lat, zoom: present.getZoom(), bearing: present.getBearing(), pitch: present.getPitch() }, [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()])
  }

  function carryOut(present: MapLibreMap, wanted: NonNullable<ViewState['wish']>): void {
    const camera = target(present, wanted, cityBox())
    carriedOut()
    fitted = wanted.kind === 'box' ? wanted : null
    if (!camera) return
    // The first look is simply there; later ones are travelled to (at once where reduced motion is asked for).
    if (isFirst) present.jumpTo(camera)
    else travel(present, camera)
  }

  function travel(present: MapLibreMap, camera: NonNullable<ReturnType<typeof target>>): void {
    if (isFar(present, camera.center)) present.flyTo({ ...camera, duration: MOTION.fly })
    else present.easeTo({ ...camera, duration: MOTION.fly / 2 })
  }

  watch(
    map,
    (present) => {
      if (!present) return
      present.on('moveend', () => report(present))
      present.on('resize', () => {
        report(present)
        // A panel that opens beside what was just asked for, or another screen size, must not cut it off.
        const camera = fitted && target(present, fitted, cityBox())
        if (camera) travel(present, camera)
      })
      for (const begun of ['dragstart', 'zoomstart', 'rotatestart', 'pitchstart'] as const) present.on(begun, (event) => event.originalEvent && (fitted = null))
    },
    { flush: 'sync' },
  )

  watch(
    [map, cityBox],
    ([present, box]) => {
      if (present && box) present.setMaxBounds(grownBox(box, 0.75))
    },
    { immediate: true },
  )

  watch(
    [map, padding],
    ([present, next]) => {
      if (!present) return
      if (isFirst) present.setPadding(next)
      else present.easeTo({ padding: next, duration: MOTION.drawer })
    },
    { deep: true },
  )

  watch(
    [map, wish],
    ([present, wanted]) => {
      if (!present) return
      if (wanted) carryOut(present, wanted)
      else if (isFirst) report(present)
      isFirst = false
    },
    { immediate: true },
  )
}
