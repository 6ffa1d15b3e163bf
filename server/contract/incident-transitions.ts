/**
 * The life of an incident as one typed table: which action leads from where to where, whose it is, what it needs.
 * The server enforces it, the console shows it; nothing else decides what can be done with a case.
 *
 * Terminology
 * - verify 核实: a look before filing whether a report is true; check 核查: a look after handling whether the result will do.
 * - side step: an action that leaves the state as it is (`to` is null): asking, supervising, assigning.
 */
import { z } from 'zod'
import type { Role } from './permissions.ts'

export const IncidentState = z.enum([
  'draft', 'pending_accept', 'verifying', 'pending_filing', 'not_filed', 'pending_dispatch', 'pending_dispose', 'disposing',
  'suspended', 'disposed', 'pending_check', 'checking', 'pending_close', 'closed', 'closed_special', 'void',
])
export type IncidentState = z.infer<typeof IncidentState>

export const ENDED_STATES = ['not_filed', 'closed', 'closed_special', 'void'] as const satisfies readonly IncidentState[]

export const IncidentAction = z.enum([
  'submit', 'handle_self', 'withdraw', 'send_verify', 'verify_true', 'report_untrue', 'verify_false', 'verify_again', 'verify_unable', 'accept', 'refuse', 'file', 'dispatch',
  'return_to_filing', 'return_to_dispatch', 'sign', 'claim', 'assign', 'revoke', 'refuse_assignment', 'submit_result', 'send_back', 'confirm', 'send_check', 'check_passed',
  'check_failed', 'check_unable', 'rework', 'accept_on_evidence', 'close', 'request_special_close', 'close_special', 'refuse_special_close', 'request_suspension', 'suspend',
  'refuse_suspension', 'resume', 'request_extension', 'endorse_extension', 'extend', 'refuse_extension', 'supervise', 'urge', 'reply_supervision', 'request_appeal', 'endorse_appeal',
  'approve_appeal', 'refuse_appeal', 'merge_duplicate',
])
export type IncidentAction = z.infer<typeof IncidentAction>

/** What a row of the flow can tell of: an action, or how a case came to be. */
export const FlowAction = z.enum([...IncidentAction.options, 'register', 'reopen', 'undo'])
export type FlowAction = z.infer<typeof FlowAction>

/** What kind of step it is, over all actions. */
export const FlowOperation = z.enum(['forward', 'return', 'rework', 'cancel', 'close', 'assign', 'revoke', 'extend', 'suspend', 'resume', 'supervise', 'appeal', 'merge', 'edit'])
export type FlowOperation = z.infer<typeof FlowOperation>

export const RequestKind = z.enum(['extension', 'suspension', 'appeal', 'special_close', 'untrue'])
export type RequestKind = z.infer<typeof RequestKind>
export const RequestStatus = z.enum(['asked', 'endorsed', 'approved', 'refused', 'withdrawn'])
export type RequestStatus = z.infer<typeof RequestStatus>

export const SpecialKind = z.enum(['forced', 'informing', 'abnormal'])
export type SpecialKind = z.infer<typeof SpecialKind>

export const RefusalReason = z.enum(['out_of_scope', 'conditions_not_met', 'duplicate', 'incomplete', 'outside_managed_area'])
export type RefusalReason = z.infer<typeof RefusalReason>

export const SupervisionKind = z.enum(['timeout', 'about_to_time_out', 'leader', 'important'])
export type SupervisionKind = z.infer<typeof SupervisionKind>

/**
 * Which of the people of those roles it is:
 * - `pool`: any of them, within his area or department;
 * - `holder`: whoever has the case; any of them while nobody has it by name;
 * - `reporter`: whoever sent the report.
 */
export type HolderRule = 'pool' | 'holder' | 'reporter'

/** What has to come with an action; `photo…` are photographs that prove it: of the finding, after handling, of the check. */
export type Need =
  | 'opinion' | 'condition' | 'closing' | 'department' | 'receiver' | 'refusal_reason' | 'new_due_at' | 'master' | 'special_kind' | 'supervision_kind'
  | 'photo' | 'photo_after' | 'photo_check'

/** Part somebody had in a case that keeps him from judging it. */
export type OwnPart = 'reporter' | 'disposer' | 'checker'

