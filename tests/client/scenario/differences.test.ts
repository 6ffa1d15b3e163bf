import { expect, test } from 'vitest'
import { differencesOf } from '../../../client/stores/scenario-difference.ts'
import type { CoverageUnit } from '../../../server/contract/coverage.ts'

const unit = (code: string, covered: number, total: number): CoverageUnit => ({ level: 'community', code, name: null, covered, total, ratio: total > 0 ? covered / total : null })

test('units are told by what changed, the greatest first; the same ones, and of land the rounding, are left out', () => {
  const before = [unit('a', 10, 100), unit('b', 50, 100), unit('c', 7, 9), unit('d', 0, 0)]
  const after = [unit('a', 15, 100), unit('b', 20, 100), unit('c', 7, 9), unit('d', 1, 0)]
  expect(differencesOf(before, after, 'population').map(({ code, change, points }) => [code, change, points === null ? null : Math.round(points)])).toEqual([['b', -30, -30], ['a', 5, 5], ['d', 1, null]])
  expect(differencesOf([unit('a', 10, 100)], [unit('a', 10.2, 100)], 'residential')).toEqual([])
})
