import { describe, expect, test } from 'vitest'
import { barOf, differs, isWithoutCases, partRanked, valueText } from '../../../client/evaluation/figures.ts'
import type { EvaluatedObject, Figure, IndicatorView } from '../../../server/contract/evaluation.ts'

const figure = (value: number | null): Figure => ({ numerator: 0, denominator: 1, value, interval: null })
const number = (value: number) => String(value)

describe('figures as shown', () => {
  test('a percentage has two decimals, nothing to divide by is a dash and not a zero', () => {
    expect(valueText(figure(87.5), 'percent', number)).toBe('87.50%')
    expect(valueText(figure(0), 'percent', number)).toBe('0.00%')
    expect(valueText(figure(null), 'percent', number)).toBe('—')
    expect(valueText(figure(5.33), 'hours', number)).toBe('5.33')
  })

  test('the other reading stands beside only where it says something else', () => {
    expect(differs({ exempted: figure(90), raw: figure(85) }, 'exempted')).toBe(85)
    expect(differs({ exempted: figure(90), raw: figure(85) }, 'raw')).toBe(90)
    expect(differs({ exempted: figure(90), raw: figure(90) }, 'raw')).toBeNull()
  })

  test('a bar stays within its width, and its interval too', () => {
    expect(barOf(120, [90, 130])).toEqual({ value: 100, from: 90, width: 10 })
    expect(barOf(null, null)).toBeNull()
  })

  test('objects without a rank are listed apart', () => {
    const object = (key: string, rank: number | null) => ({ key, rank }) as EvaluatedObject
    const { ranked, others } = partRanked([object('a', 1), object('b', null), object('c', 2)])
    expect([ranked.map(({ key }) => key), others.map(({ key }) => key)]).toEqual([['a', 'c'], ['b']])
  })

  test('a period without cases is empty although its streets have inhabitants', () => {
    const views = new Map([['archive_rate', { denominator: 'need_archive_num' } as IndicatorView], ['inst_per_ten_thousand', { denominator: null } as IndicatorView]])
    const street = (filed: number, due: number) => {
      const [rate, density] = [{ numerator: 0, denominator: due, value: null, interval: null }, { numerator: filed, denominator: 20_000, value: 0, interval: null }]
      return { sample: 0, figures: { archive_rate: { exempted: rate, raw: rate }, inst_per_ten_thousand: { exempted: density, raw: density } } } as unknown as EvaluatedObject
    }
    expect(isWithoutCases([street(0, 0), street(0, 0)], views)).toBe(true)
    expect(isWithoutCases([street(0, 0), street(1, 0)], views)).toBe(false)
    expect(isWithoutCases([street(0, 1)], views)).toBe(false)
  })
})
