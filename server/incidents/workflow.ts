/** What a transition decides, pure: whether it is allowed, where it leads and what it sets. The table itself is TRANSITIONS of the contract. */
import type { IncidentAction, IncidentState } from '../contract/incidents.ts'
import { ACTION_LABELS, allowedActions, isEnded, needsReason } from '../contract/incident-workflow.ts'
import { AppError } from '../errors.ts'
import { addLimit, type Limit, LIMIT_UNITS, type LimitUnit, resumeLimit, type WorkCalendar } from './clocks.ts'

export { allowedActions } from '../contract/incident-workflow.ts'

/** What is known of the case when somebody acts on it. */
export interface CaseFacts {
  state: IncidentState
  caseNumber: string | null
  department: string | null
  dueAt: Date | null
  filedAt: Date | null
  suspendedAt: Date | null
  /** The limit of the condition it was filed under. */
  limit: Limit | null
  /** Conditions its class can be filed under today. */
  conditions: readonly { ordinal: number; limit: Limit }[]
}

export interface ActionRequest {
  action: IncidentAction
  actor: string
  opinion?: string | undefined
  conditionOrdinal?: number | undefined
  department?: string | undefined
}

/** What the transition sets; undefined leaves a value as it is. */
export interface Decision {
  to: IncidentState
  /** A case number has to be taken: the case is filed for the first time. */
  takesCaseNumber: boolean
  conditionOrdinal?: number | null
  department?: string
  holder: string | null
  filedAt?: Date
  dueAt?: Date | null
  disposedAt?: Date | null
  endedAt?: Date
}

/** Reads a limit as the tables hold it; null when there is none. */
export function limitOf(amount: number | null, unit: string | null): Limit | null {
  return amount !== null && unit !== null && (LIMIT_UNITS as readonly string[]).includes(unit) ? { amount, unit: unit as LimitUnit } : null
}

function refuse(path: string, zh: string, en: string): never {
  throw new AppError('bad_request', `${zh} · ${en}`, { errors: [{ path: `body.${path}`, message: `${zh} · ${en}` }] })
}

function chosenCondition(facts: CaseFacts, request: ActionRequest): number | null {
  if (facts.conditions.length === 0) return null
  const ordinals = facts.conditions.map((condition) => condition.ordinal).join(', ')
  if (request.conditionOrdinal === undefined) refuse('conditionOrdinal', `立案须选定立案条件（${ordinals}）`, `filing needs one of the class’s conditions (${ordinals})`)
  if (!facts.conditions.some((condition) => condition.ordinal === request.conditionOrdinal)) {
    refuse('conditionOrdinal', `该小类没有第 ${request.conditionOrdinal} 条立案条件，可选 ${ordinals}`, `the class has no condition ${request.conditionOrdinal}; choose from ${ordinals}`)
  }
  return request.conditionOrdinal
}

/** Whoever has the case after the action, as far as it is a person or a department; the pools of operators have no name here. */
function holderAfter(to: IncidentState, facts: CaseFacts, request: ActionRequest): string | null {
  if (to === 'pending_dispose' || to === 'disposed' || to === 'suspended') return request.department ?? facts.department
  return to === 'disposing' || to === 'verifying' || to === 'checking' ? request.actor : null
}

/**
 * Decides an action on a case at an instant.
 * Limits (domain guide 4.4, 4.5): the limit of handling starts with the dispatch and again with a rework, rests while the case is
 * suspended, and stops when the department confirms, not when the worker hands in the result.
 * @throws AppError `illegal_transition` with the reason; `bad_request` when something the action needs was not given.
 */
export function decide(facts: CaseFacts, request: ActionRequest, at: Date, calendar: WorkCalendar): Decision {
  const { action } = request
  const choice = allowedActions(facts.state).find((one) => one.action === action && one.allowed)
  if (!choice) {
    const reason = allowedActions(facts.state).find((one) => one.action === action)?.reason
    throw new AppError('illegal_transition', reason ? `${reason.zh}。${reason.en}.` : `There is no action ${action}.`)
  }
  const label = ACTION_LABELS[action]
  if (needsReason(action) && !request.opinion?.trim()) refuse('opinion', `“${label.zh}”须说明理由`, `“${label.en}” needs a reason`)
  const { to } = choice
  const decision: Decision = { to, takesCaseNumber: false, holder: holderAfter(to, facts, request) }
  if (isEnded(to)) decision.endedAt = at
  const started = () => (facts.limit ? addLimit(at, facts.limit, calendar) : null)
  switch (action) {
    case 'file':
      decision.conditionOrdinal = chosenCondition(facts, request)
      decision.takesCaseNumber = facts.caseNumber === null
      if (facts.filedAt === null) decision.filedAt = at
      break
    case 'dispatch': {
      const department = request.department?.trim() || facts.department
      if (!department) refuse('department', '派遣须指定处置部门', 'dispatching needs the department that is to handle it')
      decision.department = department
      decision.holder = department
      decision.dueAt = started()
      break
    }
    case 'confirm':
      decision.disposedAt = at
      break
    case 'rework':
      decision.disposedAt = null
      decision.dueAt = started()
      break
    case 'resume':
      if (facts.dueAt && facts.suspendedAt) decision.dueAt = resumeLimit(facts.dueAt, facts.suspendedAt, at, facts.limit?.unit ?? 'natural_day', calendar)
      break
  }
  return decision
}
