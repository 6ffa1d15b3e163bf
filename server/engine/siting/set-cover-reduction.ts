import type { CoverInstance } from './cover-instance.ts'
import { selectRows, type SparseRows, transpose } from './sparse.ts'

/** A smaller question with the same answer. */
export interface ReducedCover {
  instance: CoverInstance
  /** Candidate of the whole question that each one of the smaller question is. */
  candidateOf: Uint32Array
  /** Candidates that every best answer may contain: some demand has no other. */
  fixed: number[]
}

/** Comparisons after which looking for more is dearer than solving what is left. */
const MOST_WORK = 150_000_000

/** Words of a signature: each column of a row sets one of 128 bits, so that most rows that do not hold another one are told by four comparisons. */
const WORDS = 4

function signaturesOf(rows: SparseRows, hasColumn: Uint8Array): Uint32Array {
  const signatures = new Uint32Array(rows.rowCount * WORDS)
  for (let row = 0; row < rows.rowCount; row += 1) {
    for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) {
      if (hasColumn[rows.column[at]!] === 0) continue
      const bit = Math.imul(rows.column[at]!, 0x9e3779b1) >>> 25
      signatures[row * WORDS + (bit >> 5)]! |= 1 << (bit & 31)
    }
  }
  return signatures
}

function mayHold(signatures: Uint32Array, other: number, row: number): boolean {
  for (let word = 0; word < WORDS; word += 1) if ((signatures[row * WORDS + word]! & ~signatures[other * WORDS + word]!) !== 0) return false
  return true
}

/**
 * Reductions of set covering (Beasley 1987), until none applies: a group whose candidates include all candidates of another group is covered with it;
 * a candidate that covers nothing beyond what another one covers at no more cost is not needed; a group with one candidate fixes it.
 */
export function reduceSetCover(instance: CoverInstance, costs: Float64Array): ReducedCover {
  const { rows, columns } = instance
  const hasRow = new Uint8Array(rows.rowCount).fill(1)
  const hasColumn = new Uint8Array(columns.rowCount).fill(1)
  const rowSize = Int32Array.from({ length: rows.rowCount }, (_value, row) => rows.start[row + 1]! - rows.start[row]!)
  const columnSize = Int32Array.from({ length: columns.rowCount }, (_value, column) => columns.start[column + 1]! - columns.start[column]!)
  const rowMark = new Int32Array(rows.rowCount).fill(-1)
  const columnMark = new Int32Array(columns.rowCount).fill(-1)
  const fixed: number[] = []
  let work = 0

  const dropRow = (row: number) => {
    hasRow[row] = 0
    for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) columnSize[rows.column[at]!]! -= 1
  }
  const dropColumn = (column: number) => {
    hasColumn[column] = 0
    for (let at = columns.start[column]!; at < columns.start[column + 1]!; at += 1) rowSize[columns.column[at]!]! -= 1
  }

  for (let changed = true; changed && work < MOST_WORK; ) {
    changed = false
    for (let row = 0; row < rows.rowCount; row += 1) {
      if (hasRow[row] === 0 || rowSize[row] !== 1) continue
      let only = -1
      for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) if (hasColumn[rows.column[at]!] === 1) only = rows.column[at]!
      fixed.push(only)
      for (let at = columns.start[only]!; at < columns.start[only + 1]!; at += 1) if (hasRow[columns.column[at]!] === 1) dropRow(columns.column[at]!)
      dropColumn(only)
      changed = true
    }
    // Rows that hold all of this row's candidates stand in each of its columns; the shortest one is looked through. Short rows first: they rule out most.
    const signatures = signaturesOf(rows, hasColumn)
    const bySize = Uint32Array.from({ length: rows.rowCount }, (_value, row) => row).sort((a, b) => rowSize[a]! - rowSize[b]! || a - b)
    for (const row of bySize) {
      if (hasRow[row] === 0) continue
      if (work >= MOST_WORK) break
      let shortest = -1
      for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) {
        const column = rows.column[at]!
        if (hasColumn[column] === 1 && (shortest < 0 || columnSize[column]! < columnSize[shortest]!)) shortest = column
        columnMark[column] = row
      }
      if (shortest < 0) continue
      for (let at = columns.start[shortest]!; at < columns.start[shortest + 1]!; at += 1) {
        const other = columns.column[at]!
        work += 1
        if (other === row || hasRow[other] === 0 || rowSize[other]! < rowSize[row]! || !mayHold(signatures, other, row)) continue
        let common = 0
        for (let entry = rows.start[other]!; entry < rows.start[other + 1]!; entry += 1) if (hasColumn[rows.column[entry]!] === 1 && columnMark[rows.column[entry]!] === row) common += 1
        work += rows.start[other + 1]! - rows.start[other]!
        if (common === rowSize[row] && (rowSize[other]! > rowSize[row]! || other > row)) {
          dropRow(other)
          changed = true
        }
      }
    }
    for (let column = 0; column < columns.rowCount && work < MOST_WORK; column += 1) {
      if (hasColumn[column] === 0) continue
      if (columnSize[column] === 0) {
        dropColumn(column)
        continue
      }
      let shortest = -1
      for (let at = columns.start[column]!; at < columns.start[column + 1]!; at += 1) {
        const row = columns.column[at]!
        if (hasRow[row] === 1 && (shortest < 0 || rowSize[row]! < rowSize[shortest]!)) shortest = row
        rowMark[row] = column
      }
      for (let at = rows.start[shortest]!; at < rows.start[shortest + 1]!; at += 1) {
        const other = rows.column[at]!
        if (other === column || hasColumn[other] === 0 || columnSize[other]! < columnSize[column]! || costs[other]! > costs[column]!) continue
        let common = 0
        for (let entry = columns.start[other]!; entry < columns.start[other + 1]!; entry += 1) if (hasRow[columns.column[entry]!] === 1 && rowMark[columns.column[entry]!] === column) common += 1
        work += columns.start[other + 1]! - columns.start[other]!
        if (common === columnSize[column] && (columnSize[other]! > columnSize[column]! || costs[other]! < costs[column]! || other < column)) {
          dropColumn(column)
          changed = true
          break
        }
      }
    }
  }

  const candidateOf: number[] = []
  const newColumn = new Int32Array(columns.rowCount).fill(-1)
  hasColumn.forEach((has, column) => {
    if (has === 1) newColumn[column] = candidateOf.push(column) - 1
  })
  const kept: number[] = []
  hasRow.forEach((has, row) => {
    if (has === 1) kept.push(row)
  })
  const smaller = selectRows(rows, kept, newColumn, candidateOf.length, () => true)
  return {
    instance: { ...instance, rows: smaller, columns: transpose(smaller), weights: new Float64Array(kept.length).fill(1), siteOf: Uint32Array.from(candidateOf, (candidate) => instance.siteOf[candidate]!) },
    candidateOf: Uint32Array.from(candidateOf),
    fixed,
  }
}
