import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId } from './layer-drawing.ts'

/** Water with a shallow glow along the shore and a fine edge. */
export const waterBodies: LayerDrawing = {
  by: 'maplibre',
  selects: 'water_bodies',
  pointable: ['fill'],
  layers: ({ tokens: { map }, opacity }) => ({
    ground: [
      { id: layerId('water_bodies', 'fill'), type: 'fill', ...fromTiles('water_bodies'), paint: { 'fill-color': map.water, 'fill-opacity': opacity } },
      {
        id: layerId('water_bodies', 'shallow'),
        type: 'line',
        ...fromTiles('water_bodies'),
        paint: {
          'line-color': map.waterGlow,
          'line-opacity': 0.9 * opacity,
          'line-width': byZoom(1.5, [9, 1.5], [12, 4], [16, 14]),
          'line-blur': byZoom(1.5, [9, 1.5], [12, 4], [16, 12]),
          'line-offset': byZoom(1.5, [9, 0.5], [12, 1.5], [16, 5]),
        },
      },
      {
        id: layerId('water_bodies', 'shore'),
        type: 'line',
        ...fromTiles('water_bodies'),
        layout: { 'line-join': 'round' },
        paint: { 'line-color': map.waterEdge, 'line-opacity': 0.75 * opacity, 'line-width': byZoom(1.3, [9, 0.5], [12, 0.9], [16, 1.6]) },
      },
    ],
  }),
  legend: ({ map }) => [{ kind: 'fill', label: { zh: '水体', en: 'Water' }, colour: map.water, outline: map.waterEdge }],
}
