import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../../server/config.ts'
import { backUp, restore, verifyArchive } from '../../../server/db/archive.ts'
import type { ArchiveFiles } from '../../../server/db/archive-files.ts'
import { inOrderOfNeed, listArchiveTables, referenceTables } from '../../../server/db/archive-tables.ts'
import type { Db } from '../../../server/db/db.ts'
import { type EmbeddedDb, openEmbedded } from '../../../server/db/embedded.ts'
import { sql } from '../../../server/db/sql.ts'
import { openEvidenceArchive } from '../../../server/incidents/evidence-archive.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi } from '../../helpers/api.ts'
import { aDataFolder } from '../../helpers/data-folder.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aPhoto, postPhoto } from '../incidents/photos.ts'
import { report as reportCase } from '../incidents/reporting.ts'

const db = openTestDb()
let folder = ''
let file = ''
let city: TestCity
/** Names of the files of two photos, and what is in them. */
const photos = new Map<string, Buffer>()
const configOf = (dataDirectory: string, more: Record<string, string> = {}) => readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: dataDirectory, ...more })
const keptIn = (dataDirectory: string, name: string) => path.join(dataDirectory, 'media', 'kept', name)
/** Other tests of the run keep their photos elsewhere: only those of this one are carried. */
function ownPhotos(dataDirectory: string): ArchiveFiles {
  const files = openEvidenceArchive(configOf(dataDirectory))
  return {
    ...files,
    async *list(tx) {
      for await (const file of files.list(tx)) if (photos.has(file.name)) yield file
    },
  }
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'xiucheng-archive-'))
  file = path.join(folder, 'backup.ndjson.gz')
  city = await aCity(db)
  await db.query(sql`insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, source_crs)
    values (gen_random_uuid(), ${city.cityId}, 'green', 'green_spaces', '绿地 "引号" \\ 反斜杠', 'Green', 'o', 's', 'l', 'EPSG:4490')`)
  await db.query(sql`insert into green_spaces (public_id, city_id, layer_id, source_key, content_hash, name, area_m2, attributes, geom)
    select gen_random_uuid(), ${city.cityId}, id, 'k' || n, 'h', case when n % 3 = 0 then null else E'公园\n' || n end, n * 1.1 / 3, json_build_object('b', n, 'a', null)::jsonb,
      st_multi(st_setsrid(st_makeenvelope(114 + n * 0.001, 30, 114.0005 + n * 0.001, 30.0005), 4490))
    from layers, generate_series(1, 2500) as n where city_id = ${city.cityId}`)
  await syncCaseClasses(db)
  const api = await openTestApi(aContext(db, { config: configOf(folder) }))
  const incident = await reportCase(api, city)
  // The second is larger than a piece of the archive, and does not shrink.
  await postPhoto(api, city, incident.id, await aPhoto())
  await postPhoto(api, city, incident.id, await sharp(randomBytes(700 * 700 * 3), { raw: { width: 700, height: 700, channels: 3 } }).jpeg({ quality: 100 }).toBuffer(), { kind: 'far' })
  await api.close()
  const rows = await db.query<{ names: string[] }>(sql`select array[m.original_path, m.shown_path, m.thumbnail_path] as names from case_media m join incidents i on i.id = m.incident_id where i.city_id = ${city.cityId}`)
  for (const name of rows.flatMap(({ names }) => names)) photos.set(name, await readFile(keptIn(folder, name)))
  await db.query(sql`insert into coverage_runs (public_id, city_id, key, input, engine_version, status) values (gen_random_uuid(), ${city.cityId}, 'k', '{}', '1', 'running')`)
}, 120_000)
afterAll(async () => {
  // Left running, it would be taken up as abandoned by whichever test starts the work of coverage next.
  await db.query(sql`update coverage_runs set status = 'cancelled' where city_id = ${city.cityId}`)
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

async function withEmptyDatabase<T>(work: (empty: EmbeddedDb) => Promise<T>): Promise<T> {
  const own = await aDataFolder()
  const empty = await openEmbedded({ dataDirectory: own, durable: false })
  try {
    return await work(empty)
  } finally {
    await empty.close()
    await rm(own, { recursive: true, force: true })
  }
}

async function fingerprint(of: Db): Promise<unknown> {
  return of.query(sql`select g.public_id, g.name, g.area_m2, g.attributes, encode(st_asewkb(g.geom), 'hex') as geom, l.title_zh from green_spaces g
    join layers l on l.id = g.layer_id join cities c on c.id = g.city_id where c.key = ${city.key} order by g.source_key limit 50`)
}

/** What queues are counted from: made again, not carried. */
async function openCasesIn(of: Db): Promise<unknown> {
  const cases = await of.query<{ is_pressed: boolean; is_returned: boolean }>(sql`select i.public_id, o.state, o.due_at, o.is_pressed, o.is_returned, o.community_code from open_cases o join incidents i on i.id = o.id order by i.public_id`)
  expect(cases.length).toBeGreaterThan(0)
  return cases
}

describe('a backup', () => {
  test('is written, read back, and restored into an empty embedded database with the same counts and content hashes', async () => {
    const written = await backUp(db, file, { files: ownPhotos(folder) })
    expect(written.readBack).toBe(true)
    expect(written.files).toEqual({ count: 6, bytes: [...photos.values()].reduce((sum, { length }) => sum + length, 0), leftOut: null, faults: [] })
    expect(written.tables.find((table) => table.name === 'green_spaces')?.rows).toBeGreaterThanOrEqual(2500)
    expect(await verifyArchive(file)).toEqual({ tables: written.tables, files: 6 })
    await withEmptyDatabase(async (empty) => {
      const there = path.join(folder, 'restored')
      const report = await restore(empty, file, { files: ownPhotos(there) })
      expect(report.verified).toBe(true)
      expect(report.files).toEqual({ count: 6, bytes: written.files.bytes, leftOut: null })
      for (const [name, bytes] of photos) expect((await readFile(keptIn(there, name))).equals(bytes), name).toBe(true)
      expect(await readdir(path.join(there, 'media', 'incoming'))).toEqual([])
      expect(report.interrupted).toBeGreaterThanOrEqual(1)
      expect(report.tables.map(({ name, sha256 }) => [name, sha256]).toSorted()).toEqual(written.tables.map(({ name, sha256 }) => [name, sha256]).toSorted())
      expect(await fingerprint(empty)).toEqual(await fingerprint(db))
      expect(await openCasesIn(empty)).toEqual(await openCasesIn(db))
      // New rows must not take numbers that restored rows have.
      await aCity(empty)
      await expect(restore(empty, file, { files: ownPhotos(there) })).rejects.toMatchObject({ code: 'conflict' })
    })
  })

  test('names the photos that are gone or changed, and takes along what is there', async () => {
    const [first, second] = [...photos.keys()] as [string, string]
    const files = ownPhotos(folder)
    const broken: ArchiveFiles = { ...files, open: async (name) => (name === second ? null : files.open(name)) }
    await chmod(keptIn(folder, first), 0o600)
    await writeFile(keptIn(folder, first), 'another picture')
    const written = await backUp(db, path.join(folder, 'faulty.gz'), { files: broken })
    await writeFile(keptIn(folder, first), photos.get(first)!)
    expect(written.files).toMatchObject({ count: 5, faults: [{ name: first, fault: 'changed' }, { name: second, fault: 'missing' }] })
  })

  test('says what it leaves out: photos in S3-compatible storage', async () => {
    const config = configOf(folder, { MEDIA_S3_ENDPOINT: 'https://storage.city.example', MEDIA_S3_BUCKET: 'photos-of-cases', MEDIA_S3_ACCESS_KEY_ID: 'k', MEDIA_S3_SECRET_ACCESS_KEY: 's' })
    const target = path.join(folder, 'elsewhere.gz')
    expect((await backUp(db, target, { files: openEvidenceArchive(config) })).files).toEqual({ count: 0, bytes: 0, leftOut: 'photos in the bucket "photos-of-cases" at https://storage.city.example', faults: [] })
    expect(gunzipSync(await readFile(target)).toString().split('\n', 1)[0]).toContain('photos-of-cases')
  })

  test('never overwrites a file', async () => {
    await expect(backUp(db, file)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('into a folder that is not there is refused in a sentence, and leaves nothing', async () => {
    await expect(backUp(db, path.join(folder, 'nowhere', 'b.gz'))).rejects.toMatchObject({ code: 'bad_request' })
  })
})

describe('a damaged or unfitting backup is refused, and nothing is written', () => {
  const variant = async (name: string, change: (bytes: Buffer) => Buffer) => {
    const changed = path.join(folder, name)
    await writeFile(changed, change(await readFile(file)))
    return changed
  }
  const edited = (change: (text: string) => string) => (bytes: Buffer) => gzipSync(change(gunzipSync(bytes).toString()))

  test('cut short, a flipped byte, a changed value, a missing row, no backup at all', async () => {
    await withEmptyDatabase(async (empty) => {
      const faults: [string, (bytes: Buffer) => Buffer, RegExp][] = [
        ['short', (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)), /damaged or was cut short/],
        ['flipped', (bytes) => Buffer.from(bytes.map((byte, index) => (index === Math.floor(bytes.length / 2) ? byte ^ 0xff : byte))), /not a whole backup/],
        ['value', edited((text) => text.replace(/公园\\n7"/, '公园\\n8"')), /green_spaces does not have the content it was written with/],
        ['photo', edited((text) => text.replace(/^"(.)(.{99})/m, (_whole, character: string, rest: string) => `"${character === 'A' ? 'B' : 'A'}${rest}`)), /the file .* does not have the content it was written with/],
        ['row', edited((text) => text.split('\n').filter((line) => !line.includes('"k12"')).join('\n')), /green_spaces does not have the content/],
        ['end', edited((text) => text.trimEnd().split('\n').slice(0, -1).join('\n')), /cut short/],
        ['other', () => Buffer.from('{"type":"FeatureCollection"}'), /not a gzip file/],
        ['json', () => gzipSync('{"type":"FeatureCollection"}\n'), /does not begin as one/],
        ['newer', edited((text) => text.replace(/"schemaVersion":\d+/, '"schemaVersion":9999').replace(/"checksum":"./, '"checksum":"x')), /made by a newer program/],
        ['older', edited((text) => text.replace(/"schemaVersion":\d+/, '"schemaVersion":1').replace(/,\{"number":[^}]*\}/, '')), /made by an older program/],
      ]
      for (const [name, change, sentence] of faults) {
        const faulty = await variant(name, change)
        await expect(restore(empty, faulty, { files: ownPhotos(path.join(folder, 'nowhere')) }), name).rejects.toThrow(sentence)
      }
      // The second photo cannot be kept: the first goes with it.
      const there = path.join(folder, 'half')
      const files = ownPhotos(there)
      let kept = 0
      const failing: ArchiveFiles = { ...files, keep: async (...given) => (++kept > 1 ? Promise.reject(new Error('the disk is full')) : files.keep(...given)) }
      await expect(restore(empty, file, { files: failing })).rejects.toThrow('the disk is full')
      expect((await readdir(path.join(there, 'media'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())).toEqual([])
      await expect(restore(empty, path.join(folder, 'missing.gz'))).rejects.toMatchObject({ code: 'not_found' })
      expect(await empty.query(sql`select count(*) as n from cities`)).toEqual([{ n: 0 }])
    })
  })
})

describe('the tables of a backup', () => {
  test('come after the tables they refer to', async () => {
    const tables = await listArchiveTables(db)
    const place = new Map(tables.map((table, index) => [table.name, index]))
    for (const table of tables) for (const need of table.needs) expect(place.get(need) ?? -1).toBeLessThan(place.get(table.name) ?? 0)
    expect(referenceTables(tables)).toEqual(new Set(['audit_heads', 'audit_roots', 'case_classes', 'case_large_classes', 'case_rules', 'class_schemes', 'clock_rules', 'filing_conditions', 'gap_rules', 'green_indicator_rules', 'green_reach_rules', 'mend_settings', 'part_compatibilities', 'service_rules', 'spacing_rules', 'stage_limits', 'supply_rules', 'walking_settings', 'work_calendars', 'workflow_settings']))
  })

  test('that refer to each other in a circle are an error, not an endless loop', () => {
    const table = (name: string, needs: string[]) => ({ name, needs, columns: [], primaryKey: [] })
    expect(() => inOrderOfNeed([table('a', ['b']), table('b', ['a'])])).toThrow(/circle/)
  })
})
