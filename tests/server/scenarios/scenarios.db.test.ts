import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGround, placeEdit, planeOf } from '../../../client/scenario/ground.ts'
import { type CoverageQuestion, type CoverageSummary, getCoverageMap, getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import type { Position } from '../../../server/contract/geojson.ts'
import { copyScenario, createScenario, endScenario, getScenarioVersion, getWhatIfGround, listScenarios, listScenarioVersions, SCENARIO_AREA_TOLERANCE, saveScenarioVersion, type ScenarioEdit } from '../../../server/contract/scenarios.ts'
import { startCoverageJobs } from '../../../server/coverage/coverage.ts'
import type { AreaOutcome } from '../../../server/engine/what-if/served-area.ts'
import { WhatIf } from '../../../server/engine/what-if/what-if.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, positionAt, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  api = await openTestApi(aContext(db, { jobs }))
  await startCoverageJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const position = (at: readonly [number, number]): Position => positionAt(...at)
const square = (west: number, south: number, side: number) => ({ type: 'Polygon' as const, coordinates: [[[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]].map((at) => position(at as [number, number]))] })
const home = (city: SmallCity, [x, y]: [number, number], people: number) => city.building([x - 5, y - 5, 10, 10], people)

/** A park west of a river; east of it homes, a closed park and a street of their own. */
async function aRiverside() {
  const city = await aSmallCity(db)
  const park = await city.park([-100, 0, 100, 100], { name: '河西园' })
  const shut = await city.park([600, 300, 100, 100], { name: '封闭园', access: 'closed' })
  const yard = await city.park([640, 150, 100, 100], { name: '防护绿地', access: 'closed', classCode: 'G2' })
  await city.path([[-50, 50], [100, 50], [100, 900], [300, 900], [300, 50], [650, 50], [650, 350]])
  await home(city, [50, 55], 1)
  await home(city, [300, 60], 20)
  await home(city, [500, 60], 300)
  await home(city, [655, 200], 4000)
  await city.parcel([0, 0, 250, 400])
  await city.parcel([200, -100, 600, 420])
  await city.parcel([640, 150, 120, 900])
  return { city, park, shut, yard }
}

const QUESTIONS: [string, CoverageQuestion][] = [
  ['walk', { layers: [], radiusMeters: 320, minAreaM2: 5000, ruler: 'walk', everyFeature: false, clipToCity: false }],
  ['straight', { layers: [], radiusMeters: 320, minAreaM2: 5000, demand: 'population', everyFeature: false, clipToCity: false }],
  ['land', { layers: [], radiusMeters: 320, minAreaM2: 5000, demand: 'residential', everyFeature: false, clipToCity: false }],
]

async function fullAnswer(city: SmallCity, question: CoverageQuestion, scenario?: { id: string; version: number }) {
  const { id } = await api.call(startCoverageRun, { params: { city: city.key }, body: { ...question, ...(scenario ? { scenario } : {}) } })
  await jobs.idle()
  const run = await api.call(getCoverageRun, { params: { city: city.key, run: id } })
  expect(run.error).toBeNull()
  return run
}

type Bare<Edit> = Edit extends ScenarioEdit ? Omit<Edit, 'id' | 'name'> & { id?: string } : never
const edit = (more: Bare<ScenarioEdit>): ScenarioEdit => ({ id: uuidv7(), name: '', ...more })

test.each(QUESTIONS)('each edit is answered by the browser’s engine as by a whole run, to the person and the area (%s)', async (ruler, question) => {
  const { city, park, shut, yard } = await aRiverside()
  const ground = await api.call(getWhatIfGround, { params: { city: city.key }, body: question })
  const plane = planeOf(ground.plane)
  const whatIf = new WhatIf(decodeGround(ground))
  const fresh = uuidv7()
  const isWalk = ruler === 'walk'
  const cases: [string, ScenarioEdit[], number][] = [
    ['as it is', [], isWalk ? 1 : 21],
    ['a pocket park', [edit({ kind: 'facility', id: fresh, geometry: square(500, 60, 80) })], 4321],
    ['a park of two parts, one with a hole in it', [edit({ kind: 'facility', geometry: { type: 'MultiPolygon', coordinates: [square(500, 60, 80).coordinates, [...square(520, 300, 60).coordinates, square(535, 315, 30).coordinates[0]!.toReversed()]] } })], 4321],
    ['too small a park', [edit({ kind: 'facility', geometry: square(500, 60, 60) })], isWalk ? 1 : 21],
    ['the park closed', [edit({ kind: 'close', feature: park })], 0],
    ['the closed park open', [edit({ kind: 'open', feature: shut })], isWalk ? 4001 : 4321],
    ['the park moved', [edit({ kind: 'change', feature: park, geometry: square(310, 60, 100) })], isWalk ? 320 : 4321],
    ['a footbridge', [edit({ kind: 'path', line: [position([100, 50]), position([300, 50])], isCrossing: true })], 21],
    ['a path into the park, which opens a gate', [edit({ kind: 'path', line: [position([300, 60]), position([-50, 60])], isCrossing: false })], 21],
    ['the same as a bridge, which nobody steps off', [edit({ kind: 'path', line: [position([300, 60]), position([-50, 60])], isCrossing: true })], isWalk ? 1 : 21],
    ['the only street shut', [edit({ kind: 'close_path', position: position([50, 50]) })], isWalk ? 0 : 21],
    ['the gate of the park shut, named by a place beside it', [edit({ kind: 'close_gate', feature: park, position: position([8, 50]) })], isWalk ? 0 : 21],
    ['a gate shut that is too far away to be meant', [edit({ kind: 'close_gate', feature: park, position: position([90, 50]) })], isWalk ? 1 : 21],
    ['the park shut and moved', [edit({ kind: 'close', feature: park }), edit({ kind: 'change', feature: park, geometry: square(310, 60, 100) })], 0],
    ['a gate put in before its park was moved', [edit({ kind: 'gate', feature: park, position: position([650, 200]) }), edit({ kind: 'change', feature: park, geometry: square(310, 60, 100) })], isWalk ? 4320 : 4321],
    ['a green of no class that counts opened', [edit({ kind: 'open', feature: yard })], isWalk ? 1 : 21],
    ['a gate of the new park', [edit({ kind: 'facility', id: fresh, geometry: square(500, 80, 80) }), edit({ kind: 'gate', feature: fresh, position: position([520, 80]) })], 4321],
  ]
  const created = await api.call(createScenario, { params: { city: city.key }, body: { title: '河东补园', question, edits: [] } })
  let version = created.number
  const asItIs = await fullAnswer(city, question)
  for (const [what, edits, people] of cases) {
    const outcome = whatIf.begin(edits.map((one) => placeEdit(one, plane)))
    const saved = await api.call(saveScenarioVersion, { params: { city: city.key, scenario: created.scenario.id }, body: { version, question, edits } })
    version = saved.number
    const run = await fullAnswer(city, question, { id: created.scenario.id, version })
    expect([what, outcome.covered, run.summary?.ratios.population?.covered]).toEqual([what, people, people])
    expect(outcome.total).toBe(4321)
    expect(outcome.gained - outcome.lost).toBe(outcome.covered - (isWalk ? 1 : 21))
    expectArea(what, outcome.area, run.summary!, asItIs.summary!)
  }
})

test('a question that counts every feature, open or not, does not count what a scenario takes away', async () => {
  const { city, park, shut } = await aRiverside()
  for (const [ruler, asked] of QUESTIONS.slice(0, 2)) {
    const question = { ...asked, everyFeature: true }
    const ground = await api.call(getWhatIfGround, { params: { city: city.key }, body: question })
    const whatIf = new WhatIf(decodeGround(ground))
    const edits = [edit({ kind: 'close', feature: park }), edit({ kind: 'close', feature: shut })]
    const { scenario } = await api.call(createScenario, { params: { city: city.key }, body: { title: '撤园', question, edits: edits.slice(0, 1) } })
    const told = async (version: number) => (await fullAnswer(city, question, { id: scenario.id, version })).summary?.ratios.population?.covered
    const one = whatIf.begin([placeEdit(edits[0]!, planeOf(ground.plane))])
    expect([ruler, one.covered, await told(1)]).toEqual([ruler, one.covered, one.covered])
    expect(one.lost).toBe(ruler === 'walk' ? 1 : 21)
    await api.call(saveScenarioVersion, { params: { city: city.key, scenario: scenario.id }, body: { version: 1, question, edits } })
    const both = whatIf.begin(edits.map((each) => placeEdit(each, planeOf(ground.plane))))
    expect([ruler, both.covered, await told(2)]).toEqual([ruler, both.covered, both.covered])
  }
})

/** Holds a move's area against a whole run's, within the tolerance that the product states. */
function expectArea(what: string, area: AreaOutcome | null, told: CoverageSummary, before: CoverageSummary): void {
  if (!area) return expect([what, told.servedAreaM2]).toEqual([what, 0])
  const [is, was, whole] = area.kind === 'residential' ? [told.ratios.residential!.covered, before.ratios.residential!.covered, before.ratios.residential!.total] : [told.servedAreaM2, before.servedAreaM2, Math.max(told.servedAreaM2, before.servedAreaM2)]
  const allowed = SCENARIO_AREA_TOLERANCE * whole
  expect(Math.abs(area.gainedM2 - area.lostM2 - (is - was)), `${what}: area gained less lost`).toBeLessThanOrEqual(allowed)
  if (area.kind !== 'residential') return
  expect(Math.abs(area.coveredM2! - is), `${what}: area served`).toBeLessThanOrEqual(allowed)
  expect(area.ratio).toBeCloseTo(told.ratios.residential!.ratio!, 8)
}

test('a shape that is dragged is answered move by move as if it had been let go there', async () => {
  const { city, park } = await aRiverside()
  for (const [, question] of QUESTIONS) {
    const ground = await api.call(getWhatIfGround, { params: { city: city.key }, body: question })
    const plane = planeOf(ground.plane)
    const [moving, still] = [new WhatIf(decodeGround(ground)), new WhatIf(decodeGround(ground))]
    const id = uuidv7()
    // As the console takes it up: out of the state by an edit of the same id.
    moving.begin([placeEdit(edit({ id, kind: 'close', feature: park }), plane)])
    for (let west = -300; west <= 700; west += 37) {
      const moved = placeEdit(edit({ id, kind: 'change', feature: park, geometry: square(west, 20, 100) }), plane)
      if (moved.kind !== 'change') throw new TypeError('a change stays one')
      const { radiusMeters: _radius, notEntered: _why, area, ...told } = moving.move(moved)
      const { radiusMeters: _none, notEntered: _nothing, area: wholeArea, ...whole } = still.begin([moved])
      expect(told).toEqual(whole)
      for (const figure of ['coveredM2', 'gainedM2', 'lostM2'] as const) expect(Math.abs((area?.[figure] ?? 0) - (wholeArea?.[figure] ?? 0))).toBeLessThan(1e-3)
    }
  }
})

test('a version stays as it is, a stale save is told who saved, and what changed of the data since is told', async () => {
  const { city, park } = await aRiverside()
  const question = QUESTIONS[0]![1]
  const params = { city: city.key }
  const one = await api.call(createScenario, { params, body: { title: '甲案', question, edits: [edit({ kind: 'close', feature: park })] } })
  const scenario = one.scenario.id
  const two = await api.call(saveScenarioVersion, { params: { ...params, scenario }, body: { version: 1, title: '送审稿', question, edits: [] } })
  expect([one.number, two.number, two.title, two.edits]).toEqual([1, 2, '送审稿', []])
  expect((await api.call(getScenarioVersion, { params: { ...params, scenario, version: 1 } })).edits).toHaveLength(1)
  await expect(api.call(saveScenarioVersion, { params: { ...params, scenario }, body: { version: 1, question, edits: [] } })).rejects.toMatchObject({ problem: { status: 409, code: 'stale' } })
  const copied = await api.call(copyScenario, { params: { ...params, scenario }, body: { version: 1, title: '乙案' } })
  expect([copied.number, copied.edits.length, copied.drift]).toEqual([1, 1, []])
  await city.park([2000, 0, 100, 100])
  expect((await api.call(getScenarioVersion, { params: { ...params, scenario, version: 2 } })).drift).toEqual([{ kind: 'green_spaces', added: 1, ended: 0 }])
  expect((await api.call(listScenarioVersions, { params: { ...params, scenario }, query: { named: 'true' } })).versions.map(({ number }) => number)).toEqual([2])
  await api.call(endScenario, { params: { ...params, scenario }, body: { version: 2 } })
  expect((await api.call(listScenarios, { params, query: {} })).scenarios.map(({ title }) => title)).toEqual(['乙案'])
})

test('a new way is drawn where it is walked, and streets it splits stay whole on the map', async () => {
  const { city } = await aRiverside()
  const question = QUESTIONS[0]![1]
  const { scenario } = await api.call(createScenario, { params: { city: city.key }, body: { title: '桥', question, edits: [edit({ kind: 'path', line: [position([100, 60]), position([300, 60])], isCrossing: true })] } })
  const run = await fullAnswer(city, question, { id: scenario.id, version: 1 })
  expect(run.summary?.ratios.population?.covered).toBe(21)
  const { streets } = await api.call(getCoverageMap, { params: { city: city.key, run: run.id } })
  expect(streets!.geometry.coordinates.length).toBeGreaterThan(2)
})

test('a boundary that crosses itself and a version that is not there are named', async () => {
  const { city } = await aRiverside()
  const question = QUESTIONS[0]![1]
  const bow = { type: 'Polygon' as const, coordinates: [[[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]].map((at) => position(at as [number, number]))] }
  await expect(api.call(createScenario, { params: { city: city.key }, body: { title: '结', question, edits: [edit({ kind: 'facility', geometry: bow })] } })).rejects.toMatchObject({ problem: { status: 400, errors: [{ path: 'body.edits.0.geometry' }] } })
  await expect(api.call(startCoverageRun, { params: { city: city.key }, body: { ...question, scenario: { id: uuidv7(), version: 3 } } })).rejects.toMatchObject({ problem: { status: 404 } })
})
