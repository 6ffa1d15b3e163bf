import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chainsOf, placeAt, stretchOf } from '../../../../server/engine/spacing/chains.ts'
import { findSpacing, type SpacingRoad } from '../../../../server/engine/spacing/spacing.ts'

const road = (pieces: number[][], limitMeters = 100, hasMedian = false): SpacingRoad => ({ pieces, limitMeters, hasMedian })
const spacing = (of: SpacingRoad, facilities: number[][], withinMeters = 40) => findSpacing({ roads: [of], facilities: Float64Array.from(facilities.flat()), withinMeters })
const gapsOf = (of: SpacingRoad, facilities: number[][]) => spacing(of, facilities).gaps.map(({ fromMeters, toMeters, side, from, to }) => [fromMeters, toMeters, side, from, to])

test('facilities beside a road are projected on it, sorted, and the stretches between them beyond the limit are told; worked by hand', () => {
  // 500 m to the east: at 50, 120, 300 and 450; the limit is 100 m.
  const answer = spacing(road([[0, 0, 500, 0]]), [[300, 10], [50, -20], [120, 39], [450, 0], [200, 41]])
  expect(answer.gaps.map(({ fromMeters, toMeters, lengthMeters, from, to, points }) => [fromMeters, toMeters, lengthMeters, from, to, points])).toEqual([
    [120, 300, 180, 2, 0, [120, 0, 300, 0]],
    [300, 450, 150, 0, 3, [300, 0, 450, 0]],
  ])
  // The one 41 m away stands beside nothing.
  expect(answer.roads).toEqual([{ lengthMeters: 500, facilities: 4, longestMeters: 180 }])
})

test('at the limit is no gap; the ends of a road are gaps, and so is a road without any', () => {
  expect(gapsOf(road([[0, 0, 300, 0]]), [[100, 0], [200, 0]])).toEqual([])
  expect(gapsOf(road([[0, 0, 400, 0]]), [[150, 0]])).toEqual([[150, 400, 'both', 0, null], [0, 150, 'both', null, 0]])
  expect(gapsOf(road([[0, 0, 101, 0]]), [])).toEqual([[0, 101, 'both', null, null]])
  expect(gapsOf(road([[0, 0, 100, 0]]), [])).toEqual([])
})

test('with a median each side stands for itself; what stands on the line serves both', () => {
  const facilities = [[100, 5], [200, -5], [300, 0]]
  expect(gapsOf(road([[0, 0, 400, 0]], 150), facilities)).toEqual([])
  // Left of the way to the east is north: 100 and 300; right is south: 200 and 300.
  expect(gapsOf(road([[0, 0, 400, 0]], 150, true), facilities)).toEqual([[0, 200, 'right', null, 1], [100, 300, 'left', 0, 2]])
})

test('the two carriageways of one road are apart: a facility serves the one it stands at', () => {
  const both = road([[0, 0, 200, 0], [0, 20, 200, 20]], 120)
  expect(gapsOf(both, [[100, -5], [100, 25]])).toEqual([])
  expect(gapsOf(both, [[100, -5]])).toEqual([[0, 200, 'both', null, null]])
})

test('round a corner measures go on, and the stretch follows the road', () => {
  const [gap] = spacing(road([[0, 0, 100, 0], [100, 0, 100, 200]]), [[50, 0], [100, 150]]).gaps
  expect(gap).toMatchObject({ fromMeters: 50, toMeters: 250, lengthMeters: 200, points: [50, 0, 100, 0, 100, 150] })
})

test('on a ring the last gap goes round to the first facility', () => {
  const ring = road([[0, 0, 100, 0, 100, 100], [100, 100, 0, 100], [0, 100, 0, 0]], 120)
  expect(spacing(ring, [[50, 0], [150, 150]]).gaps).toMatchObject([{ lengthMeters: 400, from: 0, to: 0 }])
  expect(gapsOf(ring, [[50, 0], [50, 100]]).length).toBe(2)
  expect(gapsOf(ring, [])).toEqual([[0, 400, 'both', null, null]])
  expect(chainsOf(ring.pieces)).toMatchObject([{ isClosed: true }])
})

