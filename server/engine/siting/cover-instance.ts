import { mergeDemands } from './merge.ts'
import type { SitingProblem } from './problem.ts'
import { selectRows, type SparseRows, transpose } from './sparse.ts'

/** The question that is left once existing sites serve whom they reach: groups of alike demands against the sites that could be built. */
export interface CoverInstance {
  /** A row per group of demands: the candidates that cover it, at least one. */
  rows: SparseRows
  /** The same by candidates. */
  columns: SparseRows
  weights: Float64Array
  /** Site of each candidate. */
  siteOf: Uint32Array
  /** Demands that existing sites cover. */
  coveredByExisting: number[]
  /** Demands that nothing covers, neither existing nor candidate. */
  islands: number[]
}

/**
 * @param radius cost up to which (≤) a site covers; null where every pair counts
 * @param areWeightless leave demands without weight out: covering them is worth nothing
 */
export function makeCoverInstance(problem: SitingProblem, radius: number | null, areWeightless: 'kept' | 'left out'): CoverInstance {
  const { costs, existing, weights } = problem
  const isWithin = (value: number) => radius === null || value <= radius
  const open: number[] = []
  const coveredByExisting: number[] = []
  const islands: number[] = []
  for (let demand = 0; demand < costs.rowCount; demand += 1) {
    let isReached = false
    let isCovered = false
    for (let at = costs.start[demand]!; at < costs.start[demand + 1]! && !isCovered; at += 1) {
      if (!isWithin(costs.value ? costs.value[at]! : NaN)) continue
      isReached = true
      isCovered = existing[costs.column[at]!]! === 1
    }
    if (isCovered) coveredByExisting.push(demand)
    else if (!isReached) islands.push(demand)
    else if (areWeightless === 'kept' || weights[demand]! > 0) open.push(demand)
  }
  const siteOf: number[] = []
  const candidateOf = new Int32Array(costs.columnCount).fill(-1)
  existing.forEach((stands, site) => {
    if (stands === 0) candidateOf[site] = siteOf.push(site) - 1
  })
  const covered = selectRows(costs, open, candidateOf, siteOf.length, isWithin)
  const merged = mergeDemands({ ...covered, value: null }, Float64Array.from(open, (demand) => weights[demand]!))
  return { rows: merged.rows, columns: transpose(merged.rows), weights: merged.weights, siteOf: Uint32Array.from(siteOf), coveredByExisting, islands }
}
