import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { readConfig } from '../../../server/config.ts'
import { listDraftDuplicates, listDuplicates, listSuspiciousPlaces } from '../../../server/contract/duplicates.ts'
import type { Incident } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { aPhoto, postPhoto } from './photos.ts'
import { report, type ReportBody } from './reporting.ts'

const db = openTestDb()
const NOW = new Date('2026-11-20T09:30:00Z')
let now = NOW
let folder: string
let api: TestApi
beforeAll(async () => {
  await syncCaseClasses(db)
  folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-duplicates-'))
  api = await openTestApi(aContext(db, { clock: () => now, config: readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: folder }) }))
})
afterAll(async () => {
  await api.close()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

const HOUR = 3_600_000
const east = (meters: number): [number, number] => [114 + meters / 96_486, 30]
async function reportAt(city: TestCity, hours: number, meters: number, parts: Partial<ReportBody> = {}): Promise<Incident> {
  now = new Date(NOW.getTime() + hours * HOUR)
  const incident = await report(api, city, { position: east(meters), ...parts })
  now = NOW
  return incident
}
const duplicatesOf = (city: TestCity, id: string) => api.call(listDuplicates, { params: { city: city.key, id } })

describe('likely duplicates of a case', () => {
  test('are open cases of its class near in space and time, nearest first, with text, photo, distance and age side by side', async () => {
    const city = await aCity(db)
    const near = await reportAt(city, -2, 30, { description: '路边有两袋垃圾', address: '试验路 8 号' })
    const nearer = await reportAt(city, 1, 12)
    await reportAt(city, -1, 51)
    await reportAt(city, -24.1, 5)
    await reportAt(city, -1, 5, { classCode: '0110' })
    await reportAt(city, -1, 5, { isDrill: true })
    const ended = await reportAt(city, -1, 5)
    await db.query(sql`update incidents set state = 'closed', ended_at = now() where public_id = ${ended.id}`)
    const { body } = await postPhoto(api, city, near.id, await aPhoto(), { kind: 'after' })
    const scene = await postPhoto(api, city, near.id, await aPhoto({ colour: '#aabbcc' }), { kind: 'near' })
    const incident = await reportAt(city, 0, 0, { description: '垃圾' })
    const found = await duplicatesOf(city, incident.id)
    expect(found).toMatchObject({ about: { id: incident.id, description: '垃圾', photos: [] }, rule: { distanceMeters: 50, windowHours: 24 }, casesAtPlace: 1, isSuspiciousPlace: false })
    expect(found.candidates.map(({ id, distanceMeters, secondsBefore }) => [id, Math.round(distanceMeters), secondsBefore])).toEqual([[nearer.id, 12, -3600], [near.id, 30, 7200]])
    expect(found.candidates[1]).toMatchObject({ description: '路边有两袋垃圾', address: '试验路 8 号', state: 'pending_accept', photoCount: 2, photos: [{ id: scene.body.evidence.id, kind: 'near' }, { id: body.evidence.id, kind: 'after' }] })
  })

  test('are told while a report is being written', async () => {
    const city = await aCity(db)
    const there = await reportAt(city, -1, 20)
    const ask = (classCode: string) => api.call(listDraftDuplicates, { params: { city: city.key }, query: { longitude: 114, latitude: 30, classKind: 'event', classCode } })
    expect((await ask('0112')).candidates.map(({ id }) => id)).toEqual([there.id])
    expect((await ask('0110')).candidates).toEqual([])
  })

  test('follow the city’s own rule', async () => {
    const city = await aCity(db)
    await reportAt(city, -1, 60)
    const incident = await reportAt(city, 0, 0)
    expect((await duplicatesOf(city, incident.id)).candidates).toHaveLength(0)
    await db.query(sql`insert into case_rules (city_id, name, version, value, source) values (${city.cityId}, 'duplicate_distance_meters', 1, 40, '试'), (${city.cityId}, 'duplicate_distance_meters', 2, 80, '试')`)
    expect(await duplicatesOf(city, incident.id)).toMatchObject({ rule: { distanceMeters: 80 }, candidates: [{ distanceMeters: 60 }] })
  })

  test('of a case without a place are none; those of a case of another city are not found', async () => {
    const city = await aCity(db)
    const incident = await report(api, city)
    expect(await duplicatesOf(city, incident.id)).toMatchObject({ candidates: [], casesAtPlace: 0 })
    await expect(duplicatesOf(await aCity(db), incident.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('go both ways: if one may mean the other, the other may mean the one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ hours: fc.integer({ min: -30, max: 0 }), meters: fc.integer({ min: 0, max: 120 }) }), { minLength: 2, maxLength: 6 }), async (reports) => {
        const city = await aCity(db)
        const ids: string[] = []
        for (const { hours, meters } of reports) ids.push((await reportAt(city, hours, meters)).id)
        const pairs = new Set<string>()
        for (const id of ids) for (const candidate of (await duplicatesOf(city, id)).candidates) pairs.add(`${id} ${candidate.id}`)
        for (const pair of pairs) expect(pairs).toContain(pair.split(' ').reverse().join(' '))
        const [first, second] = reports
        // A metre of room for what the plane and the sphere disagree on.
        const apart = Math.abs(first!.meters - second!.meters)
        if (Math.abs(first!.hours - second!.hours) <= 24 && apart <= 49) expect(pairs).toContain(`${ids[0]} ${ids[1]}`)
        if (apart >= 51) expect(pairs).not.toContain(`${ids[0]} ${ids[1]}`)
      }),
      { numRuns: 12 },
    )
  })
})

describe('a coordinate that carries too many cases', () => {
  test('is pointed out with its share, and nearness on it is called meaningless', async () => {
    const city = await aCity(db)
    const last = await reportAt(city, 0, 0)
    const [row] = await db.query<{ id: number }>(sql`select id from incidents where public_id = ${last.id}`)
    const copies = (count: number, step: number) => db.query(sql`
      insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, reported_at)
      select gen_random_uuid(), city_id, report_number || '-' || ${step}::text || '-' || n, scheme_id, class_kind, case when n % 2 = 0 then '0110' else class_code end, class_name, large_code, severity, severity_from, 'closed', source, reported_by, place_method,
        st_translate(geom, 0.0001 * n * ${step}::int, 0), reported_at
      from incidents, generate_series(1, ${count}::int) n where id = ${row!.id}`)
    await copies(18, 0)
    await copies(60, 1)
    const places = () => api.call(listSuspiciousPlaces, { params: { city: city.key }, query: {} })
    expect(await places()).toMatchObject({ casesWithPlace: 79, usualCases: 1, places: [], rule: { cases: 20, rank: 20, times: 10, classes: 3 } })
    await db.query(sql`insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, reported_at)
      select gen_random_uuid(), city_id, 'more', scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, reported_at from incidents where id = ${row!.id}`)
    expect((await places()).places).toMatchObject([{ position: [114, 30], cases: 20, share: 0.25, open: 2, classes: 2, sources: ['collector'], communityName: null, communityCases: null }])
    expect(await duplicatesOf(city, last.id)).toMatchObject({ casesAtPlace: 20, isSuspiciousPlace: true })
    expect((await api.call(listSuspiciousPlaces, { params: { city: city.key }, query: { status: 'open' } })).places).toEqual([])
  })

  /** Cases by place, as the city counts them: `places` places 100 m apart with so many cases each, in so many classes by turns. */
  async function aCityOf(groups: { places: number; cases: number; classes: number; scatterMeters?: number }[]): Promise<TestCity> {
    const city = await aCity(db)
    let first = 0
    for (const { places, cases, classes, scatterMeters = 0 } of groups) {
      await db.query(sql`
        insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, reported_at)
        select gen_random_uuid(), ${city.cityId}, 'SL-' || (${first}::int + p) || '-' || n, 'GBT30428.2-2013', 'event', (array['0101', '0102', '0110', '0112', '0201'])[1 + n % ${classes}::int], '试', '01', 3, 'class', 'pending_accept', 'hotline_12345', '试', 'source',
          st_setsrid(st_makepoint(114 + 0.001 * (${first}::int + p) + ${scatterMeters / 96_486}::float8 * (n % 2), 30), 4490), '2026-11-01T00:00:00Z'
        from generate_series(1, ${places}::int) p, generate_series(1, ${cases}::int) n`)
      first += places
    }
    return city
  }
  const suspicious = async (city: TestCity) => (await api.call(listSuspiciousPlaces, { params: { city: city.key }, query: {} })).places.map(({ cases }) => cases)

  test.each([
    ['a town with 30 of 300 cases on one point and one case on every other', [{ places: 1, cases: 30, classes: 5 }, { places: 270, cases: 1, classes: 1 }], [30]],
    ['a town in which every place has its dozen', [{ places: 1, cases: 30, classes: 5 }, { places: 25, cases: 12, classes: 5 }], []],
    ['ten sensors with 30 reports each', [{ places: 10, cases: 30, classes: 5 }], []],
    ['a city with 1.9 % of its cases on one point, a share that is nothing in a town', [{ places: 1, cases: 60, classes: 5 }, { places: 700, cases: 4, classes: 3 }, { places: 300, cases: 1, classes: 1 }], [60]],
    ['districts with a default point each do not hide one another', [{ places: 12, cases: 22, classes: 5 }, { places: 200, cases: 1, classes: 1 }], Array.from({ length: 12 }, () => 22)],
    ['places that fall off by rank, as real ones do', Array.from({ length: 60 }, (_, index) => ({ places: 1, cases: Math.ceil(60 / Math.sqrt(index + 1)), classes: 5 })), []],
    ['one trouble that recurs on one point', [{ places: 1, cases: 40, classes: 1 }, { places: 100, cases: 1, classes: 1 }, { places: 10, cases: 2, classes: 2 }, { places: 10, cases: 3, classes: 3 }], []],
    ['one point that two systems write with other last digits', [{ places: 1, cases: 30, classes: 5, scatterMeters: 0.2 }, { places: 100, cases: 1, classes: 1 }], [30]],
  ])('is found by comparison with other places: %s', async (_what, groups, expected) => {
    expect(await suspicious(await aCityOf(groups))).toEqual(expected)
  })
})
