/** The bytes that `case_digests` packs of each case, and how they are read. */
import { LIMIT_RUNNING_STATES } from '../contract/incident-workflow.ts'
import { IncidentSource, IncidentState } from '../contract/incidents.ts'

/** Bytes of one row of `case_digests.place`, and where in eights its values stand. */
export const PLACE_ROW = { length: 32, id: 0, longitude: 2, latitude: 3 } as const

/** Bytes of one row of `case_digests.marks`, and where in eights its values stand. */
export const MARKS_ROW = { length: 24, reportedAt: 0, dueAt: 1, flags: 2 } as const

/** What the numbers in the bytes mean; the database numbers them in the same order. */
export const MARKED_STATES: readonly IncidentState[] = IncidentState.options
export const MARKED_SOURCES: readonly IncidentSource[] = IncidentSource.options

/** By a state's number, whether its limit runs. */
export const MARKED_RUNNING: readonly boolean[] = MARKED_STATES.map((state) => (LIMIT_RUNNING_STATES as readonly IncidentState[]).includes(state))

/** Rows of bytes, in network order as the database sends them, as numbers and as words of this machine. */
export interface PackedRows {
  numbers: Float64Array
  /** Two to each number, the later half first. */
  words: Uint32Array
}

export function unpackRows(rows: Buffer): PackedRows {
  // Copied, so that it begins at a multiple of eight.
  const { buffer } = new Uint8Array(rows)
  Buffer.from(buffer).swap64()
  return { numbers: new Float64Array(buffer), words: new Uint32Array(buffer) }
}

/** Severity, state, source and whether there is a place, a byte each, of the marks that begin at an eight. */
export function flagsAt({ words }: PackedRows, eight: number): { severity: number; state: number; source: number; hasPlace: number } {
  const flags = words[(eight + MARKS_ROW.flags) * 2 + 1] ?? 0
  return { severity: flags >>> 24, state: (flags >>> 16) & 255, source: (flags >>> 8) & 255, hasPlace: flags & 255 }
}
