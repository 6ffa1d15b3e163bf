import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { addEntrance, endEntrance, keepEntrances, listEntrances } from '../../../server/contract/entrances.ts'
import { startCoverageJobs } from '../../../server/coverage/coverage.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, positionAt, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  api = await openTestApi(aContext(db, { jobs }))
  await startCoverageJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})


/** A park whose only path comes from the east, and a street south of it with a home. */
async function aPark() {
  const city = await aSmallCity(db)
  const green = await city.park([-100, 0, 100, 100], { name: '东门园' })
  await city.path([[-50, 50], [200, 50], [200, 600], [-600, 600], [-600, -20], [-50, -20]])
  await city.building([-55, -35, 10, 10], 40)
  return { city, green, params: { city: city.key, green } }
}

async function served(city: SmallCity): Promise<number | undefined> {
  const { id } = await api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, minAreaM2: 5000, ruler: 'walk' } })
  await jobs.idle()
  return (await api.call(getCoverageRun, { params: { city: city.key, run: id } })).summary?.ratios.population?.covered
}

test('a gate put in by hand stands beside those that were found, and counts from the next question on', async () => {
  const { city, params } = await aPark()
  expect(await served(city)).toBe(0)
  const found = await api.call(listEntrances, { params })
  expect([found.isOnRecord, found.entrances.map(({ method, id }) => [method, id])]).toEqual([false, [['crossing', null]]])
  const added = await api.call(addEntrance, { params, body: { position: positionAt(-50, 0), name: '南门' } })
  expect([added.isOnRecord, added.entrances.map(({ method, name }) => [method, name])]).toEqual([true, [['derived', null], ['edited', '南门']]])
  expect(await served(city)).toBe(40)
  const south = added.entrances.find(({ name }) => name === '南门')
  const left = await api.call(endEntrance, { params: { ...params, entrance: south?.id ?? '' }, body: {} })
  expect(left.entrances.map(({ method }) => method)).toEqual(['derived'])
  expect(await served(city)).toBe(0)
})

test('a gate that is gone already is told with its time, and one that never was is not there', async () => {
  const { params } = await aPark()
  const kept = await api.call(keepEntrances, { params, body: {} })
  const [gate] = kept.entrances
  expect(kept.entrances.map(({ method }) => method)).toEqual(['derived'])
  // Kept once is kept.
  expect((await api.call(keepEntrances, { params, body: {} })).entrances).toEqual(kept.entrances)
  await api.call(endEntrance, { params: { ...params, entrance: gate?.id ?? '' }, body: {} })
  await expect(api.call(endEntrance, { params: { ...params, entrance: gate?.id ?? '' }, body: {} })).rejects.toMatchObject({ problem: { status: 409, code: 'stale' } })
  await expect(api.call(endEntrance, { params: { ...params, entrance: uuidv7() }, body: {} })).rejects.toMatchObject({ problem: { status: 404 } })
})

test('a place far from the boundary is refused with its distance, and nothing is kept', async () => {
  const { params } = await aPark()
  await expect(api.call(addEntrance, { params, body: { position: positionAt(300, 50) } })).rejects.toMatchObject({ problem: { status: 400, errors: [{ path: 'body.position', message: '300 m from the boundary' }] } })
  expect((await api.call(listEntrances, { params })).isOnRecord).toBe(false)
})
