/**
 * The queues of the workbench, one per kind of work: which cases are in it, whose work it is, in which order they are worked.
 * A queue is one more condition of the filter, so that rail, list, map and file hold the same cases.
 *
 * Terminology
 * - returned 退回: the step that brought the case where it is was a return or a rework.
 * - supervised 督办: somebody or a rule pressed, and nobody has replied yet.
 * - mine 我的: the case lies with the caller by name.
 */
import { z } from 'zod'
import type { IncidentState } from './incident-transitions.ts'
import type { AnyRole, Role } from './permissions.ts'

export const QueueKey = z.enum([
  'mine', 'pending_accept', 'verifying', 'pending_filing', 'pending_dispatch', 'pending_dispose', 'disposing', 'pending_confirm', 'pending_check', 'checking', 'pending_close',
  'suspended', 'supervised', 'returned',
])
export type QueueKey = z.infer<typeof QueueKey>

/** What a queue holds, beside being open: all of what is given. */
export interface QueueContent {
  states?: readonly IncidentState[]
  mine?: true
  supervised?: true
  returned?: true
}

export interface Queue {
  labelZh: string
  labelEn: string
  content: QueueContent
  /** Whose work it is; everybody may look. */
  roles: readonly Role[]
  /** The order in which its cases are worked. */
  sort: 'reported' | 'due' | 'severity'
}

const CENTRE = ['operator', 'shift_leader', 'dispatcher'] as const satisfies readonly Role[]
const DEPARTMENT = ['department_manager', 'disposal_person'] as const satisfies readonly Role[]

/** In the order of the rail: one's own first, then along the life of a case, then what crosses it. */
export const QUEUES = {
  mine: { labelZh: '我的案件', labelEn: 'Mine', content: { mine: true }, roles: [...CENTRE, ...DEPARTMENT, 'collector', 'checker', 'leader'], sort: 'due' },
  pending_accept: { labelZh: '待受理', labelEn: 'To accept', content: { states: ['pending_accept'] }, roles: ['operator', 'shift_leader'], sort: 'severity' },
  verifying: { labelZh: '核实中', labelEn: 'Being verified', content: { states: ['verifying'] }, roles: ['collector', 'operator', 'shift_leader'], sort: 'severity' },
  pending_filing: { labelZh: '待立案', labelEn: 'To file', content: { states: ['pending_filing'] }, roles: ['shift_leader', 'operator'], sort: 'severity' },
  pending_dispatch: { labelZh: '待派遣', labelEn: 'To dispatch', content: { states: ['pending_dispatch'] }, roles: ['dispatcher'], sort: 'severity' },
  pending_dispose: { labelZh: '待处置', labelEn: 'To handle', content: { states: ['pending_dispose'] }, roles: DEPARTMENT, sort: 'due' },
  disposing: { labelZh: '处置中', labelEn: 'Being handled', content: { states: ['disposing'] }, roles: DEPARTMENT, sort: 'due' },
  pending_confirm: { labelZh: '待部门确认', labelEn: 'To confirm', content: { states: ['disposed'] }, roles: ['department_manager'], sort: 'due' },
  pending_check: { labelZh: '待核查', labelEn: 'To check', content: { states: ['pending_check'] }, roles: ['operator', 'shift_leader'], sort: 'severity' },
  checking: { labelZh: '核查中', labelEn: 'Being checked', content: { states: ['checking'] }, roles: ['checker', 'collector', 'operator'], sort: 'severity' },
  pending_close: { labelZh: '待结案', labelEn: 'To close', content: { states: ['pending_close'] }, roles: ['shift_leader', 'operator'], sort: 'reported' },
  suspended: { labelZh: '挂账', labelEn: 'Suspended', content: { states: ['suspended'] }, roles: ['dispatcher', 'department_manager', 'leader'], sort: 'due' },
  supervised: { labelZh: '督办', labelEn: 'Supervised', content: { supervised: true }, roles: [...CENTRE, ...DEPARTMENT, 'leader'], sort: 'due' },
  returned: { labelZh: '退回', labelEn: 'Returned', content: { returned: true }, roles: [...CENTRE, ...DEPARTMENT], sort: 'due' },
} as const satisfies Record<QueueKey, Queue>

/** The queues that are somebody's work, in the order of the rail; all of them for who looks on. */
export function queuesFor(roles: ReadonlySet<AnyRole>): QueueKey[] {
  const own = QueueKey.options.filter((key) => (QUEUES[key].roles as readonly AnyRole[]).some((role) => roles.has(role)))
  return own.length > 0 ? own : QueueKey.options.filter((key) => key !== 'mine')
}
