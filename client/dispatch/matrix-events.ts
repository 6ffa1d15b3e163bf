/** The rows of the matrix as what happened to it. Pure. */
import type { ResponsibilityChange } from '../../server/contract/responsibilities.ts'

export interface MatrixEvent {
  id: string
  kind: 'added' | 'replaced' | 'ended'
  at: string
  by: string | null
  row: ResponsibilityChange
  /** What it took the place of, where that is told. */
  before: ResponsibilityChange | null
}

/** One event for a row that came, one for a row that ended without another in its place; newest first. */
export function matrixEvents(rows: readonly ResponsibilityChange[]): MatrixEvent[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const replaced = new Set(rows.flatMap((row) => row.replacesId ?? []))
  return rows
    .flatMap((row): MatrixEvent[] => [
      { id: `${row.id} came`, kind: row.replacesId === null ? 'added' : 'replaced', at: row.createdAt, by: row.createdBy, row, before: (row.replacesId && byId.get(row.replacesId)) || null },
      ...(row.endedAt !== null && !replaced.has(row.id) ? [{ id: `${row.id} ended`, kind: 'ended' as const, at: row.endedAt, by: row.endedBy, row, before: null }] : []),
    ])
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
}
