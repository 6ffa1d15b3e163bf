/**
 * Limits over a working calendar, pure. A limit is an amount of one of five units; working hours and days count only inside
 * the slots of working days, the others run through nights and holidays.
 */
import { type Limit, LIMIT_UNITS, type LimitUnit } from '../contract/clocks.ts'

export { type Limit, LIMIT_UNITS, type LimitUnit }

/** Minutes of the day, e.g. 08:00 to 12:00 is 480 to 720. */
export interface Slot {
  fromMinute: number
  toMinute: number
}

export interface WorkCalendar {
  timeZone: string
  /** Days of the week worked, 1 = Monday … 7 = Sunday. */
  workWeekdays: readonly number[]
  /**
   * Slots by date range, the first that holds wins; a range without bounds holds always. Dates, both inclusive, are `YYYY-MM-DD`,
   * or `MM-DD` for every year; such a range may run over the turn of the year.
   */
  slots: readonly { from?: string; to?: string; slots: readonly Slot[] }[]
  /** Days off although their weekday is worked: public holidays. */
  holidays: ReadonlySet<string>
  /** Days worked although their weekday is off: 调休. */
  extraWorkdays: ReadonlySet<string>
  /** Whether n working days end at the same time of day, or with the last slot of the n-th day. */
  workDayEnds: 'same_time' | 'end_of_day'
}

/** 08–12 and 14–18, Monday to Friday, no holidays known: a city brings its own calendar. */
export function defaultCalendar(timeZone: string): WorkCalendar {
  return {
    timeZone,
    workWeekdays: [1, 2, 3, 4, 5],
    slots: [{ slots: [{ fromMinute: 8 * 60, toMinute: 12 * 60 }, { fromMinute: 14 * 60, toMinute: 18 * 60 }] }],
    holidays: new Set(),
    extraWorkdays: new Set(),
    workDayEnds: 'same_time',
  }
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A calendar without a single slot in so many days has no working time at all. */
const SEARCH_DAYS = 400

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
    formats.set(timeZone, format)
  }
  return format
}

/** Milliseconds by which the zone's wall clock is ahead of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const wall = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
  return wall - Math.floor(instant / 1000) * 1000
}

/** The local calendar day of an instant, `YYYY-MM-DD`. */
export function localDay(instant: Date, timeZone: string): string {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone)).toISOString().slice(0, 10)
}

/** The hour (0–23), minute and weekday (1 = Monday) a clock on the wall shows. */
export function localTime(instant: Date, timeZone: string): { hour: number; minute: number; weekday: number } {
  const wall = new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone))
  return { hour: wall.getUTCHours(), minute: wall.getUTCMinutes(), weekday: wall.getUTCDay() || 7 }
}

/** The instant of a minute of a local day. Where a clock change makes it ambiguous, the one of the later offset. */
function instantOf(day: string, minute: number, timeZone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE
  const guess = wall - offsetAt(wall, timeZone)
  return wall - offsetAt(guess, timeZone)
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10)
}

/** Whether a local day is worked: 调休 first, then holidays, then the weekday. */
export function isWorkday(day: string, calendar: WorkCalendar): boolean {
  if (calendar.extraWorkdays.has(day)) return true
  if (calendar.holidays.has(day)) return false
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7
  return calendar.workWeekdays.includes(weekday)
}

function isWithin(day: string, from: string | undefined, to: string | undefined): boolean {
  const isYearly = (from ?? to)?.length === 5
  const date = isYearly ? day.slice(5) : day
  const isAfter = from === undefined || from <= date
  const isBefore = to === undefined || date <= to
  return isYearly && from !== undefined && to !== undefined && from > to ? isAfter || isBefore : isAfter && isBefore
}

type SlotInstants = readonly { from: number; to: number }[]

/** Slots worked out so far. Reading a time zone is the dear part, and marks of many clocks fall on the same days. */
const slotsByDay = new WeakMap<WorkCalendar, Map<string, SlotInstants>>()

