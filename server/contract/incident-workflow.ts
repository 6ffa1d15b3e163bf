/**
 * The life of an incident in words: labels of states, actions and reasons, and when the limit of handling is running. Pure.
 *
 * Terminology
 * - limit 处置时限: time for handling, from dispatch to the department's confirmation; it rests while a case is suspended 挂账.
 * - overdue 超时: the limit is running and has passed.
 */
import {
  ENDED_STATES, type FlowAction, type IncidentAction, type IncidentState, type RefusalReason, type RequestKind, type SpecialKind, type SupervisionKind, transitionOf,
} from './incident-transitions.ts'
import type { IncidentSource } from './incidents.ts'

export { nextState } from './incident-transitions.ts'

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
  register: { zh: '登记', en: 'Register' },
  reopen: { zh: '重新立项', en: 'Reopen' },
  undo: { zh: '撤销', en: 'Undo' },
  handle_self: { zh: '自行处置', en: 'Handled on the spot' },
  withdraw: { zh: '撤回上报', en: 'Withdraw the report' },
  send_verify: { zh: '派核实', en: 'Send to verify' },
  verify_true: { zh: '核实属实', en: 'Verified as true' },
  report_untrue: { zh: '核实不属实', en: 'Found untrue' },
  verify_false: { zh: '确认不属实', en: 'Confirm untrue' },
  verify_again: { zh: '重新核实', en: 'Verify again' },
  verify_unable: { zh: '无法核实', en: 'Cannot be verified' },
  accept: { zh: '受理', en: 'Accept' },
  refuse: { zh: '不予立案', en: 'Refuse' },
  file: { zh: '立案', en: 'File' },
  dispatch: { zh: '派遣', en: 'Dispatch' },
  return_to_filing: { zh: '退回立案', en: 'Return to filing' },
  return_to_dispatch: { zh: '回退', en: 'Return to dispatch' },
  sign: { zh: '签收', en: 'Sign for' },
  claim: { zh: '接单', en: 'Take on' },
  assign: { zh: '指派', en: 'Assign' },
  revoke: { zh: '撤销指派', en: 'Revoke the assignment' },
  refuse_assignment: { zh: '退单', en: 'Refuse the assignment' },
  submit_result: { zh: '提交处置结果', en: 'Submit the result' },
  send_back: { zh: '退回处置', en: 'Send back' },
  confirm: { zh: '处置反馈', en: 'Confirm handling' },
  send_check: { zh: '派核查', en: 'Send to check' },
  check_passed: { zh: '核查通过', en: 'Check passed' },
  check_failed: { zh: '核查不通过', en: 'Check failed' },
  check_unable: { zh: '无法核查', en: 'Cannot be checked' },
  rework: { zh: '返工', en: 'Rework' },
  accept_on_evidence: { zh: '凭图核查通过', en: 'Accept on evidence' },
  close: { zh: '结案', en: 'Close' },
  request_special_close: { zh: '申请特殊结案', en: 'Ask for a special close' },
  close_special: { zh: '特殊结案', en: 'Close specially' },
  refuse_special_close: { zh: '不同意特殊结案', en: 'Refuse the special close' },
  request_suspension: { zh: '申请挂账', en: 'Ask for suspension' },
  suspend: { zh: '挂账', en: 'Suspend' },
  refuse_suspension: { zh: '不同意挂账', en: 'Refuse the suspension' },
  resume: { zh: '恢复处置', en: 'Resume' },
  request_extension: { zh: '申请延期', en: 'Ask for an extension' },
  endorse_extension: { zh: '延期转报', en: 'Pass the extension on' },
  extend: { zh: '批准延期', en: 'Extend' },
  refuse_extension: { zh: '不同意延期', en: 'Refuse the extension' },
  supervise: { zh: '督办', en: 'Supervise' },
  urge: { zh: '催办', en: 'Urge' },
  reply_supervision: { zh: '督办回复', en: 'Reply to the supervision' },
  request_appeal: { zh: '超时申诉', en: 'Appeal the overtime' },
  endorse_appeal: { zh: '申诉转报', en: 'Pass the appeal on' },
  approve_appeal: { zh: '申诉成立', en: 'Grant the appeal' },
  refuse_appeal: { zh: '申诉驳回', en: 'Dismiss the appeal' },
  merge_duplicate: { zh: '并案', en: 'Merge as duplicate' },
} as const satisfies Record<FlowAction, Label>

export const SPECIAL_KIND_LABELS = {
  forced: { zh: '强制结案', en: 'Forced close' },
  informing: { zh: '告知性结案', en: 'Informing close' },
  abnormal: { zh: '非正常结案', en: 'Abnormal close' },
} as const satisfies Record<SpecialKind, Label>

export const REFUSAL_REASON_LABELS = {
  out_of_scope: { zh: '不在受理范围', en: 'Not within the scope' },
  conditions_not_met: { zh: '不符合立案条件', en: 'Filing conditions not met' },
  duplicate: { zh: '重复上报', en: 'Reported before' },
  incomplete: { zh: '信息不全', en: 'Information incomplete' },
  outside_managed_area: { zh: '非管理区域', en: 'Outside the managed area' },
} as const satisfies Record<RefusalReason, Label>

export const SUPERVISION_KIND_LABELS = {
  timeout: { zh: '超时督办', en: 'Overdue' },
  about_to_time_out: { zh: '临期预警', en: 'About to be overdue' },
  leader: { zh: '领导督办', en: 'Leader’s supervision' },
  important: { zh: '重点督办', en: 'Important' },
} as const satisfies Record<SupervisionKind, Label>

export const REQUEST_KIND_LABELS = {
  extension: { zh: '延期', en: 'extension' },
  suspension: { zh: '挂账', en: 'suspension' },
  appeal: { zh: '申诉', en: 'appeal' },
  special_close: { zh: '特殊结案', en: 'special close' },
  untrue: { zh: '核实不属实', en: 'finding of untruth' },
} as const satisfies Record<RequestKind, Label>

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

/** Whether an action has to say why, in `opinion`. */
export const needsReason = (action: IncidentAction): boolean => transitionOf(action).needs.includes('opinion')
