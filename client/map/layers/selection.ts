/** The selection on top of everything: a line with a dark rim round it, so that it is seen on any ground. */
import type { LayerSpecification } from 'maplibre-gl'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { layerId } from './layer-drawing.ts'

export function selectionLayers({ map }: ThemeTokens): LayerSpecification[] {
  return [
    { id: layerId('selection', 'fill'), type: 'fill', source: 'selection', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': map.selection, 'fill-opacity': 0.1, 'fill-antialias': false } },
    { id: layerId('selection', 'rim'), type: 'line', source: 'selection', filter: ['!=', ['geometry-type'], 'Point'], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': map.selectionHalo, 'line-width': 5.5, 'line-opacity': 0.75 } },
    { id: layerId('selection', 'line'), type: 'line', source: 'selection', filter: ['!=', ['geometry-type'], 'Point'], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': map.selection, 'line-width': 2.5 } },
    {
      id: layerId('selection', 'point'),
      type: 'circle',
      source: 'selection',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-radius': 17, 'circle-color': map.selection, 'circle-opacity': 0.12, 'circle-stroke-color': map.selection, 'circle-stroke-width': 2.5, 'circle-pitch-alignment': 'viewport' },
    },
  ]
}
