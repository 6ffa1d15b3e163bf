/** Legends of what is drawn, with what they depend on beside theme and language. */
import { gapKindsOf } from '../../../server/contract/management-gaps.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useCoverageStore } from '../../stores/coverage.ts'
import { useGapsStore } from '../../stores/gaps.ts'
import { useLayersStore } from '../../stores/layers.ts'
import type { DrawingId } from '../../stores/state.ts'
import type { LegendData } from './layer-drawing.ts'

export function useLegend() {
  const layers = useLayersStore()
  const gaps = useGapsStore()
  const coverage = useCoverageStore()
  const { t } = useWords()

  function legendDataOf(id: DrawingId): LegendData {
    if (id === 'grid_measure') return { gridMeasure: layers.gridMeasure, gridUnit: t(`layers.measureUnits.${layers.gridMeasure}`), gridValues: layers.gridValues?.values ?? [] }
    if (id === 'management_gaps') return { gapKinds: gapKindsOf(gaps.question.layer) }
    if (id === 'incidents') return { incidentColour: layers.incidentColour }
    if (id === 'coverage_blind_spots') return { blindSpotPeople: coverage.blindSpotShapes.map((one) => one.people) }
    return {}
  }

  /** Of what is asked for by an analysis, whether there is anything of it on the map. */
  function isDrawn(id: DrawingId): boolean {
    if (id === 'coverage_served') return coverage.served !== null
    if (id === 'coverage_blind_spots') return coverage.blindSpotShapes.length > 0
    return id !== 'management_gaps' || gaps.units.length > 0
  }

  return { legendDataOf, isDrawn }
}
