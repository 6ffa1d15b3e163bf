/**
 * The base counts of the evaluation (列名依数据字典): what each counts, in words; its SQL stands in server/evaluation/count-queries.ts.
 * "In the period" is from the period's first moment to its end or the present, whichever is earlier; "at its end" is that instant.
 */
import type { ObjectKind, PostKind } from './evaluation-objects.ts'

export interface CountDefinition {
  zh: string
  en: string
  formulaZh: string
  formulaEn: string
  /** Raised when what it counts changes; published figures keep the version they were made with. */
  version: number
  /** Sums times rather than cases: a case returned twice counts twice. */
  isTimes?: true
  /** Which department a case counts for; without it the department it was last dispatched to. */
  department?: 'first'
  /** Posts whose work it tells of. */
  posts?: readonly PostKind[]
}

const count = (zh: string, en: string, formulaZh: string, formulaEn: string, more: Omit<Partial<CountDefinition>, 'zh' | 'en'> = {}): CountDefinition => ({ zh, en, formulaZh, formulaEn, version: 1, ...more })

const COLLECTOR = { posts: ['collector'] } as const
const OPERATOR = { posts: ['operator'] } as const
const LEADER = { posts: ['shift_leader'] } as const
const DISPATCHER = { posts: ['dispatcher'], department: 'first' } as const

