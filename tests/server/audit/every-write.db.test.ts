import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Principal, SYSTEM } from '../../../server/access/principal.ts'
import { createDoorkeeper } from '../../../server/accounts/doorkeeper.ts'
import { createApp } from '../../../server/app.ts'
import { readConfig } from '../../../server/config.ts'
import { API_PREFIX } from '../../../server/contract/endpoint.ts'
import { listEndpoints } from '../../../server/contract/registry.ts'
import { startCoverageJobs, syncServiceRules } from '../../../server/coverage/coverage.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncEvaluationRules } from '../../../server/evaluation/rules.ts'
import { listRoutes, type MountedRoute } from '../../../server/http/guard.ts'
import { syncWorkCalendars } from '../../../server/incidents/calendars.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { anAccount } from '../../helpers/people.ts'
import { OF_CASES } from './writes/of-cases.ts'
import { OF_PEOPLE } from './writes/of-people.ts'
import { OF_RULES } from './writes/of-rules.ts'
import { OF_SCENARIOS } from './writes/of-scenarios.ts'
import type { Call, Prepare, Scene } from './writes/scene.ts'

const CALLS: Record<string, Prepare> = { ...OF_PEOPLE, ...OF_CASES, ...OF_RULES, ...OF_SCENARIOS }
/** What changes nothing and takes nothing out, though it is no GET. */
const WITHOUT_ENTRY: Record<string, string> = {
  replayRoutingRules: 'plays rules through on past cases and answers; nothing is kept',
  getWhatIfGround: 'a question with a body; what it answers is read from the map as well',
}
/** Entries that bear another name than the address: one for each case, or one of the work behind it. */
const ENTRY_OF: Record<string, string> = { bulkTransition: 'transitionIncident', uploadImport: 'beginImport', exportCoverageRun: 'exportCoverage', exportPlanningRun: 'exportSites', exportCoverageReport: 'exportReport', exportPlanningReport: 'exportReport', exportGapReport: 'exportReport' }
/** Addresses that no contract describes: files that come in parts, or go out. */
const UNDESCRIBED: Record<string, string> = { 'POST /api/v1/cities/:city/imports': 'uploadImport', 'GET /api/v1/cities/:city/coverage-runs/:run/export': 'exportCoverageRun', 'GET /api/v1/cities/:city/management-gaps/:layer/export': 'exportManagementGaps', 'GET /api/v1/cities/:city/planning-runs/:run/export': 'exportPlanningRun', 'GET /api/v1/cities/:city/coverage-comparison/export': 'exportComparison', 'GET /api/v1/cities/:city/coverage-runs/:run/report': 'exportCoverageReport', 'GET /api/v1/cities/:city/planning-runs/:run/report': 'exportPlanningReport', 'GET /api/v1/cities/:city/management-gaps/:layer/report': 'exportGapReport' }
const NAMES = new Map(listEndpoints().map(({ endpoint }) => [`${endpoint.method} ${API_PREFIX}${endpoint.path}`, endpoint.name]))

const addressOf = ({ method, path: address }: MountedRoute): string => `${method} ${address}`
const nameOf = (route: MountedRoute): string => NAMES.get(addressOf(route)) ?? UNDESCRIBED[addressOf(route)] ?? addressOf(route)
/** Writing, taking out as a file, and showing in clear what is masked elsewhere. */
const isLogged = (route: MountedRoute): boolean => route.method !== 'GET' || /export|\/report$/.test(route.path) || /\.(export|reveal)$/.test(String(route.access))

const db = openTestDb()
const ROUTES = listRoutes(createApp(aContext(db))).filter(isLogged)
let scene: Scene
let folder: string
let now = new Date('2026-11-20T02:00:00Z')

