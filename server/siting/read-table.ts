import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Encoding } from '../../data/importers/encoding.ts'
import { FileRefused } from '../../data/importers/file-refused.ts'
import { READER_LIMITS } from '../../data/importers/limits.ts'
import { delimiterOf, openCsv } from '../../data/importers/read-csv.ts'
import { encodingOf, readText } from '../../data/importers/text-file.ts'
import { AppError } from '../errors.ts'

/** Faulty rows that are told one by one; the rest is counted. */
const TOLD = 10

/** Faults of the rows of one file, collected so that all are told at once. */
export class RowFaults {
  readonly #file: string
  readonly #told: { path: string; message: string }[] = []
  #count = 0

  constructor(file: string) {
    this.#file = path.basename(file)
  }

  /** @param row counted as in the file, the heading being row 1 */
  add(row: number, message: string): void {
    this.#count += 1
    if (this.#told.length < TOLD) this.#told.push({ path: `第 ${row} 行 row ${row}`, message })
  }

  /** @throws AppError that names the rows, where there are any. */
  throwIfAny(): void {
    if (this.#count === 0) return
    const more = this.#count > TOLD ? ` 以下为前 ${TOLD} 行 the first ${TOLD}:` : ''
    throw new AppError('bad_request', `${this.#file} 有 ${this.#count} 行不能采用。 ${this.#count} rows of ${this.#file} cannot be taken.${more}`, { errors: this.#told })
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

/**
 * Reads some columns of a table of text (comma, tab, semicolon or bar; UTF-8, GB18030, Big5 …).
 * @throws AppError for a file that is not there or cannot be read, and for a column it does not have, naming those it has.
 */
export async function* readTable(file: string, encodingName: string | null, columns: readonly string[], faults: RowFaults): AsyncGenerator<TableRow> {
  const facts = await stat(file).catch(() => undefined)
  if (!facts?.isFile()) throw new AppError('not_found', `没有文件 ${file}。 There is no file ${file}.`)
  try {
    const encoding = await encodingOf(file, encodingName)
    const opened = await openCsv(file, encoding, READER_LIMITS)
    const names = opened.header.fields.map(({ name }) => name)
    const missing = columns.filter((column) => !names.includes(column))
    if (missing.length > 0) throw new AppError('bad_request', `${path.basename(file)} 没有列 ${missing.join('、')}。 ${path.basename(file)} has no column ${missing.map((name) => `"${name}"`).join(', ')}; its columns are ${names.join(', ')}.`)
    const places = columns.map((column) => names.indexOf(column))
    for await (const { row, cells, problem } of recordsOf(file, encoding, names, opened)) {
      if (problem !== undefined) faults.add(row, problem)
      else yield { row, cells: places.map((place) => (cells[place] ?? '').trim()) }
    }
  } catch (error) {
    if (error instanceof FileRefused) throw new AppError(error.code.startsWith('too_many') ? 'too_large' : 'bad_request', `${path.basename(file)}: ${error.message}`, { cause: error })
    throw error
  }
}

/** A number at least 0 as written in a cell, or a fault of its row. */
export function amountOf(text: string, column: string, row: number, faults: RowFaults): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
  if (Number.isFinite(value) && value >= 0) return value
  if (text === '') faults.add(row, `${column} 为空 is empty`)
  else if (value < 0) faults.add(row, `${column} 为负 is negative: ${text}`)
  else faults.add(row, `${column} 不是数 is not a number: ${text.slice(0, 60)}`)
  return NaN
}
