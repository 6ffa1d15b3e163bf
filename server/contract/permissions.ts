/**
 * Who may do what: one table, read by the server (which refuses) and by the console (which greys a button and says why).
 *
 * Terminology
 * - role 角色: what a post entitles to; post 岗位: a role held by an account in a city, for an organisation, within an area.
 * - scope: which rows a grant reaches: the whole city, the post's area, the post's organisation and those below it, or one's own.
 * - principal: whoever makes a request: a person, a service, a screen, the operator of a console without accounts, or nobody yet.
 */
import { z } from 'zod'

export const Role = z.enum([
  'collector', 'operator', 'shift_leader', 'dispatcher', 'department_manager', 'disposal_person', 'checker', 'leader', 'evaluator',
  'planner', 'grid_manager', 'viewer', 'display', 'intake_service', 'monitoring_service', 'auditor', 'system_admin', 'security_admin', 'audit_admin',
])
export type Role = z.infer<typeof Role>

/** Held by nobody's post: whoever sits at a console that has no accounts yet, and the program itself (command line, jobs). */
export const BuiltInRole = z.enum(['local_operator', 'system'])
export type BuiltInRole = z.infer<typeof BuiltInRole>
export type AnyRole = Role | BuiltInRole

export const ROLE_LABELS = {
  collector: { zh: '监督员', en: 'Collector' },
  operator: { zh: '受理员', en: 'Operator' },
  shift_leader: { zh: '值班长', en: 'Shift leader' },
  dispatcher: { zh: '派遣员', en: 'Dispatcher' },
  department_manager: { zh: '部门管理员', en: 'Department manager' },
  disposal_person: { zh: '处置人员', en: 'Disposal person' },
  checker: { zh: '核查员', en: 'Checker' },
  leader: { zh: '领导', en: 'Bureau leader' },
  evaluator: { zh: '考核员', en: 'Evaluator' },
  planner: { zh: '规划人员', en: 'Planner' },
  grid_manager: { zh: '网格管理员', en: 'Grid manager' },
  viewer: { zh: '查看者', en: 'Viewer' },
  display: { zh: '大屏', en: 'Display' },
  intake_service: { zh: '接入服务', en: 'Intake service' },
  monitoring_service: { zh: '监控服务', en: 'Monitoring service' },
  auditor: { zh: '审计员', en: 'Auditor' },
  system_admin: { zh: '系统管理员', en: 'System administrator' },
  security_admin: { zh: '安全管理员', en: 'Security administrator' },
  audit_admin: { zh: '审计管理员', en: 'Audit administrator' },
  local_operator: { zh: '本机操作者', en: 'Local operator' },
  system: { zh: '系统', en: 'System' },
} as const satisfies Record<AnyRole, { zh: string; en: string }>

/** Roles whose holders must confirm a second factor (TOTP) before they can act. */
export const PRIVILEGED_ROLES = ['auditor', 'system_admin', 'security_admin', 'audit_admin', 'leader'] as const satisfies readonly Role[]

/** Whoever holds one of these holds nothing else: the three administrators and the auditor watch each other. */
export const ROLES_KEPT_APART = ['system_admin', 'security_admin', 'audit_admin', 'auditor'] as const satisfies readonly Role[]
/** Posts that are never for one city. */
export const ROLES_OF_NO_CITY = ['system_admin', 'security_admin', 'audit_admin', 'monitoring_service'] as const satisfies readonly Role[]
/** Posts that can be for every city at once; every other is for one. */
export const ROLES_OF_EVERY_CITY = [...ROLES_OF_NO_CITY, 'auditor'] as const satisfies readonly Role[]
/** Posts that say of which organisation: their reach is its. */
export const ROLES_OF_AN_ORGANISATION = ['department_manager', 'disposal_person'] as const satisfies readonly Role[]

const SERVICE_ROLES: readonly Role[] = ['intake_service', 'monitoring_service']
/** Roles each kind of account can hold. */
export const KIND_ROLES: Record<'person' | 'service' | 'display', readonly Role[]> = {
  person: Role.options.filter((role) => role !== 'display' && !SERVICE_ROLES.includes(role)),
  service: SERVICE_ROLES,
  display: ['display'],
}

export type Scope = 'city' | 'area' | 'department' | 'own'

