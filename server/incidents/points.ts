import type { CityRow } from '../cities/cities.ts'
import { alignPoints, type IncidentPointsHeader, POINT_COLUMNS, type PointColumn } from '../contract/incident-points.ts'
import { type IncidentFilter, IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { cursorOf } from '../live/cursor.ts'
import { incidentFilter } from './filter-queries.ts'
import { findPoints, POINT_ROW } from './point-queries.ts'
import type { Visibility } from './visibility.ts'

/** Turns rows of bytes into columns of little-endian numbers: by words, since a hundred thousand rows read byte by byte take longer than the query. */
function columnsOf(rows: Buffer, count: number): Record<PointColumn, Buffer> {
  const columns = Object.fromEntries((Object.keys(POINT_COLUMNS) as PointColumn[]).map((name) => [name, Buffer.from(new ArrayBuffer(count * POINT_COLUMNS[name]))])) as Record<PointColumn, Buffer>
  const bytes = new Uint8Array(rows)
  const words = new Uint32Array(bytes.buffer)
  const wordsOf = (column: Buffer) => new Uint32Array(column.buffer)
  const [ids, positions, reportedAt, dueAt] = [wordsOf(columns.ids), wordsOf(columns.positions), wordsOf(columns.reportedAt), wordsOf(columns.dueAt)]
  for (let row = 0; row < count; row++) {
    const start = row * POINT_ROW.length
    for (let word = 0; word < 4; word++) {
      ids[row * 4 + word] = words[(start + POINT_ROW.id) / 4 + word] ?? 0
      positions[row * 4 + word] = words[(start + POINT_ROW.longitude) / 4 + word] ?? 0
    }
    reportedAt[row] = words[(start + POINT_ROW.reportedAt) / 4] ?? 0
    dueAt[row] = words[(start + POINT_ROW.dueAt) / 4] ?? 0
    columns.severities[row] = bytes[start + POINT_ROW.flags + 1] ?? 0
    columns.states[row] = bytes[start + POINT_ROW.flags + 2] ?? 0
    columns.overdue[row] = bytes[start + POINT_ROW.flags + 3] ?? 0
    columns.classIndex[row * 2] = bytes[start + POINT_ROW.classIndex + 1] ?? 0
    columns.classIndex[row * 2 + 1] = bytes[start + POINT_ROW.classIndex] ?? 0
  }
  columns.positions.swap64()
  columns.reportedAt.swap32()
  columns.dueAt.swap32()
  return columns
}

/** Header and columns as the contract lays them out. */
function assemble(header: Omit<IncidentPointsHeader, 'columns'>, columns: Record<PointColumn, Buffer>): Buffer {
  const names = Object.keys(POINT_COLUMNS) as PointColumn[]
  const offsets = Object.fromEntries(names.map((name) => [name, 0])) as Record<PointColumn, number>
  // The header holds the offsets and decides them by its own length: room for the widest of them first.
  const room = alignPoints(4 + Buffer.byteLength(JSON.stringify({ ...header, columns: Object.fromEntries(names.map((name) => [name, Number.MAX_SAFE_INTEGER])) })))
  let end = room
  for (const name of names) {
    offsets[name] = end
    end = alignPoints(end + columns[name].length)
  }
  const bytes = Buffer.alloc(end)
  const text = Buffer.from(JSON.stringify({ ...header, columns: offsets }))
  bytes.writeUInt32LE(room - 4, 0)
  bytes.fill(' ', 4, room)
  text.copy(bytes, 4)
  for (const name of names) columns[name].copy(bytes, offsets[name])
  return bytes
}

/** Numbers the classes that points have anew, in their order, and leaves the others out. */
function keepUsed<Class>(indexes: Buffer, classes: readonly Class[]): Class[] {
  const isUsed = new Uint8Array(classes.length)
  for (let at = 0; at < indexes.length; at += 2) isUsed[indexes.readUInt16LE(at)] = 1
  const numbers = new Uint16Array(classes.length)
  const kept: Class[] = []
  for (const [index, one] of classes.entries()) if (isUsed[index]) numbers[index] = kept.push(one) - 1
  for (let at = 0; at < indexes.length; at += 2) indexes.writeUInt16LE(numbers[indexes.readUInt16LE(at)] ?? 0, at)
  return kept
}

/** Every incident with a place under a filter, as `decodeIncidentPoints` reads it. */
export async function getIncidentPoints(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): Promise<Buffer> {
  const row = await findPoints(db, city.cityId, incidentFilter(city, visibility, filter, at), at)
  const { count } = row
  const columns = columnsOf(row.rows ?? Buffer.alloc(0), count)
  const classes = keepUsed(columns.classIndex, row.classes)
  return assemble({ count, withoutPlace: row.withoutPlace, asOf: at.toISOString(), cursor: cursorOf(row.snapshot), stateKeys: [...IncidentState.options], classes }, columns)
}
