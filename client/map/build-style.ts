/** The whole style of the map as one value, from what is to be seen. Pure: the map itself works out what changed. */
import type { FeatureCollection } from 'geojson'
import type { FontFacesSpecification, GeoJSONSourceSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { City } from '../../server/contract/cities.ts'
import type { Geometry } from '../../server/contract/geojson.ts'
import type { MappedGap } from '../stores/gaps.ts'
import type { DrawingState, Locale, Theme } from '../stores/state.ts'
import type { SheetPicture } from '../stores/indicators.ts'
import type { SupplyPicture } from '../stores/supply.ts'
import { TOKENS } from '../theme/tokens.ts'
import { cityGroundLayers, groundLayers, light } from './basemap.ts'
import { LABEL_SOURCE, labelLayers, type LabelPoints } from './labels.ts'
import { blindSpotSteps } from './layers/coverage.ts'
import { drawingFor } from './layers/index.ts'
import { mendCollection, mendLayers, type MendShapes } from './layers/mend.ts'
import { sheetCollection, sheetLayers } from './layers/indicators.ts'
import { supplyCollection, supplyLayers } from './layers/supply.ts'
import { unitDifferenceLayers } from './layers/unit-differences.ts'
import type { DrawingContext } from './layers/layer-drawing.ts'
import { selectionLayers } from './layers/selection.ts'
import { type Slot, slotAnchor, SLOTS } from './slots.ts'
import { tileSources } from './tile-sources.ts'

export interface BlindSpotShape {
  id: string
  rank: number
  people: number | null
  geometry: Geometry
}

export interface StyleInput {
  city: Pick<City, 'key' | 'boundingBox'> | null
  theme: Theme
  locale: Locale
  /** Bottom to top. */
  drawings: readonly DrawingState[]
  gridMeasure: string
  tileVersions: Record<string, number>
  /** Scheme and host of the tile addresses. */
  origin: string
  fontFaces: FontFacesSpecification
  labels: LabelPoints
  served: Geometry | null
  blindSpots: readonly BlindSpotShape[]
  /** Units of management gaps; null while nobody asks for them. */
  gaps: readonly MappedGap[] | null
  selection: Geometry | null
  /** The mend that is looked at. */
  mend: MendShapes | null
  /** Supply per person, where that is looked at. */
  supply: SupplyPicture | null
  /** What of the indicator sheet is looked at. */
  sheet: SheetPicture | null
  /** Two versions of a scenario against each other, with the id of the unit that is looked at; null while nobody looks. */
  comparison: { hasUnits: boolean; chosen: string | null } | null
}

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** Drawings that answer a question; under them buildings step back. */
const ANALYSES = new Set<string>(['grid_measure', 'coverage_served', 'coverage_blind_spots', 'management_gaps', 'population_cells'])

function geojson(data: GeoJSONSourceSpecification['data'], more: Partial<GeoJSONSourceSpecification> = {}): GeoJSONSourceSpecification {
  return { type: 'geojson', data, ...more }
}

/** A geometry of the contract as GeoJSON; the server vouches for its coordinates. */
function asFeature(geometry: Geometry | null): GeoJSONSourceSpecification['data'] {
  return geometry ? ({ type: 'Feature', geometry, properties: {} } as GeoJSONSourceSpecification['data']) : EMPTY
}

function blindSpotCollection(shapes: readonly BlindSpotShape[]): GeoJSONSourceSpecification['data'] {
  const steps = blindSpotSteps(shapes.map((one) => one.people))
  const features = shapes.map((one, index) => ({ type: 'Feature', geometry: one.geometry, properties: { id: one.id, rank: one.rank, people: one.people, step: steps[index] } }))
  return { type: 'FeatureCollection', features } as GeoJSONSourceSpecification['data']
}

/** Features among the units, which no tile of the analysis draws. */
function gapPoints(units: readonly MappedGap[]): GeoJSONSourceSpecification['data'] {
  const features = units.filter(({ drawnBy, center }) => drawnBy === null && center !== null).map(({ id, kind, center }) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: center }, properties: { id, kind } }))
  return { type: 'FeatureCollection', features } as GeoJSONSourceSpecification['data']
}

