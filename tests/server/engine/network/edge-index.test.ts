import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { squaredDistanceToSegment } from '../../../../server/engine/distance.ts'
import { EdgeIndex, type EdgeLines } from '../../../../server/engine/network/edge-index.ts'

function linesOf(courses: readonly number[][]): EdgeLines {
  const vertexStart = [0]
  for (const course of courses) vertexStart.push(vertexStart.at(-1)! + course.length / 2)
  return { coordinates: Float64Array.from(courses.flat()), vertexStart: Uint32Array.from(vertexStart) }
}

const aNumber = fc.integer({ min: -5000, max: 5000 }).map((tenths) => tenths / 10)
const aCourse = fc.array(fc.tuple(aNumber, aNumber), { minLength: 2, maxLength: 5 }).map((vertices) => vertices.flat())

describe('snapping', () => {
  test('finds the point on an edge where every node is far', () => {
    const index = new EdgeIndex(linesOf([[0, 0, 100, 0, 100, 300], [0, 40, 10, 40]]), Uint8Array.of(1, 1))
    expect(index.snap(90, 200, 50)).toEqual({ edge: 0, fraction: 0.75, distance: 10, x: 100, y: 200, isScrap: false })
    expect(index.snap(90, 200, 9.99)).toBeUndefined()
    expect(index.snap(90, 200, 10)).toMatchObject({ edge: 0 })
    expect(index.snap(-30, -40, 50)).toMatchObject({ edge: 0, fraction: 0, distance: 50 })
  })

  test('prefers the network proper to a nearer scrap, and tells when there is only a scrap', () => {
    const index = new EdgeIndex(linesOf([[0, 0, 100, 0], [0, 30, 100, 30]]), Uint8Array.of(1, 0))
    expect(index.snap(50, 25, 40)).toMatchObject({ edge: 0, distance: 25, isScrap: false })
    expect(index.snap(50, 25, 20)).toMatchObject({ edge: 1, distance: 5, isScrap: true })
    expect(index.snap(50, 80, 40)).toBeUndefined()
  })

  test('is the nearest of all, as measuring every edge finds it', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ course: aCourse, isMain: fc.boolean() }), { minLength: 1, maxLength: 12 }), aNumber, aNumber, fc.double({ min: 0.05, max: 400, noNaN: true }), (edges, x, y, tolerance) => {
        const snap = new EdgeIndex(linesOf(edges.map(({ course }) => course)), Uint8Array.from(edges, ({ isMain }) => (isMain ? 1 : 0))).snap(x, y, tolerance)
        const distances = edges.map(({ course }) => {
          let squared = Infinity
          for (let at = 0; at + 3 < course.length; at += 2) squared = Math.min(squared, squaredDistanceToSegment(x, y, course[at]!, course[at + 1]!, course[at + 2]!, course[at + 3]!))
          return Math.sqrt(squared)
        })
        // Exactly at the tolerance rounding decides, here as there.
        fc.pre(distances.every((distance) => Math.abs(distance - tolerance) > 1e-9))
        const nearest = (takes: (edge: number) => boolean) => Math.min(...distances.filter((distance, edge) => takes(edge) && distance <= tolerance))
        const main = nearest((edge) => edges[edge]!.isMain)
        const expected = main === Infinity ? nearest(() => true) : main
        expect(snap?.distance ?? Infinity).toBeCloseTo(expected, 6)
        if (!snap) return
        expect(snap.isScrap).toBe(main === Infinity)
        expect(Math.hypot(snap.x - x, snap.y - y)).toBeCloseTo(snap.distance, 6)
        expect(snap.fraction).toBeGreaterThanOrEqual(0)
        expect(snap.fraction).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('without any edge there is nothing to snap to; an edge of one vertex is refused', () => {
    expect(new EdgeIndex(linesOf([]), new Uint8Array(0)).snap(0, 0, 100)).toBeUndefined()
    expect(() => new EdgeIndex(linesOf([[1, 1]]), Uint8Array.of(1))).toThrow('edge 0 has no course')
    // An edge of two equal vertices is a point.
    expect(new EdgeIndex(linesOf([[1, 1, 1, 1]]), Uint8Array.of(1)).snap(1, 3, 5)).toMatchObject({ fraction: 0, distance: 2 })
  })
})
