import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../../server/access/principal.ts'
import { SYSTEM } from '../../../server/access/principal.ts'
import { getDirectory as getDirectoryEndpoint } from '../../../server/contract/directory.ts'
import { sql } from '../../../server/db/sql.ts'
import { getDirectory } from '../../../server/incidents/directory.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'

const db = openTestDb()
let api: TestApi
let city: TestCity
let parks = 0

async function anOrganisation(code: string, kind: string, parentId: number | null): Promise<number> {
  const [row] = await db.query<{ id: number }>(sql`insert into organisations (public_id, city_id, code, kind, parent_id, name_zh, name_en) values (${uuidv7()}, ${city.cityId}, ${code}, ${kind}, ${parentId}, ${code}, ${code}) returning id`)
  return row?.id ?? 0
}

async function aPerson(name: string, role: string, organisationId: number | null, hasEnded = false): Promise<void> {
  const login = `d${uuidv7().replaceAll('-', '')}`
  await db.query(sql`
    with one as (insert into accounts (public_id, kind, login, name) values (${uuidv7()}, 'person', ${login}, ${name}) returning id)
    insert into posts (public_id, account_id, role, city_id, organisation_id, ended_at) select ${uuidv7()}, id, ${role}, ${city.cityId}, ${organisationId}, case when ${hasEnded} then now() end from one`)
}

beforeAll(async () => {
  city = await aCity(db)
  api = await openTestApi(aContext(db))
  parks = await anOrganisation('parks', 'department', null)
  const gardeners = await anOrganisation('gardeners', 'contractor', parks)
  const roads = await anOrganisation('roads', 'department', null)
  await anOrganisation('centre', 'supervision_centre', null)
  await aPerson('甲', 'disposal_person', gardeners)
  await aPerson('乙', 'disposal_person', roads)
  await aPerson('丙', 'collector', null)
  await aPerson('丁', 'dispatcher', null)
  await aPerson('戊', 'disposal_person', parks, true)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

test('the centre is told of every unit that handles cases and of everybody a case is handed to, by posts that still run', async () => {
  const { units, people, isCut } = await api.call(getDirectoryEndpoint, { params: { city: city.key } })
  expect(units.map((one) => one.code).sort()).toEqual(['gardeners', 'parks', 'roads'])
  expect(units.find((one) => one.code === 'gardeners')?.parentId).toBe(units.find((one) => one.code === 'parks')?.id)
  expect(people.map((one) => one.name).sort()).toEqual(['丙', '乙', '甲'])
  expect(people.find((one) => one.name === '甲')?.posts).toEqual([{ role: 'disposal_person', unitId: units.find((one) => one.code === 'gardeners')?.id, areaCode: null }])
  expect(isCut).toBe(false)
})

test('a department is told of its own people and of those of the units below it', async () => {
  const manager: Principal = { ...SYSTEM, kind: 'person', name: '己', posts: [{ id: 'p', role: 'department_manager', cityKey: city.key, organisation: null, organisationId: parks, areaCode: null }] }
  const { people } = await getDirectory(db, city, manager)
  expect(people.map((one) => one.name)).toEqual(['甲'])
})

test('whoever hands nothing on is refused', async () => {
  const worker: Principal = { ...SYSTEM, kind: 'person', name: '庚', posts: [{ id: 'p', role: 'disposal_person', cityKey: city.key, organisation: null, organisationId: parks, areaCode: null }] }
  await expect(getDirectory(db, city, worker)).rejects.toMatchObject({ code: 'forbidden' })
})
