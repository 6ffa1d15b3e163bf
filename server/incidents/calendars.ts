/** A city's working calendar: the one in force, its versions, and new ones. The arithmetic over it is in `clocks.ts`. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { parseHours, WorkCalendarDefinition, type WorkCalendarView } from '../contract/clocks.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { type CalendarCity, findWorkCalendar, insertWorkCalendar, listDeadlineYears, listWorkCalendarRows, takeLastCalendarVersion, type WorkCalendarRow } from './calendar-queries.ts'
import { localDay, type WorkCalendar } from './clocks.ts'

const FOLDER = path.join(import.meta.dirname, '../../data/reference')
const LISTED_VERSIONS = 50

function* daysOf(range: { from: string; to: string }): Generator<string> {
  const last = Date.parse(range.to)
  for (let day = Date.parse(range.from); day <= last; day += 86_400_000) yield new Date(day).toISOString().slice(0, 10)
}

/** The calendar as the arithmetic wants it. */
export function toWorkCalendar(definition: WorkCalendarDefinition, timeZone: string): WorkCalendar {
  return {
    timeZone,
    workWeekdays: definition.weekdays,
    slots: definition.slots.map(({ from, to, hours }) => ({ ...(from === null ? {} : { from }), ...(to === null ? {} : { to }), slots: hours.map(parseHours) })),
    holidays: new Set(definition.holidays.flatMap((range) => [...daysOf(range)])),
    extraWorkdays: new Set(definition.extraWorkdays.map(({ day }) => day)),
    workDayEnds: definition.workDayEnds,
  }
}

/** The calendar by which limits that begin at an instant are counted in a city. */
export async function getWorkCalendar(db: Queryable, city: CalendarCity, at: Date): Promise<WorkCalendar> {
  const definition = await findWorkCalendar(db, city, localDay(at, city.timeZone))
  if (!definition) throw new AppError('internal', 'The table of working calendars has lost its default row.')
  return toWorkCalendar(definition, city.timeZone)
}

function ownerOf(row: WorkCalendarRow): WorkCalendarView['owner'] {
  if (row.cityId !== null) return 'city'
  return row.timeZone === null ? 'default' : 'time_zone'
}

/** Every version that concerns a city, the one in force marked; newest first, the city's own before defaults. */
export async function listWorkCalendars(db: Queryable, city: CalendarCity, at: Date): Promise<WorkCalendarView[]> {
  const rows = await listWorkCalendarRows(db, city, LISTED_VERSIONS)
  const today = localDay(at, city.timeZone)
  const inForce = rows.find((row) => row.effectiveFrom <= today)
  return rows.map((row) => ({
    owner: ownerOf(row), version: row.version, effectiveFrom: row.effectiveFrom, isInForce: row === inForce, createdBy: row.createdBy, createdAt: row.createdAt, definition: row.definition,
  }))
}

/** The notice of the next year's holidays comes in November; from this month on the next year has to be known. */
const MONTH_OF_NEXT_YEAR = '12'

/**
 * Years in which limits run, and whether the calendar in force knows their holidays: this year, those of running deadlines, from December
 * on the next. Limits that reach into a year it does not know go by weekdays only.
 */
export async function listYearsInUse(db: Queryable, city: CalendarCity, calendars: readonly WorkCalendarView[], at: Date): Promise<{ year: number; isKnown: boolean; runningDeadlines: number }[]> {
  const today = localDay(at, city.timeZone)
  const thisYear = Number(today.slice(0, 4))
  const deadlines = new Map((await listDeadlineYears(db, city)).map(({ year, count }) => [year, count]))
  const years = new Set([thisYear, ...(today.slice(5, 7) >= MONTH_OF_NEXT_YEAR ? [thisYear + 1] : []), ...[...deadlines.keys()].filter((year) => year > thisYear)])
  const known = calendars.find(({ isInForce }) => isInForce)?.definition.years ?? []
  return [...years].toSorted((a, b) => a - b).map((year) => ({ year, isKnown: known.includes(year), runningDeadlines: deadlines.get(year) ?? 0 }))
}

export interface CalendarWish {
  /** The city's own version that was looked at; 0 when it has none. */
  version: number
  effectiveFrom?: string | undefined
  definition: WorkCalendarDefinition
}

/**
 * Writes a new version of the city's own calendar. Deadlines given before stay as they were told; limits that begin later go by it.
 * @throws AppError `stale` when somebody wrote a version meanwhile.
 */
export function putWorkCalendar(db: Db, city: CalendarCity, wish: CalendarWish, principal: Principal, at: Date): Promise<WorkCalendarView> {
  return db.transaction(async (tx) => {
    const held = (await takeLastCalendarVersion(tx, { cityId: city.cityId }))?.version ?? 0
    if (held !== wish.version) throw new AppError('stale', `工作日历已是第 ${held} 版，您看到的是第 ${wish.version} 版，请刷新后再改。The working calendar is at version ${held}, you saw ${wish.version}; look again before you change it.`)
    const version = held + 1
    const effectiveFrom = wish.effectiveFrom ?? localDay(at, city.timeZone)
    await insertWorkCalendar(tx, { cityId: city.cityId, timeZone: null, version, effectiveFrom, contentHash: null, createdBy: principal.name, at: at.toISOString(), definition: wish.definition })
    const { years, source, verified, workDayEnds } = wish.definition
    await recordAudit(tx, principal, city.cityId, { domain: 'reference', action: 'putWorkCalendar', objectKind: 'work_calendar', objectId: String(version), details: { effectiveFrom, years, source, verified, workDayEnds } }, at)
    const written = (await listWorkCalendars(tx, city, at)).find((calendar) => calendar.owner === 'city' && calendar.version === version)
    if (!written) throw new TypeError('a calendar was not there after its own insert')
    return written
  })
}

/** The form of a default calendar that comes with the program. */
const CalendarFile = z.intersection(z.object({ version: z.number().int().min(1), timeZone: z.string().min(1) }), WorkCalendarDefinition)

/**
 * Brings the default calendars of the program's files into the database; a second call changes nothing.
 * @throws AppError conflict when a file changed without a new version.
 */
export async function syncWorkCalendars(db: Db, folder = FOLDER): Promise<number> {
  let written = 0
  const names = (await readdir(folder)).filter((name) => /^calendar-[a-z-]+\.json$/.test(name)).sort()
  for (const name of names) {
    const { version, timeZone, ...definition } = CalendarFile.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8')))
    const contentHash = createHash('sha256').update(JSON.stringify(definition)).digest('hex')
    written += await db.transaction(async (tx) => {
      const held = await takeLastCalendarVersion(tx, { timeZone })
      if (held && held.version > version) throw new AppError('conflict', `The database holds version ${held.version} of the default calendar of ${timeZone}, this program brings version ${version}. Start the newer program.`)
      if (held?.version === version && held.contentHash !== contentHash) throw new AppError('conflict', `The default calendar ${name} was changed without a new version. Raise "version" in the file, or restore it.`)
      if (held?.version === version) return 0
      await insertWorkCalendar(tx, { cityId: null, timeZone, version, effectiveFrom: '1900-01-01', contentHash, createdBy: '系统', at: new Date().toISOString(), definition })
      return 1
    })
  }
  return written
}
