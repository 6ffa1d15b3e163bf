import type { BoundingBox, Geometry } from '../../server/contract/geojson.ts'

/** West, south, east and north of a geometry. */
export function boxOfGeometry({ coordinates }: Geometry): BoundingBox {
  const box: BoundingBox = [Infinity, Infinity, -Infinity, -Infinity]
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return
    const [x, y] = part as unknown[]
    if (typeof x === 'number' && typeof y === 'number') {
      box[0] = Math.min(box[0], x)
      box[1] = Math.min(box[1], y)
      box[2] = Math.max(box[2], x)
      box[3] = Math.max(box[3], y)
    } else part.forEach(walk)
  }
  walk(coordinates)
  return box
}
