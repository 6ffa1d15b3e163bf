import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { siteEdits } from '../../../client/siting/site-edits.ts'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import { getPlanningDrawing, getPlanningRun, startPlanningRun } from '../../../server/contract/planning.ts'
import { coverageQuestionOf, type SitingQuestion } from '../../../server/contract/planning-siting.ts'
import { createScenario } from '../../../server/contract/scenarios.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aPlanningServer } from './a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

/** People served by the sites of a question, and by a whole run over a scenario in which they are drawn; null where the question has no answer. */
async function bothWays(city: SmallCity, input: z.input<typeof SitingQuestion>): Promise<{ sites: number; before: number; sited: number; drawn: number } | null> {
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
  const { summary, error } = await api().call(getCoverageRun, { params: { ...params, run: whole.id } })
  expect(error).toBeNull()
  return { sites: answer.sites.length, before: answer.before.weight, sited: answer.after.weight, drawn: summary!.ratios.population!.covered }
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
  expect(found).toEqual({ sites: 1, before: 0, sited: 7, drawn: 7 })
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
