import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../../../data/city/random.ts'
import { ENDED_STATES, getSimulator, IncidentState, setSimulator } from '../../../server/contract/incidents.ts'
import { nextState } from '../../../server/contract/incident-workflow.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { nextAction, pickReason, reportRate, REPORTS_PER_DAY } from '../../../server/incidents/simulation.ts'
import { startSimulator } from '../../../server/incidents/simulator.ts'
import { needsReason } from '../../../server/contract/incident-workflow.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { report } from './reporting.ts'

const db = openTestDb()
// A Monday at ten in Shanghai: the city is busy.
const clock = () => new Date('2026-11-23T02:00:00Z')
const log = pino({ level: 'silent' })
const context = aContext(db, { clock })
let api: TestApi
let city: TestCity

beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(context)
  city = await aCity(db)
})
afterAll(async () => {
  await context.simulator?.close()
  await api.close()
  await db.close()
})

const flow = () => db.query<{ action: string; from: string | null; to: IncidentState; key: string | null }>(sql`
  select f.action, f.from_state as "from", f.to_state as "to", i.idempotency_key as key from incident_flow f join incidents i on i.id = f.incident_id where i.city_id = ${city.cityId} order by f.id`)

test('a city without a simulator says so, and cannot start one (conflict)', async () => {
  expect(await api.call(getSimulator, { params: { city: city.key } })).toEqual({ available: false, running: false, speed: 1 })
  await expect(api.call(setSimulator, { params: { city: city.key }, body: { running: true, speed: 2 } })).rejects.toMatchObject({ code: 'conflict' })
})

test('the simulator reports where cases were and moves them on, only by legal steps, at the speed it is set to, and stops', async () => {
  for (let index = 0; index < 6; index++) await report(api, city, { classCode: '0112', position: [114 + index / 100, 30], address: '锦绣路 8 号' })
  const before = (await flow()).length
  context.simulator = startSimulator({ baseUrl: api.base, cityKey: city.key, timeZone: 'Asia/Shanghai', log, clock, seed: 'test', speed: 60, tickMilliseconds: 10, requestsPerSecond: 2000 })
  expect(await api.call(getSimulator, { params: { city: city.key } })).toEqual({ available: true, running: true, speed: 60 })
  await expect.poll(async () => (await flow()).length, { timeout: 90_000, interval: 250 }).toBeGreaterThan(before + 8)
  expect(await api.call(setSimulator, { params: { city: city.key }, body: { running: false, speed: 30 } })).toEqual({ available: true, running: false, speed: 30 })
  for (const step of await flow()) if (step.from !== null) expect(nextState(step.from as IncidentState, step.action as never)).toBe(step.to)
  expect((await flow()).every((step) => step.key !== null)).toBe(true)
  await context.simulator.close()
})

test('an API that cannot be reached is tried again, and the simulator still stops at once', async () => {
  const simulator = startSimulator({ baseUrl: 'http://127.0.0.1:1', cityKey: city.key, timeZone: 'Asia/Shanghai', log, clock, seed: 'test', tickMilliseconds: 10 })
  await simulator.close()
  expect(simulator.state.available).toBe(true)
})

test('every state that has not ended leads on, by actions that are allowed there and with a reason where one is needed', () => {
  const random = new Random('every state')
  for (const state of IncidentState.options) {
    const ended = (ENDED_STATES as readonly string[]).includes(state)
    for (let draw = 0; draw < 200; draw++) {
      const action = nextAction(state, draw % 2 ? 'collector' : 'citizen_app', random)
      expect(action === undefined).toBe(ended)
      if (!action) break
      expect(nextState(state, action)).toBeDefined()
      if (needsReason(action)) expect(pickReason(action, random)).toMatch(/\p{Script=Han}/u)
    }
  }
})

test('a week brings as many reports as the days’ mean says, few of them at night', () => {
  let week = 0
  for (let weekday = 1; weekday <= 7; weekday++) for (let hour = 0; hour < 24; hour++) week += reportRate(hour, weekday) * 3600
  expect(week / 7).toBeGreaterThan(REPORTS_PER_DAY * 0.95)
  expect(week / 7).toBeLessThan(REPORTS_PER_DAY * 1.05)
  expect(reportRate(9, 1)).toBeGreaterThan(10 * reportRate(3, 1))
})
