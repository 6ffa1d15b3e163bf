/**
 * The way of a case as another system tells it: from the times it kept and the state it ended in to steps that lead from one to the next. Pure.
 * Nothing is made up: a step that the file has no time for stands at the last time it has, and says so.
 */
import { isEnded, STATE_LABELS } from '../contract/incident-workflow.ts'
import type { IncidentState } from '../contract/incidents.ts'

/** Instants as ISO texts; null where the file has none. */
export interface HistoryTimes {
  reportedAt: string
  filedAt: string | null
  dispatchedAt: string | null
  disposedAt: string | null
  endedAt: string | null
}

export interface HistoryStep {
  state: IncidentState
  at: string
  isTimeKnown: boolean
}

export interface HistoryFault {
  /** Field of the import at fault. */
  field: string
  message: string
}

/** How far along the way a state lies; equal for those that a case may be in by turns. */
const PLACE: Record<IncidentState, number> = {
  draft: 0, pending_accept: 1, verifying: 2, pending_filing: 3, not_filed: 9, pending_dispatch: 4, pending_dispose: 5, disposing: 5, suspended: 5, disposed: 6, pending_check: 7, checking: 7, pending_close: 8,
  closed: 9, closed_special: 9, void: 9,
}

export const isLaterState = (state: IncidentState, than: IncidentState): boolean => PLACE[state] > PLACE[than]

function firstDisorder(times: readonly [string, string | null][]): HistoryFault | undefined {
  let before: [string, string] | undefined
  for (const [field, at] of times) {
    if (at === null) continue
    if (before && Date.parse(at) < Date.parse(before[1])) return { field, message: `The time of ${field} (${at}) lies before that of ${before[0]} (${before[1]}). Mend one of them, or leave the column out of --map.` }
    before = [field, at]
  }
  return undefined
}

/**
 * The steps of a case.
 * @param state what the file says; null where it says nothing: then the latest time tells.
 */
export function historyOf(times: HistoryTimes, state: IncidentState | null): { state: IncidentState; steps: HistoryStep[] } | HistoryFault {
  const { reportedAt, filedAt, dispatchedAt, disposedAt, endedAt } = times
  const disorder = firstDisorder([['reported', reportedAt], ['filed', filedAt], ['dispatched', dispatchedAt], ['disposed', disposedAt], ['ended', endedAt]])
  if (disorder) return disorder
  const steps: HistoryStep[] = [{ state: state === 'draft' ? 'draft' : 'pending_accept', at: reportedAt, isTimeKnown: true }]
  const add = (to: IncidentState, at: string | null) => void (at === null || steps.push({ state: to, at, isTimeKnown: true }))
  add('pending_dispatch', filedAt)
  add('pending_dispose', dispatchedAt)
  add('disposed', disposedAt)
  add('pending_check', disposedAt)
  const last = steps.at(-1) ?? { state: 'pending_accept', at: reportedAt, isTimeKnown: true }
  const final = state ?? (endedAt === null ? last.state : 'closed')
  const words = STATE_LABELS[final]
  if (endedAt !== null && !isEnded(final)) return { field: 'state', message: `The case has a time of its end (${endedAt}), but its state is ${words.zh} (${final}). Mend one of them, or leave one of the columns out of --map.` }
  if (isLaterState(last.state, final)) return { field: 'state', message: `The state ${words.zh} (${final}) does not go with the latest time of the case, which makes it ${STATE_LABELS[last.state].zh} (${last.state}). Mend one of them, or leave one of the columns out of --map.` }
  if (final !== last.state) steps.push({ state: final, at: endedAt ?? last.at, isTimeKnown: endedAt !== null })
  return { state: final, steps }
}
