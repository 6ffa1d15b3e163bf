import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import exifr from 'exifr'
import sharp from 'sharp'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Principal, SYSTEM } from '../../../server/access/principal.ts'
import { evidenceCommand } from '../../../server/cli/commands/evidence.ts'
import { type Config, readConfig } from '../../../server/config.ts'
import { type Evidence, listEvidence } from '../../../server/contract/evidence.ts'
import type { Incident } from '../../../server/contract/incidents.ts'
import type { Role } from '../../../server/contract/permissions.ts'
import { sql } from '../../../server/db/sql.ts'
import { useEvidence } from '../../../server/incidents/evidence.ts'
import { evidenceName, openEvidenceStorage } from '../../../server/incidents/evidence-storage.ts'
import { sweepEvidence, verifyEvidence } from '../../../server/incidents/evidence-sweep.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aPhoto, postPhoto } from './photos.ts'
import { report } from './reporting.ts'

const db = openTestDb()
const NOW = new Date('2026-11-20T09:30:00Z')
const HERE = [114, 30] as const
let folder: string
let config: Config
let api: TestApi
beforeAll(async () => {
  await syncCaseClasses(db)
  folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-evidence-'))
  config = readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: folder, MEDIA_LIMIT_MB: '1', MEDIA_PER_CASE: '3' })
  api = await openTestApi(aContext(db, { config, clock: () => NOW }))
})
afterAll(async () => {
  await api.close()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

async function aCase(): Promise<{ city: TestCity; incident: Incident }> {
  const city = await aCity(db)
  return { city, incident: await report(api, city, { position: [...HERE], occurredAt: '2026-11-20T17:20:00+08:00' }) }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const addressOf = (city: TestCity, incident: Incident, evidence: Evidence, what: string) => `/api/v1/cities/${city.key}/incidents/${incident.id}/evidence/${evidence.id}/${what}`
const bytesAt = async (address: string) => {
  const response = await api.fetch(address)
  return { response, bytes: Buffer.from(await response.arrayBuffer()) }
}
const keptFiles = async () => (await readdir(path.join(folder, 'media'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name)

describe('a photo of a case', () => {
  test('is sealed under its SHA-256 and shown without what the camera wrote into it', async () => {
    const { city, incident } = await aCase()
    const original = await aPhoto({ taken: '2026:11:20 17:22:00', position: [114.0001, 30], width: 3000, height: 2000 })
    const added = await postPhoto(api, city, incident.id, original, { kind: 'near', fileName: '路面 1.jpg' })
    expect(added).toMatchObject({ status: 201, replayed: false, body: { stored: 1, limit: 3, evidence: { kind: 'near', fileName: '路面 1.jpg', mediaType: 'image/jpeg', sha256: sha256(original), bytes: original.length, width: 2560, height: 1707 } } })
    const { evidence } = added.body
    const shown = await bytesAt(addressOf(city, incident, evidence, 'image'))
    expect(shown.response.headers.get('content-type')).toBe('image/jpeg')
    expect(shown.response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(shown.response.headers.get('content-security-policy')).toContain('sandbox')
    expect(await exifr.parse(shown.bytes)).toBeUndefined()
    expect(shown.bytes.includes('SECRET-OWNER')).toBe(false)
    const small = await bytesAt(addressOf(city, incident, evidence, 'thumbnail'))
    expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 320 })
    const sealed = await bytesAt(addressOf(city, incident, evidence, 'original'))
    expect(sealed.response.headers.get('content-disposition')).toBe(`attachment; filename="${evidence.id}.jpg"`)
    expect(sealed.bytes.equals(original)).toBe(true)
    expect(await db.query(sql`select action, actor from audit_entries where object_id = ${incident.id} and action in ('addEvidence', 'getEvidenceOriginal') order by sequence`)).toEqual([
      { action: 'addEvidence', actor: '系统' },
      { action: 'getEvidenceOriginal', actor: '系统' },
    ])
  })

  test('tells how far from the case and when it was taken, the camera’s clock being the city’s', async () => {
    const { city, incident } = await aCase()
    await postPhoto(api, city, incident.id, await aPhoto({ taken: '2026:11:20 17:22:00', position: [114.0001, 30] }))
    await postPhoto(api, city, incident.id, await aPhoto({ taken: '2026:11:20 09:00:00', offset: '+00:00', position: [114.002, 30] }), { kind: 'after' })
    await postPhoto(api, city, incident.id, await sharp({ create: { width: 40, height: 30, channels: 3, background: '#123456' } }).png().toBuffer(), { kind: 'other', fileName: 'a.png' })
    const { evidence } = await api.call(listEvidence, { params: { city: city.key, id: incident.id } })
    expect(evidence.map(({ takenAt, secondsFromCase, warnings, distanceMeters }) => [takenAt, secondsFromCase, distanceMeters === null ? null : Math.round(distanceMeters), warnings])).toEqual([
      ['2026-11-20T09:22:00.000Z', 120, 10, []],
      // A result photo older than the report, 193 m away.
      ['2026-11-20T09:00:00.000Z', -1200, 193, ['far', 'before_case']],
      [null, null, null, []],
    ])
  })

  test('of a phone held upright is shown upright', async () => {
    const { city, incident } = await aCase()
    const sideways = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#333333' } }).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    expect((await postPhoto(api, city, incident.id, sideways)).body.evidence).toMatchObject({ width: 300, height: 400 })
  })

  test('sent again after a lost answer is stored once, even when the case is full', async () => {
    const { city, incident } = await aCase()
    const photos = await Promise.all(['#111111', '#222222', '#333333', '#444444'].map((colour) => aPhoto({ colour })))
    for (const photo of photos.slice(0, 3)) expect((await postPhoto(api, city, incident.id, photo)).status).toBe(201)
    const again = await postPhoto(api, city, incident.id, photos[2]!)
    expect(again).toMatchObject({ replayed: true, body: { stored: 3, replayed: true } })
    const fourth = await postPhoto(api, city, incident.id, photos[3]!)
    expect(fourth).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(fourth.body.detail).toContain('3 photos')
  })

  test('of several sent at once the case takes no more than it may', async () => {
    const { city, incident } = await aCase()
    const photos = await Promise.all(['#000001', '#000002', '#000003', '#000004', '#000005', '#000006'].map((colour) => aPhoto({ colour, width: 60 + Number(colour.slice(-1)) })))
    const answers = await Promise.all(photos.map((photo) => postPhoto(api, city, incident.id, photo)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 409, 409, 409])
    expect((await api.call(listEvidence, { params: { city: city.key, id: incident.id } })).evidence).toHaveLength(3)
  })
})

describe('what is no photo', () => {
  const HTML = Buffer.from('<html><script>alert(1)</script></html>')
  const HEIC = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(200)])
  test.each([
    ['a page called .jpg', HTML, 415, /JPEG, PNG or WebP/],
    ['a drawing with a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 415, /JPEG, PNG or WebP/],
    ['a GIF that is also a script', Buffer.from('GIF89a/*\0\0*/=1;alert(1)'), 415, /JPEG, PNG or WebP/],
    ['an empty file', Buffer.alloc(0), 415, /JPEG, PNG or WebP/],
    ['a HEIC photo', HEIC, 415, /HEIC/],
    ['a JPEG that is only a head', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), HTML]), 400, /damaged/],
  ])('%s is refused with a sentence and leaves nothing', async (_what, bytes, status, sentence) => {
    const { city, incident } = await aCase()
    const before = (await keptFiles()).length
    const answer = await postPhoto(api, city, incident.id, bytes)
    expect(answer.status).toBe(status)
    expect(answer.body.detail).toMatch(sentence)
    expect(await keptFiles()).toHaveLength(before)
  })

  test('a photo cut off in the middle is refused', async () => {
    const { city, incident } = await aCase()
    const noise = await sharp({ create: { width: 800, height: 600, channels: 3, noise: { type: 'gaussian', mean: 120, sigma: 40 }, background: '#000000' } }).jpeg().toBuffer()
    expect(await postPhoto(api, city, incident.id, noise.subarray(0, noise.length / 2))).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  })

  test('a photo with a page behind it is shown without the page', async () => {
    const { city, incident } = await aCase()
    const polyglot = Buffer.concat([await aPhoto(), HTML])
    const { status, body } = await postPhoto(api, city, incident.id, polyglot, { fileName: 'x.html', type: 'text/html' })
    expect([status, body.evidence.mediaType]).toEqual([201, 'image/jpeg'])
    expect((await bytesAt(addressOf(city, incident, body.evidence, 'image'))).bytes.includes('<script>')).toBe(false)
    const original = await bytesAt(addressOf(city, incident, body.evidence, 'original'))
    expect(original.response.headers.get('content-type')).toBe('image/jpeg')
    expect(original.response.headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f-]{36}\.jpg"$/)
  })

  test.each(['../../../../etc/cron.d/x', '..\\..\\x.jpg', '/etc/passwd', 'C:\\x.jpg'])('a file name that is a path (%j) is only ever a word', async (fileName) => {
    const { city, incident } = await aCase()
    const { body } = await postPhoto(api, city, incident.id, await aPhoto(), { fileName })
    expect(body.evidence.fileName).not.toMatch(/[/\\\0]/)
    const rows = await db.query<{ path: string }>(sql`select original_path as path from case_media where public_id = ${body.evidence.id}`)
    expect(rows[0]?.path).toBe(evidenceName(body.evidence.id, 'original'))
  })

  test('a photo above the limit, a form without photo, a kind that does not exist and a case that does not exist are refused', async () => {
    const { city, incident } = await aCase()
    expect(await postPhoto(api, city, incident.id, Buffer.alloc(1024 ** 2 + 1))).toMatchObject({ status: 413, body: { code: 'too_large' } })
    expect(await postPhoto(api, city, incident.id, await aPhoto(), { kind: 'selfie' })).toMatchObject({ status: 400, body: { errors: [{ path: 'form.kind' }] } })
    expect(await postPhoto(api, city, uuidv7(), await aPhoto())).toMatchObject({ status: 404 })
    const form = new FormData()
    form.append('kind', 'near')
    expect((await api.fetch(`/api/v1/cities/${city.key}/incidents/${incident.id}/evidence`, { method: 'POST', body: form })).status).toBe(400)
    expect((await keptFiles()).filter((name) => !name.includes('.'))).toEqual([])
  })

  test('a photo of another city’s case is not found', async () => {
    const { city, incident } = await aCase()
    const other = await aCase()
    const { body } = await postPhoto(api, city, incident.id, await aPhoto())
    expect((await api.fetch(addressOf(other.city, other.incident, body.evidence, 'image'))).status).toBe(404)
    expect((await api.fetch(`/api/v1/cities/${city.key}/incidents/${incident.id}/evidence/..%2f..%2fsecret/image`)).status).toBe(400)
  })
})

