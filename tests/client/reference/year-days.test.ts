import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysBetween, fromEditedDays, kindOf, monthsOf, setDays, toEditedDays } from '../../../client/reference/year-days.ts'

const WEEK = [1, 2, 3, 4, 5]
const NAMES = { nameZh: '春节', nameEn: 'Spring Festival' }

test('a year is told day by day: weekdays, weekends, holidays, and days worked in exchange before holidays', () => {
  const edited = toEditedDays({ holidays: [{ from: '2026-02-15', to: '2026-02-23', ...NAMES }], extraWorkdays: [{ day: '2026-02-14', nameZh: '调休', nameEn: 'in exchange' }] })
  const months = monthsOf(2026, WEEK, edited)
  expect(months.map((month) => month.length)).toEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
  expect(months[1]?.slice(12, 24).map(({ kind }) => kind)).toEqual(['work', 'extra', ...Array.from({ length: 9 }, () => 'holiday'), 'work'])
  expect(months[1]?.[14]).toMatchObject({ day: '2026-02-15', names: NAMES })
  expect(kindOf('2026-02-14', WEEK, setDays(edited, ['2026-02-14'], null, NAMES))).toBe('off')
  expect(kindOf('2026-02-14', WEEK, { holidays: new Map([['2026-02-14', NAMES]]), extras: new Map([['2026-02-14', NAMES]]) })).toBe('extra')
})

test('a day taken out of the midst of a holiday leaves two, and given back makes one again', () => {
  const whole = toEditedDays({ holidays: [{ from: '2026-10-01', to: '2026-10-07', nameZh: '国庆节', nameEn: 'National Day' }], extraWorkdays: [] })
  const names = { nameZh: '国庆节', nameEn: 'National Day' }
  const split = setDays(whole, ['2026-10-04'], null, names)
  expect(fromEditedDays(split).holidays.map(({ from, to }) => [from, to])).toEqual([['2026-10-01', '2026-10-03'], ['2026-10-05', '2026-10-07']])
  expect(fromEditedDays(setDays(split, ['2026-10-04'], 'holiday', names)).holidays).toEqual([{ from: '2026-10-01', to: '2026-10-07', ...names }])
})

test('whatever days are set, the ranges written say the same days again and are short enough to be taken', () => {
  const day = fc.integer({ min: 0, max: 700 }).map((offset) => new Date(Date.UTC(2026, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10))
  fc.assert(
    fc.property(fc.array(fc.record({ from: day, length: fc.integer({ min: 1, max: 90 }), to: fc.constantFrom('holiday' as const, 'extra' as const, null), name: fc.constantFrom('甲', '乙') }), { maxLength: 12 }), (steps) => {
      const edited = steps.reduce((held, { from, length, to, name }) => setDays(held, daysBetween(from, new Date(Date.parse(from) + (length - 1) * 86_400_000).toISOString().slice(0, 10)), to, { nameZh: name, nameEn: name }), toEditedDays({ holidays: [], extraWorkdays: [] }))
      const written = fromEditedDays(edited)
      const again = toEditedDays(written)
      expect([[...again.holidays].toSorted(), [...again.extras].toSorted()]).toEqual([[...edited.holidays].toSorted(), [...edited.extras].toSorted()])
      for (const { from, to } of written.holidays) expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBeLessThanOrEqual(60)
    }),
  )
})
