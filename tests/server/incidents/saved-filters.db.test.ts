import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Principal, SYSTEM, VISITOR } from '../../../server/access/principal.ts'
import { changeSavedFilter, createSavedFilter, endSavedFilter, listSavedFilters, SAVED_FILTERS_PER_ACCOUNT } from '../../../server/contract/workbench.ts'
import type { Endpoint, Input, Reply } from '../../../server/contract/endpoint.ts'
import { sql } from '../../../server/db/sql.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'

const db = openTestDb()
let api: TestApi
let city: TestCity
let caller: Principal

/** Somebody with a post of an organisation (each name one) in the city. */
async function aPerson(name: string, organisation: string | null): Promise<Principal> {
  const id = uuidv7()
  const [account] = await db.query<{ id: number }>(sql`insert into accounts (public_id, kind, login, name) values (${id}, 'person', ${`f${id.replaceAll('-', '')}`}, ${name}) returning id`)
  const code = organisation ?? 'none'
  const [found] = organisation === null ? [] : await db.query<{ id: number }>(sql`
    insert into organisations (public_id, city_id, code, kind, name_zh, name_en) values (${uuidv7()}, ${city.cityId}, ${code}, 'department', ${code}, ${code})
    on conflict (city_id, code) do update set name_zh = excluded.name_zh returning id`)
  return { ...VISITOR, kind: 'person', id, name, accountId: account?.id ?? 0, posts: [{ id: uuidv7(), role: 'dispatcher', cityKey: city.key, organisation: null, organisationId: found?.id ?? null, areaCode: null }] }
}

beforeAll(async () => {
  city = await aCity(db)
  api = await openTestApi(aContext(db, { identify: async () => caller }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

function as<E extends Endpoint>(who: Principal, endpoint: E, input: Omit<Input<E>, 'params'> & { id?: string }): Promise<Reply<E>> {
  caller = who
  const { id, ...rest } = input
  return api.call(endpoint, { ...rest, params: { city: city.key, ...(id ? { id } : {}) } } as unknown as Input<E>)
}
const names = async (who: Principal) => (await as(who, listSavedFilters, {})).filters.map(({ name, isMine }) => `${name}${isMine ? '*' : ''}`)
const aView = (name: string, share: 'own' | 'organisation' | 'city' = 'own') => ({ body: { name, share, urlState: 'f=queue:disposing;severities:1&sort=due' } })

test('a view is seen by whom it is for', async () => {
  const [ling, colleague, stranger] = [await aPerson('凌', 'green'), await aPerson('何', 'green'), await aPerson('石', 'roads')]
  await as(ling, createSavedFilter, aView('一级处置中'))
  await as(ling, createSavedFilter, aView('本单位', 'organisation'))
  await as(ling, createSavedFilter, aView('全市', 'city'))
  expect((await names(ling)).sort()).toEqual(['一级处置中*', '全市*', '本单位*'].sort())
  expect((await names(colleague)).sort()).toEqual(['全市', '本单位'].sort())
  expect(await names(stranger)).toEqual(['全市'])
  const [shared] = (await as(stranger, listSavedFilters, {})).filters
  expect(shared).toMatchObject({ owner: '凌', urlState: 'f=queue:disposing;severities:1&sort=due', version: 1 })
  // The console without accounts sees what is the city's and cannot keep anything.
  expect(await names({ ...SYSTEM, accountId: null })).toEqual(['全市'])
  await expect(as({ ...SYSTEM, accountId: null }, createSavedFilter, aView('无主'))).rejects.toMatchObject({ code: 'forbidden' })
})

test('it is renamed, shared and given up by its owner only, each time from the version seen, and the log tells of it', async () => {
  const [ling, he] = [await aPerson('凌', 'parks'), await aPerson('何', 'parks')]
  const made = await as(ling, createSavedFilter, aView('待派', 'organisation'))
  await expect(as(he, changeSavedFilter, { id: made.id, body: { version: 1, name: '我的' } })).rejects.toMatchObject({ code: 'forbidden' })
  const renamed = await as(ling, changeSavedFilter, { id: made.id, body: { version: 1, name: '待派遣' } })
  expect(renamed).toMatchObject({ name: '待派遣', share: 'organisation', version: 2 })
  expect(await names(he)).toContain('待派遣')
  await expect(as(ling, changeSavedFilter, { id: made.id, body: { version: 1, share: 'own' } })).rejects.toMatchObject({ code: 'stale' })
  expect(await as(ling, changeSavedFilter, { id: made.id, body: { version: 2, share: 'own', urlState: 'f=queue:mine' } })).toMatchObject({ share: 'own', urlState: 'f=queue:mine' })
  expect(await names(he)).not.toContain('待派遣')
  await expect(as(ling, endSavedFilter, { id: made.id, body: { version: 2 } })).rejects.toMatchObject({ code: 'stale' })
  await as(ling, endSavedFilter, { id: made.id, body: { version: 3 } })
  expect(await names(ling)).not.toContain('待派遣*')
  // Its name is free again.
  await as(ling, createSavedFilter, aView('待派遣'))
  const log = await db.query<{ action: string }>(sql`select action from audit_entries where object_id = ${made.id} order by at, sequence`)
  expect(log.map(({ action }) => action)).toEqual(['createSavedFilter', 'changeSavedFilter', 'changeSavedFilter', 'endSavedFilter'])
})

test.each([
  ['a name in use', aView('同名'), 'conflict'],
  ['a name of nothing', aView('  '), 'bad_request'],
  ['an address with more than a query', { body: { name: 'x', urlState: '<script> alert' } }, 'bad_request'],
  ['an organisation one does not have', aView('共享', 'organisation'), 'bad_request'],
])('%s is refused', async (_name, body, code) => {
  const who = await aPerson('周', null)
  await as(who, createSavedFilter, aView('同名'))
  await expect(as(who, createSavedFilter, body)).rejects.toMatchObject({ code })
  expect(await names(who)).toContain('同名*')
})

test('nobody keeps more than the bound', async () => {
  const who = await aPerson('郑', null)
  await db.query(sql`
    insert into saved_filters (public_id, city_id, owner_id, name, share, url_state, created_at, updated_at)
    select gen_random_uuid(), ${city.cityId}, ${who.accountId}, 'v' || n, 'own', '', now(), now() from generate_series(1, ${SAVED_FILTERS_PER_ACCOUNT}::int) n`)
  await expect(as(who, createSavedFilter, aView('再一个'))).rejects.toMatchObject({ code: 'conflict' })
})
