import type { CityRow } from '../cities/cities.ts'
import { alignPoints, type IncidentPointsHeader, POINT_COLUMNS, type PointColumn } from '../contract/incident-points.ts'
import { type IncidentFilter, IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { cursorOf } from '../live/cursor.ts'
import { incidentFilter } from './filter-queries.ts'
import { findPoints, POINT_ROW } from './point-queries.ts'
import type { Visibility } from './visibility.ts'

/** Turns rows of bytes into columns of little-endian numbers. */
function columnsOf(rows: Buffer, count: number): Record<PointColumn, Buffer> {
  const columns = Object.fromEntries((Object.keys(POINT_COLUMNS) as PointColumn[]).map((name) => [name, Buffer.alloc(count * POINT_COLUMNS[name])])) as Record<PointColumn, Buffer>
  for (let row = 0; row < count; row++) {
    const start = row * POINT_ROW.length
    rows.copy(columns.ids, row * 16, start, start + 16)
    rows.copy(columns.positions, row * 16, start + POINT_ROW.longitude, start + POINT_ROW.longitude + 16)
    columns.reportedAt.writeUInt32LE(rows.readUInt32BE(start + POINT_ROW.reportedAt), row * 4)
    columns.dueAt.writeUInt32LE(rows.readUInt32BE(start + POINT_ROW.dueAt), row * 4)
    columns.classIndex.writeUInt16LE(rows.readUInt16BE(start + POINT_ROW.classIndex), row * 2)
    columns.severities[row] = rows[start + POINT_ROW.flags + 1] ?? 0
    columns.states[row] = rows[start + POINT_ROW.flags + 2] ?? 0
    columns.overdue[row] = rows[start + POINT_ROW.flags + 3] ?? 0
  }
  columns.positions.swap64()
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
  const row = await findPoints(db, incidentFilter(city, visibility, filter, at), at)
  const { count } = row
  return assemble(
    { count, withoutPlace: row.withoutPlace, asOf: at.toISOString(), cursor: cursorOf(row.snapshot), stateKeys: [...IncidentState.options], classes: row.classes },
    columnsOf(row.rows ?? Buffer.alloc(0), count),
  )
}
