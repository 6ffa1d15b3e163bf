/** What a step does to the clocks of a case: which stage it ends, which it starts, how long it took, whether that was too long. */
import { type CaseClock, type ClockStage, lightOf, RUNNING_STAGE } from '../contract/clocks.ts'
import type { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import type { CalendarCity } from './calendar-queries.ts'
import { getCityRules } from './city-rules.ts'
import type { Limit } from './clocks.ts'
import { findUnclocked, listStageClocks, listUnclockedOfLayer, type Unclocked, updateDueOfLayer, upsertStageClocks } from './stage-clock-queries.ts'
import { type ClockRules, decideClocks, elapsedShareOf, isOver, lastRound, replayClocks, type StageClock } from './stage-clocks-decide.ts'
import { limitOf } from './workflow.ts'

/** The rules by which clocks of a city begin at an instant. */
export async function getClockRules(db: Queryable, city: CalendarCity, at: Date): Promise<ClockRules> {
  return (await getCityRules(db, city, at)).clocks
}

/** Clocks of a case from before clocks were kept, worked out from its flow. */
export function clocksOfFlow(unclocked: Omit<Unclocked, 'incidentId'>, rules: ClockRules): StageClock[] {
  const { limitAmount, limitUnit, flow, dueAt } = unclocked
  const steps = flow.map(({ fromState, toState, at }) => ({ from: fromState, to: toState, at: new Date(at) }))
  return replayClocks(steps, limitOf(limitAmount, limitUnit), dueAt === null ? null : new Date(dueAt), rules)
}

const LAYER_BATCH = 500

/**
 * Gives the cases of a layer that have none the clocks of their flow, so that those that came with a history stand as if they had been worked here.
 * @param tick called before each batch; may throw to stop.
 */
export async function clockCasesOfLayer(tx: Queryable, city: CalendarCity, layerId: number, tick: () => void): Promise<void> {
  const rules = await getClockRules(tx, city, new Date())
  for (let belowId = Number.MAX_SAFE_INTEGER; ; ) {
    tick()
    const cases = await listUnclockedOfLayer(tx, layerId, belowId, LAYER_BATCH)
    await upsertStageClocks(tx, cases.flatMap((one) => clocksOfFlow(one, rules).map((clock) => ({ ...clock, incidentId: one.incidentId }))))
    const last = cases.at(-1)
    if (!last || cases.length < LAYER_BATCH) break
    belowId = last.incidentId
  }
  await updateDueOfLayer(tx, layerId)
}

export interface ClockStep {
  action: string
  /** Null when the case came to be with this step. */
  from: IncidentState | null
  /** The state after it; the same as before for a side step. */
  to: IncidentState
  at: Date
  /** When the case came into `from`. */
  stateSince: Date
  /** Limit of the condition it was filed under. */
  limit: Limit | null
  dueAt: Date | null
  /** The deadline an extension was granted. */
  newDueAt?: Date | undefined
}

export interface ClockOutcome {
  /** The stage the step was taken in; null outside all of them. */
  stage: Exclude<ClockStage, 'return_window' | 'total'> | null
  spentMilliseconds: number | null
  /** Null where no limit ran. */
  wasOverdue: boolean | null
  /** The new deadline of handling; undefined leaves it as it is. */
  dueAt?: Date | null
  /** All clocks of the case after the step. */
  after: StageClock[]
}

/** The clocks of a case as somebody read them. */
export interface KnownClocks {
  /** Those the table holds. */
  held: readonly StageClock[]
  /** The same, or for a case from before clocks were kept those of its flow. */
  all: readonly StageClock[]
}

function checkExtension(handling: StageClock | undefined, newDueAt: Date): void {
  if (handling === undefined || handling.stoppedAt !== null) throw new AppError('illegal_transition', '处置时限不在计时，无从延期。The limit of handling is not running; there is nothing to extend.')
  if (handling.dueAt !== null && newDueAt <= handling.dueAt) {
    const message = `延期须晚于现在的期限 ${handling.dueAt.toISOString()} · an extension must end after the present deadline ${handling.dueAt.toISOString()}`
    throw new AppError('bad_request', message, { errors: [{ path: 'body.newDueAt', message }] })
  }
}

/**
 * How a step moves the clocks of a case. What came of it is written with `writeClocks`.
 * @throws AppError when an extension does not extend.
 */
export function stepClocks({ all }: KnownClocks, { action, from, to, at, stateSince, limit, dueAt: previousDueAt, newDueAt }: ClockStep, rules: ClockRules): ClockOutcome {
  if (newDueAt) checkExtension(lastRound(all, 'dispose'), newDueAt)
  const after = decideClocks(all, { from, to, disposeLimit: limit, newDueAt, isExempted: action === 'approve_appeal' }, at, rules)
  const stage = from === null ? null : (RUNNING_STAGE[from] ?? null)
  const running = stage === null ? undefined : lastRound(all, stage)
  const handling = lastRound(after, 'dispose')
  const isMoved = handling !== undefined && handling !== lastRound(all, 'dispose')
  // A case sent back to be dispatched anew has no limit of handling until it is.
  const dueAt = !isMoved ? undefined : to === 'pending_dispatch' ? null : handling.dueAt
  return {
    stage: stage as ClockOutcome['stage'],
    spentMilliseconds: from === null ? null : at.getTime() - stateSince.getTime(),
    wasOverdue: running?.dueAt && running.stoppedAt === null ? isOver(running, at) : null,
    ...(dueAt === undefined || dueAt?.getTime() === previousDueAt?.getTime() ? {} : { dueAt }),
    after,
  }
}

/** Writes the clocks that a step began or changed. */
export function writeClocks(tx: Queryable, incidentId: number, { held }: KnownClocks, after: readonly StageClock[]): Promise<void> {
  const known = new Set(held)
  return upsertStageClocks(tx, after.filter((clock) => !known.has(clock)).map((clock) => ({ ...clock, incidentId })))
}

const NO_CLOCKS: KnownClocks = { held: [], all: [] }

/** The clocks of a case, read by themselves. */
export async function findKnownClocks(tx: Queryable, incidentId: number, rules: ClockRules): Promise<KnownClocks> {
  const held = await listStageClocks(tx, incidentId)
  const unclocked = held.length > 0 ? undefined : await findUnclocked(tx, incidentId)
  return { held, all: unclocked ? clocksOfFlow(unclocked, rules) : held }
}

/**
 * Moves the clocks of a case by a step, in the step's transaction.
 * A case from before clocks were kept gets those of its flow first.
 */
export async function moveClocks(tx: Queryable, city: CalendarCity, incidentId: number, step: ClockStep): Promise<ClockOutcome> {
  const rules = await getClockRules(tx, city, step.at)
  const known = step.from === null ? NO_CLOCKS : await findKnownClocks(tx, incidentId, rules)
  const outcome = stepClocks(known, step, rules)
  await writeClocks(tx, incidentId, known, outcome.after)
  return outcome
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

const inOrder = (a: StageClock, b: StageClock): number => a.startedAt.getTime() - b.startedAt.getTime() || (a.stage < b.stage ? -1 : a.stage > b.stage ? 1 : a.round - b.round)

/** Clocks as they stand at an instant, in the order in which they began. */
export function presentClocks(clocks: readonly StageClock[], rules: ClockRules, isSupervised: boolean, at: Date): CaseClock[] {
  return [...clocks].sort(inOrder).map((clock) => {
    const marks = { blueAt: iso(clock.blueAt), amberAt: iso(clock.amberAt), dueAt: iso(clock.dueAt), darkRedAt: iso(clock.darkRedAt), pausedAt: iso(clock.pausedAt), stoppedAt: iso(clock.stoppedAt) }
    return {
      ...marks, stage: clock.stage, round: clock.round, startedAt: clock.startedAt.toISOString(), limit: clock.limit, originalDueAt: iso(clock.originalDueAt), pausedMilliseconds: clock.pausedMilliseconds,
      isExempt: clock.isExempt, elapsedShare: elapsedShareOf(clock, at, rules.calendar), light: lightOf(marks, at.getTime(), isSupervised),
    }
  })
}
