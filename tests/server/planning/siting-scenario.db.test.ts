import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { siteEdits } from '../../../client/siting/site-edits.ts'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { getPlanningDrawing, getPlanningRun, startPlanningRun } from '../../../server/contract/planning.ts'
import { coverageQuestionOf, type SitingQuestion, type SitingResult } from '../../../server/contract/planning-siting.ts'
import { createScenario } from '../../../server/contract/scenarios.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aPlanningServer } from './a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

/** Who is served by the sites of a question, and by whole runs over the city as it is and over a scenario in which they are drawn; null where the question has no answer. */
async function bothWays(city: SmallCity, input: z.input<typeof SitingQuestion>): Promise<{ sites: number; before: number; sited: number; drawn: number; stands: number; total: number; unit: SitingResult['unit']; drawnUnit: string } | null> {
  const params = { city: city.key }
  const { id } = await api().call(startPlanningRun, { params, body: { kind: 'siting', input } })
  await jobs.idle()
  const run = await api().call(getPlanningRun, { params: { ...params, run: id } })
  const picture = await api().call(getPlanningDrawing, { params: { ...params, run: id } })
  if (run.kind !== 'siting' || picture.kind !== 'siting' || !run.result) throw new Error(`no result: ${JSON.stringify(run.error)}`)
  if (!run.result.answer) return null
  const { answer } = run.result
  const { edits, leftOut } = siteEdits(answer.sites, picture.drawing.sites, ({ number }) => `site ${number}`, uuidv7)
  expect(leftOut).toEqual([])
  const question = coverageQuestionOf(run.input)
  const { scenario } = await api().call(createScenario, { params, body: { title: 'sites', question, edits } })
  const whole = await api().call(startCoverageRun, { params, body: { ...question, scenario: { id: scenario.id, version: 1 } } })
  await jobs.idle()
  const now = await api().call(startCoverageRun, { params, body: question })
  await jobs.idle()
  const ratioOf = async (id: string) => {
    const { summary, error } = await api().call(getCoverageRun, { params: { ...params, run: id } })
    expect(error).toBeNull()
    return summary!.ratios[run.input.demand]!
  }
  const [drawn, stands] = [await ratioOf(whole.id), await ratioOf(now.id)]
  return { sites: answer.sites.length, before: answer.before.weight, sited: answer.after.weight, drawn: drawn.covered, stands: stands.covered, total: stands.total, unit: run.result.unit, drawnUnit: drawn.unit }
}

/** Streets every 100 m, some of them missing, with homes, plots and a park strewn among them. */
const aTown = fc.record({
  streets: fc.array(fc.record({ column: fc.integer({ min: 0, max: 5 }), row: fc.integer({ min: 0, max: 5 }), isEast: fc.boolean(), rise: fc.option(fc.integer({ min: -30, max: 30 }), { freq: 4, nil: undefined }), isStairs: fc.nat(5).map((one) => one === 0) }), { minLength: 16, maxLength: 30 }),
  homes: fc.array(fc.tuple(fc.integer({ min: -20, max: 620 }), fc.integer({ min: -20, max: 620 }), fc.integer({ min: 1, max: 9 })), { minLength: 8, maxLength: 25 }),
  plots: fc.array(fc.tuple(fc.integer({ min: 0, max: 550 }), fc.integer({ min: 0, max: 550 }), fc.integer({ min: 23, max: 90 })), { minLength: 3, maxLength: 7 }),
  park: fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 })),
})

async function build({ streets, homes, plots, park }: typeof aTown extends fc.Arbitrary<infer Town> ? Town : never): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.path([[0, 0], [100, 0], [200, 0], [300, 0], [400, 0], [500, 0], [600, 0]], 'path', 7)
  for (const { column, row, isEast, rise, isStairs } of streets) await city.path([[column * 100, row * 100], isEast ? [(column + 1) * 100, row * 100] : [column * 100, (row + 1) * 100]], isStairs ? 'steps' : 'path', rise)
  for (const [x, y, people] of homes) await city.building([x, y, 10, 10], people)
  for (const [x, y, side] of plots) await city.plot([x, y, side, side])
  await city.park([...park, 60, 60])
  return city
}

test.each(['walk', 'straight'] as const)('what sites serve is what a scenario of them serves, to the person, whatever the town (%s)', async (ruler) => {
  const seen = { more: 0 }
  await fc.assert(
    fc.asyncProperty(aTown, async (town) => {
      const city = await build(town)
      const plots = await bothWays(city, { method: 'mclp', p: 2, ruler, radiusMeters: 187.37, timeLimitSeconds: 5 })
      expect(plots?.drawn).toBe(plots?.sited)
      if (plots && plots.sited > plots.before) seen.more += 1
      const lattice = await bothWays(city, { method: 'mclp', p: 1, ruler, radiusMeters: 131.71, candidates: { from: 'lattice', spacingMeters: 150, areaM2: 900 }, timeLimitSeconds: 5 })
      expect(lattice?.drawn).toBe(lattice?.sited)
    }),
    { numRuns: 6 },
  )
  expect(seen.more).toBeGreaterThan(0)
})

