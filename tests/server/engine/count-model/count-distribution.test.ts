import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intervalOf, probabilityUpTo, quantile } from '../../../../server/engine/count-model/count-distribution.ts'

describe('counts', () => {
  test('Poisson, mean 10: published tables give 0.0293 up to 4, 0.0671 up to 5, 0.9513 up to 15', () => {
    const ten = { mean: 10, theta: null }
    expect(probabilityUpTo(4, ten)).toBeCloseTo(0.0293, 4)
    expect(probabilityUpTo(5, ten)).toBeCloseTo(0.0671, 4)
    expect(probabilityUpTo(15, ten)).toBeCloseTo(0.9513, 4)
    expect(intervalOf(0.05, ten)).toEqual({ lower: 5, upper: 15 })
  })

  test('negative binomial with θ = 1 is geometric: P(Y ≤ y) = 1 − (μ / (1 + μ))^(y + 1)', () => {
    for (const count of [0, 1, 5, 20]) expect(probabilityUpTo(count, { mean: 3, theta: 1 })).toBeCloseTo(1 - 0.75 ** (count + 1), 12)
  })

  test('nothing expected, nothing comes', () => {
    expect(probabilityUpTo(0, { mean: 0, theta: null })).toBe(1)
    expect(intervalOf(0.05, { mean: 0, theta: 2 })).toEqual({ lower: 0, upper: 0 })
    expect(probabilityUpTo(-1, { mean: 3, theta: null })).toBe(0)
  })

  test('a quantile is the least count that reaches its share', () => {
    fc.assert(fc.property(fc.double({ min: 0.1, max: 3000, noNaN: true }), fc.option(fc.double({ min: 0.2, max: 500, noNaN: true })), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (mean, theta, share) => {
      const at = quantile(share, { mean, theta })
      expect(probabilityUpTo(at, { mean, theta })).toBeGreaterThanOrEqual(share - 1e-9)
      if (at > 0) expect(probabilityUpTo(at - 1, { mean, theta })).toBeLessThan(share + 1e-9)
    }), { numRuns: 200 })
  })
})
