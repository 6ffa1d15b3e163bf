/** The mend that is looked at: the change itself, and the homes that it serves. */
import type { ExpressionSpecification, GeoJSONSourceSpecification, LayerSpecification } from 'maplibre-gl'
import type { Geometry } from '../../../server/contract/geojson.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { byZoom, layerId } from './layer-drawing.ts'

export interface MendShapes {
  geometry: Geometry
  homes: readonly (readonly [number, number])[]
}

export function mendCollection(mend: MendShapes | null): GeoJSONSourceSpecification['data'] {
  if (!mend) return { type: 'FeatureCollection', features: [] }
  return {
    type: 'FeatureCollection',
    features: [
      ...mend.homes.map((position) => ({ type: 'Feature', properties: { role: 'home' }, geometry: { type: 'Point', coordinates: [...position] } })),
      { type: 'Feature', properties: { role: 'mend' }, geometry: mend.geometry },
    ],
  } as GeoJSONSourceSpecification['data']
}

export function mendLayers({ map, ui }: ThemeTokens): LayerSpecification[] {
  const isMend: ExpressionSpecification = ['==', ['get', 'role'], 'mend']
  const isA = (type: string): ExpressionSpecification => ['all', isMend, ['==', ['geometry-type'], type]]
  return [
    { id: layerId('mend', 'homes'), type: 'circle', source: 'mend', filter: ['==', ['get', 'role'], 'home'], paint: { 'circle-radius': byZoom(1.2, [11, 2], [15, 4.5], [18, 9]), 'circle-color': ui.green, 'circle-stroke-color': map.selectionHalo, 'circle-stroke-width': 1.2, 'circle-pitch-alignment': 'map' } },
    { id: layerId('mend', 'fill'), type: 'fill', source: 'mend', filter: isA('Polygon'), paint: { 'fill-color': ui.green, 'fill-opacity': 0.35, 'fill-antialias': false } },
    { id: layerId('mend', 'rim'), type: 'line', source: 'mend', filter: ['all', isMend, ['!=', ['geometry-type'], 'Point']], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': map.selectionHalo, 'line-width': 7, 'line-opacity': 0.8 } },
    { id: layerId('mend', 'line'), type: 'line', source: 'mend', filter: ['all', isMend, ['!=', ['geometry-type'], 'Point']], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': ui.amber, 'line-width': 3.5 } },
    { id: layerId('mend', 'point'), type: 'circle', source: 'mend', filter: isA('Point'), paint: { 'circle-radius': 8, 'circle-color': ui.amber, 'circle-stroke-color': map.selectionHalo, 'circle-stroke-width': 2.5, 'circle-pitch-alignment': 'viewport' } },
  ]
}
