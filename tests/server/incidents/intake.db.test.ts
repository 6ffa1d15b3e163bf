import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SYSTEM } from '../../../server/access/principal.ts'
import { createToken, revokeToken } from '../../../server/accounts/tokens.ts'
import { getCity } from '../../../server/cities/cities.ts'
import { readConfig } from '../../../server/config.ts'
import { type Incident, IncidentReport, IncidentSource } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { reportIncident, syncCaseClasses } from '../../../server/incidents/incidents.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aGuardedContext, anAccount } from '../../helpers/people.ts'
import { aPhoto } from './photos.ts'
import { aReport, postReport, type ReportBody } from './reporting.ts'

const db = openTestDb()
let api: TestApi
let city: TestCity
let folder: string
beforeAll(async () => {
  await syncCaseClasses(db)
  folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-intake-'))
  api = await openTestApi(aGuardedContext(db, { config: readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: folder }) }))
  city = await aCity(db)
  // Somebody real has an account: from here on nobody gets in without showing something.
  await anAccount(db)
})
afterAll(async () => {
  await api.close()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

interface Service {
  accountId: number
  tokenId: string
  headers: Record<string, string>
}
async function aService(sources: IncidentSource[] | null, at: TestCity = city): Promise<Service> {
  const { accountId, id } = await anAccount(db, { kind: 'service', posts: [{ role: 'intake_service', cityId: at.cityId }] })
  const { token, accessToken } = await createToken(api.context, SYSTEM, { accountId: id, purpose: `接入 ${sources?.join('、') ?? '全部来源'}`, sources, expiresAt: null })
  return { accountId, tokenId: accessToken.id, headers: { authorization: `Bearer ${token}` } }
}
const send = (service: Service, body: Partial<ReportBody>, key = uuidv7(), at = city) => postReport(api, at, aReport({ reportedBy: undefined, ...body }), key, service.headers)
async function sendPhoto(service: Service, incident: string, bytes: Buffer): Promise<{ status: number; replayed: boolean }> {
  const form = new FormData()
  form.append('kind', 'near')
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'photo.jpg')
  const response = await api.fetch(`/api/v1/cities/${city.key}/incidents/${incident}/evidence`, { method: 'POST', body: form, headers: service.headers })
  return { status: response.status, replayed: response.headers.get('idempotency-replayed') === 'true' }
}
const casesOf = async (service: Service) => (await db.query<{ count: number }>(sql`select count(*)::int as count from incidents where reporter_id = ${service.accountId}`))[0]!.count

describe('one intake for every source', () => {
  test.each(IncidentSource.options)('%s: a token for it reports, adds a photo, gets the same answer for a retry, and speaks for no other source', async (source) => {
    const service = await aService([source])
    const key = '1'
    const body = { source, description: '路面积水', position: [114, 30] as [number, number], sourceReference: `${source}-1` }
    const first = await send(service, body, key)
    expect(first).toMatchObject({ status: 201, replayed: false, body: { source, state: 'pending_accept', description: '路面积水' } })
    expect(await send(service, body, key)).toMatchObject({ status: 201, replayed: true, body: { id: first.body.id } })
    const photo = await aPhoto()
    expect([await sendPhoto(service, first.body.id, photo), await sendPhoto(service, first.body.id, photo)]).toEqual([{ status: 201, replayed: false }, { status: 201, replayed: true }])
    const other = source === 'leader' ? 'citizen_app' : 'leader'
    expect(await send(service, { source: other })).toMatchObject({ status: 403, body: { code: 'forbidden', detail: expect.stringContaining(`只用于来源 ${source}`) } })
    expect(await casesOf(service)).toBe(1)
  })
})

describe('a retry never makes a second case', () => {
  test('twelve at once: one case, the others get its answer or are asked to come again', async () => {
    const service = await aService(['video_ai'])
    const key = uuidv7()
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(service, { source: 'video_ai' }, key)))
    const done = answers.filter(({ status }) => status === 201)
    expect(new Set(done.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ status }) => status !== 201).every(({ status, body }) => status === 409 && body.code === 'in_progress')).toBe(true)
    expect(await send(service, { source: 'video_ai' }, key)).toMatchObject({ status: 201, replayed: true, body: { id: done[0]!.body.id } })
    expect(await casesOf(service)).toBe(1)
  })

  test('after the server was cut off between its commit and its answer', async () => {
    const service = await aService(['iot'])
    const body = IncidentReport.parse(aReport({ source: 'iot', reportedBy: undefined }))
    const principal = await api.context.identify({ headers: service.headers, socket: {} } as never)
    // Committed, and nobody was told.
    const { answer } = await reportIncident(db, await getCity(db, city.key), principal, body, 'lost', new Date())
    expect(await send(service, { source: 'iot' }, 'lost')).toMatchObject({ status: 201, replayed: true, body: { id: answer.id } })
    expect(await casesOf(service)).toBe(1)
  })

  test('with another body it is refused, with the key named; without a key it is refused too', async () => {
    const service = await aService(['media'])
    await send(service, { source: 'media', description: '甲' }, 'k')
    expect(await send(service, { source: 'media', description: '乙' }, 'k')).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch', detail: expect.stringContaining('"k"') } })
    const keyless = await api.fetch(`/api/v1/cities/${city.key}/incidents`, { method: 'POST', headers: { 'content-type': 'application/json', ...service.headers }, body: JSON.stringify(aReport({ source: 'media' })) })
    expect(keyless.status).toBe(400)
    expect(await casesOf(service)).toBe(1)
  })

  test('two services that number their reports from 1 do not meet', async () => {
    const [video, hotline] = [await aService(['video_ai']), await aService(['hotline_12345'])]
    const [one, two] = [await send(video, { source: 'video_ai' }, '1'), await send(hotline, { source: 'hotline_12345' }, '1')]
    expect([one.status, two.status, two.replayed]).toEqual([201, 201, false])
    expect(two.body.id).not.toBe(one.body.id)
  })

  test('under a new key the same reference of the same source is refused, and says which case it is', async () => {
    const service = await aService(['dept_transfer'])
    await send(service, { source: 'dept_transfer', sourceReference: 'Z-77' })
    expect(await send(service, { source: 'dept_transfer', sourceReference: 'Z-77' })).toMatchObject({ status: 409 })
    expect(await casesOf(service)).toBe(1)
  })
})

