import { type SparseRows, transpose } from './sparse.ts'

const MOST_CELLS = 4_000_000

/** Points laid out cell by cell, row after row, so that a run of cells is a run of points. */
interface PointGrid {
  minX: number
  minY: number
  cell: number
  columns: number
  rows: number
  start: Uint32Array
  point: Uint32Array
  x: Float64Array
  y: Float64Array
}

function makeGrid(points: Float64Array, radius: number): PointGrid {
  const count = points.length / 2
  let minX = Infinity
  let minY = Infinity
  let maxX = -Infinity
  let maxY = -Infinity
  for (let index = 0; index < count; index += 1) {
    const x = points[index * 2]!
    const y = points[index * 2 + 1]!
    if (x < minX) minX = x
    if (x > maxX) maxX = x
    if (y < minY) minY = y
    if (y > maxY) maxY = y
  }
  const width = Math.max(0, maxX - minX)
  const height = Math.max(0, maxY - minY)
  // Cells of an eighth of the radius follow the circle closely; no more cells than a few per point, or finding them costs more than they save.
  const most = Math.min(MOST_CELLS, count * 4 + 16)
  let cell = radius > 0 ? radius / 8 : Math.max(width, height, 1)
  while ((Math.floor(width / cell) + 1) * (Math.floor(height / cell) + 1) > most) cell *= 1.5
  const columns = Math.floor(width / cell) + 1
  const rows = Math.floor(height / cell) + 1
  const start = new Uint32Array(columns * rows + 1)
  const cellOf = new Uint32Array(count)
  for (let index = 0; index < count; index += 1) {
    const at = Math.floor((points[index * 2 + 1]! - minY) / cell) * columns + Math.floor((points[index * 2]! - minX) / cell)
    cellOf[index] = at
    start[at + 1]! += 1
  }
  for (let at = 0; at < columns * rows; at += 1) start[at + 1]! += start[at]!
  const next = start.slice(0, columns * rows)
  const grid: PointGrid = { minX, minY, cell, columns, rows, start, point: new Uint32Array(count), x: new Float64Array(count), y: new Float64Array(count) }
  for (let index = 0; index < count; index += 1) {
    const place = next[cellOf[index]!]!++
    grid.point[place] = index
    grid.x[place] = points[index * 2]!
    grid.y[place] = points[index * 2 + 1]!
  }
  return grid
}

/**
 * Which sites lie within (≤) the radius of each demand, with the straight distance.
 * @param demandPoints x, y, x, y … in a plane, metres
 * @param sitePoints the same
 * @param radiusMeters at least 0
 * @returns a row per demand, a column per site, distances as values
 */
export function coverSetsWithin(demandPoints: Float64Array, sitePoints: Float64Array, radiusMeters: number): SparseRows {
  const demandCount = demandPoints.length / 2
  const siteCount = sitePoints.length / 2
  const start = new Uint32Array(siteCount + 1)
  let column = new Uint32Array(Math.max(1024, demandCount * 4))
  let value = new Float64Array(column.length)
  let length = 0
  const grid = makeGrid(demandPoints, radiusMeters)
  const reach = radiusMeters * (1 + 1e-12) + 1e-9
  const squaredReach = reach * reach
  for (let site = 0; site < siteCount; site += 1) {
    const x = sitePoints[site * 2]!
    const y = sitePoints[site * 2 + 1]!
    const firstRow = Math.max(0, Math.floor((y - reach - grid.minY) / grid.cell))
    const lastRow = Math.min(grid.rows - 1, Math.floor((y + reach - grid.minY) / grid.cell))
    for (let row = firstRow; row <= lastRow && demandCount > 0; row += 1) {
      // The circle's half width where this row of cells comes nearest to its centre.
      const low = grid.minY + row * grid.cell
      const away = Math.max(0, low - y, y - low - grid.cell)
      const half = Math.sqrt(Math.max(0, squaredReach - away * away)) + 1e-9
      const firstColumn = Math.max(0, Math.floor((x - half - grid.minX) / grid.cell))
      const lastColumn = Math.min(grid.columns - 1, Math.floor((x + half - grid.minX) / grid.cell))
      if (firstColumn > lastColumn) continue
      const end = grid.start[row * grid.columns + lastColumn + 1]!
      const begin = grid.start[row * grid.columns + firstColumn]!
      if (length + end - begin > column.length) {
        const size = Math.max(column.length * 2, length + end - begin)
        const longerColumn = new Uint32Array(size)
        longerColumn.set(column)
        column = longerColumn
        const longerValue = new Float64Array(size)
        longerValue.set(value)
        value = longerValue
      }
      for (let place = begin; place < end; place += 1) {
        const dx = grid.x[place]! - x
        const dy = grid.y[place]! - y
        const squared = dx * dx + dy * dy
        if (squared > squaredReach) continue
        const distance = Math.sqrt(squared)
        if (distance > radiusMeters) continue
        column[length] = grid.point[place]!
        value[length] = distance
        length += 1
      }
    }
    start[site + 1] = length
  }
  return transpose({ rowCount: siteCount, columnCount: demandCount, start, column: column.subarray(0, length), value: value.subarray(0, length) })
}
