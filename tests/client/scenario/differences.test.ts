import { expect, test } from 'vitest'
import { differencesOf } from '../../../client/stores/scenario-difference.ts'
import type { PlacedCoverageUnit } from '../../../server/contract/coverage.ts'

const unit = (code: string, covered: number, total: number): PlacedCoverageUnit => ({ level: 'community', code, name: null, covered, total, ratio: total > 0 ? covered / total : null, id: `id-${code}`, boundingBox: [0, 0, 1, 1] })

test('units are told by what changed, the greatest first; of land the rounding is no change, and who has nobody has no points', () => {
  const before = [unit('a', 10, 100), unit('b', 50, 100), unit('c', 7, 9), unit('d', 0, 0)]
  const after = [unit('a', 15, 100), unit('b', 20, 100), unit('c', 7, 9), unit('d', 1, 0)]
  expect(differencesOf(before, after, 'population').map(({ code, change, points }) => [code, change, points === null ? null : Math.round(points)])).toEqual([['b', -30, -30], ['a', 5, 5], ['d', 1, null], ['c', 0, 0]])
  expect(differencesOf([unit('a', 10, 100)], [unit('a', 10.2, 100)], 'residential').map(({ change, points }) => [change, points])).toEqual([[0, 0]])
})
