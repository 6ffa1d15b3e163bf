/** Which actions of a case are shown, in which order, and which answer to a key. Pure. */
import { transitionOf, type FlowOperation, type Incident, type IncidentAction } from '../../server/contract/incidents.ts'

export type ActionChoice = Incident['actions'][number]

/** What moves a case on comes first, then what sends it back, then what happens beside it. */
const WEIGHT: Record<FlowOperation, number> = { forward: 0, close: 1, assign: 1, resume: 1, rework: 2, return: 3, revoke: 3, suspend: 4, extend: 4, appeal: 4, merge: 4, cancel: 5, supervise: 6, edit: 7 }

function weight({ action }: ActionChoice): number {
  const { operation, to } = transitionOf(action)
  return WEIGHT[operation] + (to === null ? 3 : 0)
}

export interface SortedActions {
  allowed: ActionChoice[]
  /** Not for this person or not under these circumstances, though the state would permit it: shown grey. */
  refused: ActionChoice[]
  /** Not in this state at all: only listed. */
  impossible: ActionChoice[]
}

export function sortActions(actions: readonly ActionChoice[]): SortedActions {
  const ordered = [...actions].sort((a, b) => weight(a) - weight(b))
  return {
    allowed: ordered.filter((one) => one.allowed),
    refused: ordered.filter((one) => !one.allowed && one.obstacle !== 'state' && one.obstacle !== 'request'),
    impossible: ordered.filter((one) => !one.allowed && (one.obstacle === 'state' || one.obstacle === 'request')),
  }
}

/** Keys of the workbench; of several actions the first that is allowed answers. */
export const ACTION_KEYS: readonly { key: string; name: 'accept' | 'file' | 'dispatch' | 'return' | 'check' | 'close'; actions: readonly IncidentAction[] }[] = [
  { key: 'a', name: 'accept', actions: ['accept', 'sign', 'claim', 'verify_true', 'confirm'] },
  { key: 'f', name: 'file', actions: ['file'] },
  { key: 'd', name: 'dispatch', actions: ['dispatch', 'assign', 'submit_result'] },
  { key: 'r', name: 'return', actions: ['return_to_filing', 'return_to_dispatch', 'refuse_assignment', 'send_back', 'rework', 'verify_unable', 'refuse'] },
  { key: 'c', name: 'check', actions: ['send_check', 'check_passed', 'accept_on_evidence'] },
  { key: 'e', name: 'close', actions: ['close'] },
]

/** The action a key stands for on this case; where none is allowed, the one whose reason is told. */
export function actionOfKey(key: string, actions: readonly ActionChoice[]): ActionChoice | null {
  const candidates = ACTION_KEYS.find((one) => one.key === key)?.actions.flatMap((action) => actions.filter((one) => one.action === action)) ?? []
  return candidates.find((one) => one.allowed) ?? candidates.find((one) => one.obstacle !== 'state') ?? candidates[0] ?? null
}
