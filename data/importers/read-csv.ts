import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { parse as parseWhole } from 'csv-parse/sync'
import type { Encoding } from './encoding.ts'
import { FileRefused } from './file-refused.ts'
import type { ReaderLimits } from './limits.ts'
import type { SourceHeader, SourceRow } from './source-rows.ts'
import { readText } from './text-file.ts'

const DELIMITERS = [',', '\t', ';', '|']
const MAXIMUM_COLUMNS = 2000
const MAXIMUM_RECORD = 4 * 1024 ** 2

/** The delimiter that the heading line holds most often, outside quotes. */
export function delimiterOf(heading: string): string {
  const bare = heading.replaceAll(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length - 1)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

async function headingOf(file: string, encoding: Encoding): Promise<string> {
  for await (const text of readText(file, encoding)) return text.replace(/^\uFEFF/, '').split(/\r?\n|\r/, 1)[0] ?? ''
  return ''
}

/** Headings made unique and never empty. */
function columnNames(heading: string[]): string[] {
  const taken = new Map<string, number>()
  return heading.map((written, index) => {
    const name = written.trim() || `column_${index + 1}`
    const times = (taken.get(name) ?? 0) + 1
    taken.set(name, times)
    return times === 1 ? name : `${name}_${times}`
  })
}

export interface CsvOpened {
  header: SourceHeader
  rows(): AsyncGenerator<SourceRow>
}

/** Opens a table of text (comma, tab, semicolon or bar between columns); coordinates, if any, stay columns. */
export async function openCsv(file: string, encoding: Encoding, limits: ReaderLimits): Promise<CsvOpened> {
  const heading = await headingOf(file, encoding)
  if (heading.trim() === '') throw new FileRefused('empty_file', 'The file is empty, or its first line holds no column names.')
  const delimiter = delimiterOf(heading)
  const [first] = parseWhole(heading, { delimiter, relax_column_count: true, relax_quotes: true }) as string[][]
  const names = columnNames(first ?? [])
  const records = (): AsyncIterable<string[]> =>
    Readable.from(readText(file, encoding)).compose(parse({ bom: true, delimiter, relax_column_count: true, skip_empty_lines: true, max_record_size: MAXIMUM_RECORD }))
  if (names.length > MAXIMUM_COLUMNS) throw new FileRefused('too_many_columns', `The table has ${names.length} columns; at most ${MAXIMUM_COLUMNS} are read.`)

  return {
    header: { driver: 'CSV', layers: [{ name: '', rows: null, geometryType: null }], crs: null, crsText: null, encoding: encoding.name, fields: names.map((name) => ({ name, type: 'String' })) },
    async *rows() {
      let row = -1
      try {
        for await (const record of records()) {
          if (++row === 0) continue
          if (row > limits.rows) throw new FileRefused('too_many_rows', `The table has more than ${limits.rows.toLocaleString('en')} rows.`)
          const properties = Object.fromEntries(names.map((name, index) => [name, record[index] === undefined || record[index] === '' ? null : record[index]]))
          const ragged = record.length > names.length
          yield {
            row,
            layer: null,
            geometry: null,
            properties,
            id: null,
            problems: ragged ? [{ severity: 'refused', code: 'too_many_cells', field: null, message: `The row has ${record.length} cells, the heading ${names.length}: probably a quote is missing.`, sample: record.join(delimiter).slice(0, 120) }] : [],
          }
        }
      } catch (error) {
        if (error instanceof CsvError) throw new FileRefused('csv_invalid', `The table cannot be read after row ${Math.max(0, row)}: ${error.message}.`)
        throw error
      }
    },
  }
}
