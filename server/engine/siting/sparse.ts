/** What siting does with sparse tables. */
import type { SparseRows } from '../sparse-costs.ts'

export type { SparseRows }

/** The same table read by columns. Within a new row the new columns ascend. */
export function transpose(rows: SparseRows): SparseRows {
  const { rowCount, columnCount, start, column, value } = rows
  const newStart = new Uint32Array(columnCount + 1)
  for (const index of column) newStart[index + 1]! += 1
  for (let index = 0; index < columnCount; index += 1) newStart[index + 1]! += newStart[index]!
  const next = newStart.slice(0, columnCount)
  const newColumn = new Uint32Array(column.length)
  const newValue = value ? new Float64Array(column.length) : null
  for (let row = 0; row < rowCount; row += 1) {
    for (let at = start[row]!; at < start[row + 1]!; at += 1) {
      const place = next[column[at]!]!++
      newColumn[place] = row
      if (newValue && value) newValue[place] = value[at]!
    }
  }
  return { rowCount: columnCount, columnCount: rowCount, start: newStart, column: newColumn, value: newValue }
}

/**
 * A part of a table: the rows that are kept, and of each the entries that are kept, with columns renumbered.
 * @param newColumn new number of each column, negative for one that is left out
 * @param isKept asked for each remaining entry with its value (NaN where there are no values)
 */
export function selectRows(rows: SparseRows, keptRows: ArrayLike<number>, newColumn: Int32Array, newColumnCount: number, isKept: (value: number) => boolean): SparseRows {
  const start = new Uint32Array(keptRows.length + 1)
  const take = (visit: (place: number, at: number) => void): number => {
    let place = 0
    for (let index = 0; index < keptRows.length; index += 1) {
      const row = keptRows[index]!
      for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) {
        if (newColumn[rows.column[at]!]! >= 0 && isKept(rows.value ? rows.value[at]! : NaN)) visit(place++, at)
      }
      start[index + 1] = place
    }
    return place
  }
  const length = take(() => {})
  const column = new Uint32Array(length)
  const value = rows.value ? new Float64Array(length) : null
  take((place, at) => {
    column[place] = newColumn[rows.column[at]!]!
    if (value && rows.value) value[place] = rows.value[at]!
  })
  return { rowCount: keptRows.length, columnCount: newColumnCount, start, column, value }
}

/** A table from one array of entries a row; columns are sorted. */
export function sparseFrom(rows: readonly (readonly { column: number; value?: number }[])[], columnCount: number): SparseRows {
  const length = rows.reduce((sum, row) => sum + row.length, 0)
  const hasValues = rows.some((row) => row.some((entry) => entry.value !== undefined))
  const table: SparseRows = { rowCount: rows.length, columnCount, start: new Uint32Array(rows.length + 1), column: new Uint32Array(length), value: hasValues ? new Float64Array(length) : null }
  let place = 0
  rows.forEach((row, index) => {
    for (const entry of [...row].sort((a, b) => a.column - b.column)) {
      table.column[place] = entry.column
      if (table.value) table.value[place] = entry.value ?? 0
      place += 1
    }
    table.start[index + 1] = place
  })
  return table
}
