/** What an action's form asks, and whether what was filled in will do. Pure; the server asks the same. */
import { type IncidentAction, type Need, transitionOf } from '../../server/contract/incidents.ts'
import type { EvidenceKind } from '../../server/contract/evidence.ts'

/** What the contract takes; an opinion may be longer. */
export const OVERRIDE_REASON_LENGTH = 300

/** The form as it is filled in. */
export interface Draft {
  opinion: string
  conditionOrdinal: number | null
  closingConditionMet: boolean
  departmentId: string | null
  receiverId: string | null
  refusalReason: string | null
  newDueAt: Date | null
  specialKind: string | null
  supervisionKind: string | null
  masterId: string | null
  isSameTimeOfDay: boolean
  /** Photographs that prove the step. */
  mediaIds: readonly string[]
}

export const EMPTY_DRAFT: Draft = {
  opinion: '', conditionOrdinal: null, closingConditionMet: false, departmentId: null, receiverId: null, refusalReason: null, newDueAt: null, specialKind: null, supervisionKind: null, masterId: null,
  isSameTimeOfDay: false, mediaIds: [],
}

/** Actions that may name a person without having to. */
const MAY_NAME: readonly IncidentAction[] = ['send_verify', 'sign', 'send_check', 'dispatch']

export const asksReceiver = (action: IncidentAction): 'needed' | 'offered' | null => (transitionOf(action).needs.includes('receiver') ? 'needed' : MAY_NAME.includes(action) ? 'offered' : null)

/** Kinds of photographs that prove an action; any one of them will do. */
export function photoKinds(action: IncidentAction): readonly EvidenceKind[] {
  const { needs } = transitionOf(action)
  if (needs.includes('photo_after')) return ['after']
  if (needs.includes('photo_check')) return ['check', 'after']
  return needs.includes('photo') ? ['near', 'far', 'reference', 'before'] : []
}

/**
 * What is still missing, by the need it answers.
 * @param arePhotosNeeded whether the city refuses the step without photographs
 */
export function missingOf(action: IncidentAction, draft: Draft, arePhotosNeeded: boolean): Need[] {
  const hasPhotos = !arePhotosNeeded || draft.mediaIds.length > 0
  const has: Record<Need, boolean> = {
    opinion: draft.opinion.trim() !== '',
    condition: draft.conditionOrdinal !== null,
    closing: draft.closingConditionMet,
    department: draft.departmentId !== null,
    receiver: draft.receiverId !== null,
    refusal_reason: draft.refusalReason !== null,
    new_due_at: draft.newDueAt !== null,
    master: draft.masterId !== null,
    special_kind: draft.specialKind !== null,
    supervision_kind: draft.supervisionKind !== null,
    photo: hasPhotos,
    photo_after: hasPhotos,
    photo_check: hasPhotos,
  }
  return transitionOf(action).needs.filter((need) => !has[need])
}

/**
 * The body of the request: only what the action asks for and what was filled in.
 * @param isOverride another department than the one suggested: the opinion is the reason for that too.
 */
export function deedOf(action: IncidentAction, draft: Draft, isOverride = false): Record<string, unknown> {
  const { needs } = transitionOf(action)
  const opinion = draft.opinion.trim()
  return {
    ...(opinion === '' ? {} : { opinion }),
    ...(needs.includes('condition') ? { conditionOrdinal: draft.conditionOrdinal } : {}),
    ...(needs.includes('closing') ? { closingConditionMet: draft.closingConditionMet } : {}),
    ...(needs.includes('department') ? { departmentId: draft.departmentId, ...(isOverride ? { overrideReason: opinion.slice(0, OVERRIDE_REASON_LENGTH) } : {}) } : {}),
    ...(asksReceiver(action) && draft.receiverId !== null ? { receiverId: draft.receiverId } : {}),
    ...(needs.includes('refusal_reason') ? { refusalReason: draft.refusalReason } : {}),
    ...(needs.includes('new_due_at') && draft.newDueAt ? { newDueAt: draft.newDueAt.toISOString() } : {}),
    ...(needs.includes('special_kind') ? { specialKind: draft.specialKind } : {}),
    ...(needs.includes('supervision_kind') ? { supervisionKind: draft.supervisionKind } : {}),
    ...(needs.includes('master') ? { masterId: draft.masterId } : {}),
    ...(draft.mediaIds.length > 0 ? { mediaIds: [...draft.mediaIds] } : {}),
    ...(action === 'check_passed' ? { isSameTimeOfDay: draft.isSameTimeOfDay } : {}),
  }
}
