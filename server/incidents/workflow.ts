/** What a step sets on a case, pure. Whether it is allowed is said by `allowedActions`, and where it leads by TRANSITIONS of the contract. */
import { ACTION_LABELS, isEnded } from '../contract/incident-workflow.ts'
import { type IncidentAction, type IncidentState, type IncidentTransition, type Need, type RequestKind, TRANSITIONS, transitionOf } from '../contract/incidents.ts'
import { AppError } from '../errors.ts'
import type { IncidentChange } from './change-queries.ts'
import { type Limit, LIMIT_UNITS, type LimitUnit } from './clocks.ts'

/** Somebody or some body a step refers to, found and checked. */
export interface Named {
  number: number
  name: string
}

/** What is known of the case when somebody acts on it. Numbers are inner ids. */
export interface CaseFacts {
  state: IncidentState
  caseNumber: string | null
  department: Named | null
  /** The text of the department where a case has no organisation. */
  departmentName: string | null
  holder: Partial<Named>
  reporterNumber: number | null
  disposer: Partial<Named>
  filedAt: string | null
  reworkCount: number
  returnCount: number
  supervisionCount: number
}

/** What came with the step, found and checked. */
export interface StepInputs {
  actor: { number: number | null; name: string }
  receiver: Named | null
  department: Named | null
  masterNumber: number | null
  caseClass: { kind: 'part' | 'event'; code: string; name: string; largeCode: string } | null
  conditionOrdinal: number | null
  request: Pick<IncidentTransition, 'closingConditionMet' | 'refusalReason' | 'isSameTimeOfDay'>
  /** Of the open request that a special close decides on, or of the step itself. */
  specialKind: 'forced' | 'informing' | 'abnormal' | null
}

export interface Decision {
  to: IncidentState
  /** A case number has to be taken: the case is filed for the first time. */
  takesCaseNumber: boolean
  change: IncidentChange
}

/** Reads a limit as the tables hold it; null when there is none. */
export function limitOf(amount: number | null, unit: string | null): Limit | null {
  return amount !== null && unit !== null && (LIMIT_UNITS as readonly string[]).includes(unit) ? { amount, unit: unit as LimitUnit } : null
}

/** A field that is missing or cannot be used, in both languages. */
export function fieldError(path: string, zh: string, en: string): AppError {
  return new AppError('bad_request', `${zh} · ${en}`, { errors: [{ path: `body.${path}`, message: `${zh} · ${en}` }] })
}

const MISSING: Partial<Record<Need, { path: keyof IncidentTransition; isMissing: (request: IncidentTransition) => boolean; zh: string; en: string }>> = {
  opinion: { path: 'opinion', isMissing: ({ opinion }) => !opinion?.trim(), zh: '须说明理由', en: 'needs a reason' },
  closing: { path: 'closingConditionMet', isMissing: ({ closingConditionMet }) => closingConditionMet !== true, zh: '须确认已达到结案条件', en: 'needs the closing condition ticked' },
  receiver: { path: 'receiverId', isMissing: ({ receiverId }) => receiverId === undefined, zh: '须指定承办人', en: 'needs the person it is for' },
  refusal_reason: { path: 'refusalReason', isMissing: ({ refusalReason }) => refusalReason === undefined, zh: '须选定不予立案的原因', en: 'needs one of the reasons for refusing' },
  new_due_at: { path: 'newDueAt', isMissing: ({ newDueAt }) => newDueAt === undefined, zh: '须给出新的时限', en: 'needs the deadline asked for' },
  master: { path: 'masterId', isMissing: ({ masterId }) => masterId === undefined, zh: '须指定并入的案件', en: 'needs the incident it is merged into' },
  special_kind: { path: 'specialKind', isMissing: ({ specialKind }) => specialKind === undefined, zh: '须选定特殊结案的类型', en: 'needs the kind of special close' },
  supervision_kind: { path: 'supervisionKind', isMissing: ({ supervisionKind }) => supervisionKind === undefined, zh: '须选定督办类型', en: 'needs the kind of supervision' },
}

/** Looks whether everything came along that an action needs by itself. @throws AppError bad_request naming the field. */
export function checkNeeds(request: IncidentTransition): void {
  const label = ACTION_LABELS[request.action]
  for (const need of transitionOf(request.action).needs) {
    const missing = MISSING[need]
    if (missing?.isMissing(request)) throw fieldError(missing.path, `“${label.zh}”${missing.zh}`, `“${label.en}” ${missing.en}`)
  }
}

