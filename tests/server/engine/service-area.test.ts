import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { containsPoint, distanceToGeometry } from '../../../server/engine/distance.ts'
import { countOf, packPoints } from '../../../server/engine/packed-geometry.ts'
import { chordBound, QUADRANT_SEGMENTS, serviceAreaPieces } from '../../../server/engine/service-area.ts'
import { aPoint, aStar, polygons, square } from './shapes.ts'

function areaOf(ring: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < ring.length; at += 2) sum += ring[at]! * ring[(at + 3) % ring.length]! - ring[(at + 2) % ring.length]! * ring[at + 1]!
  return Math.abs(sum) / 2
}

describe('service area', () => {
  test('of a point is an inscribed circle, smaller than the disc by no more than the stated bound', () => {
    const [piece] = serviceAreaPieces(packPoints(Float64Array.of(10, 20)), 0, 300)
    const lost = 1 - areaOf(piece![0]!) / (Math.PI * 300 * 300)
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThanOrEqual(chordBound(QUADRANT_SEGMENTS))
  })

  test('of a square is the square, four strips and four quarter circles, in one piece', () => {
    const pieces = serviceAreaPieces(polygons([square(0, 0, 100)]), 0, 300)
    expect(pieces).toHaveLength(1)
    const exact = 100 * 100 + 4 * 100 * 300 + Math.PI * 300 * 300
    const area = areaOf(pieces[0]![0]!)
    expect(area).toBeLessThan(exact)
    expect(1 - area / exact).toBeLessThanOrEqual(chordBound())
  })

  test('holds exactly the points within the radius, whatever the shape of the park, its corners inward and outward', () => {
    fc.assert(
      fc.property(aStar, fc.constantFrom(100, 300, 500), fc.array(aPoint, { minLength: 50, maxLength: 100 }), (star, radius, points) => {
        const park = polygons([star])
        const pieces = polygons(...serviceAreaPieces(park, 0, radius))
        for (const [x, y] of points) {
          const distance = distanceToGeometry(park, 0, x, y)
          // Between chord and arc the polygon is allowed to fall short: by r(1 − cos(δ/2)) at most.
          const sagitta = radius * (1 - Math.cos(Math.PI / QUADRANT_SEGMENTS / 4)) + 1e-6
          if (Math.abs(distance - radius) <= sagitta) continue
          let held = false
          for (let piece = 0; piece < countOf(pieces) && !held; piece += 1) held = containsPoint(pieces, piece, x, y)
          expect(held).toBe(distance < radius)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('of a park with a hole reaches into the hole only as far as the radius', () => {
    const park = polygons([square(0, 0, 1000), square(200, 200, 600)])
    const pieces = polygons(...serviceAreaPieces(park, 0, 100))
    const holds = (x: number, y: number) => Array.from({ length: countOf(pieces) }, (_value, piece) => piece).some((piece) => containsPoint(pieces, piece, x, y))
    expect([holds(299, 500), holds(301, 500), holds(500, 500), holds(-99, 500), holds(-101, 500)]).toEqual([true, false, false, true, false])
  })

  test('straight-on vertices and repeated ones change nothing', () => {
    const plain = serviceAreaPieces(polygons([square(0, 0, 100)]), 0, 300)
    const dotted = serviceAreaPieces(polygons([[0, 0, 50, 0, 50, 0, 100, 0, 100, 100, 0, 100, 0, 100]]), 0, 300)
    expect(dotted).toHaveLength(1)
    expect(areaOf(dotted[0]![0]!)).toBeCloseTo(areaOf(plain[0]![0]!), 6)
  })
})
