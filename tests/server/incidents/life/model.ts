/** What a case is and what becomes of it, kept by the test itself from the table of the standard sequence. Instants are milliseconds. */
import type { Limit } from './calendar.ts'
import { type Clock, isOver, moveClocks, type ClockSettings } from './clocks.ts'
import { askedIn, ENDS, LIFE, NEXT, type Part, STAGE, type Step } from './table.ts'

export interface Body {
  id: string
  number: number
  above: Body | null
}

export interface Person {
  id: string
  number: number
  name: string
  posts: readonly { role: string; areaCode: string | null; body: Body | null }[]
}

/** Nobody in person: the program itself. */
export const PROGRAM: Person = { id: '', number: 0, name: '系统', posts: [{ role: 'system', areaCode: null, body: null }] }

export interface CaseRequest {
  kind: string
  status: 'asked' | 'endorsed' | 'approved' | 'refused' | 'withdrawn'
  asker: Person
  endorser: Person | null
  newDueAt: number | null
  specialKind: string | null
}

export interface FlowRow {
  action: string
  from: string | null
  to: string
  actor: Person
  at: number
  stage: string | null
  spent: number | null
  wasOverdue: boolean | null
}

/** What taking a step back restores. */
interface Kept {
  state: string
  stateSince: number
  holder: Person | null
  department: Body | null
  disposer: Person | null
  checker: Person | null
  dueAt: number | null
  disposedAt: number | null
  hasFailedCheck: boolean
  classKey: string
}

export interface Case extends Kept {
  id: string
  version: number
  street: string
  source: string
  reporter: Person | null
  limit: Limit | null
  flow: FlowRow[]
  requests: CaseRequest[]
  clocks: Clock[]
  openSupervisions: number
  supervisionCount: number
  hasClockSpoken: boolean
  reworkCount: number
  returnCount: number
  filedAt: number | null
  endedAt: number | null
  isSelfHandled: boolean
  isExempt: boolean
  specialKind: string | null
  refusalReason: string | null
  master: Case | null
  merged: number
  reopenedFrom: Case | null
  reopenedAs: Case | null
  photos: number
}

/** How a city of the test organises the flow. */
export interface Rules extends ClockSettings {
  filingRole: 'operator' | 'shift_leader'
  requiresPhotos: boolean
  allowsPhotoCheck: boolean
}

const ACTING = new Set(['operator', 'shift_leader', 'dispatcher', 'leader', 'collector', 'checker', 'grid_manager', 'department_manager', 'disposal_person'])
const SEES_ALL = new Set(['operator', 'shift_leader', 'dispatcher', 'leader', 'evaluator', 'viewer', 'planner'])
const SEES_AREA = new Set(['collector', 'checker', 'grid_manager'])
const DEPARTMENT = new Set(['department_manager', 'disposal_person'])

const lineage = (body: Body | null): Body[] => (body === null ? [] : [body, ...lineage(body.above)])
const isInArea = (areaCode: string | null, one: Case): boolean => areaCode === null || one.street.startsWith(areaCode)

export function sees(one: Case, who: Person): boolean {
  if (who === PROGRAM || [one.holder, one.reporter, one.disposer, one.checker].includes(who)) return true
  return who.posts.some(({ role, areaCode, body }) => SEES_ALL.has(role) || (SEES_AREA.has(role) && isInArea(areaCode, one)) || (DEPARTMENT.has(role) && body !== null && lineage(one.department).includes(body)))
}

export const mayAct = (who: Person): boolean => who.posts.some(({ role }) => ACTING.has(role))
const holds = (who: Person, role: string): boolean => who.posts.some((post) => post.role === role)

function rolesOf(action: string, step: Step, rules: Rules): readonly string[] {
  return (action === 'file' || action === 'close') && rules.filingRole === 'shift_leader' ? ['shift_leader'] : step.roles
}

/** Whether an action is somebody's to do on this case, whatever its state. */
function isHis(one: Case, action: string, who: Person, rules: Rules): boolean {
  const step = LIFE[action]!
  const posts = who.posts.filter(({ role, areaCode }) => rolesOf(action, step, rules).includes(role) && isInArea(areaCode, one))
  const isWithin = posts.some(({ role, body }) => !DEPARTMENT.has(role) || (body !== null && lineage(one.department).includes(body)) || one.holder === who)
  if (posts.length === 0 || (!isWithin && step.who !== 'reporter')) return false
  if (step.who === 'reporter' && one.reporter !== who && !(one.reporter === null && holds(who, 'operator'))) return false
  if (step.who === 'holder' && one.holder !== null && one.holder !== who && !(step.roles.includes('operator') && holds(who, 'operator'))) return false
  return !step.not.some((part: Part) => one[part] === who)
}

/** Whether handling went, or goes, beyond its limit. */
export function isLate(one: Case, at: number): boolean {
  if (one.flow.some(({ stage, wasOverdue }) => stage === 'dispose' && wasOverdue === true)) return true
  if (one.disposedAt !== null && one.dueAt !== null && one.disposedAt > one.dueAt) return true
  return ['pending_dispose', 'disposing', 'disposed'].includes(one.state) && one.dueAt !== null && one.dueAt < at
}