/** Requests that no longer make sense in a state: their question can only be asked elsewhere. */
export function requestsLeftBehind(to: IncidentState): RequestKind[] {
  return TRANSITIONS.flatMap((transition) => (transition.request?.does === 'ask' && !transition.from.includes(to) ? [transition.request.kind] : []))
}

const nobody = (facts: CaseFacts): IncidentChange => ({ holderId: null, holder: facts.department?.name ?? facts.departmentName })
const pool: IncidentChange = { holderId: null, holder: null }

function has(one: Partial<Named> | { number: number | null; name: string }): IncidentChange {
  return { holderId: one.number ?? null, holder: one.name ?? null }
}

/** Who has the case after a step, and what else the step is about. */
function changeOf(action: IncidentAction, facts: CaseFacts, inputs: StepInputs, now: string): IncidentChange {
  const { actor, receiver, request } = inputs
  switch (action) {
    case 'submit':
      return { ...pool, reportedAt: now }
    case 'handle_self':
      return { ...pool, isSelfHandled: true, disposerId: actor.number, disposedAt: now }
    case 'send_verify':
    case 'send_check':
      return { ...(receiver ? has(receiver) : pool), ...(action === 'send_check' ? { hasFailedCheck: false } : {}) }
    case 'report_untrue':
      return has(actor)
    case 'verify_again':
      return receiver ? has(receiver) : {}
    case 'refuse':
      return { ...pool, ...(request.refusalReason ? { refusalReason: request.refusalReason } : {}) }
    case 'file':
      return { ...pool, conditionOrdinal: inputs.conditionOrdinal, ...(facts.filedAt === null ? { filedAt: now } : {}) }
    case 'dispatch':
      return inputs.department ? { departmentId: inputs.department.number, department: inputs.department.name, holderId: null, holder: inputs.department.name, dispatchedAt: now } : {}
    case 'return_to_filing':
      return { ...pool, returnCount: facts.returnCount + 1 }
    case 'return_to_dispatch':
      return { ...pool, returnCount: facts.returnCount + 1 }
    case 'sign':
      return receiver ? has(receiver) : nobody(facts)
    case 'claim':
      return has(actor)
    case 'assign':
      return receiver ? has(receiver) : {}
    case 'revoke':
    case 'refuse_assignment':
      return nobody(facts)
    case 'submit_result':
      return { ...nobody(facts), disposerId: actor.number ?? facts.holder.number ?? null }
    case 'send_back':
      return facts.disposer.number === undefined ? nobody(facts) : has(facts.disposer)
    case 'confirm':
      return { ...pool, disposedAt: now }
    case 'check_passed':
      return { ...pool, checkerId: actor.number, hasFailedCheck: false, ...(request.isSameTimeOfDay === undefined ? {} : { verifiedSameTime: request.isSameTimeOfDay }) }
    case 'accept_on_evidence':
      return { ...pool, checkerId: actor.number }
    case 'check_failed':
      return { ...pool, checkerId: actor.number, hasFailedCheck: true }
    case 'rework':
      return { ...nobody(facts), disposedAt: null, hasFailedCheck: false, reworkCount: facts.reworkCount + 1 }
    case 'close':
      return { ...pool, closingConditionMet: true }
    case 'close_special':
      return { ...pool, ...(inputs.specialKind ? { specialKind: inputs.specialKind } : {}) }
    case 'supervise':
    case 'urge':
      return { supervisionCount: facts.supervisionCount + 1 }
    case 'approve_appeal':
      return { isOvertimeExempt: true }
    case 'merge_duplicate':
      return { ...pool, ...(inputs.masterNumber === null ? {} : { masterId: inputs.masterNumber }) }
    default:
      // What turns a case back to a pool takes it from whoever had it; every other side step leaves it there.
      return transitionOf(action).to === null || action === 'suspend' || action === 'resume' ? {} : pool
  }
}

/** What an allowed step sets. */
export function decide(action: IncidentAction, facts: CaseFacts, inputs: StepInputs, at: Date): Decision {
  const now = at.toISOString()
  const to = transitionOf(action).to ?? facts.state
  const { caseClass } = inputs
  return {
    to,
    takesCaseNumber: action === 'file' && facts.caseNumber === null,
    change: {
      ...changeOf(action, facts, inputs, now),
      ...(caseClass ? { classKind: caseClass.kind, classCode: caseClass.code, className: caseClass.name, largeCode: caseClass.largeCode } : {}),
      ...(to === facts.state ? {} : { stateSince: now }),
      ...(isEnded(to) && !isEnded(facts.state) ? { endedAt: now } : {}),
    },
  }
}
