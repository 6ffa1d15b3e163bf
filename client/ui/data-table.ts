/** A column of UiDataTable. */
export interface DataColumn<Row> {
  key: string
  title: string
  /** A CSS grid track, e.g. `96px` or `minmax(120px, 1fr)`. */
  width: string
  align?: 'start' | 'end'
  /** Value to sort by; without it the column cannot be sorted. Rows without a value (null) stay last either way. */
  sort?: (row: Row) => number | string | null
  /** Text of the cell when no slot fills it. */
  text?: (row: Row) => string
}

export interface DataSort {
  key: string
  direction: 'ascending' | 'descending'
}

/** Rows in the asked order; ties keep their order, rows without a value stay last. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[], sort: DataSort | null): readonly Row[] {
  const valueOf = columns.find((column) => column.key === sort?.key)?.sort
  if (!sort || !valueOf) return rows
  const sign = sort.direction === 'ascending' ? 1 : -1
  const keyed = rows.map((row) => ({ row, value: valueOf(row) }))
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
    if (typeof a.value === 'string' || typeof b.value === 'string') return sign * String(a.value).localeCompare(String(b.value), 'zh-CN')
    return sign * (a.value - b.value)
  })
  return keyed.map(({ row }) => row)
}

/** The slice of rows to draw: those within the viewport and `overscan` more on either side. */
export function visibleRange(count: number, rowHeight: number, scrollTop: number, viewportHeight: number, overscan = 8): { from: number; to: number } {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan)
  const to = Math.min(count, Math.ceil((scrollTop + viewportHeight) / rowHeight) + overscan)
  return { from: Math.min(from, to), to }
}
