/**
 * Files out: tables (CSV, XLSX) and features (GeoJSON, GeoPackage, Shapefile, FlatGeobuf).
 * Features are given in EPSG:4490; where another system is asked for, GDAL transforms them on the way out.
 */
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import iconv from 'iconv-lite'
import { ZipFile } from 'yazl'
import { ChildFailure, runChild } from '../../data/importers/child-process.ts'
import type { WriteFormat } from '../../data/importers/tasks.ts'
import { AppError } from '../errors.ts'
import { csvRows } from './csv.ts'

export { type CellValue, type Column, neutraliseFormula } from './cells.ts'
export { csvCell, csvChunks, csvRows } from './csv.ts'
export { type Sheet, writeXlsx } from './xlsx.ts'

export type OutGeometryType = 'Point' | 'MultiPoint' | 'LineString' | 'MultiLineString' | 'Polygon' | 'MultiPolygon' | 'Geometry'

export interface OutFeature {
  geometry: { type: string; coordinates: unknown } | null
  properties: Record<string, unknown>
}

export interface OutField {
  /** Property of the features and name in the file. */
  name: string
  type: 'text' | 'integer' | 'number' | 'boolean' | 'instant'
}

export interface OutLayer {
  name: string
  geometryType: OutGeometryType
  fields: readonly OutField[]
  /** In EPSG:4490, longitude first. */
  features: Iterable<OutFeature> | AsyncIterable<OutFeature>
}

/** A finished file in a folder of its own; whoever asked for it calls `dispose` when it was sent. */
export interface OutFile {
  path: string
  fileName: string
  mediaType: string
  dispose(): Promise<void>
}

const LIMITS = { milliseconds: 600_000, heapMegabytes: 768, residentMegabytes: 2048 }
const DBF_NAME_BYTES = 10

function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'object' ? JSON.stringify(value) : value
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 1e7) / 1e7
  return Array.isArray(value) ? value.map(rounded) : value
}

/** Coordinates as written: seven decimals, a centimetre. Rings that are smaller than that vanish rather than become invalid. */
function writtenGeometry(geometry: OutFeature['geometry']): OutFeature['geometry'] {
  if (!geometry) return null
  const coordinates = rounded(geometry.coordinates)
  const whole = (polygon: unknown): unknown[] => {
    const [shell, ...holes] = polygon as unknown[][]
    const hasArea = (ring: unknown[]) => new Set(ring.map(String)).size >= 3
    return shell && hasArea(shell) ? [shell, ...holes.filter(hasArea)] : []
  }
  if (geometry.type === 'Polygon') return { type: geometry.type, coordinates: whole(coordinates) }
  if (geometry.type !== 'MultiPolygon') return { type: geometry.type, coordinates }
  return { type: geometry.type, coordinates: (coordinates as unknown[]).map(whole).filter((polygon) => polygon.length > 0) }
}

async function* featureLines(layer: OutLayer, names: Map<string, string>): AsyncGenerator<string> {
  yield '{"type":"FeatureCollection","features":[\n'
  let first = true
  for await (const feature of layer.features) {
    const properties = Object.fromEntries(layer.fields.map((field) => [names.get(field.name) ?? field.name, plain(feature.properties[field.name])]))
    yield `${first ? '' : ',\n'}${JSON.stringify({ type: 'Feature', properties, geometry: writtenGeometry(feature.geometry) })}`
    first = false
  }
  yield '\n]}\n'
}

/** A GeoJSON FeatureCollection in pieces (RFC 7946: longitude and latitude, at most 7 decimals, no crs member). */
export function geoJsonChunks(layer: OutLayer): AsyncGenerator<string> {
  return featureLines(layer, new Map())
}

async function outFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'xiucheng-out-'))
}

async function withFolder(work: (folder: string) => Promise<Omit<OutFile, 'dispose'>>): Promise<OutFile> {
  const folder = await outFolder()
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    return { ...(await work(folder)), dispose }
  } catch (error) {
    await dispose()
    if (error instanceof ChildFailure) throw new AppError(error.reason === 'cancelled' ? 'cancelled' : 'unavailable', `文件没有写成。The file could not be written: ${error.message}`, { cause: error })
    throw error
  }
}

