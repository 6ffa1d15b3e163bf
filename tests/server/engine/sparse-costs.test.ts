import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distanceToGeometry } from '../../../server/engine/distance.ts'
import { countOf, packPoints, packWkb } from '../../../server/engine/packed-geometry.ts'
import { type SparseCosts, sparseCostsFrom } from '../../../server/engine/sparse-costs.ts'
import { straightLineCosts } from '../../../server/engine/straight-line-costs.ts'
import { aPoint, aStar, polygons, square } from './shapes.ts'

/** Entries as [demand, supply, cost]. */
function entriesOf({ rowCount, start, column, value }: SparseCosts): [number, number, number][] {
  return Array.from({ length: rowCount }, (_value, row) => row).flatMap((row) => Array.from(column.subarray(start[row], start[row + 1]), (supply, index): [number, number, number] => [row, supply, value[start[row]! + index]!]))
}

describe('costs from pairs', () => {
  test('stand in rows, supplies ascending, whatever the order of the pairs', () => {
    const { costs, repeatedPairs } = sparseCostsFrom(3, 2, [2, 0, 0], [0, 1, 0], [30, 5, 7])
    expect(entriesOf(costs)).toEqual([[0, 0, 7], [0, 1, 5], [2, 0, 30]])
    expect(repeatedPairs).toBe(0)
  })

  test('of a pair given several times the least cost stays, and the pair is counted once', () => {
    const { costs, repeatedPairs } = sparseCostsFrom(1, 2, [0, 0, 0, 0], [1, 1, 0, 1], [9, 4, 1, 6])
    expect(entriesOf(costs)).toEqual([[0, 0, 1], [0, 1, 4]])
    expect(repeatedPairs).toBe(1)
  })

  test.each([
    ['a negative cost', [0], [0], [-1], /pair 0 has cost -1/],
    ['an endless cost', [0], [0], [Infinity], /pair 0 has cost Infinity/],
    ['a demand there is not', [5], [0], [1], /demand 5 of 1/],
    ['a supply there is not', [0], [7], [1], /supply 7 of 1/],
    ['arrays that do not pair up', [0, 0], [0], [1], /do not make pairs/],
  ])('%s is refused', (_what, demands, supplies, costs, why) => {
    expect(() => sparseCostsFrom(1, 1, demands, supplies, costs)).toThrow(why)
  })
})

describe('straight-line costs', () => {
  test('reach to the very distance and no millimetre further; from the edge of a park, nothing within it', () => {
    const points = Float64Array.of(50, 50, 400, 50, 400.001, 50)
    expect(entriesOf(straightLineCosts(points, polygons([square(0, 0, 100)]), 300))).toEqual([[0, 0, 0], [1, 0, 300]])
    expect(entriesOf(straightLineCosts(Float64Array.of(0, 0), packPoints(Float64Array.of(3, 4)), 5))).toEqual([[0, 0, 5]])
  })

  test('nothing to reach, nobody to reach it, an empty geometry: no costs', () => {
    const emptyPolygon = packWkb([new Uint8Array([1, 3, 0, 0, 0, 0, 0, 0, 0])])
    expect(entriesOf(straightLineCosts(Float64Array.of(0, 0), packPoints(new Float64Array(0)), 500))).toEqual([])
    expect(entriesOf(straightLineCosts(Float64Array.of(0, 0), emptyPolygon, 500))).toEqual([])
    expect(straightLineCosts(new Float64Array(0), packPoints(Float64Array.of(1, 1)), 500)).toMatchObject({ rowCount: 0, columnCount: 1 })
    expect(() => straightLineCosts(Float64Array.of(0, 0), emptyPolygon, Number.NaN)).toThrow(/a distance of NaN/)
  })

  test('are the same as measuring every facility from every point', () => {
    fc.assert(
      fc.property(fc.array(aStar, { minLength: 1, maxLength: 12 }), fc.array(aPoint, { minLength: 1, maxLength: 30 }), fc.constantFrom(0, 100, 800), (stars, positions, within) => {
        const facilities = polygons(...stars.map((star) => [star]))
        const measured = positions.flatMap(([x, y], row) => Array.from({ length: countOf(facilities) }, (_value, facility): [number, number, number] => [row, facility, distanceToGeometry(facilities, facility, x, y)]))
        expect(entriesOf(straightLineCosts(Float64Array.from(positions.flat()), facilities, within))).toEqual(measured.filter(([, , distance]) => distance <= within))
      }),
      { numRuns: 100 },
    )
  })
})
