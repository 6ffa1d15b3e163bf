import type { CityRow } from '../cities/cities.ts'
import { alignPoints, type IncidentPointsHeader, POINT_COLUMNS, type PointColumn } from '../contract/incident-points.ts'
import type { IncidentFilter } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { cursorOf } from '../live/cursor.ts'
import { flagsAt, MARKED_RUNNING, MARKED_STATES, MARKS_ROW, PLACE_ROW, unpackRows } from './case-marks.ts'
import { digestsUnder, incidentFilter } from './filter-queries.ts'
import { type ClassPoints, listPoints } from './point-queries.ts'
import type { Visibility } from './visibility.ts'

const ROW_LENGTH = PLACE_ROW.length + MARKS_ROW.length

/**
 * Turns rows of bytes into columns of little-endian numbers, by eights: a hundred thousand rows read byte by byte take longer than the query.
 * @param at the instant that decides `overdue`, in milliseconds.
 */
function columnsOf(classes: readonly { rows: Buffer }[], count: number, at: number): Record<PointColumn, Uint8Array | Uint16Array | Uint32Array | Float64Array> {
  // Identifiers as words: as a number, some would be no number, which need not keep its bits.
  const ids = new Uint32Array(count * 4)
  const positions = new Float64Array(count * 2)
  const [reportedAt, dueAt] = [new Uint32Array(count), new Uint32Array(count)]
  const classIndex = new Uint16Array(count)
  const [severities, states, overdue] = [new Uint8Array(count), new Uint8Array(count), new Uint8Array(count)]
  let point = 0
  for (const [index, { rows }] of classes.entries()) {
    const packed = unpackRows(rows)
    const { numbers, words } = packed
    for (let eight = 0; eight < numbers.length; eight += ROW_LENGTH / 8) {
      const marks = eight + PLACE_ROW.length / 8
      const { severity, state } = flagsAt(packed, marks)
      const due = MARKED_RUNNING[state] ? (numbers[marks + MARKS_ROW.dueAt] ?? Infinity) : Infinity
      for (let word = 0; word < 4; word++) ids[point * 4 + word] = words[(eight + PLACE_ROW.id) * 2 + word] ?? 0
      positions[point * 2] = numbers[eight + PLACE_ROW.longitude] ?? 0
      positions[point * 2 + 1] = numbers[eight + PLACE_ROW.latitude] ?? 0
      reportedAt[point] = Math.floor((numbers[marks + MARKS_ROW.reportedAt] ?? 0) / 1000)
      dueAt[point] = due === Infinity ? 0 : Math.floor(due / 1000)
      severities[point] = severity
      states[point] = state
      overdue[point] = due < at ? 1 : 0
      classIndex[point] = index
      point++
    }
  }
  // Identifiers stay in the order of their digits.
  Buffer.from(ids.buffer).swap64()
  return { ids, positions, reportedAt, dueAt, classIndex, severities, states, overdue }
}

/** Header and columns as the contract lays them out. */
function assemble(header: Omit<IncidentPointsHeader, 'columns'>, columns: ReturnType<typeof columnsOf>): Buffer {
  const names = Object.keys(POINT_COLUMNS) as PointColumn[]
  const offsets = Object.fromEntries(names.map((name) => [name, 0])) as Record<PointColumn, number>
  // The header holds the offsets and decides them by its own length: room for the widest of them first.
  const room = alignPoints(4 + Buffer.byteLength(JSON.stringify({ ...header, columns: Object.fromEntries(names.map((name) => [name, Number.MAX_SAFE_INTEGER])) })))
  let end = room
  for (const name of names) {
    offsets[name] = end
    end = alignPoints(end + columns[name].byteLength)
  }
  const bytes = Buffer.alloc(end)
  const text = Buffer.from(JSON.stringify({ ...header, columns: offsets }))
  bytes.writeUInt32LE(room - 4, 0)
  bytes.fill(' ', 4, room)
  text.copy(bytes, 4)
  for (const name of names) bytes.set(new Uint8Array(columns[name].buffer), offsets[name])
  return bytes
}

/** Every incident with a place under a filter, as `decodeIncidentPoints` reads it. */
export async function getIncidentPoints(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): Promise<Buffer> {
  const { classes, snapshot } = await listPoints(db, city.cityId, digestsUnder(incidentFilter(city, visibility, filter, at), filter))
  const placed = classes.filter((one): one is ClassPoints & { rows: Buffer } => one.rows !== null)
  const count = placed.reduce((sum, { rows }) => sum + rows.length, 0) / ROW_LENGTH
  const withoutPlace = classes.reduce((sum, one) => sum + one.withoutPlace, 0)
  const header = { count, withoutPlace, asOf: at.toISOString(), cursor: cursorOf(snapshot), stateKeys: [...MARKED_STATES], classes: placed.map(({ kind, code, name }) => ({ kind, code, name })) }
  return assemble(header, columnsOf(placed, count, at.getTime()))
}
