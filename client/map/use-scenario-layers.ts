/** What of scenarios lies on the map: homes that change, or two versions on either side of a seam. */
import type { Layer } from '@deck.gl/core'
import type { Map as MapLibreMap, Point } from 'maplibre-gl'
import { computed, type ShallowRef } from 'vue'
import { usePanelsStore } from '../stores/panels.ts'
import { useScenarioStore } from '../stores/scenario.ts'
import { useScenarioDifferenceStore } from '../stores/scenario-difference.ts'
import { useScenarioSwipeStore } from '../stores/scenario-swipe.ts'
import type { ThemeTokens } from '../theme/tokens.ts'
import { buildEntranceLayers } from './build-entrance-layers.ts'
import { buildScenarioLayers, buildShutLayers, shutBy } from './build-scenario-layers.ts'
import { buildDrawnLayers, buildSwipeLayers } from './build-swipe-layers.ts'
import { CHANGE_STATE, changeClass, changeLegend, changeLimit, UNIT_LAYERS } from './layers/unit-differences.ts'
import type { ScenarioShown } from './print/scenario-legend.ts'
import type { ToldFeature } from './use-feature-states.ts'
import type { Hit } from './use-pointer.ts'

const MIDDLE = 0.5

export function useScenarioLayers(map: ShallowRef<MapLibreMap | null>, tokens: () => ThemeTokens) {
  const panels = usePanelsStore()
  const scenario = useScenarioStore()
  const difference = useScenarioDifferenceStore()
  const swipe = useScenarioSwipeStore()

  const picture = computed(() => (panels.tool === 'scenario' && scenario.isOpen ? swipe.picture : null))
  /** What two versions differ by, where that is looked at; else what is drawn. */
  const homes = computed(() => {
    if (!scenario.isOpen || swipe.view) return null
    const shown = scenario.isMoving ? null : difference.answer
    if (shown) return { gained: shown.gained, lost: shown.lost }
    return scenario.answer && { gained: scenario.answer.gainedHomes, lost: scenario.answer.lostHomes }
  })
  /** Gates of what is chosen, and what is shut; a swipe draws its sides itself. */
  const marks = computed(() => (panels.tool === 'scenario' && scenario.isOpen && !swipe.view ? { gates: Float32Array.from(scenario.gates.flat()), shut: shutBy(scenario.edits) } : null))
  const markLayers = (): Layer[] => (marks.value ? [...buildEntranceLayers(marks.value.gates, tokens(), 'scenario-gates'), ...buildShutLayers(marks.value.shut, tokens())] : [])
  /** Moved without any layer made anew: the map has to be drawn again. */
  const seam = (): number => swipe.view?.seam ?? MIDDLE

  const hasUnits = computed(() => panels.tool === 'scenario' && scenario.isOpen && difference.view !== null && difference.all.length > 0)
  /** What the style has to know. */
  const comparison = computed(() => {
    if (!picture.value && !hasUnits.value) return null
    return { hasUnits: hasUnits.value, chosen: difference.all.find(({ code }) => code === difference.chosen)?.id ?? null }
  })
  /** Units of the difference by the class of their change. */
  const states = computed((): ToldFeature[] => {
    if (!hasUnits.value) return []
    const limit = changeLimit(difference.all.map(({ points }) => points))
    return difference.all.flatMap(({ id, points }) => (id === null ? [] : [{ drawnBy: difference.drawnBy, id, state: { [CHANGE_STATE]: changeClass(points, limit) } }]))
  })
  /** The unit under a point of the screen. */
  function unitAt(point: Point): Extract<Hit, { kind: 'unit' }> | null {
    const layers = UNIT_LAYERS.filter((layer) => map.value?.getLayer(layer))
    if (!hasUnits.value || !map.value || layers.length === 0) return null
    const found = map.value.queryRenderedFeatures(point, { layers }).find(({ state }) => state[CHANGE_STATE] !== undefined)
    return found ? { kind: 'unit', what: difference.drawnBy, id: String(found.properties['id']) } : null
  }

  /** Made anew for each map that draws them. */
  const layersAnew = (at = seam): Layer[] => [...buildScenarioLayers(homes.value, tokens()), ...markLayers(), ...buildSwipeLayers(picture.value, at, tokens())]
  /** For a sheet of paper, where no drawing tool shows what is changed; a swipe shows it on its sides. */
  const sheetLayers = (at: () => number): Layer[] => [...(marks.value ? buildDrawnLayers(scenario.edits, tokens()) : []), ...layersAnew(at)]
  /** What a legend has to explain. */
  const shown = computed((): ScenarioShown => ({
    hasDrawn: marks.value !== null && scenario.edits.length > 0,
    hasChangedHomes: homes.value !== null && homes.value.gained.length + homes.value.lost.length > 0,
    hasSides: picture.value !== null,
    units: hasUnits.value ? changeLegend(difference.all.map(({ points }) => points), tokens()) : [],
  }))
  return { seam, shown, comparison, states, unitAt, layers: computed(() => layersAnew()), sheetLayers }
}
