/**
 * Terminology
 * - packed geometries: many geometries in four typed arrays, cheap to walk and to hand to another thread.
 * - part: a run of vertices: a single point, a line, an outer ring or a hole.
 * Coordinates are metres in one plane (the city's measuring system); nothing here knows degrees.
 */

export const PART = { point: 0, line: 1, outer: 2, hole: 3 } as const

export interface PackedGeometries {
  /** x, y interleaved. */
  coordinates: Float64Array
  /** First vertex of each part, and one more entry: the number of vertices. */
  partStart: Uint32Array
  /** One of PART for each part. */
  partKind: Uint8Array
  /** First part of each geometry, and one more entry: the number of parts. */
  geometryStart: Uint32Array
}

/** Number of geometries. */
export function countOf(packed: PackedGeometries): number {
  return packed.geometryStart.length - 1
}

/** Whether a geometry has no area: points or lines alone. */
export function isPointLike({ partKind, geometryStart }: PackedGeometries, geometry: number): boolean {
  for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) if (partKind[part]! >= PART.outer) return false
  return true
}

/** Packs well-known binary (two dimensions, either byte order). Empty geometries keep their place with no part. @throws RangeError for a type that is not a simple-feature type, or cut-off bytes. */
export function packWkb(geometries: readonly Uint8Array[]): PackedGeometries {
  const coordinates: number[] = []
  const partStart: number[] = []
  const partKind: number[] = []
  const geometryStart: number[] = []

  function read(view: DataView, at: number): number {
    const little = view.getUint8(at) === 1
    const type = view.getUint32(at + 1, little)
    let offset = at + 5
    const readRun = (kind: number, count: number) => {
      partStart.push(coordinates.length / 2)
      partKind.push(kind)
      for (let index = 0; index < count; index += 1) {
        coordinates.push(view.getFloat64(offset, little), view.getFloat64(offset + 8, little))
        offset += 16
      }
    }
    const readCount = () => {
      const count = view.getUint32(offset, little)
      offset += 4
      return count
    }
    if (type === 1) {
      if (Number.isNaN(view.getFloat64(offset, little))) return offset + 16
      readRun(PART.point, 1)
    } else if (type === 2) {
      const count = readCount()
      if (count > 0) readRun(PART.line, count)
    } else if (type === 3) {
      const rings = readCount()
      for (let ring = 0; ring < rings; ring += 1) readRun(ring === 0 ? PART.outer : PART.hole, readCount())
    } else if (type >= 4 && type <= 7) {
      const members = readCount()
      for (let member = 0; member < members; member += 1) offset = read(view, offset)
    } else throw new RangeError(`geometry type ${type} is not one of the seven simple-feature types`)
    return offset
  }

  for (const bytes of geometries) {
    geometryStart.push(partStart.length)
    read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)
  }
  geometryStart.push(partStart.length)
  partStart.push(coordinates.length / 2)
  return {
    coordinates: Float64Array.from(coordinates),
    partStart: Uint32Array.from(partStart),
    partKind: Uint8Array.from(partKind),
    geometryStart: Uint32Array.from(geometryStart),
  }
}

/** Packs points given as x, y interleaved. */
export function packPoints(positions: Float64Array): PackedGeometries {
  const count = positions.length / 2
  const sequence = Uint32Array.from({ length: count + 1 }, (_value, index) => index)
  return { coordinates: positions, partStart: sequence, partKind: new Uint8Array(count), geometryStart: sequence }
}

/** Corners of a square about a point, closed, x and y interleaved. */
export function squareRing(x: number, y: number, sideMeters: number): number[] {
  const half = sideMeters / 2
  return [x - half, y - half, x + half, y - half, x + half, y + half, x - half, y + half, x - half, y - half]
}

