/**
 * What each tile layer is: which table, which columns, from which zoom, what is left out where.
 * A record, not code: the statements that read it are in tiles/tile-queries.ts.
 */
import { TILE_LAYER_FIELDS, type TileLayer } from '../contract/layers.ts'

export interface TileSource {
  table: string
  minZoom: number
  /** Field in the tile → column; its type is the contract's. `id` is the public id of every kind. */
  columns: Record<string, string>
  /** Column by which the larger feature wins when a tile would grow too large, and by which specks are left out. */
  size: 'area_m2' | 'length_meters' | null
  /** Leave out areas under four pixels below zoom 14; off where every piece counts, as in a grid. */
  dropsSpecks: boolean
  /** Draw one point in the shape instead of the shape: for symbols. */
  asPoint: boolean
  /** A class shows from the given zoom on; classes not named show from `otherwise`. */
  appearance?: { column: string; from: Record<string, number>; otherwise: number }
}

const area = { size: 'area_m2', dropsSpecks: true, asPoint: false } as const
const wholeArea = { size: 'area_m2', dropsSpecks: false, asPoint: false } as const
const symbol = { size: null, dropsSpecks: false, asPoint: true } as const
const minZoomOf = (layer: TileLayer) => TILE_LAYER_FIELDS[layer].minZoom
const named = { name: 'name' }

/** Road classes: our own words first, then those of OpenStreetMap's `highway` and `railway`. */
const ROADS_FROM = {
  expressway: 8, arterial: 9, country: 10, local: 12, alley: 13,
  motorway: 8, trunk: 8, primary: 8, rail: 8, narrow_gauge: 12, motorway_link: 11, trunk_link: 11, primary_link: 12,
  secondary: 10, tertiary: 11, secondary_link: 12, tertiary_link: 13, light_rail: 11, subway: 12, tram: 13,
  unclassified: 12, residential: 12, living_street: 13, pedestrian: 13, service: 14, track: 14,
  cycleway: 15, footway: 15, path: 15, steps: 15, bridleway: 15, corridor: 16,
}

export const TILE_SOURCES = {
  terrain_areas: { ...area, table: 'terrain_areas', minZoom: minZoomOf('terrain_areas'), columns: { ...named, class: 'class', level: 'level' } },
  water_bodies: { ...area, table: 'water_bodies', minZoom: minZoomOf('water_bodies'), columns: { ...named, class: 'class' } },
  built_up_areas: { ...wholeArea, table: 'built_up_areas', minZoom: minZoomOf('built_up_areas'), columns: named },
  residential_areas: { ...area, table: 'residential_areas', minZoom: minZoomOf('residential_areas'), columns: named },
  green_spaces: { ...area, table: 'green_spaces', minZoom: minZoomOf('green_spaces'), columns: { ...named, class: 'class_code', access: 'access', counts: 'counts_as_activity_site' } },
  green_lines: { ...area, table: 'green_lines', minZoom: minZoomOf('green_lines'), columns: named },
  control_areas: { ...wholeArea, table: 'control_areas', minZoom: minZoomOf('control_areas'), columns: { ...named, kind: 'kind' } },
  permits: { size: null, dropsSpecks: false, asPoint: false, table: 'permits', minZoom: minZoomOf('permits'), columns: { ...named, kind: 'kind' } },
  historic_districts: { ...wholeArea, table: 'historic_districts', minZoom: minZoomOf('historic_districts'), columns: named },
  leftover_plots: { ...area, table: 'leftover_plots', minZoom: minZoomOf('leftover_plots'), columns: { ...named, class: 'class' } },
  population_cells: { ...wholeArea, table: 'population_cells', minZoom: minZoomOf('population_cells'), columns: { code: 'code', population: 'population' } },
  unit_grids: { ...wholeArea, table: 'unit_grids', minZoom: minZoomOf('unit_grids'), columns: { code: 'code', grade: 'grade' } },
  administrative_areas: {
    ...wholeArea, table: 'administrative_areas', minZoom: minZoomOf('administrative_areas'), columns: { ...named, code: 'code', level: 'level' },
    appearance: { column: 'level', from: { county: 8, street: 9, community: 11 }, otherwise: 8 },
  },
  roads: {
    table: 'roads', minZoom: minZoomOf('roads'), size: 'length_meters', dropsSpecks: false, asPoint: false,
    columns: { ...named, name_en: 'name_en', class: 'class', bridge: 'is_bridge', width: 'width_meters' },
    appearance: { column: 'class', from: ROADS_FROM, otherwise: 13 },
  },
  path_edges: { table: 'path_edges', minZoom: minZoomOf('path_edges'), size: 'length_meters', dropsSpecks: false, asPoint: false, columns: { kind: 'kind', barrier: 'barrier' } },
  buildings: { ...area, table: 'buildings', minZoom: minZoomOf('buildings'), columns: { ...named, class: 'class', height: 'height_meters' } },
  facilities: { ...symbol, table: 'facilities', minZoom: minZoomOf('facilities'), columns: { ...named, class: 'class', access: 'access' } },
  parts: { ...symbol, table: 'parts', minZoom: minZoomOf('parts'), columns: { ...named, class: 'class_code', state: 'state' } },
} satisfies Record<TileLayer, TileSource>

/** Classes of a layer that do not show yet at a zoom, and whether classes not named do. */
export function hiddenClasses(source: TileSource, z: number): { hidden: string[]; shown: string[]; othersShow: boolean } | null {
  if (!source.appearance) return null
  const { from, otherwise } = source.appearance
  const names = Object.keys(from)
  return { hidden: names.filter((name) => (from[name] ?? 0) > z), shown: names.filter((name) => (from[name] ?? 0) <= z), othersShow: otherwise <= z }
}
