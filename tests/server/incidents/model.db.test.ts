import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getIncident, IncidentAction, type IncidentState } from '../../../server/contract/incidents.ts'
import { nextState } from '../../../server/contract/incident-workflow.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { departmentOf, needsOf, postTransition, report } from './reporting.ts'

const db = openTestDb()
let api: TestApi
beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const needs = async (city: TestCity, action: IncidentAction, masterId: string) => ({
  opinion: '理由', ...(await needsOf(db, city, action)),
  ...(action === 'assign' ? { receiverId: await aPerson(city) } : {}),
  ...(action === 'request_extension' || action === 'extend' ? { newDueAt: '2999-01-01T00:00:00Z' } : {}),
  ...(action === 'merge_duplicate' ? { masterId } : {}),
})

const people = new Map<string, string>()

/** Somebody of the sanitation department who handles cases. */
async function aPerson(city: TestCity): Promise<string> {
  const known = people.get(city.key)
  if (known) return known
  const department = await departmentOf(db, city)
  const id = uuidv7()
  people.set(city.key, id)
  await db.query(sql`insert into accounts (public_id, kind, login, name) values (${id}, 'person', ${`p${id.slice(-12)}`}, '老李')`)
  await db.query(sql`insert into posts (public_id, account_id, role, city_id, organisation_id)
    select ${uuidv7()}, a.id, 'disposal_person', ${city.cityId}, o.id from accounts a, organisations o where a.public_id = ${id} and o.public_id = ${department}`)
  return id
}

test('eight people commanding the same cases at once leave each with steps 1 to n, every one legal, and one event for each', async () => {
  const city = await aCity(db)
  const master = await report(api, city)
  const incidents = await Promise.all(Array.from({ length: 4 }, () => report(api, city)))
  const commands = fc.sample(fc.tuple(fc.nat(3), fc.constantFrom(...IncidentAction.options)), { numRuns: 400, seed: 20261123 })
  await Promise.all(
    Array.from({ length: 8 }, async (_, person) => {
      for (const [index, action] of commands.slice(person * 50, person * 50 + 50)) {
        const id = incidents[index]?.id ?? ''
        const seen = await api.call(getIncident, { params: { city: city.key, id } })
        const answer = await postTransition(api, city, id, { action, version: seen.version, actor: `第${person}人`, ...(await needs(city, action, master.id)) })
        expect([201, 409]).toContain(answer.status)
      }
    }),
  )
  const rows = await db.query<{ id: number; sequence: number; from: IncidentState | null; to: IncidentState; action: IncidentAction; state: IncidentState; version: number }>(sql`
    select i.id, f.sequence, f.from_state as "from", f.to_state as "to", f.action, i.state, i.version from incident_flow f join incidents i on i.id = f.incident_id where i.city_id = ${city.cityId} order by i.id, f.sequence`)
  for (const id of new Set(rows.map((row) => row.id))) {
    const flow = rows.filter((row) => row.id === id)
    expect(flow.map((row) => row.sequence)).toEqual(flow.map((_, index) => index + 1))
    flow.forEach((step, index) => {
      if (index === 0) return
      expect(step.from).toBe(flow[index - 1]?.to)
      expect(nextState(step.from as IncidentState, step.action)).toBe(step.to)
    })
    expect([flow.at(-1)?.to, flow.length]).toEqual([flow[0]?.state, flow[0]?.version])
  }
  expect(await db.query(sql`select 1 from live_events where city_id = ${city.cityId}`)).toHaveLength(rows.length)
})
