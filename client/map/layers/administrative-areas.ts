import type { ExpressionSpecification, FilterSpecification, LineLayerSpecification } from 'maplibre-gl'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId } from './layer-drawing.ts'

/** Borders run along streets: from near they would read as lane markings, so they fade. */
const near = (far: number, opacity: number): ExpressionSpecification => ['interpolate', ['linear'], ['zoom'], 12.5, far * opacity, 15, 0.4 * far * opacity]

/** Boundaries by level, each with its own weight and dash. Names come from label points, one per area. */
export const administrativeAreas: LayerDrawing = {
  by: 'maplibre',
  selects: 'administrative_areas',
  pointable: [],
  layers: ({ tokens: { map }, opacity }) => {
    const boundary = (part: string, level: string, colour: string, width: LineLayerSpecification['paint'], minzoom: number, dash: number[]): LineLayerSpecification => {
      const filter: FilterSpecification = ['==', ['get', 'level'], level]
      return { id: layerId('administrative_areas', part), type: 'line', ...fromTiles('administrative_areas'), minzoom, filter, layout: { 'line-join': 'round' }, paint: { 'line-color': colour, 'line-dasharray': dash, ...width } }
    }
    return {
      line: [
        boundary('community', 'community', map.boundaryCommunity, { 'line-width': byZoom(1.3, [12, 0.6], [16, 1.4]), 'line-opacity': 0.85 * opacity }, 12.5, [1, 2]),
        boundary('street', 'street', map.boundaryStreet, { 'line-width': byZoom(1.3, [10, 0.7], [16, 2]), 'line-opacity': near(0.9, opacity) }, 9, [4, 2]),
        boundary('county', 'county', map.boundaryCounty, { 'line-width': byZoom(1.3, [8, 1], [16, 2.2]), 'line-opacity': near(0.65, opacity) }, 8, [6, 2, 1.5, 2]),
      ],
    }
  },
  legend: ({ map }) => [
    { kind: 'line', label: { zh: '区县界', en: 'District boundary' }, colour: map.boundaryCounty, width: 2, dash: [6, 2, 1.5, 2] },
    { kind: 'line', label: { zh: '街道界', en: 'Street-office boundary' }, colour: map.boundaryStreet, width: 1.5, dash: [4, 2] },
    { kind: 'line', label: { zh: '社区界', en: 'Community boundary' }, colour: map.boundaryCommunity, width: 1, dash: [1, 2] },
  ],
}
