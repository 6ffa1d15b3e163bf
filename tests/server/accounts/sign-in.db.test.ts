import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashToken, makeToken } from '../../../server/accounts/secrets.ts'
import { sealStoredSecrets } from '../../../server/accounts/sealed-secrets.ts'
import { BACKGROUND_HEADER } from '../../../server/contract/accounts.ts'
import { sql } from '../../../server/db/sql.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { aBrowser, aGuardedContext, anAccount, type Browser } from '../../helpers/people.ts'

const PASSWORD = 'correct horse battery'
const db = openTestDb()
let api: TestApi
let now = new Date('2026-11-27T08:00:00Z')
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
  api.context.doorkeeper.forget()
}

beforeAll(async () => {
  api = await openTestApi(aGuardedContext(db, { clock: () => now }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const signIn = (browser: Browser, login: string, password = PASSWORD, more: object = {}) => browser.fetch('/session', { method: 'POST', body: { login, password, ...more } })
const state = async (browser: Browser) => (await browser.fetch('/session')).body as { mode: string; principal: { kind: string; login: string | null; needsSecondFactor: boolean; mustChangePassword: boolean; posts: { role: string }[] } }

describe('a session', () => {
  test('begins with the right password under a new value, is known by its cookie, and ends with signing out', async () => {
    const city = await aCity(db)
    const { login } = await anAccount(db, { password: PASSWORD, posts: [{ role: 'operator', cityId: city.cityId }] })
    const browser = aBrowser(api)
    expect((await signIn(browser, login, 'wrong horse battery')).status).toBe(401)
    expect((await browser.fetch(`/cities/${city.key}`)).status).toBe(401)
    const entered = await signIn(browser, ` ${login.toUpperCase()} `)
    expect(entered.status).toBe(200)
    expect(entered.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax/)
    expect(await state(browser)).toMatchObject({ mode: 'closed', principal: { kind: 'person', login, posts: [{ role: 'operator' }] } })
    expect((await browser.fetch(`/cities/${city.key}`)).status).toBe(200)
    // Another city is as if it did not exist.
    expect((await browser.fetch(`/cities/${(await aCity(db)).key}`)).status).toBe(404)
    const first = browser.cookie()!
    expect((await signIn(browser, login)).status).toBe(200)
    expect(browser.cookie()).not.toBe(first)
    const old = aBrowser(api)
    expect((await old.fetch(`/cities/${city.key}`, { headers: { cookie: `xiucheng_session=${first}` } })).status).toBe(401)
    const last = browser.cookie()!
    await browser.fetch('/session', { method: 'DELETE' })
    expect(browser.cookie()).toBeUndefined()
    expect((await old.fetch(`/cities/${city.key}`, { headers: { cookie: `xiucheng_session=${last}` } })).status).toBe(401)
  })

  test('keeps nothing in the database that would sign anybody in', async () => {
    const { login } = await anAccount(db, { password: PASSWORD })
    const browser = aBrowser(api)
    await signIn(browser, login)
    const found = await db.query(sql`select 1 from sessions where token_hash = ${browser.cookie()!}`)
    expect(found).toEqual([])
    // Nor is a cookie's value a token for programs.
    const asBearer = await aBrowser(api).fetch('/cities', { headers: { authorization: `Bearer ${browser.cookie()}` } })
    expect(asBearer.status).toBe(401)
  })

  test('ends after half an hour without use, and after twelve hours however busy it is', async () => {
    const { login } = await anAccount(db, { password: PASSWORD })
    const idle = aBrowser(api)
    await signIn(idle, login)
    later(29)
    expect((await idle.fetch('/cities')).status).toBe(200)
    later(31)
    expect((await idle.fetch('/cities')).status).toBe(401)
    const busy = aBrowser(api)
    await signIn(busy, login)
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      later(20)
      expect((await busy.fetch('/cities')).status).toBe(200)
    }
    later(20)
    expect((await busy.fetch('/cities')).status).toBe(401)
  })

  test('what a page asks by itself does not keep it alive: the feed and its watches go on, and it ends all the same', async () => {
    const { login } = await anAccount(db, { password: PASSWORD })
    const left = aBrowser(api)
    await signIn(left, login)
    for (const minutes of [10, 10, 9]) {
      later(minutes)
      expect((await left.fetch('/cities', { headers: { [BACKGROUND_HEADER]: '1' } })).status).toBe(200)
      // The feed, opened anew after a cut: known, though he has no post to see a city with.
      expect((await left.fetch('/live')).status).toBe(403)
    }
    later(2)
    expect((await left.fetch('/cities', { headers: { [BACKGROUND_HEADER]: '1' } })).status).toBe(401)
  })

  test('of a screen is never idle, though all it asks it asks by itself', async () => {
    const city = await aCity(db)
    const { accountId } = await anAccount(db, { kind: 'display', posts: [{ role: 'display', cityId: city.cityId }] })
    const token = makeToken()
    await db.query(sql`insert into access_tokens (public_id, account_id, token_hash, hint, purpose) values (gen_random_uuid(), ${accountId}, ${hashToken(token)}, ${token.slice(-4)}, 'wall')`)
    const wall = aBrowser(api)
    expect((await wall.fetch('/session/display', { method: 'POST', body: { token } })).status).toBe(200)
    later(24 * 60)
    expect((await wall.fetch(`/cities/${city.key}`, { headers: { [BACKGROUND_HEADER]: '1' } })).status).toBe(200)
  })

  test('is listed to its owner and revoked by him; nobody else’s is', async () => {
    const { login } = await anAccount(db, { password: PASSWORD })
    const [office, phone, stranger] = [aBrowser(api), aBrowser(api), aBrowser(api)]
    await signIn(office, login)
    await signIn(phone, login)
    const { login: other } = await anAccount(db, { password: PASSWORD })
    await signIn(stranger, other)
    const { sessions } = (await office.fetch('/session/all')).body as { sessions: { id: string; isCurrent: boolean }[] }
    expect(sessions.map((session) => session.isCurrent).sort()).toEqual([false, true])
    const phones = sessions.find((session) => !session.isCurrent)!
    expect((await stranger.fetch(`/sessions/${phones.id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await phone.fetch('/cities')).status).toBe(200)
    expect((await office.fetch(`/sessions/${phones.id}`, { method: 'DELETE' })).status).toBe(200)
    expect((await phone.fetch('/cities')).status).toBe(401)
  })

  test('somebody with an ended account or an ended post is out within the next look', async () => {
    const city = await aCity(db)
    const account = await anAccount(db, { password: PASSWORD, posts: [{ role: 'operator', cityId: city.cityId }] })
    const browser = aBrowser(api)
    await signIn(browser, account.login)
    await db.query(sql`update posts set ended_at = now() where account_id = ${account.accountId}`)
    api.context.doorkeeper.forget()
    expect((await browser.fetch(`/cities/${city.key}`)).status).toBe(404)
    await db.query(sql`update accounts set ended_at = now() where id = ${account.accountId}`)
    api.context.doorkeeper.forget()
    expect((await browser.fetch('/cities')).status).toBe(401)
    expect((await signIn(browser, account.login)).status).toBe(401)
  })
})

describe('guessing', () => {
  test('an account is locked for longer and longer, where it was never used before; the right password then does not help either', async () => {
    const { login } = await anAccount(db, { password: PASSWORD })
    const browser = aBrowser(api)
    const answers: number[] = []
    for (let attempt = 0; attempt < 8; attempt++) answers.push((await signIn(browser, login, `guess number ${attempt}`)).status)
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
    expect((await signIn(browser, login)).status).toBe(429)
    later(1)
    expect((await signIn(browser, login)).status).toBe(200)
  })

  test('a login that does not exist is answered and slowed like one that does', async () => {
    later(5)
    const { login } = await anAccount(db, { password: PASSWORD })
    const ask = async (name: string) => {
      const { status, body } = await signIn(aBrowser(api), name, 'some wrong password')
      return { status, detail: body['detail'] }
    }
    const real: unknown[] = []
    const invented: unknown[] = []
    for (let attempt = 0; attempt < 7; attempt++) {
      real.push(await ask(login))
      invented.push(await ask('nobody-of-that-name'))
    }
    expect(invented).toEqual(real)
  })

  test('where its owner is at home, an account stays open to him though others try it elsewhere', async () => {
    later(60)
    const account = await anAccount(db, { password: PASSWORD })
    const browser = aBrowser(api)
    expect((await signIn(browser, account.login)).status).toBe(200)
    await db.query(sql`update accounts set failed_sign_ins = 50, locked_until = ${new Date(now.getTime() + 600_000)}::timestamptz where id = ${account.accountId}`)
    expect((await signIn(browser, account.login)).status).toBe(200)
  })
})

test('a new password ends the other sessions, and one set by somebody else must be changed first', async () => {
  later(60)
  const city = await aCity(db)
  const account = await anAccount(db, { password: PASSWORD, posts: [{ role: 'operator', cityId: city.cityId }] })
  const [here, there] = [aBrowser(api), aBrowser(api)]
  await signIn(there, account.login)
  await db.query(sql`update accounts set must_change_password = true where id = ${account.accountId}`)
  await signIn(here, account.login)
  expect((await state(here)).principal.mustChangePassword).toBe(true)
  const refused = await here.fetch(`/cities/${city.key}`)
  expect([refused.status, refused.body['code']]).toEqual([403, 'password_change_needed'])
  const change = (currentPassword: string, newPassword: string) => here.fetch('/session/password', { method: 'POST', body: { currentPassword, newPassword } })
  expect((await change('not this one', 'a much better one')).status).toBe(401)
  expect((await change(PASSWORD, `${account.login}12345`)).status).toBe(400)
  expect((await change(PASSWORD, 'aaaaaaaaaaaa')).status).toBe(400)
  expect((await change(PASSWORD, 'a much better one')).status).toBe(200)
  expect((await here.fetch(`/cities/${city.key}`)).status).toBe(200)
  expect((await there.fetch('/cities')).status).toBe(401)
  expect((await signIn(aBrowser(api), account.login)).status).toBe(401)
})

test('the privileged set up a second factor before they can do anything; each code counts once', async () => {
  later(60)
  const { login } = await anAccount(db, { password: PASSWORD, posts: [{ role: 'security_admin' }] })
  const browser = aBrowser(api)
  await signIn(browser, login)
  expect((await state(browser)).principal.needsSecondFactor).toBe(true)
  const refused = await browser.fetch('/sessions')
  expect([refused.status, refused.body['code']]).toEqual([403, 'second_factor_needed'])
  const { secret, address } = (await browser.fetch('/session/second-factor', { method: 'POST', body: {} })).body as { secret: string; address: string }
  expect(address).toMatch(/^otpauth:\/\/totp\//)
  expect((await db.query<{ secret: string }>(sql`select totp_secret as secret from accounts where login = ${login}`))[0]!.secret).not.toContain(secret)
  const codeAt = (at: Date) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() })
  const give = (kind: 'confirm' | 'verify', code: string) => browser.fetch(`/session/second-factor/${kind}`, { method: 'POST', body: { code } })
  expect((await give('confirm', '000000')).status).toBe(401)
  const before = browser.cookie()
  expect((await give('confirm', codeAt(now))).status).toBe(200)
  expect(browser.cookie()).not.toBe(before)
  expect((await browser.fetch('/sessions')).status).toBe(200)
  // The next sign-in: password, then a code that was not used.
  await signIn(browser, login)
  expect((await browser.fetch('/sessions')).status).toBe(403)
  expect((await give('verify', codeAt(now))).status).toBe(401)
  later(2)
  expect((await give('verify', codeAt(now))).status).toBe(200)
  expect((await browser.fetch('/sessions')).status).toBe(200)
  later(2)
  expect((await signIn(browser, login, PASSWORD, { code: codeAt(now) })).status).toBe(200)
  expect((await browser.fetch('/sessions')).status).toBe(200)
})

test('a second factor that an earlier version stored in clear is sealed at the start, and its codes still count', async () => {
  later(60)
  const account = await anAccount(db, { password: PASSWORD })
  const secret = new Secret({ size: 20 }).base32
  const stored = async () => (await db.query<{ secret: string }>(sql`select totp_secret as secret from accounts where id = ${account.accountId}`))[0]!.secret
  await db.query(sql`update accounts set totp_secret = ${secret}, totp_confirmed_at = ${now}::timestamptz where id = ${account.accountId}`)
  expect(await sealStoredSecrets(db, api.context.config, api.context.log)).toMatchObject({ locked: 0 })
  const sealed = await stored()
  expect(sealed).not.toContain(secret)
  await sealStoredSecrets(db, api.context.config, api.context.log)
  expect(await stored()).toBe(sealed)
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() })
  expect((await signIn(aBrowser(api), account.login, PASSWORD, { code: code() })).status).toBe(200)
  // Whoever starts with another key is told of it, and nobody gets in without his code.
  later(2)
  const elsewhere = { ...api.context.config, SECRETS_KEY: '1'.repeat(64) }
  expect((await sealStoredSecrets(db, elsewhere, api.context.log)).locked).toBeGreaterThan(0)
  expect(await stored()).toBe(sealed)
})

test('every sign-in and every refusal is in the log, without what was typed', async () => {
  const account = await anAccount(db, { password: PASSWORD })
  await signIn(aBrowser(api), account.login, 'a secret slip of the hand')
  await signIn(aBrowser(api), account.login)
  const entries = await db.query<{ outcome: string; text: string }>(sql`select outcome, row_to_json(e)::text as text from audit_entries e where action = 'signIn' and object_id = ${account.id} order by sequence`)
  expect(entries.map((entry) => entry.outcome)).toEqual(['refused', 'done'])
  expect(entries.map((entry) => entry.text).join()).not.toContain('secret slip')
})
