import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addCounted, addLimit, addWorkingTime, countedBetween, defaultCalendar, elapsed, limitWords, LIMIT_UNITS, localDay, resumeLimit, type WorkCalendar, workingTimeBetween } from '../../../server/incidents/clocks.ts'

const CALENDAR = defaultCalendar('Asia/Shanghai')
/** Wall-clock time of Shanghai; 2026-11-20 is a Friday. */
const at = (wall: string) => new Date(`${wall}:00+08:00`)

describe('limits over the working calendar', () => {
  test('Friday 17:30 and four working hours end on Monday at 11:30', () => {
    expect(addLimit(at('2026-11-20T17:30'), { amount: 4, unit: 'work_hour' }, CALENDAR)).toEqual(at('2026-11-23T11:30'))
  })
  test('Saturday 10:00 and two urgent hours end on Saturday at 12:00', () => {
    expect(addLimit(at('2026-11-21T10:00'), { amount: 2, unit: 'urgent_hour' }, CALENDAR)).toEqual(at('2026-11-21T12:00'))
  })
  test('11:00 and four working hours end at 17:00, because lunch does not count', () => {
    expect(addLimit(at('2026-11-23T11:00'), { amount: 4, unit: 'work_hour' }, CALENDAR)).toEqual(at('2026-11-23T17:00'))
  })
  test('a Sunday that is worked in exchange counts', () => {
    const calendar: WorkCalendar = { ...CALENDAR, extraWorkdays: new Set(['2026-11-22']) }
    expect(addLimit(at('2026-11-20T17:30'), { amount: 4, unit: 'work_hour' }, calendar)).toEqual(at('2026-11-22T11:30'))
  })
  test('a limit begun on the last day before the Spring Festival skips the whole holiday', () => {
    // The festival of 2026: 15 to 23 February off, 14 (Saturday) worked.
    const holidays = new Set(Array.from({ length: 9 }, (_, index) => `2026-02-${15 + index}`))
    const calendar: WorkCalendar = { ...CALENDAR, holidays, extraWorkdays: new Set(['2026-02-14']) }
    expect(addLimit(at('2026-02-14T17:00'), { amount: 4, unit: 'work_hour' }, calendar)).toEqual(at('2026-02-24T11:00'))
    expect(addLimit(at('2026-02-14T17:00'), { amount: 1, unit: 'work_day' }, calendar)).toEqual(at('2026-02-24T17:00'))
    expect(addLimit(at('2026-02-14T17:00'), { amount: 1, unit: 'urgent_day' }, calendar)).toEqual(at('2026-02-15T17:00'))
  })
  test('one working day from Friday noon ends on Monday at the same time, or with that day’s last slot where the city says so', () => {
    expect(addLimit(at('2026-11-20T11:00'), { amount: 1, unit: 'work_day' }, CALENDAR)).toEqual(at('2026-11-23T11:00'))
    expect(addLimit(at('2026-11-20T11:00'), { amount: 1, unit: 'work_day' }, { ...CALENDAR, workDayEnds: 'end_of_day' })).toEqual(at('2026-11-20T18:00'))
    expect(addLimit(at('2026-11-20T20:00'), { amount: 1, unit: 'work_day' }, CALENDAR)).toEqual(at('2026-11-24T08:00'))
  })
  test('urgent and natural days run through nights, weekends and holidays, 24 hours each', () => {
    const calendar: WorkCalendar = { ...CALENDAR, holidays: new Set(['2026-11-23']) }
    for (const unit of ['urgent_day', 'natural_day'] as const) expect(addLimit(at('2026-11-20T17:30'), { amount: 3, unit }, calendar)).toEqual(at('2026-11-23T17:30'))
  })
  test('a limit begun in the night or at noon starts with the next slot', () => {
    expect(addLimit(at('2026-11-23T03:00'), { amount: 1, unit: 'work_hour' }, CALENDAR)).toEqual(at('2026-11-23T09:00'))
    expect(addLimit(at('2026-11-23T12:30'), { amount: 1, unit: 'work_hour' }, CALENDAR)).toEqual(at('2026-11-23T15:00'))
    expect(addLimit(at('2026-11-21T12:00'), { amount: 1, unit: 'work_hour' }, CALENDAR)).toEqual(at('2026-11-23T09:00'))
  })
  test('slots may differ between summer and winter', () => {
    const summer = [{ fromMinute: 7 * 60, toMinute: 11 * 60 }, { fromMinute: 15 * 60, toMinute: 19 * 60 }]
    const calendar: WorkCalendar = { ...CALENDAR, slots: [{ from: '2026-06-01', to: '2026-09-30', slots: summer }, ...CALENDAR.slots] }
    expect(addLimit(at('2026-09-30T18:00'), { amount: 2, unit: 'work_hour' }, calendar)).toEqual(at('2026-10-01T09:00'))
  })
  test('a suspended case gets back exactly the working time that was left', () => {
    const due = addLimit(at('2026-11-20T16:00'), { amount: 4, unit: 'work_hour' }, CALENDAR)
    expect(due).toEqual(at('2026-11-23T10:00'))
    expect(resumeLimit(due, at('2026-11-20T17:00'), at('2026-11-25T08:00'), 'work_hour', CALENDAR)).toEqual(at('2026-11-25T11:00'))
    expect(resumeLimit(at('2026-11-20T12:00'), at('2026-11-20T11:00'), at('2026-11-20T15:00'), 'urgent_hour', CALENDAR)).toEqual(at('2026-11-20T16:00'))
  })
  test('a rest over night leaves a limit that ends when work begins where it was, and does not bring it forward to the evening before', () => {
    const due = at('2026-11-24T08:00')
    expect(resumeLimit(due, at('2026-11-20T21:00'), at('2026-11-21T02:00'), 'work_day', CALENDAR)).toEqual(due)
    expect(resumeLimit(due, at('2026-11-20T17:00'), at('2026-11-20T18:00'), 'work_day', CALENDAR)).toEqual(at('2026-11-24T09:00'))
  })
  test('suspending a case that is already late does not make it punctual', () => {
    expect(resumeLimit(at('2026-11-20T12:00'), at('2026-11-20T13:00'), at('2026-11-25T08:00'), 'work_hour', CALENDAR)).toEqual(at('2026-11-20T12:00'))
    expect(resumeLimit(at('2026-11-20T12:00'), at('2026-11-20T12:00'), at('2026-11-20T15:00'), 'urgent_hour', CALENDAR)).toEqual(at('2026-11-20T15:00'))
  })
  test('a calendar without working time is refused instead of searched for ever', () => {
    expect(() => addLimit(at('2026-11-20T12:00'), { amount: 1, unit: 'work_hour' }, { ...CALENDAR, workWeekdays: [] })).toThrow(/no slot/)
  })
  test('a limit reads in Chinese and English', () => {
    expect(limitWords({ amount: 1, unit: 'work_day' })).toEqual({ zh: '1 工作日', en: '1 working day' })
    expect(limitWords({ amount: 2, unit: 'urgent_hour' })).toEqual({ zh: '2 紧急工作时', en: '2 urgent hours' })
  })
})

