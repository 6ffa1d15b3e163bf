import { describe, expect, test } from 'vitest'
import { sql } from '../../../server/db/sql.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { type Asked, aSitingServer, names } from './a-siting-server.ts'

const { db, jobs, ask, look, solve, aRow } = aSitingServer()

describe('over the walking network', () => {
  test('a river with one bridge turns the choice: the plot on the near bank serves, the nearer one across does not', async () => {
    const city = await aSmallCity(db)
    await city.building([0, 0, 10, 10], 50)
    await city.plot([0, 110, 20, 20], { name: 'across' })
    await city.plot([210, 0, 20, 20], { name: 'near bank' })
    await city.path([[5, 20], [220, 25]])
    await city.path([[5, 105], [1000, 105]])
    await city.path([[220, 25], [1000, 25]])
    await city.path([[1000, 25], [1000, 105]], 'bridge')
    expect(names(await solve(city, { p: 1, ruler: 'straight', radiusMeters: 200 }))).toEqual(['across'])
    const walked = await solve(city, { p: 1, ruler: 'walk', radiusMeters: 250 })
    expect(names(walked)).toEqual(['near bank'])
    expect(walked.answer).toMatchObject({ objective: 50, isProven: true, sites: [{ serves: { meanMeters: expect.closeTo(215, -1) } }] })
  })

  test('homes and plots beside no path are named', async () => {
    const city = await aSmallCity(db)
    await city.building([0, 0, 10, 10], 50)
    await city.building([5000, 5000, 10, 10], 7)
    await city.plot([100, 30, 20, 20], { name: 'beside' })
    await city.plot([100, 600, 20, 20], { name: 'off' })
    await city.path([[0, 20], [200, 20]])
    const result = await solve(city, { p: 1, ruler: 'walk' })
    expect(names(result)).toEqual(['beside'])
    expect(result.notices).toMatchObject([{ code: 'islands_unserved', count: 1, weight: 7 }, { code: 'homes_off_network', count: 1 }, { code: 'candidates_off_network', count: 1 }])
    expect(result.counts.candidatesLeftOut).toEqual([{ reason: 'off_network', count: 1 }])
  })

  test('without a network the run says what would help', async () => {
    const { id } = await ask(await aRow(), { p: 1, ruler: 'walk' })
    await expect(jobs.idle()).rejects.toMatchObject({ code: 'conflict' })
    expect((await db.query<{ message: string }>(sql`select error->>'message' as message from planning_runs where public_id = ${id}`))[0]!.message).toContain('--as paths')
  })
})

describe('with slopes and stairs', () => {
  const SLOPE = { slope: true } as const
  /** Homes with a plot 190 m up the hill to the east and one 215 m down it to the west. */
  async function aHill(rise: number | undefined): Promise<SmallCity> {
    const city = await aSmallCity(db)
    await city.building([-5, 0, 10, 10], 50)
    await city.plot([190, 0, 20, 20], { name: 'up' })
    await city.plot([-235, 0, 20, 20], { name: 'down' })
    await city.path([[-240, 5], [0, 5], [240, 5]], 'path', rise)
    return city
  }

  test.each([
    { method: 'p-median', p: 1 },
    { method: 'p-center', p: 1 },
    { method: 'mclp', p: 1, radiusMeters: 320 },
    { method: 'lscp', p: null, radiusMeters: 320 },
  ] as Asked[])('the way to the plot decides: up takes longer than down ($method)', async (asked) => {
    // 20 % up takes exp(0.7) as long, 20 % down exp(0.35).
    const found = await solve(await aHill(48), { ruler: 'walk', impedance: SLOPE, ...asked })
    expect(names(found)).toEqual(['down'])
    expect(found.answer!.sites[0]!.serves.meanMeters).toBeCloseTo(215 * Math.exp(0.35), 0)
    // The same hill from its other side: what was up is down.
    expect(names(await solve(await aHill(-48), { ruler: 'walk', impedance: SLOPE, ...asked }))).toEqual(['up'])
  })

  test('on the plain slopes change nothing; what hinders nothing is the question without it', async () => {
    const city = await aHill(0)
    const plain = await solve(city, { p: 1, method: 'p-median', ruler: 'walk' })
    expect((await solve(city, { p: 1, method: 'p-median', ruler: 'walk', impedance: SLOPE })).answer).toEqual(plain.answer)
    const first = await ask(city, { p: 1, ruler: 'walk' })
    await jobs.idle()
    expect(await ask(city, { p: 1, ruler: 'walk', impedance: { slope: false, stairs: 'as_paths' } })).toMatchObject({ id: first.id, reused: true })
  })

  test('a plot behind stairs is there for those who can climb them', async () => {
    const city = await aSmallCity(db)
    await city.building([0, 0, 10, 10], 50)
    await city.plot([130, 0, 20, 20], { name: 'up the stairs' })
    await city.plot([0, 260, 20, 20], { name: 'round the corner' })
    await city.path([[5, 5], [60, 5]])
    await city.path([[60, 5], [120, 5]], 'steps')
    await city.path([[120, 5], [140, 5]])
    await city.path([[5, 5], [5, 300], [140, 300], [140, 5]])
    const nearest = async (stairs: 'as_paths' | 'slower' | 'closed') => {
      const { answer } = await solve(city, { p: 1, method: 'p-median', ruler: 'walk', impedance: { stairs } })
      return [answer!.sites[0]!.name, Math.round(answer!.after.meanMeters!)]
    }
    expect([await nearest('as_paths'), await nearest('slower'), await nearest('closed')]).toEqual([['up the stairs', 125], ['up the stairs', 185], ['round the corner', 255]])
  })

  test('the passport names the settings and the formula, paths of unknown rise are told, and a city without heights what to import', async () => {
    const city = await aHill(48)
    await city.path([[240, 5], [240, 300]])
    const { id } = await ask(city, { p: 1, radiusMeters: 320, ruler: 'walk', impedance: { slope: true, stairs: 'slower' } })
    await jobs.idle()
    const { passport, result } = await look(city, id)
    expect(passport).toMatchObject({ input: { impedance: { slope: true, stairs: 'slower' } }, basis: { walkingSettings: expect.any(Number) as number }, methodEn: expect.stringMatching(/hiking function.*Stairs take 2 times/) as string, methodZh: expect.stringContaining('徒步函数') as string })
    expect(result!.notices).toMatchObject([{ code: 'rise_unknown', count: 1, isFatal: false }])
    await expect(ask(city, { p: 1, impedance: SLOPE })).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('walking ruler') as string })
    await ask(await aHill(undefined), { p: 1, ruler: 'walk', impedance: SLOPE })
    await expect(jobs.idle()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('no heights') as string })
  })
})
