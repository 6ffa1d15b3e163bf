import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIMIT_UNITS } from '../../../server/incidents/clocks.ts'
import { LimitTextError, readLimitText } from '../../../server/incidents/limit-text.ts'

describe('a limit as a city writes it', () => {
  test.each([
    ['2紧急工作时', 2, 'urgent_hour', false], ['１紧急工作日', 1, 'urgent_day', false], ['4工作时', 4, 'work_hour', false], [' 4 工作小时 ', 4, 'work_hour', false], ['1工作日', 1, 'work_day', false], ['5个工作日', 5, 'work_day', false],
    ['三个工作日', 3, 'work_day', false], ['十五工作日', 15, 'work_day', false], ['二十工作日', 20, 'work_day', false], ['两工作时', 2, 'work_hour', false], ['7自然日', 7, 'natural_day', false], ['2UH', 2, 'urgent_hour', false], ['15WD', 15, 'work_day', false], ['2 work_day', 2, 'work_day', false],
    // Written both ways in two exports of one document: working time, and said to be a reading.
    ['4 小时', 4, 'work_hour', true], ['2天', 2, 'work_day', true], ['24h', 24, 'work_hour', true],
  ])('%s', (text, amount, unit, isLoose) => {
    expect(readLimitText(text)).toEqual({ amount, unit, isLoose })
  })

  test.each(['', '立即', '及时处理', '1', '工作日', '1星期', '1工作日内', '0工作日', '0.5工作日', '1.5工作时', '-2工作时', '100000工作日', '2紧急工作时4工作时', '半个工作日', '十百工作日', 'constructor', '2constructor'])('%j is an error that says how to write it, never a default', (text) => {
    expect(() => readLimitText(text)).toThrow(LimitTextError)
    expect(() => readLimitText(text)).toThrow(/工作时/)
  })

  test('whatever is read was written: amount and unit come back from any spacing and width', () => {
    const words = { urgent_hour: '紧急工作时', urgent_day: '紧急工作日', work_hour: '工作时', work_day: '工作日', natural_day: '自然日' }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(...LIMIT_UNITS), fc.constantFrom('', ' ', '　', '个'), fc.boolean(), (amount, unit, between, isWide) => {
        const digits = isWide ? String(amount).replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)) : String(amount)
        expect(readLimitText(`${digits}${between}${words[unit]}`)).toEqual({ amount, unit, isLoose: false })
      }),
    )
  })

  test('any other text is an error or a limit, never anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(readLimitText(text).amount).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(LimitTextError)
        }
      }),
    )
  })
})
