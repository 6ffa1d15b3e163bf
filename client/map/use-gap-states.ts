import type { FeatureIdentifier, Map as MapLibreMap } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'
import { type GapKind, gapKind } from '../../server/contract/management-gaps.ts'
import type { MappedGap } from '../stores/gaps.ts'
import { GAP_STATE, GAP_STRENGTH_STATE } from './layers/management-gaps.ts'
import { bundleOf } from './tile-sources.ts'

const LEAST_STRENGTH = 0.3
const MOST_STRENGTH = 0.78
/** Units that are no gap stay in the background. */
const QUIET_STRENGTH = 0.16

/** How full each unit is drawn: by its place among the weights of its kind, so that one giant does not pale all others; unknown weight is drawn least. */
export function gapStrengths(units: readonly Pick<MappedGap, 'kind' | 'weight'>[]): number[] {
  const byKind = new Map<GapKind, number[]>()
  for (const { kind, weight } of units) if (weight !== null) byKind.set(kind, [...(byKind.get(kind) ?? []), weight])
  const ranks = new Map([...byKind].map(([kind, weights]) => {
    const distinct = [...new Set(weights)].sort((a, b) => a - b)
    return [kind, new Map(distinct.map((weight, index) => [weight, distinct.length === 1 ? 1 : index / (distinct.length - 1)]))]
  }))
  return units.map(({ kind, weight }) => {
    if (!gapKind(kind).isGap) return QUIET_STRENGTH
    const place = weight === null ? 0 : (ranks.get(kind)?.get(weight) ?? 0)
    return LEAST_STRENGTH + (MOST_STRENGTH - LEAST_STRENGTH) * place
  })
}

/** Tells each drawn unit on the map its kind and gravity; tiles that come later find it there. */
export function useGapStates(map: ShallowRef<MapLibreMap | null>, units: () => readonly MappedGap[]): void {
  let told: FeatureIdentifier[] = []
  watch([map, units], ([present, next], [before]) => {
    if (!present) return
    if (present !== before) told = []
    const strengths = gapStrengths(next)
    const tell = (): void => {
      for (const one of told) {
        present.removeFeatureState(one, GAP_STATE)
        present.removeFeatureState(one, GAP_STRENGTH_STATE)
      }
      told = []
      for (const [index, { id, drawnBy, kind }] of next.entries()) {
        if (drawnBy === null) continue
        const one = { source: bundleOf(drawnBy), sourceLayer: drawnBy, id }
        present.setFeatureState(one, { [GAP_STATE]: kind, [GAP_STRENGTH_STATE]: strengths[index] })
        told.push(one)
      }
    }
    // The source comes with the city's style; units may be there first.
    if (present.getSource(bundleOf('unit_grids'))) tell()
    else present.once('styledata', tell)
  })
}
