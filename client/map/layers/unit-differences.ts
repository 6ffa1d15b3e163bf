/** Units by how their ratio changed between two versions, in percentage points: losses warm, gains cool, no change grey, no value hatched. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import type { TileLayer } from '../../../server/contract/layers.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { hatchId } from '../icons/patterns.ts'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, layerId, whenHovered } from './layer-drawing.ts'

/** Feature-state of a unit: a class of CHANGE_CLASSES. A unit without it was not asked about. */
export const CHANGE_STATE = 'change'
/** Positions in the ramp of change; below it for no value. */
const NO_VALUE = -1
const NO_CHANGE = 2
export type ChangeClass = 0 | 1 | typeof NO_CHANGE | 3 | 4 | typeof NO_VALUE
const UNCHANGED_OPACITY = 0.3
const CHANGED_OPACITY = 0.72

/** How much of its colour a class that has a value lays on the map. */
export const changeOpacity = (of: ChangeClass): number => (of === NO_CHANGE ? UNCHANGED_OPACITY : CHANGED_OPACITY)

/** The layers that the pointer finds units by. */
export const UNIT_LAYERS = [layerId('scenario', 'areas'), layerId('scenario', 'cells')]

/** Between small and large changes, percentage points: the middle one of those that there are, to one digit. Null where nothing changed. */
export function changeLimit(points: readonly (number | null)[]): number | null {
  const sizes = points.flatMap((one) => (one === null || one === 0 ? [] : [Math.abs(one)])).sort((a, b) => a - b)
  const middle = sizes[sizes.length >> 1]
  return middle === undefined ? null : Number(middle.toPrecision(1))
}

export function changeClass(points: number | null, limit: number | null): ChangeClass {
  if (points === null) return NO_VALUE
  if (points === 0 || limit === null) return NO_CHANGE
  if (points < 0) return points <= -limit ? 0 : 1
  return points >= limit ? 4 : 3
}

export interface ChangeLegendRow {
  class: ChangeClass
  colour: string
  /** Least and most of the units in it, percentage points; null for no value. */
  from: number | null
  to: number | null
  count: number
}

/** The classes that there are, losses first, with what lies in them. */
export function changeLegend(points: readonly (number | null)[], { change, noData }: Pick<ThemeTokens, 'change' | 'noData'>): ChangeLegendRow[] {
  const limit = changeLimit(points)
  return ([0, 1, 2, 3, 4, NO_VALUE] as const).flatMap((one) => {
    const within = points.filter((value) => changeClass(value, limit) === one)
    const values = within.filter((value) => value !== null)
    if (within.length === 0) return []
    return [{ class: one, colour: one === NO_VALUE ? noData : change[one], from: values.length > 0 ? Math.min(...values) : null, to: values.length > 0 ? Math.max(...values) : null, count: within.length }]
  })
}

/** @param chosen id of the unit that is looked at */
export function unitDifferenceLayers({ change, noData, map }: ThemeTokens, chosen: string | null): { area: LayerSpecification[]; line: LayerSpecification[] } {
  const state: ExpressionSpecification = ['coalesce', ['feature-state', CHANGE_STATE], -9]
  const colour = ['match', state, ...change.flatMap((one, index) => [index, one]), 'rgba(0,0,0,0)'] as unknown as ExpressionSpecification
  const layersOf = (tileLayer: Extract<TileLayer, 'administrative_areas' | 'unit_grids'>, part: string, width: ExpressionSpecification) => ({
    area: [
      { id: layerId('scenario', part), type: 'fill' as const, ...fromTiles(tileLayer), paint: { 'fill-color': colour, 'fill-opacity': ['match', state, NO_CHANGE, UNCHANGED_OPACITY, [0, 1, 3, 4], CHANGED_OPACITY, 0] as unknown as ExpressionSpecification, 'fill-antialias': false } },
      { id: layerId('scenario', `${part}-none`), type: 'fill' as const, ...fromTiles(tileLayer), paint: { 'fill-pattern': hatchId(noData), 'fill-opacity': ['case', ['==', state, NO_VALUE], 0.4, 0] as unknown as ExpressionSpecification } },
    ],
    line: [
      { id: layerId('scenario', `${part}-edges`), type: 'line' as const, ...fromTiles(tileLayer), paint: { 'line-color': whenHovered(map.selection, map.land), 'line-opacity': ['case', ['>', state, -9], 0.9, 0] as unknown as ExpressionSpecification, 'line-width': width } },
      { id: layerId('scenario', `${part}-chosen`), type: 'line' as const, ...fromTiles(tileLayer), filter: ['==', ['get', 'id'], chosen ?? ''] as unknown as ExpressionSpecification, layout: { 'line-join': 'round' as const }, paint: { 'line-color': map.selection, 'line-width': 3 } },
    ],
  })
  const parts = [layersOf('administrative_areas', 'areas', byZoom(1, [9, 0.6], [13, whenHovered(2.4, 1.4) as never])), layersOf('unit_grids', 'cells', byZoom(1, [12, 0.2], [16, whenHovered(2.2, 1.2) as never]))]
  return { area: parts.flatMap(({ area }) => area), line: parts.flatMap(({ line }) => line) }
}
