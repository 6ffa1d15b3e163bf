import type { SparseRows } from './sparse.ts'

/** Demands that nothing tells apart but their weight, taken as one. */
export interface MergedDemands {
  rows: SparseRows
  weights: Float64Array
  /** Group of each demand. */
  groupOf: Uint32Array
}

const scratch = new Float64Array(1)
const scratchBits = new Uint32Array(scratch.buffer)

function hashRow({ start, column, value }: SparseRows, row: number): number {
  let hash = 0x811c9dc5
  for (let at = start[row]!; at < start[row + 1]!; at += 1) {
    hash = Math.imul(hash ^ column[at]!, 0x01000193)
    if (value) {
      scratch[0] = value[at]!
      hash = Math.imul(hash ^ scratchBits[0]!, 0x01000193)
      hash = Math.imul(hash ^ scratchBits[1]!, 0x01000193)
    }
    hash ^= hash >>> 15
  }
  return hash >>> 0
}

function isSameRow({ start, column, value }: SparseRows, a: number, b: number): boolean {
  const length = start[a + 1]! - start[a]!
  if (start[b + 1]! - start[b]! !== length) return false
  for (let step = 0; step < length; step += 1) {
    if (column[start[a]! + step] !== column[start[b]! + step]) return false
    if (value && value[start[a]! + step] !== value[start[b]! + step]) return false
  }
  return true
}

/**
 * Merges demands with the same row (same sites, and same costs where there are values); weights add up.
 * Groups come in the order of their first demand. The answer of any method is the same as without merging.
 */
export function mergeDemands(rows: SparseRows, weights: Float64Array): MergedDemands {
  const size = 1 << Math.ceil(Math.log2(Math.max(16, rows.rowCount * 2)))
  const slots = new Int32Array(size).fill(-1)
  const groupOf = new Uint32Array(rows.rowCount)
  const first: number[] = []
  for (let row = 0; row < rows.rowCount; row += 1) {
    let slot = hashRow(rows, row) & (size - 1)
    while (slots[slot]! >= 0 && !isSameRow(rows, first[slots[slot]!]!, row)) slot = (slot + 1) & (size - 1)
    if (slots[slot]! < 0) {
      slots[slot] = first.length
      first.push(row)
    }
    groupOf[row] = slots[slot]!
  }
  const merged = new Float64Array(first.length)
  for (let row = 0; row < rows.rowCount; row += 1) merged[groupOf[row]!]! += weights[row]!
  const start = new Uint32Array(first.length + 1)
  first.forEach((row, group) => (start[group + 1] = start[group]! + rows.start[row + 1]! - rows.start[row]!))
  const column = new Uint32Array(start[first.length]!)
  const value = rows.value ? new Float64Array(column.length) : null
  first.forEach((row, group) => {
    column.set(rows.column.subarray(rows.start[row]!, rows.start[row + 1]!), start[group]!)
    if (value && rows.value) value.set(rows.value.subarray(rows.start[row]!, rows.start[row + 1]!), start[group]!)
  })
  return { rows: { rowCount: first.length, columnCount: rows.columnCount, start, column, value }, weights: merged, groupOf }
}
