/** Which steps can be taken on many cases at once. Pure. */
import { type IncidentAction, type IncidentState, type Need, transitionOf, TRANSITIONS } from '../../server/contract/incidents.ts'
import type { AnyRole } from '../../server/contract/permissions.ts'

/** What can be said once for all; whatever belongs to each case by itself cannot. */
const COMMON_NEEDS: readonly Need[] = ['opinion', 'supervision_kind', 'department']

/**
 * Steps that every state among the chosen allows and one of the roles may take; what moves on before what sends back.
 * Which of the cases are really this person's is for the server to say, case by case.
 */
export function bulkActions(states: readonly IncidentState[], roles: ReadonlySet<AnyRole>): IncidentAction[] {
  if (states.length === 0) return []
  return TRANSITIONS.filter((row) => row.request === undefined && row.needs.every((need) => COMMON_NEEDS.includes(need)) && row.roles.some((role) => roles.has(role)) && states.every((state) => row.from.includes(state)) && row.action !== 'withdraw' && row.action !== 'reply_supervision')
    .sort((a, b) => Number(a.to === null) - Number(b.to === null) || Number(a.operation !== 'forward') - Number(b.operation !== 'forward'))
    .map((row) => row.action)
}

export const needsOpinion = (action: IncidentAction): boolean => transitionOf(action).needs.includes('opinion')
export const needsDepartment = (action: IncidentAction): boolean => transitionOf(action).needs.includes('department')
