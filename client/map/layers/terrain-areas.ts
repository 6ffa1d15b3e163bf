import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId } from './layer-drawing.ts'

/** Hills by height level: each level a shade apart, lit from the north-west by two soft edges. */
export const terrainAreas: LayerDrawing = {
  by: 'maplibre',
  selects: 'terrain_areas',
  pointable: [],
  layers: ({ tokens: { map }, opacity, theme }) => ({
    ground: [
      {
        id: layerId('terrain_areas', 'fill'),
        type: 'fill',
        ...fromTiles('terrain_areas'),
        layout: { 'fill-sort-key': ['coalesce', ['get', 'level'], 0] },
        paint: {
          'fill-color': ['step', ['coalesce', ['get', 'level'], 1], map.hills[0], 2, map.hills[1], 3, map.hills[2], 4, map.hills[3]],
          'fill-opacity': opacity,
          'fill-antialias': false,
        },
      },
      {
        id: layerId('terrain_areas', 'shade'),
        type: 'line',
        ...fromTiles('terrain_areas'),
        paint: {
          'line-color': theme === 'night' ? '#000000' : '#8FA78B',
          'line-opacity': (theme === 'night' ? 0.34 : 0.22) * opacity,
          'line-width': byZoom(1.4, [9, 2], [12, 5], [15, 12]),
          'line-blur': byZoom(1.4, [9, 2], [12, 5], [15, 12]),
          'line-translate': [2, 2],
          'line-translate-anchor': 'viewport',
        },
      },
      {
        id: layerId('terrain_areas', 'light'),
        type: 'line',
        ...fromTiles('terrain_areas'),
        paint: {
          'line-color': theme === 'night' ? map.hillEdge : '#FFFFFF',
          'line-opacity': 0.5 * opacity,
          'line-width': byZoom(1.4, [9, 1], [12, 2], [15, 5]),
          'line-blur': byZoom(1.4, [9, 1], [12, 1.5], [15, 4]),
          'line-translate': [-1, -1],
          'line-translate-anchor': 'viewport',
        },
      },
    ],
  }),
  legend: ({ map }) => [{ kind: 'fill', label: { zh: '山体林地', en: 'Hills and woods' }, colour: map.hills[2], outline: map.hillEdge }],
}
