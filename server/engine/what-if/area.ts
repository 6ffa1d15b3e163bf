import { type PackedGeometries, PART } from '../packed-geometry.ts'

/** Area of a geometry in square metres (0 for points and lines), and its centroid: of its area, else of its vertices. */
export function areaAndCentre({ coordinates, partStart, partKind, geometryStart }: PackedGeometries, geometry: number): { areaM2: number; centre: [number, number] } {
  const first = partStart[geometryStart[geometry]!]!
  const end = partStart[geometryStart[geometry + 1]!]!
  // From a near origin: coordinates of a projected system are large, their products larger.
  const [originX, originY] = [coordinates[first * 2] ?? 0, coordinates[first * 2 + 1] ?? 0]
  let [doubled, momentX, momentY] = [0, 0, 0]
  for (let part = geometryStart[geometry]!; part < geometryStart[geometry + 1]!; part += 1) {
    if (partKind[part]! < PART.outer) continue
    let [ring, ringX, ringY] = [0, 0, 0]
    for (let vertex = partStart[part]!; vertex < partStart[part + 1]! - 1; vertex += 1) {
      const [ax, ay, bx, by] = [coordinates[vertex * 2]! - originX, coordinates[vertex * 2 + 1]! - originY, coordinates[vertex * 2 + 2]! - originX, coordinates[vertex * 2 + 3]! - originY]
      const cross = ax * by - bx * ay
      ring += cross
      ringX += (ax + bx) * cross
      ringY += (ay + by) * cross
    }
    // Whichever way a ring turns, an outer one adds and a hole takes away.
    const sign = (ring < 0 ? -1 : 1) * (partKind[part] === PART.outer ? 1 : -1)
    doubled += ring * sign
    momentX += ringX * sign
    momentY += ringY * sign
  }
  if (doubled > 0) return { areaM2: doubled / 2, centre: [originX + momentX / (3 * doubled), originY + momentY / (3 * doubled)] }
  let [sumX, sumY] = [0, 0]
  for (let vertex = first; vertex < end; vertex += 1) {
    sumX += coordinates[vertex * 2]! - originX
    sumY += coordinates[vertex * 2 + 1]! - originY
  }
  const vertices = Math.max(1, end - first)
  return { areaM2: 0, centre: [originX + sumX / vertices, originY + sumY / vertices] }
}
