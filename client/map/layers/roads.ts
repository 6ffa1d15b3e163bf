import type { ExpressionSpecification, LayerSpecification, LineLayerSpecification, SymbolLayerSpecification } from 'maplibre-gl'
import { FONT } from '../fonts.ts'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, type DrawingContext, type LayerDrawing, layerId } from './layer-drawing.ts'
import { BRIDGE_CASING, byRank, CASING, ofRanks, roadWidth } from './road-classes.ts'

const isStreet: ExpressionSpecification = ['!', ofRanks('path', 'rail')]
const isBridge: ExpressionSpecification = ['==', ['get', 'bridge'], true]
const sortKey = byRank({ minor: 0, tertiary: 1, secondary: 2, primary: 3, trunk: 4 })

function street(part: string, filter: ExpressionSpecification, paint: NonNullable<LineLayerSpecification['paint']>, minzoom?: number): LineLayerSpecification {
  const tiles = fromTiles('roads')
  return {
    id: layerId('roads', part),
    type: 'line',
    ...tiles,
    minzoom: minzoom ?? tiles.minzoom,
    filter,
    layout: { 'line-cap': part.startsWith('bridge') ? 'butt' : 'round', 'line-join': 'round', 'line-sort-key': sortKey },
    paint,
  }
}

/** Streets from casing to surface, bridges above them, rails with ties. */
function lines({ tokens: { map }, opacity }: DrawingContext): LayerSpecification[] {
  const surface = byRank({ minor: map.roadMinor, tertiary: map.road, secondary: map.road, primary: map.roadMajor, trunk: map.roadTrunk })
  const notBridge: ExpressionSpecification = ['all', isStreet, ['!', isBridge]]
  const bridge: ExpressionSpecification = ['all', isStreet, isBridge]
  const tiles = fromTiles('roads')
  return [
    {
      id: layerId('roads', 'path'),
      type: 'line',
      ...tiles,
      minzoom: 14,
      filter: ofRanks('path'),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': map.path, 'line-opacity': opacity, 'line-width': byZoom(1.4, [14, 0.6], [17, 2], [19, 4]), 'line-dasharray': [2, 1.2] },
    },
    street('casing', notBridge, { 'line-color': map.roadCasing, 'line-width': roadWidth(CASING), 'line-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.5 * opacity, 13, opacity] }, 11),
    street('surface', notBridge, { 'line-color': surface, 'line-width': roadWidth(), 'line-opacity': opacity }),
    {
      id: layerId('roads', 'rail'),
      type: 'line',
      ...tiles,
      filter: ofRanks('rail'),
      paint: { 'line-color': map.rail, 'line-opacity': opacity, 'line-width': byZoom(1.4, [9, 0.8], [13, 2.2], [16, 4], [18, 7]) },
    },
    {
      id: layerId('roads', 'rail-ties'),
      type: 'line',
      ...tiles,
      minzoom: 12,
      filter: ofRanks('rail'),
      paint: { 'line-color': map.railTie, 'line-opacity': opacity, 'line-width': byZoom(1.4, [12, 0.8], [13, 1.2], [16, 2.4], [18, 4.6]), 'line-dasharray': [4, 4] },
    },
    street('bridge-casing', bridge, { 'line-color': map.bridgeCasing, 'line-width': roadWidth(BRIDGE_CASING), 'line-opacity': opacity }, 11),
    street('bridge', bridge, { 'line-color': surface, 'line-width': roadWidth(), 'line-opacity': opacity }),
  ]
}

function label(part: string, context: DrawingContext, minzoom: number, filter: ExpressionSpecification, size: ExpressionSpecification, spacing: number): SymbolLayerSpecification {
  const { tokens: { map }, locale, opacity } = context
  return {
    id: layerId('roads', part),
    type: 'symbol',
    ...fromTiles('roads'),
    minzoom,
    filter: ['all', ['has', 'name'], filter],
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': spacing,
      'text-field': locale === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name'],
      'text-font': FONT,
      'text-size': size,
      'text-letter-spacing': locale === 'en' ? 0.02 : 0.12,
      'text-padding': 12,
      'text-max-angle': 32,
      'symbol-sort-key': ['-', 0, sortKey],
      'text-rotation-alignment': 'map',
    },
    paint: { 'text-color': part === 'name-major' ? map.label : map.labelQuiet, 'text-halo-color': map.halo, 'text-halo-width': 1.4, 'text-opacity': opacity },
  }
}

/** Streets by rank that read as a map: casing, surface, bridges, rails, and names along the line. */
export const roads: LayerDrawing = {
  by: 'maplibre',
  selects: 'roads',
  pointable: ['surface', 'bridge', 'rail'],
  layers: (context) => ({
    line: lines(context),
    label: [
      label('name-minor', context, 14.6, ['all', isStreet, ['!', ofRanks('trunk', 'primary', 'secondary')]], byZoom(1, [14, 10.5], [18, 13]), 260),
      label('name-rail', context, 13, ofRanks('rail'), byZoom(1, [13, 10.5], [18, 12]), 420),
      label('name-major', context, 12.2, ofRanks('trunk', 'primary', 'secondary'), byZoom(1, [12, 11], [15, 12.5], [18, 15]), 360),
    ],
  }),
  legend: ({ map }) => [
    { kind: 'line', label: { zh: '快速路', en: 'Expressway' }, colour: map.roadTrunk, casing: map.roadCasing, width: 5 },
    { kind: 'line', label: { zh: '主、次干路', en: 'Arterial road' }, colour: map.roadMajor, casing: map.roadCasing, width: 4 },
    { kind: 'line', label: { zh: '支路、街巷', en: 'Street and lane' }, colour: map.road, casing: map.roadCasing, width: 2.5 },
    { kind: 'line', label: { zh: '铁路、轨道', en: 'Railway' }, colour: map.rail, width: 3, dash: [4, 4] },
  ],
}
