/** What of the indicator sheet is looked at: homes that no park of a rule reaches, by people. */
import type { GeoJSONSourceSpecification, LayerSpecification } from 'maplibre-gl'
import type { SheetPicture } from '../../stores/indicators.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { byZoom, layerId } from './layer-drawing.ts'

export function sheetCollection(picture: SheetPicture | null): GeoJSONSourceSpecification['data'] {
  const features = (picture?.homes ?? []).map(({ position, people }) => ({ type: 'Feature', properties: { people }, geometry: { type: 'Point', coordinates: [...position] } }))
  return { type: 'FeatureCollection', features } as GeoJSONSourceSpecification['data']
}

export function sheetLayers({ gap, map }: ThemeTokens): { building: LayerSpecification[] } {
  return {
    building: [{
      id: layerId('indicators', 'homes'), type: 'circle', source: 'indicators',
      paint: {
        'circle-radius': byZoom(1.4, [10, 1.1], [13, 2.6], [15, 4.6], [18, 11]),
        // The more people, the warmer: the ramp of blind spots.
        'circle-color': ['step', ['get', 'people'], gap[2], 20, gap[3], 60, gap[4]],
        'circle-opacity': 0.9, 'circle-stroke-color': map.selectionHalo, 'circle-stroke-width': byZoom(1.2, [13, 0], [16, 1]), 'circle-pitch-alignment': 'map',
      },
    }],
  }
}
