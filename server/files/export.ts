/** A kind or a layer of a city as a file. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CityRow } from '../cities/cities.ts'
import { FeatureKind } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findLayer } from '../imports/layers.ts'
import { type ExportColumn, listAttributeNames, listExportColumns, listExportRows, listGeometryTypes } from './export-queries.ts'
import { csvChunks, type OutFeature, type OutField, type OutFile, type OutGeometryType, type OutLayer, writeFlatGeobuf, writeGeoJson, writeGeoPackage, writeShapefile, writeXlsx } from './write.ts'

export const EXPORT_FORMATS = ['geojson', 'gpkg', 'csv', 'xlsx', 'shp', 'fgb'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export interface ExportWish {
  kind?: string | undefined
  layer?: string | undefined
  format: ExportFormat
  /** `EPSG:n` of the coordinates; GeoJSON is always longitude and latitude. */
  crs: string
}

interface Source {
  table: string
  cityId: number
  layerId: number | null
  hasValidity: boolean
  columns: ExportColumn[]
  name: string
}

const PAGE_ROWS = 2000
const GEOMETRY_NAMES: Record<string, OutGeometryType> = { POINT: 'Point', MULTIPOINT: 'MultiPoint', LINESTRING: 'LineString', MULTILINESTRING: 'MultiLineString', POLYGON: 'Polygon', MULTIPOLYGON: 'MultiPolygon' }

async function findSource(db: Queryable, city: CityRow, wish: ExportWish): Promise<Source> {
  if ((wish.kind === undefined) === (wish.layer === undefined)) throw new AppError('bad_request', '请给出 --kind 或 --layer 之一。Say either --kind KIND or --layer KEY.')
  const layer = wish.layer === undefined ? null : await findLayer(db, city.cityId, wish.layer)
  if (wish.layer !== undefined && !layer) throw new AppError('not_found', `城市 ${city.key} 没有图层“${wish.layer}”，请改选。The city ${city.key} has no layer "${wish.layer}".`)
  const kind = FeatureKind.safeParse(layer?.kind ?? wish.kind)
  if (!kind.success) throw new AppError('bad_request', `There is no kind "${wish.kind ?? layer?.kind ?? ''}". Kinds are: ${FeatureKind.options.join(', ')}.`)
  return { table: kind.data, cityId: city.cityId, layerId: layer?.layerId ?? null, hasValidity: kind.data !== 'incidents', columns: await listExportColumns(db, kind.data), name: layer?.key ?? kind.data }
}

async function* features(db: Queryable, source: Source): AsyncGenerator<OutFeature> {
  for (let after = 0; ; ) {
    const page = await listExportRows(db, source, after, PAGE_ROWS)
    for (const row of page) yield { geometry: row.geometry, properties: { ...row.attributes, ...row.properties, layer: row.layer } }
    const last = page.at(-1)
    if (!last || page.length < PAGE_ROWS) return
    after = last.id
  }
}

/** Rows of a table with the place of points as two columns, of everything else as GeoJSON text. */
async function* tableRows(db: Queryable, source: Source): AsyncGenerator<Record<string, unknown>> {
  for await (const { geometry, properties } of features(db, source)) {
    const [longitude, latitude] = geometry?.type === 'Point' ? (geometry.coordinates as number[]) : []
    yield { ...properties, longitude, latitude, ...(geometry && geometry.type !== 'Point' ? { geometry: JSON.stringify(geometry) } : {}) }
  }
}

function geometryTypeOf(types: readonly string[]): OutGeometryType {
  const [first] = types
  return types.length === 1 && first ? (GEOMETRY_NAMES[first] ?? 'Geometry') : 'Geometry'
}

async function writeTable(db: Queryable, source: Source, fields: readonly OutField[], types: readonly string[], format: 'csv' | 'xlsx', passport: Record<string, string>): Promise<OutFile> {
  const place = types.every((type) => type === 'POINT') ? ['longitude', 'latitude'] : ['longitude', 'latitude', 'geometry']
  const columns = [...fields.map((field) => field.name), ...place].map((name) => ({ key: name, title: name }))
  const folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-out-'))
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    const fileName = `${source.name}.${format}`
    const file = path.join(folder, fileName)
    if (format === 'csv') await pipeline(Readable.from(csvChunks(columns, tableRows(db, source))), createWriteStream(file))
    else {
      const rows = []
      for await (const row of tableRows(db, source)) rows.push(row)
      const facts = Object.entries(passport).map(([what, value]) => ({ what, value }))
      await writeFile(file, await writeXlsx([{ name: source.name, columns, rows }, { name: '说明 about', columns: [{ key: 'what', title: '项目 item' }, { key: 'value', title: '内容 value' }], rows: facts }]))
    }
    return { path: file, fileName, mediaType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/**
 * Writes the living rows of a kind or a layer into a file of its own.
 * @throws AppError for an unknown kind or layer, a mix of geometries that the format cannot hold, or a system GeoJSON does not allow.
 */
export async function exportFeatures(db: Queryable, city: CityRow, wish: ExportWish, at: Date): Promise<OutFile> {
  const source = await findSource(db, city, wish)
  const attributes = (await listAttributeNames(db, source)).filter((name) => name !== 'layer' && !source.columns.some((column) => column.name === name))
  const fields: OutField[] = [...source.columns, { name: 'layer', type: 'text' }, ...attributes.map((name) => ({ name, type: 'text' as const }))]
  const types = await listGeometryTypes(db, source)
  const layer: OutLayer = { name: source.name, geometryType: geometryTypeOf(types), fields, features: features(db, source) }
  const { format, crs } = wish
  const isDegrees = /^EPSG:(4490|4326)$/i.test(crs)
  if ((format === 'csv' || format === 'xlsx') && !isDegrees) throw new AppError('bad_request', `表格存经纬度；要 ${crs} 请选 gpkg、shp 或 fgb。A table holds longitude and latitude; write ${crs} as gpkg, shp or fgb.`)
  if (format === 'csv' || format === 'xlsx') return writeTable(db, source, fields, types, format, { city: `${city.nameZh} ${city.nameEn}`, [wish.layer ? 'layer' : 'kind']: source.name, crs: 'EPSG:4490', measured: city.measureName, at: at.toISOString() })
  if (format === 'geojson') {
    if (!isDegrees) throw new AppError('bad_request', `GeoJSON 按标准（RFC 7946）只存经纬度；要 ${crs} 请选 gpkg、shp 或 fgb。GeoJSON is longitude and latitude by its standard (RFC 7946); write ${crs} as gpkg, shp or fgb.`)
    return writeGeoJson(layer, source.name)
  }
  if (format === 'gpkg') return writeGeoPackage([layer], crs, source.name)
  if (format === 'fgb') return writeFlatGeobuf(layer, crs, source.name)
  if (types.length > 1) throw new AppError('bad_request', `Shapefile 只能存一种几何，请选 gpkg。A Shapefile holds one sort of geometry, and these rows have ${types.join(', ').toLowerCase()}; choose gpkg.`)
  return writeShapefile(layer, crs, source.name)
}
