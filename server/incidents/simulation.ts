/**
 * How a city's cases come and go, as the demo's simulator plays it; pure but for the dice it is given.
 * Rates and times are a plausible bureau's, invented for demonstration: they are no statistics of any city.
 */
import type { Random } from '../../data/city/random.ts'
import type { IncidentAction, IncidentSource, IncidentState, RequestKind, RequestStatus } from '../contract/incidents.ts'

/** Reports in an average day of the demo city: 12,000 in 60 days. */
export const REPORTS_PER_DAY = 200

/** Reports per hour of the local day against the daily mean: patrols from morning to evening, two peaks, a quiet night. */
const HOURS = [0.15, 0.1, 0.08, 0.08, 0.1, 0.3, 0.7, 1.4, 2.1, 2.2, 2.0, 1.6, 1.0, 1.2, 1.9, 2.0, 1.8, 1.6, 1.2, 0.9, 0.8, 0.6, 0.4, 0.25] as const
/** Monday to Sunday. */
const WEEKDAYS = [1.12, 1.08, 1.05, 1.05, 1.1, 0.85, 0.75] as const

/** Reports per second at an hour (0–23) of a weekday (1 = Monday). */
export function reportRate(hour: number, weekday: number): number {
  const total = HOURS.reduce<number>((sum, share) => sum + share, 0)
  return ((REPORTS_PER_DAY / 86_400) * ((HOURS[hour] ?? 1) * 24) * (WEEKDAYS[weekday - 1] ?? 1)) / total
}

/** How briskly cases are handled at an hour: a night shift of a quarter. */
export function handlingPace(hour: number): number {
  return hour >= 8 && hour < 19 ? 1 : hour >= 6 && hour < 22 ? 0.6 : 0.25
}

interface Choice {
  action: IncidentAction
  weight: number
}

/** What happens next to a case in each state that has not ended, and how often. */
const NEXT: Partial<Record<IncidentState, readonly Choice[]>> = {
  draft: [{ action: 'submit', weight: 1 }],
  pending_accept: [{ action: 'accept', weight: 73 }, { action: 'send_verify', weight: 15 }, { action: 'refuse', weight: 5 }, { action: 'handle_self', weight: 5 }, { action: 'withdraw', weight: 2 }],
  verifying: [{ action: 'verify_true', weight: 86 }, { action: 'report_untrue', weight: 12 }, { action: 'verify_unable', weight: 2 }],
  pending_filing: [{ action: 'file', weight: 96 }, { action: 'refuse', weight: 4 }],
  pending_dispatch: [{ action: 'dispatch', weight: 97 }, { action: 'return_to_filing', weight: 3 }],
  pending_dispose: [{ action: 'claim', weight: 50 }, { action: 'sign', weight: 45 }, { action: 'return_to_dispatch', weight: 5 }],
  disposing: [{ action: 'submit_result', weight: 89 }, { action: 'request_suspension', weight: 3 }, { action: 'request_extension', weight: 5 }, { action: 'refuse_assignment', weight: 3 }],
  suspended: [{ action: 'resume', weight: 1 }],
  disposed: [{ action: 'confirm', weight: 93 }, { action: 'send_back', weight: 7 }],
  pending_check: [{ action: 'send_check', weight: 85 }, { action: 'accept_on_evidence', weight: 12 }, { action: 'rework', weight: 3 }],
  checking: [{ action: 'check_passed', weight: 90 }, { action: 'check_failed', weight: 10 }],
  pending_close: [{ action: 'close', weight: 97 }, { action: 'request_special_close', weight: 3 }],
}

/** Most of what is asked for is granted. */
const GRANTED = 0.8
const DECISIONS: Partial<Record<RequestKind, { pass?: IncidentAction; grant: IncidentAction; refuse: IncidentAction }>> = {
  untrue: { grant: 'verify_false', refuse: 'verify_again' },
  suspension: { grant: 'suspend', refuse: 'refuse_suspension' },
  extension: { pass: 'endorse_extension', grant: 'extend', refuse: 'refuse_extension' },
  special_close: { grant: 'close_special', refuse: 'refuse_special_close' },
}

/** What becomes of a request that is open: passed on first where that is the way, then granted or refused. */
export function nextDecision(request: { kind: RequestKind; status: RequestStatus }, random: Random): IncidentAction | undefined {
  const decision = DECISIONS[request.kind]
  if (!decision) return undefined
  if (!random.chance(GRANTED)) return decision.refuse
  return request.status === 'asked' && decision.pass ? decision.pass : decision.grant
}

/** What the public and machines report is verified first far more often than what a collector saw with his own eyes. */
const SEEN_BY_COLLECTOR: ReadonlySet<IncidentSource> = new Set<IncidentSource>(['collector', 'enforcement'])

/** The next action on a case, or undefined where nothing more happens to it. */
export function nextAction(state: IncidentState, source: IncidentSource, random: Random): IncidentAction | undefined {
  const choices = NEXT[state]
  return choices && random.weighted(choices.map(({ action, weight }) => [action, action === 'send_verify' && !SEEN_BY_COLLECTOR.has(source) ? weight * 3 : weight] as const))
}

