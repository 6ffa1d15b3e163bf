/** Supply per person: homes or units in classes round the standard, orange where it is missed, blue where it is met; magenta where nothing is in reach. */
import type { ExpressionSpecification, GeoJSONSourceSpecification, LayerSpecification } from 'maplibre-gl'
import type { SupplyPicture } from '../../stores/supply.ts'
import type { Theme } from '../../stores/state.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { classColour } from '../value-classes.ts'
import { byZoom, layerId } from './layer-drawing.ts'

type Classes = SupplyPicture['classes']

/** Colour of each class; the first is of those whom nothing reaches. */
export function supplyColours({ change, coverage, gap }: ThemeTokens, classes: Classes, hasStandard: boolean): string[] {
  // The first of the ramp is the ground's own colour.
  const ramp = hasStandard ? change : coverage.slice(1)
  return classes.map((_one, index) => (index === 0 ? gap[2] : classColour(ramp, index - 1, classes.length - 1)))
}

/** Class of a value; −1 without one. */
export function supplyStep(value: number | null, classes: Classes): number {
  if (value === null) return -1
  if (value === 0) return 0
  const index = classes.findIndex(({ upTo }, at) => at > 0 && (upTo === null || value < upTo * (1 - 1e-9)))
  return index < 0 ? classes.length - 1 : index
}

export function supplyCollection(picture: SupplyPicture | null): GeoJSONSourceSpecification['data'] {
  if (!picture) return { type: 'FeatureCollection', features: [] }
  const { level, classes, drawing } = picture
  const features =
    level === 'points'
      ? drawing.points.perPerson.map((value, index) => ({ type: 'Feature', properties: { step: supplyStep(value, classes) }, geometry: { type: 'Point', coordinates: [drawing.points.positions[index * 2], drawing.points.positions[index * 2 + 1]] } }))
      : drawing[level].map(({ geometry, perPerson }) => ({ type: 'Feature', properties: { step: supplyStep(perPerson, classes) }, geometry }))
  return { type: 'FeatureCollection', features } as GeoJSONSourceSpecification['data']
}

export function supplyLayers(tokens: ThemeTokens, theme: Theme, { level, classes, hasStandard }: SupplyPicture): Partial<Record<'area' | 'building', LayerSpecification[]>> {
  const colours = supplyColours(tokens, classes, hasStandard)
  const colour = ['match', ['get', 'step'], ...colours.flatMap((one, index) => [index, one]), tokens.noData] as unknown as ExpressionSpecification
  if (level === 'points') {
    return {
      building: [{ id: layerId('supply', 'points'), type: 'circle', source: 'supply', paint: { 'circle-radius': byZoom(1.4, [10, 1.1], [13, 2.6], [15, 4.6], [18, 11]), 'circle-color': colour, 'circle-opacity': 0.9, 'circle-stroke-color': tokens.map.selectionHalo, 'circle-stroke-width': byZoom(1.2, [13, 0], [16, 1]), 'circle-pitch-alignment': 'map' } }],
    }
  }
  const known: ExpressionSpecification = ['>=', ['get', 'step'], 0]
  return {
    area: [
      { id: layerId('supply', 'fill'), type: 'fill', source: 'supply', filter: known, paint: { 'fill-color': colour, 'fill-opacity': theme === 'night' ? 0.62 : 0.66, 'fill-antialias': false } },
      { id: layerId('supply', 'edge'), type: 'line', source: 'supply', paint: { 'line-color': tokens.map.selectionHalo, 'line-opacity': 0.5, 'line-width': byZoom(1.2, [10, level === 'cells' ? 0 : 0.6], [15, 1.4]) } },
    ],
  }
}
