import type { CityRow } from '../cities/cities.ts'
import { alignPoints, type IncidentPointsHeader, POINT_COLUMNS, type PointColumn } from '../contract/incident-points.ts'
import { type IncidentFilter, IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { cursorOf } from '../live/cursor.ts'
import { incidentFilter } from './filter-queries.ts'
import { type ClassPoints, listPoints, POINT_ROW } from './point-queries.ts'
import type { Visibility } from './visibility.ts'

/** Turns rows of bytes into columns of little-endian numbers: by words, since a hundred thousand rows read byte by byte take longer than the query. */
function columnsOf(classes: readonly { rows: Buffer }[], count: number): Record<PointColumn, Buffer> {
  const columns = Object.fromEntries((Object.keys(POINT_COLUMNS) as PointColumn[]).map((name) => [name, Buffer.from(new ArrayBuffer(count * POINT_COLUMNS[name]))])) as Record<PointColumn, Buffer>
  const wordsOf = (column: Buffer) => new Uint32Array(column.buffer)
  const [ids, positions, reportedAt, dueAt] = [wordsOf(columns.ids), wordsOf(columns.positions), wordsOf(columns.reportedAt), wordsOf(columns.dueAt)]
  let point = 0
  for (const [classIndex, { rows }] of classes.entries()) {
    // Copied, so that it begins at a word.
    const bytes = new Uint8Array(rows)
    const words = new Uint32Array(bytes.buffer)
    for (let start = 0; start < bytes.length; start += POINT_ROW.length) {
      for (let word = 0; word < 4; word++) {
        ids[point * 4 + word] = words[(start + POINT_ROW.id) / 4 + word] ?? 0
        positions[point * 4 + word] = words[(start + POINT_ROW.longitude) / 4 + word] ?? 0
      }
      reportedAt[point] = words[(start + POINT_ROW.reportedAt) / 4] ?? 0
      dueAt[point] = words[(start + POINT_ROW.dueAt) / 4] ?? 0
      columns.severities[point] = bytes[start + POINT_ROW.flags + 1] ?? 0
      columns.states[point] = bytes[start + POINT_ROW.flags + 2] ?? 0
      columns.overdue[point] = bytes[start + POINT_ROW.flags + 3] ?? 0
      columns.classIndex[point * 2] = classIndex & 255
      columns.classIndex[point * 2 + 1] = classIndex >> 8
      point++
    }
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

/** Every incident with a place under a filter, as `decodeIncidentPoints` reads it. */
export async function getIncidentPoints(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): Promise<Buffer> {
  const { classes, snapshot } = await listPoints(db, city.cityId, incidentFilter(city, visibility, filter, at), at)
  const placed = classes.filter((one): one is ClassPoints & { rows: Buffer } => one.rows !== null)
  const count = placed.reduce((sum, { rows }) => sum + rows.length, 0) / POINT_ROW.length
  const withoutPlace = classes.reduce((sum, one) => sum + one.withoutPlace, 0)
  const header = { count, withoutPlace, asOf: at.toISOString(), cursor: cursorOf(snapshot), stateKeys: [...IncidentState.options], classes: placed.map(({ kind, code, name }) => ({ kind, code, name })) }
  return assemble(header, columnsOf(placed, count))
}
