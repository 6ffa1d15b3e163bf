import { expect, test } from 'vitest'
import { OtherHomesError, type ServedHomes, sidesOf } from '../../../client/scenario/served-homes.ts'

const homes = (served: number[], more: Partial<ServedHomes> = {}): ServedHomes => ({ demand: 'population', served: Uint8Array.from(served), weights: Float64Array.of(3, 5, 7, 0, 11), positions: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4), standing: {}, ...more })

test('homes of two sides are told apart with the people in them; those that nobody asks about are left out', () => {
  const sides = sidesOf(homes([1, 1, 0, 0, 0], { standing: { a: [] } }), homes([1, 0, 1, 1, 0], { standing: { b: [] } }))
  expect([sides.served, sides.lost, sides.gained, sides.unserved].map((at) => [...at])).toEqual([[0, 0], [1, 1], [2, 2], [4, 4]])
  expect([sides.gainedWeight, sides.lostWeight, Object.keys(sides.standing)]).toEqual([7, 5, ['a', 'b']])
})

test('sides that count other people are refused, not drawn', () => {
  expect(() => sidesOf(homes([1, 0, 0, 0, 0]), homes([1, 0, 0, 0, 0], { demand: 'elders' }))).toThrow(OtherHomesError)
  expect(() => sidesOf(homes([1, 0, 0, 0, 0]), homes([1, 0, 0, 0, 0], { weights: Float64Array.of(3, 5, 7, 0, 12) }))).toThrow(OtherHomesError)
})
