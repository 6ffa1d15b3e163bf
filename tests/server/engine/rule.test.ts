import { describe, expect, test } from 'vitest'
import { radiusFor, scaleBands } from '../../../server/engine/rule.ts'
import type { RuleBand } from '../../../server/contract/coverage.ts'

const bands: RuleBand[] = [
  { minAreaM2: 5000, maxAreaM2: null, zone: 'all', radiusMeters: 500 },
  { minAreaM2: 2000, maxAreaM2: 5000, zone: 'all', radiusMeters: 300 },
  { minAreaM2: 1000, maxAreaM2: 5000, zone: 'historic_district', radiusMeters: 300 },
]

describe('the radius of a park', () => {
  test.each([
    [4999.9, false, 300],
    [5000.0, false, 500],
    [2000.0, false, 300],
    [1999.9, false, undefined],
    [1999.9, true, 300],
    [1000.0, true, 300],
    [999.9, true, undefined],
  ])('%d m², in a historic district: %s → %s m', (area, historic, radius) => {
    expect(radiusFor(bands, area, historic)).toBe(radius)
  })

  test('the rounding of a change of coordinates does not push a park over the line', () => {
    expect(radiusFor(bands, 4999.9999999, false)).toBe(500)
    expect(radiusFor(bands, 5000.0000001, false)).toBe(500)
  })

  test('of overlapping bands the largest radius counts, in any order', () => {
    const wide: RuleBand = { minAreaM2: 0, maxAreaM2: null, zone: 'all', radiusMeters: 200 }
    expect(radiusFor([wide, ...bands], 6000, false)).toBe(500)
    expect(radiusFor([...bands, wide], 6000, false)).toBe(500)
  })

  test('scaling multiplies radii and both area bounds', () => {
    expect(scaleBands(bands, 1.2, 2)[1]).toEqual({ minAreaM2: 4000, maxAreaM2: 10000, zone: 'all', radiusMeters: 360 })
  })
})
