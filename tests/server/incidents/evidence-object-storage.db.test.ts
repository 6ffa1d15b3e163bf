import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../../server/config.ts'
import { evidenceName, openEvidenceStorage } from '../../../server/incidents/evidence-storage.ts'
import { sweepEvidence } from '../../../server/incidents/evidence-sweep.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { aPhoto, postPhoto } from './photos.ts'
import { report } from './reporting.ts'

/** A bucket as S3 answers: signed requests only, contents checked against the hash that was signed, listings in pages of two. */
const objects = new Map<string, { bytes: Buffer; modifiedAt: Date }>()
let isDown = false
const bucket: Server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const bytes = Buffer.concat(chunks)
    const address = new URL(request.url ?? '', 'http://bucket')
    const end = (status: number, body: string | Buffer = '') => void response.writeHead(status).end(body)
    if (isDown) return end(403, '<Error><Code>AccessDenied</Code></Error>')
    if (!/^AWS4-HMAC-SHA256 Credential=KEY\/\d{8}\/test-1\/s3\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/.test(request.headers.authorization ?? '')) return end(403)
    if (!address.pathname.startsWith('/photos')) return end(404)
    const key = address.pathname.slice('/photos/'.length)
    if (request.method === 'PUT') {
      if (request.headers['x-amz-content-sha256'] !== createHash('sha256').update(bytes).digest('hex')) return end(400, '<Error><Code>XAmzContentSHA256Mismatch</Code></Error>')
      objects.set(key, { bytes, modifiedAt: new Date() })
      return end(200)
    }
    if (request.method === 'DELETE') {
      objects.delete(key)
      return end(204)
    }
    if (key !== '') return objects.has(key) ? end(200, objects.get(key)!.bytes) : end(404)
    const names = [...objects.keys()].filter((name) => name.startsWith(address.searchParams.get('prefix') ?? '')).toSorted()
    const from = Number(address.searchParams.get('continuation-token') ?? 0)
    const page = names.slice(from, from + 2).map((name) => `<Contents><Key>${name}</Key><LastModified>${objects.get(name)!.modifiedAt.toISOString()}</LastModified></Contents>`)
    end(200, `<ListBucketResult>${page.join('')}${from + 2 < names.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''}</ListBucketResult>`)
  })
})

const db = openTestDb()
let folder: string
let api: TestApi
const environment = () => ({
  NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: folder, MEDIA_S3_ENDPOINT: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}/`, MEDIA_S3_BUCKET: 'photos', MEDIA_S3_REGION: 'test-1',
  MEDIA_S3_ACCESS_KEY_ID: 'KEY', MEDIA_S3_SECRET_ACCESS_KEY: 'SECRET',
})
beforeAll(async () => {
  await syncCaseClasses(db)
  folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-evidence-'))
  await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve))
  api = await openTestApi(aContext(db, { config: readConfig(environment()) }))
})
beforeEach(() => {
  objects.clear()
  isDown = false
})
afterAll(async () => {
  await api.close()
  await db.close()
  bucket.close()
  await rm(folder, { recursive: true, force: true })
})

const incoming = async () => readdir(path.join(folder, 'media/incoming')).catch(() => [])

describe('photos in storage that speaks S3', () => {
  test('are kept there, shown from there, and nothing stays on this machine', async () => {
    const city = await aCity(db)
    const incident = await report(api, city)
    const original = await aPhoto()
    const { status, body } = await postPhoto(api, city, incident.id, original)
    expect(status).toBe(201)
    expect([...objects.keys()].toSorted()).toEqual((['original', 'shown', 'thumbnail'] as const).map((role) => `xiucheng-evidence/${evidenceName(body.evidence.id, role)}`))
    const sealed = await api.fetch(`/api/v1/cities/${city.key}/incidents/${incident.id}/evidence/${body.evidence.id}/original`)
    expect(Buffer.from(await sealed.arrayBuffer()).equals(original)).toBe(true)
    expect(await incoming()).toEqual([])
  })

  test('that cannot be kept are refused with a sentence, without a row and without a leftover', async () => {
    const city = await aCity(db)
    const incident = await report(api, city)
    isDown = true
    const answer = await postPhoto(api, city, incident.id, await aPhoto())
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(answer.body.detail).toContain('nothing was stored')
    isDown = false
    expect(objects.size).toBe(0)
    expect(await incoming()).toEqual([])
    expect((await postPhoto(api, city, incident.id, await aPhoto())).body.stored).toBe(1)
  })

  test('are swept like files: over several pages of the listing, only what no row stands behind', async () => {
    const city = await aCity(db)
    const incident = await report(api, city)
    const { body } = await postPhoto(api, city, incident.id, await aPhoto({ colour: '#112233' }))
    const orphan = evidenceName('01890000-0000-7000-8000-0000000000ff', 'original')
    objects.set(`xiucheng-evidence/${orphan}`, { bytes: Buffer.from('x'), modifiedAt: new Date() })
    objects.set('somebody-else/file', { bytes: Buffer.from('x'), modifiedAt: new Date(0) })
    const config = readConfig(environment())
    const tomorrow = new Date(Date.now() + 25 * 3_600_000)
    expect((await sweepEvidence(db, config, openEvidenceStorage(config), tomorrow)).removed).toEqual([orphan])
    expect([...objects.keys()].filter((key) => key.includes(body.evidence.id))).toHaveLength(3)
    expect(objects.has('somebody-else/file')).toBe(true)
  })

  test('need a bucket and its keys: a start without them says which', () => {
    expect(() => readConfig({ ...environment(), MEDIA_S3_BUCKET: '' })).toThrow(ConfigError)
    expect(() => readConfig({ ...environment(), MEDIA_S3_SECRET_ACCESS_KEY: '' })).toThrow(/needs MEDIA_S3_SECRET_ACCESS_KEY as well/)
  })
})