/** The slots of a day as instants, in order; none on a day off. */
function slotsOf(day: string, calendar: WorkCalendar): SlotInstants {
  let known = slotsByDay.get(calendar)
  if (!known) slotsByDay.set(calendar, (known = new Map()))
  let slots = known.get(day)
  if (!slots) known.set(day, (slots = computeSlots(day, calendar)))
  return slots
}

function computeSlots(day: string, calendar: WorkCalendar): SlotInstants {
  if (!isWorkday(day, calendar)) return []
  const range = calendar.slots.find(({ from, to }) => isWithin(day, from, to))
  return (range?.slots ?? []).map((slot) => ({ from: instantOf(day, slot.fromMinute, calendar.timeZone), to: instantOf(day, slot.toMinute, calendar.timeZone) }))
}

/** Every slot from the day of an instant on, cut at the instant. */
function* slotsFrom(start: number, calendar: WorkCalendar): Generator<{ from: number; to: number; day: string }> {
  let day = localDay(new Date(start), calendar.timeZone)
  let empty = 0
  while (empty < SEARCH_DAYS) {
    const slots = slotsOf(day, calendar)
    empty = slots.length === 0 ? empty + 1 : 0
    for (const slot of slots) if (slot.to > start) yield { from: Math.max(slot.from, start), to: slot.to, day }
    day = dayAfter(day)
  }
  throw new RangeError(`the working calendar has no slot within ${SEARCH_DAYS} days`)
}

/** The instant at which so many milliseconds of working time have passed since `start`. */
export function addWorkingTime(start: Date, milliseconds: number, calendar: WorkCalendar): Date {
  let left = milliseconds
  for (const slot of slotsFrom(start.getTime(), calendar)) {
    if (left <= slot.to - slot.from) return new Date(slot.from + left)
    left -= slot.to - slot.from
  }
  throw new RangeError('unreachable: slots do not end')
}

const isWorking = (unit: LimitUnit | null): boolean => unit === 'work_hour' || unit === 'work_day'

/**
 * Time that counts for a unit between two instants, in milliseconds: working time for working units, all time for the others.
 * 0 when `end` is not after `start`.
 */
export function countedBetween(start: Date, end: Date, unit: LimitUnit | null, calendar: WorkCalendar): number {
  return isWorking(unit) ? workingTimeBetween(start, end, calendar) : Math.max(0, end.getTime() - start.getTime())
}

/** The instant at which so much time that counts for a unit has passed since `start`. */
export function addCounted(start: Date, milliseconds: number, unit: LimitUnit | null, calendar: WorkCalendar): Date {
  return isWorking(unit) ? addWorkingTime(start, milliseconds, calendar) : new Date(start.getTime() + milliseconds)
}

/** Milliseconds of working time between two instants; 0 when `end` is not after `start`. */
export function workingTimeBetween(start: Date, end: Date, calendar: WorkCalendar): number {
  let sum = 0
  for (const slot of slotsFrom(start.getTime(), calendar)) {
    if (slot.from >= end.getTime()) break
    sum += Math.min(slot.to, end.getTime()) - slot.from
  }
  return sum
}

function addWorkDays(start: Date, days: number, calendar: WorkCalendar): Date {
  if (!Number.isInteger(days)) throw new RangeError(`working days are counted whole, got ${days}`)
  let first: { from: number; to: number; day: string } | undefined
  let counted = 0
  let last = ''
  for (const slot of slotsFrom(start.getTime(), calendar)) {
    first ??= slot
    if (slot.day === last) continue
    last = slot.day
    if (calendar.workDayEnds === 'end_of_day') {
      if (++counted === days) return new Date(slotsOf(slot.day, calendar).at(-1)?.to ?? slot.to)
    } else if (slot.day !== first.day && ++counted === days) {
      const sinceMidnight = first.from - instantOf(first.day, 0, calendar.timeZone)
      return new Date(instantOf(slot.day, 0, calendar.timeZone) + sinceMidnight)
    }
  }
  throw new RangeError('unreachable: slots do not end')
}

