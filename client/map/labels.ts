/** Names of places: one point per place, from the catalogue of features, since a shape cut into tiles would be named once per tile. */
import type { FeatureCollection, Point } from 'geojson'
import type { ExpressionSpecification, FilterSpecification, SymbolLayerSpecification } from 'maplibre-gl'
import type { FeatureRow } from '../../server/contract/layers.ts'
import { FONT } from './fonts.ts'
import { byZoom, type DrawingContext, layerId } from './layers/layer-drawing.ts'
import type { DrawingId } from '../stores/state.ts'

export const LABEL_SOURCE = 'labels'
/** Kinds whose names stand at points. */
export const LABEL_KINDS = ['administrative_areas', 'green_spaces', 'water_bodies', 'terrain_areas'] as const
export type LabelKind = (typeof LABEL_KINDS)[number]

interface LabelProperties {
  kind: LabelKind
  name: string
  /** square metres; 0 when unknown */
  area: number
  level: 'county' | 'street' | 'community' | ''
}
export type LabelPoints = FeatureCollection<Point, LabelProperties>

/** Level of an area by its 12-digit code: a county ends in six zeros, a street in three. */
export function levelOfCode(code: string | null): LabelProperties['level'] {
  if (code === null) return ''
  if (/0{6}$/.test(code)) return 'county'
  return /0{3}$/.test(code) ? 'street' : 'community'
}

/** Rows with a name and a place as label points, largest first, so that the larger wins where two collide. */
export function labelPoints(rows: readonly FeatureRow[]): LabelPoints {
  const wanted: readonly string[] = LABEL_KINDS
  const features = rows.flatMap((row): LabelPoints['features'] => {
    if (!row.name || !row.center || !wanted.includes(row.kind)) return []
    const kind = row.kind as LabelKind
    return [{ type: 'Feature', geometry: { type: 'Point', coordinates: [...row.center] }, properties: { kind, name: row.name, area: row.areaM2 ?? 0, level: kind === 'administrative_areas' ? levelOfCode(row.code) : '' } }]
  })
  features.sort((a, b) => b.properties.area - a.properties.area)
  return { type: 'FeatureCollection', features }
}

interface LabelLook {
  part: string
  minzoom: number
  maxzoom?: number
  filter: FilterSpecification
  size: ExpressionSpecification
  colour: string
  spacing: number
  haloWidth?: number
  width?: number
}

function label(drawing: DrawingId, { tokens: { map }, opacity }: DrawingContext, look: LabelLook): SymbolLayerSpecification {
  return {
    id: layerId(drawing, look.part),
    type: 'symbol',
    source: LABEL_SOURCE,
    minzoom: look.minzoom,
    ...(look.maxzoom === undefined ? {} : { maxzoom: look.maxzoom }),
    filter: ['all', ['==', ['get', 'kind'], drawing], look.filter] as FilterSpecification,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': FONT,
      'text-size': look.size,
      'text-letter-spacing': look.spacing,
      'text-max-width': look.width ?? 8,
      'text-padding': 6,
      'symbol-sort-key': ['-', 0, ['get', 'area']],
    },
    paint: { 'text-color': look.colour, 'text-halo-color': map.halo, 'text-halo-width': look.haloWidth ?? 1.5, 'text-halo-blur': 0.4, 'text-opacity': opacity },
  }
}

/** Square metres from which a name is shown, by zoom. */
const areaFrom = (...steps: (readonly [zoom: number, squareMetres: number])[]): FilterSpecification =>
  ['>=', ['get', 'area'], ['step', ['zoom'], Number.MAX_SAFE_INTEGER, ...steps.flat()]] as unknown as FilterSpecification

const isLevel = (level: string): FilterSpecification => ['==', ['get', 'level'], level]

/** Label layers of a drawing, the least important first: later layers win the room. */
export function labelLayers(drawing: DrawingId, context: DrawingContext): SymbolLayerSpecification[] {
  const { map } = context.tokens
  switch (drawing) {
    case 'green_spaces':
      return [label(drawing, context, { part: 'name', minzoom: 11, filter: areaFrom([11, 400_000], [12, 150_000], [13, 40_000], [14, 12_000], [15, 2_500], [16, 0]), size: byZoom(1, [11, 10.5], [14, 11.5], [17, 13.5]), colour: map.labelPark, spacing: 0.03, width: 7 })]
    case 'water_bodies':
      return [label(drawing, context, { part: 'name', minzoom: 10, filter: areaFrom([10, 2_000_000], [12, 200_000], [13, 40_000], [15, 4_000], [16, 0]), size: byZoom(1, [10, 12], [14, 15], [17, 17]), colour: map.labelWater, spacing: 0.35, width: 12 })]
    case 'terrain_areas':
      return [label(drawing, context, { part: 'name', minzoom: 10, filter: areaFrom([10, 3_000_000], [12, 300_000], [13, 0]), size: byZoom(1, [10, 10.5], [14, 13]), colour: map.labelPark, spacing: 0.15 })]
    case 'administrative_areas':
      return [
        label(drawing, context, { part: 'name-community', minzoom: 13.4, filter: isLevel('community'), size: byZoom(1, [13, 11], [16, 13.5]), colour: map.labelQuiet, spacing: 0.08 }),
        label(drawing, context, { part: 'name-street', minzoom: 10.2, maxzoom: 15, filter: isLevel('street'), size: byZoom(1, [10, 11.5], [12, 13.5], [14, 17]), colour: map.labelStrong, spacing: 0.16, haloWidth: 1.8 }),
        label(drawing, context, { part: 'name-county', minzoom: 8, maxzoom: 11.6, filter: isLevel('county'), size: byZoom(1, [8, 12], [11, 18]), colour: map.labelStrong, spacing: 0.3, haloWidth: 2 }),
      ]
    default:
      return []
  }
}
