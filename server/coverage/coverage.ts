/** What can be asked of coverage: start a run (or get its stored answer), look at it, cancel it, read its results. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CityRow, getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { type BlindSpot, COVERAGE_ENGINE_VERSION, type CoverageQuestion, type CoverageRun, type CoverageUnit, type Demand, type getCoverageMap as getCoverageMapEndpoint, type PlacedCoverageUnit } from '../contract/coverage.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { Geometry } from '../contract/geojson.ts'
import type { Db, Queryable } from '../db/db.ts'
import type { MendsResult } from '../contract/mends.ts'
import { AppError } from '../errors.ts'
import { findMendsOfRun } from '../mends/mends-queries.ts'
import { publishChange } from '../jobs/run-life.ts'
import { updateRunCancelled } from '../jobs/run-queries.ts'
import * as queries from './queries.ts'
import { getQuestion, type Question } from './question.ts'
import { COVERAGE_RUNS } from './run.ts'

export { createServiceRule, listServiceRules, syncServiceRules } from './reference.ts'
export { executeRun, startCoverageJobs } from './run.ts'

/** A row as the contract shows it. The database keeps the keys of a JSON object in an order of its own: the asked demand is put first again. */
function asRun({ runId: _runId, key: _key, attempt: _attempt, ...run }: queries.RunRow, reused: boolean): CoverageRun {
  const { summary } = run
  const asked = summary?.ratios[run.input.demand]
  return { ...run, summary: summary && asked ? { ...summary, ratios: { [run.input.demand]: asked, ...summary.ratios } } : summary, reused }
}

/** Adds a waiting run for a question, or finds the one that answers it. */
async function addRun(db: Queryable, question: Question): Promise<{ run: queries.RunRow; isNew: boolean }> {
  for (;;) {
    const id = uuidv7()
    const isNew = await queries.insertRun(db, { id, cityId: question.city.cityId, key: question.key, input: question.input, engineVersion: COVERAGE_ENGINE_VERSION })
    const run = isNew ? await queries.findRun(db, question.city.cityId, id) : await queries.findRunByKey(db, question.city.cityId, question.key)
    // Between the two statements the other run may have failed or been cancelled: then the question is free again.
    if (run) return { run, isNew }
  }
}

/** Starts a run as a job; the same question over the same data is answered from the store. */
export async function startCoverageRun({ db, jobs, clock }: AppContext, principal: Principal, cityKey: string, given: CoverageQuestion): Promise<CoverageRun> {
  const question = await getQuestion(db, cityKey, given)
  const { run, isNew } = await db.transaction(async (tx) => {
    const added = await addRun(tx, question)
    if (added.isNew) await recordAudit(tx, principal, question.city.cityId, { domain: 'coverage', action: 'startCoverageRun', objectKind: 'coverage_run', objectId: added.run.id, details: { key: question.key } }, clock())
    return added
  })
  if (isNew) await jobs.enqueue('coverage', run.id)
  return asRun(run, run.status === 'finished')
}

/** The stored answer to a question (reused), or the run that is to give it; nothing is queued: the caller carries it out. */
export async function askForRun(db: Db, cityKey: string, given: CoverageQuestion): Promise<CoverageRun> {
  const { run } = await addRun(db, await getQuestion(db, cityKey, given))
  return asRun(run, run.status === 'finished')
}

/** The finished run that answers a question over the data as they are now, if there is one. */
export async function findAnswer(db: Db, cityKey: string, given: CoverageQuestion): Promise<CoverageRun | undefined> {
  const question = await getQuestion(db, cityKey, given)
  const run = await queries.findRunByKey(db, question.city.cityId, question.key)
  return run?.status === 'finished' ? asRun(run, true) : undefined
}

async function getRunRow(db: Queryable, cityKey: string, id: string): Promise<{ city: CityRow; run: queries.RunRow }> {
  const city = await getCity(db, cityKey)
  const run = await queries.findRun(db, city.cityId, id)
  if (!run) throw new AppError('not_found', `这座城市没有覆盖计算 ${id}，请在最近的计算中选择。City "${cityKey}" has no coverage run ${id}.`)
  return { city, run }
}

