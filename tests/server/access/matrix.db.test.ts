import { v7 as uuidv7 } from 'uuid'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Principal, VISITOR } from '../../../server/access/principal.ts'
import { createApp } from '../../../server/app.ts'
import { API_PREFIX } from '../../../server/contract/endpoint.ts'
import { type Access, type AnyRole, BuiltInRole, GRANTS, Permission, permissionRefusal, Role } from '../../../server/contract/permissions.ts'
import { listEndpoints } from '../../../server/contract/registry.ts'
import { AppError } from '../../../server/errors.ts'
import { guard, listRoutes, type MountedRoute, refuseUnguarded } from '../../../server/http/guard.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'

const db = openTestDb()
const ROLES: readonly AnyRole[] = [...Role.options, ...BuiltInRole.options]
let api: TestApi
let routes: MountedRoute[]
let city: TestCity
let foreign: TestCity

/** Whoever the request's headers say, with one post. */
function principalFrom(headers: Record<string, string | string[] | undefined>): Principal {
  const role = headers['x-role'] as AnyRole | undefined
  if (role === undefined) return VISITOR
  const cityKey = headers['x-city'] === undefined ? null : String(headers['x-city'])
  return {
    ...VISITOR,
    kind: role === 'display' ? 'display' : role === 'intake_service' || role === 'monitoring_service' ? 'service' : 'person',
    name: role,
    posts: [{ id: role, role, cityKey, organisation: null, organisationId: null, areaCode: '990101' }],
    needsSecondFactor: headers['x-owes'] === 'second-factor',
    mustChangePassword: headers['x-owes'] === 'password',
  }
}

