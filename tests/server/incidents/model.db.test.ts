import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getIncident, IncidentAction, type IncidentState } from '../../../server/contract/incidents.ts'
import { isEnded, nextState } from '../../../server/contract/incident-workflow.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { postTransition, report } from './reporting.ts'

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

const NEEDS = { opinion: '理由', conditionOrdinal: 1, department: '环卫中心' }

test('whatever commands come in whatever order, a case only ever moves as the table says, and the answer is the model’s', async () => {
  const city = await aCity(db)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ action: fc.constantFrom(...IncidentAction.options), lag: fc.constantFrom(0, 0, 0, 0, 1) }), { maxLength: 25 }), async (commands) => {
      const incident = await report(api, city)
      let state: IncidentState = incident.state
      let version = 1
      for (const { action, lag } of commands) {
        const answer = await postTransition(api, city, incident.id, { action, version: version - lag, ...NEEDS })
        const next = nextState(state, action)
        if (lag > 0) expect([answer.status, answer.body.code]).toEqual([409, 'stale'])
        else if (!next) expect([answer.status, answer.body.code]).toEqual([409, 'illegal_transition'])
        else {
          expect([answer.status, answer.body.state, answer.body.version]).toEqual([201, next, version + 1])
          state = next
          version++
        }
      }
      const { flow, ...now } = await api.call(getIncident, { params: { city: city.key, id: incident.id } })
      expect([now.state, now.version, flow.length, now.endedAt !== null]).toEqual([state, version, version, isEnded(state)])
    }),
    { numRuns: 60 },
  )
})

test('eight people commanding the same cases at once leave each with steps 1 to n, every one legal, and one event for each', async () => {
  const city = await aCity(db)
  const incidents = await Promise.all(Array.from({ length: 4 }, () => report(api, city)))
  const commands = fc.sample(fc.tuple(fc.nat(3), fc.constantFrom(...IncidentAction.options)), { numRuns: 400, seed: 20261123 })
  await Promise.all(
    Array.from({ length: 8 }, async (_, person) => {
      for (const [index, action] of commands.slice(person * 50, person * 50 + 50)) {
        const id = incidents[index]?.id ?? ''
        const seen = await api.call(getIncident, { params: { city: city.key, id } })
        const answer = await postTransition(api, city, id, { action, version: seen.version, actor: `第${person}人`, ...NEEDS })
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
