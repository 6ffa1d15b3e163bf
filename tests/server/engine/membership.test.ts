import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distanceToGeometry } from '../../../server/engine/distance.ts'
import { computeCovered, computeMembership, locatePoints } from '../../../server/engine/membership.ts'
import { NearestIndex } from '../../../server/engine/nearest-index.ts'
import { countOf, packPoints, packWkb, type PackedGeometries } from '../../../server/engine/packed-geometry.ts'
import { aPoint, aStar, polygons, square } from './shapes.ts'

/** Every facility measured from every point. */
function bruteForce(points: Float64Array, facilities: PackedGeometries, radii: Float64Array) {
  return Array.from({ length: points.length / 2 }, (_value, point) => {
    let covered = 0
    let distance = Infinity
    for (let facility = 0; facility < countOf(facilities); facility += 1) {
      if (Number.isNaN(radii[facility])) continue
      const metres = distanceToGeometry(facilities, facility, points[point * 2]!, points[point * 2 + 1]!)
      if (metres <= radii[facility]!) covered = 1
      distance = Math.min(distance, metres)
    }
    return { covered, distance }
  })
}

describe('distance to a facility', () => {
  const park = polygons([square(0, 0, 100), square(40, 40, 20)])
  test.each([
    ['inside', 10, 10, 0],
    ['straight off an edge', 50, 400, 300],
    ['off a corner', 130, 140, 50],
    ['inside a hole, to its edge', 50, 45, 5],
  ])('%s', (_where, x, y, metres) => {
    expect(distanceToGeometry(park, 0, x, y)).toBeCloseTo(metres, 9)
  })

  test('an empty facility is infinitely far and never the nearest', () => {
    const emptyPolygon = new Uint8Array([1, 3, 0, 0, 0, 0, 0, 0, 0])
    const packed = packWkb([emptyPolygon])
    expect(distanceToGeometry(packed, 0, 0, 0)).toBe(Infinity)
    expect(new NearestIndex(packed, [0]).nearest(0, 0)).toEqual({ geometry: -1, distance: Infinity })
  })
})

describe('membership', () => {
  test('a point exactly on the radius is served, a millimetre beyond is not', () => {
    const points = Float64Array.of(400, 50, 400.001, 50)
    expect([...computeMembership(points, polygons([square(0, 0, 100)]), Float64Array.of(300)).covered]).toEqual([1, 0])
    expect([...computeCovered(points, polygons([square(0, 0, 100)]), Float64Array.of(300))]).toEqual([1, 0])
    // Deep inside a park, further from its edge than the radius.
    expect([...computeCovered(Float64Array.of(1000, 1000), polygons([square(0, 0, 2000)]), Float64Array.of(300))]).toEqual([1])
  })

  test('each facility serves within its own radius, and the nearest is named whatever its radius', () => {
    const facilities = packPoints(Float64Array.of(0, 0, 1000, 0))
    const result = computeMembership(Float64Array.of(450, 0, 600, 0, 350, 0), facilities, Float64Array.of(300, 500))
    expect([...result.covered]).toEqual([0, 1, 0])
    expect([...result.nearest]).toEqual([0, 1, 0])
    expect([...result.distance]).toEqual([450, 400, 350])
  })

  test('nothing serves when no facility is counted', () => {
    const result = computeMembership(Float64Array.of(0, 0), packPoints(Float64Array.of(0, 0)), Float64Array.of(Number.NaN))
    expect([...result.covered]).toEqual([0])
    expect([...result.nearest]).toEqual([-1])
  })

  test('is the same as measuring every facility from every point', () => {
    fc.assert(
      fc.property(fc.array(aStar, { minLength: 1, maxLength: 12 }), fc.array(aPoint, { minLength: 1, maxLength: 60 }), fc.infiniteStream(fc.constantFrom(100, 300, 500, Number.NaN)), (stars, positions, stream) => {
        const facilities = polygons(...stars.map((star) => [star]))
        const radii = Float64Array.from(stars, () => stream.next().value!)
        const points = Float64Array.from(positions.flat())
        const result = computeMembership(points, facilities, radii)
        expect(Array.from(result.covered, (covered, point) => ({ covered, distance: result.distance[point] }))).toEqual(bruteForce(points, facilities, radii))
        expect(computeCovered(points, facilities, radii)).toEqual(result.covered)
      }),
      { numRuns: 200 },
    )
  })

  test('one more park never takes a point out of service, and their order does not matter', () => {
    fc.assert(
      fc.property(fc.array(aStar, { minLength: 2, maxLength: 10 }), fc.array(aPoint, { minLength: 1, maxLength: 40 }), (stars, positions) => {
        const points = Float64Array.from(positions.flat())
        const radii = new Float64Array(stars.length).fill(300)
        const all = computeMembership(points, polygons(...stars.map((star) => [star])), radii).covered
        const fewer = computeMembership(points, polygons(...stars.slice(1).map((star) => [star])), radii.subarray(1)).covered
        const turned = computeMembership(points, polygons(...stars.toReversed().map((star) => [star])), radii).covered
        expect(fewer.every((covered, point) => covered <= all[point]!)).toBe(true)
        expect([...turned]).toEqual([...all])
      }),
      { numRuns: 100 },
    )
  })
})

test('points are found in the area that holds them, and nowhere outside all areas', () => {
  expect([...locatePoints(Float64Array.of(50, 50, 150, 50, 500, 500), polygons([square(0, 0, 100)], [square(100, 0, 100)]))]).toEqual([0, 1, -1])
})
