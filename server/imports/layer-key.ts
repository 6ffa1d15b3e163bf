import { createHash } from 'node:crypto'
import path from 'node:path'

/** Name of a file without folders and endings: `green/urban_green_land.geojson` → `urban_green_land`, `parks.shp.zip` → `parks`. */
export function fileStem(fileName: string): string {
  return path.posix.basename(fileName.replaceAll('\\', '/')).replace(/(\.(geojson|json|csv|tsv|txt|gpkg|shp|dbf|zip|kml|kmz|fgb|osm|pbf))+$/i, '')
}

/** Catalogue key made from a file name; names without Latin letters get a stable short hash. */
export function layerKeyOf(fileName: string): string {
  const stem = fileStem(fileName)
  const key = stem.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-').replaceAll(/^[-_]+|[-_]+$/g, '').slice(0, 80)
  return key.length >= 2 && /[a-z]/.test(key) ? key : `layer-${createHash('sha256').update(stem).digest('hex').slice(0, 8)}`
}