describe('time measured over the working calendar', () => {
  test('hours and days that have passed are told in the limit’s own unit', () => {
    expect(elapsed(at('2026-11-20T17:30'), at('2026-11-23T11:30'), 'work_hour', CALENDAR)).toBe(4)
    expect(elapsed(at('2026-11-20T17:30'), at('2026-11-23T11:30'), 'urgent_hour', CALENDAR)).toBe(66)
    expect(elapsed(at('2026-11-20T12:00'), at('2026-11-22T00:00'), 'natural_day', CALENDAR)).toBe(1.5)
    expect(elapsed(at('2026-11-20T12:00'), at('2026-11-24T12:00'), 'work_day', CALENDAR)).toBe(2)
    expect(elapsed(at('2026-11-20T12:00'), at('2026-11-20T10:00'), 'work_day', CALENDAR)).toBe(0)
  })
  test('hours of every summer hold in each year, also where the range runs over New Year', () => {
    const morning = [{ fromMinute: 6 * 60, toMinute: 12 * 60 }]
    const yearly: WorkCalendar = { ...CALENDAR, slots: [{ from: '05-01', to: '09-30', slots: morning }, ...CALENDAR.slots] }
    expect(addLimit(at('2025-07-01T05:00'), { amount: 1, unit: 'work_hour' }, yearly)).toEqual(at('2025-07-01T07:00'))
    expect(addLimit(at('2031-07-01T05:00'), { amount: 1, unit: 'work_hour' }, yearly)).toEqual(at('2031-07-01T07:00'))
    const winter: WorkCalendar = { ...CALENDAR, slots: [{ from: '11-01', to: '02-28', slots: morning }, ...CALENDAR.slots] }
    for (const day of ['2026-12-31', '2027-01-04']) expect(addLimit(at(`${day}T05:00`), { amount: 1, unit: 'work_hour' }, winter)).toEqual(at(`${day}T07:00`))
    expect(addLimit(at('2027-03-01T05:00'), { amount: 1, unit: 'work_hour' }, winter)).toEqual(at('2027-03-01T09:00'))
  })
  test('half a working day is refused, not counted for ever', () => {
    expect(() => addLimit(at('2026-11-20T12:00'), { amount: 1.5, unit: 'work_day' }, CALENDAR)).toThrow(/whole/)
  })
})

