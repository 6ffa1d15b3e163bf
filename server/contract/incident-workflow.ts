/**
 * The life of an incident in words: labels of states and actions, which action is open in which state and why the others are not,
 * and when the limit of handling is running. Pure, so that the console greys a button with the sentence the server would answer.
 *
 * Terminology
 * - limit 处置时限: time for handling, from dispatch to the department's confirmation; it rests while a case is suspended 挂账.
 * - overdue 超时: the limit is running and has passed.
 */
import { ENDED_STATES, TRANSITIONS, type IncidentAction, type IncidentSource, type IncidentState } from './incidents.ts'

export interface Label {
  zh: string
  en: string
}

export const STATE_LABELS = {
  draft: { zh: '登记中', en: 'Draft' },
  pending_accept: { zh: '待受理', en: 'To be accepted' },
  verifying: { zh: '核实中', en: 'Being verified' },
  pending_filing: { zh: '待立案', en: 'To be filed' },
  not_filed: { zh: '不予立案', en: 'Not filed' },
  pending_dispatch: { zh: '待派遣', en: 'To be dispatched' },
  pending_dispose: { zh: '待处置', en: 'To be handled' },
  disposing: { zh: '处置中', en: 'Being handled' },
  suspended: { zh: '挂账', en: 'Suspended' },
  disposed: { zh: '处置完成待确认', en: 'Handled, to be confirmed' },
  pending_check: { zh: '待核查', en: 'To be checked' },
  checking: { zh: '核查中', en: 'Being checked' },
  pending_close: { zh: '待结案', en: 'To be closed' },
  closed: { zh: '结案', en: 'Closed' },
  closed_special: { zh: '特殊结案', en: 'Closed specially' },
  void: { zh: '作废', en: 'Void' },
} as const satisfies Record<IncidentState, Label>

export const ACTION_LABELS = {
  submit: { zh: '上报', en: 'Submit' },
  send_verify: { zh: '派核实', en: 'Send to verify' },
  verify_true: { zh: '核实属实', en: 'Verified as true' },
  verify_false: { zh: '核实不属实', en: 'Verified as false' },
  accept: { zh: '受理', en: 'Accept' },
  refuse: { zh: '不予立案', en: 'Refuse' },
  file: { zh: '立案', en: 'File' },
  dispatch: { zh: '派遣', en: 'Dispatch' },
  return_to_filing: { zh: '退回立案', en: 'Return to filing' },
  return_to_dispatch: { zh: '回退', en: 'Return to dispatch' },
  sign: { zh: '签收', en: 'Sign for' },
  refuse_assignment: { zh: '退单', en: 'Refuse the assignment' },
  submit_result: { zh: '提交处置结果', en: 'Submit the result' },
  send_back: { zh: '退回处置', en: 'Send back' },
  confirm: { zh: '处置反馈', en: 'Confirm handling' },
  send_check: { zh: '派核查', en: 'Send to check' },
  check_passed: { zh: '核查通过', en: 'Check passed' },
  rework: { zh: '返工', en: 'Rework' },
  accept_on_evidence: { zh: '凭图核查通过', en: 'Accept on evidence' },
  close: { zh: '结案', en: 'Close' },
  close_special: { zh: '特殊结案', en: 'Close specially' },
  suspend: { zh: '挂账', en: 'Suspend' },
  resume: { zh: '恢复处置', en: 'Resume' },
  void_duplicate: { zh: '作废', en: 'Void as duplicate' },
} as const satisfies Record<IncidentAction, Label>

export const SOURCE_LABELS = {
  collector: { zh: '采集员上报', en: 'Collector' },
  hotline_12345: { zh: '12345热线', en: 'Hotline 12345' },
  citizen_app: { zh: '随手拍', en: 'Citizen app' },
  video_ai: { zh: '视频智能', en: 'Video AI' },
  iot: { zh: '监测预警', en: 'Sensor warning' },
  leader: { zh: '领导批示', en: 'Leader’s instruction' },
  dept_transfer: { zh: '部门批转', en: 'Transferred by a department' },
  media: { zh: '媒体曝光', en: 'Media' },
  satellite: { zh: '遥感发现', en: 'Remote sensing' },
  enforcement: { zh: '执法发现', en: 'Enforcement' },
} as const satisfies Record<IncidentSource, Label>

/** States in which the limit of handling runs; it stops when the department confirms, and rests while suspended. */
export const LIMIT_RUNNING_STATES = ['pending_dispatch', 'pending_dispose', 'disposing', 'disposed'] as const satisfies readonly IncidentState[]

export const isEnded = (state: IncidentState): boolean => (ENDED_STATES as readonly IncidentState[]).includes(state)

/**
 * Whether an incident is late: its limit is running and has passed. The server's filter `overdue` says the same in SQL.
 * @param now milliseconds since 1970
 */
export function isOverdue(incident: { state: IncidentState; dueAt: string | null }, now: number): boolean {
  return incident.dueAt !== null && (LIMIT_RUNNING_STATES as readonly IncidentState[]).includes(incident.state) && Date.parse(incident.dueAt) < now
}

/** Actions that turn a case back, stop it or end it otherwise than by being handled: they say why, in `opinion`. */
const WITH_REASON: ReadonlySet<IncidentAction> = new Set<IncidentAction>([
  'verify_false', 'refuse', 'return_to_filing', 'return_to_dispatch', 'refuse_assignment', 'send_back', 'rework', 'close_special', 'suspend', 'void_duplicate',
])

export const needsReason = (action: IncidentAction): boolean => WITH_REASON.has(action)

export interface ActionChoice {
  action: IncidentAction
  allowed: boolean
  to: IncidentState
  /** Why it is not allowed; null when it is. */
  reason: Label | null
}

/** Every action with its answer in this state, in the order of the standard sequence. */
export function allowedActions(state: IncidentState): ActionChoice[] {
  return TRANSITIONS.map(({ action, from, to }) => {
    const allowed = (from as readonly IncidentState[]).includes(state)
    return { action, to, allowed, reason: allowed ? null : refusal(action, state, from) }
  })
}

/** The state an action leads to from here, or undefined where it is not allowed. */
export function nextState(state: IncidentState, action: IncidentAction): IncidentState | undefined {
  return TRANSITIONS.find((transition) => transition.action === action && (transition.from as readonly IncidentState[]).includes(state))?.to
}

function refusal(action: IncidentAction, state: IncidentState, from: readonly IncidentState[]): Label {
  const name = ACTION_LABELS[action]
  if (isEnded(state)) return { zh: `案件已${STATE_LABELS[state].zh}，不能再“${name.zh}”`, en: `The incident has ended (${STATE_LABELS[state].en.toLowerCase()}); “${name.en}” is no longer possible` }
  return {
    zh: `“${name.zh}”只能在${from.map((key) => `“${STATE_LABELS[key].zh}”`).join('、')}时进行，现在是“${STATE_LABELS[state].zh}”`,
    en: `“${name.en}” is possible only when ${from.map((key) => `“${STATE_LABELS[key].en}”`).join(', ')}; it is now “${STATE_LABELS[state].en}”`,
  }
}