async function convert(folder: string, format: WriteFormat, destination: string, layers: readonly OutLayer[], crs: string, names: (layer: OutLayer) => Map<string, string>): Promise<void> {
  const files = []
  for (const [index, layer] of layers.entries()) {
    const file = `layer${index}.geojson`
    await pipeline(Readable.from(featureLines(layer, names(layer))), createWriteStream(path.join(folder, file)))
    files.push({ name: layer.name, file, geometryType: layer.geometryType === 'Geometry' ? 'GEOMETRY' : layer.geometryType.toUpperCase() })
  }
  for await (const line of runChild({ task: 'write', format, folder, destination, crs, layers: files }, LIMITS)) void line
  for (const { file } of files) await rm(path.join(folder, file))
  await stat(path.join(folder, destination))
}

const sameNames = () => new Map<string, string>()

/**
 * Writes a GeoPackage with one table per layer.
 * @param crs `EPSG:n` the coordinates are written in.
 */
export function writeGeoPackage(layers: readonly OutLayer[], crs = 'EPSG:4490', baseName = 'export'): Promise<OutFile> {
  return withFolder(async (folder) => {
    const fileName = `${baseName}.gpkg`
    await convert(folder, 'GPKG', fileName, layers, crs, sameNames)
    return { path: path.join(folder, fileName), fileName, mediaType: 'application/geopackage+sqlite3' }
  })
}

/** Writes a FlatGeobuf of one layer, with its spatial index. */
export function writeFlatGeobuf(layer: OutLayer, crs = 'EPSG:4490', baseName = 'export'): Promise<OutFile> {
  return withFolder(async (folder) => {
    const fileName = `${baseName}.fgb`
    await convert(folder, 'FlatGeobuf', fileName, [layer], crs, sameNames)
    return { path: path.join(folder, fileName), fileName, mediaType: 'application/flatgeobuf' }
  })
}

/** Names a DBF can hold: at most 10 bytes in GB18030 and no two alike. */
export function shortFieldNames(names: readonly string[]): Map<string, string> {
  const taken = new Set<string>()
  const cut = (name: string, bytes: number): string => {
    let text = ''
    for (const character of name) if (iconv.encode(text + character, 'gb18030').length <= bytes) text += character
    else break
    return text
  }
  return new Map(
    names.map((name) => {
      let short = cut(name, DBF_NAME_BYTES)
      for (let number = 1; taken.has(short.toLowerCase()); number++) short = `${cut(name, DBF_NAME_BYTES - 1 - String(number).length)}_${number}`
      taken.add(short.toLowerCase())
      return [name, short]
    }),
  )
}

/** Writes a zipped Shapefile: GB18030 with its .cpg, the .prj, and a table from the short field names to the full ones. */
export function writeShapefile(layer: OutLayer, crs = 'EPSG:4490', baseName = 'export'): Promise<OutFile> {
  return withFolder(async (folder) => {
    const names = shortFieldNames(layer.fields.map((field) => field.name))
    await convert(folder, 'ESRI Shapefile', `${baseName}.shp`, [{ ...layer, name: baseName }], crs, () => names)
    const fieldTable = csvRows([{ key: 'short', title: 'DBF 字段 field' }, { key: 'full', title: '完整名称 full name' }], [...names].map(([full, short]) => ({ short, full })))
    await writeFile(path.join(folder, `${baseName}.fields.csv`), fieldTable)
    const zip = new ZipFile()
    for (const name of await readdir(folder)) zip.addFile(path.join(folder, name), name)
    zip.end()
    const fileName = `${baseName}.shp.zip`
    await pipeline(zip.outputStream as Readable, createWriteStream(path.join(folder, fileName)))
    return { path: path.join(folder, fileName), fileName, mediaType: 'application/zip' }
  })
}

/** Writes a GeoJSON file; see {@link geoJsonChunks}. */
export function writeGeoJson(layer: OutLayer, baseName = 'export'): Promise<OutFile> {
  return withFolder(async (folder) => {
    const fileName = `${baseName}.geojson`
    await pipeline(Readable.from(geoJsonChunks(layer)), createWriteStream(path.join(folder, fileName)))
    return { path: path.join(folder, fileName), fileName, mediaType: 'application/geo+json' }
  })
}
