/** What the steps of a city's cases go by at an instant: who files and checks, limits, shares of the lights, the working calendar. */
import type { WorkCalendarDefinition } from '../contract/clocks.ts'
import type { WorkflowSettings } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import type { CalendarCity } from './calendar-queries.ts'
import { toWorkCalendar } from './calendars.ts'
import { findCityRules } from './city-rule-queries.ts'
import { localDay, type WorkCalendar } from './clocks.ts'
import type { ClockRules } from './stage-clocks-decide.ts'

export interface CityRules {
  settings: WorkflowSettings
  clocks: ClockRules
}

const KNOWN_CALENDARS = 64
/** Calendars by time zone and text: laying out years of holidays anew for every step is work for nothing. */
const calendars = new Map<string, WorkCalendar>()

function calendarOf(text: string, timeZone: string): WorkCalendar {
  const key = `${timeZone} ${text}`
  let calendar = calendars.get(key)
  if (calendar === undefined) {
    if (calendars.size >= KNOWN_CALENDARS) calendars.clear()
    calendars.set(key, (calendar = toWorkCalendar(JSON.parse(text) as WorkCalendarDefinition, timeZone)))
  }
  return calendar
}

export async function getCityRules(db: Queryable, city: CalendarCity, at: Date): Promise<CityRules> {
  const { settings, clockRules, calendar } = await findCityRules(db, city, at, localDay(at, city.timeZone))
  if (!settings || !clockRules || calendar === null) throw new AppError('internal', 'A table of rules (workflow settings, clock rules or working calendars) has lost its default row.')
  const { limits, ...rest } = clockRules
  return { settings, clocks: { calendar: calendarOf(calendar, city.timeZone), limits: Object.fromEntries(limits.map(({ stage, amount, unit }) => [stage, { amount, unit }])), ...rest } }
}
