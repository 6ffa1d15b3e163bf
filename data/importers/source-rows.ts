/** The neutral form every reader produces, whatever the format. */
import type { CheckedGeometry } from './geojson-check.ts'
import type { RowProblem } from './file-refused.ts'

export interface SourceField {
  name: string
  type: string
}

export interface SourceHeader {
  /** Format, as GDAL names it, or `CSV`, `GeoJSON`. */
  driver: string
  layers: { name: string; rows: number | null; geometryType: string | null }[]
  /** Coordinate system the file names: `EPSG:n`; null where it names none. */
  crs: string | null
  /** The system in words where it has no EPSG number. */
  crsText: string | null
  encoding: string | null
  fields: SourceField[]
}

export interface SourceRow {
  /** 1-based within its layer. */
  row: number
  layer: string | null
  geometry: CheckedGeometry | null
  properties: Record<string, unknown>
  /** Identifier the format itself carries, beside the columns. */
  id: string | null
  problems: RowProblem[]
}

/** What a child prints, one per line. */
export type SourceLine = { header: SourceHeader } | { data: SourceRow } | { refused: { code: string; message: string } }

/** Prints lines with the patience that the parent's pipe asks for. */
export async function printLine(line: SourceLine): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(line)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve))
}
