import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../../server/db/sql.ts'
import { startLiveHub } from '../../../server/live/hub.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aBrowser, aGuardedContext, anAccount, type Browser } from '../../helpers/people.ts'

const PASSWORD = 'correct horse battery'
const db = openTestDb()
let api: TestApi
let city: TestCity
let system: Browser
let security: Browser

/** Somebody signed in, his second factor given: what TOTP asks is tested with signing in. */
async function signedIn(posts: Parameters<typeof anAccount>[1] extends infer O | undefined ? NonNullable<O extends { posts?: infer P } ? P : never> : never): Promise<Browser & { id: string; login: string }> {
  const account = await anAccount(db, { password: PASSWORD, posts })
  const browser = aBrowser(api)
  await browser.fetch('/session', { method: 'POST', body: { login: account.login, password: PASSWORD } })
  await db.query(sql`update sessions set second_factor_at = now() where account_id = ${account.accountId}`)
  api.context.doorkeeper.forget()
  return { ...browser, id: account.id, login: account.login }
}

const post = (browser: Browser, address: string, body: object = {}) => browser.fetch(address, { method: 'POST', body })

beforeAll(async () => {
  const context = aGuardedContext(db)
  api = await openTestApi({ ...context, live: await startLiveHub(db, context.log) })
  city = await aCity(db)
  system = await signedIn([{ role: 'system_admin' }])
  security = await signedIn([{ role: 'security_admin' }])
})
afterAll(async () => {
  await api.context.live.close()
  await api.close()
  await db.close()
})

async function anOrganisation(kind = 'department', parentId: string | null = null): Promise<{ id: string; version: number; code: string }> {
  const answer = await post(system, `/cities/${city.key}/organisations`, { code: `o${uuidv7().slice(-8)}`, kind, nameZh: '园林中心', nameEn: 'Parks', parentId })
  expect(answer.status).toBe(201)
  return answer.body as never
}

interface Account {
  id: string
  login: string
  version: number
  posts: { id: string; role: string }[]
}
async function newAccount(kind = 'person'): Promise<{ account: Account; oneTimePassword: string | null }> {
  const answer = await post(system, '/accounts', { kind, login: `p${uuidv7().slice(-12)}`, name: '周若楠', phone: '13812345678' })
  expect(answer.status).toBe(201)
  return answer.body as never
}

describe('the administrators are kept apart', () => {
  test('one makes the account, another gives the post; neither does the other’s work', async () => {
    const { account, oneTimePassword } = await newAccount()
    const wish = { role: 'operator', city: city.key }
    expect((await post(system, `/accounts/${account.id}/posts`, wish)).status).toBe(403)
    expect((await post(security, '/accounts', { kind: 'person', login: 'somebody', name: 'x' })).status).toBe(403)
    expect((await post(security, `/accounts/${account.id}/posts`, wish)).status).toBe(201)
    // Whoever keeps accounts has no business data.
    expect((await system.fetch(`/cities/${city.key}/incidents`)).status).toBe(403)
    const browser = aBrowser(api)
    expect((await post(browser, '/session', { login: account.login, password: oneTimePassword! })).status).toBe(200)
    expect((await browser.fetch(`/cities/${city.key}`)).body['code']).toBe('password_change_needed')
  })

  test('nobody changes his own posts or account, and a role apart goes with no other', async () => {
    const own = security as Browser & { id: string }
    expect((await post(security, `/accounts/${own.id}/posts`, { role: 'operator', city: city.key })).status).toBe(403)
    const { body } = await system.fetch(`/accounts?text=${own.id.slice(0, 4)}`)
    expect(body['accounts']).toBeDefined()
    expect((await post(system, `/accounts/${(system as Browser & { id: string }).id}/end`, { version: 1 })).status).toBe(403)
    const { account } = await newAccount()
    expect((await post(security, `/accounts/${account.id}/posts`, { role: 'auditor' })).status).toBe(201)
    expect((await post(security, `/accounts/${account.id}/posts`, { role: 'operator', city: city.key })).status).toBe(409)
    expect((await post(security, `/accounts/${account.id}/posts`, { role: 'system_admin' })).status).toBe(409)
  })

  test.each([
    ['a business role without a city', { role: 'operator' }],
    ['an administrator for one city', { role: 'audit_admin', city: 'CITY' }],
    ['a department’s role without an organisation', { role: 'disposal_person', city: 'CITY' }],
    ['an organisation of another city', { role: 'operator', city: 'CITY', organisationId: uuidv7() }],
    ['a screen’s role for a person', { role: 'display', city: 'CITY' }],
    ['a service’s role for a person', { role: 'intake_service', city: 'CITY' }],
    ['an area that is no code', { role: 'collector', city: 'CITY', areaCode: 'x' }],
  ])('%s is refused', async (_what, wish) => {
    const { account } = await newAccount()
    const given = { ...wish, ...('city' in wish ? { city: city.key } : {}) }
    expect((await post(security, `/accounts/${account.id}/posts`, given)).status).toBe(400)
  })

  test('the last administrator of a kind stays', async () => {
    const holders = await db.query<{ id: string }>(sql`select p.public_id as id from posts p join accounts a on a.id = p.account_id where p.role = 'audit_admin' and p.ended_at is null and a.ended_at is null`)
    const other = await signedIn([{ role: 'security_admin' }])
    for (const holder of holders) await post(other, `/posts/${holder.id}/end`)
    const { account } = await newAccount()
    const granted = await post(security, `/accounts/${account.id}/posts`, { role: 'audit_admin' })
    expect(granted.status).toBe(201)
    const only = (granted.body['posts'] as { id: string }[])[0]!
    expect((await post(security, `/posts/${only.id}/end`)).status).toBe(409)
    expect((await post(system, `/accounts/${account.id}/end`, { version: granted.body['version'] })).status).toBe(409)
  })
})

