import path from 'node:path'
import { FileRefused } from './file-refused.ts'
import { readSample } from './text-file.ts'

export type FileFormat = 'zip' | 'geojson' | 'csv' | 'shapefile' | 'dbf' | 'kml' | 'gpkg' | 'fgb' | 'osm'

const TEXT_TABLES = new Set(['.csv', '.tsv', '.txt', '.tab'])

function firstCharacter(bytes: Buffer): string {
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.subarray(0, 400).toString('utf16le') : bytes[0] === 0xfe && bytes[1] === 0xff ? Buffer.from(bytes.subarray(0, 400)).swap16().toString('utf16le') : bytes.subarray(0, 400).toString('latin1').replace(/^ï»¿/, '')
  return text.replace(/^\uFEFF/, '').trimStart()[0] ?? ''
}

/**
 * Tells the format by the bytes of the file, by its name only where bytes do not tell.
 * @throws FileRefused for anything that cannot be read.
 */
export async function sniffFormat(file: string, fileName: string): Promise<FileFormat> {
  const { bytes } = await readSample(file, 4096)
  const extension = path.extname(fileName).toLowerCase()
  const ascii = bytes.subarray(0, 64).toString('latin1')
  if (ascii.startsWith('PK\x03\x04') || ascii.startsWith('PK\x05\x06')) {
    if (extension === '.xlsx') throw new FileRefused('unsupported', 'Excel workbooks are not read; save the sheet as CSV (UTF-8).')
    return 'zip'
  }
  if (ascii.startsWith('SQLite format 3\0')) return 'gpkg'
  if (ascii.startsWith('fgb\x03fgb')) return 'fgb'
  if (ascii.startsWith('\0\0\x27\x0a')) return 'shapefile'
  if (ascii.startsWith('\0\0') && ascii.startsWith('\n\tOSMHeader', 4)) return 'osm'
  if (extension === '.dbf') return 'dbf'
  if (TEXT_TABLES.has(extension)) return 'csv'
  const first = firstCharacter(bytes)
  if (first === '{') return 'geojson'
  if (first === '<' && (extension === '.kml' || /<kml/i.test(bytes.toString('latin1')))) return 'kml'
  if (bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) throw new FileRefused('empty_file', 'The file is empty.')
  if (extension === '.geojson' || extension === '.json') throw new FileRefused('not_geojson', 'The file is not GeoJSON: it does not begin with an object.')
  throw new FileRefused('unsupported', `Files like ${fileName} cannot be read. Known are GeoJSON, CSV, GeoPackage, Shapefile (.shp or zipped), DBF, KML, KMZ, FlatGeobuf and OpenStreetMap PBF.`)
}
