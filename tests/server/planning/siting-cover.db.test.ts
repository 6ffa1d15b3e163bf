import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { cancelPlanningRun } from '../../../server/contract/planning.ts'
import { sql } from '../../../server/db/sql.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aSitingServer, names } from './a-siting-server.ts'

const { db, jobs, api, ask, look, solve, aRow } = aSitingServer()

describe('coverings', () => {
  test('maximal covering builds where most people are, beside what stands and not counting it', async () => {
    const result = await solve(await aRow(), { p: 2 })
    expect(names(result)).toEqual(['plot 2', 'plot 1'])
    expect(result.answer).toMatchObject({ objective: 900, isProven: true, gap: 0, stoppedBy: 'proven', before: { weight: 400 }, after: { weight: 900 } })
    expect(result.answer!.sites.map(({ gain }) => gain)).toEqual([300, 200])
    expect(result.answer!.sites[1]).toMatchObject({ serves: { demands: 1, weight: 200 }, runnerUp: { name: 'plot 0', difference: 100, weightFactor: 2 } })
    expect(result.answer!.curve!.map(({ objective }) => objective)).toEqual([700, 900, 1000])
    expect(result.counts).toMatchObject({ demands: 4, weight: 1000, candidates: 4, existing: 1 })
  })

  test('set covering needs a site for every block that nothing serves, and none beside the park', async () => {
    const { answer } = await solve(await aRow(), { method: 'lscp' })
    expect(answer).toMatchObject({ objective: 3, isProven: true, after: { weight: 1000 } })
    expect(answer!.sites.map(({ name }) => name)).not.toContain('plot 3')
  })

  test('people served before are those of a coverage run by the same rule', async () => {
    const city = await aRow()
    const run = await api().call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, demand: 'population' } })
    await jobs.idle()
    const { summary } = await api().call(getCoverageRun, { params: { city: city.key, run: run.id } })
    expect((await solve(city, { p: 1 })).answer!.before.weight).toBe(summary!.ratios.population!.covered)
  })

  test('a budget buys what serves most for its money', async () => {
    const city = await aRow()
    const { answer } = await solve(city, { budget: 600, prices: { perSite: 100, perM2: 0.08 } })
    expect(answer!.sites.map(({ name, cost }) => [name, cost])).toEqual([['plot 2', 300], ['plot 1', 300]])
  })
})

test('what stands is fixed: opening one more park never takes a new site away, and no answer with it serves fewer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 9 })), { minLength: 2, maxLength: 6 }), fc.integer({ min: 0, max: 20 }), async (blocks, parkAt) => {
      const city = await aSmallCity(db)
      for (const [place, people] of blocks) await city.building([place * 100, 0, 10, 10], people)
      for (const place of [0, 5, 10, 15, 20]) await city.plot([place * 100, 20, 10, 10])
      const before = (await solve(city, { p: 2, radiusMeters: 150 })).answer
      await city.park([parkAt * 100, 20, 10, 10])
      const after = (await solve(city, { p: 2, radiusMeters: 150 })).answer
      if (!before || !after) return
      expect(after.objective).toBeGreaterThanOrEqual(before.objective)
      expect(after.objective).toBe(after.after.weight)
      expect(after.sites.length).toBeLessThanOrEqual(2)
    }),
    { numRuns: 4 },
  )
})

describe('a search that takes long', () => {
  /** Three thousand homes and two hundred plots strewn over 8 km, with weights that are no whole numbers: minutes to prove. */
  async function aHardTown(): Promise<SmallCity> {
    const city = await aSmallCity(db)
    const [buildings, plots] = [await city.layer('buildings'), await city.layer('leftover_plots')]
    const strewn = (seed: number, size: number) => sql`st_multi(st_transform(st_makeenvelope(500000 + x, 2500000 + y, 500000 + x + ${size}::float8, 2500000 + y + ${size}::float8, 4547), 4490))
      from (select n, 8000 * abs(sin(n * ${seed}::float8)) as x, 8000 * abs(cos(n * n * ${seed}::float8)) as y from generate_series(1, ${seed === 1.7 ? 3000 : 200}::int) n) strewn`
    await db.query(sql`insert into buildings (public_id, city_id, layer_id, source_key, content_hash, population, area_m2, geom)
      select gen_random_uuid(), ${city.cityId}, ${buildings}, n::text, '', 1 + abs(sin(n * 3.3)), 100, ${strewn(1.7, 10)}`)
    await db.query(sql`insert into leftover_plots (public_id, city_id, layer_id, source_key, content_hash, area_m2, geom) select gen_random_uuid(), ${city.cityId}, ${plots}, n::text, '', 100, ${strewn(2.9, 10)}`)
    return city
  }

  test('tells the best so far, and keeps it when it is cancelled: with its bound, its reasons, and not as proven', async () => {
    const city = await aHardTown()
    const { id } = await ask(city, { p: 20, radiusMeters: 900, timeLimitSeconds: 120 })
    const interim = await vi.waitFor(async () => {
      const run = await look(city, id)
      expect(run.interim?.objective).toBeGreaterThan(0)
      return run.interim!
    }, { timeout: 30_000, interval: 100 })
    expect(interim).toMatchObject({ sites: 20, places: { length: 20 } })
    await api().call(cancelPlanningRun, { params: { city: city.key, run: id } })
    await jobs.idle()
    const run = await look(city, id)
    expect(run).toMatchObject({ status: 'cancelled', interim: null, result: { answer: { isProven: false, stoppedBy: 'cancelled', hasReasons: true } } })
    const answer = run.result!.answer!
    expect(answer.sites).toHaveLength(20)
    expect(answer.objective).toBeGreaterThanOrEqual(interim.objective!)
    expect(answer.bound).toBeGreaterThanOrEqual(answer.objective)
    expect(answer.gap).toBeLessThan(0.3)
    expect((await ask(city, { p: 20, radiusMeters: 900, timeLimitSeconds: 2 })).id).not.toBe(id)
    await jobs.idle()
  })
})
