import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serviceAreaPieces } from '../../../../server/engine/service-area.ts'
import { boxed, type CutPiece, cutByUnions, signedArea } from '../../../../server/engine/what-if/union-cut.ts'
import { aStar, polygons, square } from '../shapes.ts'

const piece = (rings: readonly (readonly number[])[], unions: number): CutPiece => ({ rings: rings.map(boxed), unions })
/** Convex polygons, turning left. */
const aConvex = fc
  .record({ x: fc.double({ min: -300, max: 300, noNaN: true }), y: fc.double({ min: -300, max: 300, noNaN: true }), radius: fc.double({ min: 30, max: 400, noNaN: true }), turns: fc.array(fc.double({ min: 0.3, max: 1, noNaN: true }), { minLength: 3, maxLength: 7 }) })
  .map(({ x, y, radius, turns }) => {
    const around = turns.reduce((sum, turn) => sum + turn, 0)
    let angle = 0
    return turns.flatMap((turn) => {
      angle += (turn / around) * 2 * Math.PI
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
    })
  })

/** What two convex polygons have in common. */
function commonOf(subject: readonly number[], clip: readonly number[]): number[] {
  let left = [...subject]
  for (let at = 0; at < clip.length; at += 2) {
    const [ax, ay, bx, by] = [clip[at]!, clip[at + 1]!, clip[(at + 2) % clip.length]!, clip[(at + 3) % clip.length]!]
    const side = (x: number, y: number) => (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    const from = left
    left = []
    for (let vertex = 0; vertex < from.length; vertex += 2) {
      const [px, py, qx, qy] = [from[vertex]!, from[vertex + 1]!, from[(vertex + 2) % from.length]!, from[(vertex + 3) % from.length]!]
      const [p, q] = [side(px, py), side(qx, qy)]
      if (p >= 0) left.push(px, py)
      if (p >= 0 !== q >= 0) left.push(px + (p / (p - q)) * (qx - px), py + (p / (p - q)) * (qy - py))
    }
  }
  return left
}

/** Area of the union within a polygon, all convex: by inclusion and exclusion. */
function included(within: readonly number[], others: readonly (readonly number[])[]): number {
  return others.reduce((sum, other, at) => {
    const both = commonOf(within, other)
    return both.length < 6 ? sum : sum + Math.abs(signedArea(both)) - included(both, others.slice(at + 1))
  }, 0)
}

describe('area of a polygon within unions', () => {
  test('is what inclusion and exclusion make it, for any convex pieces', () => {
    fc.assert(
      fc.property(aConvex, fc.array(aConvex, { minLength: 1, maxLength: 6 }), (parcel, others) => {
        const inside = cutByUnions([boxed(parcel)], others.map((other) => piece([other], 1)), 1)[1]!
        expect(inside).toBeCloseTo(included(parcel, others), 5)
      }),
    )
  })

  test('of several unions at once adds up to the polygon, and each is what it is alone', () => {
    fc.assert(
      fc.property(aStar, fc.array(fc.tuple(aStar, fc.constantFrom(1, 2, 3, 4, 7)), { maxLength: 6 }), (parcel, stars) => {
        const areas = cutByUnions([boxed(parcel)], stars.map(([star, unions]) => piece([star], unions)), 3)
        const whole = Math.abs(signedArea(parcel))
        expect(areas.reduce((sum, area) => sum + area, 0)).toBeCloseTo(whole, 4)
        for (const union of [1, 2, 4]) {
          const alone = cutByUnions([boxed(parcel)], stars.flatMap(([star, unions]) => (unions & union ? [piece([star], 1)] : [])), 1)[1]!
          expect(areas.reduce((sum, area, held) => (held & union ? sum + area : sum), 0)).toBeCloseTo(alone, 4)
        }
      }),
    )
  })

  test('pieces that share an edge leave no gap, a hole stays out, and a polygon with a hole is less by it', () => {
    const halves = [piece([[0, 0, 50, 0, 50, 100, 0, 100]], 1), piece([[50, 0, 100, 0, 100, 100, 50, 100]], 1)]
    expect(cutByUnions([boxed(square(10, 10, 80))], halves, 1)[1]).toBeCloseTo(6400, 9)
    const [ring] = serviceAreaPieces(polygons([square(0, 0, 100), square(20, 20, 60).toReversed()]), 0, 1)
    expect(cutByUnions([boxed(square(0, 0, 100))], [piece(ring!, 1)], 1)[1]).toBeCloseTo(10_000 - 3600, 9)
    expect(cutByUnions([boxed(square(0, 0, 100)), boxed(square(25, 25, 50))], [piece([square(-10, -10, 200)], 1)], 1)[1]).toBeCloseTo(7500, 9)
  })
})