describe('who may', () => {
  const somebody = (role: Role, areaCode: string | null): Principal => ({ ...SYSTEM, kind: 'person', name: '某人', posts: [{ id: role, role, cityKey: null, organisation: null, organisationId: null, areaCode }] })
  const as = async (principal: Principal, work: (other: TestApi) => Promise<void>) => {
    const other = await openTestApi(aContext(db, { config, clock: () => NOW, identify: async () => principal }))
    try {
      await work(other)
    } finally {
      await other.close()
    }
  }

  test('a collector of another area neither sees photos nor adds any; a viewer sees copies but neither adds nor takes the original', async () => {
    const { city, incident } = await aCase()
    const { body } = await postPhoto(api, city, incident.id, await aPhoto({ colour: '#445566' }))
    await as(somebody('collector', '990000'), async (other) => {
      for (const what of ['image', 'thumbnail']) expect((await other.fetch(addressOf(city, incident, body.evidence, what))).status).toBe(404)
      expect((await postPhoto(other, city, incident.id, await aPhoto())).status).toBe(404)
    })
    await as(somebody('viewer', null), async (other) => {
      expect((await other.fetch(addressOf(city, incident, body.evidence, 'image'))).status).toBe(200)
      expect((await other.fetch(addressOf(city, incident, body.evidence, 'original'))).status).toBe(403)
      expect((await postPhoto(other, city, incident.id, await aPhoto())).status).toBe(403)
    })
  })
})

