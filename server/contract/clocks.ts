/**
 * Clocks of a case and the calendar they run by.
 *
 * Terminology
 * - limit 时限: an amount of one of five units (工作时, 工作日, 紧急工作时, 紧急工作日, 自然日).
 * - clock: the time of one stage in one round; a stage entered again begins a new round.
 * - marks: the instants at which a clock's light changes. They are worked out over the calendar once, so that console, server and
 *   database read a light by comparing instants and cannot disagree.
 */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import type { IncidentState } from './incidents.ts'

export const LIMIT_UNITS = ['urgent_hour', 'urgent_day', 'work_hour', 'work_day', 'natural_day'] as const
export const LimitUnit = z.enum(LIMIT_UNITS)
export type LimitUnit = z.infer<typeof LimitUnit>
export const Limit = z.object({ amount: z.number().positive().max(10_000), unit: LimitUnit }).refine(({ amount, unit }) => unit !== 'work_day' || Number.isInteger(amount), 'working days are counted whole')
export type Limit = z.infer<typeof Limit>

export const CLOCK_STAGES = ['accept', 'verify', 'file', 'dispatch', 'return_window', 'dispose', 'check', 'close', 'total'] as const
export const ClockStage = z.enum(CLOCK_STAGES)
export type ClockStage = z.infer<typeof ClockStage>

export const STAGE_LABELS = {
  accept: { zh: '受理', en: 'Acceptance' },
  verify: { zh: '核实', en: 'Verification' },
  file: { zh: '立案', en: 'Filing' },
  dispatch: { zh: '派遣', en: 'Dispatch' },
  return_window: { zh: '回退期', en: 'Return window' },
  dispose: { zh: '处置', en: 'Handling' },
  check: { zh: '核查', en: 'Check' },
  close: { zh: '结案', en: 'Closing' },
  total: { zh: '全程', en: 'Whole case' },
} as const satisfies Record<ClockStage, { zh: string; en: string }>

/** The stage whose clock runs in each state; a suspended case rests in its handling, an ended one has no running clock. */
export const RUNNING_STAGE: Partial<Record<IncidentState, ClockStage>> = {
  pending_accept: 'accept',
  verifying: 'verify',
  pending_filing: 'file',
  pending_dispatch: 'dispatch',
  pending_dispose: 'dispose',
  disposing: 'dispose',
  suspended: 'dispose',
  disposed: 'dispose',
  pending_check: 'check',
  checking: 'check',
  pending_close: 'close',
}

export const LIGHTS = ['green', 'blue', 'amber', 'red', 'dark_red'] as const
export const Light = z.enum(LIGHTS)
export type Light = z.infer<typeof Light>

/** Never colour alone: each light has its word and its shape. */
export const LIGHT_LABELS = {
  green: { zh: '时间充裕', en: 'In good time' },
  blue: { zh: '时限过半', en: 'Half gone' },
  amber: { zh: '临近超时', en: 'About to be overdue' },
  red: { zh: '超时', en: 'Overdue' },
  dark_red: { zh: '严重超时或督办', en: 'Long overdue or supervised' },
} as const satisfies Record<Light, { zh: string; en: string }>

const Instant = z.iso.datetime({ offset: true })

/** What a light is read from. All instants null: a clock without an end. */
export const ClockMarks = z.object({
  blueAt: Instant.nullable(),
  amberAt: Instant.nullable(),
  dueAt: Instant.nullable(),
  darkRedAt: Instant.nullable(),
  pausedAt: Instant.nullable(),
  stoppedAt: Instant.nullable(),
})
export type ClockMarks = z.infer<typeof ClockMarks>

/** The clock that runs (or rests) now, as the list and the live feed carry it. */
export const RunningClock = ClockMarks.extend({ stage: ClockStage })
export type RunningClock = z.infer<typeof RunningClock>

export const CaseClock = RunningClock.extend({
  round: z.number().int().min(1),
  startedAt: Instant,
  limit: Limit.nullable(),
  originalDueAt: Instant.nullable(),
  /** Rests that have ended, in the clock's own time (working time for working units). */
  pausedMilliseconds: z.number().int().min(0),
  isExempt: z.boolean(),
  /** Share of the limit gone at the time of the answer; null without a limit. */
  elapsedShare: z.number().min(0).nullable(),
  /** At the time of the answer; `lightOf` tells it for any later instant. */
  light: Light.nullable(),
})
export type CaseClock = z.infer<typeof CaseClock>

/**
 * The light of a clock at an instant; null for a clock without an end. A clock that rests or has stopped keeps its light.
 * The server's SQL (`lightOfClock`) says the same.
 * @param now milliseconds since 1970
 * @param isSupervised a leader supervises the case: its running clock is dark red.
 */
export function lightOf(clock: ClockMarks, now: number, isSupervised = false): Light | null {
  const { blueAt, amberAt, dueAt, darkRedAt, pausedAt, stoppedAt } = clock
  if (blueAt === null || amberAt === null || dueAt === null || darkRedAt === null) return null
  if (isSupervised && stoppedAt === null) return 'dark_red'
  const measured = Math.min(now, pausedAt === null ? Infinity : Date.parse(pausedAt), stoppedAt === null ? Infinity : Date.parse(stoppedAt))
  if (measured > Date.parse(darkRedAt)) return 'dark_red'
  if (measured > Date.parse(dueAt)) return 'red'
  if (measured >= Date.parse(amberAt)) return 'amber'
  return measured >= Date.parse(blueAt) ? 'blue' : 'green'
}

