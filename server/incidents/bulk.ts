/** One step on many cases, each its own transaction, and taking it back for a moment. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import { ACTION_LABELS, STATE_LABELS } from '../contract/incident-workflow.ts'
import type { IncidentAction } from '../contract/incidents.ts'
import { type BulkOutcome, type BulkTransition, UNDO_SECONDS, UNDOABLE_ACTIONS } from '../contract/workbench.ts'
import type { Db, Queryable } from '../db/db.ts'
import { withdrawChoice } from '../dispatch/suggestions.ts'
import { AppError, fromSqlState } from '../errors.ts'
import { type BatchRow, findBatch, findBatchCase, findCaseBefore, insertBatch, insertBatchCase, listBatchCases, restoreClocks, updateToBefore } from './bulk-queries.ts'
import { insertFlow } from './change-queries.ts'
import { listFlow } from './detail-queries.ts'
import { getIncident } from './detail.ts'
import { tellIncident } from './live.ts'
import { findCaseScope } from './live-queries.ts'
import { listStageClocks } from './stage-clock-queries.ts'
import { takeStep } from './transitions.ts'

const isUndoable = (action: IncidentAction): boolean => (UNDOABLE_ACTIONS as readonly IncidentAction[]).includes(action)

/** A refusal a caller can read; whatever else went wrong is thrown on. */
async function outcomeOf(id: string, work: () => Promise<Pick<BulkOutcome, 'state' | 'version'>>): Promise<BulkOutcome> {
  try {
    return { id, outcome: 'done', code: null, reason: null, ...(await work()) }
  } catch (thrown) {
    const error = fromSqlState(thrown)
    if (!(error instanceof AppError)) throw thrown
    return { id, outcome: 'refused', state: null, version: null, code: error.code, reason: error.message }
  }
}

/** Where the refused ones stand, so that the list can show them as they are. */
async function withPresent(db: Queryable, city: CityRow, principal: Principal, outcome: BulkOutcome, at: Date): Promise<BulkOutcome> {
  if (outcome.outcome === 'done' || outcome.code === 'not_found') return outcome
  try {
    const { state, version } = await getIncident(db, city, principal, outcome.id, at)
    return { ...outcome, state, version }
  } catch (error) {
    // Somebody moved it out of the caller's sight meanwhile.
    if (error instanceof AppError && error.code === 'not_found') return outcome
    throw error
  }
}

/**
 * Takes one step on many cases; a refused one does not hold the others up. Ring the doorbell afterwards.
 * @throws only what is no refusal: the cases done before stay done, and a repetition answers them as stale.
 */
export async function bulkTransition(db: Db, city: CityRow, principal: Principal, request: BulkTransition, at: Date): Promise<{ outcomes: BulkOutcome[]; undo: { id: string; until: string } | null }> {
  const { cases, ...step } = request
  const until = new Date(at.getTime() + UNDO_SECONDS * 1000).toISOString()
  const id = uuidv7()
  const batchId = isUndoable(step.action) ? await insertBatch(db, { id, cityId: city.cityId, action: step.action, actorId: principal.accountId, actor: principal.name, at: at.toISOString(), undoUntil: until }) : null
  const outcomes: BulkOutcome[] = []
  for (const one of cases) {
    const outcome = await outcomeOf(one.id, () =>
      db.transaction(async (tx) => {
        const before = batchId === null ? undefined : await findCaseBefore(tx, city.cityId, one.id)
        const clocks = before ? await listStageClocks(tx, before.incidentId) : []
        const { state, version } = await takeStep(tx, city, principal, one.id, { ...step, version: one.version }, at)
        // A case from before clocks were kept has nothing to go back to.
        if (batchId !== null && before && clocks.length > 0) await insertBatchCase(tx, batchId, { ...before, version, clocks })
        return { state, version }
      }),
    )
    outcomes.push(await withPresent(db, city, principal, outcome, at))
  }
  return { outcomes, undo: batchId !== null && outcomes.some(({ outcome }) => outcome === 'done') ? { id, until } : null }
}

async function undoOne(tx: Queryable, city: CityRow, principal: Principal, batch: BatchRow, id: string, at: Date): Promise<Pick<BulkOutcome, 'state' | 'version'>> {
  const one = await findBatchCase(tx, batch.batchId, id)
  if (!one) throw new AppError('not_found', `There is no incident ${id} in this step.`)
  if (one.isUndone) throw new AppError('conflict', '已经撤销。It has been taken back already.')
  const flow = await listFlow(tx, one.incidentId)
  const last = flow.at(-1)
  if (one.currentVersion !== one.version) {
    const label = last ? ACTION_LABELS[last.action as IncidentAction] : undefined
    const who = last?.actor ?? ''
    throw new AppError('stale', `${who} 已在其后“${label?.zh ?? last?.action}”，现在是“${STATE_LABELS[one.state].zh}”，不能撤销。${who} has since done “${label?.en ?? last?.action}”; it is now “${STATE_LABELS[one.state].en}” and cannot be taken back.`)
  }
  const scope = await findCaseScope(tx, one.incidentId)
  if (!scope) throw new TypeError('an incident was not there while it was locked')
  const now = at.toISOString()
  const version = await updateToBefore(tx, batch.batchId, one.incidentId, one.version, now)
  if (version === undefined) throw new TypeError('an incident changed while it was locked')
  if (batch.action === 'dispatch') await withdrawChoice(tx, one.incidentId, at)
  const clocks = await restoreClocks(tx, one.incidentId, one.clocks, await listStageClocks(tx, one.incidentId), now)
  await insertFlow(tx, {
    incidentId: one.incidentId, sequence: (last?.sequence ?? 0) + 1, action: 'undo', operation: 'cancel', fromState: one.state, toState: one.before.state, actor: principal.name, actorId: principal.accountId,
    actorRole: principal.posts[0]?.role ?? null, receiverId: null, receiverName: null, stage: null, spentMilliseconds: null, wasOverdue: null, at: now, opinion: null, details: { undoes: last?.sequence ?? null, action: batch.action, clocks },
  })
  await tellIncident(tx, city, one.incidentId, { action: 'undo', before: scope })
  await recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'undoBulk', objectKind: 'incident', objectId: id, details: { action: batch.action, from: one.state, to: one.before.state, version }, lane: id }, at)
  return { state: one.before.state, version }
}

/**
 * Takes a step on many cases back, case by case, where nobody has acted since; it stays in the history beside its undoing.
 * Ring the doorbell afterwards.
 * @throws AppError `not_found` for a step of somebody else, `conflict` when its time is over.
 */
export async function undoBulk(db: Db, city: CityRow, principal: Principal, id: string, at: Date): Promise<{ outcomes: BulkOutcome[] }> {
  const batch = await findBatch(db, city.cityId, id)
  if (!batch || batch.actorId !== principal.accountId || batch.actor !== principal.name) throw new AppError('not_found', `There is no step ${id} of yours to take back.`)
  if (at.getTime() > Date.parse(batch.undoUntil)) throw new AppError('conflict', `只能在 ${UNDO_SECONDS} 秒内撤销；请按流程退回。It can be taken back within ${UNDO_SECONDS} seconds; return the cases by their own steps.`)
  const outcomes: BulkOutcome[] = []
  for (const { id: caseId } of await listBatchCases(db, batch.batchId)) {
    const outcome = await outcomeOf(caseId, () => db.transaction((tx) => undoOne(tx, city, principal, batch, caseId, at)))
    outcomes.push(await withPresent(db, city, principal, outcome, at))
  }
  return { outcomes }
}