describe('the seal', () => {
  test('shows when an original was changed or is gone', async () => {
    const { city, incident } = await aCase()
    const [changed, gone] = [await postPhoto(api, city, incident.id, await aPhoto({ colour: '#aa0000' })), await postPhoto(api, city, incident.id, await aPhoto({ colour: '#00aa00' }))]
    const fileOf = (evidence: Evidence) => path.join(folder, 'media/kept', evidenceName(evidence.id, 'original'))
    const sealed = await readFile(fileOf(changed.body.evidence))
    await rm(fileOf(changed.body.evidence), { force: true })
    await writeFile(fileOf(changed.body.evidence), Buffer.concat([sealed, Buffer.from('x')]))
    await rm(fileOf(gone.body.evidence), { force: true })
    const answer = await api.fetch(addressOf(city, incident, changed.body.evidence, 'original'))
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([409, expect.stringContaining('SHA-256')])
    expect((await api.fetch(addressOf(city, incident, gone.body.evidence, 'original'))).status).toBe(404)
    const { faults } = await verifyEvidence(db, openEvidenceStorage(config), new AbortController().signal)
    expect(faults.filter(({ id }) => [changed, gone].some(({ body }) => body.evidence.id === id)).map(({ fault }) => fault)).toEqual(['changed', 'missing'])
    const printed: string[] = []
    const io = { print: (line: string) => void printed.push(line), progress: () => {}, signal: new AbortController().signal, workingDirectory: folder }
    await expect(evidenceCommand.run(['verify'], api.context, io)).rejects.toThrow(`${faults.length} sealed photos at fault`)
    expect(printed.join('\n')).toContain(`${incident.reportNumber} ${gone.body.evidence.id}: 文件缺失`)
  })

  test('goes into the step that the photo proves, once, and only for photos of the case', async () => {
    const { city, incident } = await aCase()
    const other = await aCase()
    const first = await postPhoto(api, city, incident.id, await aPhoto({ colour: '#010203' }), { kind: 'after' })
    const foreign = await postPhoto(api, other.city, other.incident.id, await aPhoto())
    const [row] = await db.query<{ id: number }>(sql`select id from incidents where public_id = ${incident.id}`)
    const use = (ids: string[], sequence: number) => db.transaction((tx) => useEvidence(tx, row!.id, ids, sequence))
    expect(await use([first.body.evidence.id], 1)).toEqual([{ id: first.body.evidence.id, kind: 'after', sha256: first.body.evidence.sha256 }])
    await expect(use([first.body.evidence.id], 2)).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('step 1') as string })
    await expect(use([foreign.body.evidence.id], 1)).rejects.toMatchObject({ code: 'bad_request' })
    expect((await api.call(listEvidence, { params: { city: city.key, id: incident.id } })).evidence[0]?.flowSequence).toBe(1)
  })
})

