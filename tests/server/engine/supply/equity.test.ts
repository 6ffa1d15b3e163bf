import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { belowStandard, describeEquity, giniOf, lorenzCurve, meanOf, quantileOf, rankPeople } from '../../../../server/engine/supply/equity.ts'

const rank = (values: number[], people: number[]) => rankPeople(Float64Array.from(values), Float64Array.from(people))

describe('Gini coefficient', () => {
  test('0 where all have the same', () => {
    expect(giniOf(rank([8, 8, 8], [100, 5, 60]))).toBeCloseTo(0, 12)
  })

  test('1 less the share of those who have all', () => {
    expect(giniOf(rank([0, 12], [75, 25]))).toBeCloseTo(0.75, 12)
    expect(giniOf(rank([0, 0, 0, 0, 5], [1, 1, 1, 1, 1]))).toBeCloseTo(0.8, 12)
  })

  test('of 1, 2, 3, 4 with equal people it is a quarter', () => {
    // Σ (2k − n − 1) x_k / (n Σ x) = (−3·1 − 1·2 + 1·3 + 3·4) / (4 · 10) = 10 / 40
    expect(giniOf(rank([3, 1, 4, 2], [7, 7, 7, 7]))).toBeCloseTo(0.25, 12)
  })

  test('people weigh: 30 with 1 and 10 with 5', () => {
    // Shares of people 0.75 and 1, of what there is 30/80 = 0.375 and 1: 1 − (0.75 · 0.375 + 0.25 · 1.375) = 0.375
    expect(giniOf(rank([5, 1], [10, 30]))).toBeCloseTo(0.375, 12)
  })
})

describe('Lorenz curve', () => {
  test('lies at the sums of the poorest, straight between them', () => {
    // Half of the people have a quarter: the curve is 0.125 at 0.25, 0.25 at 0.5, 0.625 at 0.75
    expect(lorenzCurve(rank([3, 1], [50, 50]), 4)).toEqual([{ people: 0, share: 0 }, { people: 0.25, share: 0.125 }, { people: 0.5, share: 0.25 }, { people: 0.75, share: 0.625 }, { people: 1, share: 1 }])
  })

  test('never rises above the line of equal shares, and never falls', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }).filter((value) => value === 0 || value > 1e-9), fc.integer({ min: 0, max: 500 })), { minLength: 1, maxLength: 40 }), (pairs) => {
        const curve = lorenzCurve(rank(pairs.map(([value]) => value), pairs.map(([, people]) => people)), 20)
        curve?.forEach(({ people, share }, step) => {
          expect(share).toBeLessThanOrEqual(people + 1e-9)
          expect(share).toBeGreaterThanOrEqual((curve[step - 1]?.share ?? 0) - 1e-9)
        })
      }),
    )
  })
})

describe('quantiles and standards', () => {
  test('the median is that of people, not of demands', () => {
    const ranking = rank([1, 2, 9], [10, 10, 80])
    expect([0, 0.1, 0.11, 0.2, 0.5, 1].map((share) => quantileOf(ranking, share))).toEqual([1, 1, 2, 2, 9, 9])
    expect(meanOf(ranking)).toBeCloseTo(7.5, 12)
  })

  test('who has just the standard meets it, rounding included', () => {
    expect(belowStandard(rank([7.99, 8, 8 - 1e-12, 20], [10, 20, 30, 40]), 8)).toEqual({ people: 10, share: 0.1 })
    expect(belowStandard(rank([9], [5]), 8)).toEqual({ people: 0, share: 0 })
  })

  test('demands without people are in no figure', () => {
    expect(describeEquity(Float64Array.of(4, 100), Float64Array.of(10, 0), { standard: 8, lorenzSteps: 1 })).toEqual({
      people: 10, mean: 4, least: 4, lowerQuartile: 4, median: 4, upperQuartile: 4, greatest: 4, gini: 0, lorenz: [{ people: 0, share: 0 }, { people: 1, share: 1 }], below: { standard: 8, people: 10, share: 1 },
    })
  })

  test('without people there is no value anywhere; where nobody has anything there is no Gini', () => {
    expect(describeEquity(Float64Array.of(4), Float64Array.of(0), { standard: 8, lorenzSteps: 4 })).toEqual({
      people: 0, mean: null, least: null, lowerQuartile: null, median: null, upperQuartile: null, greatest: null, gini: null, lorenz: null, below: { standard: 8, people: 0, share: null },
    })
    expect(describeEquity(Float64Array.of(0, 0), Float64Array.of(3, 1), { standard: null, lorenzSteps: 4 })).toMatchObject({ mean: 0, median: 0, gini: null, lorenz: null, below: null })
  })

  test('how people are cut into demands makes no difference', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 500 })), { minLength: 1, maxLength: 30 }), (pairs) => {
        const whole = describeEquity(Float64Array.from(pairs, ([value]) => value), Float64Array.from(pairs, ([, people]) => people), { standard: 8, lorenzSteps: 10 })
        const halves = pairs.concat(pairs).toReversed()
        const cut = describeEquity(Float64Array.from(halves, ([value]) => value), Float64Array.from(halves, ([, people]) => people / 2), { standard: 8, lorenzSteps: 10 })
        expect({ ...cut, gini: null, lorenz: null, mean: null }).toEqual({ ...whole, gini: null, lorenz: null, mean: null })
        expect(cut.gini ?? 0).toBeCloseTo(whole.gini ?? 0, 10)
        expect(cut.mean).toBeCloseTo(whole.mean!, 10)
        cut.lorenz?.forEach(({ share }, step) => expect(share).toBeCloseTo(whole.lorenz![step]!.share, 10))
      }),
    )
  })

  test('values that are no numbers, and negative people, are refused', () => {
    expect(() => rank([Number.NaN], [1])).toThrow(/demand 0 has the value NaN/)
    expect(() => rank([1], [-1])).toThrow(/demand 0 has -1 people/)
    expect(() => rank([1, 2], [1])).toThrow(/2 values for 1 demands/)
  })
})
