import type { CoverState } from './cover-state.ts'

/** How much may be built: p sites, or sites of a cost within a budget. */
export interface BuildLimit {
  /** Cost of each candidate: 1 each where they are counted. */
  costs: Float64Array
  limit: number
}

/** A gain below this share of all weight is rounding. */
const HAIR = 1e-12

export function spentOn(sites: readonly number[], { costs }: BuildLimit): number {
  return sites.reduce((sum, site) => sum + costs[site]!, 0)
}

/** Rounding of summed costs must not refuse what fits exactly. */
export function fits(spent: number, { limit }: BuildLimit): boolean {
  return spent <= limit * (1 + 1e-12)
}

/**
 * Opens what adds most, again and again, until nothing fits or nothing adds (at least 1 - 1/e of the optimum where sites are counted;
 * Nemhauser, Wolsey and Fisher 1978). Of equals the first.
 * @param byCost what adds most per cost instead
 * @returns the candidates in the order of their opening
 */
export function openGreedily(state: CoverState, build: BuildLimit, byCost: boolean, stop: () => boolean = () => false): number[] {
  const total = state.instance.weights.reduce((sum, weight) => sum + weight, 0)
  const order: number[] = []
  let spent = spentOn(state.openSites(), build)
  while (!stop()) {
    let best = -1
    let bestRate = 0
    for (let site = 0; site < state.gain.length; site += 1) {
      if (state.isOpen[site] === 1 || state.gain[site]! <= total * HAIR || !fits(spent + build.costs[site]!, build)) continue
      // A site that costs nothing and adds something comes first.
      const rate = byCost ? state.gain[site]! / Math.max(build.costs[site]!, Number.MIN_VALUE) : state.gain[site]!
      if (rate > bestRate) {
        bestRate = rate
        best = site
      }
    }
    if (best < 0) return order
    state.open(best)
    spent += build.costs[best]!
    order.push(best)
  }
  return order
}

/** Exchanges an open candidate for a closed one as long as that covers more (Teitz and Bart 1968), and opens what still fits. */
export function improveBySwaps(state: CoverState, build: BuildLimit, stop: () => boolean): void {
  const siteCount = state.gain.length
  const total = state.instance.weights.reduce((sum, weight) => sum + weight, 0)
  const shared = new Float64Array(siteCount)
  let open = state.openSites()
  let spent = spentOn(open, build)
  let unchanged = 0
  for (let site = 0; unchanged < siteCount && siteCount > 0; site = (site + 1) % siteCount) {
    unchanged += 1
    if (state.isOpen[site] === 1 || state.gain[site]! <= total * HAIR) continue
    if (stop()) return
    if (fits(spent + build.costs[site]!, build)) {
      state.open(site)
      open = state.openSites()
      spent = spentOn(open, build)
      unchanged = 0
      continue
    }
    for (const other of open) shared[other] = 0
    state.addShared(site, shared)
    let out = -1
    let least = Infinity
    for (const other of open) {
      const lost = state.loss[other]! - shared[other]!
      if (lost < least && fits(spent - build.costs[other]! + build.costs[site]!, build)) {
        least = lost
        out = other
      }
    }
    if (out < 0 || state.gain[site]! - least <= total * HAIR) continue
    const before = state.covered
    state.close(out)
    state.open(site)
    if (state.covered <= before) {
      // Gains and losses are kept by adding and taking away; what only seemed to cover more is undone.
      state.close(site)
      state.open(out)
      continue
    }
    open = state.openSites()
    spent = spentOn(open, build)
    unchanged = 0
  }
}
