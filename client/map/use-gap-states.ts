import type { Map as MapLibreMap } from 'maplibre-gl'
import type { ShallowRef } from 'vue'
import { type GapKind, gapKind } from '../../server/contract/management-gaps.ts'
import type { MappedGap } from '../stores/gaps.ts'
import { GAP_STATE, GAP_STRENGTH_STATE } from './layers/management-gaps.ts'
import { useFeatureStates } from './use-feature-states.ts'

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

/** Tells each drawn unit on the map its kind and gravity. */
export function useGapStates(map: ShallowRef<MapLibreMap | null>, units: () => readonly MappedGap[]): void {
  useFeatureStates(map, () => {
    const strengths = gapStrengths(units())
    return units().flatMap(({ id, drawnBy, kind }, index) => (drawnBy === null ? [] : [{ drawnBy, id, state: { [GAP_STATE]: kind, [GAP_STRENGTH_STATE]: strengths[index]! } }]))
  })
}
