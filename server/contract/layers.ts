/**
 * Terminology
 * - layer: one data set in the catalogue of a city (one source, one owner, one date).
 * - feature kind: the table a feature lives in; many layers may feed one kind.
 * - tile layer: a feature kind (or part of one) served as vector tiles: things that stand still.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { BoundingBox, BoundingBoxText, Geometry, Position } from './geojson.ts'

/** Kinds of feature that have a table; the order is the order of the layer panel. */
export const FeatureKind = z.enum([
  'incidents',
  'unit_grids',
  'administrative_areas',
  'green_spaces',
  'green_lines',
  'control_areas',
  'permits',
  'leftover_plots',
  'residential_areas',
  'population_cells',
  'built_up_areas',
  'historic_districts',
  'facilities',
  'parts',
  'buildings',
  'roads',
  'path_edges',
  'water_bodies',
  'terrain_areas',
])
export type FeatureKind = z.infer<typeof FeatureKind>

/** Kinds served as tiles. Incidents move while one looks and are drawn from the live store instead. */
export const TILE_LAYERS = [
  'terrain_areas',
  'water_bodies',
  'built_up_areas',
  'residential_areas',
  'green_spaces',
  'green_lines',
  'control_areas',
  'permits',
  'historic_districts',
  'leftover_plots',
  'population_cells',
  'unit_grids',
  'administrative_areas',
  'roads',
  'path_edges',
  'buildings',
  'facilities',
  'parts',
] as const satisfies readonly FeatureKind[]
export const TileLayer = z.enum(TILE_LAYERS)
export type TileLayer = z.infer<typeof TileLayer>

/** Highest zoom at which tiles are made; the map over-zooms beyond. */
export const TILE_MAX_ZOOM = 16
export const TILE_MIN_ZOOM = 8

/** What each tile layer carries beside the integer feature id (stable, for feature-state): `id` is the public id. The same words as in TileJSON. */
export const TILE_LAYER_FIELDS = {
  terrain_areas: { minZoom: 8, fields: { id: 'String', name: 'String', class: 'String', level: 'Number' } },
  water_bodies: { minZoom: 8, fields: { id: 'String', name: 'String', class: 'String' } },
  built_up_areas: { minZoom: 8, fields: { id: 'String', name: 'String' } },
  residential_areas: { minZoom: 11, fields: { id: 'String', name: 'String' } },
  green_spaces: { minZoom: 9, fields: { id: 'String', name: 'String', class: 'String', access: 'String', counts: 'Boolean' } },
  green_lines: { minZoom: 11, fields: { id: 'String', name: 'String' } },
  control_areas: { minZoom: 10, fields: { id: 'String', name: 'String', kind: 'String' } },
  permits: { minZoom: 12, fields: { id: 'String', name: 'String', kind: 'String' } },
  historic_districts: { minZoom: 10, fields: { id: 'String', name: 'String' } },
  leftover_plots: { minZoom: 12, fields: { id: 'String', name: 'String', class: 'String' } },
  population_cells: { minZoom: 10, fields: { id: 'String', code: 'String', population: 'Number' } },
  unit_grids: { minZoom: 11, fields: { id: 'String', code: 'String', grade: 'String' } },
  administrative_areas: { minZoom: 8, fields: { id: 'String', name: 'String', code: 'String', level: 'String' } },
  roads: { minZoom: 8, fields: { id: 'String', name: 'String', name_en: 'String', class: 'String', bridge: 'Boolean', width: 'Number' } },
  path_edges: { minZoom: 15, fields: { id: 'String', kind: 'String', barrier: 'String' } },
  buildings: { minZoom: 13, fields: { id: 'String', name: 'String', class: 'String', height: 'Number' } },
  facilities: { minZoom: 13, fields: { id: 'String', name: 'String', class: 'String', access: 'String' } },
  parts: { minZoom: 15, fields: { id: 'String', name: 'String', class: 'String', state: 'String' } },
} as const satisfies Record<TileLayer, { minZoom: number; fields: Record<string, 'String' | 'Number' | 'Boolean'> }>

/** One version number for a set of tile layers: the sum of counters that only ever grow, so any write gives a new one. */
export function tileVersion(versions: Record<string, number>, layers: readonly TileLayer[]): number {
  return layers.reduce((sum, layer) => sum + (versions[layer] ?? 0), 0)
}

/** Address template of a set of tile layers; the version in it makes every answer cacheable for ever. */
export function tileAddress(city: string, layers: readonly TileLayer[], version: number): string {
  return `/tiles/${city}/${layers.join(',')}/${version}/{z}/{x}/{y}.mvt`
}