describe('a change of posts', () => {
  test('ends the sessions at once; the posts count when signing in anew', async () => {
    const worker = await signedIn([{ role: 'viewer', cityId: city.cityId }])
    expect((await worker.fetch(`/cities/${city.key}`)).status).toBe(200)
    expect((await post(security, `/accounts/${worker.id}/posts`, { role: 'operator', city: city.key })).status).toBe(201)
    expect((await worker.fetch(`/cities/${city.key}`)).status).toBe(401)
    expect((await post(security, `/accounts/${worker.id}/posts`, { role: 'operator', city: city.key })).status).toBe(409)
  })

  test('a revoked session’s live feed ends within five seconds', async () => {
    const worker = await signedIn([{ role: 'viewer', cityId: city.cityId }])
    const feed = await fetch(`${api.base}/api/v1/live?city=${city.key}`, { headers: { cookie: `xiucheng_session=${worker.cookie()}` } })
    expect(feed.status).toBe(200)
    const reader = feed.body!.getReader()
    await reader.read()
    expect((await post(security, `/accounts/${worker.id}/sessions-end`)).body).toEqual({ ended: 1 })
    const revokedAt = performance.now()
    while (!(await reader.read()).done);
    expect(performance.now() - revokedAt).toBeLessThan(5_000)
  })
})

describe('organisations', () => {
  test('stand in trees without circles, are renamed under versions, and end when nothing hangs on them', async () => {
    const parent = await anOrganisation()
    const child = await anOrganisation('contractor', parent.id)
    const change = (body: object, id = parent.id) => system.fetch(`/cities/${city.key}/organisations/${id}`, { method: 'PATCH', body })
    expect((await change({ version: 1, parentId: child.id })).status).toBe(400)
    expect((await change({ version: 1, nameZh: '绿化中心' })).body).toMatchObject({ nameZh: '绿化中心', version: 2 })
    expect((await change({ version: 1, nameZh: '别的' })).status).toBe(409)
    expect((await post(system, `/cities/${city.key}/organisations/${parent.id}/end`, { version: 2 })).status).toBe(409)
    expect((await post(system, `/cities/${city.key}/organisations/${child.id}/end`, { version: 1 })).status).toBe(200)
    expect((await post(system, `/cities/${city.key}/organisations/${parent.id}/end`, { version: 2 })).status).toBe(200)
    const { organisations } = (await system.fetch(`/cities/${city.key}/organisations`)).body as { organisations: { id: string }[] }
    expect(organisations.map((one) => one.id)).not.toContain(parent.id)
    expect((await post(system, `/cities/${city.key}/organisations`, { code: child.code, kind: 'street', nameZh: 'x', nameEn: 'x' })).status).toBe(409)
  })
})

