/** A table of classes as it lies in a spreadsheet: XLSX or text, read row by row with the numbers people see beside them. */
import { open } from 'node:fs/promises'
import ExcelJS from 'exceljs'
import yauzl from 'yauzl'
import { FileRefused } from '../../data/importers/file-refused.ts'
import { READER_LIMITS } from '../../data/importers/limits.ts'
import { openCsv } from '../../data/importers/read-csv.ts'
import { encodingOf } from '../../data/importers/text-file.ts'
import { AppError } from '../errors.ts'

export interface TableRow {
  /** As the spreadsheet numbers its rows: the heading is row 1. */
  row: number
  cells: Record<string, string>
}

const MOST_ROWS = 20_000
const MOST_COLUMNS = 200
/** A workbook that would grow beyond this is no table of classes. */
const MOST_UNPACKED_BYTES = 24 * 1024 ** 2
const MOST_ENTRIES = 500

function refuse(message: string, cause?: unknown): never {
  throw new AppError('unsupported_file', message, cause === undefined ? {} : { cause })
}

/** Looks through a workbook's list of entries before any of it is unpacked. */
async function checkWorkbook(file: string): Promise<void> {
  let zip: yauzl.ZipFile
  try {
    zip = await new Promise<yauzl.ZipFile>((resolve, reject) => yauzl.open(file, { lazyEntries: true, validateEntrySizes: true }, (error, opened) => (error ? reject(error) : resolve(opened))))
  } catch (error) {
    refuse('表格文件已损坏，无法打开。The workbook is damaged and cannot be opened.', error)
  }
  try {
    let bytes = 0
    if (zip.entryCount > MOST_ENTRIES) refuse(`表格文件含 ${zip.entryCount} 个部分，超过 ${MOST_ENTRIES}。The workbook has ${zip.entryCount} parts; at most ${MOST_ENTRIES} are looked at.`)
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: yauzl.Entry) => {
        bytes += entry.uncompressedSize
        if (bytes > MOST_UNPACKED_BYTES) reject(new AppError('too_large', '表格文件展开后过大。The workbook would grow too large when unpacked.'))
        else zip.readEntry()
      })
      zip.once('end', resolve)
      zip.once('error', reject)
      zip.readEntry()
    })
  } finally {
    zip.close()
  }
}

function textOf(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value !== 'object') return String(value)
  if ('richText' in value) return value.richText.map((part) => part.text).join('')
  if ('result' in value) return textOf(value.result as ExcelJS.CellValue)
  return 'text' in value ? textOf(value.text as ExcelJS.CellValue) : ''
}

async function readWorkbook(file: string): Promise<TableRow[]> {
  await checkWorkbook(file)
  const workbook = new ExcelJS.Workbook()
  try {
    await workbook.xlsx.readFile(file)
  } catch (error) {
    refuse('表格文件已损坏，无法读取。The workbook is damaged and cannot be read.', error)
  }
  const rows: TableRow[] = []
  for (const sheet of workbook.worksheets) {
    if (sheet.rowCount > MOST_ROWS || sheet.columnCount > MOST_COLUMNS) throw new AppError('too_large', `工作表“${sheet.name}”超过 ${MOST_ROWS} 行或 ${MOST_COLUMNS} 列。The sheet "${sheet.name}" has more than ${MOST_ROWS} rows or ${MOST_COLUMNS} columns.`)
    let heading: string[] = []
    sheet.eachRow({ includeEmpty: false }, (line, row) => {
      // A merged cell says in each of its rows what it says in the first.
      const cells = Array.from({ length: sheet.columnCount }, (_, index) => textOf(line.getCell(index + 1).value).trim())
      if (heading.length === 0) heading = cells
      else rows.push({ row, cells: Object.fromEntries(heading.flatMap((name, index) => (name === '' ? [] : [[name, cells[index] ?? '']]))) })
    })
    if (rows.length > 0) break
  }
  return rows
}

async function readTextTable(file: string): Promise<TableRow[]> {
  try {
    const opened = await openCsv(file, await encodingOf(file, null), { ...READER_LIMITS, rows: MOST_ROWS })
    const rows: TableRow[] = []
    for await (const { row, properties } of opened.rows()) rows.push({ row: row + 1, cells: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, value === null || value === undefined ? '' : String(value).trim()])) })
    return rows
  } catch (error) {
    if (error instanceof FileRefused) refuse(error.message, error)
    throw error
  }
}

/**
 * Reads the first sheet that holds rows, or the text table.
 * @throws AppError `unsupported_file` or `too_large`, saying why.
 */
export async function readClassTable(file: string): Promise<TableRow[]> {
  const handle = await open(file, 'r')
  const head = Buffer.alloc(4)
  try {
    await handle.read(head, 0, 4, 0)
  } finally {
    await handle.close()
  }
  if (head.toString('latin1') === '\xd0\xcf\x11\xe0') refuse('旧版 .xls 请另存为 .xlsx 或 CSV。Save the old .xls workbook as .xlsx or CSV.')
  const rows = head.toString('latin1') === 'PK\x03\x04' ? await readWorkbook(file) : await readTextTable(file)
  if (rows.length === 0) throw new AppError('bad_request', '表格没有数据行。The table holds no rows.')
  return rows
}
