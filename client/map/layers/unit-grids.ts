import { fromTiles } from '../tile-sources.ts'
import { FONT } from '../fonts.ts'
import { type LayerDrawing, layerId, whenHovered } from './layer-drawing.ts'

/** Unit grid cells: hairlines, codes when near. */
export const unitGrids: LayerDrawing = {
  by: 'maplibre',
  selects: 'unit_grids',
  pointable: ['hit'],
  layers: ({ tokens: { map }, opacity }) => ({
    area: [
      {
        id: layerId('unit_grids', 'hit'),
        type: 'fill',
        ...fromTiles('unit_grids'),
        paint: { 'fill-color': map.hover, 'fill-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], 0.16 * opacity, 0], 'fill-antialias': false },
      },
    ],
    line: [
      {
        id: layerId('unit_grids', 'line'),
        type: 'line',
        ...fromTiles('unit_grids'),
        paint: {
          'line-color': whenHovered(map.hover, map.gridLine),
          'line-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.3 * opacity, 13, 0.6 * opacity, 15, 0.9 * opacity],
          'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.4, 14, whenHovered(1.6, 0.8), 17, whenHovered(2.4, 1.4)],
        },
      },
    ],
    label: [
      {
        id: layerId('unit_grids', 'code'),
        type: 'symbol',
        ...fromTiles('unit_grids'),
        minzoom: 16.4,
        layout: { 'text-field': ['get', 'code'], 'text-font': FONT, 'text-size': 10, 'text-padding': 10 },
        paint: { 'text-color': map.labelQuiet, 'text-halo-color': map.halo, 'text-halo-width': 1.2, 'text-opacity': 0.8 * opacity },
      },
    ],
  }),
  legend: ({ map }) => [{ kind: 'line', label: { zh: '单元网格', en: 'Unit grid cell' }, colour: map.gridLine, width: 1 }],
}