test('a fork ends a chain, a piece that is there twice counts once', () => {
  const chains = chainsOf([[0, 0, 100, 0], [100, 0, 200, 50], [100, 0, 200, -50], [200, 50, 100, 0]])
  expect(chains.map(({ measures }) => Math.round(measures.at(-1)!))).toEqual([100, 112, 112])
})

test('a place and a stretch lie where the measure says', () => {
  const [chain] = chainsOf([[0, 0, 100, 0, 100, 100]])
  expect(placeAt(chain!, 150)).toEqual([100, 50])
  expect(stretchOf(chain!, 0, 200)).toEqual([0, 0, 100, 0, 100, 100])
})

/** A road as a walk of right-angled steps, never over itself, and facilities anywhere about it. */
const aRoad = fc.array(fc.tuple(fc.integer({ min: 20, max: 300 }), fc.boolean()), { minLength: 1, maxLength: 8 }).map((steps) => steps.reduce<number[]>((line, [length, isEast]) => {
  const [x, y] = [line.at(-2)!, line.at(-1)!]
  return [...line, isEast ? x + length : x, isEast ? y : y + length]
}, [0, 0]))
const aPlace = fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), east: fc.double({ min: -50, max: 50, noNaN: true }), north: fc.double({ min: -50, max: 50, noNaN: true }) })
type Place = typeof aPlace extends fc.Arbitrary<infer One> ? One : never
const places = fc.array(aPlace, { maxLength: 20 })
/** About the road: most of them beside it, some too far off. */
function besides(line: number[], of: readonly Place[]): number[][] {
  const [chain] = chainsOf([line])
  return of.map(({ share, east, north }) => {
    const [x, y] = placeAt(chain!, share * chain!.measures.at(-1)!)
    return [x + east, y + north]
  })
}
const longest = (of: SpacingRoad, at: number[][]) => spacing(of, at).roads[0]!.longestMeters

test('adding a facility never lengthens the longest gap', () => {
  fc.assert(fc.property(aRoad, places, fc.boolean(), aPlace, (line, at, hasMedian, more) => {
    const of = road([line], 100, hasMedian)
    expect(longest(of, besides(line, [...at, more]))).toBeLessThanOrEqual(longest(of, besides(line, at)) + 1e-6)
  }))
})

test('how a road is cut into pieces, in which order and direction they come, changes nothing', () => {
  fc.assert(fc.property(aRoad, places, fc.array(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { maxLength: 6 }), fc.integer(), (line, of, cuts, seed) => {
    const at = besides(line, of)
    const [chain] = chainsOf([line])
    const length = chain!.measures.at(-1)!
    const marks = [0, ...[...new Set(cuts)].sort((a, b) => a - b).filter((cut, index, all) => index === 0 || (cut - all[index - 1]!) * length > 1).map((cut) => cut * length), length]
    const pieces = marks.slice(1).map((to, index) => stretchOf(chain!, marks[index]!, to))
    const turned = pieces.map((piece, index) => ((seed >> index) & 1 ? Array.from({ length: piece.length / 2 }, (_value, point) => piece.slice(piece.length - 2 * point - 2, piece.length - 2 * point)).flat() : piece))
    const shuffled = seed % 2 === 0 ? turned.reverse() : turned
    const [whole, cut] = [spacing(road([line]), at), spacing(road(shuffled), at)]
    expect(cut.gaps.length).toBe(whole.gaps.length)
    expect(cut.roads[0]!.longestMeters).toBeCloseTo(whole.roads[0]!.longestMeters, 4)
    cut.gaps.forEach((gap, index) => expect(gap.lengthMeters).toBeCloseTo(whole.gaps[index]!.lengthMeters, 4))
  }))
})
