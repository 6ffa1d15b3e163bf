/** Weighted least squares over a few columns, and which of them say nothing that the others do not. */
import { sumOf } from '../sum.ts'

export interface StandardColumn {
  key: string
  /** Mean 0, standard deviation 1. */
  values: Float64Array
  mean: number
  deviation: number
}

/** A column whose rest beside the earlier ones is smaller than this share of its own length repeats them. */
const ALIASED = 1e-9

/** Centres and scales columns, so that neither their units nor their size matter to the arithmetic; those without spread are left out. */
export function standardise(columns: readonly { key: string; values: ArrayLike<number> }[]): StandardColumn[] {
  return columns.flatMap(({ key, values }) => {
    const given = Array.from(values)
    const mean = sumOf(given) / given.length
    const deviation = Math.sqrt(sumOf(given.map((value) => (value - mean) ** 2)) / given.length)
    if (!(deviation > 1e-12 * Math.max(1, Math.abs(mean)))) return []
    return [{ key, mean, deviation, values: Float64Array.from(given, (value) => (value - mean) / deviation) }]
  })
}

/** Columns that are no combination of those before them, by Gram and Schmidt. */
export function independentColumns(columns: readonly StandardColumn[]): StandardColumn[] {
  const kept: { column: StandardColumn; basis: Float64Array }[] = []
  for (const column of columns) {
    const rest = Float64Array.from(column.values)
    for (const { basis } of kept) {
      const share = sumOf(Array.from(rest, (value, row) => value * basis[row]!))
      for (let row = 0; row < rest.length; row++) rest[row]! -= share * basis[row]!
    }
    const length = Math.sqrt(sumOf(Array.from(rest, (value) => value * value)))
    if (length <= ALIASED * Math.sqrt(rest.length)) continue
    kept.push({ column, basis: rest.map((value) => value / length) })
  }
  return kept.map(({ column }) => column)
}

/** Lower triangle L with L·Lᵀ = matrix; null when it is not positive definite. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] | null {
  const lower = matrix.map((row) => new Float64Array(row.length))
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i]![j]!
      for (let k = 0; k < j; k++) value -= lower[i]![k]! * lower[j]![k]!
      if (i !== j) lower[i]![j] = value / lower[j]![j]!
      else if (value > 0) lower[i]![i] = Math.sqrt(value)
      else return null
    }
  }
  return lower
}

function solveWith(lower: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const size = lower.length
  const solved = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solved[i]! -= lower[i]![k]! * solved[k]!
    solved[i]! /= lower[i]![i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solved[i]! -= lower[k]![i]! * solved[k]!
    solved[i]! /= lower[i]![i]!
  }
  return solved
}

export interface LeastSquares {
  /** The constant first, then one for each column. */
  coefficients: Float64Array
  /** Inverse of the weighted cross products. */
  covariance: Float64Array[]
}

/** Least squares of `response` on a constant and columns; null where the weights leave nothing to solve. */
export function weightedLeastSquares(columns: readonly StandardColumn[], weights: Float64Array, response: Float64Array): LeastSquares | null {
  const size = columns.length + 1
  const at = (row: number, column: number): number => (column === 0 ? 1 : columns[column - 1]!.values[row]!)
  const cross = Array.from({ length: size }, () => new Float64Array(size))
  const right = new Float64Array(size)
  for (let row = 0; row < response.length; row++) {
    for (let i = 0; i < size; i++) {
      const weighted = weights[row]! * at(row, i)
      right[i]! += weighted * response[row]!
      for (let j = 0; j <= i; j++) cross[i]![j]! += weighted * at(row, j)
    }
  }
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) cross[i]![j] = cross[j]![i]!
  const lower = cholesky(cross)
  if (!lower) return null
  const unit = (index: number) => Float64Array.from({ length: size }, (_, i) => (i === index ? 1 : 0))
  return { coefficients: solveWith(lower, right), covariance: Array.from({ length: size }, (_, index) => solveWith(lower, unit(index))) }
}
