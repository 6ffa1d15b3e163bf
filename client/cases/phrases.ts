/** Sentences that officials write daily, offered beside the opinion; what is chosen can be changed. */
import type { IncidentAction } from '../../server/contract/incidents.ts'

type Phrase = { zh: string; en: string }

const PHRASES: Partial<Record<IncidentAction, readonly Phrase[]>> = {
  report_untrue: [{ zh: '经现场核实，未发现所述问题。', en: 'Looked at on the spot: the problem described was not found.' }],
  verify_false: [{ zh: '核实情况清楚，同意不属实结论。', en: 'The finding is clear; confirmed as untrue.' }],
  verify_unable: [{ zh: '位置描述不清，现场无法找到。', en: 'The place is described unclearly and could not be found.' }, { zh: '现场无法进入，不能核实。', en: 'The place could not be entered.' }],
  refuse: [{ zh: '不属于城市管理部件、事件范围。', en: 'Not within the parts and events of city management.' }, { zh: '与已受理案件重复。', en: 'The same as a case already accepted.' }],
  return_to_filing: [{ zh: '立案类别有误，请改正后重新派遣。', en: 'The class is wrong; correct it and send it again.' }, { zh: '案件描述不清，请补充。', en: 'The description is unclear; please add to it.' }],
  return_to_dispatch: [{ zh: '不属于本部门职责，请改派。', en: 'Not our duty; please dispatch to another department.' }, { zh: '权属单位为其他部门，请重新派遣。', en: 'It belongs to another owner; please dispatch again.' }],
  refuse_assignment: [{ zh: '现有任务冲突，请改派他人。', en: 'In conflict with present work; please assign somebody else.' }, { zh: '缺少所需设备，请改派。', en: 'The equipment needed is missing.' }],
  send_back: [{ zh: '照片不能反映处置结果，请补拍。', en: 'The photos do not show the result; take them again.' }, { zh: '处置不彻底，请继续处置。', en: 'Not handled completely; please go on.' }],
  rework: [{ zh: '核查未通过，请返工。', en: 'The check failed; please rework.' }, { zh: '问题反复，请彻底处置。', en: 'The problem came back; please handle it thoroughly.' }],
  check_failed: [{ zh: '现场问题仍在，未处置到位。', en: 'The problem is still there.' }, { zh: '处置后未清理现场。', en: 'The place was not cleaned up afterwards.' }],
  request_extension: [{ zh: '连日降雨，无法施工。', en: 'Rain for days: work is impossible.' }, { zh: '需采购专用配件，预计到货后完成。', en: 'Special parts have to be ordered.' }],
  request_suspension: [{ zh: '涉及规划改造，列入计划统一处置。', en: 'Part of a planned renewal.' }, { zh: '权属不清，待协调明确。', en: 'Ownership is unclear and has to be settled.' }],
  supervise: [{ zh: '请责任部门立即处置，并报告结果。', en: 'The department is to act at once and report.' }],
  urge: [{ zh: '时限将至，请抓紧办理。', en: 'The limit is near; please hurry.' }],
  reply_supervision: [{ zh: '已安排人员到场处置。', en: 'People are on their way.' }],
  request_appeal: [{ zh: '因不可抗力超时，附说明。', en: 'Overdue through force majeure; see the statement.' }],
  submit_result: [{ zh: '已处置完毕，现场清理干净。', en: 'Handled; the place is clean.' }, { zh: '设施已修复，恢复使用。', en: 'Repaired and in use again.' }],
  check_passed: [{ zh: '现场核查，问题已解决。', en: 'Checked on the spot: the problem is solved.' }],
  close: [{ zh: '处置到位，同意结案。', en: 'Handled properly; closed.' }],
  withdraw: [{ zh: '误报，撤回。', en: 'Reported by mistake.' }],
}

export function phrasesOf(action: IncidentAction): readonly Phrase[] {
  return PHRASES[action] ?? []
}
