import { describe, expect, test } from 'vitest'
import { clockOf, codesOf, type ConditionWords, minuteOf, phrasesOf, tidy } from '../../../client/dispatch/conditions.ts'
import { dayStart, daysUntil, monthBefore } from '../../../client/dispatch/period.ts'

describe('what a rule asks', () => {
  test('times are read as people type them, and what is no time is not guessed', () => {
    expect(['22:00', ' 6:05', '24:00', '22：30', '24:01', '7:60', 'noon', ''].map(minuteOf)).toEqual([1320, 365, 1440, 1350, undefined, undefined, undefined, undefined])
    expect([0, 365, 1440].map(clockOf)).toEqual(['00:00', '06:05', '24:00'])
  })

  test('codes may be separated by anything, once each; none is no condition', () => {
    expect(codesOf('01、0201, 0201；04')).toEqual(['01', '0201', '04'])
    expect(codesOf('  ')).toBeUndefined()
    expect(tidy({ classCodes: [], weekdays: [1] })).toEqual({ weekdays: [1] })
  })

  test('filing conditions go when the one small class they belong to is not the only one any more', () => {
    expect(tidy({ classKind: 'event', classCodes: ['0112'], conditionOrdinals: [2] })).toHaveProperty('conditionOrdinals', [2])
    expect(tidy({ classKind: 'event', classCodes: ['0112', '0113'], conditionOrdinals: [2] })).not.toHaveProperty('conditionOrdinals')
    expect(tidy({ classKind: 'event', classCodes: ['01'], conditionOrdinals: [2] })).not.toHaveProperty('conditionOrdinals')
  })

  test('is told in phrases, long lists shortened with their number; nothing asked gives none', () => {
    const words: ConditionWords = {
      part: '部件', event: '事件', className: (kind, code) => `${kind} ${code}`, areaName: (code) => code, classes: (names) => names, areas: (names) => names, grids: (n) => `${n} 格`, filing: (n) => `条件 ${n}`, days: (days) => days,
      dayNames: ['一', '二', '三', '四', '五', '六', '日'], between: (a, b) => `${a}–${b}`, andMore: (n) => `等 ${n} 项`, label: (one) => one.zh,
    }
    expect(phrasesOf({}, words)).toEqual([])
    expect(phrasesOf({ classKind: 'event', classCodes: ['01', '02', '03', '04'], sources: ['hotline_12345'], weekdays: [6, 7], fromMinute: 1320, toMinute: 360 }, words)).toEqual(['事件', 'event 01 / event 02 / event 03 等 4 项', '12345热线', '六 日', '22:00–06:00'])
    expect(phrasesOf({ classKind: 'event', classCodes: ['0112'], conditionOrdinals: [1, 3] }, words)).toEqual(['事件', 'event 0112', '条件 1 / 3'])
  })
})

describe('a period in days of the city', () => {
  test('begins at the city’s midnight, summer time or not', () => {
    expect(dayStart('2026-11-01', 'Asia/Shanghai')).toBe('2026-10-31T16:00:00.000Z')
    expect(dayStart('2026-11-30', 'Asia/Shanghai', 1)).toBe('2026-11-30T16:00:00.000Z')
    expect(dayStart('2026-03-29', 'Europe/Berlin', 1)).toBe('2026-03-29T22:00:00.000Z')
  })

  test('the month before, over a new year; thirty days that end today', () => {
    expect(monthBefore('2027-01-15')).toEqual({ from: '2026-12-01', to: '2026-12-31' })
    expect(daysUntil('2026-11-27', 30)).toEqual({ from: '2026-10-29', to: '2026-11-27' })
  })
})
