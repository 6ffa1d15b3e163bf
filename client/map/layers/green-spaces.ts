import type { ExpressionSpecification } from 'maplibre-gl'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId, whenHovered } from './layer-drawing.ts'

/** CJJ/T 85-2017: G14 游园 and pocket parks, G2 防护绿地, G3 广场用地, EG 区域绿地, XG 附属绿地; everything else reads as a park. */
const starts = (prefix: string, length: number): ExpressionSpecification => ['==', ['slice', ['coalesce', ['get', 'class'], ''], 0, length], prefix]
const isPocket: ExpressionSpecification = starts('G14', 3)
const isBelt: ExpressionSpecification = ['any', starts('G2', 2), starts('EG', 2), starts('XG', 2)]
const isSquare: ExpressionSpecification = starts('G3', 2)

/** Green land by class, with an edge; closed sites are dashed. */
export const greenSpaces: LayerDrawing = {
  by: 'maplibre',
  selects: 'green_spaces',
  pointable: ['fill'],
  layers: ({ tokens: { map }, opacity }) => ({
    ground: [
      {
        id: layerId('green_spaces', 'fill'),
        type: 'fill',
        ...fromTiles('green_spaces'),
        paint: { 'fill-color': ['case', isSquare, map.square, isBelt, map.greenBelt, isPocket, map.parkPocket, map.park], 'fill-opacity': opacity },
      },
      {
        id: layerId('green_spaces', 'edge'),
        type: 'line',
        ...fromTiles('green_spaces'),
        filter: ['!=', ['get', 'access'], 'closed'],
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': whenHovered(map.hover, map.parkEdge),
          'line-opacity': ['interpolate', ['linear'], ['zoom'], 10, ['case', isBelt, 0, isSquare, 0, 0.35 * opacity], 13, ['case', isBelt, 0.25 * opacity, isSquare, 0.4 * opacity, 0.8 * opacity]],
          'line-width': ['interpolate', ['linear'], ['zoom'], 10, 0.4, 13, whenHovered(2, 0.8), 16, whenHovered(2.6, 1.3)],
        },
      },
      {
        id: layerId('green_spaces', 'edge-closed'),
        type: 'line',
        ...fromTiles('green_spaces'),
        minzoom: 13,
        filter: ['==', ['get', 'access'], 'closed'],
        paint: { 'line-color': whenHovered(map.hover, map.labelQuiet), 'line-opacity': opacity, 'line-width': byZoom(1.2, [13, 1], [16, 1.6]), 'line-dasharray': [3, 2] },
      },
    ],
  }),
  legend: ({ map }) => [
    { kind: 'fill', label: { zh: '公园绿地', en: 'Park' }, colour: map.park, outline: map.parkEdge },
    { kind: 'fill', label: { zh: '游园、口袋公园', en: 'Pocket park' }, colour: map.parkPocket, outline: map.parkEdge },
    { kind: 'fill', label: { zh: '防护、附属与区域绿地', en: 'Green belt, attached and regional green' }, colour: map.greenBelt },
    { kind: 'fill', label: { zh: '广场', en: 'Square' }, colour: map.square, outline: map.squareEdge },
    { kind: 'line', label: { zh: '不开放', en: 'Closed to the public' }, colour: map.labelQuiet, width: 1.5, dash: [3, 2] },
  ],
}
