/** The life of one case, simulated step by step from its report until it ends or the present cuts it off. */
import type { IncidentAction, IncidentSource, IncidentState } from '../../server/contract/incidents.ts'
import { addLimit, defaultCalendar, type Limit, resumeLimit } from '../../server/incidents/clocks.ts'
import { personName } from './names.ts'
import type { Random } from './random.ts'
import type { FlowRow } from './rows.ts'

export interface CaseLife {
  state: IncidentState
  flow: FlowRow[]
  conditionOrdinal: number | null
  department: string | null
  holder: string | null
  filedAt: Date | null
  dueAt: Date | null
  disposedAt: Date | null
  endedAt: Date | null
}

export interface CaseStart {
  source: IncidentSource
  reportedBy: string
  reportedAt: Date
  department: string
  limit: Limit | null
  conditionOrdinal: number | null
}

const MINUTE = 60_000
const CALENDAR = defaultCalendar('Asia/Shanghai')
const MACHINE_OR_PUBLIC: ReadonlySet<IncidentSource> = new Set(['hotline_12345', 'citizen_app', 'video_ai', 'media', 'satellite'])

/** Answers the case as it stands at `until`. Every step is one of the contract's transitions. */
export function liveThrough(start: CaseStart, until: Date, random: Random): CaseLife {
  const life: CaseLife = { state: 'draft', flow: [], conditionOrdinal: null, department: null, holder: null, filedAt: null, dueAt: null, disposedAt: null, endedAt: null }
  let now = start.reportedAt
  let isCut = false
  const operator = `受理员${personName(random)}`
  const handler = `处置员${personName(random)}`
  const inspector = `监督员${personName(random)}`
  /** Takes a step at an instant, unless the present comes first. */
  const step = (action: IncidentAction, to: IncidentState, at: Date, actor: string, opinion: string | null = null): boolean => {
    if (isCut || at > until) {
      isCut = true
      return false
    }
    now = at
    life.flow.push({ action, from: life.flow.length === 0 ? null : life.state, to, actor, at: at.toISOString(), opinion })
    life.state = to
    life.holder = to === 'pending_dispose' || to === 'disposed' || to === 'suspended' ? life.department : to === 'disposing' || to === 'verifying' || to === 'checking' ? actor : null
    return true
  }
  const after = (low: number, high: number): Date => new Date(now.getTime() + Math.round(random.between(low, high) * MINUTE))
  const end = (): CaseLife => {
    if (!isCut) life.endedAt = now
    return life
  }

  step('submit', 'pending_accept', start.reportedAt, start.reportedBy)
  if (random.chance(0.018) && step('withdraw', 'void', after(4, 40), start.reportedBy, '上报有误，撤回')) return end()
  if (MACHINE_OR_PUBLIC.has(start.source) && random.chance(0.72)) {
    step('send_verify', 'verifying', after(2, 20), inspector)
    if (random.chance(0.14)) {
      step('verify_false', 'not_filed', after(25, 150), inspector, '现场核实未发现所述问题')
      return end()
    }
    step('verify_true', 'pending_filing', after(25, 150), inspector)
  } else step('accept', 'pending_filing', after(1, 16), operator)
  if (random.chance(0.03)) {
    step('refuse', 'not_filed', after(3, 35), operator, random.pick(['不在管理范围', '不符合立案条件', '信息不全，无法联系']))
    return end()
  }
  if (step('file', 'pending_dispatch', after(2, 26), operator)) {
    life.filedAt = now
    life.conditionOrdinal = start.conditionOrdinal
  }
  const dispatch = (): void => {
    if (isCut) return
    const at = after(2, 28)
    if (at <= until) life.department = start.department
    if (step('dispatch', 'pending_dispose', at, `派遣员${personName(random)}`)) life.dueAt = start.limit ? addLimit(now, start.limit, CALENDAR) : null
  }
  dispatch()
  if (random.chance(0.035) && step('return_to_dispatch', 'pending_dispatch', after(15, 100), start.department, '不属本单位职责范围')) dispatch()
  const attempts = random.chance(0.05) ? 2 : 1
  for (let attempt = 1; attempt <= attempts && !isCut; attempt++) {
    handle(life, start, random, () => now, after, step, handler)
    if (!step('confirm', 'pending_check', after(3, 30), start.department)) break
    life.disposedAt = now
    step('send_check', 'checking', after(4, 45), inspector)
    if (attempt < attempts && step('rework', 'pending_dispose', after(20, 160), inspector, '现场核查未达到结案条件')) {
      life.disposedAt = null
      life.dueAt = start.limit ? addLimit(now, start.limit, CALENDAR) : null
      continue
    }
    step('check_passed', 'pending_close', after(20, 190), inspector)
  }
  step('close', 'closed', after(4, 55), `值班长${personName(random)}`)
  return end()
}

type Step = (action: IncidentAction, to: IncidentState, at: Date, actor: string, opinion?: string | null) => boolean

/** From signing to the submitted result: nine in ten within the limit, a few long past it, a few suspended meanwhile. */
function handle(life: CaseLife, start: CaseStart, random: Random, now: () => Date, after: (low: number, high: number) => Date, step: Step, handler: string): void {
  step('sign', 'disposing', after(4, 50), handler)
  if (start.limit && start.limit.unit === 'work_day' && random.chance(0.03) && life.dueAt && step('suspend', 'suspended', after(60, 900), start.department, '需协调管线单位，申请挂账')) {
    const paused = now()
    if (step('resume', 'disposing', after(1440, 8600), start.department)) life.dueAt = resumeLimit(life.dueAt, paused, now(), start.limit.unit, CALENDAR)
  }
  const span = life.dueAt ? Math.max(30 * MINUTE, life.dueAt.getTime() - now().getTime()) : 6 * 60 * MINUTE
  const share = random.chance(0.91) ? random.between(0.12, 0.9) : random.between(1.05, 2.6)
  step('submit_result', 'disposed', new Date(now().getTime() + Math.round(span * share)), handler)
}
