import fc from 'fast-check'
import { packWkb, type PackedGeometries, polygonWkb } from '../../../server/engine/packed-geometry.ts'

/** Polygons given as rings of [x, y, x, y, …]. */
export function polygons(...rings: number[][][]): PackedGeometries {
  return packWkb(rings.map((ring) => polygonWkb(ring)))
}

/** An axis-parallel square with its lower left corner at (x, y). */
export function square(x: number, y: number, side: number): number[] {
  return [x, y, x + side, y, x + side, y + side, x, y + side]
}

/** Well-known binary of a line, little-endian. */
export function line(points: readonly (readonly [number, number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(9 + points.length * 16))
  view.setUint8(0, 1)
  view.setUint32(1, 2, true)
  view.setUint32(5, points.length, true)
  points.flat().forEach((value, index) => view.setFloat64(9 + index * 8, value, true))
  return new Uint8Array(view.buffer)
}

/** Star-shaped rings: simple by construction, with corners that stick out and in. */
export const aStar = fc
  .record({
    x: fc.double({ min: -2000, max: 2000, noNaN: true }),
    y: fc.double({ min: -2000, max: 2000, noNaN: true }),
    radii: fc.array(fc.double({ min: 20, max: 300, noNaN: true }), { minLength: 3, maxLength: 12 }),
  })
  .map(({ x, y, radii }) => radii.flatMap((radius, index) => [x + radius * Math.cos((index / radii.length) * 2 * Math.PI), y + radius * Math.sin((index / radii.length) * 2 * Math.PI)]))

export const aPoint = fc.tuple(fc.double({ min: -3000, max: 3000, noNaN: true }), fc.double({ min: -3000, max: 3000, noNaN: true }))
