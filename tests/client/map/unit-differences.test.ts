import { expect, test } from 'vitest'
import { changeClass, changeLegend, changeLimit } from '../../../client/map/layers/unit-differences.ts'
import { TOKENS } from '../../../client/theme/tokens.ts'

const points = [-8, -0.4, 0, 0, null, 0.3, 2, 31]

test('changes are told apart by sign and by the middle one of their sizes; no change and no value are classes of their own', () => {
  const limit = changeLimit(points)
  expect(limit).toBe(2)
  expect(points.map((one) => changeClass(one, limit))).toEqual([0, 1, 2, 2, -1, 3, 4, 4])
  expect([changeLimit([0, null]), changeClass(0, null), changeClass(null, null)]).toEqual([null, 2, -1])
})

test('the legend tells what lies in each class that there is, in the colours of the map', () => {
  const { change, noData } = TOKENS.night
  expect(changeLegend(points, TOKENS.night).map(({ colour, from, to, count }) => [colour, from, to, count])).toEqual([[change[0], -8, -8, 1], [change[1], -0.4, -0.4, 1], [change[2], 0, 0, 2], [change[3], 0.3, 0.3, 1], [change[4], 2, 31, 2], [noData, null, null, 1]])
  expect(changeLegend([], TOKENS.night)).toEqual([])
})
