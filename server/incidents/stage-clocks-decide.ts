/**
 * What a step of a case does to its clocks, pure.
 * Each stage entered begins a new round of its clock and each stage left stops it. The limit of handling runs from the dispatch
 * to the department's confirmation, through handing in the result and being sent back, and rests with the whole case while it is
 * suspended. The whole case counts from its first filing to its end.
 */
import { type ClockStage, RUNNING_STAGE } from '../contract/clocks.ts'
import { isEnded } from '../contract/incident-workflow.ts'
import type { IncidentState } from '../contract/incidents.ts'
import { addCounted, addLimit, countedBetween, type Limit, resumeLimit, type WorkCalendar } from './clocks.ts'

export interface StageClock {
  stage: ClockStage
  round: number
  startedAt: Date
  limit: Limit | null
  originalDueAt: Date | null
  dueAt: Date | null
  blueAt: Date | null
  amberAt: Date | null
  darkRedAt: Date | null
  pausedAt: Date | null
  /** Rests that have ended, in the clock's own time. */
  pausedMilliseconds: number
  stoppedAt: Date | null
  isExempt: boolean
}

export interface ClockRules {
  calendar: WorkCalendar
  limits: Partial<Record<ClockStage, Limit>>
  blueShare: number
  amberShare: number
  darkRedShare: number
  reworkTimer: 'new' | 'remaining'
}

/** A step of a case, as far as its clocks go by it. */
export interface ClockMove {
  from: IncidentState | null
  to: IncidentState
  /** The limit of the condition it is filed under; null when there is none. */
  disposeLimit: Limit | null
  /** An extension of the limit of handling that was granted. */
  newDueAt?: Date | undefined
  /** An appeal was granted: its overtime does not count, and is not erased. */
  isExempted?: boolean | undefined
}

/** When the clock was last looked at in earnest: now, or when it came to rest or stopped. */
function measuredAt(clock: StageClock, at: Date): Date {
  return new Date(Math.min(at.getTime(), clock.pausedAt?.getTime() ?? Infinity, clock.stoppedAt?.getTime() ?? Infinity))
}

/** Time of the clock's own kind spent so far, rests left out. Milliseconds. */
export function spentOf(clock: StageClock, at: Date, calendar: WorkCalendar): number {
  return Math.max(0, countedBetween(clock.startedAt, measuredAt(clock, at), clock.limit?.unit ?? null, calendar) - clock.pausedMilliseconds)
}

/** Share of the limit that is gone, 1 at its end; null without a limit. */
export function elapsedShareOf(clock: StageClock, at: Date, calendar: WorkCalendar): number | null {
  if (clock.dueAt === null) return null
  const spent = spentOf(clock, at, calendar)
  const left = countedBetween(measuredAt(clock, at), clock.dueAt, clock.limit?.unit ?? null, calendar)
  const beyond = countedBetween(clock.dueAt, measuredAt(clock, at), clock.limit?.unit ?? null, calendar)
  const whole = spent + left - beyond
  return whole > 0 ? spent / whole : 1
}

/** Whether its end has passed, now or when it stopped. */
export function isOver(clock: StageClock, at: Date): boolean {
  return clock.dueAt !== null && clock.dueAt < measuredAt(clock, at)
}

/** A clock with an end and the instants at which its light changes, given what was spent of it until `at`. */
function withEnd(clock: StageClock, dueAt: Date, at: Date, rules: ClockRules): StageClock {
  const unit = clock.limit?.unit ?? null
  const spent = spentOf(clock, at, rules.calendar)
  const whole = spent + countedBetween(at, dueAt, unit, rules.calendar)
  const mark = (share: number): Date => {
    const ahead = Math.round(share * whole - spent)
    return ahead > 0 ? addCounted(at, ahead, unit, rules.calendar) : at
  }
  const within = (share: number) => new Date(Math.min(mark(share).getTime(), dueAt.getTime()))
  return { ...clock, dueAt, originalDueAt: clock.originalDueAt ?? dueAt, blueAt: within(rules.blueShare), amberAt: within(rules.amberShare), darkRedAt: new Date(Math.max(mark(rules.darkRedShare).getTime(), dueAt.getTime())) }
}

function begin(stage: ClockStage, round: number, limit: Limit | null, at: Date, rules: ClockRules, dueAt = limit ? addLimit(at, limit, rules.calendar) : null): StageClock {
  const clock: StageClock = { stage, round, startedAt: at, limit, originalDueAt: null, dueAt: null, blueAt: null, amberAt: null, darkRedAt: null, pausedAt: null, pausedMilliseconds: 0, stoppedAt: null, isExempt: false }
  return dueAt ? withEnd(clock, dueAt, at, rules) : clock
}

