import type { Incumbent } from './incumbent.ts'
import type { MixedIntegerSolver } from './mip.ts'

/** How far a search goes. */
export interface Effort {
  /** Proves, or bounds, by mixed-integer programming; null for the fast answer with the bounds of the engine. */
  solver: MixedIntegerSolver | null
  /** Nothing but the first answer: greedy, without a bound worth the name. */
  isGreedyOnly: boolean
}

export interface SearchOutcome {
  incumbent: Incumbent
  /** What the solver said where it gave up. */
  fault: string | null
  /** The exact model was not begun: too large. */
  isTooLarge: boolean
}

/** Above this, sums of whole numbers are no longer exact. */
const LARGEST_WHOLE = 2 ** 50

/** 1 where all values are whole numbers whose sum is exact, so that every objective is one; else 0: anything. */
export function stepOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!
    if (!Number.isInteger(value)) return 0
    sum += Math.abs(value)
  }
  return sum < LARGEST_WHOLE ? 1 : 0
}