/**
 * When a limit that starts at `start` has passed (domain guide 4.5). Outside a slot, working limits start with the next slot.
 * @throws RangeError when the calendar has no working time, the amount is not positive, or working days are not whole.
 */
export function addLimit(start: Date, limit: Limit, calendar: WorkCalendar): Date {
  if (!(limit.amount > 0)) throw new RangeError(`a limit must be positive, got ${limit.amount}`)
  switch (limit.unit) {
    case 'urgent_hour':
      return new Date(start.getTime() + limit.amount * HOUR)
    case 'urgent_day':
    case 'natural_day':
      return new Date(start.getTime() + limit.amount * DAY)
    case 'work_hour':
      return addWorkingTime(start, limit.amount * HOUR, calendar)
    case 'work_day':
      return addWorkDays(start, limit.amount, calendar)
  }
}

/**
 * How much of a unit has passed between two instants: hours, or days of 24 h; a working day counts as the share of its own slots
 * that lies between, so that half a short day is half a day. 0 when `end` is not after `start`.
 */
export function elapsed(start: Date, end: Date, unit: LimitUnit, calendar: WorkCalendar): number {
  if (end.getTime() <= start.getTime()) return 0
  switch (unit) {
    case 'urgent_hour':
    case 'work_hour':
      return countedBetween(start, end, unit, calendar) / HOUR
    case 'urgent_day':
    case 'natural_day':
      return countedBetween(start, end, unit, calendar) / DAY
    case 'work_day':
      return workDaysBetween(start.getTime(), end.getTime(), calendar)
  }
}

function workDaysBetween(start: number, end: number, calendar: WorkCalendar): number {
  let days = 0
  const last = localDay(new Date(end), calendar.timeZone)
  for (let day = localDay(new Date(start), calendar.timeZone); day <= last; day = dayAfter(day)) {
    const slots = slotsOf(day, calendar)
    const length = slots.reduce((sum, { from, to }) => sum + to - from, 0)
    const worked = slots.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0)
    if (length > 0) days += worked / length
  }
  return days
}

/**
 * The new end of a limit that rested between `pausedAt` and `resumedAt`: what was left of it then is left now.
 * A limit that had passed before the pause stays passed; one that had come to its very end then ends with the rest. None ends earlier
 * for having rested: the end of a working slot and the beginning of the next are the same working time, and one that ends at a
 * beginning goes on to do so.
 */
export function resumeLimit(dueAt: Date, pausedAt: Date, resumedAt: Date, unit: LimitUnit | null, calendar: WorkCalendar): Date {
  if (dueAt < pausedAt) return dueAt
  if (!isWorking(unit)) return new Date(dueAt.getTime() + (resumedAt.getTime() - pausedAt.getTime()))
  const moved = addWorkingTime(resumedAt, workingTimeBetween(pausedAt, dueAt, calendar), calendar)
  return moved < dueAt ? dueAt : moved
}

const UNIT_WORDS: Record<LimitUnit, { zh: string; en: string }> = {
  urgent_hour: { zh: '紧急工作时', en: 'urgent hours' },
  urgent_day: { zh: '紧急工作日', en: 'urgent days' },
  work_hour: { zh: '工作时', en: 'working hours' },
  work_day: { zh: '工作日', en: 'working days' },
  natural_day: { zh: '自然日', en: 'natural days' },
}

/** A limit in words of both languages. */
export function limitWords(limit: Limit): { zh: string; en: string } {
  const words = UNIT_WORDS[limit.unit]
  return { zh: `${limit.amount} ${words.zh}`, en: `${limit.amount} ${limit.amount === 1 ? words.en.slice(0, -1) : words.en}` }
}