export const openRequest = (one: Case, kind: string): CaseRequest | undefined => one.requests.find((request) => request.kind === kind && (request.status === 'asked' || request.status === 'endorsed'))
const isPassedOn = (kind: string): boolean => kind === 'extension' || kind === 'appeal'

/** Whether the requests of a case stand against a step. */
function isOutOfTurn(one: Case, step: Step, who: Person): boolean {
  if (step.asks) return openRequest(one, step.asks) !== undefined || (step.asks === 'appeal' && one.requests.some(({ kind }) => kind === 'appeal'))
  const kind = step.passesOn ?? step.grants ?? step.denies
  if (kind === undefined) return false
  const open = openRequest(one, kind)
  if (!open || open.asker === who) return true
  if (step.passesOn) return open.status === 'endorsed'
  return step.grants !== undefined && isPassedOn(kind) && (open.status === 'asked' || open.endorser === who)
}

/** Whether something else about the case stands against an action. */
function isAgainstRules(one: Case, action: string, at: number, rules: Rules): boolean {
  const window = one.clocks.filter(({ stage }) => stage === 'return_window').at(-1)
  switch (action) {
    case 'return_to_dispatch':
      return one.reworkCount > 0 || (window?.dueAt !== undefined && window.dueAt !== null && at > window.dueAt)
    case 'claim':
      return one.state === 'disposing' && one.holder !== null
    case 'request_extension':
      return isLate(one, at)
    case 'request_appeal':
      return !isLate(one, at)
    case 'accept_on_evidence':
      return one.hasFailedCheck || !rules.allowsPhotoCheck
    case 'reply_supervision':
      return one.openSupervisions === 0
    default:
      return false
  }
}

export type Refusal = 'forbidden' | 'not_found' | 'stale' | 'illegal_transition' | 'bad_request'
export const STATUS: Record<Refusal, number> = { forbidden: 403, not_found: 404, stale: 409, illegal_transition: 409, bad_request: 400 }

/** What is answered to somebody who wants to do an action on the case as it stands, everything needed brought along; null when it is done. */
export function refusalOf(one: Case, action: string, who: Person, at: number, rules: Rules): Refusal | null {
  if (!mayAct(who)) return 'forbidden'
  if (!sees(one, who)) return 'not_found'
  const step = LIFE[action]!
  if (!step.from.includes(one.state)) return 'illegal_transition'
  if (!isHis(one, action, who, rules)) return 'forbidden'
  return isOutOfTurn(one, step, who) || isAgainstRules(one, action, at, rules) ? 'illegal_transition' : null
}

/** Whether a case could be handed to somebody with a step. Contractors work for the bodies above theirs. */
export function canReceive(one: Case, action: string, who: Person, rules: Rules): boolean {
  const next = NEXT[action]!
  const isContractor = who.posts.some(({ body }) => lineage(body).some((above) => lineage(one.department).includes(above)))
  const then: Case = { ...one, holder: isContractor && LIFE[next]!.roles.includes('disposal_person') ? who : null }
  return isHis(then, next, who, rules)
}

export interface Brought {
  receiver: Person | null
  department: Body | null
  classKey: string | null
  limit: Limit | null
  master: Case | null
  newDueAt: number | null
  specialKind: string | null
  refusalReason: string | null
  photos: number
}

const keep = ({ state, stateSince, holder, department, disposer, checker, dueAt, disposedAt, hasFailedCheck, classKey }: Case): Kept => ({ state, stateSince, holder, department, disposer, checker, dueAt, disposedAt, hasFailedCheck, classKey })

/** A case before a step that may be taken back. */
export interface Before {
  kept: Kept
  clocks: Clock[]
  version: number
}
export const before = (one: Case): Before => ({ kept: keep(one), clocks: one.clocks, version: one.version + 1 })

function decideRequests(one: Case, step: Step, who: Person, brought: Brought): void {
  const kind = step.passesOn ?? step.grants ?? step.denies
  const open = kind === undefined ? undefined : openRequest(one, kind)
  if (step.asks) one.requests.push({ kind: step.asks, status: 'asked', asker: who, endorser: null, newDueAt: step.asks === 'extension' ? brought.newDueAt : null, specialKind: brought.specialKind })
  else if (open && step.passesOn) Object.assign(open, { status: 'endorsed', endorser: who })
  else if (open) open.status = step.grants ? 'approved' : 'refused'
}

/** Who has the case afterwards. */
function holderAfter(one: Case, action: string, who: Person, { receiver }: Brought): Person | null {
  if (['claim', 'report_untrue'].includes(action)) return who
  if (['send_verify', 'send_check', 'sign'].includes(action)) return receiver
  if (['assign', 'verify_again'].includes(action)) return receiver ?? one.holder
  if (action === 'send_back') return one.disposer
  return LIFE[action]!.to === null || action === 'suspend' || action === 'resume' ? one.holder : null
}