/** Packs upright squares of one size, given by their middles. */
export function packSquares(middles: Float64Array, sideMeters: number): PackedGeometries {
  const count = middles.length / 2
  const sequence = Uint32Array.from({ length: count + 1 }, (_value, index) => index)
  return {
    coordinates: Float64Array.from(Array.from({ length: count }, (_value, at) => squareRing(middles[at * 2]!, middles[at * 2 + 1]!, sideMeters)).flat()),
    partStart: sequence.map((index) => index * 5), partKind: new Uint8Array(count).fill(PART.outer), geometryStart: sequence,
  }
}

/** Box of one geometry: [minX, minY, maxX, maxY]; infinite and reversed when it is empty. */
export function boundsOf(packed: PackedGeometries, geometry: number): [number, number, number, number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  const first = packed.partStart[packed.geometryStart[geometry]!]!
  const end = packed.partStart[packed.geometryStart[geometry + 1]!]!
  for (let vertex = first; vertex < end; vertex += 1) {
    const x = packed.coordinates[vertex * 2]!
    const y = packed.coordinates[vertex * 2 + 1]!
    if (x < bounds[0]) bounds[0] = x
    if (y < bounds[1]) bounds[1] = y
    if (x > bounds[2]) bounds[2] = x
    if (y > bounds[3]) bounds[3] = y
  }
  return bounds
}

/** Smallest x, smallest y, greatest x, greatest y of x, y interleaved. */
export function boundsOfLine(line: ArrayLike<number>): [number, number, number, number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < line.length; at += 2) {
    bounds[0] = Math.min(bounds[0], line[at]!)
    bounds[1] = Math.min(bounds[1], line[at + 1]!)
    bounds[2] = Math.max(bounds[2], line[at]!)
    bounds[3] = Math.max(bounds[3], line[at + 1]!)
  }
  return bounds
}

/** Well-known binary of a polygon given by its rings (closed or not), little endian. */
export function polygonWkb(rings: readonly (readonly number[] | Float64Array)[]): Uint8Array {
  const closed = rings.map((ring) => ring[0] === ring[ring.length - 2] && ring[1] === ring[ring.length - 1])
  const size = 9 + rings.reduce((sum, ring, index) => sum + 4 + ring.length * 8 + (closed[index] ? 0 : 16), 0)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 1)
  view.setUint32(1, 3, true)
  view.setUint32(5, rings.length, true)
  let offset = 9
  rings.forEach((ring, index) => {
    view.setUint32(offset, ring.length / 2 + (closed[index] ? 0 : 1), true)
    offset += 4
    const put = (value: number) => {
      view.setFloat64(offset, value, true)
      offset += 8
    }
    for (const value of ring) put(value)
    if (!closed[index]) {
      put(ring[0]!)
      put(ring[1]!)
    }
  })
  return bytes
}

/** Well-known binary of several polygons, each given by its rings, little endian. */
export function multiPolygonWkb(polygons: readonly (readonly (readonly number[])[])[]): Uint8Array {
  const members = polygons.map((rings) => polygonWkb(rings))
  const bytes = new Uint8Array(9 + members.reduce((sum, member) => sum + member.length, 0))
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 1)
  view.setUint32(1, 6, true)
  view.setUint32(5, polygons.length, true)
  let offset = 9
  for (const member of members) {
    bytes.set(member, offset)
    offset += member.length
  }
  return bytes
}

/** Well-known binary of a line given by its vertices (x, y interleaved), little endian. */
export function lineWkb(vertices: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(9 + vertices.length * 8)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 1)
  view.setUint32(1, 2, true)
  view.setUint32(5, vertices.length / 2, true)
  vertices.forEach((value, at) => view.setFloat64(9 + at * 8, value, true))
  return bytes
}

/** Well-known binary of a point, little endian. */
export function pointWkb(x: number, y: number): Uint8Array {
  const bytes = new Uint8Array(21)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 1)
  view.setUint32(1, 1, true)
  view.setFloat64(5, x, true)
  view.setFloat64(13, y, true)
  return bytes
}
