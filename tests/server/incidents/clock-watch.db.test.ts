import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getCity } from '../../../server/cities/cities.ts'
import { lightOf } from '../../../server/contract/clocks.ts'
import { getIncident, type Incident, listIncidents } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { backfillClocks, startClockWatch, superviseByClock } from '../../../server/incidents/clock-watch.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, report, TO_CLOSED, TO_DISPATCHED } from './reporting.ts'

const db = openTestDb()
/** Monday 2026-11-23, a time in Shanghai. */
const at = (time: string, day = 23) => new Date(`2026-11-${day}T${time}:00+08:00`)
let now = at('09:00')
let api: TestApi
beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db, { clock: () => now }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const refused: string[] = []
const watch = async (city: TestCity, when: Date) => superviseByClock(db, await getCity(db, city.key), when, (_clock, error) => refused.push(error.message))
const seen = (city: TestCity, one: Incident) => api.call(getIncident, { params: { city: city.key, id: one.id } })
const handlingOf = (one: Incident) => one.clocks.findLast(({ stage }) => stage === 'dispose')

/** A case dispatched on Monday at 09:00. */
async function aDispatched(city: TestCity): Promise<Incident> {
  now = at('09:00')
  return advance(api, city, await report(api, city), ...TO_DISPATCHED)
}

describe('clocks on a case and in the list', () => {
  test('a case carries the clocks of its way, the list the one that runs, and both tell the same light', async () => {
    const city = await aCity(db)
    const one = await aDispatched(city)
    expect(one.clocks.map(({ stage, stoppedAt }) => [stage, stoppedAt === null])).toEqual(
      expect.arrayContaining([['accept', false], ['file', false], ['dispatch', false], ['total', true], ['dispose', true], ['return_window', true]]),
    )
    expect(handlingOf(one)).toMatchObject({ round: 1, dueAt: one.dueAt, light: 'green', elapsedShare: 0 })
    now = new Date(Date.parse(one.dueAt ?? '') + 60_000)
    const { rows } = await api.call(listIncidents, { params: { city: city.key } })
    const row = rows.find(({ id }) => id === one.id)
    expect(row?.clock).toMatchObject({ stage: 'dispose', dueAt: one.dueAt })
    expect(row?.clock && lightOf(row.clock, now.getTime())).toBe('red')
    expect(handlingOf(await seen(city, one))?.light).toBe('red')
  })

  test('a closed case has no running clock', async () => {
    const city = await aCity(db)
    now = at('09:00')
    const closed = await advance(api, city, await report(api, city), ...TO_CLOSED)
    expect(closed).toMatchObject({ clock: null })
    expect(closed.clocks.filter(({ stoppedAt }) => stoppedAt === null)).toEqual([])
  })

  test('a case that a leader supervises is dark red, one that is urged is not', async () => {
    const city = await aCity(db)
    const urged = await advance(api, city, await aDispatched(city), 'urge')
    expect([urged.isSupervised, handlingOf(urged)?.light]).toEqual([false, 'green'])
    const supervised = await advance(api, city, urged, 'supervise')
    expect([supervised.isSupervised, handlingOf(supervised)?.light]).toEqual([true, 'dark_red'])
  })
})

