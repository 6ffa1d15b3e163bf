/** Reads Tiny WKB (https://github.com/TWKB/Specification) of whole numbers into what the tile encoder takes. */
import { PbfReader } from 'pbf'

export type Ring = [number, number][]

/** A shape in tile units. Points are one list; lines and rings are a list each. Types as in the tile format. */
export type TileShape = { type: 1; geometry: Ring } | { type: 2 | 3; geometry: Ring[] }

const KIND = { point: 1, line: 2, polygon: 3, multiPoint: 4, multiLine: 5, multiPolygon: 6 } as const
const FLAG = { boundingBox: 1, size: 2, identifiers: 4, extended: 8, empty: 16 } as const

/** Twice the signed area; positive is clockwise as drawn, since y grows downwards. */
export function doubleArea(ring: Ring): number {
  let sum = 0
  for (let index = 0; index < ring.length; index += 1) {
    const [x1, y1] = ring[index] as [number, number]
    const [x2, y2] = ring[(index + 1) % ring.length] as [number, number]
    sum += x1 * y2 - x2 * y1
  }
  return sum
}

/** Exterior clockwise as drawn, holes the other way; a ring without area goes, an exterior takes its holes along. */
function orient(rings: Ring[]): Ring[] {
  const kept: Ring[] = []
  for (const [index, ring] of rings.entries()) {
    const area = doubleArea(ring)
    if (area === 0 && index === 0) return []
    if (area !== 0) kept.push(area > 0 === (index === 0) ? ring : ring.reverse())
  }
  return kept
}

/**
 * Decodes one geometry written with precision 0 and no bounding box, size or identifiers, as ST_AsTWKB(geometry, 0) does.
 * @returns null when nothing drawable is left of it.
 * @throws RangeError for bytes of another form.
 */
export function readTwkb(bytes: Uint8Array): TileShape | null {
  const reader = new PbfReader(bytes)
  const kind = reader.readVarint()
  const flags = reader.readVarint()
  if (kind < 1 || kind > 6 || (flags & ~FLAG.empty) !== 0) throw new RangeError(`not a plain TWKB geometry of whole numbers (kind ${kind}, flags ${flags})`)
  if (flags & FLAG.empty) return null
  let x = 0
  let y = 0
  const readPoints = (count: number): Ring => {
    const points: Ring = []
    for (let index = 0; index < count; index += 1) {
      const dx = reader.readSVarint()
      const dy = reader.readSVarint()
      x += dx
      y += dy
      if (index === 0 || dx !== 0 || dy !== 0) points.push([x, y])
    }
    return points
  }
  const readRings = () => Array.from({ length: reader.readVarint() }, () => readPoints(reader.readVarint()))
  const isLine = (line: Ring) => line.length > 1
  const some = (type: 2 | 3, geometry: Ring[]): TileShape | null => (geometry.length > 0 ? { type, geometry } : null)
  switch (kind) {
    case KIND.point:
      return { type: 1, geometry: readPoints(1) }
    case KIND.multiPoint:
      return { type: 1, geometry: readPoints(reader.readVarint()) }
    case KIND.line:
      return some(2, [readPoints(reader.readVarint())].filter(isLine))
    case KIND.multiLine:
      return some(2, readRings().filter(isLine))
    case KIND.polygon:
      return some(3, orient(readRings()))
    default:
      return some(3, Array.from({ length: reader.readVarint() }, () => orient(readRings())).flat())
  }
}
