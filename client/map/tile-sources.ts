/** Tile layers are fetched in four bundles, one request per tile and bundle; a bundle none of whose layers is visible is not fetched. */
import { TILE_LAYER_FIELDS, TILE_MAX_ZOOM, tileAddress, type TileLayer, tileVersion } from '../../server/contract/layers.ts'
import type { VectorSourceSpecification } from 'maplibre-gl'

export const TILE_BUNDLES = {
  base: ['terrain_areas', 'built_up_areas', 'residential_areas', 'water_bodies', 'green_spaces', 'administrative_areas', 'roads', 'buildings'],
  management: ['unit_grids', 'green_lines', 'control_areas', 'permits', 'historic_districts', 'leftover_plots'],
  objects: ['facilities', 'parts'],
  analysis: ['population_cells', 'path_edges'],
} as const satisfies Record<string, readonly TileLayer[]>
export type TileBundle = keyof typeof TILE_BUNDLES

const BUNDLE_OF = Object.fromEntries(
  Object.entries(TILE_BUNDLES).flatMap(([bundle, layers]) => layers.map((layer) => [layer, bundle])),
) as Record<TileLayer, TileBundle>

/** The source in which a tile layer comes. */
export function bundleOf(layer: TileLayer): TileBundle {
  return BUNDLE_OF[layer]
}

/** `source`, `source-layer` and `minzoom` of a style layer that draws a tile layer. */
export function fromTiles(layer: TileLayer): { source: TileBundle; 'source-layer': TileLayer; minzoom: number } {
  return { source: BUNDLE_OF[layer], 'source-layer': layer, minzoom: TILE_LAYER_FIELDS[layer].minZoom }
}

/** Rivers and hills run on beyond the border; a map that ended there would look torn off. */
function reachOf([west, south, east, north]: readonly [number, number, number, number]): [number, number, number, number] {
  const [width, height] = [(east - west) / 2, (north - south) / 2]
  return [Math.max(-180, west - width), Math.max(-85, south - height), Math.min(180, east + width), Math.min(85, north + height)]
}

/**
 * The four vector sources of a city.
 * @param origin scheme and host before the address, since a worker has no page to resolve it against
 * @param bounds west, south, east, north of the city: tiles farther away than half its size are not asked for
 */
export function tileSources(city: string, versions: Record<string, number>, origin: string, bounds: readonly [number, number, number, number] | null): Record<TileBundle, VectorSourceSpecification> {
  const source = (layers: readonly TileLayer[]): VectorSourceSpecification => ({
    type: 'vector',
    tiles: [origin + tileAddress(city, layers, tileVersion(versions, layers))],
    minzoom: Math.min(...layers.map((layer) => TILE_LAYER_FIELDS[layer].minZoom)),
    maxzoom: TILE_MAX_ZOOM,
    promoteId: 'id',
    ...(bounds ? { bounds: reachOf(bounds) } : {}),
  })
  return { base: source(TILE_BUNDLES.base), management: source(TILE_BUNDLES.management), objects: source(TILE_BUNDLES.objects), analysis: source(TILE_BUNDLES.analysis) }
}
