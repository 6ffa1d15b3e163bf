/** What a run is taken away as: a table, sheets, and layers, each made only when it is asked for. */
import { createReadStream } from 'node:fs'
import type { RunFileFormat } from '../contract/run-files.ts'
import { AppError } from '../errors.ts'
import { withPassport } from './passport.ts'
import { type Column, csvChunks, geoJsonChunks, type OutLayer, type Sheet, writeGeoPackage, writeShapefile, writeXlsx } from './write.ts'

export type PassportRow = { key: string; value: unknown }

export interface RunFileParts {
  /** Name without extension. */
  baseName: string
  /** The table that a CSV file holds. */
  table: { columns: readonly Column[]; rows: Iterable<Record<string, unknown>> }
  sheets: () => Sheet[]
  /** Features of GeoJSON, and of a Shapefile where it has one sort of geometry. */
  layer: () => OutLayer
  /** What a Shapefile holds, where the features are of more than one sort. */
  shapeLayer?: () => OutLayer
  /** Everything, for a GeoPackage; the passport is added. */
  layers: () => OutLayer[]
  passport: () => PassportRow[]
}

export interface SentRunFile {
  fileName: string
  mediaType: string
  chunks: AsyncIterable<string | Uint8Array>
}

/** The passport as a table without shapes. */
export function passportLayer(rows: readonly PassportRow[]): OutLayer {
  return {
    name: 'passport', geometryType: 'Geometry', fields: [{ name: 'key', type: 'text' }, { name: 'value', type: 'text' }],
    features: rows.map(({ key, value }) => ({ geometry: null, properties: { key, value: typeof value === 'string' ? value : JSON.stringify(value) } })),
  }
}

/** A file on disk as pieces; its folder goes when the last was read. */
async function* piecesOf({ path, dispose }: { path: string; dispose(): Promise<void> }): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } finally {
    await dispose()
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** @throws AppError bad_request for shapes where there are none */
export async function makeRunFile(parts: RunFileParts, format: RunFileFormat): Promise<SentRunFile> {
  const named = (extension: string) => `${parts.baseName}${extension}`
  switch (format) {
    case 'csv': return { fileName: named('.csv'), mediaType: 'text/csv; charset=utf-8', chunks: csvChunks(parts.table.columns, parts.table.rows) }
    case 'xlsx': return { fileName: named('.xlsx'), mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', chunks: once(await writeXlsx(parts.sheets())) }
    case 'geojson': return { fileName: named('.geojson'), mediaType: 'application/geo+json; charset=utf-8', chunks: withPassport(geoJsonChunks(parts.layer()), Object.fromEntries(parts.passport().map(({ key, value }) => [key, value]))) }
    case 'gpkg': {
      const file = await writeGeoPackage([...parts.layers(), passportLayer(parts.passport())], 'EPSG:4490', parts.baseName)
      return { fileName: named('.gpkg'), mediaType: file.mediaType, chunks: piecesOf(file) }
    }
    case 'shp': {
      const layer = (parts.shapeLayer ?? parts.layer)()
      if (layer.geometryType === 'Geometry') throw new AppError('bad_request', 'Shapefile 只能存一种几何类型，请用 GeoPackage。A Shapefile holds one sort of geometry; choose gpkg.')
      const file = await writeShapefile(layer, 'EPSG:4490', parts.baseName)
      return { fileName: file.fileName, mediaType: file.mediaType, chunks: piecesOf(file) }
    }
  }
}
