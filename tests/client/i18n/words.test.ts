import { describe, expect, test } from 'vitest'
import { en } from '../../../client/i18n/en.ts'
import { areaQuantity, formatDateTime, formatDuration, formatNumber, formatPercent, lengthQuantity } from '../../../client/i18n/format.ts'
import { inOwnLanguage } from '../../../client/i18n/own-language.ts'
import { zh } from '../../../client/i18n/zh.ts'

function entries(words: object, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : entries(value as object, `${prefix}${key}.`)))
}

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('the words of the console', () => {
  test('both languages have the same keys', () => {
    expect(entries(en).map(([key]) => key)).toEqual(entries(zh).map(([key]) => key))
  })
  test('both languages fill in the same values', () => {
    const english = new Map(entries(en))
    for (const [key, text] of entries(zh)) expect([key, holes(english.get(key) ?? '')]).toEqual([key, holes(text)])
  })
  test('no word holds a sign that the message syntax would take for its own', () => {
    for (const [key, text] of [...entries(zh), ...entries(en)]) expect([key, /[@|$]/.test(text)]).toEqual([key, false])
  })
})

describe('what the server says in both languages', () => {
  test.each([
    ['没有文件 a.csv。There is no file a.csv.', '没有文件 a.csv。', 'There is no file a.csv.'],
    ['城市没有图层“路网”，请改选。City "demo" has no layer "路网". It has: roads.', '城市没有图层“路网”，请改选。', 'City "demo" has no layer "路网". It has: roads.'],
    ['已完成。A 区没有数据', '已完成。A 区没有数据', '已完成。A 区没有数据'],
    ['编号：123456', '编号：123456', '编号：123456'],
    ['Only English.', 'Only English.', 'Only English.'],
  ])('%s', (text, zh, en) => {
    expect([inOwnLanguage(text, 'zh'), inOwnLanguage(text, 'en')]).toEqual([zh, en])
  })
})

describe('figures as people read them', () => {
  test('areas change their unit at one hectare and one square kilometre', () => {
    expect(areaQuantity(9_999, 'zh')).toEqual({ text: '9,999', unit: 'm2' })
    expect(areaQuantity(10_000, 'zh')).toEqual({ text: '1', unit: 'ha' })
    expect(areaQuantity(1_000_000, 'zh')).toEqual({ text: '1', unit: 'km2' })
  })
  test('lengths change their unit at one kilometre', () => {
    expect(lengthQuantity(312.4, 'zh')).toEqual({ text: '312', unit: 'm' })
    expect(lengthQuantity(1_250, 'en')).toEqual({ text: '1.25', unit: 'km' })
  })
  test('ratios keep the digits that a published figure has', () => {
    expect(formatPercent(0.3961, 'zh')).toBe('39.61%')
    expect(formatNumber(1_234_567, 'zh')).toBe('1,234,567')
  })
  test('times are told in the city’s zone on a 24-hour clock, with the year only when it is another one', () => {
    const now = Date.parse('2026-11-23T00:00:00Z')
    expect(formatDateTime('2026-11-22T16:05:00Z', 'zh', 'Asia/Shanghai', now)).toBe('11-23 00:05')
    expect(formatDateTime('2025-11-22T16:05:00Z', 'zh', 'Asia/Shanghai', now)).toBe('2025-11-23 00:05')
  })
  test('spans are told in their two largest parts', () => {
    const words = { day: 'd', hour: 'h', minute: 'min', second: 's' }
    expect(formatDuration(0, words)).toBe('0 s')
    expect(formatDuration(8_400, words)).toBe('8 s')
    expect(formatDuration((2 * 86_400 + 3 * 3_600 + 4 * 60) * 1000, words)).toBe('2 d 3 h')
    expect(formatDuration((14 * 3_600 + 9) * 1000, words)).toBe('14 h')
  })
})