function resume(clock: StageClock, at: Date, calendar: WorkCalendar): StageClock {
  const { pausedAt } = clock
  if (pausedAt === null) return clock
  const unit = clock.limit?.unit ?? null
  const later = (mark: Date | null) => (mark === null ? null : resumeLimit(mark, pausedAt, at, unit, calendar))
  return {
    ...clock, pausedAt: null, pausedMilliseconds: clock.pausedMilliseconds + countedBetween(pausedAt, at, unit, calendar),
    blueAt: later(clock.blueAt), amberAt: later(clock.amberAt), dueAt: later(clock.dueAt), darkRedAt: later(clock.darkRedAt),
  }
}

/** What is left of the last limit of handling, for a rework that goes on with it; null where there was none. */
function remainder(last: StageClock | undefined, at: Date, calendar: WorkCalendar): Date | null {
  if (!last?.dueAt) return null
  const unit = last.limit?.unit ?? null
  const left = countedBetween(measuredAt(last, at), last.dueAt, unit, calendar)
  return left > 0 ? addCounted(at, left, unit, calendar) : at
}

/** The last round of a stage. */
export function lastRound(clocks: readonly StageClock[], stage: ClockStage): StageClock | undefined {
  return clocks.filter((clock) => clock.stage === stage).reduce<StageClock | undefined>((last, clock) => (last && last.round > clock.round ? last : clock), undefined)
}

const runsIn = (stage: ClockStage, state: IncidentState): boolean => {
  if (stage === 'total') return !isEnded(state)
  return stage === 'return_window' ? state === 'pending_dispose' : RUNNING_STAGE[state] === stage
}

/**
 * The clocks of a case after a step at an instant; clocks that the step leaves alone come back as the same objects.
 * A step that leaves the state as it is moves them only by `newDueAt` and `isExempted`.
 */
export function decideClocks(clocks: readonly StageClock[], move: ClockMove, at: Date, rules: ClockRules): StageClock[] {
  const { from, to } = move
  const isRework = RUNNING_STAGE[to] === 'dispose' && from !== null && RUNNING_STAGE[from] === 'check'
  let after = clocks.map((clock) => {
    if (clock.stoppedAt !== null) return clock
    if (!runsIn(clock.stage, to)) return { ...clock, stoppedAt: at }
    if (clock.stage !== 'dispose' && clock.stage !== 'total') return clock
    // A limit that has passed does not rest: suspending a late case does not make it less late.
    if (to === 'suspended') return clock.pausedAt === null && !isOver(clock, at) ? { ...clock, pausedAt: at } : clock
    return resume(clock, at, rules.calendar)
  })
  const isRunning = (stage: ClockStage) => after.some((clock) => clock.stage === stage && clock.stoppedAt === null)
  const start = (stage: ClockStage, limit: Limit | null, dueAt?: Date | null) => {
    after = [...after, begin(stage, (lastRound(after, stage)?.round ?? 0) + 1, limit, at, rules, ...(dueAt === undefined ? [] : [dueAt]))]
  }
  const stage = RUNNING_STAGE[to]
  if (stage !== undefined && !isRunning(stage)) {
    const last = lastRound(after, 'dispose')
    if (stage !== 'dispose') start(stage, rules.limits[stage] ?? null)
    else if (isRework && rules.reworkTimer === 'remaining' && last) start(stage, last.limit, remainder(last, at, rules.calendar))
    else start(stage, move.disposeLimit ?? rules.limits.dispose ?? null)
  }
  if (from === 'pending_dispatch' && to === 'pending_dispose') start('return_window', rules.limits.return_window ?? null)
  if (to === 'pending_dispatch' && lastRound(after, 'total') === undefined) start('total', rules.limits.total ?? null)
  const handling = lastRound(after, 'dispose')
  if (move.newDueAt && handling?.stoppedAt === null) after = after.map((clock) => (clock === handling ? withEnd(clock, move.newDueAt ?? at, measuredAt(clock, at), rules) : clock))
  if (move.isExempted) after = after.map((clock) => ((clock.stage === 'dispose' || clock.stage === 'total') && isOver(clock, at) ? { ...clock, isExempt: true } : clock))
  return after
}

/**
 * The clocks of a case by its flow alone.
 * @param dueAt the deadline of handling that was told then; it stands above what today's calendar says.
 */
export function replayClocks(steps: readonly { from: IncidentState | null; to: IncidentState; at: Date }[], disposeLimit: Limit | null, dueAt: Date | null, rules: ClockRules): StageClock[] {
  const clocks = steps.reduce<StageClock[]>((held, { from, to, at }) => decideClocks(held, { from, to, disposeLimit }, at, rules), [])
  const handling = lastRound(clocks, 'dispose')
  if (!handling || dueAt === null || dueAt.getTime() === handling.dueAt?.getTime() || dueAt < handling.startedAt) return clocks
  const told = withEnd({ ...handling, originalDueAt: null, pausedAt: null, pausedMilliseconds: 0, stoppedAt: null }, dueAt, handling.startedAt, rules)
  const { pausedAt, pausedMilliseconds, stoppedAt } = handling
  return clocks.map((clock) => (clock === handling ? { ...told, pausedAt, pausedMilliseconds, stoppedAt } : clock))
}
