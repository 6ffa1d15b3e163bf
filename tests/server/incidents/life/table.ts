/**
 * The life of a case by the standard sequence, written down a second time by hand, so that the server is held against something
 * that it has no part in: action, from where to where, who, what has to come along. Numbers are those of the sequence's steps.
 */
export type Who = 'any' | 'holder' | 'reporter'
export type Part = 'reporter' | 'disposer' | 'checker'

export interface Step {
  number: number
  from: readonly string[]
  /** Null: the state stays. */
  to: string | null
  roles: readonly string[]
  who: Who
  /** Whoever had this part may not. */
  not: readonly Part[]
  needs: readonly string[]
  asks?: string
  passesOn?: string
  grants?: string
  denies?: string
}

const words = (text: string): string[] => text.split(' ').filter(Boolean)

type More = Partial<Omit<Step, 'number' | 'from' | 'to' | 'roles' | 'not' | 'needs'>> & { not?: string; needs?: string }

function step(number: number, from: string, to: string | null, roles: string, { not = '', needs = '', who = 'any', ...rest }: More = {}): Step {
  return { number, from: words(from), to, roles: words(roles), who, not: words(not) as Part[], needs: words(needs), ...rest }
}

const UNFILED = 'draft pending_accept verifying pending_filing'
const FILING_ON = 'pending_filing pending_dispatch pending_dispose disposing suspended disposed pending_check checking pending_close'
const OPEN = `pending_accept verifying ${FILING_ON}`
export const ENDS = words('not_filed closed closed_special void')
const ANY_SOURCE = 'collector operator shift_leader leader checker grid_manager department_manager disposal_person intake_service'
const DEPARTMENT = 'department_manager disposal_person'

