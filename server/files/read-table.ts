/** Tables of text that somebody brings to a command: no database, nothing of a city. */
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Encoding } from '../../data/importers/encoding.ts'
import { FileRefused } from '../../data/importers/file-refused.ts'
import { READER_LIMITS } from '../../data/importers/limits.ts'
import { delimiterOf, openCsv } from '../../data/importers/read-csv.ts'
import { encodingOf, readText } from '../../data/importers/text-file.ts'
import { AppError } from '../errors.ts'

/** Faults that are told one by one; the others are counted. */
const TOLD = 10

/** Faults of one file by row, collected so that they are told at once. */
export class RowFaults {
  readonly #file: string
  readonly #told: { path: string; message: string }[] = []
  #count = 0

  constructor(file: string) {
    this.#file = path.basename(file)
  }

  /** @param row as a spreadsheet counts it: the heading is row 1 */
  add(row: number, message: string, column: string | null = null): void {
    this.#count += 1
    if (this.#told.length < TOLD) this.#told.push({ path: column === null ? `行 row ${row}` : `行 row ${row}, ${column}`, message })
  }

  /** @throws AppError bad_request that tells the first faults, where there are any */
  throwIfAny(): void {
    if (this.#count === 0) return
    const more = this.#count > TOLD ? [{ path: '…', message: `另有 ${this.#count - TOLD} 处。 ${this.#count - TOLD} more` }] : []
    throw new AppError('bad_request', `${this.#file} 有 ${this.#count} 处不能用。 ${this.#file} cannot be used: ${this.#count} fault${this.#count === 1 ? '' : 's'}.`, { errors: [...this.#told, ...more] })
  }
}

export interface TableRow {
  /** As in the file, the heading being row 1. */
  row: number
  /** Text of each column asked for, in the order asked; '' where the cell is empty. */
  cells: string[]
}

async function hasQuotes(file: string, encoding: Encoding): Promise<boolean> {
  for await (const text of readText(file, encoding)) if (text.includes('"')) return true
  return false
}

/**
 * Records of a table without quotes, where a line is a record and a delimiter always ends a cell: several times as fast as a parser
 * that has to look out for quotes, which tells in tables of costs with a million rows. Empty lines are skipped and not counted.
 */
async function* plainRecords(file: string, encoding: Encoding): AsyncGenerator<string[]> {
  let delimiter: string | undefined
  let rest = ''
  for await (const text of readText(file, encoding)) {
    const lines = (rest + text).split(/\r?\n|\r/)
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield line.split((delimiter ??= delimiterOf(line)))
  }
  if (rest !== '') yield rest.split((delimiter ??= delimiterOf(rest)))
}

/** Records as cells by the order of the heading, the heading itself left out; undefined for one with more cells than it. */
async function* recordsOf(file: string, encoding: Encoding, names: readonly string[], opened: Awaited<ReturnType<typeof openCsv>>): AsyncGenerator<{ row: number; cells: readonly string[]; problem?: string }> {
  if (await hasQuotes(file, encoding)) {
    for await (const source of opened.rows()) {
      const problem = source.problems[0]?.message
      yield { row: source.row + 1, cells: names.map((name) => String(source.properties[name] ?? '')), ...(problem === undefined ? {} : { problem }) }
    }
    return
  }
  let row = 0
  for await (const cells of plainRecords(file, encoding)) {
    row += 1
    if (row === 1) continue
    if (row > READER_LIMITS.rows + 1) throw new FileRefused('too_many_rows', `The table has more than ${READER_LIMITS.rows.toLocaleString('en')} rows.`)
    yield cells.length > names.length ? { row, cells, problem: `The row has ${cells.length} cells, the heading ${names.length}.` } : { row, cells }
  }
}

/** A column that is asked for, and the option that it was named by, for the sentence where it is not there. */
export interface WantedColumn {
  name: string
  option?: string
}

/**
 * Reads some columns of a table of text (comma, tab, semicolon or bar; UTF-8, GB18030, Big5 …). A row with more cells than the heading is a fault.
 * @throws AppError for a file that is not there or cannot be read, and for a column it does not have, naming those it has.
 */
export async function* readTable(file: string, encodingName: string | null, columns: readonly WantedColumn[], faults: RowFaults): AsyncGenerator<TableRow> {
  const facts = await stat(file).catch(() => undefined)
  if (!facts?.isFile()) throw new AppError('not_found', `没有文件 ${file}。 There is no file ${file}.`)
  try {
    const encoding = await encodingOf(file, encodingName)
    const opened = await openCsv(file, encoding, READER_LIMITS)
    const names = opened.header.fields.map(({ name }) => name)
    const missing = columns.filter(({ name }) => !names.includes(name))
    if (missing.length > 0) throw new AppError('bad_request', `${path.basename(file)} 没有${missing.map(({ name }) => `“${name}”`).join('、')}列。 ${path.basename(file)} has no column ${missing.map(({ name, option }) => `"${name}"${option === undefined ? '' : ` (${option})`}`).join(', ')}. There are: ${names.join(', ')}.`)
    const places = columns.map(({ name }) => names.indexOf(name))
    for await (const { row, cells, problem } of recordsOf(file, encoding, names, opened)) {
      if (problem !== undefined) faults.add(row, problem)
      else yield { row, cells: places.map((place) => (cells[place] ?? '').trim()) }
    }
  } catch (error) {
    if (error instanceof FileRefused) throw new AppError(error.code.startsWith('too_many') ? 'too_large' : 'bad_request', `${path.basename(file)}: ${error.message}`, { cause: error })
    throw error
  }
}

/** A number of zero or more as written in a cell; NaN, with a fault of its row, where it is none. */
export function amountOf(text: string, column: string, row: number, faults: RowFaults): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
  if (Number.isFinite(value) && value >= 0) return value
  faults.add(row, text === '' ? '为空。 is empty' : value < 0 ? `${text} 小于 0。 ${text} is below zero` : `“${text.slice(0, 60)}” 不是数。 "${text.slice(0, 60)}" is not a number`, column)
  return NaN
}
