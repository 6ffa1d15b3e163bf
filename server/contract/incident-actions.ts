/**
 * What somebody may do with a case now, and for everything else why not: the one function that the server enforces and the
 * console greys its buttons by. Pure.
 */
import { ACTION_LABELS, isEnded, type Label, REQUEST_KIND_LABELS, STATE_LABELS } from './incident-workflow.ts'
import { type IncidentAction, type IncidentState, type OwnPart, type RequestKind, type RequestStatus, type Transition, TRANSITIONS } from './incident-transitions.ts'
import { type AnyRole, type PostView, type PrincipalView, ROLE_LABELS } from './permissions.ts'

/** What the rules look at of a case. Ids of people and organisations are their public ids. */
export interface CaseSituation {
  cityKey: string
  state: IncidentState
  countyCode: string | null
  streetCode: string | null
  communityCode: string | null
  /** The department that has the case and those above it. */
  departmentPath: readonly string[]
  /** Who has the case, by name; null while it lies with a pool or a department. */
  holderId: string | null
  holder: string | null
  reporterId: string | null
  disposerId: string | null
  checkerId: string | null
  requests: readonly { kind: RequestKind; status: RequestStatus; askedById: string | null; endorsedById: string | null }[]
  /** Supervisions that nobody has replied to. */
  openSupervisions: number
  reworkCount: number
  hasFailedCheck: boolean
  /** Whether handling went, or goes, beyond its limit. */
  wasLate: boolean
  /** Until when the department may return it; null where nothing limits that. Milliseconds since 1970. */
  returnUntil: number | null
  filingRole: 'operator' | 'shift_leader'
  allowsPhotoCheck: boolean
}

export type Actor = Pick<PrincipalView, 'kind' | 'id'> & { posts: readonly Pick<PostView, 'role' | 'cityKey' | 'organisation' | 'areaCode'>[] }

/** What stands in the way: the table, who somebody is, or a rule about this case. */
export type Obstacle = 'state' | 'role' | 'area' | 'department' | 'holder' | 'own_work' | 'request' | 'rule'

export interface ActionChoice {
  action: IncidentAction
  allowed: boolean
  /** The state it leads to; the present one for a side step. */
  to: IncidentState
  /** Why it is not allowed; null when it is. */
  reason: Label | null
  obstacle: Obstacle | null
}

type Refusal = { obstacle: Obstacle; reason: Label }

const words = (roles: readonly AnyRole[]): Label => ({ zh: roles.map((role) => ROLE_LABELS[role].zh).join('、'), en: roles.map((role) => ROLE_LABELS[role].en.toLowerCase()).join(', ') })

function stateRefusal(action: IncidentAction, state: IncidentState, from: readonly IncidentState[]): Label {
  const name = ACTION_LABELS[action]
  if (isEnded(state)) return { zh: `案件已${STATE_LABELS[state].zh}，不能再“${name.zh}”`, en: `The incident has ended (${STATE_LABELS[state].en.toLowerCase()}); “${name.en}” is no longer possible` }
  return {
    zh: `“${name.zh}”只能在${from.map((key) => `“${STATE_LABELS[key].zh}”`).join('、')}时进行，现在是“${STATE_LABELS[state].zh}”`,
    en: `“${name.en}” is possible only when ${from.map((key) => `“${STATE_LABELS[key].en}”`).join(', ')}; it is now “${STATE_LABELS[state].en}”`,
  }
}

/** The roles an action is for in a city of this organisation. */
export function rolesFor(transition: Transition, filingRole: CaseSituation['filingRole']): readonly AnyRole[] {
  if (!transition.byFilingRole) return transition.roles
  return transition.roles.filter((role) => role === 'shift_leader' || role === filingRole)
}

const DEPARTMENT_ROLES: ReadonlySet<AnyRole> = new Set<AnyRole>(['department_manager', 'disposal_person'])

/** Whether a post's area holds the case; a case without a place lies in no area. */
export function isInArea(areaCode: string | null, areas: Pick<CaseSituation, 'countyCode' | 'streetCode' | 'communityCode'>): boolean {
  return areaCode === null || [areas.communityCode, areas.streetCode, areas.countyCode].some((code) => code?.startsWith(areaCode) === true)
}