export const CatalogueLayer = z.object({
  id: z.string(),
  key: z.string(),
  kind: FeatureKind,
  titleZh: z.string(),
  titleEn: z.string(),
  owner: z.string(),
  source: z.string(),
  licence: z.string(),
  attribution: z.string().nullable(),
  sourceCrs: z.string(),
  dataDate: z.string().nullable(),
  rowCount: z.number().int(),
  /** Rows taken but outside the city; they are left out of totals. */
  outsideCount: z.number().int(),
  quality: z.record(z.string(), z.unknown()),
  version: z.number().int(),
  updatedAt: z.iso.datetime({ offset: true }),
})
export type CatalogueLayer = z.infer<typeof CatalogueLayer>

export const listLayers = endpoint({
  name: 'listLayers',
  access: 'city.read',
  summary: 'The catalogue of a city',
  method: 'GET',
  path: '/cities/:city/layers',
  params: CityParams,
  reply: z.object({ layers: z.array(CatalogueLayer) }),
})

/** One field of a feature in words. `value` is shown as it is; units stand in `unit`. */
export const FeatureField = z.object({
  key: z.string(),
  labelZh: z.string(),
  labelEn: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  valueZh: z.string().optional(),
  valueEn: z.string().optional(),
  unit: z.string().optional(),
})
export type FeatureField = z.infer<typeof FeatureField>

export const FeatureDetail = z.object({
  id: z.string(),
  kind: FeatureKind,
  titleZh: z.string(),
  titleEn: z.string(),
  fields: z.array(FeatureField),
  /** Columns of the source that have no field of their own. */
  attributes: z.record(z.string(), z.unknown()),
  layer: z.object({ key: z.string(), titleZh: z.string(), titleEn: z.string(), owner: z.string(), source: z.string(), dataDate: z.string().nullable() }).nullable(),
  history: z.array(z.object({ at: z.string(), what: z.string(), whatEn: z.string(), actor: z.string().nullable() })),
  /** CRS in which areas and lengths of `fields` were measured. */
  measureName: z.string(),
  boundingBox: BoundingBox.nullable(),
  geometry: Geometry.nullable(),
})
export type FeatureDetail = z.infer<typeof FeatureDetail>

export const getFeature = endpoint({
  name: 'getFeature',
  access: 'city.read',
  summary: 'Everything known of one feature',
  method: 'GET',
  path: '/cities/:city/features/:kind/:id',
  params: z.object({ city: CityKey, kind: FeatureKind, id: z.uuid() }),
  reply: FeatureDetail,
})

export const FeatureRow = z.object({
  id: z.string(),
  kind: FeatureKind,
  code: z.string().nullable(),
  name: z.string().nullable(),
  classLabel: z.string().nullable(),
  classLabelEn: z.string().nullable().optional(),
  areaM2: z.number().nullable(),
  center: Position.nullable(),
})
export type FeatureRow = z.infer<typeof FeatureRow>

/** The list twin of a map layer: what is in the box, in a table. */
export const listFeatures = endpoint({
  name: 'listFeatures',
  access: 'city.read',
  summary: 'Features of one kind within a box, in pages',
  method: 'GET',
  path: '/cities/:city/features/:kind',
  params: z.object({ city: CityKey, kind: FeatureKind }),
  query: z.object({
    boundingBox: BoundingBoxText.optional(),
    text: z.string().trim().max(100).optional(),
    layer: z.string().max(80).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({ rows: z.array(FeatureRow), total: z.number().int(), nextCursor: z.string().nullable() }),
})

export const SearchHit = z.object({
  kind: FeatureKind,
  id: z.string(),
  title: z.string(),
  subtitleZh: z.string(),
  subtitleEn: z.string(),
  center: Position.nullable(),
  boundingBox: BoundingBox.nullable(),
})
export type SearchHit = z.infer<typeof SearchHit>

export const search = endpoint({
  name: 'search',
  access: 'city.read',
  summary: 'Places, roads, parks, cells, parts, facilities and cases by name, code or number',
  method: 'GET',
  path: '/cities/:city/search',
  params: CityParams,
  query: z.object({ text: z.string().trim().min(1).max(100), limit: z.coerce.number().int().min(1).max(50).default(20) }),
  reply: z.object({ hits: z.array(SearchHit) }),
})

/** Measures by which unit grid cells can be coloured. */
export const GridMeasure = z.enum(['open_incidents', 'overdue_incidents', 'incidents_30_days', 'population', 'parts', 'green_share'])
export type GridMeasure = z.infer<typeof GridMeasure>

export const listGridMeasure = endpoint({
  name: 'listGridMeasure',
  access: 'city.read',
  summary: 'One value per live unit grid cell; null where there is none',
  method: 'GET',
  path: '/cities/:city/grid-measures/:measure',
  params: z.object({ city: CityKey, measure: GridMeasure }),
  reply: z.object({
    measure: GridMeasure,
    unit: z.string(),
    asOf: z.iso.datetime({ offset: true }),
    /** Parallel arrays: the cell's public id, code and value. */
    ids: z.array(z.string()),
    codes: z.array(z.string()),
    values: z.array(z.number().nullable()),
  }),
})
