import type { Map as MapLibreMap } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'
import type { LayersState } from '../stores/state.ts'
import { MEASURE_NONE, MEASURE_STATE, MEASURE_ZERO } from './layers/grid-measure.ts'
import { bundleOf } from './tile-sources.ts'
import { classColour, CLASS_COUNT, classOf, valueClasses } from './value-classes.ts'

/** Position in the colour ramp of each value, as the feature-state of its cell says it. */
export function measureStates(values: readonly (number | null)[]): number[] {
  const classes = valueClasses(values)
  const positions = Array.from({ length: CLASS_COUNT }, (_, index) => index)
  return values.map((value) => {
    const index = classOf(value, classes)
    if (index === null) return MEASURE_NONE
    return index < 0 ? MEASURE_ZERO : classColour(positions, index, classes.length)
  })
}

/** Tells each cell on the map its place in the ramp; tiles that come later find it there. */
export function useGridStates(map: ShallowRef<MapLibreMap | null>, values: () => LayersState['gridValues']): void {
  const sourceLayer = 'unit_grids'
  const source = bundleOf(sourceLayer)
  let told = new Map<string, number>()
  watch([map, values], ([present, next], [before]) => {
    if (!present) return
    if (present !== before) told = new Map()
    const states = next ? measureStates(next.values) : []
    const now = new Map<string, number>(next?.ids.map((id, index) => [id, states[index]!]))
    const tell = (): void => {
      for (const id of told.keys()) if (!now.has(id)) present.removeFeatureState({ source, sourceLayer, id }, MEASURE_STATE)
      for (const [id, state] of now) if (told.get(id) !== state) present.setFeatureState({ source, sourceLayer, id }, { [MEASURE_STATE]: state })
      told = now
    }
    // The source comes with the city's style; values may be there first.
    if (present.getSource(source)) tell()
    else present.once('styledata', tell)
  })
}
