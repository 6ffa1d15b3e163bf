import { isEnded } from '../../server/contract/incident-workflow.ts'
import type { Incident, IncidentState } from '../../server/contract/incidents.ts'

/** The six stages of a case as people speak of them: 上报 立案 派遣 处置 核查 结案. */
export const STAGES = ['report', 'file', 'dispatch', 'dispose', 'check', 'close'] as const
export type Stage = (typeof STAGES)[number]

/** The stage at which each state stands. Where a suspended case stands depends on its flow, but only handling can be suspended. */
const STAGE_OF: Record<IncidentState, Stage> = {
  draft: 'report',
  pending_accept: 'report',
  verifying: 'report',
  pending_filing: 'file',
  not_filed: 'file',
  pending_dispatch: 'dispatch',
  pending_dispose: 'dispose',
  disposing: 'dispose',
  suspended: 'dispose',
  disposed: 'dispose',
  pending_check: 'check',
  checking: 'check',
  pending_close: 'close',
  closed: 'close',
  closed_special: 'close',
  void: 'report',
}

export interface StageMark {
  stage: Stage
  /** `ended`: the case went no further than this. */
  state: 'done' | 'now' | 'todo' | 'ended'
  /** When the stage was finished; null when it was not, or the flow does not say. */
  at: string | null
}

/**
 * The bar of six stages of a case. An ended case stands still: what it passed is done; a case that was refused, voided or closed
 * specially leaves the stages it skipped undone.
 */
export function stageMarks(incident: Pick<Incident, 'state' | 'flow'>): StageMark[] {
  const current = STAGES.indexOf(STAGE_OF[incident.state])
  const passed = new Map<number, string>()
  for (const entry of incident.flow) {
    const from = entry.fromState === null ? 0 : STAGES.indexOf(STAGE_OF[entry.fromState])
    const to = STAGES.indexOf(STAGE_OF[entry.toState])
    // Sent back: what comes after is open again.
    if (to < from) for (let stage = to; stage < STAGES.length; stage++) passed.delete(stage)
    else if (entry.toState === 'closed' || entry.toState === 'closed_special') passed.set(to, entry.at)
    for (let stage = from; stage < to; stage++) if (!passed.has(stage)) passed.set(stage, entry.at)
  }
  const isSkipping = incident.state === 'closed_special'
  const before = isSkipping ? STAGES.indexOf(STAGE_OF[lastWorkingState(incident)]) : current
  return STAGES.map((stage, index) => {
    const at = passed.get(index) ?? null
    if (index === current) return { stage, state: incident.state === 'closed' || isSkipping ? 'done' : isEnded(incident.state) ? 'ended' : 'now', at }
    if (index > before || index > current) return { stage, state: 'todo', at: null }
    return { stage, state: 'done', at }
  })
}

function lastWorkingState(incident: Pick<Incident, 'flow'>): IncidentState {
  return incident.flow.findLast((entry) => entry.toState === 'closed_special')?.fromState ?? 'pending_close'
}
