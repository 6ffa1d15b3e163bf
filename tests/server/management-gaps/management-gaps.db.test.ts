import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import { getManagementGapMap, getManagementGaps, type GapLayer, listManagementGaps } from '../../../server/contract/management-gaps.ts'
import { sql } from '../../../server/db/sql.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aWatchedCity, daysAgo, NOW, type WatchedCity } from './a-watched-city.ts'

const db = openTestDb()
let api: TestApi
beforeAll(async () => {
  api = await openTestApi(aContext(db, { clock: () => NOW }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const list = (city: WatchedCity, layer: GapLayer, query: Record<string, unknown> = {}) => api.call(listManagementGaps, { params: { city: city.key, layer }, query })
const kindsOf = (rows: readonly { kind: string; code: string }[]) => rows.map(({ kind, code }) => `${kind} ${code}`)

/** Four cells of 100 × 100 m in two communities of one street. */
async function aGrid(): Promise<WatchedCity> {
  const city = await aWatchedCity(db)
  await city.area('street', '990101001', '东街', [0, 0, 400, 100])
  await city.area('community', '990101001001', '甲社区', [0, 0, 200, 100], '990101001')
  await city.area('community', '990101001002', '乙社区', [200, 0, 200, 100], '990101001')
  for (const [index, code] of ['990101001001001', '990101001001002', '990101001002001', '990101001002002'].entries()) await city.gridCell(code, [index * 100, 0, 100, 100])
  return city
}

describe('responsibility', () => {
  test('the smallest area with an owner decides; whoever has none, whose is gone, or who names nobody is told, those with most people first', async () => {
    const city = await aGrid()
    await city.people('990101001002001', 20)
    await city.people('990101001002002', 500)
    expect((await list(city, 'responsibility')).summary).toMatchObject({ count: 4, total: 4, share: 1, untold: [{ en: expect.stringContaining('owners is empty') as string }, { en: expect.stringContaining('collector') as string }] })
    await city.owner('990101001001')
    await city.owner('990101001001002', { organisation: '撤掉的队', organisationId: await city.organisation('撤掉的队', daysAgo(1)) })
    const { rows, summary } = await list(city, 'responsibility')
    expect(kindsOf(rows)).toEqual(['no_owner 990101001002002', 'no_owner 990101001002001', 'owner_gone 990101001001002'])
    expect(summary).toMatchObject({ count: 3, total: 4, share: 0.75 })
    expect(rows[0]).toMatchObject({ rank: 1, communityName: '乙社区', streetName: '东街', drawnBy: 'unit_grids', sentenceZh: '990101001002002：网格、社区、街道三级都没有责任单位，500 人。', sentenceEn: '990101001002002: nobody is named as its owner, not at its community or street either; 500 people live there.' })
    await city.owner('990101001', { organisation: '东街办事处', person: null })
    expect(kindsOf((await list(city, 'responsibility')).rows)).toEqual(['owner_gone 990101001001002', 'no_person 990101001002002', 'no_person 990101001002001'])
  })

  test('somebody who left is nobody; once there are collectors, a cell in nobody’s area is told', async () => {
    const city = await aGrid()
    await city.owner('990101001', { accountId: await city.account(daysAgo(1)) })
    expect(new Set((await list(city, 'responsibility')).rows.map(({ kind }) => kind))).toEqual(new Set(['no_person']))
    await db.query(sql`delete from grid_owners where city_id = ${city.cityId}`)
    await city.owner('990101001')
    await city.post('collector', '990101001001', await city.account())
    const told = await list(city, 'responsibility')
    expect(kindsOf(told.rows)).toEqual(['no_collector 990101001002001', 'no_collector 990101001002002'])
    expect(told.summary.untold).toEqual([])
    await city.post('collector', null, await city.account())
    expect((await list(city, 'responsibility')).rows).toEqual([])
  })

  test('a street or community is answered for by itself, or by all of its parts', async () => {
    const city = await aGrid()
    await city.people('990101001', 900)
    await city.owner('990101001001')
    await city.owner('990101001002001')
    const streets = await list(city, 'responsibility', { level: 'street' })
    expect(streets.rows.map(({ sentenceEn }) => sentenceEn)).toEqual(['东街 (990101001): nobody is named as its owner, nor of 1 cell in it; 900 people live there.'])
    expect(kindsOf((await list(city, 'responsibility', { level: 'community' })).rows)).toEqual(['no_owner 990101001002'])
    await city.owner('990101001002002')
    expect((await list(city, 'responsibility', { level: 'street' })).rows).toEqual([])
    expect((await list(city, 'responsibility', { level: 'community' })).rows).toEqual([])
  })

  test('communities: land in no cell, and none at all', async () => {
    const city = await aGrid()
    await city.owner('990101001')
    await city.area('community', '990101001003', '丙社区', [400, 0, 100, 100], '990101001')
    await db.query(sql`update unit_grids set valid_to = now() where city_id = ${city.cityId} and code = '990101001002002'`)
    const { rows, summary } = await list(city, 'responsibility', { level: 'community' })
    expect(kindsOf(rows)).toEqual(['no_cells 990101001003', 'uncovered 990101001002'])
    expect(rows[1]!.sentenceEn).toBe('乙社区 (990101001002): 50 % of its land is in none of its cells; how many live there is not known.')
    expect(summary).toMatchObject({ count: 2, total: 3 })
  })
})

describe('attention', () => {
  test('never checked, checked long ago and without any case are told apart; a failed check and a rework out of one are checks, a verification and a rework without one are not', async () => {
    const city = await aGrid()
    await city.incident({ reported: 50, grid: '990101001001001', checks: [{ action: 'check_passed', days: 40 }] })
    await city.incident({ reported: 20, grid: '990101001001001', checks: [{ action: 'verify_true', from: 'verifying', days: 10 }, { action: 'rework', from: 'pending_check', days: 5 }] })
    await city.incident({ reported: 20, grid: '990101001001002', checks: [{ action: 'check_failed', days: 29 }] })
    await city.incident({ reported: 20, grid: '990101001002001', state: 'disposing' })
    await city.incident({ reported: 2, grid: '990101001002002', isDrill: true, checks: [{ action: 'check_passed', days: 1 }] })
    const { rows, summary, asked } = await list(city, 'attention')
    expect(kindsOf(rows)).toEqual(['never_checked 990101001002001', 'stale 990101001001001', 'no_case 990101001002002'])
    expect(rows.map(({ sentenceZh }) => sentenceZh)).toEqual(['990101001002001：有 1 件案件，从未核查。', '990101001001001：最近一次核查在 2026-05-21，已 40 天（要求 30 天内）。', '990101001002002：从未有过案件，也就没有核查，人口未知。'])
    expect(summary).toMatchObject({ count: 3, total: 4, share: 0.75 })
    expect(asked).toMatchObject({ days: 30, checks: { en: expect.stringContaining('check passed') as string } })
    expect(kindsOf((await list(city, 'attention', { days: 29 })).rows)).toContain('stale 990101001001002')
    expect((await list(city, 'attention', { days: 41 })).rows.map(({ kind }) => kind)).not.toContain('stale')
    await city.incident({ reported: 3, grid: '990101001001001', checks: [{ action: 'rework', days: 2 }] })
    expect((await list(city, 'attention')).rows.map(({ kind }) => kind)).toEqual(['never_checked', 'no_case'])
  })
})

/** Twenty-four communities of 1,000 people with 10 cases each, all alike. */
async function aTown(): Promise<WatchedCity> {
  const city = await aWatchedCity(db)
  // On record for longer than any period that is asked about.
  await city.incident({ reported: 200, community: '990101001024' })
  for (let index = 1; index <= 24; index++) {
    const code = `990101001${String(index).padStart(3, '0')}`
    await city.area('community', code, `第${index}社区`, [index * 100, 0, 100, 100], '990101001')
    await city.people(code, 1000)
    for (let one = 0; one < 10; one++) await city.incident({ reported: 30, community: code })
  }
  return city
}

describe('reporting', () => {
  test('equal communities are expected to have equal cases; withdrawn ones, drills and those before the period do not count', async () => {
    const city = await aTown()
    await city.incident({ reported: 30, community: '990101001001', state: 'void' })
    await city.incident({ reported: 30, community: '990101001001', isDrill: true })
    await city.incident({ reported: 91, community: '990101001001' })
    const { summary, model, rows } = await list(city, 'reporting', { everyUnit: true })
    expect(summary).toMatchObject({ count: 0, total: 24, share: 0, untold: [] })
    // With people alike in all of them the model is its constant, ln 10, and Poisson's: mean and every expectation 10, 5 to 15 by its table.
    expect(model).toMatchObject({ family: 'poisson', communities: 24, coefficients: [{ covariate: null, estimate: expect.closeTo(Math.log(10), 8) as number }], deviance: expect.closeTo(0, 8) as number })
    expect(model!.leftOut).toEqual([{ covariate: 'people', why: 'says_nothing_new' }, ...['road_km', 'facilities', 'parts'].map((covariate) => ({ covariate, why: 'too_few_communities' }))])
    expect(rows).toHaveLength(24)
    expect(rows[0]).toMatchObject({ kind: 'as_expected', figures: { cases: 10, expected: expect.closeTo(10, 6) as number, lower: 5, upper: 15 }, sentenceEn: '第1社区 (990101001001): 10 cases reported in 90 days, 10.0 expected (interval 5–15): within it.' })
  })

  test('far fewer than expected is told; too few expected says nothing', async () => {
    const city = await aTown()
    await db.query(sql`update incidents set state = 'void' where city_id = ${city.cityId} and community_code = '990101001007'`)
    const { rows, summary } = await list(city, 'reporting')
    // 230 cases over 24 communities: 9.583 each; Poisson gives a probability of 0.047 up to 4, so the lower bound is 5.
    expect(kindsOf(rows)).toEqual(['under_reported 990101001007'])
    expect(rows[0]).toMatchObject({ weight: expect.closeTo(230 / 24, 4) as number, figures: { cases: 0 } })
    expect(summary).toMatchObject({ count: 1, total: 24, share: 1 / 24 })
    const short = await list(city, 'reporting', { periodDays: 29, everyUnit: true })
    expect(short).toMatchObject({ model: null, summary: { count: 0, total: 0, share: null, untold: [{ en: 'no case was reported in the last 29 days.' }] } })
    await db.query(sql`delete from case_digests where city_id = ${city.cityId} and id % 3 <> 0`)
    const few = await list(city, 'reporting', { everyUnit: true })
    expect(new Set(few.rows.map(({ kind }) => kind))).toEqual(new Set(['too_few']))
    expect(few.summary).toMatchObject({ count: 0, total: 0, share: null })
    expect(few.summary.untold.map(({ en }) => en)).toContain('communities with fewer than 5 expected cases, of which nothing is said: 24.')
  })

  test('people of cells stand in where a community states none; nobody known, nothing told', async () => {
    const city = await aTown()
    await city.people('990101001001', null)
    expect(await list(city, 'reporting', { everyUnit: true, kind: 'unknown' })).toMatchObject({ total: 1, model: { communities: 23 }, summary: { untold: [{ en: 'how many live in 1 community is not known: neither fitted nor judged.' }] } })
    await city.cell([120, 20, 20, 20], 700)
    await city.cell([150, 20, 20, 20], 300)
    expect(await list(city, 'reporting', { everyUnit: true })).toMatchObject({ model: { communities: 24 }, summary: { untold: [] } })
    const small = await aGrid()
    await small.people('990101001001', 5)
    await small.people('990101001002', 5)
    expect((await list(small, 'reporting')).summary).toMatchObject({ count: 0, share: null, untold: [{ en: expect.stringContaining('it takes at least 20') as string }] })
  })

  test('roads count within their community, rail not at all; facilities and parts count too', async () => {
    const city = await aWatchedCity(db)
    for (let index = 1; index <= 50; index++) {
      const code = `990101001${String(index).padStart(3, '0')}`
      await city.area('community', code, `第${index}社区`, [index * 100, 0, 100, 100], '990101001')
      await city.people(code, 100 * index)
      await city.gridCell(`${code}001`, [index * 100, 0, 100, 100])
      for (let one = 0; one < index % 7; one++) await city.facility('toilet', [index * 100 + 10 + one, 50])
      for (let one = 0; one < index % 5; one++) await city.part([index * 100 + 10 + one, 60], `${code}001`)
      for (let one = 0; one < 6 + (index % 3); one++) await city.incident({ reported: 30, community: code })
    }
    await city.road(0, 1550, 20)
    await city.road(0, 9000, 30, 'rail')
    const { model } = await list(city, 'reporting')
    expect(model!.coefficients.map(({ covariate }) => covariate)).toEqual([null, 'people', 'road_km', 'facilities', 'parts'])
    expect(model!.leftOut).toEqual([])
  })
})

describe('data', () => {
  test('people without data, features in the wrong place or outside, cells without a community, layers not renewed; counted by hand', async () => {
    const city = await aGrid()
    await city.people('990101001001', 300)
    await city.people('990101001002', 200)
    await city.facility('toilet', [50, 50])
    await city.building([10, 10, 10, 10], 300)
    await city.path([[10, 50], [390, 50]])
    await city.building([210, 10, 10, 10], 200)
    await city.part([50, 50], '990101001001001')
    await city.part([108, 50], '990101001001001')
    await city.part([350, 50], '990101001001001')
    await city.part([50, 60], '990101001009009')
    await city.part([900, 900], null, true)
    await city.incident({ reported: 5, grid: '990101001001001', at: [50, 50] })
    await city.incident({ reported: 5, grid: '990101001001001', at: [250, 50] })
    await city.incident({ reported: 5, grid: '990101001009009', at: [250, 50] })
    await city.gridCell('990101001008001', [0, 100, 100, 100])
    await db.query(sql`update layers set data_date = '2025-06-30' where city_id = ${city.cityId} and kind = 'buildings'`)
    await db.query(sql`update layers set data_date = '2025-07-01' where city_id = ${city.cityId} and kind = 'path_edges'`)
    const { rows, summary, model } = await list(city, 'data')
    expect(model).toBeNull()
    expect(rows.map(({ kind, sentenceEn }) => `${kind} ${sentenceEn.replaceAll(/t[0-9a-f]{20,}-\d+/g, '#')}`)).toEqual([
      'missing 乙社区 (990101001002): 200 people live there, but there are no data of: facilities.',
      expect.stringMatching(/^wrong_unit .*: stated to be in 990101001001001, but lies in 990101001002002, 250 m away\.$/),
      expect.stringMatching(/^wrong_unit .*: stated to be in 990101001001001, but lies in 990101001002001, 150 m away\.$/),
      expect.stringMatching(/^wrong_unit .*: stated to be in 990101001009009, which does not exist\.$/),
      expect.stringMatching(/^outside_city .*: this part lies outside the city\.$/),
      'unplaced 990101001008001: the community of its code does not exist.',
      'old buildings: dated 2025-06-30, 12 months ago (asked for within 12).',
    ])
    expect(summary.kinds).toEqual([
      { kind: 'missing', count: 1, total: 2, share: 0.5 },
      // Four parts and three cases state a cell, four cells a community there is.
      { kind: 'wrong_unit', count: 3, total: 11, share: 3 / 11 },
      { kind: 'outside_city', count: 1, total: 9, share: 1 / 9 },
      { kind: 'unplaced', count: 1, total: 5, share: 0.2 },
      { kind: 'old', count: 1, total: expect.any(Number) as number, share: expect.any(Number) as number },
    ])
    expect(summary).toMatchObject({ count: 7, total: null, share: null })
  })

  test('nothing to look at is said, not taken for no gap', async () => {
    const city = await aWatchedCity(db)
    for (const layer of ['responsibility', 'reporting', 'attention', 'data'] as const) {
      const { summary, rows } = await list(city, layer)
      expect(rows, layer).toEqual([])
      expect(summary.share, layer).toBeNull()
      expect(summary.untold.length, layer).toBeGreaterThan(0)
      expect(summary.kinds.every(({ share }) => share === null), layer).toBe(true)
    }
  })
})

describe('one judgement everywhere', () => {
  test('the counts of the summary are those of the lists, page by page, of the map and of the files', async () => {
    const city = await aGrid()
    await city.incident({ reported: 50, grid: '990101001001001', checks: [{ action: 'check_passed', days: 40 }] })
    const { layers } = await api.call(getManagementGaps, { params: { city: city.key } })
    for (const { layer, count } of layers) {
      expect((await list(city, layer)).total, layer).toBe(count)
      expect((await api.call(getManagementGapMap, { params: { city: city.key, layer } })).units, layer).toHaveLength(count)
    }
    const first = await list(city, 'attention', { limit: 3 })
    const second = await list(city, 'attention', { limit: 3, afterRank: first.afterRank! })
    expect([...first.rows, ...second.rows].map(({ rank }) => rank)).toEqual([1, 2, 3, 4])
    expect(second.afterRank).toBeNull()
    const address = (format: string) => `/api/v1/cities/${city.key}/management-gaps/attention/export?format=${format}`
    const csv = await (await api.fetch(address('csv'))).text()
    for (const { sentenceZh } of [...first.rows, ...second.rows]) expect(csv).toContain(sentenceZh)
    expect(csv.trim().split('\r\n')).toHaveLength(5)
    const geojson = await (await api.fetch(address('geojson'))).json() as { passport: Record<string, unknown>; features: { geometry: { type: string } }[] }
    expect(geojson.features.map(({ geometry }) => geometry.type)).toEqual(Array.from({ length: 4 }, () => 'MultiPolygon'))
    expect(geojson.passport['盲区 gaps']).toBe('4 / 4')
    const workbook = await api.fetch(address('xlsx'))
    expect(workbook.headers.get('content-disposition')).toContain('gaps-attention-2026-06-30.xlsx')
    expect((await workbook.arrayBuffer()).byteLength).toBeGreaterThan(1000)
  })

  test('the command line answers the same', async () => {
    const city = await aGrid()
    const printed: string[] = []
    const io = { print: (line: string) => void printed.push(line), progress: () => {}, signal: new AbortController().signal } as unknown as Parameters<typeof analyseCommand.run>[2]
    const answer = await analyseCommand.run(['gaps', '--city', city.key, '--layer', 'responsibility'], aContext(db, { clock: () => NOW }), io) as { total: number; rows: { sentenceZh: string }[] }
    const { total, rows } = await list(city, 'responsibility')
    expect(answer.total).toBe(total)
    expect(answer.rows.map(({ sentenceZh }) => sentenceZh)).toEqual(rows.map(({ sentenceZh }) => sentenceZh))
    expect(printed.join('\n')).toContain(rows[0]!.sentenceZh)
    await expect(analyseCommand.run(['gaps', '--city', city.key, '--layer', 'patrol'], aContext(db), io)).rejects.toThrow('--layer wants one of responsibility, reporting, attention, data')
  })

  test('what cannot be asked is named', async () => {
    const city = await aGrid()
    await expect(list(city, 'attention', { kind: 'no_owner' })).rejects.toThrow('The layer attention has no kind no_owner; it has never_checked, stale, no_case.')
    await expect(list(city, 'attention', { level: 'street' })).rejects.toThrow('Only responsibility is asked by level')
    await expect(list(city, 'attention', { days: 0 })).rejects.toMatchObject({ problem: { errors: [{ path: 'query.days' }] } })
    expect((await api.fetch(`/api/v1/cities/${city.key}/management-gaps/patrol`)).status).toBe(400)
    expect((await api.fetch(`/api/v1/cities/${city.key}/management-gaps/data/export?format=pdf`)).status).toBe(400)
    expect((await api.fetch('/api/v1/cities/nowhere/management-gaps')).status).toBe(404)
  })
})