export interface Transition {
  /** Row of the standard sequence (GB/T 30428 / CJJ/T 106 as merged in the transition table of ARCHITECTURE.md). */
  number: number
  action: IncidentAction
  from: readonly IncidentState[]
  /** Null: the state stays. */
  to: IncidentState | null
  roles: readonly Role[]
  holder: HolderRule
  needs: readonly Need[]
  operation: FlowOperation
  /** Whoever had this part in the case may not do it. */
  notBy?: readonly OwnPart[]
  /** Whether roles are narrowed to the one the city lets file. */
  byFilingRole?: true
  /** The request it makes, passes on or decides. */
  request?: { kind: RequestKind; does: 'ask' | 'endorse' | 'approve' | 'refuse' }
}

const BEFORE_FILING = ['draft', 'pending_accept', 'verifying', 'pending_filing'] as const satisfies readonly IncidentState[]
/** From the filing's threshold to the end. */
const UNDER_WAY = ['pending_filing', 'pending_dispatch', 'pending_dispose', 'disposing', 'suspended', 'disposed', 'pending_check', 'checking', 'pending_close'] as const satisfies readonly IncidentState[]
const ACTIVE = ['pending_accept', 'verifying', ...UNDER_WAY] as const satisfies readonly IncidentState[]
const REPORTERS = ['collector', 'operator', 'shift_leader', 'leader', 'checker', 'grid_manager', 'department_manager', 'disposal_person', 'intake_service'] as const satisfies readonly Role[]
const DEPARTMENT = ['department_manager', 'disposal_person'] as const satisfies readonly Role[]
const CHECKERS = ['collector', 'checker'] as const satisfies readonly Role[]

