import { expect, test } from 'vitest'
import { riseOf, slopeOf, sphericalLength, structureOf } from '../../../server/imports/path-facts.ts'

test('a bridge is one whatever it is called, a passage through a house is no tunnel', () => {
  expect([{ bridge: 'yes' }, { bridge: 'viaduct' }, { bridge: true }, { tunnel: 'yes' }, { tunnel: 'building_passage' }, { bridge: 'no' }, {}].map(structureOf)).toEqual(['bridge', 'bridge', 'bridge', 'tunnel', null, null, null])
})

test('a slope is read in per cent and degrees; words without a measure and walls are none', () => {
  expect(['5%', '-12.5 %', 'up', '90°', null].map(slopeOf)).toEqual([0.05, -0.125, null, null, null])
  expect(slopeOf('45°')).toBeCloseTo(1, 12)
})

test('heights of the vertices outrank a stated rise, that is shared by length, and that outranks a slope', () => {
  const whole = [[[120, 30], [120.001, 30], [120.004, 30]]]
  const piece = [[120, 30], [120.001, 30]]
  expect(riseOf({ rise_meters: 8 }, [[120, 30, 4], [120.001, 30, 9.5]], whole)).toBe(5.5)
  expect(riseOf({ rise_meters: 8, incline: '10%' }, piece, whole)).toBeCloseTo(2, 6)
  expect(riseOf({ incline: '-10%' }, piece, whole)).toBeCloseTo(-0.1 * sphericalLength(piece), 9)
  expect(riseOf({}, piece, whole)).toBeNull()
})