/** Median minutes a case stays in a state. */
const MINUTES: Partial<Record<IncidentState, number>> = {
  draft: 5, pending_accept: 6, verifying: 35, pending_filing: 8, pending_dispatch: 10, pending_dispose: 20, disposing: 150, suspended: 1440, disposed: 20, pending_check: 15, checking: 45, pending_close: 15,
}
/** Most are near the median, some take several times as long. */
const SPREAD = 0.7
/** Of the limit a department usually takes this share: with the spread, about one case in ten is late. */
const SHARE_OF_LIMIT = 0.4

/**
 * Minutes until a case leaves its state.
 * @param limitMinutes what is left of the limit of handling, where one runs: handling is paced by it.
 */
export function minutesInState(state: IncidentState, severity: 1 | 2 | 3, limitMinutes: number | null, random: Random): number {
  const usual = state === 'disposing' && limitMinutes !== null && limitMinutes > 0 ? limitMinutes * SHARE_OF_LIMIT : (MINUTES[state] ?? 30)
  const urgency = severity === 1 ? 0.5 : 1
  return Math.max(0.5, usual * urgency * Math.exp(random.normal(0, SPREAD)))
}

const SOURCES: readonly { source: IncidentSource; weight: number; reporters: readonly string[] }[] = [
  { source: 'collector', weight: 62, reporters: ['采集员 03', '采集员 08', '采集员 11', '采集员 17', '采集员 22', '采集员 29', '采集员 34', '采集员 41'] },
  { source: 'hotline_12345', weight: 13, reporters: ['12345 话务员 6', '12345 话务员 9'] },
  { source: 'citizen_app', weight: 11, reporters: ['市民（随手拍）'] },
  { source: 'video_ai', weight: 8, reporters: ['视频识别'] },
  { source: 'iot', weight: 3, reporters: ['监测平台'] },
  { source: 'enforcement', weight: 2, reporters: ['执法队员 5', '执法队员 12'] },
  { source: 'dept_transfer', weight: 1, reporters: ['部门转办'] },
]

export function pickReporter(random: Random): { source: IncidentSource; reportedBy: string } {
  const { source, reporters } = random.weighted(SOURCES.map((one) => [one, one.weight] as const))
  return { source, reportedBy: random.pick(reporters) }
}

const REASONS: Partial<Record<IncidentAction, readonly string[]>> = {
  report_untrue: ['现场未发现该问题', '已自行清理'],
  verify_false: ['核实结果属实，不予立案'],
  verify_again: ['照片位置不符，请再次核实'],
  verify_unable: ['大门紧闭，无法进入'],
  refuse: ['不符合立案条件', '不在管理范围内', '信息不全，无法定位'],
  return_to_filing: ['非本单位职责，立案条件需更正'],
  return_to_dispatch: ['非本部门管养范围', '权属单位有误'],
  refuse_assignment: ['作业力量不足，请另行安排'],
  send_back: ['处置后照片不清晰', '清理不彻底'],
  check_failed: ['现场仍有残留', '未达到结案条件'],
  rework: ['现场仍有残留', '未达到结案条件'],
  request_special_close: ['权属争议，待协调'],
  close_special: ['同意，转专项协调'],
  refuse_special_close: ['请继续处置'],
  request_suspension: ['等待配件', '雨天无法施工'],
  suspend: ['情况属实，同意挂账'],
  refuse_suspension: ['具备处置条件，不同意挂账'],
  request_extension: ['工程量较大', '需夜间施工'],
  refuse_extension: ['请按原时限完成'],
  withdraw: ['上报有误，撤回'],
}

export function pickReason(action: IncidentAction, random: Random): string | undefined {
  const reasons = REASONS[action]
  return reasons && random.pick(reasons)
}

/** By kind and large class; a city's own matrix of duties replaces it. */
const DEPARTMENTS: Record<string, string> = {
  'part:01': '市政公用中心', 'part:02': '道路养护中心', 'part:03': '环卫中心', 'part:04': '园林中心', 'part:05': '市政公用中心',
  'event:01': '环卫中心', 'event:02': '城管执法大队', 'event:03': '工地监管站', 'event:04': '城管执法大队', 'event:05': '应急抢修中心', 'event:06': '街道办事处',
}

/** Every department a case of the demo is given to. */
export const DEPARTMENT_NAMES: readonly string[] = [...new Set([...Object.values(DEPARTMENTS), '城市管理局'])]

/** The usual department of a class, by name. */
export function departmentOf(kind: 'part' | 'event', largeCode: string): string {
  return DEPARTMENTS[`${kind}:${largeCode}`] ?? '城市管理局'
}

/** How often each class is reported, for a city without any history to follow. */
export const USUAL_CLASSES: readonly { kind: 'part' | 'event'; code: string; weight: number }[] = [
  { kind: 'event', code: '0112', weight: 20 }, { kind: 'event', code: '0110', weight: 16 }, { kind: 'event', code: '0405', weight: 12 }, { kind: 'event', code: '0410', weight: 12 },
  { kind: 'event', code: '0201', weight: 10 }, { kind: 'event', code: '0136', weight: 8 }, { kind: 'event', code: '0401', weight: 7 }, { kind: 'event', code: '0113', weight: 4 },
  { kind: 'part', code: '0305', weight: 5 }, { kind: 'part', code: '0137', weight: 4 }, { kind: 'part', code: '0103', weight: 3 }, { kind: 'event', code: '0505', weight: 1 },
]

export function pickUsualClass(random: Random): { kind: 'part' | 'event'; code: string } {
  return random.weighted(USUAL_CLASSES.map((one) => [one, one.weight] as const))
}
