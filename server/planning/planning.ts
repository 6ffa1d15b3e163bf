/** What can be asked of planning runs: start one (or get its stored answer), look at it, cancel it. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import type { PlanningDrawing, PlanningKindName, PlanningQuestion, PlanningRun, PlanningRunHead } from '../contract/planning.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { publishChange } from '../jobs/run-life.ts'
import { updateRunCancelled } from '../jobs/run-queries.ts'
import * as queries from './queries.ts'
import { type AskedQuestion, getQuestion } from './question.ts'
import { PLANNING_RUNS } from './run.ts'

export { executeRun, startPlanningJobs } from './run.ts'

/** A row as the contract shows it; kind, input and answer were stored together and belong together. */
function asRun({ runId: _runId, key: _key, attempt: _attempt, ...run }: queries.RunRow, reused: boolean): PlanningRun {
  return { ...run, reused } as PlanningRun
}

function asHead({ id, kind, status, stage, percent, elapsedSeconds, input, error, createdAt, finishedAt }: queries.RunRow): PlanningRunHead {
  return { id, kind, status, stage, percent, elapsedSeconds, input, error, createdAt, finishedAt } as PlanningRunHead
}

/** Adds a waiting run for a question, or finds the one that answers it. */
async function addRun(db: Queryable, { city, of, settled, key }: AskedQuestion): Promise<{ run: queries.RunRow; isNew: boolean }> {
  for (;;) {
    const id = uuidv7()
    const isNew = await queries.insertRun(db, { id, cityId: city.cityId, kind: of.kind, key, input: settled.input, engineVersion: of.engineVersion })
    const run = isNew ? await queries.findRun(db, city.cityId, id) : await queries.findRunByKey(db, city.cityId, key)
    // Between the two statements the other run may have failed or been cancelled: then the question is free again.
    if (run) return { run, isNew }
  }
}

/** Starts a run as a job; the same question over the same data is answered from the store. */
export async function startPlanningRun({ db, jobs, clock }: AppContext, principal: Principal, cityKey: string, given: PlanningQuestion, action = 'startPlanningRun'): Promise<PlanningRun> {
  const question = await getQuestion(db, cityKey, given)
  const { run, isNew } = await db.transaction(async (tx) => {
    const added = await addRun(tx, question)
    if (added.isNew) await recordAudit(tx, principal, question.city.cityId, { domain: 'coverage', action, objectKind: 'planning_run', objectId: added.run.id, details: { kind: given.kind, key: question.key } }, clock())
    return added
  })
  if (isNew) await jobs.enqueue('planning', run.id)
  return asRun(run, run.status === 'finished')
}

/** The stored answer to a question (reused), or the run that is to give it; nothing is queued: the caller carries it out. */
export async function askForPlanningRun(db: Db, cityKey: string, given: PlanningQuestion): Promise<PlanningRun> {
  const { run } = await addRun(db, await getQuestion(db, cityKey, given))
  return asRun(run, run.status === 'finished')
}

async function getRunRow(db: Queryable, cityKey: string, id: string): Promise<{ cityId: number; run: queries.RunRow }> {
  const { cityId } = await getCity(db, cityKey)
  const run = await queries.findRun(db, cityId, id)
  if (!run) throw new AppError('not_found', `这座城市没有这次计算（${id}），请在最近的计算中选择。City "${cityKey}" has no planning run ${id}.`)
  return { cityId, run }
}

/** @throws AppError not_found */
export async function getPlanningRun({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string, reused = false): Promise<PlanningRun> {
  return asRun((await getRunRow(db, cityKey, id)).run, reused)
}

export async function listPlanningRuns({ db }: Pick<AppContext, 'db'>, cityKey: string, kind: PlanningKindName | undefined, limit: number): Promise<PlanningRunHead[]> {
  const { cityId } = await getCity(db, cityKey)
  return (await queries.listRuns(db, cityId, kind, limit)).map(asHead)
}

/** @throws AppError not_found; conflict while there is nothing to draw. */
export async function getPlanningDrawing({ db }: Pick<AppContext, 'db'>, cityKey: string, id: string): Promise<PlanningDrawing> {
  const { run } = await getRunRow(db, cityKey, id)
  const drawing = await queries.findDrawing(db, run.runId)
  if (!drawing) throw new AppError('conflict', `这次计算尚无可绘的结果，请等它完成。Planning run ${id} has no answer to draw: it is ${run.status}.`)
  return { kind: run.kind, drawing } as PlanningDrawing
}

/** Cancels a waiting or running run; one that has ended is answered as it is. The best so far, of a kind that keeps it, follows as soon as the work has stopped. */
export async function cancelPlanningRun(context: AppContext, principal: Principal, cityKey: string, id: string): Promise<PlanningRun> {
  const { cityId } = await getRunRow(context.db, cityKey, id)
  const isCancelled = await context.db.transaction(async (tx) => {
    if (!(await updateRunCancelled(tx, 'planning_runs', id))) return false
    await recordAudit(tx, principal, cityId, { domain: 'coverage', action: 'cancelPlanningRun', objectKind: 'planning_run', objectId: id }, context.clock())
    return true
  })
  if (isCancelled) {
    await context.jobs.cancel('planning', id)
    await publishChange(context.db, PLANNING_RUNS, { cityId, cityKey }, { id, status: 'cancelled', stage: 'done', percent: 100 })
  }
  return getPlanningRun(context, cityKey, id)
}
