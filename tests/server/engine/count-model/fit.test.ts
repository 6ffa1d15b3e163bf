import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CountData, fitCounts } from '../../../../server/engine/count-model/fit.ts'
import { sumOf } from '../../../../server/engine/sum.ts'

const is = (levels: readonly string[], level: string) => ({ key: level, values: levels.map((one) => (one === level ? 1 : 0)) })
const estimates = (data: CountData) => Object.fromEntries(fitCounts(data)!.coefficients.map(({ key, estimate }) => [key ?? 'constant', estimate]))

describe('published answers', () => {
  test('a randomised trial: Dobson, An Introduction to Generalized Linear Models (1990), p. 93', () => {
    const data = { counts: [18, 17, 15, 20, 10, 20, 25, 13, 12], columns: [is([...'123123123'], '2'), is([...'123123123'], '3'), ...['4', '5'].map((level) => is([...'333444555'], level))] }
    const fit = fitCounts(data)!
    // Outcome 2, outcome 3, treatment 2, treatment 3; standard errors 0.1709, 0.2022, 0.1927, 0.2, 0.2.
    expect(fit.coefficients.map(({ estimate }) => estimate)).toEqual([3.0445, -0.4543, -0.293, 0, 0].map((value) => expect.closeTo(value, 4) as number))
    expect(fit.coefficients.map(({ standardError }) => standardError)).toEqual([0.1709, 0.2022, 0.1927, 0.2, 0.2].map((value) => expect.closeTo(value, 4) as number))
    expect(fit).toMatchObject({ family: 'poisson', theta: null, deviance: expect.closeTo(5.1291, 4) as number, nullDeviance: expect.closeTo(10.5814, 4) as number, degreesOfFreedom: 4, akaike: expect.closeTo(56.76, 2) as number })
  })

  test('damage to ships by months of service: McCullagh & Nelder, Generalized Linear Models (2nd ed. 1989), 6.3.2', () => {
    // type, built in, operated from 1960 or 1975, months of service, incidents; rows without service are no rows.
    const rows = `A 60 60 127 0;A 60 75 63 0;A 65 60 1095 3;A 65 75 1095 4;A 70 60 1512 6;A 70 75 3353 18;A 75 75 2244 11;B 60 60 44882 39;B 60 75 17176 29;B 65 60 28609 58;B 65 75 20370 53;B 70 60 7064 12;B 70 75 13099 44;B 75 75 7117 18;
      C 60 60 1179 1;C 60 75 552 1;C 65 60 781 0;C 65 75 676 1;C 70 60 783 6;C 70 75 1948 2;C 75 75 274 1;D 60 60 251 0;D 60 75 105 0;D 65 60 288 0;D 65 75 192 0;D 70 60 349 2;D 70 75 1208 11;D 75 75 2051 4;E 60 60 45 0;E 65 60 789 7;E 65 75 437 7;E 70 60 1157 5;E 70 75 2161 12;E 75 75 542 1`.split(';').map((line) => line.trim().split(' '))
    const part = (index: number, name: string) => rows.map((row) => name + row[index]!)
    const columns = [...[...'BCDE'].map((type) => is(part(0, ''), type)), ...['65', '70', '75'].map((year) => is(part(1, 'y'), `y${year}`)), is(part(2, 'p'), 'p75')]
    const data: CountData = { counts: rows.map((row) => Number(row[4])), columns, offset: rows.map((row) => Math.log(Number(row[3]))), family: 'poisson' }
    expect(fitCounts(data)).toMatchObject({ degreesOfFreedom: 25, deviance: expect.closeTo(38.695, 3) as number, pearson: expect.closeTo(42.28, 2) as number })
    for (const [key, value] of Object.entries({ constant: -6.41, B: -0.54, C: -0.69, D: -0.08, E: 0.33, y65: 0.7, y70: 0.82, y75: 0.45, p75: 0.38 })) expect(estimates(data)[key], key).toBeCloseTo(value, 2)
  })

  test('red mites on apple leaves: Bliss & Fisher, Biometrics 9 (1953), k = 1.02459 of a mean of 1.14667', () => {
    const counts = [70, 38, 17, 10, 9, 3, 2, 1].flatMap((leaves, mites) => Array.from({ length: leaves }, () => mites))
    const fit = fitCounts({ counts, columns: [] })!
    expect(fit.family).toBe('negative_binomial')
    expect(Math.exp(fit.coefficients[0]!.estimate)).toBeCloseTo(172 / 150, 8)
    expect(fit.theta).toBeCloseTo(1.02459, 4)
  })
})