/** Does an action; it has to be allowed. */
export function apply(one: Case, action: string, who: Person, at: number, brought: Brought, rules: Rules): void {
  const step = LIFE[action]!
  const from = one.state
  const to = step.to ?? from
  const stage = STAGE[from] ?? null
  const running = one.clocks.filter((clock) => clock.stage === stage && clock.stoppedAt === null).at(-1)
  const granted = action === 'extend' ? (openRequest(one, 'extension')?.newDueAt ?? null) : null
  if (action === 'close_special') one.specialKind = openRequest(one, 'special_close')?.specialKind ?? null
  one.flow.push({ action, from, to, actor: who, at, stage, spent: at - one.stateSince, wasOverdue: running?.dueAt == null ? null : isOver(running, at) })
  if (action === 'file') one.limit = brought.limit
  const moved = moveClocks(one.clocks, { from, to, limit: one.limit, granted, isExempted: action === 'approve_appeal' }, at, rules)
  const handling = moved.filter((clock) => clock.stage === 'dispose').at(-1)
  // A case sent back to be dispatched anew has no limit of handling.
  if (handling && !one.clocks.includes(handling)) one.dueAt = to === 'pending_dispatch' ? null : handling.dueAt
  one.clocks = moved
  decideRequests(one, step, who, brought)
  one.holder = holderAfter(one, action, who, brought)
  if (action === 'dispatch') one.department = brought.department
  if (action === 'submit_result' || action === 'handle_self') one.disposer = who
  if (['check_passed', 'check_failed', 'accept_on_evidence'].includes(action)) one.checker = who
  if (action === 'check_failed') one.hasFailedCheck = true
  if (['check_passed', 'send_check', 'rework'].includes(action)) one.hasFailedCheck = false
  if (action === 'confirm' || action === 'handle_self') one.disposedAt = at
  if (action === 'rework') Object.assign(one, { disposedAt: null, reworkCount: one.reworkCount + 1 })
  if (action === 'return_to_filing' || action === 'return_to_dispatch') one.returnCount++
  if (action === 'supervise' || action === 'urge') Object.assign(one, { openSupervisions: one.openSupervisions + 1, supervisionCount: one.supervisionCount + 1 })
  if (action === 'reply_supervision') one.openSupervisions = 0
  if (action === 'file') one.filedAt ??= at
  if (action === 'handle_self') one.isSelfHandled = true
  if (action === 'approve_appeal') one.isExempt = true
  if (action === 'refuse') one.refusalReason = brought.refusalReason
  if (action === 'merge_duplicate' && brought.master) {
    one.master = brought.master
    brought.master.merged++
  }
  if ((action === 'accept' || action === 'file') && brought.classKey) one.classKey = brought.classKey
  one.photos += brought.photos
  if (to !== from) {
    one.state = to
    one.stateSince = at
    for (const request of one.requests) if ((request.status === 'asked' || request.status === 'endorsed') && !askedIn(request.kind).includes(to)) request.status = 'withdrawn'
  }
  if (ENDS.includes(to) && one.endedAt === null) one.endedAt = at
  one.version++
}

/** Takes a step back; clocks run as they did, and those it began are gone with it. */
export function takeBack(one: Case, { kept, clocks }: Before, who: Person, at: number): void {
  one.flow.push({ action: 'undo', from: one.state, to: kept.state, actor: who, at, stage: null, spent: null, wasOverdue: null })
  Object.assign(one, kept, { clocks })
  one.version++
}

/** What the program does when a limit of handling has passed: it supervises, once in a case. */
export function superviseIfOver(one: Case, at: number, rules: Rules): void {
  const handling = one.clocks.find((clock) => clock.stage === 'dispose' && clock.stoppedAt === null)
  if (!handling || handling.pausedAt !== null || handling.dueAt === null || handling.dueAt >= at || one.hasClockSpoken) return
  one.hasClockSpoken = true
  apply(one, 'supervise', PROGRAM, at, NOTHING, rules)
}

export const NOTHING: Brought = { receiver: null, department: null, classKey: null, limit: null, master: null, newDueAt: null, specialKind: null, refusalReason: null, photos: 0 }

/** A case that has just come in. */
export function aCase(id: string, parts: Pick<Case, 'street' | 'source' | 'reporter' | 'classKey'> & { state: string; action: string; actor: Person; reopenedFrom?: Case }, at: number, rules: Rules): Case {
  const { state, action, actor, reopenedFrom = null, ...rest } = parts
  return {
    ...rest, id, state, version: 1, stateSince: at, holder: null, department: null, disposer: null, checker: null, dueAt: null, disposedAt: null, hasFailedCheck: false, limit: null,
    flow: [{ action, from: null, to: state, actor, at, stage: null, spent: null, wasOverdue: null }], requests: [], clocks: moveClocks([], { from: null, to: state, limit: null, granted: null, isExempted: false }, at, rules),
    openSupervisions: 0, supervisionCount: 0, hasClockSpoken: false, reworkCount: 0, returnCount: 0, filedAt: null, endedAt: null, isSelfHandled: false, isExempt: false, specialKind: null, refusalReason: null,
    master: null, merged: 0, reopenedFrom, reopenedAs: null, photos: 0,
  }
}