function isAnalysisShown({ drawings, served, blindSpots, gaps, supply, sheet, comparison }: StyleInput): boolean {
  if (supply || sheet || comparison) return true
  return drawings.some(({ id, visible, opacity }) => {
    if (!visible || opacity === 0 || !ANALYSES.has(id)) return false
    if (id === 'coverage_served') return served !== null
    if (id === 'management_gaps') return gaps !== null && gaps.length > 0
    return id === 'coverage_blind_spots' ? blindSpots.length > 0 : true
  })
}

/** Builds the style: sources of the city's tiles and of what is computed, layers level by level, each level closed by its anchor. */
export function buildStyle(input: StyleInput): StyleSpecification {
  const { city, theme, locale, drawings } = input
  const tokens = TOKENS[theme]
  const levels = Object.fromEntries(SLOTS.map((slot) => [slot, []])) as unknown as Record<Slot, LayerSpecification[]>
  const isQuiet = isAnalysisShown(input)
  levels.ground.push(...groundLayers(tokens))
  if (city) {
    const grounded = drawings.filter(({ id }) => id === 'terrain_areas')
    const others = drawings.filter(({ id }) => id !== 'terrain_areas')
    const draw = ({ id, visible, opacity }: DrawingState): void => {
      const drawing = drawingFor(id, input.gridMeasure)
      if (!visible || drawing.by !== 'maplibre' || (id === 'management_gaps' && input.gaps === null)) return
      const context: DrawingContext = { tokens, theme, locale, opacity, isQuiet }
      for (const [slot, layers] of Object.entries(drawing.layers(context)) as [Slot, LayerSpecification[]][]) levels[slot].push(...layers)
      levels.label.push(...labelLayers(id, context))
    }
    grounded.forEach(draw)
    levels.ground.push(...cityGroundLayers(tokens))
    others.forEach(draw)
    if (input.supply) for (const [slot, layers] of Object.entries(supplyLayers(tokens, theme, input.supply)) as [Slot, LayerSpecification[]][]) levels[slot].push(...layers)
    if (input.comparison?.hasUnits) for (const [slot, layers] of Object.entries(unitDifferenceLayers(tokens, input.comparison.chosen)) as [Slot, LayerSpecification[]][]) levels[slot].push(...layers)
    if (input.sheet) levels.building.push(...sheetLayers(tokens).building)
    levels.selection.push(...selectionLayers(tokens), ...(input.mend ? mendLayers(tokens) : []))
  }
  return {
    version: 8,
    name: `xiucheng-${theme}`,
    'font-faces': input.fontFaces,
    light: light(theme),
    transition: { duration: 200, delay: 0 },
    sources: city
      ? {
          ...tileSources(city.key, input.tileVersions, input.origin, city.boundingBox),
          [LABEL_SOURCE]: geojson(input.labels),
          'coverage-served': geojson(asFeature(input.served), { tolerance: 0.2 }),
          'coverage-blind-spots': geojson(blindSpotCollection(input.blindSpots), { promoteId: 'id', tolerance: 0.2 }),
          'management-gap-points': geojson(gapPoints(input.gaps ?? []), { promoteId: 'id' }),
          selection: geojson(asFeature(input.selection), { tolerance: 0.1 }),
          mend: geojson(mendCollection(input.mend), { tolerance: 0.1 }),
          indicators: geojson(sheetCollection(input.sheet), { tolerance: 0.2 }),
          supply: geojson(supplyCollection(input.supply), { tolerance: 0.2 }),
        }
      : {},
    layers: SLOTS.flatMap((slot): LayerSpecification[] => [...levels[slot], { id: slotAnchor(slot), type: 'background', layout: { visibility: 'none' } }]),
  }
}
