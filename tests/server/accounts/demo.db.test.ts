import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDemoPeople } from '../../../server/accounts/demo.ts'
import { DEMO_DEPARTMENT_NAMES, demoPeople } from '../../../server/accounts/demo-people.ts'
import { DEPARTMENT_NAMES } from '../../../server/incidents/simulation.ts'
import { sql } from '../../../server/db/sql.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aBrowser, aGuardedContext, anAccount } from '../../helpers/people.ts'

const db = openTestDb()
let api: TestApi
let city: TestCity

async function addArea(level: string, code: string, name: string): Promise<void> {
  const layer = await db.query<{ id: number }>(sql`insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, source_crs)
    values (${uuidv7()}::uuid, ${city.cityId}, ${`areas-${code}`}, 'administrative_areas', '区划', 'Areas', 'test', 'test', 'none', 'EPSG:4490') returning id`)
  await db.query(sql`insert into administrative_areas (public_id, city_id, layer_id, source_key, content_hash, level, code, name, area_m2, geom)
    values (${uuidv7()}::uuid, ${city.cityId}, ${layer[0]!.id}, ${code}, '', ${level}, ${code}, ${name}, 1, st_geomfromtext('MULTIPOLYGON(((114 30, 114.1 30, 114.1 30.1, 114 30)))', 4490))`)
}

beforeAll(async () => {
  city = await aCity(db)
  await db.query(sql`update cities set is_demo = true where id = ${city.cityId}`)
  await addArea('county', '990101000000', '绣城区')
  await addArea('street', '990101001000', '鼓楼街道')
  await addArea('street', '990101002000', '文昌街道')
  await loadDemoPeople(db, city)
  api = await openTestApi(aGuardedContext(db))
})
afterAll(async () => {
  await db.query(sql`update cities set is_demo = false where id = ${city.cityId}`)
  await api.close()
  await db.close()
})

interface Persona {
  id: string
  login: string
  cityKey: string
  posts: { role: string; areaCode: string | null; areaName: string | null; organisationZh: string | null }[]
}
const personas = async () => ((await aBrowser(api).fetch('/personas')).body as { personas: Persona[] }).personas.filter((persona) => persona.cityKey === city.key)
const signInAs = (persona: string) => aBrowser(api).fetch('/session/persona', { method: 'POST', body: { persona } })

describe('the demo’s people', () => {
  test('there are several of each role with their areas and departments, and loading them again changes nothing', async () => {
    const before = await personas()
    const collector = before.find((persona) => persona.login.endsWith('collector-01'))
    expect(collector?.posts).toEqual([{ role: 'collector', organisationZh: '城市管理监督中心', organisationEn: 'Urban management supervision centre', areaCode: '990101001', areaName: '鼓楼街道' }])
    expect(before.find((persona) => persona.login.endsWith('checker-01'))?.posts.map((post) => post.areaName)).toEqual(['鼓楼街道', '文昌街道'])
    expect(before.filter((persona) => persona.posts[0]?.role === 'dispatcher').length).toBeGreaterThan(1)
    expect(await loadDemoPeople(db, city)).toBe(0)
    expect(await personas()).toEqual(before)
  })

  test('every department that cases of the demo name has its manager', async () => {
    expect(DEPARTMENT_NAMES.filter((name) => !DEMO_DEPARTMENT_NAMES.includes(name))).toEqual([])
    const managed = (await personas()).flatMap((persona) => persona.posts).filter((post) => post.role === 'department_manager').map((post) => post.organisationZh)
    expect(managed.sort()).toEqual([...DEMO_DEPARTMENT_NAMES].sort())
  })

  test('no two have the same name, and a street office is under the street offices', async () => {
    const areas = [1, 2, 3].flatMap((county) => [{ level: 'county' as const, code: `99010${county}000000`, name: `区${county}` }, ...[1, 2, 3, 4].map((street) => ({ level: 'street' as const, code: `99010${county}00${street}000`, name: `街${county}${street}` }))])
    const names = demoPeople(areas).map((person) => person.name)
    expect(new Set(names).size).toBe(names.length)
    const parents = await db.query<{ parent: string }>(sql`select p.code as parent from organisations o join organisations p on p.id = o.parent_id where o.city_id = ${city.cityId} and o.kind = 'street'`)
    expect(new Set(parents.map((row) => row.parent))).toEqual(new Set(['street-offices']))
  })

  test('one click signs in as one of them, who is one in the demo city alone', async () => {
    const operator = (await personas()).find((persona) => persona.posts[0]?.role === 'operator')!
    const browser = aBrowser(api)
    const answer = await browser.fetch('/session/persona', { method: 'POST', body: { persona: operator.id } })
    expect(answer.status).toBe(200)
    expect((await browser.fetch(`/cities/${city.key}`)).status).toBe(200)
    const elsewhere = await aCity(db)
    expect((await browser.fetch(`/cities/${elsewhere.key}`)).status).toBe(404)
    // A post in another city, however it came there, counts for nothing.
    await db.query(sql`insert into posts (public_id, account_id, role, city_id) select ${uuidv7()}::uuid, id, 'operator', ${elsewhere.cityId} from accounts where public_id = ${operator.id}::uuid`)
    api.context.doorkeeper.forget()
    expect((await browser.fetch(`/cities/${elsewhere.key}`)).status).toBe(404)
  })
})

describe('outside the demo there is no such way in', () => {
  test('not as an account of one’s own', async () => {
    const { id } = await anAccount(db, { posts: [{ role: 'operator', cityId: city.cityId }] })
    expect((await signInAs(id)).status).toBe(404)
  })

  test('not as a persona of a city that is no demo', async () => {
    const plain = await aCity(db)
    const { id } = await anAccount(db, { demoCityId: plain.cityId, posts: [{ role: 'operator', cityId: plain.cityId }] })
    expect((await signInAs(id)).status).toBe(404)
  })

  test('not with a password: the database refuses one for a persona', async () => {
    const { accountId } = await anAccount(db, { demoCityId: city.cityId })
    await expect(db.query(sql`update accounts set password_hash = 'x' where id = ${accountId}`)).rejects.toThrow(/accounts_demo_check/)
  })

  test('not when the demo is switched off: sessions end as well', async () => {
    const off = await openTestApi(aGuardedContext(db, { config: { ...api.context.config, DEMO: 'none' } }))
    const operator = (await personas()).find((persona) => persona.posts[0]?.role === 'operator')!
    const browser = aBrowser(api)
    await browser.fetch('/session/persona', { method: 'POST', body: { persona: operator.id } })
    const same = aBrowser(off)
    const known = await same.fetch('/session', { headers: { cookie: `xiucheng_session=${browser.cookie()}` } })
    expect((known.body as { principal: { login: string | null } }).principal.login).toBeNull()
    expect((await same.fetch('/session/persona', { method: 'POST', body: { persona: operator.id } })).status).toBe(404)
    expect(((await same.fetch('/personas')).body as { personas: unknown[] }).personas).toEqual([])
    await off.close()
  })
})