beforeAll(async () => {
  const live = { join: () => Promise.reject(new AppError('unavailable', 'no feed in this test')), close: async () => {} }
  const context = aContext(db, { identify: async (request) => principalFrom(request.headers), live: live as never })
  api = await openTestApi(context)
  routes = listRoutes(createApp(context))
  city = await aCity(db)
  foreign = await aCity(db)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

/** An address of the route in this city; every other part names nothing that is there. */
function addressOf({ path }: MountedRoute): string {
  const filled = path
    .replace(':city', city.key)
    .replace('/:layers.json', '/green_spaces.json')
    .replace('/:layers/:version/:z/:x/:y.mvt', '/green_spaces/0/14/13000/6500.mvt')
    .replace('/:scheme/:kind/:code', '/NONE/event/9999')
    .replace(/:kind\b/, 'green_spaces')
    .replace(/:measure\b/, 'population')
    .replace(/:indicator\b/, 'park_area_per_person')
    .replace('/management-gaps/:layer', '/management-gaps/attention')
    .replace('/versions/:version', '/versions/1')
    .replace(/:[A-Za-z]+/g, () => uuidv7())
  return path === `${API_PREFIX}/live` ? `${filled}?city=${city.key}` : filled
}

/** Bodies are lists, which no address takes: whoever is let through is refused for it, and nothing is written. */
async function ask(route: MountedRoute, headers: Record<string, string> = {}): Promise<{ status: number; detail: string }> {
  const response = await api.fetch(addressOf(route), { method: route.method, headers: { ...headers, ...(route.method === 'GET' ? {} : { 'content-type': 'application/json' }) }, ...(route.method === 'GET' ? {} : { body: '[]' }) })
  const text = await response.text()
  const detail = text.startsWith('{') ? ((JSON.parse(text) as { detail?: string }).detail ?? '') : ''
  return { status: response.status, detail }
}

function grants(access: Access, role: AnyRole): boolean {
  if (access === 'public' || access === 'session' || access === 'signed_in') return true
  return GRANTS[access][role] !== undefined
}

const nameOf = ({ method, path }: MountedRoute) => `${method} ${path}`
const isOfCity = (route: MountedRoute) => route.path.includes(':city') || route.path === `${API_PREFIX}/live`

test('every endpoint of the contract is mounted with the access it says, and nothing is mounted that says none', () => {
  const mounted = new Map(routes.map((route) => [nameOf(route), route.access]))
  // The progress of the start is answered before there is an application.
  const described = listEndpoints().filter(({ endpoint }) => endpoint.name !== 'getStartup')
  expect(described.length).toBeGreaterThan(60)
  for (const { endpoint } of described) expect([endpoint.name, mounted.get(`${endpoint.method} ${API_PREFIX}${endpoint.path}`)]).toEqual([endpoint.name, endpoint.access])
  expect(routes.filter((route) => route.access === undefined)).toEqual([])
})

test('an application with a route that says nothing does not start', () => {
  const app = express()
  app.get('/guarded', guard({ identify: async () => VISITOR }, 'city.read'), (_request, response) => void response.end())
  expect(() => refuseUnguarded(app)).not.toThrow()
  app.get('/forgotten', (_request, response) => void response.end())
  expect(() => refuseUnguarded(app)).toThrow(/GET \/forgotten/)
})

test('a visitor is asked to sign in everywhere but where nothing is asked', async () => {
  for (const route of routes) {
    const { status } = await ask(route)
    if (route.access === 'public') expect([nameOf(route), status]).not.toEqual([nameOf(route), 401])
    else expect([nameOf(route), status]).toEqual([nameOf(route), 401])
  }
})

describe('whoever still owes something can give it and nothing else', () => {
  test.each(['second-factor', 'password'])('%s', async (owes) => {
    for (const route of routes.filter(({ access }) => access !== 'public')) {
      const { status } = await ask(route, { 'x-role': 'system', 'x-owes': owes })
      if (route.access === 'session') expect([nameOf(route), status]).not.toEqual([nameOf(route), 403])
      else expect([nameOf(route), status]).toEqual([nameOf(route), 403])
    }
  })
})

describe('every address answers each role as the one table says', () => {
  test.each(ROLES)('%s', async (role) => {
    const wrong: string[] = []
    for (const route of routes) {
      const access = route.access ?? 'public'
      const { status, detail } = await ask(route, { 'x-role': role, 'x-city': city.key })
      const isScreenWriting = role === 'display' && route.method !== 'GET' && access !== 'public'
      const isLetThrough = grants(access, role) && !isScreenWriting
      // A use case may ask for more and say so in its own words; the table's refusal is told by its sentence.
      const isRefusedByTable = status === 403 && (isScreenWriting ? detail.includes('A screen can only look') : access !== 'public' && access !== 'session' && access !== 'signed_in' && detail.startsWith(permissionRefusal(access).zh))
      // 503: let through, and what stands behind (a feed, rules that a start loads) is not there in this test.
      const isFault = status >= 500 && status !== 503
      if (status === 401 || isFault || isLetThrough === isRefusedByTable) wrong.push(`${nameOf(route)} (${access}): ${status} ${detail}`)
    }
    expect(wrong).toEqual([])
  })
})

test('a city in which somebody has no post is as if it did not exist, whatever his role there', async () => {
  for (const role of ROLES) {
    for (const route of routes.filter((one) => isOfCity(one) && one.access !== 'public')) {
      const { status } = await ask(route, { 'x-role': role, 'x-city': foreign.key })
      const isScreenWriting = role === 'display' && route.method !== 'GET'
      expect([role, nameOf(route), status]).toEqual([role, nameOf(route), isScreenWriting ? 403 : 404])
    }
  }
})

test('nor is a city named in the query anybody’s who has no post there', async () => {
  const asked = listEndpoints().filter(({ endpoint }) => endpoint.access !== 'public' && endpoint.query !== undefined && 'shape' in endpoint.query && 'city' in (endpoint.query.shape as object))
  expect(asked.map(({ endpoint }) => endpoint.name)).toEqual(expect.arrayContaining(['listAccounts', 'listAudit']))
  for (const { endpoint } of asked) {
    for (const role of ROLES) {
      const { status } = await api.fetch(`${API_PREFIX}${endpoint.path}?city=${city.key}`, { method: endpoint.method, headers: { 'x-role': role, 'x-city': foreign.key } })
      expect([role, endpoint.name, status]).toEqual([role, endpoint.name, 404])
    }
  }
})

test('the three administrators have none of the city’s business, and none of them what another has', () => {
  const business = Permission.options.filter((permission) => /^(city|incidents|coverage|dispatch|evaluation|simulator)\./.test(permission))
  const held = (role: Role) => Permission.options.filter((permission) => GRANTS[permission][role] !== undefined)
  const administrators = ['system_admin', 'security_admin', 'audit_admin'] as const
  for (const role of administrators) expect([role, held(role).filter((permission) => business.includes(permission))]).toEqual([role, []])
  const writes = ['accounts.edit', 'posts.grant', 'sessions.revoke', 'tokens.edit', 'audit.read', 'audit.verify'] as const
  for (const permission of writes) expect(administrators.filter((role) => GRANTS[permission][role] !== undefined)).toHaveLength(1)
  expect(held('auditor').filter((permission) => !permission.endsWith('.read') && permission !== 'audit.verify')).toEqual([])
})
