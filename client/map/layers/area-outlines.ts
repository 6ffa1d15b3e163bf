/** Areas of management that lie over the ground: a light tint, a plain outline of their own dash, told apart without colour. */
import type { LineLayerSpecification } from 'maplibre-gl'
import type { TileLayer } from '../../../server/contract/layers.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId, type LegendText, whenHovered } from './layer-drawing.ts'

interface AreaLook {
  layer: Exclude<TileLayer, 'administrative_areas'>
  label: LegendText
  colour: (tokens: ThemeTokens) => string
  fillOpacity: number
  width: number
  dash?: number[]
  isPointable: boolean
}

function areaDrawing({ layer, label, colour, fillOpacity, width, dash, isPointable }: AreaLook): LayerDrawing {
  return {
    by: 'maplibre',
    selects: layer,
    pointable: isPointable ? ['fill'] : [],
    layers: ({ tokens, opacity }) => {
      const line: LineLayerSpecification = {
        id: layerId(layer, 'line'),
        type: 'line',
        ...fromTiles(layer),
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': whenHovered(tokens.map.hover, colour(tokens)),
          'line-opacity': opacity,
          'line-width': byZoom(1.3, [10, width * 0.7], [16, width * 1.5]),
          ...(dash ? { 'line-dasharray': dash } : {}),
        },
      }
      return {
        area: [
          {
            id: layerId(layer, 'fill'),
            type: 'fill',
            ...fromTiles(layer),
            paint: { 'fill-color': colour(tokens), 'fill-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], Math.min(1, fillOpacity * 1.8) * opacity, fillOpacity * opacity], 'fill-antialias': false },
          },
        ],
        line: [line],
      }
    },
    legend: (tokens) => [
      fillOpacity > 0
        ? { kind: 'fill', label, colour: colour(tokens), outline: colour(tokens), opacity: fillOpacity }
        : { kind: 'line', label, colour: colour(tokens), width, ...(dash ? { dash } : {}) },
    ],
  }
}

export const builtUpAreas = areaDrawing({ layer: 'built_up_areas', label: { zh: '建成区界', en: 'Built-up area' }, colour: ({ ui }) => ui.t3, fillOpacity: 0.03, width: 2, dash: [4, 2, 1, 2], isPointable: false })
export const residentialAreas = areaDrawing({ layer: 'residential_areas', label: { zh: '居住用地', en: 'Residential land' }, colour: ({ categorical }) => categorical[1], fillOpacity: 0.16, width: 0.8, isPointable: true })
export const historicDistricts = areaDrawing({ layer: 'historic_districts', label: { zh: '历史文化街区', en: 'Historic district' }, colour: ({ categorical }) => categorical[3], fillOpacity: 0.12, width: 1.6, dash: [1.5, 1.5], isPointable: true })
export const greenLines = areaDrawing({ layer: 'green_lines', label: { zh: '城市绿线', en: 'Green control line' }, colour: ({ ui }) => ui.green, fillOpacity: 0, width: 1.8, dash: [6, 2], isPointable: true })
export const controlAreas = areaDrawing({ layer: 'control_areas', label: { zh: '管控区域', en: 'Control area' }, colour: ({ categorical }) => categorical[5], fillOpacity: 0.06, width: 1.6, dash: [2, 2], isPointable: true })
export const leftoverPlots = areaDrawing({ layer: 'leftover_plots', label: { zh: '边角地、闲置地（候选）', en: 'Leftover plot (candidate)' }, colour: ({ ui }) => ui.amber, fillOpacity: 0.3, width: 1.2, isPointable: true })
