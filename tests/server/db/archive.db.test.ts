import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backUp, restore, verifyArchive } from '../../../server/db/archive.ts'
import { inOrderOfNeed, listArchiveTables, referenceTables } from '../../../server/db/archive-tables.ts'
import type { Db } from '../../../server/db/db.ts'
import { type EmbeddedDb, openEmbedded } from '../../../server/db/embedded.ts'
import { sql } from '../../../server/db/sql.ts'
import { aDataFolder } from '../../helpers/data-folder.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'

const db = openTestDb()
let folder = ''
let file = ''
let city: TestCity

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

describe('a backup', () => {
  test('is written, read back, and restored into an empty embedded database with the same counts and content hashes', async () => {
    const written = await backUp(db, file)
    expect(written.readBack).toBe(true)
    expect(written.tables.find((table) => table.name === 'green_spaces')?.rows).toBeGreaterThanOrEqual(2500)
    expect(await verifyArchive(file)).toEqual(written.tables)
    await withEmptyDatabase(async (empty) => {
      const report = await restore(empty, file)
      expect(report.verified).toBe(true)
      expect(report.interrupted).toBeGreaterThanOrEqual(1)
      expect(report.tables.map(({ name, sha256 }) => [name, sha256]).toSorted()).toEqual(written.tables.map(({ name, sha256 }) => [name, sha256]).toSorted())
      expect(await fingerprint(empty)).toEqual(await fingerprint(db))
      // New rows must not take numbers that restored rows have.
      await aCity(empty)
      await expect(restore(empty, file)).rejects.toMatchObject({ code: 'conflict' })
    })
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
        ['row', edited((text) => text.split('\n').filter((line) => !line.includes('"k12"')).join('\n')), /green_spaces does not have the content/],
        ['end', edited((text) => text.trimEnd().split('\n').slice(0, -1).join('\n')), /cut short/],
        ['other', () => Buffer.from('{"type":"FeatureCollection"}'), /not a gzip file/],
        ['json', () => gzipSync('{"type":"FeatureCollection"}\n'), /does not begin as one/],
        ['newer', edited((text) => text.replace(/"schemaVersion":\d+/, '"schemaVersion":9999').replace(/"checksum":"./, '"checksum":"x')), /made by a newer program/],
        ['older', edited((text) => text.replace(/"schemaVersion":\d+/, '"schemaVersion":1').replace(/,\{"number":[^}]*\}/, '')), /made by an older program/],
      ]
      for (const [name, change, sentence] of faults) {
        const faulty = await variant(name, change)
        await expect(restore(empty, faulty), name).rejects.toThrow(sentence)
      }
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
    expect(referenceTables(tables)).toEqual(new Set(['audit_heads', 'audit_roots', 'case_classes', 'case_large_classes', 'case_rules', 'class_schemes', 'clock_rules', 'filing_conditions', 'part_compatibilities', 'service_rules', 'stage_limits', 'work_calendars', 'workflow_settings']))
  })

  test('that refer to each other in a circle are an error, not an endless loop', () => {
    const table = (name: string, needs: string[]) => ({ name, needs, columns: [], primaryKey: [] })
    expect(() => inOrderOfNeed([table('a', ['b']), table('b', ['a'])])).toThrow(/circle/)
  })
})
