import { expect, test } from 'vitest'
import { walkingMinutes } from '../../../../server/engine/network/walking-cost.ts'

const TOBLER = { decay: 3.5, easiest: 0.05 }

test('level ground takes length over pace, there and back alike', () => {
  const { costForward, costBackward } = walkingMinutes({ lengthMeters: Float64Array.of(400, 0) }, { metersPerMinute: 80, slope: TOBLER })
  expect([...costForward]).toEqual([5, 0])
  expect(costBackward).toBe(costForward)
})

test('slopes follow Tobler: 5.04 km/h on the level, 6 km/h down 5 %, 3.55 km/h up 10 %', () => {
  const pace = { metersPerMinute: (6000 / 60) * Math.exp(-3.5 * 0.05), slope: TOBLER }
  const { costForward, costBackward } = walkingMinutes({ lengthMeters: Float64Array.of(1000, 1000, 1000), riseMeters: Float64Array.of(0, -50, 100) }, pace)
  const speeds = (minutes: Float64Array) => Array.from(minutes, (cost) => (60 / cost).toFixed(2))
  expect(speeds(costForward)).toEqual(['5.04', '6.00', '3.55'])
  expect(speeds(costBackward)).toEqual(['5.04', '4.23', '5.04'])
})

test('stairs take their factor or are closed, and slopes without the option cost nothing', () => {
  const edges = { lengthMeters: Float64Array.of(80, 80), riseMeters: Float64Array.of(0, 40), isStairs: Uint8Array.of(0, 1) }
  expect([...walkingMinutes(edges, { metersPerMinute: 80, stairsFactor: 2 }).costForward]).toEqual([1, 2])
  expect([...walkingMinutes(edges, { metersPerMinute: 80, stairsFactor: Infinity }).costForward]).toEqual([1, Infinity])
  expect([...walkingMinutes(edges, { metersPerMinute: 80 }).costForward]).toEqual([1, 1])
})

test('a pace or factor that is no number above zero is refused', () => {
  const edges = { lengthMeters: Float64Array.of(1) }
  expect(() => walkingMinutes(edges, { metersPerMinute: 0 })).toThrow('no walking')
  expect(() => walkingMinutes(edges, { metersPerMinute: 80, stairsFactor: Number.NaN })).toThrow('NaN times')
})
