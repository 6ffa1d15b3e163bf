/**
 * How a city's cases come and go, as the demo's simulator plays it; pure but for the dice it is given.
 * Rates and times are a plausible bureau's, invented for demonstration: they are no statistics of any city.
 */
import type { Random } from '../../data/city/random.ts'
import type { IncidentAction, IncidentSource, IncidentState } from '../contract/incidents.ts'

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
  pending_accept: [{ action: 'accept', weight: 78 }, { action: 'send_verify', weight: 15 }, { action: 'refuse', weight: 5 }, { action: 'withdraw', weight: 2 }],
  verifying: [{ action: 'verify_true', weight: 88 }, { action: 'verify_false', weight: 12 }],
  pending_filing: [{ action: 'file', weight: 96 }, { action: 'refuse', weight: 4 }],
  pending_dispatch: [{ action: 'dispatch', weight: 97 }, { action: 'return_to_filing', weight: 3 }],
  pending_dispose: [{ action: 'sign', weight: 95 }, { action: 'return_to_dispatch', weight: 5 }],
  disposing: [{ action: 'submit_result', weight: 94 }, { action: 'suspend', weight: 3 }, { action: 'refuse_assignment', weight: 3 }],
  suspended: [{ action: 'resume', weight: 1 }],
  disposed: [{ action: 'confirm', weight: 93 }, { action: 'send_back', weight: 7 }],
  pending_check: [{ action: 'send_check', weight: 85 }, { action: 'accept_on_evidence', weight: 12 }, { action: 'rework', weight: 3 }],
  checking: [{ action: 'check_passed', weight: 90 }, { action: 'rework', weight: 10 }],
  pending_close: [{ action: 'close', weight: 97 }, { action: 'close_special', weight: 3 }],
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

const COLLECTOR_ACTIONS: ReadonlySet<IncidentAction> = new Set<IncidentAction>(['verify_true', 'verify_false', 'check_passed', 'rework'])
const DEPARTMENT_ACTIONS: ReadonlySet<IncidentAction> = new Set<IncidentAction>(['sign', 'return_to_dispatch', 'refuse_assignment', 'submit_result', 'send_back', 'confirm', 'suspend', 'resume'])

/** Who does an action: invented people of the role the standard gives it to. */
export function pickActor(action: IncidentAction, department: string | null, random: Random): string {
  if (COLLECTOR_ACTIONS.has(action)) return `采集员 ${String(random.integer(1, 48)).padStart(2, '0')}`
  if (DEPARTMENT_ACTIONS.has(action)) return `${department ?? '处置部门'} ${random.integer(1, 9)} 号`
  if (action === 'dispatch' || action === 'return_to_filing') return `派遣员 ${random.integer(1, 6)}`
  if (action === 'close' || action === 'close_special') return `值班长 ${random.integer(1, 3)}`
  return `受理员 ${random.integer(1, 8)}`
}

const REASONS: Partial<Record<IncidentAction, readonly string[]>> = {
  verify_false: ['现场未发现该问题', '已自行清理'],
  refuse: ['不符合立案条件', '不在管理范围内', '信息不全，无法定位'],
  return_to_filing: ['非本单位职责，立案条件需更正'],
  return_to_dispatch: ['非本部门管养范围', '权属单位有误'],
  refuse_assignment: ['作业力量不足，请另行安排'],
  send_back: ['处置后照片不清晰', '清理不彻底'],
  rework: ['现场仍有残留', '未达到结案条件'],
  close_special: ['告知性结案：权属争议待协调'],
  suspend: ['等待配件', '雨天无法施工'],
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
