/** The three tiers of the standard, and the posts beside them. Pure. */
import type { Persona } from '../../server/contract/accounts.ts'
import type { AnyRole } from '../../server/contract/permissions.ts'

export const TIERS = ['supervision', 'command', 'disposal', 'others'] as const
export type Tier = (typeof TIERS)[number]

const TIER_OF: Partial<Record<AnyRole, Tier>> = {
  collector: 'supervision', operator: 'supervision', shift_leader: 'supervision', checker: 'supervision', evaluator: 'supervision',
  dispatcher: 'command', leader: 'command',
  department_manager: 'disposal', disposal_person: 'disposal',
}

export function tierOf(role: AnyRole): Tier {
  return TIER_OF[role] ?? 'others'
}

/** Order of the work within a tier: as a case passes through it. */
const ORDER: readonly AnyRole[] = [
  'collector', 'operator', 'shift_leader', 'checker', 'evaluator', 'dispatcher', 'leader', 'department_manager', 'disposal_person', 'planner', 'grid_manager', 'viewer', 'display', 'auditor',
  'system_admin', 'security_admin', 'audit_admin',
]

export interface RoleGroup {
  role: AnyRole
  personas: Persona[]
}

/** Personas by role under their tier, in the order of the work; empty tiers are left out. */
export function groupByTier(personas: readonly Persona[]): { tier: Tier; roles: RoleGroup[] }[] {
  const byRole = new Map<AnyRole, Persona[]>()
  for (const one of personas) {
    const role = one.posts[0]?.role ?? 'viewer'
    byRole.set(role, [...(byRole.get(role) ?? []), one])
  }
  const groups = [...byRole].map(([role, held]) => ({ role, personas: held.sort((a, b) => a.login.localeCompare(b.login)) })).sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role))
  return TIERS.map((tier) => ({ tier, roles: groups.filter((group) => tierOf(group.role) === tier) })).filter((group) => group.roles.length > 0)
}
