/** Marks of the answer in hand that are pointed at and chosen as its rows are: sites, and places that supply people. */
import type { Layer } from '@deck.gl/core'
import { computed, type ComputedRef, type Ref } from 'vue'
import { usePanelsStore } from '../stores/panels.ts'
import { usePlanningStore } from '../stores/planning.ts'
import { useSupplyStore } from '../stores/supply.ts'
import type { ThemeTokens } from '../theme/tokens.ts'
import { buildSitingLayers, siteAt } from './siting-layers.ts'
import { buildSupplyPlaceLayers, placeAt } from './supply-places.ts'
import type { Hit } from './use-pointer.ts'

const NO_HOMES = { positions: [], weights: [], servedBy: [], isCut: false }

export type MarkHit = Extract<Hit, { kind: 'site' | 'supply_place' }>

export function useAnswerMarks({ tokens, isFontReady }: { tokens: Ref<ThemeTokens>; isFontReady: Ref<boolean> }): {
  layers: ComputedRef<Layer[]>
  /** Layers of their own, for another map. */
  layersAnew: () => Layer[]
  /** What lies under a point of the screen; null for none. */
  markAt: (point: { x: number; y: number }, project: (place: [number, number]) => { x: number; y: number }) => MarkHit | null
  /** Chooses a mark, or lets it go where it was chosen. */
  choose: (hit: MarkHit) => void
} {
  const panels = usePanelsStore()
  const planning = usePlanningStore()
  const supply = useSupplyStore()

  const sites = computed(() => {
    if (!isFontReady.value || panels.tool !== 'sites') return null
    const drawing = planning.drawingOf('siting')
    if (drawing) return { ...drawing, chosen: planning.chosen, hovered: planning.hovered }
    // While it searches, the best so far stands there without its homes.
    const places = planning.runOf('siting')?.interim?.places ?? []
    return places.length > 0 ? { sites: places.map((position, index) => ({ number: index + 1, position, geometry: null })), homes: NO_HOMES, candidates: [], chosen: null, hovered: null } : null
  })
  const places = computed(() => (panels.tool === 'supply' && supply.picture && supply.places.length > 0 ? { places: supply.places, chosen: planning.chosen, hovered: planning.hovered } : null))
  const layersAnew = () => [...buildSitingLayers(sites.value, tokens.value), ...buildSupplyPlaceLayers(places.value, tokens.value)]

  return {
    layers: computed(layersAnew),
    layersAnew,
    markAt(point, project) {
      const site = sites.value && siteAt(sites.value, point, project)
      if (site !== null) return { kind: 'site', number: site }
      const place = places.value && placeAt(places.value, point, project)
      return place === null ? null : { kind: 'supply_place', number: place }
    },
    choose({ kind, number }) {
      planning.choose(planning.chosen === number ? null : number)
      panels.showResult(kind === 'site' ? 'sites' : 'supply')
    },
  }
}