export const LIFE: Record<string, Step> = {
  submit: step(1, 'draft', 'pending_accept', ANY_SOURCE, { who: 'reporter', needs: 'photo' }),
  handle_self: step(1, 'pending_accept', 'pending_close', 'collector', { who: 'reporter', needs: 'photo_after' }),
  withdraw: step(1, UNFILED, 'void', ANY_SOURCE, { who: 'reporter', needs: 'opinion' }),
  send_verify: step(2, 'pending_accept', 'verifying', 'operator'),
  verify_unable: step(2, 'verifying', 'pending_accept', 'collector operator', { who: 'holder', needs: 'opinion' }),
  verify_true: step(3, 'verifying', 'pending_filing', 'collector', { who: 'holder', not: 'reporter', needs: 'photo' }),
  report_untrue: step(4, 'verifying', null, 'collector', { who: 'holder', not: 'reporter', needs: 'opinion', asks: 'untrue' }),
  verify_false: step(4, 'verifying', 'not_filed', 'operator', { needs: 'opinion', grants: 'untrue' }),
  verify_again: step(4, 'verifying', null, 'operator', { needs: 'opinion', denies: 'untrue' }),
  accept: step(5, 'pending_accept', 'pending_filing', 'operator'),
  refuse: step(6, 'pending_accept pending_filing', 'not_filed', 'operator shift_leader', { needs: 'refusalReason opinion' }),
  file: step(7, 'pending_filing', 'pending_dispatch', 'operator shift_leader', { needs: 'conditionOrdinal' }),
  dispatch: step(8, 'pending_dispatch', 'pending_dispose', 'dispatcher'),
  return_to_filing: step(9, 'pending_dispatch', 'pending_filing', 'dispatcher', { needs: 'opinion' }),
  return_to_dispatch: step(10, 'pending_dispose', 'pending_dispatch', 'department_manager', { needs: 'opinion' }),
  sign: step(11, 'pending_dispose', 'disposing', 'department_manager'),
  claim: step(11, 'pending_dispose disposing', 'disposing', 'disposal_person', { not: 'reporter' }),
  assign: step(11, 'disposing', null, 'department_manager', { needs: 'receiverId' }),
  revoke: step(11, 'disposing', 'pending_dispose', 'department_manager', { needs: 'opinion' }),
  refuse_assignment: step(12, 'disposing', 'pending_dispose', 'disposal_person', { who: 'holder', needs: 'opinion' }),
  submit_result: step(13, 'disposing', 'disposed', 'disposal_person', { who: 'holder', not: 'reporter', needs: 'photo_after' }),
  send_back: step(14, 'disposed', 'disposing', 'department_manager', { needs: 'opinion' }),
  confirm: step(15, 'disposed', 'pending_check', 'department_manager', { not: 'disposer' }),
  send_check: step(16, 'pending_check', 'checking', 'operator'),
  check_unable: step(16, 'checking', 'pending_check', 'collector checker operator', { who: 'holder', needs: 'opinion' }),
  check_passed: step(17, 'checking', 'pending_close', 'collector checker', { who: 'holder', not: 'disposer reporter', needs: 'photo_check' }),
  check_failed: step(17, 'checking', 'pending_check', 'collector checker', { who: 'holder', not: 'disposer reporter', needs: 'opinion photo_check' }),
  rework: step(18, 'checking pending_check', 'pending_dispose', 'operator dispatcher', { not: 'disposer', needs: 'opinion' }),
  accept_on_evidence: step(19, 'pending_check', 'pending_close', 'operator', { not: 'disposer reporter' }),
  close: step(20, 'pending_close', 'closed', 'operator shift_leader', { not: 'disposer checker reporter', needs: 'closingConditionMet' }),
  request_special_close: step(21, FILING_ON, null, 'shift_leader', { needs: 'opinion specialKind', asks: 'special_close' }),
  close_special: step(21, FILING_ON, 'closed_special', 'leader', { not: 'disposer', needs: 'opinion', grants: 'special_close' }),
  refuse_special_close: step(21, FILING_ON, null, 'leader', { needs: 'opinion', denies: 'special_close' }),
  request_suspension: step(22, 'disposing', null, DEPARTMENT, { needs: 'opinion', asks: 'suspension' }),
  suspend: step(22, 'disposing', 'suspended', 'dispatcher', { needs: 'opinion', grants: 'suspension' }),
  refuse_suspension: step(22, 'disposing', null, 'dispatcher', { needs: 'opinion', denies: 'suspension' }),
  resume: step(22, 'suspended', 'disposing', 'dispatcher department_manager'),
  request_extension: step(23, 'disposing', null, DEPARTMENT, { needs: 'opinion newDueAt', asks: 'extension' }),
  endorse_extension: step(23, 'disposing', null, 'dispatcher', { passesOn: 'extension' }),
  extend: step(23, 'disposing', null, 'leader', { grants: 'extension' }),
  refuse_extension: step(23, 'disposing', null, 'dispatcher leader', { needs: 'opinion', denies: 'extension' }),
  supervise: step(24, OPEN, null, 'leader shift_leader', { needs: 'opinion supervisionKind' }),
  urge: step(24, OPEN, null, 'operator shift_leader dispatcher leader', { needs: 'opinion' }),
  reply_supervision: step(24, `${OPEN} ${ENDS.join(' ')}`, null, `operator shift_leader dispatcher collector checker ${DEPARTMENT}`, { needs: 'opinion' }),
  request_appeal: step(25, 'closed', null, 'department_manager', { needs: 'opinion', asks: 'appeal' }),
  endorse_appeal: step(25, 'closed', null, 'dispatcher', { passesOn: 'appeal' }),
  approve_appeal: step(25, 'closed', null, 'operator', { needs: 'opinion', grants: 'appeal' }),
  refuse_appeal: step(25, 'closed', null, 'dispatcher operator', { needs: 'opinion', denies: 'appeal' }),
  merge_duplicate: step(26, UNFILED, 'void', 'operator shift_leader', { needs: 'masterId' }),
}

/** Where a request can be made; elsewhere an open one is dropped. */
export const askedIn = (kind: string): readonly string[] => Object.values(LIFE).find((one) => one.asks === kind)?.from ?? []

/** The stage whose clock runs in a state. */
export const STAGE: Record<string, string> = {
  pending_accept: 'accept', verifying: 'verify', pending_filing: 'file', pending_dispatch: 'dispatch', pending_dispose: 'dispose', disposing: 'dispose', suspended: 'dispose', disposed: 'dispose',
  pending_check: 'check', checking: 'check', pending_close: 'close',
}

/** Whom a case can be handed to with a step: whoever could do this one then. */
export const NEXT: Record<string, string> = { send_verify: 'verify_true', verify_again: 'verify_true', sign: 'submit_result', assign: 'submit_result', send_check: 'check_passed' }

/** Steps on many cases that can be taken back for half a minute. */
export const TAKEN_BACK = words('accept send_verify dispatch sign confirm send_check accept_on_evidence')