describe('the sweep', () => {
  test('takes away files of a day ago that no row stands behind, and nothing else', async () => {
    const { city, incident } = await aCase()
    const { body } = await postPhoto(api, city, incident.id, await aPhoto({ colour: '#0a0b0c' }))
    const yesterday = new Date(NOW.getTime() - 25 * 3_600_000)
    const orphan = evidenceName('01890000-0000-7000-8000-0000000000aa', 'shown')
    const young = evidenceName('01890000-0000-7000-8000-0000000000ab', 'shown')
    const incoming = path.join(folder, 'media/incoming/01890000-0000-7000-8000-0000000000ac')
    for (const [file, at] of [[path.join(folder, 'media/kept', orphan), yesterday], [path.join(folder, 'media/kept', young), NOW], [incoming, yesterday]] as const) {
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, 'x')
      await utimes(file, at, at)
    }
    const kept = path.join(folder, 'media/kept', evidenceName(body.evidence.id, 'shown'))
    await utimes(kept, yesterday, yesterday)
    expect(await sweepEvidence(db, config, openEvidenceStorage(config), NOW)).toEqual({ removed: [`incoming/${path.basename(incoming)}`, orphan], suspicious: 0 })
    expect(await sweepEvidence(db, config, openEvidenceStorage(config), NOW)).toEqual({ removed: [], suspicious: 0 })
    expect((await api.fetch(addressOf(city, incident, body.evidence, 'image'))).status).toBe(200)
  })

  test('leaves everything where more is without a row than a crash can leave: the database is a restored one', async () => {
    const own = await mkdtemp(path.join(tmpdir(), 'xiucheng-evidence-'))
    try {
      const storage = openEvidenceStorage({ ...config, dataDirectory: own })
      const yesterday = new Date(NOW.getTime() - 25 * 3_600_000)
      for (let number = 0; number < 101; number++) {
        const file = path.join(own, 'media/kept', evidenceName(`01890000-0000-7000-8000-${String(number).padStart(12, '0')}`, 'original'))
        await mkdir(path.dirname(file), { recursive: true })
        await writeFile(file, 'x')
        await utimes(file, yesterday, yesterday)
      }
      expect(await sweepEvidence(db, { ...config, dataDirectory: own }, storage, NOW)).toEqual({ removed: [], suspicious: 101 })
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  })
})