export const Permission = z.enum([
  'city.read', 'incidents.read', 'incidents.report', 'incidents.act', 'incidents.evidence', 'incidents.export', 'incidents.reveal',
  'coverage.read', 'coverage.run', 'coverage.rules', 'imports.read', 'imports.run', 'simulator.control',
  'reference.read', 'reference.edit', 'dispatch.read', 'dispatch.rules', 'evaluation.read', 'evaluation.publish',
  'people.read', 'accounts.edit', 'posts.grant', 'sessions.revoke', 'tokens.edit', 'audit.read', 'audit.verify', 'metrics.read',
])
export type Permission = z.infer<typeof Permission>

/** What an endpoint asks of its caller: nothing; a session, even one that still owes a second factor or a new password; that it is somebody; or a permission. */
export type Access = 'public' | 'session' | 'signed_in' | Permission

type Grants = Partial<Record<AnyRole, Scope>>
const everyone = (roles: readonly AnyRole[], scope: Scope): Grants => Object.fromEntries(roles.map((role) => [role, scope]))

const CENTRE: readonly Role[] = ['operator', 'shift_leader', 'dispatcher', 'leader', 'evaluator']
const BUILT_IN: readonly AnyRole[] = ['local_operator', 'system']
/** Everybody whose work is the city; administrators have no business data, so that one stolen account is not everything. */
const BUSINESS: readonly Role[] = [...CENTRE, 'collector', 'checker', 'department_manager', 'disposal_person', 'planner', 'grid_manager', 'viewer', 'display']

/** The one table (started from the roles of the standard sequence; a city's own deviations come as posts, not as edits here). */
export const GRANTS: Record<Permission, Grants> = {
  'city.read': { ...everyone([...BUSINESS, ...BUILT_IN, 'auditor', 'intake_service'], 'city') },
  'incidents.read': {
    ...everyone([...CENTRE, ...BUILT_IN, 'viewer', 'display', 'planner', 'auditor'], 'city'),
    collector: 'area', checker: 'area', grid_manager: 'area', department_manager: 'department', disposal_person: 'department',
  },
  'incidents.report': { ...everyone([...BUILT_IN, 'operator', 'shift_leader', 'leader', 'intake_service'], 'city'), collector: 'area', checker: 'area', grid_manager: 'area', department_manager: 'city', disposal_person: 'city' },
  /** Which action of the life of a case is whose is in TRANSITIONS; this only lets a caller to that door. */
  'incidents.act': { ...everyone(['operator', 'shift_leader', 'dispatcher', 'leader', 'intake_service', 'system'], 'city'), collector: 'area', checker: 'area', grid_manager: 'area', department_manager: 'department', disposal_person: 'department' },
  /** Adding a photo: whoever reports or works on cases. */
  'incidents.evidence': { ...everyone([...BUILT_IN, 'operator', 'shift_leader', 'dispatcher', 'leader'], 'city'), intake_service: 'own', collector: 'area', checker: 'area', grid_manager: 'area', department_manager: 'department', disposal_person: 'department' },
  'incidents.export': { ...everyone([...CENTRE, ...BUILT_IN], 'city'), department_manager: 'department', grid_manager: 'area', planner: 'city' },
  'incidents.reveal': { ...everyone(['operator', 'shift_leader', 'leader', 'system'], 'city') },
  'coverage.read': { ...everyone([...CENTRE, ...BUILT_IN, 'planner', 'grid_manager', 'viewer', 'display'], 'city') },
  'coverage.run': { ...everyone([...BUILT_IN, 'planner', 'leader', 'grid_manager'], 'city') },
  'coverage.rules': { ...everyone([...BUILT_IN, 'planner'], 'city') },
  'imports.read': { ...everyone([...BUILT_IN, 'planner', 'grid_manager', 'system_admin', 'auditor'], 'city') },
  'imports.run': { ...everyone([...BUILT_IN, 'planner', 'grid_manager'], 'city') },
  'simulator.control': { ...everyone([...BUSINESS.filter((role) => role !== 'display'), ...BUILT_IN], 'city') },
  'reference.read': { ...everyone([...BUSINESS, ...BUILT_IN, 'auditor', 'system_admin', 'intake_service'], 'city') },
  'reference.edit': { ...everyone(['system_admin', 'shift_leader', 'system'], 'city') },
  'dispatch.read': { ...everyone([...CENTRE, ...BUILT_IN, 'auditor', 'grid_manager'], 'city'), department_manager: 'department' },
  'dispatch.rules': { ...everyone(['dispatcher', 'leader', 'system'], 'city') },
  'evaluation.read': { ...everyone([...CENTRE, ...BUILT_IN, 'viewer', 'display', 'planner', 'grid_manager', 'auditor'], 'city'), department_manager: 'city' },
  'evaluation.publish': { ...everyone(['evaluator', 'system'], 'city') },
  'people.read': { ...everyone([...CENTRE, ...BUILT_IN, 'system_admin', 'security_admin', 'auditor'], 'city'), department_manager: 'department' },
  'accounts.edit': { ...everyone(['system_admin', 'system'], 'city') },
  'posts.grant': { ...everyone(['security_admin', 'system'], 'city') },
  'sessions.revoke': { ...everyone(['security_admin', 'system'], 'city') },
  'tokens.edit': { ...everyone(['security_admin', 'system'], 'city') },
  'audit.read': { ...everyone(['auditor', 'audit_admin', 'system'], 'city') },
  'audit.verify': { ...everyone(['auditor', 'audit_admin', 'system'], 'city') },
  /** Figures of the running program, none of the city's. */
  'metrics.read': { ...everyone(['system_admin', 'monitoring_service', ...BUILT_IN], 'city') },
}

