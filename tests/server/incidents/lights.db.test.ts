import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIGHTS } from '../../../server/contract/clocks.ts'
import { listIncidentLights } from '../../../server/contract/incident-lights.ts'
import { getIncident } from '../../../server/contract/incidents.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, report } from './reporting.ts'

const db = openTestDb()
let api: TestApi
let city: TestCity
const now = new Date('2026-11-20T02:00:00Z')

beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db, { clock: () => now }))
  city = await aCity(db)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

/** Somewhere; whether a city holds it is not the question here. */
const PLACED = { position: [113.4, 31.3] as [number, number] }
const seconds = (instant: string | null | undefined) => (instant ? Math.floor(Date.parse(instant) / 1000) : null)

test('the map gets the marks of the clock that each case shows, and none for a case that has ended or has no place', async () => {
  const waiting = await report(api, city, PLACED)
  const dispatched = await advance(api, city, await report(api, city, PLACED), 'accept', 'file', 'dispatch')
  await report(api, city)
  const ended = await advance(api, city, await report(api, city, PLACED), 'refuse')
  const lights = await api.call(listIncidentLights, { params: { city: city.key }, query: { includeOutside: 'true' } })
  expect(lights.ids).toEqual([waiting.id, dispatched.id])
  expect(lights.ids).not.toContain(ended.id)
  for (const [row, id] of lights.ids.entries()) {
    const { clock } = await api.call(getIncident, { params: { city: city.key, id } })
    expect([lights.blueAt[row], lights.amberAt[row], lights.dueAt[row], lights.darkRedAt[row], lights.standsAt[row]]).toEqual([seconds(clock?.blueAt), seconds(clock?.amberAt), seconds(clock?.dueAt), seconds(clock?.darkRedAt), seconds(clock?.pausedAt)])
  }
  expect([lights.supervised, lights.isCut, LIGHTS.length]).toEqual([[false, false], false, 5])
  const filtered = await api.call(listIncidentLights, { params: { city: city.key }, query: { states: 'pending_dispose', includeOutside: 'true' } })
  expect(filtered.ids).toEqual([dispatched.id])
  const none = await api.call(listIncidentLights, { params: { city: city.key }, query: { status: 'ended', includeOutside: 'true' } })
  expect([none.ids, none.dueAt, none.supervised]).toEqual([[], [], []])
})
