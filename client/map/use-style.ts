import type { Map as MapLibreMap, StyleSpecification, VectorTileSource } from 'maplibre-gl'
import { type ShallowRef, watch } from 'vue'
import { withDrawnLayers } from './drawn-layers.ts'

/** A new version of a bundle is a new address: told to the source itself, which keeps the old tiles until the new ones are there. */
function renewTiles(map: MapLibreMap, style: StyleSpecification): void {
  for (const [id, source] of Object.entries(style.sources)) {
    if (source.type !== 'vector' || !source.tiles) continue
    const present = map.getSource<VectorTileSource>(id)
    // Another city's tiles are not kept: the diff replaces the whole source then.
    if (present && present.tiles?.[0] !== source.tiles[0] && sameCity(present.tiles?.[0], source.tiles[0])) present.setTiles(source.tiles)
  }
}

function sameCity(a: string | undefined, b: string | undefined): boolean {
  const cityOf = (address: string | undefined) => /\/tiles\/([^/]+)\//.exec(address ?? '')?.[1]
  return cityOf(a) !== undefined && cityOf(a) === cityOf(b)
}

/** Keeps the map's style equal to the given one; the map works out what changed and changes only that. */
export function useStyle(map: ShallowRef<MapLibreMap | null>, style: () => StyleSpecification): void {
  watch([map, style], ([present, next], [before]) => {
    if (!present || present !== before) {
      // The map was created with the style of that moment; what changed while it loaded is caught up with.
      if (present) present.setStyle(next, { diff: true, transformStyle: withDrawnLayers })
      return
    }
    renewTiles(present, next)
    present.setStyle(next, { diff: true, transformStyle: withDrawnLayers })
  })
}