describe('who is known to whom', () => {
  test('a department’s manager knows his own people, a centre its city’s; telephones are masked for both', async () => {
    const own = await anOrganisation()
    const below = await anOrganisation('contractor', own.id)
    const other = await anOrganisation()
    const inner = async (id: string) => (await db.query<{ id: number }>(sql`select id from organisations where public_id = ${id}::uuid`))[0]!.id
    const manager = await signedIn([{ role: 'department_manager', cityId: city.cityId, organisationId: await inner(own.id) }])
    const mine = await anAccount(db, { posts: [{ role: 'disposal_person', cityId: city.cityId, organisationId: await inner(below.id) }] })
    const theirs = await anAccount(db, { posts: [{ role: 'disposal_person', cityId: city.cityId, organisationId: await inner(other.id) }] })
    await db.query(sql`update accounts set phone = '13812345678' where id in (${mine.accountId}, ${theirs.accountId})`)
    const seen = (await manager.fetch('/accounts?limit=200')).body['accounts'] as { login: string; phone: string | null }[]
    expect(seen.map((account) => account.login).sort()).toEqual([manager.login, mine.login].sort())
    expect(seen.find((account) => account.login === mine.login)?.phone).toBe('138****5678')
    expect((await manager.fetch(`/accounts/${theirs.id}`)).status).toBe(404)
    const elsewhere = await anAccount(db, { posts: [{ role: 'viewer', cityId: (await aCity(db)).cityId }] })
    const leader = await signedIn([{ role: 'dispatcher', cityId: city.cityId }])
    expect((await leader.fetch(`/accounts/${theirs.id}`)).status).toBe(200)
    expect((await leader.fetch(`/accounts/${elsewhere.id}`)).status).toBe(404)
    expect((await system.fetch(`/accounts/${elsewhere.id}`)).status).toBe(200)
  })

  test('lists are paged by login without a gap or a double', async () => {
    const logins: string[] = []
    let cursor = ''
    do {
      const { body } = await system.fetch(`/accounts?limit=7${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      logins.push(...(body['accounts'] as { login: string }[]).map((account) => account.login))
      cursor = (body['nextCursor'] as string | null) ?? ''
    } while (cursor !== '')
    expect(new Set(logins).size).toBe(logins.length)
    const stored = await db.query<{ count: number }>(sql`select count(*)::int as count from accounts where ended_at is null`)
    expect(logins.length).toBe(stored[0]?.count)
  })
})

describe('access tokens', () => {
  test('a screen looks with its token or the session opened with it, changes nothing, and is dark once the token is revoked', async () => {
    const { account } = await newAccount('display')
    expect((await post(security, `/accounts/${account.id}/posts`, { role: 'display', city: city.key })).status).toBe(201)
    const made = (await post(security, '/access-tokens', { accountId: account.id, purpose: '指挥大厅东墙' })).body as { token: string; accessToken: { id: string; hint: string } }
    expect(made.token.endsWith(made.accessToken.hint)).toBe(true)
    const bearer = { authorization: `Bearer ${made.token}` }
    const program = aBrowser(api)
    expect((await program.fetch(`/cities/${city.key}`, { headers: bearer })).status).toBe(200)
    expect((await program.fetch(`/cities/${city.key}/simulator`, { method: 'POST', body: {}, headers: bearer })).status).toBe(403)
    const screen = aBrowser(api)
    expect((await post(screen, '/session/display', { token: made.token })).status).toBe(200)
    expect((await screen.fetch('/session')).body).toMatchObject({ principal: { kind: 'display' } })
    expect((await post(screen, '/session/display', { token: `${made.token}x` })).status).toBe(401)
    expect((await post(security, `/access-tokens/${made.accessToken.id}/end`)).status).toBe(200)
    expect((await screen.fetch(`/cities/${city.key}`)).status).toBe(401)
    expect((await program.fetch(`/cities/${city.key}`, { headers: bearer })).status).toBe(401)
    const { tokens } = (await security.fetch(`/access-tokens?account=${account.id}&ended=true`)).body as { tokens: { purpose: string; endedAt: string | null; lastUsedAt: string | null }[] }
    expect(tokens).toMatchObject([{ purpose: '指挥大厅东墙', endedAt: expect.any(String) as string, lastUsedAt: expect.any(String) as string }])
  })

  test('people have none; one that has run out is none', async () => {
    const { account } = await newAccount()
    expect((await post(security, '/access-tokens', { accountId: account.id, purpose: 'x y' })).status).toBe(409)
    const service = (await newAccount('service')).account
    expect((await post(security, '/access-tokens', { accountId: service.id, purpose: 'x y', expiresAt: '2020-01-01T00:00:00Z' })).status).toBe(400)
  })
})

test('a reset password is told once, ends the sessions, and has to be changed', async () => {
  const worker = await signedIn([{ role: 'viewer', cityId: city.cityId }])
  const { oneTimePassword } = (await post(system, `/accounts/${worker.id}/password-reset`)).body as { oneTimePassword: string }
  expect((await worker.fetch(`/cities/${city.key}`)).status).toBe(401)
  expect((await post(worker, '/session', { login: worker.login, password: oneTimePassword })).status).toBe(200)
  expect((await worker.fetch(`/cities/${city.key}`)).body['code']).toBe('password_change_needed')
})

test('what administrators do is in the log, read by the audit administrator with filters, page by page', async () => {
  const auditor = await signedIn([{ role: 'audit_admin' }])
  const { account } = await newAccount()
  await post(security, `/accounts/${account.id}/posts`, { role: 'viewer', city: city.key })
  const all = (await auditor.fetch(`/audit?objectId=${account.id}`)).body as { entries: { action: string; login: string; details: Record<string, unknown> }[]; nextCursor: string | null }
  expect(all.entries.map((entry) => [entry.action, entry.login])).toEqual([['grantPost', (security as Browser & { login: string }).login], ['createAccount', (system as Browser & { login: string }).login]])
  expect(JSON.stringify(all)).not.toContain('13812345678')
  const first = (await auditor.fetch(`/audit?objectId=${account.id}&limit=1`)).body as typeof all
  const second = (await auditor.fetch(`/audit?objectId=${account.id}&limit=1&cursor=${first.nextCursor}`)).body as typeof all
  expect([...first.entries, ...second.entries]).toEqual(all.entries)
  expect((await auditor.fetch(`/audit?cursor=nonsense`)).status).toBe(400)
  const today = new Date().toISOString().slice(0, 10)
  const verified = await post(auditor, '/audit/verification', { from: today, to: today })
  expect([verified.status, verified.body['isWhole']]).toEqual([200, true])
  expect((await post(system, '/audit/verification', { from: today, to: today })).status).toBe(403)
})

test('a locked account is out at once and stays out, whatever the way in, until it is unlocked with its posts as they were', async () => {
  const { account, oneTimePassword } = await newAccount()
  await post(security, `/accounts/${account.id}/posts`, { role: 'operator', city: city.key })
  const browser = aBrowser(api)
  await post(browser, '/session', { login: account.login, password: oneTimePassword! })
  await post(browser, '/session/password', { currentPassword: oneTimePassword!, newPassword: 'a better one of mine' })
  expect((await browser.fetch(`/cities/${city.key}`)).status).toBe(200)
  const version = async () => ((await system.fetch(`/accounts/${account.id}`)).body as unknown as Account).version
  expect((await post(security, `/accounts/${account.id}/lock`, { version: await version(), because: '离岗' })).status).toBe(403)
  expect((await post(system, `/accounts/${account.id}/lock`, { version: (await version()) - 1, because: '离岗' })).status).toBe(409)
  const locked = await post(system, `/accounts/${account.id}/lock`, { version: await version(), because: '离岗' })
  expect(locked.body).toMatchObject({ locked: { because: '离岗' }, posts: [{ role: 'operator' }] })
  expect((await browser.fetch(`/cities/${city.key}`)).status).toBe(401)
  expect((await post(aBrowser(api), '/session', { login: account.login, password: 'a better one of mine' })).status).toBe(401)
  expect((await post(system, `/accounts/${account.id}/lock`, { version: await version(), because: '离岗' })).status).toBe(409)
  expect((await post(system, `/accounts/${account.id}/unlock`, { version: await version() })).body).toMatchObject({ locked: null })
  expect((await post(system, `/accounts/${account.id}/unlock`, { version: await version() })).status).toBe(409)
  expect((await post(aBrowser(api), '/session', { login: account.login, password: 'a better one of mine' })).status).toBe(200)
  // A service's token rests with its account.
  const service = (await newAccount('service')).account
  await post(security, `/accounts/${service.id}/posts`, { role: 'intake_service', city: city.key })
  const { token } = (await post(security, '/access-tokens', { accountId: service.id, purpose: '热线接入' })).body as { token: string }
  const call = () => aBrowser(api).fetch(`/cities/${city.key}`, { headers: { authorization: `Bearer ${token}` } })
  expect((await call()).status).toBe(200)
  const present = ((await system.fetch(`/accounts/${service.id}`)).body as unknown as Account).version
  await post(system, `/accounts/${service.id}/lock`, { version: present, because: '密钥外泄' })
  expect((await call()).status).toBe(401)
})

test('who works where is listed with whoever gave the post and since when, filtered and paged without a gap or a double', async () => {
  const organisation = await anOrganisation()
  const logins: string[] = []
  for (let index = 0; index < 5; index++) {
    const { account } = await newAccount()
    logins.push(account.login)
    expect((await post(security, `/accounts/${account.id}/posts`, { role: 'disposal_person', city: city.key, organisationId: organisation.id, areaCode: '990101' })).status).toBe(201)
  }
  interface Page {
    posts: { id: string; role: string; account: { login: string }; organisation: { code: string }; areaCode: string; grantedBy: string; fromAt: string; endedAt: string | null }[]
    nextCursor: string | null
  }
  const read = async (query: string) => (await security.fetch(`/posts?city=${city.key}&organisation=${organisation.id}&${query}`)).body as unknown as Page
  const seen: Page['posts'] = []
  let cursor: string | null = null
  do {
    const page: Page = await read(`limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    seen.push(...page.posts)
    cursor = page.nextCursor
  } while (cursor)
  expect(seen.map((one) => one.account.login)).toEqual(logins.toReversed())
  expect(seen[0]).toMatchObject({ role: 'disposal_person', organisation: { code: organisation.code }, areaCode: '990101', endedAt: null })
  expect(seen[0]!.grantedBy).toMatch(/^测试 /)
  expect((await post(security, `/posts/${seen[0]!.id}/end`)).status).toBe(200)
  expect((await read('role=disposal_person')).posts).toHaveLength(4)
  expect((await read('ended=true')).posts.map((one) => one.endedAt === null)).toEqual([false, true, true, true, true])
  expect((await read('role=operator')).posts).toEqual([])
  expect((await read(`text=${logins[1]}`)).posts.map((one) => one.account.login)).toEqual([logins[1]])
})

test('the log goes out as a file that says its filter, holds exactly its entries, and is itself an entry', async () => {
  const audit = await signedIn([{ role: 'audit_admin' }])
  const { account } = await newAccount()
  await post(security, `/accounts/${account.id}/posts`, { role: 'operator', city: city.key })
  const take = async (format: string) => {
    const response = await fetch(`${api.base}/api/v1/audit/export?format=${format}&objectId=${account.id}`, { headers: { cookie: `xiucheng_session=${audit.cookie()}` } })
    expect(response.status).toBe(200)
    return { text: await response.text(), name: response.headers.get('content-disposition') }
  }
  const file = await take('ndjson')
  expect(file.name).toMatch(/audit-\d{4}-\d\d-\d\d\.ndjson/)
  const entries = file.text.trimEnd().split('\n').map((line) => JSON.parse(line) as { action: string; hash: string })
  expect(entries.map((entry) => entry.action)).toEqual(['grantPost', 'createAccount'])
  const csv = (await take('csv')).text
  expect(csv).toContain(`# 筛选 Filter objectId: ${account.id}`)
  expect(csv).toContain(entries[1]!.hash)
  expect((await system.fetch('/audit/export')).status).toBe(403)
  const taken = (await audit.fetch(`/audit?action=exportAudit&who=${audit.login}`)).body as { entries: { details: object }[] }
  expect(taken.entries[0]!.details).toEqual({ format: 'csv', filter: { objectId: account.id } })
  // Part of a name finds its entries too; a percent sign is no wildcard.
  expect(((await audit.fetch(`/audit?objectId=${account.id}&who=${encodeURIComponent('测试')}`)).body as { entries: unknown[] }).entries).toHaveLength(2)
  expect(((await audit.fetch(`/audit?objectId=${account.id}&who=${encodeURIComponent('%')}`)).body as { entries: unknown[] }).entries).toHaveLength(0)
})