/** @throws AppError not_found */
export async function getCoverageRun({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string, reused = false): Promise<CoverageRun> {
  return asRun((await getRunRow(db, cityKey, id)).run, reused)
}

export async function listCoverageRuns({ db }: AppContext, cityKey: string, limit: number): Promise<CoverageRun[]> {
  const city = await getCity(db, cityKey)
  return (await queries.listRuns(db, city.cityId, limit)).map((run) => asRun(run, false))
}

/** Cancels a waiting or running run; one that has ended is answered as it is. */
export async function cancelCoverageRun(context: AppContext, principal: Principal, cityKey: string, id: string): Promise<CoverageRun> {
  const { city } = await getRunRow(context.db, cityKey, id)
  const isCancelled = await context.db.transaction(async (tx) => {
    if (!(await updateRunCancelled(tx, 'coverage_runs', id))) return false
    await recordAudit(tx, principal, city.cityId, { domain: 'coverage', action: 'cancelCoverageRun', objectKind: 'coverage_run', objectId: id }, context.clock())
    return true
  })
  if (isCancelled) {
    await context.jobs.cancel('coverage', id)
    await publishChange(context.db, COVERAGE_RUNS, { cityId: city.cityId, cityKey }, { id, status: 'cancelled', stage: 'done', percent: 100 })
  }
  return getCoverageRun(context, cityKey, id)
}

/** @throws AppError not_found; conflict while there is no result yet. */
async function getFinishedRun(db: Queryable, cityKey: string, id: string): Promise<{ city: CityRow; run: queries.RunRow & { summary: NonNullable<CoverageRun['summary']>; passport: NonNullable<CoverageRun['passport']> } }> {
  const { city, run } = await getRunRow(db, cityKey, id)
  const { summary, passport } = run
  if (run.status !== 'finished' || !summary || !passport) throw new AppError('conflict', `这次计算尚无结果，请等它完成，或重新计算。Coverage run ${id} has no result: it is ${run.status}.`)
  return { city, run: { ...run, summary, passport } }
}

export async function listCoverageUnits({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string, level: CoverageUnit['level'], demand?: Demand): Promise<{ demand: Demand; units: CoverageUnit[] }> {
  const { run } = await getFinishedRun(db, cityKey, id)
  const of = demand ?? run.input.demand
  return { demand: of, units: await queries.listUnits(db, run.runId, level, of) }
}

/** As `listCoverageUnits`, each with where it lies. */
export async function listPlacedCoverageUnits({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string, level: CoverageUnit['level'], demand?: Demand): Promise<{ demand: Demand; units: PlacedCoverageUnit[] }> {
  const { city, run } = await getFinishedRun(db, cityKey, id)
  const of = demand ?? run.input.demand
  return { demand: of, units: await queries.listPlacedUnits(db, { cityId: city.cityId, runId: run.runId }, level, of) }
}

export async function listBlindSpots({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string, page: { afterRank: number; limit: number }): Promise<{ total: number; blindSpots: BlindSpot[] }> {
  const { run } = await getFinishedRun(db, cityKey, id)
  return { total: run.summary.blindSpotCount, blindSpots: await queries.listSpots(db, run.runId, page.afterRank, page.limit) }
}

export async function getCoverageMap({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string): Promise<Reply<typeof getCoverageMapEndpoint>> {
  const { run } = await getFinishedRun(db, cityKey, id)
  return { served: await queries.findServedGeometry(db, run.runId), blindSpots: await queries.listSpotGeometries(db, run.runId), streets: await queries.findReachedStreets(db, run.runId) }
}

/** Everything of a finished run, for taking it away. */
export async function getCoverageResult({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string): Promise<{ city: CityRow; run: CoverageRun & { summary: NonNullable<CoverageRun['summary']>; passport: NonNullable<CoverageRun['passport']> }; units: { demand: Demand; units: CoverageUnit[] }[]; spots: (BlindSpot & { geometry: Geometry })[]; served: Geometry | null; mends: MendsResult | null }> {
  const { city, run } = await getFinishedRun(db, cityKey, id)
  const units: { demand: Demand; units: CoverageUnit[] }[] = []
  for (const demand of Object.keys(run.summary.ratios) as Demand[]) {
    for (const level of ['city', 'county', 'street', 'community', 'cell'] as const) units.push({ demand, units: await queries.listUnits(db, run.runId, level, demand) })
  }
  const shapes = new Map((await queries.listSpotGeometries(db, run.runId)).map((shape) => [shape.id, shape.geometry]))
  const spots = (await queries.listSpots(db, run.runId, 0, 1_000_000)).map((spot) => ({ ...spot, geometry: shapes.get(spot.id)! }))
  return { city, run: { ...asRun(run, false), summary: run.summary, passport: run.passport }, units, spots, served: await queries.findServedGeometry(db, run.runId), mends: (await findMendsOfRun(db, city.cityId, id)) ?? null }
}
