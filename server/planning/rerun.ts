/** 复算 of a stored run, of coverage or of any planning kind: computed again over the data as they are, every number held against the stored one; where inputs have changed, says which. */
import { canonicalJson } from '../audit/canonical.ts'
import { getCity } from '../cities/cities.ts'
import type { PlanningKindName, PlanningPassport, PlanningQuestion } from '../contract/planning.ts'
import type { RerunChange, RerunResult } from '../contract/planning-rerun.ts'
import { takeComputationThread } from '../coverage/computation-thread.ts'
import { compareFigures, flattenFigures, getRerun, rerunCoverage, versionText } from '../coverage/rerun.ts'
import { findGateChanges, findRowChanges } from '../coverage/rerun-queries.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import type { ExecuteTools, PlanningKind } from './kind.ts'
import * as queries from './queries.ts'
import { type AskedQuestion, settleQuestion } from './settle-question.ts'

export type KindNamed = (kind: PlanningKindName) => PlanningKind

/** A stored run that can be computed again. */
export interface Rerun {
  id: string
  key: string
  formula: string
  /** Writes nothing. @throws AppError; the signal's reason when cancelled */
  compute(tools: ExecuteTools<never>): Promise<RerunResult>
}

interface PlanningRerunOf {
  cityKey: string
  run: queries.RunRow & { passport: PlanningPassport }
  of: PlanningKind
}

/** The planning run to be computed again; undefined where no planning run has the id. @throws AppError conflict where it has no result, or is itself a rerun */
async function findPlanningRerun(db: Db, cityKey: string, id: string, kindNamed: KindNamed): Promise<PlanningRerunOf | undefined> {
  const run = await queries.findRun(db, (await getCity(db, cityKey)).cityId, id)
  if (!run) return undefined
  if (run.kind === 'rerun') throw new AppError('conflict', `复算本身不再复算：请对原来的计算发起。Run ${id} is itself a rerun: compute the run that it was made of again.`)
  const { passport } = run
  if (run.status !== 'finished' || !passport || run.result === null) throw new AppError('conflict', `计算尚无结果，无从复算。Planning run ${id} has no result to compute again: it is ${run.status}.`)
  return { cityKey, run: { ...run, passport }, of: kindNamed(run.kind) }
}

/** Everything that the run was made from and that is not as it was. */
async function listChanges(db: Db, { run }: PlanningRerunOf, { city, of, settled, inputs, key }: AskedQuestion): Promise<RerunChange[]> {
  const { passport } = run
  const changes: RerunChange[] = []
  const tell = (what: RerunChange['what'], name: string, before: string | null, after: string | null, rows?: { added: number; ended: number }) => {
    if (before !== after || (rows && rows.added + rows.ended > 0)) changes.push({ what, name, before, after, rowsAdded: rows?.added ?? null, rowsEnded: rows?.ended ?? null })
  }
  tell('engine', run.kind, passport.engineVersion, of.engineVersion)
  tell('measure', 'EPSG', String(passport.measureSrid), String(city.measureSrid))
  // As JSON holds it: what is undefined is not there.
  const basis = JSON.parse(JSON.stringify(settled.basis)) as Record<string, unknown>
  for (const name of new Set([...Object.keys(passport.basis), ...Object.keys(basis)])) {
    const text = (value: unknown) => (value === undefined ? null : canonicalJson(value))
    tell('basis', name, text(passport.basis[name]), text(basis[name]))
  }
  const named = ({ kind, layer }: { kind: string; layer: string }) => `${kind} / ${layer}`
  const [then, now] = [new Map(passport.inputs.map((row) => [named(row), row])), new Map(inputs.map((row) => [named(row), row]))]
  for (const name of new Set([...then.keys(), ...now.keys()])) {
    const { kind, layer } = (now.get(name) ?? then.get(name))!
    tell('layer', name, versionText(then.get(name)), versionText(now.get(name)), await findRowChanges(db, city.cityId, 'planning_runs', run.runId, kind, layer))
  }
  if (settled.reads.includes('green_entrances')) tell('gates', 'green_entrances', null, null, await findGateChanges(db, city.cityId, 'planning_runs', run.runId))
  // An edit that neither adds nor ends a row shows in the versions of the kinds alone.
  if (changes.length === 0 && key !== run.key) tell('other', 'key', run.key, key)
  return changes
}

/** Whether a search was ended by the clock, after which the next one may have come farther. */
const isEndedByTime = (result: unknown): boolean => typeof result === 'object' && result !== null && 'answer' in result && typeof result.answer === 'object' && result.answer !== null && 'stoppedBy' in result.answer && result.answer.stoppedBy === 'time'

async function rerunPlanning(rerun: PlanningRerunOf, { progress, ...tools }: ExecuteTools<never>): Promise<RerunResult> {
  const { cityKey, run, of } = rerun
  const none = { run: run.id, compared: 0, different: 0, differences: [], isSame: false, isTimeLimited: false }
  let asked: AskedQuestion
  try {
    asked = await settleQuestion(tools.db, cityKey, of, run.input as PlanningQuestion['input'])
  } catch (error) {
    // The city no longer answers this question; why is what changed.
    if (error instanceof AppError && (error.code === 'conflict' || error.code === 'bad_request')) return { ...none, changes: [{ what: 'question', name: run.kind, before: null, after: error.message, rowsAdded: null, rowsEnded: null }] }
    throw error
  }
  const changes = await listChanges(tools.db, rerun, asked)
  const { result } = await of.execute(asked.city, asked.settled, { ...tools, progress: (stage, percent) => progress(stage, percent) })
  return { run: run.id, changes, isTimeLimited: isEndedByTime(run.result) || isEndedByTime(result), ...compareFigures(flattenFigures(run.result, 'result'), flattenFigures(result, 'result')) }
}

/** The stored run of an id, of whatever sort. @throws AppError not_found; conflict where it has no result, or is itself a rerun; bad_request where its question cannot be asked any more */
export async function findRerun(db: Db, cityKey: string, id: string, kindNamed: KindNamed): Promise<Rerun> {
  const planned = await findPlanningRerun(db, cityKey, id, kindNamed)
  if (planned) {
    const { key, passport } = planned.run
    return { id, key, formula: passport.formula, compute: (tools) => rerunPlanning(planned, tools) }
  }
  const of = await getRerun(db, cityKey, id)
  const { key, passport } = of.run
  return {
    id, key, formula: passport.formula,
    async compute({ db, signal, progress }) {
      const thread = takeComputationThread()
      try {
        return await rerunCoverage(of, { db, thread, signal, progress: (stage, percent) => progress(stage, percent) })
      } finally {
        thread.release()
      }
    },
  }
}
