import type { CityRow } from '../cities/cities.ts'
import { alignPoints, type IncidentPointsHeader, POINT_COLUMNS, type PointColumn } from '../contract/incident-points.ts'
import { type IncidentFilter, IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { cursorOf } from '../live/cursor.ts'
import { incidentFilter } from './filter-queries.ts'
import { findPointColumns } from './point-queries.ts'

const NOTHING = Buffer.alloc(0)

/** The lowest 4 bytes of each 8-byte number, little-endian. */
function low32(numbers: Buffer | null, count: number): Buffer {
  const column = Buffer.alloc(count * 4)
  for (let row = 0; row < count; row++) column.writeUInt32LE(numbers?.readUInt32BE(row * 8 + 4) ?? 0, row * 4)
  return column
}

/** One byte of each 8-byte number. */
function byteOf(numbers: Buffer | null, count: number, position: number): Buffer {
  const column = Buffer.alloc(count)
  for (let row = 0; row < count; row++) column[row] = numbers?.[row * 8 + position] ?? 0
  return column
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
export async function getIncidentPoints(db: Queryable, city: CityRow, filter: IncidentFilter, at: Date): Promise<Buffer> {
  const row = await findPointColumns(db, incidentFilter(city, filter, at), at)
  const { count } = row
  return assemble(
    { count, withoutPlace: row.withoutPlace, asOf: at.toISOString(), cursor: cursorOf(row.snapshot), stateKeys: [...IncidentState.options], classes: row.classes },
    {
      ids: row.ids ?? NOTHING,
      positions: row.positions?.swap64() ?? NOTHING,
      reportedAt: low32(row.reportedAt, count),
      dueAt: low32(row.dueAt, count),
      classIndex: row.classIndex?.swap16() ?? NOTHING,
      severities: byteOf(row.flags, count, 5),
      states: byteOf(row.flags, count, 6),
      overdue: byteOf(row.flags, count, 7),
    },
  )
}
