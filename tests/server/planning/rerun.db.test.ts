import { expect, test } from 'vitest'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import { startCoverageRun } from '../../../server/contract/coverage.ts'
import { getPlanningRun, type PlanningQuestion, startPlanningRun } from '../../../server/contract/planning.ts'
import { RerunResult } from '../../../server/contract/planning-rerun.ts'
import { rerunPlanning } from '../../../server/contract/reruns.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncReachRules } from '../../../server/indicators/reach-rules.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aSitingServer } from './a-siting-server.ts'

const { db, jobs, api } = aSitingServer()

async function ask(city: SmallCity, question: { kind: PlanningQuestion['kind']; input: object }): Promise<string> {
  const { id } = await api().call(startPlanningRun, { params: { city: city.key }, body: question as PlanningQuestion })
  await jobs.idle()
  expect(await api().call(getPlanningRun, { params: { city: city.key, run: id } })).toMatchObject({ status: 'finished', error: null })
  return id
}

async function rerun(city: SmallCity, run: string): Promise<RerunResult> {
  const { id } = await api().call(rerunPlanning, { params: { city: city.key, run } })
  await jobs.idle()
  const again = await api().call(getPlanningRun, { params: { city: city.key, run: id } })
  expect(again).toMatchObject({ kind: 'rerun', status: 'finished', error: null })
  return RerunResult.parse(again.result)
}

/** Parks at the western end of a street, homes along it, plots between them. */
async function aStreet(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '西园' })
  await city.path([[-50, 50], [400, 50], [900, 50]])
  for (let at = 0; at < 8; at += 1) {
    await city.building([at * 103.3 + 20, 57.7, 10, 10], 7 * at + 3)
    await city.plot([at * 103.3, 90, 61, 59], { name: `plot ${at}` })
  }
  return city
}

/** One question of each kind that can be asked of that street. */
async function askEach(city: SmallCity): Promise<Record<'siting' | 'supply' | 'mends' | 'indicators', string>> {
  await syncReachRules(db)
  const coverage = await api().call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, ruler: 'walk', demand: 'population' } })
  await jobs.idle()
  return {
    siting: await ask(city, { kind: 'siting', input: { method: 'mclp', p: 2, radiusMeters: 200, ruler: 'walk' } }),
    supply: await ask(city, { kind: 'supply', input: { ruler: 'walk', catchmentMeters: 300 } }),
    mends: await ask(city, { kind: 'mends', input: { run: coverage.id } }),
    indicators: await ask(city, { kind: 'indicators', input: { blocks: ['tiers'] } }),
  }
}

test('the same inputs give the same figures to the last digit, whatever was asked', async () => {
  const city = await aStreet()
  for (const [kind, run] of Object.entries(await askEach(city))) {
    const result = await rerun(city, run)
    expect([kind, result]).toEqual([kind, expect.objectContaining({ run, changes: [], different: 0, differences: [], isSame: true })])
    expect(result.compared, kind).toBeGreaterThan(10)
  }
})

test('changed inputs say what changed; what can no longer be asked says why', async () => {
  const city = await aStreet()
  const runs = await askEach(city)
  const park = await city.park([850, -100, 100, 100], { name: '东园' })
  await city.gate(park, [900, 0])
  await db.query(sql`update buildings set valid_to = now() where city_id = ${city.cityId} and population = 52`)
  for (const kind of ['siting', 'supply'] as const) {
    const { changes, isSame, different } = await rerun(city, runs[kind])
    const told = Object.fromEntries(changes.map(({ name, rowsAdded, rowsEnded }) => [name, [rowsAdded, rowsEnded]]))
    expect([kind, told]).toEqual([kind, expect.objectContaining({ 'green_spaces / green_spaces': [1, 0], 'buildings / buildings': [0, 1], green_entrances: [1, 0] })])
    expect([isSame, different > 0]).toEqual([false, true])
  }
  expect(await rerun(city, runs.mends)).toMatchObject({ compared: 0, isSame: false, changes: [{ what: 'question', after: expect.stringMatching(/重新计算覆盖.*run the coverage again/) }] })
})

test('a stored number that was tampered with is found', async () => {
  const city = await aStreet()
  const run = await ask(city, { kind: 'supply', input: { ruler: 'walk', catchmentMeters: 300 } })
  await db.query(sql`update planning_runs set result = jsonb_set(result, '{pairs}', '999'::jsonb) where public_id = ${run}`)
  expect(await rerun(city, run)).toMatchObject({ changes: [], different: 1, isSame: false, differences: [{ figure: 'result/pairs', before: 999 }] })
})

test('on the command line too; a rerun is not computed again itself', async () => {
  const city = await aStreet()
  const run = await ask(city, { kind: 'supply', input: { ruler: 'walk', catchmentMeters: 300 } })
  const lines: string[] = []
  const io = { print: (line: string) => void lines.push(line), progress: () => {}, signal: new AbortController().signal, workingDirectory: '.' }
  expect(await analyseCommand.run(['rerun', run, '--city', city.key], api().context, io)).toMatchObject({ run, isSame: true })
  expect(lines.join('\n')).toMatch(/一位不差.*the same to the last digit/)
  const { id } = await api().call(rerunPlanning, { params: { city: city.key, run } })
  await jobs.idle()
  await expect(api().call(rerunPlanning, { params: { city: city.key, run: id } })).rejects.toMatchObject({ code: 'conflict' })
  await expect(api().call(rerunPlanning, { params: { city: city.key, run: '01900000-0000-7000-8000-000000000000' } })).rejects.toMatchObject({ code: 'not_found' })
})
