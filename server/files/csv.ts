import { cellOf, type Column } from './cells.ts'

/** Excel reads UTF-8 as such only behind this mark. */
const BYTE_ORDER_MARK = '\uFEFF'

/** One cell by RFC 4180, formulas made harmless: `=1+1` becomes `'=1+1`, the number -5 stays -5. */
export function csvCell(value: unknown): string {
  const cell = cellOf(value)
  if (cell === null) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(',')}\r\n`
}

/** A CSV file in pieces, for streaming: UTF-8 with byte order mark, heading first, CRLF after every line. */
export async function* csvChunks(columns: readonly Column[], rows: Iterable<Record<string, unknown>> | AsyncIterable<Record<string, unknown>>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(columns.map((column) => column.title))
  for await (const row of rows) yield csvLine(columns.map((column) => row[column.key]))
}

/** A whole CSV file as text; see {@link csvChunks}. */
export function csvRows(columns: readonly Column[], rows: Iterable<Record<string, unknown>>): string {
  let text = BYTE_ORDER_MARK + csvLine(columns.map((column) => column.title))
  for (const row of rows) text += csvLine(columns.map((column) => row[column.key]))
  return text
}
