/** Why a blind spot is blind: found for its home with the most people in it, not guessed. Pure. */
import type { SpotReasonKind } from '../contract/coverage.ts'
import { FOOTING } from '../engine/walking/walking-network.ts'
import type { Reason } from './qualification.ts'

/** A facility that would serve a home if it counted. */
export interface Cause {
  id: string
  name: string | null
  areaM2: number | null
  distanceMeters: number
}

export interface SpotReason {
  kind: SpotReasonKind
  /** Null beyond the limit up to which a walk is looked for, off the network, and by the straight line. */
  walkedMeters: number | null
  barrier: { class: string; name: string | null } | null
  cause: Cause | null
}

/** Reasons why facilities near a home may not count, by what is said of it then; the first that holds is told. */
export const UNCOUNTED = { shut: ['closed', 'ticketed'], too_small: ['too_small'], data_missing: ['area_unknown', 'class_unknown'] } as const satisfies Partial<Record<SpotReasonKind, readonly Reason[]>>
export type Uncounted = keyof typeof UNCOUNTED
export const UNCOUNTED_KINDS = Object.keys(UNCOUNTED) as Uncounted[]

/** What of each kind would serve a home if it counted; null where nothing would. */
export type Causes = Record<Uncounted, Cause | null>

/** Of a home that no facility that counts lies near. */
export function reasonNear(causes: Causes, walkedMeters: number | null = null): SpotReason {
  const kind = UNCOUNTED_KINDS.find((one) => causes[one])
  return { kind: kind ?? 'nothing_near', walkedMeters, barrier: null, cause: kind ? causes[kind] : null }
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
  causes: Causes
}

/** One reason, the first that holds: no way onto the network, then what stands between home and facility, then what is near but does not count. */
export function reasonOf(home: UnservedHome): SpotReason {
  const walkedMeters = Number.isFinite(home.walkedMeters) ? home.walkedMeters : null
  const say = (kind: SpotReasonKind): SpotReason => ({ kind, walkedMeters, barrier: kind === 'barrier' ? home.barrier : null, cause: null })
  if (home.footing === FOOTING.none) return say('off_network')
  if (home.footing === FOOTING.scrap) return say('disconnected')
  if (!home.isServedOnPaper) return reasonNear(home.causes, walkedMeters)
  if (!home.hasGate) return say('no_entrance')
  if (home.barrier) return say('barrier')
  return say(home.gateMeters > home.radiusMeters ? 'entrance_far' : 'detour')
}
