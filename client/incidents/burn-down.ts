import { type CaseClock, type Light, lightOf } from '../../server/contract/clocks.ts'
import type { IncidentFlowEntry } from '../../server/contract/incidents.ts'

/** A stretch of the bar, in percent of its width. */
interface Stretch {
  left: number
  width: number
}

export interface StageStretch extends Stretch {
  key: string
  clock: CaseClock
  /** Light of its clock now, or when it stopped. */
  light: Light | null
  isRunning: boolean
}

export interface BurnDownPicture {
  stages: StageStretch[]
  /** What is left of the running limit. */
  ahead: Stretch | null
  /** Suspensions, in order. */
  rests: (Stretch & { from: number; to: number | null })[]
  /** Ends of handling and of the running stage: the first one told, and the one that holds where it was moved. */
  ends: { key: 'due' | 'original'; at: number; left: number; stage: CaseClock['stage'] }[]
  /** Where now stands; null for an ended case. */
  now: number | null
  /** The clock that tells how the case stands: the running one, else the last of handling. */
  leading: { clock: CaseClock; light: Light | null; isRunning: boolean } | null
}

export interface BurnDownCase {
  clocks: readonly CaseClock[]
  flow: readonly Pick<IncidentFlowEntry, 'fromState' | 'toState' | 'at'>[]
  endedAt: string | null
}

/** The narrowest stretch between two marks, as a share of the bar: minutes of acceptance beside days of handling stay visible. */
const NARROWEST = 0.045

/** A scale in percent over instants that keeps their order and gives every interval at least its narrowest width. */
export function stretchedScale(instants: readonly number[]): (instant: number) => number {
  const stops = [...new Set(instants)].toSorted((a, b) => a - b)
  const first = stops[0] ?? 0
  const last = stops.at(-1) ?? first
  if (last === first) return () => 0
  const narrowest = Math.min(NARROWEST, 1 / (2 * (stops.length - 1)))
  const weights = stops.slice(1).map((stop, index) => Math.max(narrowest, (stop - (stops[index] ?? stop)) / (last - first)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (instant) => {
    let left = 0
    for (const [index, weight] of weights.entries()) {
      const [from, to] = [stops[index] ?? first, stops[index + 1] ?? last]
      if (instant <= to) return (100 * (left + weight * Math.max(0, (instant - from) / (to - from)))) / total
      left += weight
    }
    return 100
  }
}

/** Where the suspensions of a case lie; the end is null while one goes on. */
function restsOf({ flow, endedAt }: BurnDownCase): { from: number; to: number | null }[] {
  const rests: { from: number; to: number | null }[] = []
  for (const { fromState, toState, at } of flow) {
    const open = rests.at(-1)
    if (toState === 'suspended' && fromState !== 'suspended') rests.push({ from: Date.parse(at), to: null })
    else if (fromState === 'suspended' && toState !== 'suspended' && open) open.to = Date.parse(at)
  }
  const open = rests.at(-1)
  if (open && open.to === null && endedAt !== null) open.to = Date.parse(endedAt)
  return rests
}

/**
 * One bar for the clocks of a case: its stages one after another, what is left, where it rested and when it ends.
 * @param now milliseconds since 1970, of the server
 * @returns null for a case without clocks.
 */
export function burnDown(one: BurnDownCase, now: number, isSupervised: boolean): BurnDownPicture | null {
  const stages = one.clocks.filter(({ stage }) => stage !== 'total' && stage !== 'return_window')
  if (stages.length === 0) return null
  const until = one.endedAt === null ? now : Date.parse(one.endedAt)
  const running = stages.find(({ stoppedAt }) => stoppedAt === null)
  const handling = stages.findLast(({ stage }) => stage === 'dispose')
  const lightAt = (clock: CaseClock): Light | null => lightOf(clock, now, isSupervised)
  const stopOf = (clock: CaseClock): number => (clock.stoppedAt === null ? until : Date.parse(clock.stoppedAt))
  const rests = restsOf(one)

  const ends: Omit<BurnDownPicture['ends'][number], 'left'>[] = []
  for (const clock of new Set([handling, running])) {
    if (!clock?.dueAt) continue
    ends.push({ key: 'due', at: Date.parse(clock.dueAt), stage: clock.stage })
    if (clock.originalDueAt !== null && clock.originalDueAt !== clock.dueAt) ends.push({ key: 'original', at: Date.parse(clock.originalDueAt), stage: clock.stage })
  }
  const scale = stretchedScale([...stages.flatMap((clock) => [Date.parse(clock.startedAt), stopOf(clock)]), ...ends.map(({ at }) => at), until])
  const stretch = (from: number, to: number): Stretch => ({ left: scale(from), width: Math.max(0, scale(to) - scale(from)) })
  const aheadTo = running?.dueAt ? Date.parse(running.dueAt) : null
  const leading = running ?? handling

  return {
    stages: stages.map((clock) => ({ key: `${clock.stage}/${clock.round}`, clock, light: lightAt(clock), isRunning: clock === running, ...stretch(Date.parse(clock.startedAt), stopOf(clock)) })),
    ahead: aheadTo !== null && aheadTo > until ? stretch(until, aheadTo) : null,
    rests: rests.map(({ from, to }) => ({ from, to, ...stretch(from, to ?? until) })),
    ends: ends.map((end) => ({ ...end, left: scale(end.at) })),
    now: one.endedAt === null ? scale(now) : null,
    leading: leading ? { clock: leading, light: lightAt(leading), isRunning: leading === running } : null,
  }
}
