import type { ExpressionSpecification } from 'maplibre-gl'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { hatchId } from '../icons/patterns.ts'
import { fromTiles } from '../tile-sources.ts'
import { classColour, valueClasses } from '../value-classes.ts'
import { type LayerDrawing, layerId, type LegendText } from './layer-drawing.ts'

/**
 * Feature-state of a cell: `measure` is the position of its colour in the ramp (0 to 4), -1 for zero, -2 for no value.
 * A cell without this state has not been asked about yet.
 */
export const MEASURE_STATE = 'measure'
export const MEASURE_ZERO = -1
export const MEASURE_NONE = -2

const LABELS: Record<string, LegendText> = {
  open_incidents: { zh: '未结案件', en: 'Open cases' },
  overdue_incidents: { zh: '超时案件', en: 'Overdue cases' },
  incidents_30_days: { zh: '近 30 日案件', en: 'Cases, last 30 days' },
  population: { zh: '人口', en: 'Population' },
  parts: { zh: '部件', en: 'Parts' },
  green_share: { zh: '绿地占比', en: 'Share of green' },
}

/** Burdens are drawn in the warm ramp, endowments in the green one. */
export function measureRamp(tokens: ThemeTokens, measure: string): readonly string[] {
  return measure.includes('incidents') ? tokens.gap : tokens.coverage
}

function fillColour(ramp: readonly string[]): ExpressionSpecification {
  const state: ExpressionSpecification = ['coalesce', ['feature-state', MEASURE_STATE], -3]
  return ['match', state, ...ramp.flatMap((colour, index) => [index, colour]), 'rgba(0,0,0,0)'] as unknown as ExpressionSpecification
}

/** Cells coloured by the chosen measure; the ramp is told by `gridMeasure` of the style's input. */
export function gridMeasureDrawing(measure: string): LayerDrawing {
  return {
    by: 'maplibre',
    selects: 'unit_grids',
    pointable: ['fill'],
    layers: ({ tokens, opacity }) => ({
      area: [
        { id: layerId('grid_measure', 'fill'), type: 'fill', ...fromTiles('unit_grids'), paint: { 'fill-color': fillColour(measureRamp(tokens, measure)), 'fill-opacity': opacity, 'fill-antialias': false } },
        {
          id: layerId('grid_measure', 'no-data'),
          type: 'fill',
          ...fromTiles('unit_grids'),
          minzoom: 12,
          paint: { 'fill-pattern': hatchId(tokens.noData), 'fill-opacity': ['case', ['==', ['coalesce', ['feature-state', MEASURE_STATE], -3], MEASURE_NONE], opacity, 0] },
        },
        {
          id: layerId('grid_measure', 'edge'),
          type: 'line',
          ...fromTiles('unit_grids'),
          minzoom: 12.5,
          paint: { 'line-color': tokens.map.land, 'line-opacity': 0.55 * opacity, 'line-width': ['interpolate', ['linear'], ['zoom'], 12.5, 0.3, 16, 1.2] },
        },
      ],
    }),
    legend: (tokens, data) => {
      const classes = valueClasses(data.gridValues ?? [])
      const ramp = measureRamp(tokens, data.gridMeasure ?? measure)
      const label = LABELS[data.gridMeasure ?? measure] ?? { zh: '网格指标', en: 'Cell measure' }
      return [
        { kind: 'ramp', label, unit: data.gridUnit ?? '', steps: classes.map((one, index) => ({ ...one, colour: classColour(ramp, index, classes.length) })) },
        { kind: 'fill', label: { zh: '无数据', en: 'No data' }, colour: tokens.noData, hatch: 'thin' },
      ]
    },
  }
}
