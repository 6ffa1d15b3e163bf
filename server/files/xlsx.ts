import ExcelJS from 'exceljs'
import { cellOf, type Column } from './cells.ts'

export interface Sheet {
  name: string
  columns: readonly Column[]
  rows: Iterable<Record<string, unknown>>
}

const MAXIMUM_ROWS = 1_048_575
const WIDEST_COLUMN = 60

/** Characters a sheet name may not have, and its 31-character limit. */
function sheetName(name: string, taken: Set<string>): string {
  const clean = name.replaceAll(/[\\/*?:[\]]/g, ' ').replaceAll(/^'+|'+$/g, '').trim().slice(0, 31) || 'Sheet'
  let unique = clean
  for (let number = 2; taken.has(unique.toLowerCase()); number++) unique = `${clean.slice(0, 28)} ${number}`
  taken.add(unique.toLowerCase())
  return unique
}

/** Chinese characters take twice the room. */
function widthOf(value: unknown): number {
  return [...String(value ?? '')].reduce((width, character) => width + (character.charCodeAt(0) > 255 ? 2 : 1), 0)
}

/**
 * Writes a workbook: a bold heading that stays in sight, filter arrows, columns as wide as their content; numbers as numbers, text as text.
 * No cell can hold a formula. Give the filter or passport of the numbers as a sheet of its own.
 * @throws RangeError when a sheet has more rows than the format allows (1,048,575 below the heading).
 */
export async function writeXlsx(sheets: readonly Sheet[]): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook()
  const taken = new Set<string>()
  for (const sheet of sheets) {
    const page = workbook.addWorksheet(sheetName(sheet.name, taken), { views: [{ state: 'frozen', ySplit: 1 }] })
    const widths = sheet.columns.map((column) => widthOf(column.title))
    page.addRow(sheet.columns.map((column) => cellOf(column.title))).font = { bold: true }
    let count = 0
    for (const row of sheet.rows) {
      if (++count > MAXIMUM_ROWS) throw new RangeError(`The sheet "${sheet.name}" has more rows than XLSX allows (${MAXIMUM_ROWS}); export CSV or GeoPackage instead.`)
      const cells = sheet.columns.map((column) => cellOf(row[column.key]))
      if (count <= 500) cells.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, widthOf(cell))))
      page.addRow(cells)
    }
    widths.forEach((width, index) => (page.getColumn(index + 1).width = Math.min(WIDEST_COLUMN, width + 3)))
    if (sheet.columns.length > 0) page.autoFilter = { from: { row: 1, column: 1 }, to: { row: count + 1, column: sheet.columns.length } }
  }
  return Buffer.from(await workbook.xlsx.writeBuffer())
}
