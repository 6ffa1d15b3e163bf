import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { safePath } from '../../../server/accounts/identity-provider.ts'
import { readConfig } from '../../../server/config.ts'
import { sql } from '../../../server/db/sql.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { aGuardedContext, anAccount, type TestAccount } from '../../helpers/people.ts'
import { aProvider, type Provider } from './a-provider.ts'

const db = openTestDb()
const BASE = 'http://console.localhost'
let api: TestApi
let provider: Provider

beforeAll(async () => {
  provider = await aProvider('xiucheng', 'between us')
  const config = readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: 'xiucheng', OIDC_CLIENT_SECRET: 'between us', OIDC_NAME: '政务统一认证', PUBLIC_BASE_URL: BASE })
  api = await openTestApi(aGuardedContext(db, { config }))
})
beforeEach(() => {
  provider.forge = {}
})
afterAll(async () => {
  await api.close()
  await provider.close()
  await db.close()
})

interface Trip {
  cookies: Map<string, string>
  location: string
}

/** One step of a browser that follows no redirect by itself and keeps its cookies. */
async function go(trip: Trip, address: string): Promise<void> {
  const isOurs = address.startsWith(BASE) || address.startsWith('/')
  const url = isOurs ? `${api.base}${address.replace(BASE, '')}` : address
  const response = await fetch(url, { redirect: 'manual', headers: isOurs ? { cookie: [...trip.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {} })
  if (isOurs) {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') trip.cookies.delete(name)
      else trip.cookies.set(name, value)
    }
  }
  trip.location = response.headers.get('location') ?? ''
}

/** To the provider and back. */
async function visit(next = '/workbench?queue=mine', before: (trip: Trip) => void = () => {}): Promise<Trip> {
  const trip: Trip = { cookies: new Map(), location: '' }
  await go(trip, `/api/v1/session/identity-provider?next=${encodeURIComponent(next)}`)
  await go(trip, trip.location)
  before(trip)
  await go(trip, trip.location)
  return trip
}

async function who(trip: Trip): Promise<string | null> {
  const response = await fetch(`${api.base}/api/v1/session`, { headers: { cookie: `xiucheng_session=${trip.cookies.get('xiucheng_session') ?? ''}` } })
  return ((await response.json()) as { principal: { login: string | null } }).principal.login
}

async function aPerson(): Promise<TestAccount> {
  const city = await aCity(db)
  return anAccount(db, { posts: [{ role: 'viewer', cityId: city.cityId }] })
}

describe('the outside identity provider', () => {
  test('signs in whoever has that login here, links him, and from then on knows him by his subject alone', async () => {
    const person = await aPerson()
    provider.person = { sub: `s-${person.login}`, preferred_username: person.login.toUpperCase() }
    const trip = await visit()
    expect(trip.location).toBe('/workbench?queue=mine')
    expect(await who(trip)).toBe(person.login)
    expect(trip.cookies.has('xiucheng_identity_trip')).toBe(false)
    // Another name at the provider is still he; another subject with his name is not.
    provider.person = { sub: `s-${person.login}`, preferred_username: 'renamed' }
    expect(await who(await visit())).toBe(person.login)
    provider.person = { sub: 'somebody-else', preferred_username: person.login }
    const other = await visit()
    expect(other.location).toMatch(/^\/sign-in\?.*refused=forbidden/)
    expect(await who(other)).toBeNull()
  })

  test('does not let in whoever has no account, an ended one, a service or a persona', async () => {
    const refusedAs = async (login: string) => {
      provider.person = { sub: `x-${login}`, preferred_username: login }
      return (await visit()).location
    }
    const ended = await aPerson()
    await db.query(sql`update accounts set ended_at = now() where id = ${ended.accountId}`)
    const persona = await anAccount(db, { demoCityId: (await aCity(db)).cityId })
    for (const login of ['nobody-at-all', ended.login, (await anAccount(db, { kind: 'service' })).login, persona.login]) expect(await refusedAs(login)).toMatch(/refused=forbidden/)
  })

  test('asks the privileged for their second factor all the same', async () => {
    const { login } = await anAccount(db, { posts: [{ role: 'auditor' }] })
    provider.person = { sub: `s-${login}`, preferred_username: login }
    const trip = await visit()
    const response = await fetch(`${api.base}/api/v1/audit`, { headers: { cookie: `xiucheng_session=${trip.cookies.get('xiucheng_session')}` } })
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'second_factor_needed'])
  })

  test.each([
    ['another state', (trip: Trip) => (trip.location = trip.location.replace(/state=[^&]+/, 'state=forged'))],
    ['no state', (trip: Trip) => (trip.location = trip.location.replace(/&?state=[^&]+/, ''))],
    ['another code', (trip: Trip) => (trip.location = trip.location.replace(/code=[^&]+/, 'code=forged'))],
    ['another issuer', (trip: Trip) => (trip.location = trip.location.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'))],
    ['a browser that asked nothing', (trip: Trip) => trip.cookies.clear()],
    ['a trip that is garbled', (trip: Trip) => trip.cookies.set('xiucheng_identity_trip', 'e30')],
  ])('an answer with %s signs nobody in', async (_what, spoil) => {
    const person = await aPerson()
    provider.person = { sub: `s-${person.login}`, preferred_username: person.login }
    const trip = await visit('/', (at) => void spoil(at))
    expect(trip.location).toMatch(/^\/sign-in\?.*refused=unauthenticated/)
    expect(await who(trip)).toBeNull()
  })

  test.each([
    ['for another client', { aud: 'another' }],
    ['from another issuer', { iss: 'https://evil.example' }],
    ['with another nonce', { nonce: 'replayed' }],
  ])('nor does an identity %s', async (_what, forge) => {
    const person = await aPerson()
    provider.person = { sub: `s-${person.login}`, preferred_username: person.login }
    provider.forge = forge
    const trip = await visit()
    expect(trip.location).toMatch(/refused=unauthenticated/)
    expect(await who(trip)).toBeNull()
  })

  test('an answer is taken once', async () => {
    const person = await aPerson()
    provider.person = { sub: `s-${person.login}`, preferred_username: person.login }
    let answer = ''
    const trip = await visit('/', (at) => (answer = at.location))
    expect(await who(trip)).toBe(person.login)
    await go(trip, answer)
    expect(trip.location).toMatch(/refused=unauthenticated/)
  })

  test('is named on the sign-in page, and leads back to paths of our own only', async () => {
    const state = (await (await fetch(`${api.base}/api/v1/session`)).json()) as { ways: { identityProvider: string } }
    expect(state.ways.identityProvider).toBe('政务统一认证')
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/a b', undefined, ['/a']]) expect(safePath(next)).toBe('/')
    expect(safePath('/workbench?queue=mine')).toBe('/workbench?queue=mine')
  })
})

test('the settings that go with it are asked for in a sentence', () => {
  expect(() => readConfig({ OIDC_ISSUER: 'https://id.example' })).toThrow(/needs OIDC_CLIENT_ID and PUBLIC_BASE_URL/)
  expect(() => readConfig({ OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'x', PUBLIC_BASE_URL: 'https://city.example' })).toThrow(/has to be an https/)
})
