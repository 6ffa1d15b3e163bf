/** Formats that GDAL reads: converted to GeoJSON in the scratch folder, then read and checked like any GeoJSON. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { crsFromWkt, isUndefinedWkt, wktName } from './crs-name.ts'
import { FileRefused } from './file-refused.ts'
import { type GdalInfo, GdalError, type GdalLayer, type GdalRuntime, startGdal } from './gdal.ts'
import { checkFeature } from './geojson-check.ts'
import { scanMembers } from './json-scan.ts'
import type { SourceHeader, SourceRow } from './source-rows.ts'
import type { ReadTask } from './tasks.ts'
import { readText } from './text-file.ts'

export interface GdalSource {
  driver: 'GPKG' | 'ESRI Shapefile' | 'KML' | 'FlatGeobuf' | 'OSM'
  file: string
  /** For Shapefile and DBF. */
  encoding: string | null
}

const OSM_CONFIGURATION = path.join(import.meta.dirname, 'osmconf.ini')

function describeCrs(layers: GdalLayer[]): { crs: string | null; crsText: string | null } {
  const wkt = layers.find((layer) => layer.wkt)?.wkt
  if (!wkt || isUndefinedWkt(wkt)) return { crs: null, crsText: null }
  return { crs: crsFromWkt(wkt), crsText: wktName(wkt) }
}

function chooseLayers(info: GdalInfo, task: ReadTask): GdalLayer[] {
  const names = info.layers.map((layer) => `${layer.name} (${layer.featureCount})`).join(', ')
  if (info.layers.length === 0) throw new FileRefused('no_layers', 'The file holds no layer.')
  if (task.everyLayer || info.driver === 'KML') return info.layers
  if (task.fileLayer) {
    const chosen = info.layers.filter((layer) => layer.name === task.fileLayer)
    if (chosen.length === 0) throw new FileRefused('no_such_layer', `The file has no layer "${task.fileLayer}"; it holds ${names}.`)
    return chosen
  }
  if (info.layers.length > 1) throw new FileRefused('choose_layer', `The file holds ${info.layers.length} layers: ${names}. Choose one with --file-layer.`)
  return info.layers
}

function openDataset(gdal: GdalRuntime, source: GdalSource): number {
  const folder = gdal.mount(path.dirname(source.file))
  const options = source.driver === 'ESRI Shapefile' ? [`ENCODING=${source.encoding ?? 'UTF-8'}`] : source.driver === 'OSM' ? ['TAGS_FORMAT=JSON', `CONFIG_FILE=${gdal.mount(path.dirname(OSM_CONFIGURATION))}/osmconf.ini`] : []
  return gdal.open(`${folder}/${path.basename(source.file)}`, [source.driver], options)
}

export interface GdalOpened {
  header: SourceHeader
  rows(): AsyncGenerator<SourceRow>
}

/**
 * Opens a file through GDAL.
 * @throws FileRefused in GDAL's words where it cannot read the file, and where a choice of layer is missing.
 */
export async function openWithGdal(source: GdalSource, task: ReadTask): Promise<GdalOpened> {
  if (source.driver === 'ESRI Shapefile' && source.file.endsWith('.shp') && !existsSync(source.file.replace(/\.shp$/, '.shx'))) {
    throw new FileRefused('shx_missing', 'The .shx beside the .shp is missing. Zip .shp, .shx, .dbf and .prj together.')
  }
  const gdal = await startGdal()
  try {
    const dataset = openDataset(gdal, source)
    const info = gdal.describe(dataset)
    const layers = chooseLayers(info, task)
    const rows = layers.reduce((sum, layer) => sum + Math.max(0, layer.featureCount), 0)
    if (rows > task.limits.rows) throw new FileRefused('too_many_rows', `The file has more than ${task.limits.rows.toLocaleString('en')} rows.`)
    const header = {
      driver: info.driver,
      layers: layers.map((layer) => ({ name: layer.name, rows: layer.featureCount, geometryType: layer.geometryType })),
      ...describeCrs(layers),
      encoding: source.encoding,
      fields: layers[0]?.fields ?? [],
    }
    return { header, rows: () => convertedRows(gdal, source, dataset, layers, task) }
  } catch (error) {
    if (error instanceof GdalError) throw new FileRefused('unreadable', `${error.message}.`)
    throw error
  }
}

/** Rings of fewer than three places, as relations cut by the edge of an extract leave them, are no part of an area. */
function withoutStubs(feature: unknown): unknown {
  if (typeof feature !== 'object' || feature === null || !('geometry' in feature)) return feature
  const geometry = feature.geometry as { type?: unknown; coordinates?: unknown } | null
  if (!geometry || !Array.isArray(geometry.coordinates)) return feature
  const isRing = (ring: unknown) => Array.isArray(ring) && new Set(ring.map(String)).size >= 3
  const whole = (polygon: unknown): unknown[] => (Array.isArray(polygon) && isRing(polygon[0]) ? polygon.filter(isRing) : [])
  if (geometry.type === 'Polygon') return { ...feature, geometry: { ...geometry, coordinates: whole(geometry.coordinates) } }
  if (geometry.type === 'MultiPolygon') return { ...feature, geometry: { ...geometry, coordinates: geometry.coordinates.map(whole).filter((polygon) => polygon.length > 0) } }
  return feature
}

/** Complaints of GDAL that mean rows were lost or changed. */
function isDamage(line: string): boolean {
  return /ERROR \d|corrupt|damaged|too short|truncated/i.test(line)
}

async function* convertedRows(gdal: GdalRuntime, source: GdalSource, opened: number, layers: GdalLayer[], task: ReadTask): AsyncGenerator<SourceRow> {
  let dataset = opened
  const inside = gdal.mount(task.scratch)
  const limits = { depth: task.limits.depth, memberLength: task.limits.featureBytes }
  let count = 0
  for (const [index, layer] of layers.entries()) {
    const name = `converted${index}.geojson`
    gdal.takeWarnings()
    // OpenStreetMap is one stream for all layers: reading one uses it up.
    if (source.driver === 'OSM' && index > 0) {
      gdal.close(dataset)
      dataset = openDataset(gdal, source)
    }
    try {
      gdal.translate(dataset, `${inside}/${name}`, ['-f', 'GeoJSON', '-lco', 'WRITE_NAME=NO', '-dim', 'XY', layer.name])
    } catch (error) {
      if (!(error instanceof GdalError)) throw error
      throw new FileRefused('damaged', `The layer ${layer.name} is damaged: ${error.message}.`)
    }
    // Relations cut at the edge of an extract are ordinary there; their rows show it themselves.
    const damage = source.driver === 'OSM' ? undefined : gdal.takeWarnings().find(isDamage)
    if (damage) throw new FileRefused('damaged', `The layer ${layer.name} is damaged: ${damage}.`)
    let row = 0
    for await (const text of scanMembers(readText(path.join(task.scratch, name), { name: 'UTF-8', from: 'declared' }), 'features', limits)) {
      if (++count > task.limits.rows) throw new FileRefused('too_many_rows', `The file has more than ${task.limits.rows.toLocaleString('en')} rows.`)
      const feature: unknown = JSON.parse(text)
      yield { row: ++row, layer: layer.name, ...checkFeature(source.driver === 'OSM' ? withoutStubs(feature) : feature, task.limits.vertices) }
    }
  }
  gdal.close(dataset)
}
