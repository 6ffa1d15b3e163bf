import { expect, test } from 'vitest'
import type { Mend } from '../../../server/contract/mends.ts'
import { boxOf, orderMends } from '../../../client/mends/mend-order.ts'

const aMend = (rank: number, gain: number, turn: number | null): Mend => ({
  rank, gain, people: gain, homes: 1, homesLost: 0, effort: 1, worth: gain, name: null, place: null, radiusMeters: null, barrier: null, wayRoundMeters: null, center: [113, 31],
  turn: turn === null ? null : { number: turn, gain, people: gain, homes: 1, togetherGain: gain, togetherPeople: gain },
  edit: { kind: 'path', lengthMeters: 10, geometry: { type: 'LineString', coordinates: [[113, 31], [113.1, 31.2]] } },
})

test('the list is by worth as it came, by gain alone, or those taken one after the other', () => {
  const mends = [aMend(1, 20, 2), aMend(2, 30, null), aMend(3, 30, 1)]
  expect(orderMends(mends, 'worth').map(({ rank }) => rank)).toEqual([1, 2, 3])
  expect(orderMends(mends, 'gain').map(({ rank }) => rank)).toEqual([2, 3, 1])
  expect(orderMends(mends, 'turn').map(({ rank }) => rank)).toEqual([3, 1])
})

test('the map looks at a mend together with the homes that it serves', () => {
  const { geometry } = aMend(1, 1, null).edit
  expect(boxOf(geometry, [])).toEqual([113, 31, 113.1, 31.2])
  expect(boxOf(geometry, [[112.9, 31.1], [113, 31.3]])).toEqual([112.9, 31, 113.1, 31.3])
  expect(boxOf({ type: 'MultiPolygon', coordinates: [[[[1, 2], [3, 4], [1, 2]]]] }, [])).toEqual([1, 2, 3, 4])
  expect(boxOf({ type: 'GeometryCollection', coordinates: [] }, [])).toBeNull()
})
