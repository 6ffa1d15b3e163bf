/** What lies under everything and cannot be switched off: land, and the city's ground a shade off it. */
import type { LayerSpecification, LightSpecification } from 'maplibre-gl'
import type { ThemeTokens } from '../theme/tokens.ts'
import type { Theme } from '../stores/state.ts'
import { layerId } from './layers/layer-drawing.ts'
import { fromTiles } from './tile-sources.ts'

/** Below every other layer. */
export function groundLayers({ map }: ThemeTokens): LayerSpecification[] {
  return [
    { id: layerId('basemap', 'land'), type: 'background', paint: { 'background-color': map.land } },
  ]
}

/** Between hills and water: the built-up city and its housing, hardly lighter than the land. */
export function cityGroundLayers({ map }: ThemeTokens): LayerSpecification[] {
  return [
    { id: layerId('basemap', 'urban'), type: 'fill', ...fromTiles('built_up_areas'), paint: { 'fill-color': map.urban, 'fill-antialias': false } },
    { id: layerId('basemap', 'residential'), type: 'fill', ...fromTiles('residential_areas'), paint: { 'fill-color': map.residential, 'fill-antialias': false } },
  ]
}

/** Low light from the north-west; softer by day. */
export function light(theme: Theme): LightSpecification {
  return { anchor: 'map', color: theme === 'night' ? '#DCEBEE' : '#FFFFFF', intensity: theme === 'night' ? 0.32 : 0.16, position: [1.5, 315, 40] }
}
