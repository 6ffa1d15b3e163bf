import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId } from './layer-drawing.ts'

/** The walkable network; an edge that a barrier closes is shown broken. */
export const pathEdges: LayerDrawing = {
  by: 'maplibre',
  selects: 'path_edges',
  pointable: ['open', 'barred'],
  layers: ({ tokens, opacity }) => ({
    line: [
      { id: layerId('path_edges', 'open'), type: 'line', ...fromTiles('path_edges'), filter: ['!', ['has', 'barrier']], paint: { 'line-color': tokens.ui.green, 'line-opacity': 0.75 * opacity, 'line-width': byZoom(1.4, [14, 0.6], [17, 2]) } },
      { id: layerId('path_edges', 'barred'), type: 'line', ...fromTiles('path_edges'), filter: ['has', 'barrier'], paint: { 'line-color': tokens.ui.amber, 'line-opacity': opacity, 'line-width': byZoom(1.4, [14, 1], [17, 2.6]), 'line-dasharray': [1.2, 1.6] } },
    ],
  }),
  legend: ({ ui }) => [
    { kind: 'line', label: { zh: '步行路段', en: 'Walkable edge' }, colour: ui.green, width: 1.5 },
    { kind: 'line', label: { zh: '受阻路段', en: 'Edge at a barrier' }, colour: ui.amber, width: 2, dash: [1.2, 1.6] },
  ],
}
