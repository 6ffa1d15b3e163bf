import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calendarCommand } from '../../../server/cli/commands/calendar.ts'
import { listWorkCalendars, putWorkCalendar, type WorkCalendarDefinition } from '../../../server/contract/clocks.ts'
import { sql } from '../../../server/db/sql.ts'
import { getWorkCalendar, syncWorkCalendars } from '../../../server/incidents/calendars.ts'
import { addLimit, isWorkday } from '../../../server/incidents/clocks.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, report, TO_DISPATCHED } from './reporting.ts'

const db = openTestDb()
const NOW = new Date('2026-11-20T09:30:00Z')
let api: TestApi
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'xiucheng-calendar-'))
  await syncWorkCalendars(db)
  api = await openTestApi(aContext(db, { clock: () => NOW }))
})
afterAll(async () => {
  await api.close()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

const at = (wall: string) => new Date(`${wall}:00+08:00`)
const inShanghai = (city: TestCity) => ({ ...city, timeZone: 'Asia/Shanghai' })
const listed = async (city: TestCity) => (await api.call(listWorkCalendars, { params: { city: city.key } })).calendars

/** Six days a week, one long slot, with a holiday of the city's own. */
const OWN: WorkCalendarDefinition = {
  weekdays: [1, 2, 3, 4, 5, 6],
  slots: [{ from: '06-01', to: '08-31', hours: ['07:00-13:00'] }, { from: null, to: null, hours: ['09:00-17:00'] }],
  holidays: [{ from: '2026-11-23', to: '2026-11-23', nameZh: '城庆', nameEn: 'City day' }],
  extraWorkdays: [{ day: '2026-11-22', nameZh: '调休', nameEn: 'in exchange' }],
  workDayEnds: 'end_of_day',
  years: [2026],
  source: '市政府通知',
  verified: true,
}

describe('the calendar that comes with the program', () => {
  test('a second start changes nothing', async () => {
    expect(await syncWorkCalendars(db)).toBe(0)
  })

  test('the State Council’s days off of 2025 and 2026 are not worked, and the days in exchange are', async () => {
    const calendar = await getWorkCalendar(db, inShanghai(await aCity(db)), NOW)
    for (const day of ['2025-01-01', '2025-01-28', '2025-10-08', '2026-01-02', '2026-02-23', '2026-05-05', '2026-06-19', '2026-09-25', '2026-10-07']) expect(isWorkday(day, calendar), day).toBe(false)
    for (const day of ['2025-01-26', '2025-04-27', '2025-10-11', '2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']) expect(isWorkday(day, calendar), day).toBe(true)
    // 2026-02-14 (Saturday, worked) is the last day before the Spring Festival; work goes on on the 24th.
    expect(addLimit(at('2026-02-14T17:00'), { amount: 4, unit: 'work_hour' }, calendar)).toEqual(at('2026-02-24T11:00'))
    // 2026-01-04 is a Sunday worked for New Year.
    expect(addLimit(at('2025-12-31T17:30'), { amount: 1, unit: 'work_hour' }, calendar)).toEqual(at('2026-01-04T08:30'))
  })

  test('a city elsewhere does not get the days off of mainland China', async () => {
    const calendar = await getWorkCalendar(db, { ...(await aCity(db)), timeZone: 'Asia/Taipei' }, NOW)
    expect(isWorkday('2026-10-05', calendar)).toBe(true)
  })
})

describe('a city’s own calendar', () => {
  test('a new version goes before the default, is told as in force and stands in the log', async () => {
    const city = await aCity(db)
    expect((await listed(city)).filter(({ isInForce }) => isInForce)).toMatchObject([{ owner: 'time_zone', version: 1, definition: { verified: true, years: [2025, 2026] } }])
    expect(await api.call(putWorkCalendar, { params: { city: city.key }, body: { version: 0, definition: OWN } })).toMatchObject({ owner: 'city', version: 1, effectiveFrom: '2026-11-20', isInForce: true, definition: OWN })
    expect((await listed(city)).filter(({ isInForce }) => isInForce)).toMatchObject([{ owner: 'city', version: 1 }])
    const calendar = await getWorkCalendar(db, inShanghai(city), NOW)
    expect(addLimit(at('2026-11-21T16:00'), { amount: 2, unit: 'work_hour' }, calendar)).toEqual(at('2026-11-22T10:00'))
    expect(addLimit(at('2026-11-22T10:00'), { amount: 2, unit: 'work_day' }, calendar)).toEqual(at('2026-11-24T17:00'))
    expect(await db.query(sql`select action, object_id as "objectId" from audit_entries where city_id = ${city.cityId}`)).toEqual([{ action: 'putWorkCalendar', objectId: '1' }])
  })

  test('says which years limits run in, and which of them have no holidays yet', async () => {
    const city = await aCity(db)
    const years = async (clock: Date) => {
      const other = await openTestApi(aContext(db, { clock: () => clock }))
      const { yearsInUse } = await other.call(listWorkCalendars, { params: { city: city.key } })
      await other.close()
      return yearsInUse
    }
    await db.query(sql`update cities set time_zone = 'Asia/Shanghai' where id = ${city.cityId}`)
    expect(await years(NOW)).toEqual([{ year: 2026, isKnown: true, runningDeadlines: 0 }])
    expect(await years(at('2026-12-01T08:00'))).toEqual([{ year: 2026, isKnown: true, runningDeadlines: 0 }, { year: 2027, isKnown: false, runningDeadlines: 0 }])
    await syncCaseClasses(db)
    const filed = await advance(api, city, await report(api, city), ...TO_DISPATCHED)
    await db.query(sql`update incidents set due_at = '2027-01-04T10:00:00+08:00' where public_id = ${filed.id}::uuid`)
    expect(await years(NOW)).toEqual([{ year: 2026, isKnown: true, runningDeadlines: 0 }, { year: 2027, isKnown: false, runningDeadlines: 1 }])
    await api.call(putWorkCalendar, { params: { city: city.key }, body: { version: 0, definition: { ...OWN, years: [2026, 2027] } } })
    expect(await years(NOW)).toMatchObject([{ year: 2026, isKnown: true }, { year: 2027, isKnown: true }])
  })

  test('of two who edit the same version the second is told', async () => {
    const city = await aCity(db)
    await api.call(putWorkCalendar, { params: { city: city.key }, body: { version: 0, definition: OWN } })
    await expect(api.call(putWorkCalendar, { params: { city: city.key }, body: { version: 0, definition: OWN } })).rejects.toMatchObject({ code: 'stale' })
    expect((await listed(city)).filter(({ owner }) => owner === 'city')).toHaveLength(1)
  })

  test('a version of next year does not count before its day', async () => {
    const city = await aCity(db)
    await api.call(putWorkCalendar, { params: { city: city.key }, body: { version: 0, definition: OWN } })
    await api.call(putWorkCalendar, { params: { city: city.key }, body: { version: 1, effectiveFrom: '2027-01-01', definition: { ...OWN, weekdays: [1] } } })
    expect((await getWorkCalendar(db, inShanghai(city), NOW)).workWeekdays).toEqual(OWN.weekdays)
    expect((await getWorkCalendar(db, inShanghai(city), at('2027-01-01T00:00'))).workWeekdays).toEqual([1])
  })

  test.each([
    ['hours that overlap', { slots: [{ from: null, to: null, hours: ['08:00-12:00', '11:00-18:00'] }] }, 'slots.0.hours'],
    ['no hours for most of the year', { slots: [{ from: '06-01', to: '08-31', hours: ['07:00-13:00'] }] }, 'slots'],
    ['a holiday that ends before it begins', { holidays: [{ from: '2026-10-07', to: '2026-10-01', nameZh: '国庆', nameEn: 'National Day' }] }, 'holidays.0'],
    ['a day that does not exist', { extraWorkdays: [{ day: '2026-02-30', nameZh: '调休', nameEn: 'x' }] }, 'extraWorkdays.0.day'],
    ['a week without a working day', { weekdays: [] }, 'weekdays'],
  ])('%s is refused with its place', async (_what, part, place) => {
    const city = await aCity(db)
    await expect(api.call(putWorkCalendar, { params: { city: city.key }, body: { version: 0, definition: { ...OWN, ...part } } })).rejects.toMatchObject({
      code: 'bad_request', problem: { errors: [expect.objectContaining({ path: `body.definition.${place}` })] },
    })
  })
})

describe('the command line', () => {
  const run = (args: string[], workingDirectory: string) => {
    const lines: string[] = []
    return calendarCommand.run(args, api.context, { print: (line) => lines.push(line), progress: () => {}, signal: new AbortController().signal, workingDirectory }).then(() => lines)
  }

  test('a calendar file is imported as a version of the city and shown in force', async () => {
    const city = await aCity(db)
    await writeFile(path.join(folder, 'own.json'), JSON.stringify(OWN))
    await run(['import', 'own.json', '--city', city.key], folder)
    expect((await run(['show', '--city', city.key], folder))[0]).toMatch(/^\* 本市 city v1 .*2026-11-20.*市政府通知/)
  })

  test('the program’s own file can be taken as it is', async () => {
    const city = await aCity(db)
    await run(['import', path.join(import.meta.dirname, '../../../data/reference/calendar-cn.json'), '--city', city.key], '/')
    expect((await listed(city))[0]).toMatchObject({ owner: 'city', definition: { years: [2025, 2026] } })
  })

  test('a broken file is refused with what is wrong in it, and nothing is written', async () => {
    const city = await aCity(db)
    const text = await readFile(path.join(import.meta.dirname, '../../../data/reference/calendar-cn.json'), 'utf8')
    await writeFile(path.join(folder, 'broken.json'), text.replace('08:00-12:00', '8 to 12'))
    await expect(run(['import', 'broken.json', '--city', city.key], folder)).rejects.toMatchObject({ code: 'bad_request', errors: expect.arrayContaining([expect.objectContaining({ path: 'slots.0.hours.0' })]) })
    await expect(run(['import', 'absent.json', '--city', city.key], folder)).rejects.toMatchObject({ code: 'not_found' })
    expect((await listed(city)).filter(({ owner }) => owner === 'city')).toEqual([])
  })
})