/** Counts that spread, and two things they may follow. */
const someData = fc.array(fc.record({ count: fc.integer({ min: 0, max: 60 }), a: fc.integer({ min: 0, max: 1000 }), b: fc.integer({ min: 0, max: 50 }) }), { minLength: 12, maxLength: 40 })
  .filter((rows) => rows.some(({ count }) => count > 0))

type Row = { count: number; a: number; b: number }
const dataOf = (rows: readonly Row[], scale = 1): CountData => ({ counts: rows.map(({ count }) => count), columns: [{ key: 'a', values: rows.map(({ a }) => Math.log1p(a) * scale) }, { key: 'b', values: rows.map(({ b }) => b) }] })

describe('whatever the counts', () => {
  test('the units of a column change its coefficient and nothing else', () => {
    fc.assert(fc.property(someData, fc.constantFrom(0.001, 7, 1e6), (rows, scale) => {
      const [one, other] = [fitCounts(dataOf(rows))!, fitCounts(dataOf(rows, scale))!]
      expect(other.family).toBe(one.family)
      for (const [row, value] of one.fitted.entries()) expect(Math.abs(other.fitted[row]! / value - 1)).toBeLessThan(1e-5)
    }), { numRuns: 60 })
  })

  test('the order of the rows changes nothing', () => {
    fc.assert(fc.property(someData, (rows) => {
      const [one, other] = [fitCounts(dataOf(rows))!, fitCounts(dataOf(rows.toReversed()))!]
      for (const [row, value] of one.fitted.entries()) expect(Math.abs(other.fitted[rows.length - 1 - row]! / value - 1)).toBeLessThan(1e-5)
    }), { numRuns: 60 })
  })

  test('a Poisson fit expects as many as there were; columns never make a fit worse', () => {
    fc.assert(fc.property(someData, (rows) => {
      const fit = fitCounts(dataOf(rows))!
      if (!fit.isConverged) return
      if (fit.theta === null) expect(sumOf(fit.fitted)).toBeCloseTo(sumOf(rows.map(({ count }) => count)), 4)
      expect(fit.logLikelihood).toBeGreaterThanOrEqual(fit.nullLogLikelihood - 1e-6)
      expect(fit.deviance).toBeLessThanOrEqual(fit.nullDeviance + 1e-6)
    }), { numRuns: 60 })
  })
})

describe('what cannot be fitted', () => {
  test('nothing counted, or too few rows', () => {
    expect(fitCounts({ counts: [0, 0, 0, 0], columns: [] })).toBeNull()
    expect(fitCounts({ counts: [1, 2], columns: [{ key: 'a', values: [1, 2] }] })).toBeNull()
  })

  test('a column without spread and one that repeats another are left out, and told', () => {
    const values = [1, 2, 3, 4, 5, 6]
    const fit = fitCounts({ counts: [1, 3, 2, 5, 6, 5], columns: [{ key: 'a', values }, { key: 'same', values: values.map((value) => 3 * value - 1) }, { key: 'flat', values: values.map(() => 7) }] })!
    expect(fit.dropped).toEqual(['same', 'flat'])
    expect(fit.coefficients.map(({ key }) => key)).toEqual([null, 'a'])
  })
})
