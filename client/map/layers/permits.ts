/** Permits to use public space: areas hatched by a dashed line, lines and points in the same colour; never mistaken for incidents, which are filled marks. */
import type { FilterSpecification } from 'maplibre-gl'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId, whenHovered } from './layer-drawing.ts'

const LABEL = { zh: '占道、挖掘、施工许可', en: 'Permit (occupation, excavation, works)' }
const DASH = [3, 1.5]
const isArea: FilterSpecification = ['==', ['geometry-type'], 'Polygon']
const isPoint: FilterSpecification = ['==', ['geometry-type'], 'Point']

export const permits: LayerDrawing = {
  by: 'maplibre',
  selects: 'permits',
  pointable: ['fill', 'point'],
  layers: ({ tokens, opacity }) => {
    const colour = tokens.categorical[2]
    const drawn = whenHovered(tokens.map.hover, colour)
    return {
      area: [{ id: layerId('permits', 'fill'), type: 'fill', ...fromTiles('permits'), filter: isArea, paint: { 'fill-color': colour, 'fill-opacity': 0.14 * opacity, 'fill-antialias': false } }],
      line: [
        { id: layerId('permits', 'line'), type: 'line', ...fromTiles('permits'), layout: { 'line-join': 'round' }, paint: { 'line-color': drawn, 'line-opacity': opacity, 'line-width': byZoom(1.3, [12, 1.2], [16, 2.4]), 'line-dasharray': DASH } },
        { id: layerId('permits', 'point'), type: 'circle', ...fromTiles('permits'), filter: isPoint, paint: { 'circle-radius': 5, 'circle-color': 'transparent', 'circle-stroke-color': drawn, 'circle-stroke-width': 2, 'circle-stroke-opacity': opacity } },
      ],
    }
  },
  legend: ({ categorical }) => [{ kind: 'fill', label: LABEL, colour: categorical[2], outline: categorical[2], opacity: 0.14 }],
}