function postRefusal(one: CaseSituation, transition: Transition, actor: Actor): Refusal | null {
  const roles = rolesFor(transition, one.filingRole)
  const name = ACTION_LABELS[transition.action]
  const mine = actor.posts.filter((post) => roles.includes(post.role) && (post.cityKey === null || post.cityKey === one.cityKey))
  if (mine.length === 0) {
    const who = words(roles)
    return { obstacle: 'role', reason: { zh: `“${name.zh}”由${who.zh}办理，须有相应岗位`, en: `“${name.en}” is done by: ${who.en}; it needs such a post` } }
  }
  const inArea = mine.filter((post) => isInArea(post.areaCode, one))
  if (inArea.length === 0) return { obstacle: 'area', reason: { zh: '案件不在本人责任区域内', en: 'The incident lies outside the area of the post' } }
  const inDepartment = inArea.filter((post) => !DEPARTMENT_ROLES.has(post.role) || (post.organisation !== null && one.departmentPath.includes(post.organisation.id)) || (one.holderId !== null && one.holderId === actor.id))
  // Whoever reported a case may take it back, whatever his department.
  if (inDepartment.length === 0 && transition.holder !== 'reporter') return { obstacle: 'department', reason: { zh: '案件不由本人所在部门处置', en: 'The incident is with another department' } }
  return null
}

function holderRefusal(one: CaseSituation, transition: Transition, actor: Actor): Refusal | null {
  const isOperator = actor.posts.some((post) => post.role === 'operator' && (post.cityKey === null || post.cityKey === one.cityKey))
  if (transition.holder === 'reporter' && one.reporterId !== actor.id && !(one.reporterId === null && isOperator)) {
    return { obstacle: 'holder', reason: { zh: '只有上报人可以办理', en: 'Only whoever reported it can do this' } }
  }
  if (transition.holder === 'holder' && one.holderId !== null && one.holderId !== actor.id && !(isOperator && transition.roles.includes('operator'))) {
    return { obstacle: 'holder', reason: { zh: `案件现由${one.holder ?? '他人'}办理`, en: `The incident is with ${one.holder ?? 'somebody else'}` } }
  }
  return null
}

const OWN: Record<OwnPart, Label> = {
  reporter: { zh: '上报人不能办理自己上报的案件', en: 'Whoever reported an incident leaves this to somebody else' },
  disposer: { zh: '处置人不能核查、确认或结办自己处置的案件', en: 'Whoever handled an incident leaves its judgement to somebody else' },
  checker: { zh: '核查人不能结办自己核查的案件', en: 'Whoever checked an incident leaves its closing to somebody else' },
}

function ownWorkRefusal(one: CaseSituation, transition: Transition, actor: Actor): Refusal | null {
  if (actor.id === null) return null
  const ids: Record<OwnPart, string | null> = { reporter: one.reporterId, disposer: one.disposerId, checker: one.checkerId }
  const part = transition.notBy?.find((name) => ids[name] === actor.id)
  return part ? { obstacle: 'own_work', reason: OWN[part] } : null
}

/** Kinds that are passed on by one before another decides. */
const ENDORSED: ReadonlySet<RequestKind> = new Set<RequestKind>(['extension', 'appeal'])

function requestRefusal(one: CaseSituation, transition: Transition, actor: Actor): Refusal | null {
  if (!transition.request) return null
  const { kind, does } = transition.request
  const label = REQUEST_KIND_LABELS[kind]
  const refuse = (zh: string, en: string): Refusal => ({ obstacle: 'request', reason: { zh, en } })
  const own = one.requests.filter((request) => request.kind === kind)
  const open = own.find((request) => request.status === 'asked' || request.status === 'endorsed')
  if (does === 'ask') {
    if (kind === 'appeal' && own.length > 0) return refuse('每件案件只能申诉一次', 'An incident can be appealed once')
    return open ? refuse(`${label.zh}已在申请中`, `A request (${label.en}) is open already`) : null
  }
  if (!open) return actor.kind === 'system' && does === 'approve' ? null : refuse(`没有待办理的${label.zh}申请`, `There is no open request (${label.en})`)
  if (actor.kind === 'system') return null
  if (actor.id !== null && open.askedById === actor.id) return refuse('本人提出的申请须由他人办理', 'Whoever asked leaves the decision to somebody else')
  if (does === 'endorse' && open.status === 'endorsed') return refuse('已转报，待批准', 'It has been passed on and awaits the decision')
  if (does === 'approve' && ENDORSED.has(kind)) {
    if (open.status === 'asked') return refuse('申请尚未由派遣员转报', 'The dispatcher has not passed the request on yet')
    if (actor.id !== null && open.endorsedById === actor.id) return refuse('转报人不能批准自己转报的申请', 'Whoever passed it on leaves the decision to somebody else')
  }
  return null
}

