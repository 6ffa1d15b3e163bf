import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId } from './layer-drawing.ts'

/** People per cell, the classes of the legend; the last is open upwards. */
const BREAKS = [1, 50, 150, 350, 700] as const

/** Population per cell, five classes; points (registers without areas) as dots of the same colours. */
export const populationCells: LayerDrawing = {
  by: 'maplibre',
  selects: 'population_cells',
  pointable: ['fill', 'dot'],
  layers: ({ tokens, opacity }) => {
    const [c0, c1, c2, c3, c4] = tokens.coverage
    const colour = ['step', ['coalesce', ['get', 'population'], 0], 'rgba(0,0,0,0)', BREAKS[0], c0, BREAKS[1], c1, BREAKS[2], c2, BREAKS[3], c3, BREAKS[4], c4] as never
    return {
      area: [
        { id: layerId('population_cells', 'fill'), type: 'fill', ...fromTiles('population_cells'), filter: ['!=', ['geometry-type'], 'Point'], paint: { 'fill-color': colour, 'fill-opacity': 0.8 * opacity, 'fill-antialias': false } },
        { id: layerId('population_cells', 'dot'), type: 'circle', ...fromTiles('population_cells'), filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-color': colour, 'circle-opacity': opacity, 'circle-radius': byZoom(1.6, [10, 1.4], [13, 3], [16, 7]) } },
      ],
    }
  },
  legend: (tokens) => [
    {
      kind: 'ramp',
      label: { zh: '人口（每格）', en: 'People per cell' },
      unit: '人',
      steps: tokens.coverage.map((colour, index) => ({ colour, from: BREAKS[index]!, to: index === BREAKS.length - 1 ? Infinity : BREAKS[index + 1]! - 1 })),
    },
  ],
}
