import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../../../data/city/random.ts'
import { type CityRow, getCity } from '../../../server/cities/cities.ts'
import type { Incident } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { checkLoop } from '../../bench/loop-check.ts'
import { type Person, press, signIn, Tally, type Town, work } from '../../bench/loop-person.ts'
import { fillWithOpenCases, hire } from '../../bench/loop-town.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { aGuardedContext } from '../../helpers/people.ts'
import { withoutPhotos } from './cast.ts'

const db = openTestDb()
let api: TestApi
let city: CityRow
let town: Town
let people: Person[]
beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aGuardedContext(db))
  city = await getCity(db, (await aCity(db)).key)
  await withoutPhotos(db, city)
  const staff = await hire(db, city.cityId, 8)
  await fillWithOpenCases(db, city, 200, 'even', new Date())
  const dice = new Random('loop')
  town = { base: api.base, cityKey: city.key, staff, photos: [], random: () => dice.next() }
  people = []
  for (const worker of staff.workers) people.push(await signIn(town, worker))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

test('eight people who work the same queues at once lose no step, double none, and each step is in the log once', async () => {
  const tally = new Tally()
  await Promise.all(people.map(async (person) => {
    for (let turn = 0; turn < 8; turn++) await work(town, person, 0, tally)
  }))
  expect([tally.errorWords, tally.acknowledged.length > 20]).toEqual([[], true])
  expect((await checkLoop(db, city.cityId, tally.acknowledged)).faults).toEqual([])
  const logged = await db.query<{ id: string; version: number }>(sql`
    select object_id as id, (details ->> 'version')::int as version from audit_entries where city_id = ${city.cityId} and action = 'transitionIncident'`)
  const keyOf = ({ id, version }: { id: string; version: number }) => `${id} ${version}`
  expect(logged.map(keyOf).sort()).toEqual(tally.acknowledged.map(keyOf).sort())
}, 60_000)

test('two who press at the same moment: one does it, the other is told who did what', async () => {
  const leaders = people.filter(({ role }) => role === 'shift_leader')
  const rows = await db.query<{ id: string }>(sql`select public_id as id from incidents where city_id = ${city.cityId} and state = 'pending_filing' limit 1`)
  const id = rows[0]?.id ?? uuidv7()
  const seen = (await (await fetch(`${town.base}/api/v1/cities/${city.key}/incidents/${id}`, { headers: { cookie: leaders[0]?.cookie ?? '' } })).json()) as Incident
  const tally = new Tally()
  const answers = await Promise.all(leaders.map((leader) => press(town, leader, seen, 'file', tally)))
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  const lost = answers.find(({ status }) => status === 409)
  expect(lost?.body['code']).toBe('stale')
  expect(String(lost?.body['detail'])).toContain(`${tally.acknowledged[0]?.by} 已于`)
  expect(String(lost?.body['detail'])).toContain('立案')
})