describe('supervision by the clock', () => {
  test('a limit that has passed is supervised once, as the system, with its event; also if nobody looked for days', async () => {
    const city = await aCity(db)
    const one = await aDispatched(city)
    expect(await watch(city, at('09:05'))).toBe(0)
    const late = at('09:00', 30)
    expect(await watch(city, late)).toBe(1)
    expect(await watch(city, late)).toBe(0)
    now = late
    const after = await seen(city, one)
    expect(after.supervisions).toMatchObject([{ kind: 'timeout', form: 'supervise', repliedAt: null, text: expect.stringMatching(/^处置时限 2026-11-2\d \d\d:\d\d 已过/) }])
    expect(after.flow.at(-1)).toMatchObject({ action: 'supervise', actor: '系统' })
    // What the clock raises by itself is a reminder, not a leader's supervision.
    expect(after.isSupervised).toBe(false)
    const events = await db.query<{ payload: { action?: string } }>(sql`select payload from live_events where city_id = ${city.cityId} order by id desc limit 1`)
    expect(events[0]?.payload.action).toBe('supervise')
    expect(refused).toEqual([])
  })

  test('a limit that is about to pass is urged, and supervised when it does pass', async () => {
    const city = await aCity(db)
    const one = await aDispatched(city)
    const amber = new Date(Date.parse(handlingOf(one)?.amberAt ?? ''))
    expect(await watch(city, new Date(amber.getTime() - 1000))).toBe(0)
    expect(await watch(city, amber)).toBe(1)
    expect(await watch(city, at('09:00', 30))).toBe(1)
    now = at('09:00', 30)
    expect((await seen(city, one)).supervisions.map(({ form, kind }) => [form, kind]).sort()).toEqual([['supervise', 'timeout'], ['urge', 'about_to_time_out']])
  })

  test('a server that was down when a limit was about to pass urges once when it is back; back too late it supervises alone', async () => {
    const city = await aCity(db)
    const one = await aDispatched(city)
    const marks = handlingOf(one)
    const between = new Date((Date.parse(marks?.amberAt ?? '') + Date.parse(marks?.dueAt ?? '')) / 2)
    expect([await watch(city, between), await watch(city, between), await watch(city, new Date(marks?.dueAt ?? ''))]).toEqual([1, 0, 0])
    const other = await aCity(db)
    const late = await aDispatched(other)
    expect([await watch(other, at('09:00', 30)), await watch(other, at('09:00', 30))]).toEqual([1, 0])
    now = at('09:00', 30)
    expect((await seen(city, one)).supervisions.map(({ kind }) => kind)).toEqual(['about_to_time_out'])
    expect((await seen(other, late)).supervisions.map(({ kind }) => kind)).toEqual(['timeout'])
  })

  test('two servers that look at the same moment raise it once', async () => {
    const city = await aCity(db)
    const one = await aDispatched(city)
    await Promise.all([watch(city, at('09:00', 30)), watch(city, at('09:00', 30))])
    await watch(city, at('09:00', 30))
    expect((await seen(city, one)).supervisions).toHaveLength(1)
  })

  test('a rework that is late again is not raised a second time by the same rule', async () => {
    const city = await aCity(db)
    const one = await aDispatched(city)
    await watch(city, at('09:00', 30))
    now = at('10:00', 30)
    await advance(api, city, await seen(city, one), 'sign', 'submit_result', 'confirm', 'rework')
    now = new Date('2026-12-20T09:00:00+08:00')
    expect(await watch(city, now)).toBe(0)
    expect((await seen(city, one)).supervisions.filter(({ kind }) => kind === 'timeout')).toHaveLength(1)
  })

  test('a case that rests and a case in time are left alone; a city can switch the rules off', async () => {
    const city = await aCity(db)
    await advance(api, city, await aDispatched(city), 'sign', 'suspend')
    expect(await watch(city, at('09:00', 30))).toBe(0)
    const quiet = await aCity(db)
    await aDispatched(quiet)
    await db.query(sql`insert into clock_rules (city_id, version, blue_share, amber_share, dark_red_share, rework_timer, supervises_overdue, supervises_about_to_be_overdue, source, verified)
      values (${quiet.cityId}, 1, 0.5, 0.8, 2, 'new', false, false, 'test', false)`)
    expect(await watch(quiet, at('09:00', 30))).toBe(0)
  })
})

test('cases from before clocks were kept get theirs in batches, and are then watched', async () => {
  const city = await aCity(db)
  const cases = [await aDispatched(city), await aDispatched(city), await aDispatched(city)]
  const before = await Promise.all(cases.map((one) => seen(city, one)))
  await db.query(sql`delete from case_clocks c using incidents i where i.id = c.incident_id and i.city_id = ${city.cityId}`)
  expect((await api.call(listIncidents, { params: { city: city.key } })).rows.map(({ clock }) => clock)).toEqual([null, null, null])
  expect(await watch(city, at('09:00', 30))).toBe(0)
  const all = await getCity(db, city.key)
  const ended = await backfillClocks(db, all, now)
  expect(ended).toMatchObject({ isOpen: false })
  expect(await backfillClocks(db, all, now, ended ?? undefined)).toBeNull()
  expect(await Promise.all(cases.map((one) => seen(city, one)))).toEqual(before)
  expect(await watch(city, at('09:00', 30))).toBe(3)
})

test('the watch stops when it is told to, and looks as soon as it starts', async () => {
  const city = await aCity(db)
  await aDispatched(city)
  await db.query(sql`update cities set status = 'ready' where id = ${city.cityId}`)
  now = at('09:00', 30)
  const running = startClockWatch({ ...api.context, clock: () => now })
  await expect.poll(async () => (await db.query(sql`select 1 from case_supervisions s join incidents i on i.id = s.incident_id where i.city_id = ${city.cityId}`)).length, { timeout: 60_000 }).toBe(1)
  await running.close()
  // Started again it finds nothing that was not said before: the next look at this city raises nothing.
  expect(await watch(city, now)).toBe(0)
})