function ruleRefusal(one: CaseSituation, { action }: Transition, now: number): Refusal | null {
  const refuse = (zh: string, en: string): Refusal => ({ obstacle: 'rule', reason: { zh, en } })
  switch (action) {
    case 'return_to_dispatch':
      if (one.reworkCount > 0) return refuse('返工案件由原部门处置，不能回退', 'A reworked incident stays with its department')
      return one.returnUntil !== null && now > one.returnUntil ? refuse('已过回退时限', 'The time for returning it has passed') : null
    case 'claim':
      return one.state === 'disposing' && one.holderId !== null ? refuse(`已由${one.holder ?? '他人'}接单`, `It was taken on by ${one.holder ?? 'somebody else'}`) : null
    case 'request_extension':
      return one.wasLate ? refuse('已超时，不能再申请延期；结案后可申诉', 'It is overdue and cannot be extended; the overtime can be appealed after closing') : null
    case 'accept_on_evidence':
      if (one.hasFailedCheck) return refuse('上次核查未通过，须返工或再次核查', 'The last check failed: order a rework or send it to be checked again')
      return one.allowsPhotoCheck ? null : refuse('该小类须现场核查', 'Incidents of this class have to be checked on the spot')
    case 'reply_supervision':
      return one.openSupervisions === 0 ? refuse('没有待回复的督办', 'There is no supervision to reply to') : null
    case 'request_appeal':
      return one.wasLate ? null : refuse('处置未超时，无须申诉', 'Handling was within its limit: there is nothing to appeal')
    default:
      return null
  }
}

/** What stands between somebody and an action; null when nothing does. The program itself is bound by the case, not by posts. */
function refusalOf(one: CaseSituation, transition: Transition, actor: Actor, now: number): Refusal | null {
  if (!transition.from.includes(one.state)) return { obstacle: 'state', reason: stateRefusal(transition.action, one.state, transition.from) }
  const personal = actor.kind === 'system' ? null : (postRefusal(one, transition, actor) ?? holderRefusal(one, transition, actor) ?? ownWorkRefusal(one, transition, actor))
  return personal ?? requestRefusal(one, transition, actor) ?? ruleRefusal(one, transition, now)
}

/**
 * Every action with its answer for somebody at an instant, in the order of the standard sequence.
 * @param now milliseconds since 1970
 */
export function allowedActions(one: CaseSituation, actor: Actor, now: number): ActionChoice[] {
  return TRANSITIONS.map((transition) => {
    const refusal = refusalOf(one, transition, actor, now)
    return { action: transition.action, to: transition.to ?? one.state, allowed: refusal === null, reason: refusal?.reason ?? null, obstacle: refusal?.obstacle ?? null }
  })
}

/** States from which a case can be taken up again; what was merged or withdrawn has another case or nobody behind it. */
export const REOPENABLE_STATES = ['not_filed', 'closed', 'closed_special'] as const satisfies readonly IncidentState[]
const REOPENERS = ['operator', 'shift_leader'] as const satisfies readonly AnyRole[]

/** Why somebody cannot take a case up again as a new, linked one; null when he can. The server refuses with the same sentence. */
export function reopeningRefusal(one: { cityKey: string; state: IncidentState; reopenedAs: { reportNumber: string } | null }, actor: Actor): Refusal | null {
  if (actor.kind !== 'system' && !actor.posts.some((post) => (REOPENERS as readonly AnyRole[]).includes(post.role) && (post.cityKey === null || post.cityKey === one.cityKey))) {
    const who = words(REOPENERS)
    return { obstacle: 'role', reason: { zh: `“重新立项”由${who.zh}办理`, en: `Reopening is done by: ${who.en}` } }
  }
  if (!(REOPENABLE_STATES as readonly IncidentState[]).includes(one.state)) {
    const state = STATE_LABELS[one.state]
    return { obstacle: 'state', reason: { zh: `案件现为“${state.zh}”，只有已结束的案件可以重新立项`, en: `The incident is “${state.en}”; only an ended one can be reopened` } }
  }
  return one.reopenedAs ? { obstacle: 'rule', reason: { zh: `本案已重新立项为 ${one.reopenedAs.reportNumber}`, en: `It was taken up again as ${one.reopenedAs.reportNumber} before` } } : null
}
