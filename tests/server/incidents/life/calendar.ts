/** Working time by the calendar of the test's cities, counted day by day without the server's arithmetic. Instants are milliseconds. */
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Beijing, without summer time. */
const ZONE = 8 * HOUR
const HOURS = [[8, 12], [14, 18]] as const
const OFF = new Set(['2026-05-01', '2026-05-04', '2026-05-05', '2026-06-19'])
const WORKED_SATURDAYS = new Set(['2026-05-09'])

export type Unit = 'urgent_hour' | 'urgent_day' | 'work_hour' | 'work_day' | 'natural_day'
export interface Limit {
  amount: number
  unit: Unit
}
export type DayEnds = 'same_time' | 'end_of_day'

/** The same calendar as a row of the table holds it. */
export const CALENDAR_ROW = {
  weekdays: [1, 2, 3, 4, 5], slots: [{ from: null, to: null, hours: ['08:00-12:00', '14:00-18:00'] }],
  holidays: [...OFF].map((day) => ({ from: day, to: day, nameZh: '假', nameEn: 'holiday' })), extraWorkdays: [...WORKED_SATURDAYS].map((day) => ({ day, nameZh: '调休', nameEn: 'exchange' })),
}

const dayOf = (instant: number): number => Math.floor((instant + ZONE) / DAY)

function isWorked(day: number): boolean {
  const date = new Date(day * DAY).toISOString().slice(0, 10)
  const weekday = new Date(day * DAY).getUTCDay()
  return WORKED_SATURDAYS.has(date) || (!OFF.has(date) && weekday >= 1 && weekday <= 5)
}

const stretches = (day: number): { from: number; to: number }[] => (isWorked(day) ? HOURS.map(([from, to]) => ({ from: day * DAY - ZONE + from * HOUR, to: day * DAY - ZONE + to * HOUR })) : [])

export function workedBetween(from: number, to: number): number {
  let sum = 0
  for (let day = dayOf(from); day <= dayOf(to); day++) for (const part of stretches(day)) sum += Math.max(0, Math.min(to, part.to) - Math.max(from, part.from))
  return sum
}

export function afterWorking(from: number, milliseconds: number): number {
  let left = milliseconds
  for (let day = dayOf(from); ; day++) {
    for (const part of stretches(day)) {
      const begin = Math.max(part.from, from)
      if (begin >= part.to) continue
      if (left <= part.to - begin) return begin + left
      left -= part.to - begin
    }
  }
}

const counts = (unit: Unit | null): boolean => unit === 'work_hour' || unit === 'work_day'

/** Time that counts for a unit. */
export const countedBetween = (from: number, to: number, unit: Unit | null): number => (counts(unit) ? workedBetween(from, to) : Math.max(0, to - from))
export const afterCounted = (from: number, milliseconds: number, unit: Unit | null): number => (counts(unit) ? afterWorking(from, milliseconds) : from + milliseconds)

/** When a limit ends. */
export function endOf(from: number, { amount, unit }: Limit, dayEnds: DayEnds): number {
  if (unit === 'urgent_hour') return from + amount * HOUR
  if (unit === 'urgent_day' || unit === 'natural_day') return from + amount * DAY
  if (unit === 'work_hour') return afterWorking(from, amount * HOUR)
  // The first working day is the one on which the next working moment falls.
  const begin = afterWorking(from, 1) - 1
  let day = dayOf(begin)
  for (let left = dayEnds === 'end_of_day' ? amount - 1 : amount; left > 0; left--) do day++; while (!isWorked(day))
  return dayEnds === 'end_of_day' ? day * DAY - ZONE + 18 * HOUR : begin + (day - dayOf(begin)) * DAY
}
