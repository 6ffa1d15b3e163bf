import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppContext } from '../../../server/context.ts'
import { sql } from '../../../server/db/sql.ts'
import { errorHandler, notFound } from '../../../server/http/error-handler.ts'
import { metricsRoutes } from '../../../server/health/metrics.ts'
import { openApiRoutes } from '../../../server/health/openapi.ts'
import { hashToken, makeToken } from '../../../server/accounts/secrets.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { aGuardedContext, anAccount } from '../../helpers/people.ts'

const db = openTestDb()
let context: AppContext
let server: Server
let base: string

beforeAll(async () => {
  // One person with an account of his own closes the console.
  await anAccount(db, { password: 'correct horse battery' })
  context = aGuardedContext(db)
  const app = express()
  metricsRoutes(app, () => db, (request) => context.identify(request))
  openApiRoutes(app, (request) => context.identify(request))
  app.use(notFound)
  app.use(errorHandler(pino({ level: 'silent' })))
  server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await db.close()
})

async function aToken(role: 'intake_service' | 'monitoring_service', cityId: number | null): Promise<string> {
  const { accountId } = await anAccount(db, { kind: 'service', posts: [{ role, cityId }] })
  const token = makeToken()
  await db.query(sql`insert into access_tokens (public_id, account_id, token_hash, hint, purpose) values (gen_random_uuid(), ${accountId}, ${hashToken(token)}, ${token.slice(-4)}, 'figures')`)
  return token
}
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${base}${path}`, { headers })
/** As a proxy on this very machine hands on what comes from elsewhere. */
const FROM_ELSEWHERE = { 'x-forwarded-for': '203.0.113.7' }

test('the figures of the program are for this machine, and for a monitoring service from elsewhere; a proxy’s guests find nothing', async () => {
  const here = await get('/metrics')
  expect(here.status).toBe(200)
  expect(await here.text()).toContain('xiucheng_http_request_seconds')
  expect((await get('/metrics', FROM_ELSEWHERE)).status).toBe(404)
  const { cityId } = await aCity(db)
  const intake = await get('/metrics', { ...FROM_ELSEWHERE, authorization: `Bearer ${await aToken('intake_service', cityId)}` })
  expect(intake.status).toBe(403)
  const monitoring = await get('/metrics', { ...FROM_ELSEWHERE, authorization: `Bearer ${await aToken('monitoring_service', null)}` })
  expect(monitoring.status).toBe(200)
  expect((await get('/metrics', { ...FROM_ELSEWHERE, authorization: 'Bearer nobodys-token' })).status).toBe(401)
})

test('the description of the API needs a sign-in once the console is closed', async () => {
  expect((await get('/openapi.json')).status).toBe(401)
  const { cityId } = await aCity(db)
  const described = await get('/openapi.json', { authorization: `Bearer ${await aToken('intake_service', cityId)}` })
  expect(described.status).toBe(200)
  expect(await described.json()).toMatchObject({ openapi: '3.1.0' })
})
