import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../../../data/city/random.ts'
import { ENDED_STATES, getSimulator, type IncidentAction, IncidentState, setSimulator, transitionOf } from '../../../server/contract/incidents.ts'
import { nextState } from '../../../server/contract/incident-workflow.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { nextAction, pickReason, reportRate, REPORTS_PER_DAY } from '../../../server/incidents/simulation.ts'
import { startSimulator } from '../../../server/incidents/simulator.ts'
import { needsReason } from '../../../server/contract/incident-workflow.ts'
import { SYSTEM } from '../../../server/access/principal.ts'
import { getCity } from '../../../server/cities/cities.ts'
import type { Role } from '../../../server/contract/permissions.ts'
import { addResponsibilities } from '../../../server/dispatch/responsibilities.ts'
import { listDemoPeople } from '../../../server/incidents/demo.ts'
import { insertDemoSettings } from '../../../server/incidents/demo-queries.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aBody, aContextOfPersonas, aPerson, layOutAreas } from './cast.ts'
import { aLayer, report } from './reporting.ts'

const db = openTestDb()
// A Monday at ten in Shanghai: the city is busy.
const clock = () => new Date('2026-11-23T02:00:00Z')
const log = pino({ level: 'silent' })
const context = aContextOfPersonas(db, { clock })
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

const flow = () => db.query<{ action: string; from: string | null; to: IncidentState; role: string | null; key: string | null }>(sql`
  select f.action, f.from_state as "from", f.to_state as "to", f.actor_role as role, i.idempotency_key as key from incident_flow f join incidents i on i.id = f.incident_id where i.city_id = ${city.cityId} order by f.id`)

test('a city without a simulator says so, and cannot start one (conflict)', async () => {
  expect(await api.call(getSimulator, { params: { city: city.key } })).toEqual({ available: false, running: false, speed: 1 })
  await expect(api.call(setSimulator, { params: { city: city.key }, body: { running: true, speed: 2 } })).rejects.toMatchObject({ code: 'conflict' })
})

/** Everybody whom the demo has, for one street. */
async function aCrew(): Promise<void> {
  await layOutAreas(db, city, await aLayer(db, city, 'areas', 'administrative_areas'))
  await insertDemoSettings(db, city.cityId)
  const sanitation = await aBody(db, city, '环卫中心')
  await db.query(sql`update accounts set demo_city_id = ${city.cityId} where id = any(${[
    await aPerson(db, city, 'collector', '监督员甲', { areaCode: '420101001' }), await aPerson(db, city, 'collector', '监督员乙', { areaCode: '420101001' }), await aPerson(db, city, 'checker', '核查员', { areaCode: '420101001' }),
    await aPerson(db, city, 'operator', '受理员甲'), await aPerson(db, city, 'operator', '受理员乙'), await aPerson(db, city, 'shift_leader', '值班长'), await aPerson(db, city, 'dispatcher', '派遣员'), await aPerson(db, city, 'leader', '领导'),
    await aPerson(db, city, 'department_manager', '科长', { body: sanitation }), await aPerson(db, city, 'disposal_person', '处置员甲', { body: sanitation }), await aPerson(db, city, 'disposal_person', '处置员乙', { body: sanitation }),
  ].map(({ accountId }) => accountId)}::bigint[])`)
  const [unit] = await db.query<{ code: string }>(sql`select code from organisations where public_id = ${sanitation.id}::uuid`)
  await addResponsibilities(db, await getCity(db, city.key), SYSTEM, [{ schemeId: 'GBT30428.2-2013', classKind: 'event', classCode: '01', conditionOrdinal: null, areaCode: null, unit: unit!.code, competent: null, priority: 1, legalBasis: null, clause: null, requirement: null, source: 'test' }], clock())
}

test('the simulator reports where cases were and moves them on as its people, only by legal steps, none judging his own work, at the speed it is set to, and stops', async () => {
  await aCrew()
  for (let index = 0; index < 6; index++) await report(api, city, { classCode: '0112', position: [114 + index / 1000, 30], address: '锦绣路 8 号' })
  const before = (await flow()).length
  context.simulator = startSimulator({ baseUrl: api.base, listPeople: () => listDemoPeople(db, city.cityId), cityKey: city.key, timeZone: 'Asia/Shanghai', log, clock, seed: 'test', speed: 60, tickMilliseconds: 10, requestsPerSecond: 2000 })
  expect(await api.call(getSimulator, { params: { city: city.key } })).toEqual({ available: true, running: true, speed: 60 })
  // Faster than anybody may set it, so that cases come to their end while the test looks on.
  context.simulator.set({ running: true, speed: 1200 })
  await expect.poll(async () => (await flow()).filter(({ to }) => to === 'pending_check' || to === 'closed').length, { timeout: 150_000, interval: 500 }).toBeGreaterThan(2)
  expect(await api.call(setSimulator, { params: { city: city.key }, body: { running: false, speed: 30 } })).toEqual({ available: true, running: false, speed: 30 })
  const steps = await flow()
  expect(steps.length).toBeGreaterThan(before + 8)
  for (const step of steps) if (step.from !== null) expect(nextState(step.from as IncidentState, step.action as never)).toBe(step.to)
  expect(steps.every((step) => step.key !== null)).toBe(true)
  // Every step after the report is a person's, in a role that it is for.
  for (const step of steps) if (step.from !== null) expect([step.action, transitionOf(step.action as IncidentAction).roles.includes(step.role as Role)]).toEqual([step.action, true])
  expect(await db.query(sql`select 1 from incidents where city_id = ${city.cityId} and (disposer_id = checker_id or (disposer_id = reporter_id and not is_self_handled) or checker_id = reporter_id)`)).toEqual([])
  await context.simulator.close()
}, 200_000)

test('an API that cannot be reached is tried again, and the simulator still stops at once', async () => {
  const simulator = startSimulator({ baseUrl: 'http://127.0.0.1:1', listPeople: async () => [], cityKey: city.key, timeZone: 'Asia/Shanghai', log, clock, seed: 'test', tickMilliseconds: 10 })
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
