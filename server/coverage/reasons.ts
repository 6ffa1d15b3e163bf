/** Why a blind spot is blind: found for its home with the most people in it, not guessed. Pure. */
import type { SpotReasonKind } from '../contract/coverage.ts'
import { FOOTING } from '../engine/walking/walking-network.ts'

export interface SpotReason {
  kind: SpotReasonKind
  /** Null beyond the limit up to which a walk is looked for, and off the network. */
  walkedMeters: number | null
  barrier: { class: string; name: string | null } | null
}

/** What is known of a home that nothing serves on foot. */
export interface UnservedHome {
  footing: number
  /** Within the radius of a facility that counts, straight line. */
  isServedOnPaper: boolean
  /** Infinity where nothing was found within the limit. */
  walkedMeters: number
  /** The nearest facility that counts, straight line: whether one can get in, and how far its nearest gate is from the home. */
  hasGate: boolean
  gateMeters: number
  radiusMeters: number
  barrier: SpotReason['barrier']
  /** Would be served by a facility that is too small for the rule, or by one that is closed or ticketed, if those counted. */
  nearTooSmall: boolean
  nearShut: boolean
}

/** One reason, the first that holds: no way onto the network, then what stands between home and facility, then what is near but does not count. */
export function reasonOf(home: UnservedHome): SpotReason {
  const walkedMeters = Number.isFinite(home.walkedMeters) ? home.walkedMeters : null
  const say = (kind: SpotReasonKind): SpotReason => ({ kind, walkedMeters, barrier: kind === 'barrier' ? home.barrier : null })
  if (home.footing === FOOTING.none) return say('off_network')
  if (home.footing === FOOTING.scrap) return say('disconnected')
  if (home.isServedOnPaper) {
    if (!home.hasGate) return say('no_entrance')
    if (home.barrier) return say('barrier')
    return say(home.gateMeters > home.radiusMeters ? 'entrance_far' : 'detour')
  }
  if (home.nearShut) return say('shut')
  return say(home.nearTooSmall ? 'too_small' : 'nothing_near')
}
