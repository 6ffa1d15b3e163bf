import { expect, test } from 'vitest'
import { getPlanningRun, type PlanningQuestion, startPlanningRun } from '../../../server/contract/planning.ts'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aPlanningServer } from '../planning/a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

type Asked = Partial<Extract<PlanningQuestion, { kind: 'supply' }>['input']>
const SLOPE = { slope: true, stairs: 'as_paths' } as const

async function ask(city: SmallCity, input: Asked) {
  const { id } = await api().call(startPlanningRun, { params: { city: city.key }, body: { kind: 'supply', input: { ruler: 'walk', catchmentMeters: 300, ...input } } })
  await jobs.idle()
  const run = await api().call(getPlanningRun, { params: { city: city.key, run: id } })
  if (run.kind !== 'supply') throw new Error(`a run of ${run.kind}`)
  return run
}

/** Parks at both ends of a street of 400 m that rises by so much on each half of it, and homes on it. */
async function aHill(rise: number | undefined): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '西园' })
  await city.park([400, 0, 100, 100], { name: '东园' })
  await city.path([[0, 50], [200, 50], [400, 50]], 'path', rise)
  await city.building([195, 45, 10, 10], 100)
  return city
}
const inReach = ({ result }: Awaited<ReturnType<typeof ask>>) => result!.crowded.map(({ name }) => name).sort()

test.each(['2sfca', 'e2sfca', 'gaussian'] as const)('who lives on a hill reaches the park below it, as coverage says, and not the one above; nothing is lost of what is shared (%s)', async (method) => {
  // 20 % up: 200 m take as long as 403 m of level ground; down as long as 284.
  const city = await aHill(40)
  const [plain, hilly] = [await ask(city, { method }), await ask(city, { method, impedance: SLOPE })]
  expect([inReach(plain), inReach(hilly)]).toEqual([['东园', '西园'].sort(), ['西园']])
  expect([hilly.result!.pairs, hilly.result!.conservation.isConserved]).toEqual([1, true])
  expect(hilly.result!.conservation.relativeDifference).toBeLessThanOrEqual(1e-9)
  expect(inReach(await ask(await aHill(-40), { method, impedance: SLOPE }))).toEqual(['东园'])
  // The same homes by the coverage of one park's radius.
  const { id } = await api().call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, ruler: 'walk', impedance: SLOPE } })
  await jobs.idle()
  const { summary } = await api().call(getCoverageRun, { params: { city: city.key, run: id } })
  expect(summary!.ratios.population!.covered).toBe(hilly.result!.equity.people - hilly.result!.outOfReach.people)
})

test('minutes are minutes on the hill: 4 minutes are 320 m of level ground, and no way up the hill is so short', async () => {
  const city = await aHill(40)
  const minutes = (catchmentMinutes: number) => ask(city, { catchmentMeters: undefined, catchmentMinutes, impedance: SLOPE })
  const four = await minutes(4)
  expect([four.input.catchmentMeters, inReach(four)]).toEqual([320, ['西园']])
  expect(inReach(await minutes(5.1))).toEqual(['东园', '西园'].sort())
})

test('on the plain slopes change nothing; what hinders nothing is the question without it; stairs take their time', async () => {
  const city = await aHill(0)
  const plain = await ask(city, {})
  const { walking, ...figures } = (await ask(city, { impedance: SLOPE })).result!
  expect({ ...plain.result, walking: null }).toEqual({ ...figures, walking: null })
  expect(walking!.impedance).toEqual({ slope: true, stairs: 'as_paths', stairEdges: 0, edgesWithRise: 2 })
  expect((await ask(city, { impedance: { slope: false, stairs: 'as_paths' } })).id).toBe(plain.id)
  const steps = await aSmallCity(db)
  await steps.park([-100, 0, 100, 100])
  await steps.path([[0, 50], [100, 50]])
  await steps.path([[100, 50], [200, 50]], 'steps')
  await steps.path([[200, 50], [300, 50]])
  await steps.building([245, 45, 10, 10], 10)
  const out = async (stairs: 'as_paths' | 'slower' | 'closed') => (await ask(steps, { impedance: { slope: false, stairs } })).result!.outOfReach.people
  expect([await out('as_paths'), await out('slower'), await out('closed')]).toEqual([0, 10, 10])
})

test('the passport names settings and formula, paths of unknown rise are counted, and a city without heights is told what to import', async () => {
  const city = await aHill(40)
  await city.path([[400, 50], [400, 300]])
  const { passport, result } = await ask(city, { impedance: { slope: true, stairs: 'slower' } })
  expect(passport).toMatchObject({ input: { impedance: { slope: true, stairs: 'slower' } }, basis: { walkingSettings: expect.any(Number) as number }, methodEn: expect.stringMatching(/hiking function.*Stairs take 2 times/) as string, methodZh: expect.stringContaining('徒步函数') as string })
  expect(result!.walking).toMatchObject({ edges: 3, impedance: { edgesWithRise: 2 } })
  await expect(ask(city, { ruler: 'straight', impedance: SLOPE })).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('walking ruler') as string })
  await expect(ask(await aHill(undefined), { impedance: SLOPE })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('no heights') as string })
})