export const COUNTS = {
  report_num: count('上报数', 'Reported', '本期上报的案件', 'Cases reported in the period', COLLECTOR),
  valid_report_num: count('有效上报数', 'Validly reported', '本期上报、之后立案的案件', 'Cases reported in the period that were filed at any time since', COLLECTOR),
  unrejected_report_num: count('未被否决的上报数', 'Reported and not rejected', '本期上报、截至期末未被不予立案或作废的案件', 'Cases reported in the period, not refused or void at its end', COLLECTOR),
  completed_num: count('办结数', 'Completed', '本期上报、截至期末已结案的案件', 'Cases reported in the period and closed by its end'),
  operate_num: count('受理数', 'Accepted', '本期受理（直接受理或派核实）的案件', 'Cases accepted in the period, directly or by sending them to be verified', OPERATOR),
  intime_operate_num: count('按时受理数', 'Accepted in time', '本期受理、未超受理时限', 'Accepted in the period within the accept limit', OPERATOR),
  accur_operate_num: count('准确受理数', 'Accepted rightly', '本期受理、之后未作废、也未在待立案时被不予立案', 'Accepted in the period, since neither void nor refused when it was to be filed', OPERATOR),
  inst_num: count('立案数', 'Filed', '本期首次立案的案件', 'Cases filed for the first time in the period', LEADER),
  intime_inst_num: count('按时立案数', 'Filed in time', '本期立案、未超立案时限', 'Filed in the period within the file limit', LEADER),
  accur_inst_num: count('准确立案数', 'Filed rightly', '本期立案、之后未作废、未退回立案', 'Filed in the period, since neither void nor returned to filing', LEADER),
  need_dispatch_num: count('应派遣数', 'To dispatch', '期末前立案、未作废，且期初前未派遣的案件', 'Filed before the end of the period, not void, not dispatched before the period', DISPATCHER),
  dispatch_num: count('派遣数', 'Dispatched', '本期首次派遣的案件', 'Cases dispatched for the first time in the period', DISPATCHER),
  intime_dispatch_num: count('按时派遣数', 'Dispatched in time', '本期派遣、未超派遣时限', 'Dispatched in the period within the dispatch limit', DISPATCHER),
  accur_dispatch_num: count('准确派遣数', 'Dispatched rightly', '本期派遣、首派部门从未回退', 'Dispatched in the period and never returned by the first department', DISPATCHER),
  need_dispose_num: count('应处置数', 'To handle', '已派遣、未作废、有处置时限，且本期处置完成或时限在本期', 'Dispatched, not void, with a limit, and handled in the period or with the deadline in it'),
  dispose_num: count('处置数', 'Handled', '本期由部门确认处置完成、期末前未返工的案件', 'Cases whose handling the department confirmed in the period, not sent to rework by its end'),
  intime_dispose_num: count('按期处置数', 'Handled in time', '本期处置完成、未超处置时限', 'Handled in the period within the limit'),
  overtime_dispose_num: count('超期处置数', 'Handled late', '本期处置完成、已超处置时限', 'Handled in the period beyond the limit'),
  to_dispose_num: count('未处置数', 'Not handled', '期末已派遣、未处置完成、未结束的案件', 'Dispatched, not handled and not ended at the end of the period'),
  overtime_to_dispose_num: count('超期未处置数', 'Not handled and overdue', '期末未处置完成且已超处置时限的案件（含以前各期）', 'Not handled at the end of the period and beyond the limit, earlier periods included'),
  need_archive_num: count('应结案数', 'To close', '已立案、未作废、有时限，且本期结案或时限在本期', 'Filed, not void, with a limit, and closed in the period or with the deadline in it', LEADER),
  archive_num: count('结案数', 'Closed', '本期结案（含特殊结案）的案件', 'Cases closed in the period, special closings included', LEADER),
  intime_archive_num: count('按期结案数', 'Closed in time', '本期结案、未超总时限；没有总时限的以处置时限衡量处置', 'Closed in the period within the total limit; without one, handled within the limit of handling', LEADER),
  overtime_archive_num: count('超期结案数', 'Closed late', '本期结案、已超上述时限', 'Closed in the period beyond that limit', LEADER),
  to_archive_num: count('未结案数', 'Not closed', '应结案中期末尚未结案的案件', 'Of those to close, the ones not closed at the end of the period', LEADER),
  overtime_to_archive_num: count('超期未结案数', 'Not closed and overdue', '期末已立案、未结案且已超上述时限的案件（含以前各期）', 'Filed, not closed at the end of the period and beyond that limit, earlier periods included', LEADER),
  open_filed_num: count('在办立案数', 'Filed and open', '期末已立案、未结束的案件', 'Filed and not ended at the end of the period', LEADER),
  need_verify_num: count('应核实数', 'To verify', '期末前派核实、期初前未答复的案件', 'Sent to verify before the end of the period and not answered before it', COLLECTOR),
  verify_num: count('核实数', 'Verified', '本期答复核实的案件', 'Cases whose verification was answered in the period', COLLECTOR),
  intime_verify_num: count('按期核实数', 'Verified in time', '本期答复核实、未超核实时限', 'Verification answered in the period within its limit', COLLECTOR),
  need_check_num: count('应核查数', 'To check', '期末前处置完成待核查、期初前未核查的案件', 'Handled and to be checked before the end of the period, not checked before it', COLLECTOR),
  check_num: count('核查数', 'Checked', '本期完成核查的案件', 'Cases whose check was finished in the period', COLLECTOR),
  intime_check_num: count('按期核查数', 'Checked in time', '本期完成核查、未超核查时限', 'Check finished in the period within its limit', COLLECTOR),
  rework_num: count('返工案件数', 'Cases reworked', '本期被返工的案件', 'Cases sent to rework in the period'),
  rework_times: count('返工次数', 'Reworks', '本期返工的次数', 'Number of times cases were sent to rework in the period', { isTimes: true }),
  back_num: count('回退案件数', 'Cases returned', '本期被部门回退的案件，计入首派部门', 'Cases returned by a department in the period, counted for the first department', { department: 'first' }),
  back_times: count('回退次数', 'Returns', '本期部门回退的次数', 'Number of times departments returned a case in the period', { department: 'first', isTimes: true }),
  cancel_num: count('作废数', 'Void', '本期作废的案件', 'Cases that became void in the period'),
  turn_num: count('转办案件数', 'Cases re-dispatched', '本期再次派遣的案件', 'Cases dispatched again in the period'),
  turn_times: count('转办次数', 'Re-dispatches', '本期再次派遣的次数', 'Number of times cases were dispatched again in the period', { isTimes: true }),
  patrol_deal_num: count('自行处置数', 'Handled by the collector', '本期上报、由监督员自行处置的案件', 'Cases reported in the period that the collector handled himself', COLLECTOR),
  public_report_num: count('公众举报数', 'Reported by the public', '本期由热线、市民端上报的案件', 'Cases reported in the period through the hotline or the citizens’ app'),
  valid_public_report_num: count('有效公众举报数', 'Validly reported by the public', '本期公众举报、之后立案的案件', 'Public reports of the period that were filed at any time since'),
  return_visit_num: count('回访数', 'Visited', '本期回访的案件（以最后一次为准）', 'Cases whose reporter was asked afterwards in the period (the last time counts)'),
  very_satisfied_num: count('非常满意数', 'Very satisfied', '本期回访、答复非常满意', 'Visited in the period, very satisfied'),
  satisfied_num: count('满意数', 'Satisfied', '本期回访、答复满意', 'Visited in the period, satisfied'),
  unsatisfied_num: count('不满意数', 'Unsatisfied', '本期回访、答复不满意', 'Visited in the period, unsatisfied'),
  content_num: count('满意与非常满意数', 'Satisfied or very satisfied', '非常满意 + 满意', 'Very satisfied + satisfied'),
  missed_num: count('漏报数', 'Missed', '本期检查发现、责任监督员未上报的问题', 'Problems found by inspection in the period that the collector in charge had not reported', COLLECTOR),
  missed_or_reported_num: count('漏报与上报数', 'Missed or reported', '漏报数 + 监督员上报数', 'Missed + reported by collectors', COLLECTOR),
  recurrence_num: count('重复发生数', 'Recurred', '本期结案后，在规定距离与天数内同类问题再次发生，或被重新提起的案件', 'Closed in the period and then reported again: same class within the set distance and days, or taken up again', LEADER),
  dispose_hours: count('处置用时', 'Hours of handling', '本期处置完成案件的计时时间之和（小时），按时限单位计：工作时只计工作时间，挂账不计', 'Timer hours of the cases handled in the period: working time for working units, without suspensions', { isTimes: true }),
} as const satisfies Record<string, CountDefinition>

export type CountKey = keyof typeof COUNTS
export const COUNT_KEYS = Object.keys(COUNTS) as CountKey[]

/** Whether a count means something for an object kind: areas and departments have all, posts those of their own work. */
export function isCountOf(key: CountKey, kind: ObjectKind): boolean {
  const definition: CountDefinition = COUNTS[key]
  return isPostless(kind) || (definition.posts?.includes(kind) ?? false)
}

function isPostless(kind: ObjectKind): kind is Exclude<ObjectKind, PostKind> {
  return kind === 'county' || kind === 'street' || kind === 'community' || kind === 'grid' || kind === 'department'
}
