/** What a coverage run does between its start and its end: computes, and stores all of its results in one transaction. */
import type { AppContext } from '../context.ts'
import { COVERAGE_ENGINE_VERSION, type CoverageInput, type CoveragePassport, type DatedLayer } from '../contract/coverage.ts'
import type { Db } from '../db/db.ts'
import { QUADRANT_SEGMENTS } from '../engine/service-area.ts'
import { carryRun, type RunContext, type RunKind, type RunOptions, startRunJobs } from '../jobs/run-life.ts'
import { analyse } from './analysis.ts'
import type { AnalysisResult } from './analysis-result.ts'
import { takeComputationThread } from './computation-thread.ts'
import { listInputDates } from './input-queries.ts'
import { FORMULA, methodTexts, walkingFormula } from './method.ts'
import { bandsOf } from './qualification.ts'
import { getQuestion } from './question.ts'
import * as queries from './queries.ts'

export const COVERAGE_RUNS: RunKind = {
  job: 'coverage',
  table: 'coverage_runs',
  eventOf: (city, { id, status, stage, percent }) => ({ type: 'coverage.changed', city, runId: id, status, stage, percent }),
}

/**
 * Runs one coverage run to its end. Does nothing when it is finished, cancelled, or alive elsewhere.
 * @throws whatever stopped it, after the run was marked failed (or put back, when the server is stopping).
 */
export async function executeRun(context: RunContext, id: string, signal: AbortSignal, options: RunOptions = {}): Promise<void> {
  const { db, clock } = context
  await carryRun(context, COVERAGE_RUNS, id, signal, options, async (taken, tools) => {
    const thread = takeComputationThread()
    try {
      const startedAt = clock()
      const stored = (await queries.findRunById(db, id))!
      const question = await getQuestion(db, taken.cityKey, stored.input)
      const layers = await listInputDates(db, question.city.cityId, question.inputs)
      const result = await analyse(question, { db, thread, ...tools })
      await tools.progress('store', 93)
      const passport = passportOf(question, stored.key, result, layers, { startedAt, finishedAt: clock(), engine: db.engine })
      return async (tx) => {
        await queries.insertResults(tx, taken.runId, question.city.measureSrid, result)
        return (await queries.updateRunFinished(tx, id, taken.attempt, result.summary, passport)) ? 'finished' : null
      }
    } finally {
      thread.release()
    }
  })
}

function passportOf(
  question: Awaited<ReturnType<typeof getQuestion>>,
  key: string,
  result: AnalysisResult,
  layers: DatedLayer[],
  when: { startedAt: Date; finishedAt: Date; engine: Db['engine'] },
): CoveragePassport {
  const { city, rule, input, inputs } = question
  return {
    engineVersion: COVERAGE_ENGINE_VERSION,
    key,
    rule,
    input: input satisfies CoverageInput,
    inputs,
    layers,
    measureSrid: city.measureSrid,
    measureName: city.measureName,
    formula: input.ruler === 'walk' ? walkingFormula(input.demand) : FORMULA[input.demand],
    ...methodTexts({
      input,
      bands: bandsOf(input, rule),
      people: result.people,
      hasBuiltUpArea: result.hasBuiltUpArea,
      hasResidential: result.hasResidential,
      quadrantSegments: QUADRANT_SEGMENTS,
      measureName: city.measureName,
      measureSrid: city.measureSrid,
      walking: result.walking ?? null,
    }),
    engine: when.engine,
    startedAt: when.startedAt.toISOString(),
    finishedAt: when.finishedAt.toISOString(),
    durationMilliseconds: when.finishedAt.getTime() - when.startedAt.getTime(),
  }
}

/** Registers the work of coverage with the job runner and takes up what an earlier process left. */
export function startCoverageJobs(context: AppContext): Promise<void> {
  return startRunJobs(context, COVERAGE_RUNS, executeRun)
}
