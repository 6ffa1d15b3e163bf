import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addLimit, addWorkingTime, defaultCalendar, limitWords, LIMIT_UNITS, resumeLimit, type WorkCalendar, workingTimeBetween } from '../../../server/incidents/clocks.ts'

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
  test('suspending a case that is already late does not make it punctual', () => {
    expect(resumeLimit(at('2026-11-20T12:00'), at('2026-11-20T13:00'), at('2026-11-25T08:00'), 'work_hour', CALENDAR)).toEqual(at('2026-11-20T12:00'))
  })
  test('a calendar without working time is refused instead of searched for ever', () => {
    expect(() => addLimit(at('2026-11-20T12:00'), { amount: 1, unit: 'work_hour' }, { ...CALENDAR, workWeekdays: [] })).toThrow(/no slot/)
  })
  test('a limit reads in Chinese and English', () => {
    expect(limitWords({ amount: 1, unit: 'work_day' })).toEqual({ zh: '1 工作日', en: '1 working day' })
    expect(limitWords({ amount: 2, unit: 'urgent_hour' })).toEqual({ zh: '2 紧急工作时', en: '2 urgent hours' })
  })
})

const instants = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2035-01-01T00:00:00Z'), noInvalidDate: true })

test('between a start and its end lies exactly the working time asked for, whatever the start', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: 1, max: 200 * 60 }), (start, minutes) => {
      const end = addWorkingTime(start, minutes * 60_000, CALENDAR)
      expect(workingTimeBetween(start, end, CALENDAR)).toBe(minutes * 60_000)
    }),
  )
})

test('a later start never ends earlier, and a longer limit never sooner', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: 0, max: 5 * 86_400_000 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(...LIMIT_UNITS), (start, delay, amount, unit) => {
      const end = addLimit(start, { amount, unit }, CALENDAR).getTime()
      expect(addLimit(new Date(start.getTime() + delay), { amount, unit }, CALENDAR).getTime()).toBeGreaterThanOrEqual(end)
      expect(addLimit(start, { amount: amount + 1, unit }, CALENDAR).getTime()).toBeGreaterThan(end)
    }),
  )
})
