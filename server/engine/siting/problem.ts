import type { SparseRows } from './sparse.ts'

/** Location set covering, maximal covering, p-median, p-center. */
export const SITING_METHODS = ['lscp', 'mclp', 'p-median', 'p-center'] as const
export type SitingMethod = (typeof SITING_METHODS)[number]

/** Who needs something, where it could stand, and what lies between. */
export interface SitingProblem {
  /** A row per demand, a column per site: what it costs (metres, minutes …) that this site serves this demand. A pair that is not there cannot be. */
  costs: SparseRows
  /** Per demand, at least 0: people, cases. */
  weights: Float64Array
  /** Per site 1 where it stands already: it serves, and counts neither in p nor in the budget. */
  existing: Uint8Array
  /** What building on each site costs; null where all cost the same. */
  siteCosts: Float64Array | null
  /** Weight that each site can serve (Infinity for any); null where none is limited. Maximal covering only. */
  capacities: Float64Array | null
}

export interface SitingQuestion {
  method: SitingMethod
  /** How many new sites at most; null where a budget limits them, and for location set covering. */
  p: number | null
  /** What the new sites may cost together; maximal covering only. */
  budget: number | null
  /** Cost up to which (≤) a site covers a demand; null where every pair of the table is within reach. Both coverings only. */
  radius: number | null
}

/** Why the search ended: nothing is left to prove, the time was up, somebody cancelled, only the fast answer was asked for, the exact model is too large to begin with, or the solver gave up. */
export type StoppedBy = 'proven' | 'time' | 'cancelled' | 'fast' | 'size' | 'solver'

/** The best so far, told while the search goes on. */
export interface SitingProgress {
  stage: 'greedy' | 'swap' | 'bound' | 'exact'
  /** New sites, ascending. */
  sites: readonly number[]
  /** Weight covered, number or cost of sites, weighted cost, or greatest cost. NaN while there is no answer yet. */
  objective: number
  /** What no answer can do better than; infinite while unknown. */
  bound: number
  gap: number
}

export interface SitingAnswer {
  method: SitingMethod
  /** New sites, ascending. Fewer than p where more would add nothing. */
  sites: number[]
  /**
   * Maximal covering: covered weight, existing sites included. Set covering: number of new sites, or their cost where sites have costs.
   * p-median: sum over demands of weight × least cost. p-center: greatest least cost.
   */
  objective: number
  /** Proven: no answer has a greater (covering) or smaller (the others) objective. */
  bound: number
  /** |objective - bound| divided by the greater of the two: a share between 0 and 1, whichever way the objective runs. */
  gap: number
  isProven: boolean
  stoppedBy: StoppedBy
  /** What the exact solver said where it could not go on; null otherwise. */
  solverFault: string | null
}

/** Distance between value and bound as a share of the greater of the two; 0 where they are equal, 1 where no bound is known. */
export function gapOf(objective: number, bound: number): number {
  if (objective === bound) return 0
  const greater = Math.max(Math.abs(objective), Math.abs(bound))
  return Number.isFinite(greater) ? Math.abs(objective - bound) / greater : 1
}
