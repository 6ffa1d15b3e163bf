/** What has to hold of a case that was suspended, worked out from its flow alone: the books are not asked. Instants are milliseconds. */
import { expect } from 'vitest'
import type { CaseClock } from '../../../../server/contract/clocks.ts'
import type { Incident } from '../../../../server/contract/incidents.ts'
import { afterCounted, countedBetween } from './calendar.ts'

const instant = (text: string | null): number | null => (text === null ? null : Date.parse(text))

interface Rests {
  dueAt: number | null
  pausedAt: number | null
  rested: number
}

/** Goes through the flow: a clock that is not over yet rests from the suspension to what ends it, and its end moves by just that time of its own kind. */
function restsOf(clock: CaseClock, { flow, requests }: Incident): Rests {
  const unit = clock.limit?.unit ?? null
  const stoppedAt = instant(clock.stoppedAt) ?? Infinity
  let { dueAt, pausedAt, rested }: Rests = { dueAt: instant(clock.originalDueAt), pausedAt: null, rested: 0 }
  for (const row of flow) {
    const at = Date.parse(row.at)
    if (at < Date.parse(clock.startedAt) || at > stoppedAt) continue
    if (row.action === 'extend' && clock.stage === 'dispose') dueAt = instant(requests.find(({ kind, status, decidedAt }) => kind === 'extension' && status === 'approved' && decidedAt === row.at)?.newDueAt ?? null)
    if (row.toState === 'suspended' && row.fromState !== 'suspended' && (dueAt === null || dueAt >= at)) pausedAt = at
    // Whatever ends the case ends the clock too: it stays as it rested.
    if (row.fromState !== 'suspended' || row.toState === 'suspended' || pausedAt === null || at === stoppedAt) continue
    rested += countedBetween(pausedAt, at, unit)
    if (dueAt !== null) dueAt = Math.max(dueAt, afterCounted(at, countedBetween(pausedAt, dueAt, unit), unit))
    pausedAt = null
  }
  return { dueAt, pausedAt, rested }
}

/**
 * Handling and the whole case rest while the case is suspended, and nothing of their limits goes by meanwhile.
 * @param now the time of the answer
 */
export function checkRests(view: Incident, now: number): void {
  for (const clock of view.clocks.filter(({ stage }) => stage === 'dispose' || stage === 'total')) {
    const rests = restsOf(clock, view)
    expect({ stage: clock.stage, round: clock.round, dueAt: instant(clock.dueAt), pausedAt: instant(clock.pausedAt), rested: clock.pausedMilliseconds }).toEqual({ stage: clock.stage, round: clock.round, ...rests })
    const [from, to, unit] = [Date.parse(clock.startedAt), instant(clock.originalDueAt), clock.limit?.unit ?? null]
    const whole = to === null || view.flow.some(({ action }) => action === 'extend') ? 0 : countedBetween(from, to, unit)
    if (whole === 0) continue
    const seenAt = Math.min(now, rests.pausedAt ?? now, instant(clock.stoppedAt) ?? now)
    expect(clock.elapsedShare).toBeCloseTo((countedBetween(from, seenAt, unit) - rests.rested) / whole, 6)
  }
}