export const TRANSITIONS: readonly Transition[] = [
  { number: 1, action: 'submit', from: ['draft'], to: 'pending_accept', roles: REPORTERS, holder: 'reporter', needs: ['photo'], operation: 'forward' },
  // A collector who mended it on the spot: counted apart, closed by another.
  { number: 1, action: 'handle_self', from: ['pending_accept'], to: 'pending_close', roles: ['collector'], holder: 'reporter', needs: ['photo_after'], operation: 'forward' },
  { number: 1, action: 'withdraw', from: BEFORE_FILING, to: 'void', roles: REPORTERS, holder: 'reporter', needs: ['opinion'], operation: 'cancel' },
  { number: 2, action: 'send_verify', from: ['pending_accept'], to: 'verifying', roles: ['operator'], holder: 'pool', needs: [], operation: 'forward' },
  { number: 3, action: 'verify_true', from: ['verifying'], to: 'pending_filing', roles: ['collector'], holder: 'holder', needs: ['photo'], operation: 'forward', notBy: ['reporter'] },
  // The collector finds it untrue, the operator confirms: two people for an end without filing.
  { number: 4, action: 'report_untrue', from: ['verifying'], to: null, roles: ['collector'], holder: 'holder', needs: ['opinion'], operation: 'forward', notBy: ['reporter'], request: { kind: 'untrue', does: 'ask' } },
  { number: 4, action: 'verify_false', from: ['verifying'], to: 'not_filed', roles: ['operator'], holder: 'pool', needs: ['opinion'], operation: 'cancel', request: { kind: 'untrue', does: 'approve' } },
  { number: 4, action: 'verify_again', from: ['verifying'], to: null, roles: ['operator'], holder: 'pool', needs: ['opinion'], operation: 'return', request: { kind: 'untrue', does: 'refuse' } },
  { number: 2, action: 'verify_unable', from: ['verifying'], to: 'pending_accept', roles: ['collector', 'operator'], holder: 'holder', needs: ['opinion'], operation: 'return' },
  { number: 5, action: 'accept', from: ['pending_accept'], to: 'pending_filing', roles: ['operator'], holder: 'pool', needs: [], operation: 'forward' },
  { number: 6, action: 'refuse', from: ['pending_accept', 'pending_filing'], to: 'not_filed', roles: ['operator', 'shift_leader'], holder: 'pool', needs: ['refusal_reason', 'opinion'], operation: 'cancel' },
  { number: 7, action: 'file', from: ['pending_filing'], to: 'pending_dispatch', roles: ['operator', 'shift_leader'], byFilingRole: true, holder: 'pool', needs: ['condition'], operation: 'forward' },
  { number: 8, action: 'dispatch', from: ['pending_dispatch'], to: 'pending_dispose', roles: ['dispatcher'], holder: 'pool', needs: ['department'], operation: 'forward' },
  { number: 9, action: 'return_to_filing', from: ['pending_dispatch'], to: 'pending_filing', roles: ['dispatcher'], holder: 'pool', needs: ['opinion'], operation: 'return' },
  { number: 10, action: 'return_to_dispatch', from: ['pending_dispose'], to: 'pending_dispatch', roles: ['department_manager'], holder: 'pool', needs: ['opinion'], operation: 'return' },
  { number: 11, action: 'sign', from: ['pending_dispose'], to: 'disposing', roles: ['department_manager'], holder: 'pool', needs: [], operation: 'forward' },
  { number: 11, action: 'claim', from: ['pending_dispose', 'disposing'], to: 'disposing', roles: ['disposal_person'], holder: 'pool', needs: [], operation: 'assign', notBy: ['reporter'] },
  { number: 11, action: 'assign', from: ['disposing'], to: null, roles: ['department_manager'], holder: 'pool', needs: ['receiver'], operation: 'assign' },
  { number: 11, action: 'revoke', from: ['disposing'], to: 'pending_dispose', roles: ['department_manager'], holder: 'pool', needs: ['opinion'], operation: 'revoke' },
  { number: 12, action: 'refuse_assignment', from: ['disposing'], to: 'pending_dispose', roles: ['disposal_person'], holder: 'holder', needs: ['opinion'], operation: 'return' },
  { number: 13, action: 'submit_result', from: ['disposing'], to: 'disposed', roles: ['disposal_person'], holder: 'holder', needs: ['photo_after'], operation: 'forward', notBy: ['reporter'] },
  { number: 14, action: 'send_back', from: ['disposed'], to: 'disposing', roles: ['department_manager'], holder: 'pool', needs: ['opinion'], operation: 'return' },
  { number: 15, action: 'confirm', from: ['disposed'], to: 'pending_check', roles: ['department_manager'], holder: 'pool', needs: [], operation: 'forward', notBy: ['disposer'] },
  { number: 16, action: 'send_check', from: ['pending_check'], to: 'checking', roles: ['operator'], holder: 'pool', needs: [], operation: 'forward' },
  { number: 17, action: 'check_passed', from: ['checking'], to: 'pending_close', roles: CHECKERS, holder: 'holder', needs: ['photo_check'], operation: 'forward', notBy: ['disposer', 'reporter'] },
  { number: 17, action: 'check_failed', from: ['checking'], to: 'pending_check', roles: CHECKERS, holder: 'holder', needs: ['opinion', 'photo_check'], operation: 'return', notBy: ['disposer', 'reporter'] },
  { number: 16, action: 'check_unable', from: ['checking'], to: 'pending_check', roles: [...CHECKERS, 'operator'], holder: 'holder', needs: ['opinion'], operation: 'return' },
  { number: 18, action: 'rework', from: ['checking', 'pending_check'], to: 'pending_dispose', roles: ['operator', 'dispatcher'], holder: 'pool', needs: ['opinion'], operation: 'rework', notBy: ['disposer'] },
  { number: 19, action: 'accept_on_evidence', from: ['pending_check'], to: 'pending_close', roles: ['operator'], holder: 'pool', needs: [], operation: 'forward', notBy: ['disposer', 'reporter'] },
  { number: 20, action: 'close', from: ['pending_close'], to: 'closed', roles: ['shift_leader', 'operator'], byFilingRole: true, holder: 'pool', needs: ['closing'], operation: 'close', notBy: ['disposer', 'checker', 'reporter'] },
  { number: 21, action: 'request_special_close', from: UNDER_WAY, to: null, roles: ['shift_leader'], holder: 'pool', needs: ['opinion', 'special_kind'], operation: 'close', request: { kind: 'special_close', does: 'ask' } },
  { number: 21, action: 'close_special', from: UNDER_WAY, to: 'closed_special', roles: ['leader'], holder: 'pool', needs: ['opinion'], operation: 'close', notBy: ['disposer'], request: { kind: 'special_close', does: 'approve' } },
  { number: 21, action: 'refuse_special_close', from: UNDER_WAY, to: null, roles: ['leader'], holder: 'pool', needs: ['opinion'], operation: 'return', request: { kind: 'special_close', does: 'refuse' } },
  { number: 22, action: 'request_suspension', from: ['disposing'], to: null, roles: DEPARTMENT, holder: 'pool', needs: ['opinion'], operation: 'suspend', request: { kind: 'suspension', does: 'ask' } },
  { number: 22, action: 'suspend', from: ['disposing'], to: 'suspended', roles: ['dispatcher'], holder: 'pool', needs: ['opinion'], operation: 'suspend', request: { kind: 'suspension', does: 'approve' } },
  { number: 22, action: 'refuse_suspension', from: ['disposing'], to: null, roles: ['dispatcher'], holder: 'pool', needs: ['opinion'], operation: 'return', request: { kind: 'suspension', does: 'refuse' } },
  { number: 22, action: 'resume', from: ['suspended'], to: 'disposing', roles: ['dispatcher', 'department_manager'], holder: 'pool', needs: [], operation: 'resume' },
  { number: 23, action: 'request_extension', from: ['disposing'], to: null, roles: DEPARTMENT, holder: 'pool', needs: ['opinion', 'new_due_at'], operation: 'extend', request: { kind: 'extension', does: 'ask' } },
  { number: 23, action: 'endorse_extension', from: ['disposing'], to: null, roles: ['dispatcher'], holder: 'pool', needs: [], operation: 'extend', request: { kind: 'extension', does: 'endorse' } },
  { number: 23, action: 'extend', from: ['disposing'], to: null, roles: ['leader'], holder: 'pool', needs: [], operation: 'extend', request: { kind: 'extension', does: 'approve' } },
  { number: 23, action: 'refuse_extension', from: ['disposing'], to: null, roles: ['dispatcher', 'leader'], holder: 'pool', needs: ['opinion'], operation: 'return', request: { kind: 'extension', does: 'refuse' } },
  { number: 24, action: 'supervise', from: ACTIVE, to: null, roles: ['leader', 'shift_leader'], holder: 'pool', needs: ['opinion', 'supervision_kind'], operation: 'supervise' },
  { number: 24, action: 'urge', from: ACTIVE, to: null, roles: ['operator', 'shift_leader', 'dispatcher', 'leader'], holder: 'pool', needs: ['opinion'], operation: 'supervise' },
  { number: 24, action: 'reply_supervision', from: [...ACTIVE, ...ENDED_STATES], to: null, roles: ['operator', 'shift_leader', 'dispatcher', 'collector', 'checker', ...DEPARTMENT], holder: 'pool', needs: ['opinion'], operation: 'supervise' },
  { number: 25, action: 'request_appeal', from: ['closed'], to: null, roles: ['department_manager'], holder: 'pool', needs: ['opinion'], operation: 'appeal', request: { kind: 'appeal', does: 'ask' } },
  { number: 25, action: 'endorse_appeal', from: ['closed'], to: null, roles: ['dispatcher'], holder: 'pool', needs: [], operation: 'appeal', request: { kind: 'appeal', does: 'endorse' } },
  { number: 25, action: 'approve_appeal', from: ['closed'], to: null, roles: ['operator'], holder: 'pool', needs: ['opinion'], operation: 'appeal', request: { kind: 'appeal', does: 'approve' } },
  { number: 25, action: 'refuse_appeal', from: ['closed'], to: null, roles: ['dispatcher', 'operator'], holder: 'pool', needs: ['opinion'], operation: 'appeal', request: { kind: 'appeal', does: 'refuse' } },
  { number: 26, action: 'merge_duplicate', from: BEFORE_FILING, to: 'void', roles: ['operator', 'shift_leader'], holder: 'pool', needs: ['master'], operation: 'merge' },
]

const BY_ACTION = new Map(TRANSITIONS.map((transition) => [transition.action, transition]))

/** The row of an action; each action has one. */
export function transitionOf(action: IncidentAction): Transition {
  const found = BY_ACTION.get(action)
  if (!found) throw new TypeError(`no transition for ${action}`)
  return found
}

/** The state an action leads to from here, or undefined where it is not possible; side steps lead where they started. */
export function nextState(state: IncidentState, action: IncidentAction): IncidentState | undefined {
  const transition = transitionOf(action)
  return transition.from.includes(state) ? (transition.to ?? state) : undefined
}
