/** Geometry as the database reads it: hexadecimal EWKB in EPSG:4490. */
export type Geometry =
  | { type: 'Point'; coordinates: [number, number] }
  | { type: 'LineString'; coordinates: [number, number][] }
  | { type: 'MultiLineString'; coordinates: [number, number][][] }
  | { type: 'Polygon'; coordinates: [number, number][][] }
  | { type: 'MultiPolygon'; coordinates: [number, number][][][] }

const CODES = { Point: 1, LineString: 2, Polygon: 3, MultiLineString: 5, MultiPolygon: 6 } as const
const WITH_SRID = 0x20000000
const SRID = 4490

function sizeOf(geometry: Geometry): number {
  switch (geometry.type) {
    case 'Point':
      return 5 + 16
    case 'LineString':
      return 9 + geometry.coordinates.length * 16
    case 'Polygon':
      return 9 + geometry.coordinates.reduce((sum, ring) => sum + 4 + ring.length * 16, 0)
    case 'MultiLineString':
      return 9 + geometry.coordinates.reduce((sum, line) => sum + 9 + line.length * 16, 0)
    case 'MultiPolygon':
      return 9 + geometry.coordinates.reduce((sum, rings) => sum + sizeOf({ type: 'Polygon', coordinates: rings }), 0)
  }
}

/** Hexadecimal EWKB (little-endian, SRID 4490) of a geometry in degrees. */
export function toHexWkb(geometry: Geometry): string {
  const buffer = Buffer.alloc(sizeOf(geometry) + 4)
  let at = 0
  const integer = (value: number): void => {
    at = buffer.writeUInt32LE(value, at)
  }
  const position = ([x, y]: readonly [number, number]): void => {
    at = buffer.writeDoubleLE(y, buffer.writeDoubleLE(x, at))
  }
  const positions = (line: readonly [number, number][]): void => {
    integer(line.length)
    line.forEach(position)
  }
  const write = (part: Geometry, withSrid: boolean): void => {
    at = buffer.writeUInt8(1, at)
    integer(withSrid ? (CODES[part.type] | WITH_SRID) >>> 0 : CODES[part.type])
    if (withSrid) integer(SRID)
    switch (part.type) {
      case 'Point':
        return position(part.coordinates)
      case 'LineString':
        return positions(part.coordinates)
      case 'Polygon':
        integer(part.coordinates.length)
        return part.coordinates.forEach(positions)
      case 'MultiLineString':
        integer(part.coordinates.length)
        return part.coordinates.forEach((coordinates) => write({ type: 'LineString', coordinates }, false))
      case 'MultiPolygon':
        integer(part.coordinates.length)
        return part.coordinates.forEach((coordinates) => write({ type: 'Polygon', coordinates }, false))
    }
  }
  write(geometry, true)
  return buffer.toString('hex')
}
