/** What of the indicator sheet is looked at: homes that no park of a rule reaches, by people; stretches of road beyond their spacing. */
import type { GeoJSONSourceSpecification, LayerSpecification } from 'maplibre-gl'
import type { SheetPicture } from '../../stores/indicators.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { byZoom, layerId } from './layer-drawing.ts'

const pairsOf = (line: readonly number[]): [number, number][] => Array.from({ length: line.length / 2 }, (_value, at) => [line[at * 2]!, line[at * 2 + 1]!])

export function sheetCollection(picture: SheetPicture | null): GeoJSONSourceSpecification['data'] {
  const homes = (picture?.homes ?? []).map(({ position, people }) => ({ type: 'Feature', properties: { people }, geometry: { type: 'Point', coordinates: [...position] } }))
  const stretches = (picture?.stretches ?? []).map((line, number) => ({ type: 'Feature', properties: { isChosen: number === picture?.chosen }, geometry: { type: 'LineString', coordinates: pairsOf(line) } }))
  return { type: 'FeatureCollection', features: [...homes, ...stretches] } as GeoJSONSourceSpecification['data']
}

export function sheetLayers({ gap, map }: ThemeTokens): { building: LayerSpecification[] } {
  return {
    building: [
      {
        id: layerId('indicators', 'homes'), type: 'circle', source: 'indicators', filter: ['==', ['geometry-type'], 'Point'],
        paint: {
          'circle-radius': byZoom(1.4, [10, 1.1], [13, 2.6], [15, 4.6], [18, 11]),
          // The more people, the warmer: the ramp of blind spots.
          'circle-color': ['step', ['get', 'people'], gap[2], 20, gap[3], 60, gap[4]],
          'circle-opacity': 0.9, 'circle-stroke-color': map.selectionHalo, 'circle-stroke-width': byZoom(1.2, [13, 0], [16, 1]), 'circle-pitch-alignment': 'map',
        },
      },
      {
        id: layerId('indicators', 'casing'), type: 'line', source: 'indicators', filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': map.selectionHalo, 'line-width': ['case', ['get', 'isChosen'], 10, 6], 'line-opacity': 0.85 },
      },
      {
        id: layerId('indicators', 'stretches'), type: 'line', source: 'indicators', filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': ['case', ['get', 'isChosen'], gap[4], gap[3]], 'line-width': ['case', ['get', 'isChosen'], 6, 3.2] },
      },
    ],
  }
}
