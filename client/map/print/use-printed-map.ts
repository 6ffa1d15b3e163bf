/** A second map out of sight, as large as the paper asks, with all that lies on the first: drawn once, then gone. */
import type { Layer } from '@deck.gl/core'
import { Map as MapLibreMap, type StyleSpecification } from 'maplibre-gl'
import { markRaw, onScopeDispose, shallowRef } from 'vue'
import type { MappedGap } from '../../stores/gaps.ts'
import type { LayersState } from '../../stores/state.ts'
import { useDeck } from '../use-deck.ts'
import { type ToldFeature, useFeatureStates } from '../use-feature-states.ts'
import { useGapStates } from '../use-gap-states.ts'
import { useGridStates } from '../use-grid-states.ts'
import { addImage } from '../use-map.ts'
import type { PrintedMap } from './draw-page.ts'
import { metersOfPixel, type PageLayout } from './page-layout.ts'
import type { ScenarioShown } from './scenario-legend.ts'

/** What lies on the map. */
export interface MapContent {
  style: StyleSpecification
  /** Made anew: a deck.gl layer, and what it has brought to the card, belongs to one map. @param seam between two versions, share of the sheet's map */
  deckLayers: (seam: number) => Layer[]
  gridValues: LayersState['gridValues']
  gaps: readonly MappedGap[]
  /** What else features of the tiles are told. */
  states: readonly ToldFeature[]
  /** What of a scenario the legend explains. */
  scenario: ScenarioShown
}

export interface PrintCamera {
  center: [number, number]
  zoom: number
  bearing: number
  pitch: number
  /** Where the seam of two versions stands, share of the sheet's map. */
  seam: number
}

/** A map that is not drawn by then never will be: tiles that do not come, a card out of memory. */
const PATIENCE_MILLISECONDS = 90_000

const FRAMES_FOR_DECK = 4

function settled(map: MapLibreMap, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('The map was not drawn in time.')), PATIENCE_MILLISECONDS)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    map.once('webglcontextlost', () => reject(new Error('The graphics card gave up on a map of this size.')))
    map.once('idle', () => {
      clearTimeout(patience)
      resolve()
    })
  })
}

/** Draws content for a page; one at a time. Call it in a component's setup. */
export function usePrintedMap(content: () => MapContent) {
  const map = shallowRef<MapLibreMap | null>(null)
  const still = shallowRef<Layer[]>([])
  useDeck(map, () => still.value)
  useGridStates(map, () => content().gridValues)
  useGapStates(map, () => content().gaps)
  useFeatureStates(map, () => content().states)

  let remove = (): void => {}
  onScopeDispose(() => remove())

  /** @throws the signal's reason when given up; Error when it is not drawn in time or does not fit on the card */
  async function draw<Result>(layout: PageLayout, { seam, ...camera }: PrintCamera, isScaleChosen: boolean, signal: AbortSignal, use: (printed: PrintedMap) => Promise<Result>): Promise<Result> {
    const element = document.createElement('div')
    Object.assign(element.style, { position: 'fixed', left: '-100000px', top: '0', width: `${layout.map.width}px`, height: `${layout.map.height}px` })
    element.setAttribute('aria-hidden', 'true')
    document.body.append(element)
    const side = Math.ceil(Math.max(layout.map.width, layout.map.height) * layout.ratio)
    const printed = markRaw(new MapLibreMap({ container: element, style: content().style, ...camera, maxPitch: 70, attributionControl: false, interactive: false, fadeDuration: 0, pixelRatio: layout.ratio, maxCanvasSize: [side, side] }))
    remove = () => {
      map.value = null
      still.value = []
      printed.remove()
      element.remove()
      remove = () => {}
    }
    try {
      printed.setMissingStyleImageResolver((id) => addImage(printed, id))
      const isLoaded = new Promise<void>((resolve) => printed.once('load', () => resolve()))
      await Promise.race([isLoaded, settled(printed, signal)])
      signal.throwIfAborted()
      // As they are now: what moves is never done.
      still.value = content().deckLayers(seam)
      map.value = printed
      // deck.gl takes some frames to load its pictures and attributes, which the map knows nothing of.
      for (let frame = 0; frame < FRAMES_FOR_DECK; frame += 1) {
        printed.triggerRepaint()
        await settled(printed, signal)
      }
      // The drawing buffer is kept only until the task ends: draw and copy belong together.
      printed.redraw()
      return await use({ canvas: printed.getCanvas(), metersPerPixel: metersOfPixel(printed.getZoom(), printed.getCenter().lat), bearing: printed.getBearing(), isScaleChosen })
    } finally {
      remove()
    }
  }

  return { draw }
}