beforeAll(async () => {
  await Promise.all([syncCaseClasses(db), syncWorkCalendars(db), syncServiceRules(db), syncEvaluationRules(db)])
  folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-writes-'))
  const runner = aJobRunner()
  const jobs = { areHeld: false, idle: () => runner.idle() }
  const city = await aCity(db)
  await db.query(sql`update cities set is_demo = true where id = ${city.cityId}`)
  const { accountId, id } = await anAccount(db)
  const caller: Principal = { ...SYSTEM, kind: 'person', id, accountId, posts: SYSTEM.posts.flatMap((post) => [post, { ...post, role: 'operator' as const }]) }
  let simulated = { available: true, running: false, speed: 1 }
  const context = aContext(db, {
    config: readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', SECRETS_KEY: '0'.repeat(64), DATA_DIR: folder }),
    clock: () => now,
    jobs: { ...runner, enqueue: async (kind, reference) => (jobs.areHeld ? undefined : runner.enqueue(kind, reference)) },
    simulator: { cityKey: city.key, get state() { return simulated }, set: (next) => (simulated = { available: true, ...next }), close: async () => {} },
  })
  const doorkeeper = createDoorkeeper(db, context.config, context.log, () => now)
  const api = await openTestApi({
    ...context, doorkeeper,
    // Whoever has a session is himself, a browser without one nobody; everything else is done by somebody who may do all.
    identify: async (request) => (request.headers['sec-fetch-site'] ? doorkeeper.identify(request) : request.headers['x-test-actor'] ? SYSTEM : caller),
  })
  await startCoverageJobs(api.context)
  await startPlanningJobs(api.context)
  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000)
    doorkeeper.forget()
  }
  scene = { db, api, city, now: () => now, later, jobs }
})
afterAll(async () => {
  await db.query(sql`update cities set is_demo = false where id = ${scene.city.cityId}`)
  await scene.api.close()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

async function send(route: MountedRoute, { params, query, body, form, as }: Call): Promise<{ status: number; text: string }> {
  const given: Record<string, string> = { city: scene.city.key, ...params }
  const address = `${route.path.replace(/:([A-Za-z]+)/g, (_whole, name: string) => encodeURIComponent(given[name] ?? ''))}${query ? `?${new URLSearchParams(query).toString()}` : ''}`
  if (as) {
    const answer = await as.fetch(address.slice(API_PREFIX.length), { method: route.method, ...(body === undefined ? {} : { body }) })
    return { status: answer.status, text: JSON.stringify(answer.body) }
  }
  const json = form || route.method === 'GET' ? {} : { headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify(body ?? {}) }
  const answer = await scene.api.fetch(address, { method: route.method, ...(form ? { body: form } : json) })
  return { status: answer.status, text: await answer.text() }
}

const heads = async () => new Map((await db.query<{ chain: string; last: number }>(sql`select domain || ' ' || day as chain, last_sequence::int as last from audit_heads`)).map(({ chain, last }) => [chain, last]))

test('every address that writes, exports or reveals is called here, or says why it leaves nothing in the log', () => {
  const names = ROUTES.map(nameOf)
  expect(names.filter((name) => !(name in CALLS) && !(name in WITHOUT_ENTRY))).toEqual([])
  expect([...Object.keys(CALLS), ...Object.keys(WITHOUT_ENTRY)].filter((name) => !names.includes(name))).toEqual([])
  expect(names.length).toBeGreaterThan(50)
})

test.each(ROUTES.map((route) => [nameOf(route), route] as const).filter(([name]) => name in CALLS))('%s leaves its entry', async (name, route) => {
  scene.jobs.areHeld = false
  const call = await CALLS[name]!(scene)
  const before = await heads()
  const { status, text } = await send(route, call)
  expect([status < 300, text.slice(0, 500)]).toEqual([true, text.slice(0, 500)])
  const entries = await db.query<{ action: string; outcome: string; chain: string; sequence: number }>(sql`
    select action, outcome, domain || ' ' || day as chain, sequence::int as sequence from audit_entries where day = ${now.toISOString().slice(0, 10)}::date order by sequence desc`)
  const left = entries.filter(({ chain, sequence }) => sequence > (before.get(chain) ?? 0)).map(({ action, outcome }) => `${action} ${outcome}`)
  expect(left.map((entry) => entry.split(' ')[0])).toContain(ENTRY_OF[name] ?? name)
  await scene.jobs.idle()
})