const instants = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2035-01-01T00:00:00Z'), noInvalidDate: true })
const days = instants.map((date) => date.toISOString().slice(0, 10))
/** Two or four bounds of slots in a day, in order. */
const slots = fc.uniqueArray(fc.integer({ min: 0, max: 24 * 60 }), { minLength: 2, maxLength: 6 }).map((minutes) => {
  const sorted = minutes.toSorted((a, b) => a - b)
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({ fromMinute: sorted[2 * index] ?? 0, toMinute: sorted[2 * index + 1] ?? 0 }))
})
/** Any calendar a city could have: its own week, hours that change with the season, days off and days worked in exchange. */
const calendars: fc.Arbitrary<WorkCalendar> = fc.record({
  timeZone: fc.constantFrom('Asia/Shanghai', 'Asia/Taipei', 'UTC'),
  workWeekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  slots: fc.tuple(slots, slots).map(([summer, winter]) => [{ from: '05-01', to: '09-30', slots: summer }, { slots: winter }]),
  holidays: fc.uniqueArray(days, { maxLength: 40 }).map((list) => new Set(list)),
  extraWorkdays: fc.uniqueArray(days, { maxLength: 40 }).map((list) => new Set(list)),
  workDayEnds: fc.constantFrom('same_time', 'end_of_day'),
})
const hours = fc.constantFrom('urgent_hour', 'work_hour')

describe('whatever the calendar', () => {
  test('hours added and then measured are the hours asked for', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 60 }), hours, (calendar, start, amount, unit) => {
        expect(elapsed(start, addLimit(start, { amount, unit }, calendar), unit, calendar)).toBeCloseTo(amount, 9)
      }),
    )
  })

  test('a later start never ends earlier, and a longer limit never sooner', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 0, max: 5 * 86_400_000 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(...LIMIT_UNITS), (calendar, start, delay, amount, unit) => {
        const end = addLimit(start, { amount, unit }, calendar).getTime()
        expect(addLimit(new Date(start.getTime() + delay), { amount, unit }, calendar).getTime()).toBeGreaterThanOrEqual(end)
        expect(addLimit(start, { amount: amount + 1, unit }, calendar).getTime()).toBeGreaterThan(end)
      }),
    )
  })

  test('measured time never runs backwards and is the sum of its parts', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 0, max: 9 * 86_400_000 }), fc.integer({ min: 0, max: 9 * 86_400_000 }), fc.constantFrom(...LIMIT_UNITS), (calendar, start, first, second, unit) => {
        const middle = new Date(start.getTime() + first)
        const end = new Date(middle.getTime() + second)
        expect(elapsed(start, middle, unit, calendar) + elapsed(middle, end, unit, calendar)).toBeCloseTo(elapsed(start, end, unit, calendar), 9)
        expect(elapsed(start, end, unit, calendar)).toBeGreaterThanOrEqual(elapsed(start, middle, unit, calendar))
      }),
    )
  })

  test('a pause moves the end by exactly its working length', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 15 }), fc.constantFrom(...LIMIT_UNITS), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 20 * 86_400_000 }), (calendar, start, amount, unit, share, length) => {
        const due = addLimit(start, { amount, unit }, calendar)
        const paused = new Date(Math.floor(start.getTime() + share * (due.getTime() - start.getTime() - 1)))
        const resumed = new Date(paused.getTime() + length)
        const moved = resumeLimit(due, paused, resumed, unit, calendar)
        expect(countedBetween(due, moved, unit, calendar)).toBe(countedBetween(paused, resumed, unit, calendar))
        expect(moved.getTime()).toBeGreaterThanOrEqual(due.getTime())
      }),
    )
  })

  test('a working day ends at the same time of day, or with the last slot of its day, as the calendar says', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 15 }), (calendar, start, amount) => {
        const due = addLimit(start, { amount, unit: 'work_day' }, calendar)
        const last = addWorkingTime(start, 0, calendar)
        if (calendar.workDayEnds === 'end_of_day') {
          // The end of a slot, after which nothing of that day is left.
          expect(workingTimeBetween(due, new Date(due.getTime() + 1), calendar)).toBe(0)
          expect(localDay(addCounted(due, 1, 'work_hour', calendar), calendar.timeZone) > localDay(new Date(due.getTime() - 1), calendar.timeZone)).toBe(true)
        } else {
          const minuteOf = (instant: Date) => (instant.getTime() + 8 * 3_600_000) % 86_400_000
          if (calendar.timeZone !== 'UTC') expect(minuteOf(due)).toBe(minuteOf(last))
        }
      }),
    )
  })

  test('counted time added and measured again is the same', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 100 * 3_600_000 }), fc.constantFrom(...LIMIT_UNITS), (calendar, start, milliseconds, unit) => {
        expect(countedBetween(start, addCounted(start, milliseconds, unit, calendar), unit, calendar)).toBe(milliseconds)
      }),
    )
  })
})