describe('a token can do no more than its purpose', () => {
  test('it reads no case, list or file, works on none, and adds no photo to another’s case', async () => {
    const [service, other] = [await aService(['citizen_app']), await aService(['citizen_app'])]
    const mine = (await send(service, { source: 'citizen_app' })).body as Incident
    const theirs = (await send(other, { source: 'citizen_app' })).body as Incident
    expect(await sendPhoto(service, theirs.id, await aPhoto())).toMatchObject({ status: 404 })
    const address = `/api/v1/cities/${city.key}`
    for (const path of ['/incidents', `/incidents/${theirs.id}`, '/incident-counts', '/incident-export', '/routing-rules', '/evaluation/table?object=street', '/imports']) {
      expect([path, (await api.fetch(`${address}${path}`, { headers: service.headers })).status]).toEqual([path, 403])
    }
    const step = await api.fetch(`${address}/incidents/${mine.id}/transitions`, { method: 'POST', headers: { 'content-type': 'application/json', ...service.headers }, body: JSON.stringify({ action: 'accept', version: mine.version }) })
    expect(step.status).toBeGreaterThanOrEqual(403)
    expect(await db.query(sql`select state from incidents where public_id = ${mine.id}::uuid`)).toEqual([{ state: 'pending_accept' }])
  })

  test('there is no other city for it; it is nothing after it was revoked; a screen’s token is for no source', async () => {
    const elsewhere = await aCity(db)
    const service = await aService(['satellite'])
    expect(await send(service, { source: 'satellite' }, uuidv7(), elsewhere)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    await revokeToken(api.context, SYSTEM, service.tokenId)
    expect(await send(service, { source: 'satellite' })).toMatchObject({ status: 401 })
    const screen = await anAccount(db, { kind: 'display' })
    await expect(createToken(api.context, SYSTEM, { accountId: screen.id, purpose: '大屏', sources: ['leader'], expiresAt: null })).rejects.toMatchObject({ code: 'bad_request' })
  })

  test('one without sources may name any, as before', async () => {
    const service = await aService(null)
    expect([(await send(service, { source: 'enforcement' })).status, (await send(service, { source: 'media' })).status]).toEqual([201, 201])
  })
})
