import type { ExpressionSpecification } from 'maplibre-gl'
import { fromTiles } from '../tile-sources.ts'
import { FONT } from '../fonts.ts'
import { type LayerDrawing, layerId } from './layer-drawing.ts'

export const EXTRUSION_ZOOM = 14.5
const height: ExpressionSpecification = ['coalesce', ['get', 'height'], 9]

/** Footprints from afar, solids from z 14.5 on, rising as one comes nearer; brighter the higher. */
export const buildings: LayerDrawing = {
  by: 'maplibre',
  selects: 'buildings',
  pointable: ['flat', 'solid'],
  layers: ({ tokens: { map }, opacity, isQuiet }) => {
    const [low, middle, high, highest] = map.buildings
    const colour: ExpressionSpecification = ['interpolate', ['linear'], height, 4, low, 20, middle, 55, high, 110, highest]
    return {
      area: [
        {
          id: layerId('buildings', 'flat'),
          type: 'fill',
          ...fromTiles('buildings'),
          maxzoom: EXTRUSION_ZOOM + 0.1,
          paint: { 'fill-color': ['interpolate', ['linear'], height, 4, map.buildingFlat, 60, middle, 110, high], 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.5 * opacity * (isQuiet ? 0.4 : 1), 14.5, opacity * (isQuiet ? 0.4 : 1)] },
        },
      ],
      building: [
        {
          id: layerId('buildings', 'solid'),
          type: 'fill-extrusion',
          ...fromTiles('buildings'),
          minzoom: EXTRUSION_ZOOM,
          paint: {
            'fill-extrusion-color': ['case', ['boolean', ['feature-state', 'hover'], false], map.hover, colour],
            'fill-extrusion-height': ['interpolate', ['linear'], ['zoom'], EXTRUSION_ZOOM, 0, EXTRUSION_ZOOM + 0.7, height],
            'fill-extrusion-base': 0,
            'fill-extrusion-opacity': (isQuiet ? 0.3 : 0.92) * opacity,
            'fill-extrusion-vertical-gradient': true,
          },
        },
      ],
      label: [
        {
          id: layerId('buildings', 'name'),
          type: 'symbol',
          ...fromTiles('buildings'),
          minzoom: 16.6,
          filter: ['has', 'name'],
          layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11, 'text-max-width': 7, 'text-padding': 6, 'symbol-sort-key': ['-', 0, height] },
          paint: { 'text-color': map.labelQuiet, 'text-halo-color': map.halo, 'text-halo-width': 1.2, 'text-opacity': opacity },
        },
      ],
    }
  },
  legend: ({ map }) => [
    {
      kind: 'ramp',
      label: { zh: '建筑高度', en: 'Building height' },
      unit: 'm',
      steps: [
        { colour: map.buildings[0], from: 0, to: 12 },
        { colour: map.buildings[1], from: 12, to: 35 },
        { colour: map.buildings[2], from: 35, to: 80 },
        { colour: map.buildings[3], from: 80, to: Infinity },
      ],
    },
  ],
}