export const PostView = z.object({
  id: z.string(),
  role: z.union([Role, BuiltInRole]),
  /** Null: every city. */
  cityKey: z.string().nullable(),
  organisation: z.object({ id: z.string(), code: z.string(), nameZh: z.string(), nameEn: z.string() }).nullable(),
  /** Leading digits of the administrative codes the post is for; null: the whole city. */
  areaCode: z.string().nullable(),
})
export type PostView = z.infer<typeof PostView>

export const PrincipalKind = z.enum(['person', 'service', 'display', 'local', 'system', 'visitor'])

/** Whoever makes a request, as the console is told of itself. */
export const PrincipalView = z.object({
  kind: PrincipalKind,
  id: z.string().nullable(),
  login: z.string().nullable(),
  name: z.string(),
  posts: z.array(PostView),
  /** A person whose role asks for a second factor and who has not given it can only set it up. */
  needsSecondFactor: z.boolean(),
  /** A person with a password given by somebody else can only change it. */
  mustChangePassword: z.boolean(),
})
export type PrincipalView = z.infer<typeof PrincipalView>

interface Holder {
  posts: readonly Pick<PostView, 'role' | 'cityKey'>[]
}

export interface Grant<Post> {
  scope: Scope
  post: Post
}

/** Every grant of a permission that somebody's posts carry in a city (in any city when none is named). */
export function grantsOf<Post extends Pick<PostView, 'role' | 'cityKey'>>(holder: { posts: readonly Post[] }, permission: Permission, cityKey?: string): Grant<Post>[] {
  return holder.posts.flatMap((post) => {
    const scope = GRANTS[permission][post.role]
    return scope !== undefined && (cityKey === undefined || post.cityKey === null || post.cityKey === cityKey) ? [{ scope, post }] : []
  })
}

/** Whether somebody holds a permission in a city, for some rows at least. */
export function may(holder: Holder, permission: Permission, cityKey?: string): boolean {
  return grantsOf(holder, permission, cityKey).length > 0
}

/** Roles somebody holds in a city. */
export function rolesIn(holder: Holder, cityKey: string): Set<AnyRole> {
  return new Set(holder.posts.filter((post) => post.cityKey === null || post.cityKey === cityKey).map((post) => post.role))
}

/** Why somebody may not: which roles could. */
export function permissionRefusal(permission: Permission): { zh: string; en: string } {
  const roles = Role.options.filter((role) => GRANTS[permission][role] !== undefined)
  return {
    zh: `您的岗位没有此权限；可由${roles.map((role) => ROLE_LABELS[role].zh).join('、')}办理`,
    en: `Your posts do not include this; it can be done by: ${roles.map((role) => ROLE_LABELS[role].en.toLowerCase()).join(', ')}`,
  }
}