test('a plot with one path into it serves from there alone, though streets run along its other sides', async () => {
  const city = await aSmallCity(db)
  await city.plot([0, 0, 100, 100])
  // A path into the plot from the west; a street 10 m east of it.
  await city.path([[-200, 50], [-100, 50], [20, 50]])
  await city.path([[-200, 50], [-200, -100], [110, -100], [110, 300]])
  await city.building([-60, 45, 10, 10], 3)
  await city.building([105, 45, 10, 10], 40)
  const walked = await bothWays(city, { method: 'mclp', p: 1, ruler: 'walk', radiusMeters: 120 })
  expect(walked).toMatchObject({ sited: 3, drawn: 3 })
})

test('a lattice under a rule with a least size stands for plots of that size', async () => {
  const city = await aSmallCity(db)
  await city.building([0, 0, 10, 10], 7)
  const found = await bothWays(city, { method: 'mclp', p: 1, rule: 'GARDEN_CITY_2022', candidates: { from: 'lattice', spacingMeters: 100 } })
  expect(found).toMatchObject({ sites: 1, before: 0, sited: 7, drawn: 7 })
})

test('with slopes and stairs too, whichever way the sites were chosen', async () => {
  const seen = { more: 0 }
  const impedances = fc.constantFrom({ slope: true }, { slope: true, stairs: 'slower' }, { stairs: 'closed' }, { slope: true, stairs: 'closed' } as const)
  const methods = fc.constantFrom({ method: 'mclp', p: 2 }, { method: 'lscp', islands: 'leave_out' }, { method: 'p-median', p: 2, reachMeters: 900, islands: 'leave_out' }, { method: 'p-center', p: 2, reachMeters: 900, islands: 'leave_out' } as const)
  await fc.assert(
    fc.asyncProperty(aTown, impedances, methods, async (town, impedance, asked) => {
      const found = await bothWays(await build(town), { ...asked, ruler: 'walk', impedance, radiusMeters: 217.37, timeLimitSeconds: 5 } as z.input<typeof SitingQuestion>)
      expect(found?.drawn).toBe(found?.sited)
      if (found && found.sited > found.before) seen.more += 1
    }),
    { numRuns: 4 },
  )
  expect(seen.more).toBeGreaterThan(0)
})

/** Three blocks 1 km apart, each with a plot, and a park and a path beside the first: most people live in the second, most elders in the third, most children in the second too. */
async function aTownOfAges(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.path([[0, 50], [1000, 50], [2000, 50], [2200, 50]])
  for (const [index, people, elders, children] of [[0, 100, 30, 12], [1, 900, 20, 90], [2, 400, 80, 5]] as const) {
    await city.building([index * 1000, 0, 20, 20], people, { elders, children })
    await city.plot([index * 1000 + 60, 40, 50, 50])
  }
  await city.park([30, 40, 20, 20])
  await city.facility('hospital', [10, 70], { capacity: 50 })
  await city.facility('hospital', [2010, 70], { capacity: 300 })
  await city.facility('hospital', [1010, 70], { capacity: 900, access: 'closed' })
  await city.facility('school', [1010, 30])
  await city.facility('school', [2010, 30], { capacity: 700 })
  return city
}

test.each([
  ['elders', 'straight', { before: 30, sited: 110, total: 130, unit: 'people' }],
  ['elders', 'walk', { before: 30, sited: 110, total: 130, unit: 'people' }],
  ['children', 'straight', { before: 12, sited: 102, total: 107, unit: 'people' }],
  // All hospitals that are open state their beds; of the schools one does not say how many it takes, so that each is one.
  ['hospitals', 'straight', { before: 50, sited: 350, total: 350, unit: 'beds' }],
  ['hospitals', 'walk', { before: 50, sited: 350, total: 350, unit: 'beds' }],
  ['schools', 'walk', { before: 0, sited: 1, total: 2, unit: 'facilities' }],
  ['buildings', 'straight', { before: 1, sited: 2, total: 3, unit: 'buildings' }],
  ['population', 'walk', { before: 100, sited: 1000, total: 1400, unit: 'people' }],
] as const)('one site for %s (%s) is for them alone, and coverage says the same of them before and after', async (demand, ruler, known) => {
  const found = await bothWays(await aTownOfAges(), { method: 'mclp', p: 1, ruler, radiusMeters: 200, demand, timeLimitSeconds: 5 })
  expect(found).toMatchObject(known)
  expect(found).toMatchObject({ drawn: found!.sited, stands: found!.before, drawnUnit: found!.unit })
})

test.each(['elders', 'hospitals'] as const)('a city that tells of no %s is told what to import', async (demand) => {
  const city = await aSmallCity(db)
  await city.building([0, 0, 10, 10], 7)
  await city.plot([0, 20, 50, 50])
  const asked = api().call(startPlanningRun, { params: { city: city.key }, body: { kind: 'siting', input: { method: 'mclp', p: 1, radiusMeters: 200, demand } } })
  await expect(asked).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining(`no ${demand} data`), problem: { errors: [{ path: 'body.input.demand' }] } })
})