const Day = z.iso.date()
/** Every year from and to (`MM-DD`, may run over the turn of the year), or one range of dates; null is open. */
const RangeEnd = z.union([Day, z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'is neither MM-DD nor YYYY-MM-DD')]).nullable()
const Hours = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is not hours such as 08:00-12:00')

/** Minutes of the day of `08:00-12:00`. */
export function parseHours(hours: string): { fromMinute: number; toMinute: number } {
  const [from = 0, to = 0] = hours.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)))
  return { fromMinute: from, toMinute: to }
}

function areInOrder(hours: readonly string[]): boolean {
  const slots = hours.map(parseHours)
  return slots.every(({ fromMinute, toMinute }, index) => fromMinute < toMinute && (slots[index - 1]?.toMinute ?? 0) <= fromMinute)
}

/** A working calendar as it is written in files, sent and shown. */
export const WorkCalendarDefinition = z
  .object({
    /** Days of the week worked, 1 = Monday … 7 = Sunday. */
    weekdays: z.array(z.number().int().min(1).max(7)).min(1, 'a week needs a working day').max(7).refine((days) => new Set(days).size === days.length, 'names a day twice'),
    /** Hours by date range; the first range that holds a day wins, and the last one must be open. */
    slots: z
      .array(z.object({ from: RangeEnd, to: RangeEnd, hours: z.array(Hours).min(1).max(8).refine(areInOrder, 'must not overlap, run backwards or be out of order') }))
      .min(1)
      .max(50)
      .refine((ranges) => ranges.every(({ from, to }) => from === null || to === null || from.length === to.length), 'mixes MM-DD and YYYY-MM-DD in one range')
      .refine((ranges) => ranges.every(({ from, to }) => from === null || to === null || from.length === 5 || from <= to), 'has a range that ends before it begins')
      .refine((ranges) => ranges.at(-1)?.from === null && ranges.at(-1)?.to === null, 'must end with a range without dates, for all other days'),
    holidays: z.array(z.object({ from: Day, to: Day, nameZh: z.string().min(1).max(60), nameEn: z.string().min(1).max(60) }).refine(({ from, to }) => from <= to && daysBetween(from, to) <= 60, 'must run forward, 60 days at most')).max(400),
    /** Days worked although they would be off: 调休. They go before holidays. */
    extraWorkdays: z.array(z.object({ day: Day, nameZh: z.string().min(1).max(60), nameEn: z.string().min(1).max(60) })).max(400),
    workDayEnds: z.enum(['same_time', 'end_of_day']),
    /** Years whose public holidays are in it. */
    years: z.array(z.number().int().min(1900).max(2999)).max(100),
    source: z.string().min(1).max(1000),
    verified: z.boolean(),
  })
  .refine(({ holidays, extraWorkdays }) => new Set(holidays.map(({ from, to }) => `${from}/${to}`)).size === holidays.length && new Set(extraWorkdays.map(({ day }) => day)).size === extraWorkdays.length, 'names a holiday or a working day twice')
export type WorkCalendarDefinition = z.infer<typeof WorkCalendarDefinition>

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000
}

export const WorkCalendarView = z.object({
  /** Whose it is: the city's own, or the default for its time zone or for any. */
  owner: z.enum(['city', 'time_zone', 'default']),
  version: z.number().int(),
  effectiveFrom: Day,
  isInForce: z.boolean(),
  createdBy: z.string(),
  createdAt: Instant,
  definition: WorkCalendarDefinition,
})
export type WorkCalendarView = z.infer<typeof WorkCalendarView>

export const listWorkCalendars = endpoint({
  name: 'listWorkCalendars',
  access: 'reference.read',
  summary: 'The working calendar in force in a city, and its earlier versions, newest first',
  method: 'GET',
  path: '/cities/:city/work-calendars',
  params: CityParams,
  reply: z.object({
    calendars: z.array(WorkCalendarView),
    /** Years in which limits run: this one, those of running deadlines, from December on the next; whether the calendar in force knows their holidays. */
    yearsInUse: z.array(z.object({ year: z.number().int(), isKnown: z.boolean(), runningDeadlines: z.number().int() })),
  }),
})

/** A new version of the city's own calendar. Deadlines given before stay as they were told. */
export const putWorkCalendar = endpoint({
  name: 'putWorkCalendar',
  access: 'reference.edit',
  summary: 'Write a new version of a city’s working calendar',
  method: 'POST',
  path: '/cities/:city/work-calendars',
  status: 201,
  params: CityParams,
  body: z.object({
    /** Version of the city's own calendar that was looked at; 0 when it has none. An older one is answered 409 `stale`. */
    version: z.number().int().min(0),
    effectiveFrom: Day.optional(),
    definition: WorkCalendarDefinition,
  }),
  reply: WorkCalendarView,
})
