/**
 * Incidents as columns for typed arrays: what INCIDENT_POINTS_PATH answers, and the one function that reads it.
 *
 * Bytes, little-endian: uint32 length of the header, the header as UTF-8 JSON (padded with spaces so that the columns start at a
 * multiple of 8), then the columns, each at a multiple of 8. The header says where each column begins.
 */
import { z } from 'zod'
import { IncidentState } from './incidents.ts'

export const INCIDENT_POINTS_TYPE = 'application/vnd.xiucheng.points'

/** Bytes of one row in each column. */
export const POINT_COLUMNS = { ids: 16, positions: 16, reportedAt: 4, dueAt: 4, classIndex: 2, severities: 1, states: 1, overdue: 1 } as const
export type PointColumn = keyof typeof POINT_COLUMNS

export const IncidentPointsHeader = z.object({
  count: z.number().int().min(0),
  /** Rows that pass the filter but have no place. */
  withoutPlace: z.number().int().min(0),
  asOf: z.iso.datetime({ offset: true }),
  /** Where the live feed goes on from this answer without gap or repetition: `?after=`. */
  cursor: z.string(),
  /** What the numbers in the column `states` mean: the options of IncidentState in their order. */
  stateKeys: z.array(IncidentState),
  classes: z.array(z.object({ kind: z.enum(['part', 'event']), code: z.string(), name: z.string() })),
  /** Byte offset of each column from the start of the answer. */
  columns: z.object({ ids: z.number(), positions: z.number(), reportedAt: z.number(), dueAt: z.number(), classIndex: z.number(), severities: z.number(), states: z.number(), overdue: z.number() }),
})
export type IncidentPointsHeader = z.infer<typeof IncidentPointsHeader>

export interface IncidentPoints extends IncidentPointsHeader {
  ids: string[]
  /** Longitude and latitude in turn, degrees. */
  positions: Float64Array
  /** Seconds since 1970. */
  reportedAt: Uint32Array
  /** Seconds since 1970; 0 where no limit is running, so that a reader can tell by itself when a point becomes overdue. */
  dueAt: Uint32Array
  /** Index into `classes`. */
  classIndex: Uint16Array
  severities: Uint8Array
  /** Index into `stateKeys`. */
  states: Uint8Array
  /** 1 when overdue at `asOf`. */
  overdue: Uint8Array
}

/** The next multiple of 8. */
export const alignPoints = (bytes: number): number => Math.ceil(bytes / 8) * 8

const CUT_OFF = 'incident points: the answer was cut off'

/**
 * Reads an answer of INCIDENT_POINTS_PATH; the number columns are views on its bytes, not copies.
 * @throws Error when the bytes are not such an answer or were cut off.
 */
export function decodeIncidentPoints(buffer: ArrayBuffer): IncidentPoints {
  if (buffer.byteLength < 4) throw new Error(CUT_OFF)
  const headerLength = new DataView(buffer).getUint32(0, true)
  if (4 + headerLength > buffer.byteLength) throw new Error(CUT_OFF)
  const header = IncidentPointsHeader.parse(JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength))))
  const { count, columns } = header
  for (const name of Object.keys(POINT_COLUMNS) as PointColumn[]) {
    if (columns[name] % 8 !== 0 || columns[name] + count * POINT_COLUMNS[name] > buffer.byteLength) throw new Error(CUT_OFF)
  }
  const idBytes = new Uint8Array(buffer, columns.ids, count * 16)
  return {
    ...header,
    ids: Array.from({ length: count }, (_, index) => uuidText(idBytes, index * 16)),
    positions: new Float64Array(buffer, columns.positions, count * 2),
    reportedAt: new Uint32Array(buffer, columns.reportedAt, count),
    dueAt: new Uint32Array(buffer, columns.dueAt, count),
    classIndex: new Uint16Array(buffer, columns.classIndex, count),
    severities: new Uint8Array(buffer, columns.severities, count),
    states: new Uint8Array(buffer, columns.states, count),
    overdue: new Uint8Array(buffer, columns.overdue, count),
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function uuidText(bytes: Uint8Array, start: number): string {
  let text = ''
  for (let offset = 0; offset < 16; offset++) {
    if (offset === 4 || offset === 6 || offset === 8 || offset === 10) text += '-'
    text += HEX[bytes[start + offset] ?? 0]
  }
  return text
}
