/** The clocks of a case as the test keeps them itself. Instants are milliseconds; a clock that changes is a new object. */
import { afterCounted, countedBetween, type DayEnds, endOf, type Limit, type Unit } from './calendar.ts'
import { ENDS, STAGE } from './table.ts'

export interface Clock {
  stage: string
  round: number
  startedAt: number
  unit: Unit | null
  originalDueAt: number | null
  dueAt: number | null
  pausedAt: number | null
  rested: number
  stoppedAt: number | null
  isExempt: boolean
}

export interface ClockSettings {
  limits: Record<string, Limit>
  dayEnds: DayEnds
  reworkTimer: 'new' | 'remaining'
}

export interface Move {
  from: string | null
  to: string
  /** Of the filing condition. */
  limit: Limit | null
  granted: number | null
  isExempted: boolean
}

const seenAt = (clock: Clock, at: number): number => Math.min(at, clock.pausedAt ?? at, clock.stoppedAt ?? at)

/** Whether its end has passed, now or when it last ran. */
export const isOver = (clock: Clock, at: number): boolean => clock.dueAt !== null && clock.dueAt < seenAt(clock, at)

function runsOn(clock: Clock, to: string): boolean {
  if (clock.stage === 'total') return !ENDS.includes(to)
  return clock.stage === 'return_window' ? to === 'pending_dispose' : STAGE[to] === clock.stage
}

function goOn(clock: Clock, at: number): Clock {
  const { pausedAt, dueAt, unit } = clock
  if (pausedAt === null) return clock
  return { ...clock, pausedAt: null, rested: clock.rested + countedBetween(pausedAt, at, unit), dueAt: dueAt === null || dueAt < pausedAt ? dueAt : Math.max(dueAt, afterCounted(at, countedBetween(pausedAt, dueAt, unit), unit)) }
}

function moved(clock: Clock, to: string, at: number): Clock {
  if (clock.stoppedAt !== null) return clock
  if (!runsOn(clock, to)) return { ...clock, stoppedAt: at }
  if (clock.stage !== 'dispose' && clock.stage !== 'total') return clock
  if (to !== 'suspended') return goOn(clock, at)
  return clock.pausedAt === null && !isOver(clock, at) ? { ...clock, pausedAt: at } : clock
}

/** The clocks after a step; a side step leaves them, save for a deadline granted or an appeal. */
export function moveClocks(clocks: readonly Clock[], { from, to, limit, granted, isExempted }: Move, at: number, { limits, dayEnds, reworkTimer }: ClockSettings): Clock[] {
  const after = clocks.map((clock) => moved(clock, to, at))
  const rounds = (stage: string): Clock[] => after.filter((clock) => clock.stage === stage)
  const begin = (stage: string, given: Limit | null, dueAt = given && endOf(at, given, dayEnds)): void => {
    after.push({ stage, round: rounds(stage).length + 1, startedAt: at, unit: given?.unit ?? null, originalDueAt: dueAt, dueAt, pausedAt: null, rested: 0, stoppedAt: null, isExempt: false })
  }
  const stage = STAGE[to]
  if (stage && !rounds(stage).some(({ stoppedAt }) => stoppedAt === null)) {
    const last = rounds('dispose').at(-1)
    const isRework = stage === 'dispose' && from !== null && STAGE[from] === 'check'
    if (stage !== 'dispose') begin(stage, limits[stage] ?? null)
    else if (isRework && reworkTimer === 'remaining' && last) {
      const left = last.dueAt === null ? null : countedBetween(seenAt(last, at), last.dueAt, last.unit)
      begin(stage, last.unit === null ? null : { amount: 1, unit: last.unit }, left === null ? null : left > 0 ? afterCounted(at, left, last.unit) : at)
    } else begin(stage, limit)
  }
  if (from === 'pending_dispatch' && to === 'pending_dispose') begin('return_window', limits['return_window'] ?? null)
  if (to === 'pending_dispatch' && rounds('total').length === 0) begin('total', limits['total'] ?? null)
  const handling = rounds('dispose').at(-1)
  return after.map((clock) => {
    if (granted !== null && clock === handling) return { ...clock, dueAt: granted }
    return isExempted && (clock.stage === 'dispose' || clock.stage === 'total') && isOver(clock, at) ? { ...clock, isExempt: true } : clock
  })
}
