import { startFrom } from './cover-exact.ts'
import type { CoverInstance } from './cover-instance.ts'
import { improveBySwaps, openGreedily } from './cover-search.ts'
import { CoverState } from './cover-state.ts'
import type { Incumbent } from './incumbent.ts'
import { MOST_ENTRIES, ModelRows, runModel } from './mip.ts'
import type { Effort } from './search.ts'
import { boundSetCover } from './set-cover-bound.ts'
import { type ReducedCover, reduceSetCover } from './set-cover-reduction.ts'
import { sumOf } from '../sum.ts'

export interface SetCoverSearch {
  effort: Effort
  /** Ends the search once it is known whether the answer costs at most this much. */
  limit?: number
  /** Hears each better cover as candidates of the whole instance, with its cost. */
  onCover(candidates: number[], cost: number): void
}

/** Closes what is not needed, the dearest first, the last opened first among equals. */
function prune(state: CoverState, costs: Float64Array): void {
  const { columns } = state.instance
  const byCost = state.openSites().sort((a, b) => costs[b]! - costs[a]! || b - a)
  for (const site of byCost) {
    let isNeeded = false
    for (let at = columns.start[site]!; at < columns.start[site + 1]! && !isNeeded; at += 1) isNeeded = state.count[columns.column[at]!] === 1
    if (!isNeeded) state.close(site)
  }
}

/** One site less, and swaps until all is covered again; and again, as long as that succeeds. For sites of equal cost. */
function shrink(state: CoverState, costs: Float64Array, stop: () => boolean, offer: () => void): void {
  const hasOneCost = costs.every((cost) => cost === costs[0])
  const groups = state.count.length
  while (hasOneCost && !stop()) {
    const open = state.openSites()
    if (open.length < 2) return
    state.close(open.reduce((least, site) => (state.loss[site]! < state.loss[least]! ? site : least)))
    improveBySwaps(state, { costs: new Float64Array(costs.length).fill(1), limit: open.length - 1 }, stop)
    if (state.covered < groups - 0.5) return
    offer()
  }
}

function solveExactly(reduced: ReducedCover, costs: Float64Array, offset: number, best: readonly number[], incumbent: Incumbent, search: SetCoverSearch, offer: (sites: readonly number[]) => void): string | null {
  const { rows, columns } = reduced.instance
  const model = new ModelRows()
  for (let row = 0; row < rows.rowCount; row += 1) {
    for (let at = rows.start[row]!; at < rows.start[row + 1]!; at += 1) model.entry(rows.column[at]!, 1)
    model.end(1, Infinity)
  }
  const outcome = runModel(search.effort.solver!, { sense: 'minimize', costs, upper: new Float64Array(columns.rowCount).fill(1), binaryCount: columns.rowCount, rows: model }, incumbent, {
    start: startFrom(best, columns.rowCount),
    onBound: (bound) => incumbent.tighten(bound + offset),
    onSolution: (values) => offer([...values.keys()].filter((column) => values[column]! > 0.5)),
    isEnough: () => isDecided(incumbent, search.limit),
  })
  if (outcome.status === 'proven') incumbent.tighten(incumbent.objective)
  return outcome.fault
}

function isDecided(incumbent: Incumbent, limit: number | undefined): boolean {
  return limit !== undefined && (incumbent.objective <= limit || incumbent.bound > limit)
}

/**
 * Cheapest candidates that cover every group: reductions, greedy, Lagrangian bound, and exactly where a solver is given.
 * @param incumbent holds the cost of the best cover and its bound
 * @returns what the solver said where it gave up, and whether the model was too large for it
 */
export function searchSetCover(instance: CoverInstance, costs: Float64Array, incumbent: Incumbent, search: SetCoverSearch): { fault: string | null; isTooLarge: boolean } {
  const reduced = reduceSetCover(instance, costs)
  const smallCosts = Float64Array.from(reduced.candidateOf, (candidate) => costs[candidate]!)
  const offset = sumOf(reduced.fixed.map((candidate) => costs[candidate]!))
  const state = new CoverState(reduced.instance)
  const unlimited = { costs: smallCosts, limit: Infinity }
  let best: number[] = []
  const offer = (sites: readonly number[]) => {
    const candidates = [...reduced.fixed, ...sites.map((site) => reduced.candidateOf[site]!)]
    const cost = sumOf(candidates.map((candidate) => costs[candidate]!))
    if (incumbent.offer(candidates.map((candidate) => instance.siteOf[candidate]!), cost)) {
      best = [...sites]
      search.onCover(candidates, cost)
    }
  }
  const complete = () => {
    openGreedily(state, unlimited, true)
    prune(state, smallCosts)
    offer(state.openSites())
  }
  const isEnough = () => incumbent.stop !== undefined || isDecided(incumbent, search.limit)
  incumbent.stage = 'greedy'
  complete()
  if (reduced.instance.rows.rowCount === 0) incumbent.tighten(offset)
  incumbent.tighten(offset)
  if (search.effort.isGreedyOnly || isEnough()) return { fault: null, isTooLarge: false }
  incumbent.stage = 'swap'
  const reduceByOne = () => {
    state.moveTo(best)
    shrink(state, smallCosts, isEnough, () => offer(state.openSites()))
  }
  reduceByOne()
  incumbent.stage = 'bound'
  boundSetCover(reduced.instance, smallCosts, {
    iterations: search.effort.solver ? 1500 : 600,
    value: incumbent.objective - offset,
    stop: isEnough,
    onBound: (bound) => incumbent.tighten(bound + offset),
    onSites: (sites) => {
      const before = incumbent.objective
      state.moveTo(sites)
      complete()
      if (incumbent.objective < before) reduceByOne()
      return incumbent.objective - offset
    },
  })
  const isTooLarge = reduced.instance.rows.column.length > MOST_ENTRIES
  if (!search.effort.solver || isTooLarge || isEnough()) return { fault: null, isTooLarge }
  incumbent.stage = 'exact'
  return { fault: solveExactly(reduced, smallCosts, offset, best, incumbent, search, offer), isTooLarge }
}
