/** A year of a working calendar day by day, and its days off and worked as they are edited. Pure; days are `YYYY-MM-DD`. */
import type { WorkCalendarDefinition } from '../../server/contract/clocks.ts'

export type DayKind = 'work' | 'off' | 'holiday' | 'extra'
export interface DayNames {
  nameZh: string
  nameEn: string
}

/** Days off and days worked in exchange, one by one: what is pressed in the year view. */
export interface EditedDays {
  holidays: ReadonlyMap<string, DayNames>
  extras: ReadonlyMap<string, DayNames>
}

export interface YearDay {
  day: string
  kind: DayKind
  names: DayNames | null
}

const DAY_MILLISECONDS = 86_400_000
const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10)

/** Every day of a range, both ends in. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MILLISECONDS) days.push(dayOf(at))
  return days
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

export function toEditedDays({ holidays, extraWorkdays }: Pick<WorkCalendarDefinition, 'holidays' | 'extraWorkdays'>): EditedDays {
  return {
    holidays: new Map(holidays.flatMap(({ from, to, nameZh, nameEn }) => daysBetween(from, to).map((day) => [day, { nameZh, nameEn }] as const))),
    extras: new Map(extraWorkdays.map(({ day, nameZh, nameEn }) => [day, { nameZh, nameEn }])),
  }
}

/** Neighbouring days off of one name as one range again. */
export function fromEditedDays({ holidays, extras }: EditedDays): Pick<WorkCalendarDefinition, 'holidays' | 'extraWorkdays'> {
  const ranges: WorkCalendarDefinition['holidays'] = []
  for (const [day, names] of [...holidays].toSorted(([a], [b]) => a.localeCompare(b))) {
    const last = ranges.at(-1)
    if (last && last.nameZh === names.nameZh && last.nameEn === names.nameEn && dayOf(Date.parse(last.to) + DAY_MILLISECONDS) === day && Date.parse(day) - Date.parse(last.from) <= 60 * DAY_MILLISECONDS) last.to = day
    else ranges.push({ from: day, to: day, ...names })
  }
  return { holidays: ranges, extraWorkdays: [...extras].map(([day, names]) => ({ day, ...names })).toSorted((a, b) => a.day.localeCompare(b.day)) }
}

/** What a day is; 调休 goes before a holiday, as the clock counts. */
export function kindOf(day: string, weekdays: readonly number[], { holidays, extras }: EditedDays): DayKind {
  if (extras.has(day)) return 'extra'
  if (holidays.has(day)) return 'holiday'
  return weekdays.includes(weekdayOf(day)) ? 'work' : 'off'
}

/** The twelve months of a year, each day with what it is. */
export function monthsOf(year: number, weekdays: readonly number[], edited: EditedDays): YearDay[][] {
  return Array.from({ length: 12 }, (_, month) => {
    const from = dayOf(Date.UTC(year, month, 1))
    return daysBetween(from, dayOf(Date.UTC(year, month + 1, 0))).map((day) => ({ day, kind: kindOf(day, weekdays, edited), names: edited.extras.get(day) ?? edited.holidays.get(day) ?? null }))
  })
}

/** Sets days to a holiday or to worked in exchange; `null` gives them back to their weekday. */
export function setDays(edited: EditedDays, days: readonly string[], to: 'holiday' | 'extra' | null, names: DayNames): EditedDays {
  const holidays = new Map(edited.holidays)
  const extras = new Map(edited.extras)
  for (const day of days) {
    holidays.delete(day)
    extras.delete(day)
    if (to === 'holiday') holidays.set(day, names)
    if (to === 'extra') extras.set(day, names)
  }
  return { holidays, extras }
}
