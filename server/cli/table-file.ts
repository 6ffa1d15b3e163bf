/** Tables that a command reads from a file of its own: no database, nothing of a city. */
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { requireEncoding } from '../../data/importers/encoding.ts'
import { FileRefused } from '../../data/importers/file-refused.ts'
import { READER_LIMITS } from '../../data/importers/limits.ts'
import { openCsv } from '../../data/importers/read-csv.ts'
import { encodingOf } from '../../data/importers/text-file.ts'
import { AppError } from '../errors.ts'
import type { CommandIo } from './command.ts'

const SHOWN_PROBLEMS = 10

/** Faults of a table by row: the first are kept in words, all are counted. */
export class TableProblems {
  readonly #shown: { path: string; message: string }[] = []
  #count = 0

  /** @param row as a spreadsheet counts it: the heading is row 1 */
  add(row: number, column: string | null, message: string): void {
    this.#count += 1
    if (this.#shown.length < SHOWN_PROBLEMS) this.#shown.push({ path: column === null ? `行 row ${row}` : `行 row ${row}, ${column}`, message })
  }

  /** @throws AppError bad_request naming the first faults, when there is any. */
  throwIfAny(file: string): void {
    if (this.#count === 0) return
    const more = this.#count > this.#shown.length ? [{ path: '…', message: `${this.#count - this.#shown.length} more` }] : []
    throw new AppError('bad_request', `${path.basename(file)} 有 ${this.#count} 处不能用。${path.basename(file)} cannot be used: ${this.#count} fault${this.#count === 1 ? '' : 's'}.`, { errors: [...this.#shown, ...more] })
  }
}

export interface TableRow {
  /** As a spreadsheet counts it: the heading is row 1. */
  row: number
  /** Cells of the columns asked for, in their order, without space around them; empty where there is nothing. */
  cells: string[]
}

/**
 * Reads the named columns of a table of text (comma, tab, semicolon or bar between them; the encoding is told by the file unless given).
 * @param columns names and the options they were given by, for the sentence when one is not there
 * @throws AppError not_found without a file; bad_request naming the columns there are, for a row with too many cells, or a file that cannot be read
 */
export async function* readTable(io: CommandIo, file: string, columns: readonly { option: string; name: string }[], encoding?: string): AsyncGenerator<TableRow> {
  const full = path.resolve(io.workingDirectory, file)
  if (!(await stat(full).catch(() => undefined))?.isFile()) throw new AppError('not_found', `There is no file ${full}.`)
  try {
    const table = await openCsv(full, encoding === undefined ? await encodingOf(full, null) : { name: requireEncoding(encoding), from: 'option' }, READER_LIMITS)
    const there = table.header.fields.map(({ name }) => name)
    const missing = columns.filter(({ name }) => !there.includes(name))
    if (missing.length > 0) {
      throw new AppError('bad_request', `${path.basename(full)} 没有${missing.map(({ name }) => `“${name}”`).join('、')}列。${path.basename(full)} has no column ${missing.map(({ name, option }) => `"${name}" (${option})`).join(', ')}. There are: ${there.join(', ')}.`)
    }
    for await (const { row, properties, problems } of table.rows()) {
      io.signal.throwIfAborted()
      const [problem] = problems
      if (problem) throw new AppError('bad_request', `${path.basename(full)} row ${row + 1}: ${problem.message}`)
      yield { row: row + 1, cells: columns.map(({ name }) => ((properties[name] as string | null) ?? '').trim()) }
    }
  } catch (error) {
    if (error instanceof FileRefused) throw new AppError('bad_request', `${path.basename(full)}: ${error.message}`, { cause: error })
    throw error
  }
}

/**
 * A cell as a number of zero or more; a fault of the row where it is none.
 * @returns NaN with the fault noted
 */
export function amountOf(cell: string, row: number, column: string, problems: TableProblems): number {
  const value = cell === '' ? Number.NaN : Number(cell)
  if (Number.isFinite(value) && value >= 0) return value
  problems.add(row, column, cell === '' ? '为空。 is empty' : Number.isFinite(value) ? `${cell} 小于 0。 ${cell} is below zero` : `“${cell}” 不是数。 "${cell}" is not a number`)
  return Number.NaN
}
