import type { NotEnteredReason } from '../../contract/not-entered.ts'
import type { WalkingMendGround } from '../mends/walking-ground.ts'
import { ENTRY, notEnteredReason } from '../walking/walking-network.ts'

/** Gates of a place, x, y interleaved; or the place itself, where it is a point. */
export interface OwnGates {
  points: Float64Array
  isPoint: boolean
}

/** Whom a moved place would serve, and on foot why nobody could walk into it; null where somebody can, and by the straight line. */
export interface MoveServed {
  radiusMeters: number
  served: readonly number[]
  notEntered: NotEnteredReason | null
}

/** Whom a place would serve on foot by gates of its own. @param radiusMeters NaN where it counts for nobody */
export function servedOnFoot(walking: WalkingMendGround, radiusMeters: number, gates: readonly OwnGates[]): MoveServed {
  const own = gates.filter(({ points }) => points.length > 0)
  const entry = Math.min(ENTRY.none, ...own.map(({ points, isPoint }) => walking.entryOf(points, isPoint)))
  const reached = Number.isNaN(radiusMeters) ? [] : own.flatMap(({ points, isPoint }) => walking.gainOf({ kind: 'facility', site: 0, radiusMeters, gates: points, isPoint }).served)
  return { radiusMeters, served: [...new Set(reached)], notEntered: notEnteredReason(entry) ?? null }
}
