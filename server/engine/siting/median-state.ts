import type { MedianInstance } from './median-instance.ts'
import { Sum } from '../sum.ts'
import { openExactly, openSitesOf } from './open-sites.ts'

/** A set of open candidates with the nearest and second nearest of each group, kept up to date (Whitaker 1983). */
export class MedianState {
  readonly instance: MedianInstance
  readonly isOpen: Uint8Array
  /** Nearest open candidate of each group, -1 for the base. */
  readonly first: Int32Array
  readonly firstCost: Float64Array
  readonly secondCost: Float64Array
  readonly #second: Int32Array
  /** What closing each open candidate would cost. */
  readonly loss: Float64Array

  constructor(instance: MedianInstance) {
    const { rows } = instance
    this.instance = instance
    this.isOpen = new Uint8Array(rows.columnCount)
    this.first = new Int32Array(rows.rowCount).fill(-1)
    this.firstCost = instance.base.slice()
    this.secondCost = instance.base.slice()
    this.#second = new Int32Array(rows.rowCount).fill(-1)
    this.loss = new Float64Array(rows.columnCount)
  }

  #settle(group: number): void {
    const { rows, base } = this.instance
    let first = -1
    let firstCost = base[group]!
    let second = -1
    let secondCost = base[group]!
    for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
      if (this.isOpen[rows.column[at]!] === 0) continue
      if (first < 0) {
        first = rows.column[at]!
        firstCost = rows.value![at]!
      } else {
        second = rows.column[at]!
        secondCost = rows.value![at]!
        break
      }
    }
    this.first[group] = first
    this.firstCost[group] = firstCost
    this.#second[group] = second
    this.secondCost[group] = secondCost
  }

  #addLoss(group: number, sign: number): void {
    const first = this.first[group]!
    if (first >= 0) this.loss[first]! += sign * this.instance.weights[group]! * (this.secondCost[group]! - this.firstCost[group]!)
  }

  open(site: number): void {
    const { columns } = this.instance
    this.isOpen[site] = 1
    this.loss[site] = 0
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
      const group = columns.column[at]!
      if (columns.value![at]! > this.secondCost[group]!) continue
      this.#addLoss(group, -1)
      this.#settle(group)
      this.#addLoss(group, 1)
    }
  }

  close(site: number): void {
    const { columns } = this.instance
    this.isOpen[site] = 0
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
      const group = columns.column[at]!
      if (this.first[group] !== site && this.#second[group] !== site) continue
      this.#addLoss(group, -1)
      this.#settle(group)
      this.#addLoss(group, 1)
    }
    this.loss[site] = 0
  }

  /**
   * What opening `site` would save, and per open candidate what its closing would then cost less than `loss` says, added to `relief`.
   * @returns the saving
   */
  measure(site: number, relief: Float64Array): number {
    const { columns, weights } = this.instance
    let saving = 0
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
      const group = columns.column[at]!
      const cost = columns.value![at]!
      const second = this.secondCost[group]!
      if (cost >= second) continue
      const first = this.firstCost[group]!
      const owner = this.first[group]!
      if (cost < first) {
        saving += weights[group]! * (first - cost)
        if (owner >= 0) relief[owner]! += weights[group]! * (second - first)
      } else if (owner >= 0) relief[owner]! += weights[group]! * (second - cost)
    }
    return saving
  }

  /** Weighted cost of serving all groups, penalties included. */
  get objective(): number {
    const { weights } = this.instance
    const sum = new Sum()
    this.firstCost.forEach((cost, group) => sum.add(weights[group]! * cost))
    return sum.value
  }

  /** Whether every group that must be served is. */
  get isWhole(): boolean {
    const { isPenalty } = this.instance
    return this.first.every((site, group) => site >= 0 || isPenalty[group] === 0)
  }

  openSites(): number[] {
    return openSitesOf(this)
  }

  moveTo(sites: readonly number[]): void {
    openExactly(this, sites)
  }
}

/** A saving below this share of the objective is rounding. */
const HAIR = 1e-12

/** Opens the candidate that saves most until p are open or none saves anything; returns the order. */
export function openMediansGreedily(state: MedianState, p: number, stop: () => boolean = () => false): number[] {
  const siteCount = state.isOpen.length
  const unused = new Float64Array(siteCount)
  // Savings only fall as sites open, so an old one is an upper bound: most need no new look (Minoux 1978).
  const saving = new Float64Array(siteCount).fill(Infinity)
  const order: number[] = []
  for (let open = state.openSites().length; open < p && !stop(); open += 1) {
    const queue = [...saving.keys()].filter((site) => state.isOpen[site] === 0).sort((a, b) => saving[b]! - saving[a]! || a - b)
    let best = -1
    for (const site of queue) {
      if (best >= 0 && saving[site]! < saving[best]!) break
      saving[site] = state.measure(site, unused)
      if (saving[site]! > 0 && (best < 0 || saving[site]! > saving[best]! || (saving[site] === saving[best] && site < best))) best = site
    }
    if (best < 0) return order
    state.open(best)
    order.push(best)
  }
  return order
}

/** Exchanges an open candidate for a closed one as long as that serves for less (Teitz and Bart 1968, by Whitaker's fast interchange). */
export function improveMedians(state: MedianState, stop: () => boolean): void {
  const siteCount = state.isOpen.length
  const relief = new Float64Array(siteCount)
  let open = state.openSites()
  let objective = state.objective
  let unchanged = 0
  for (let site = 0; unchanged < siteCount && siteCount > 0; site = (site + 1) % siteCount) {
    unchanged += 1
    if (state.isOpen[site] === 1) continue
    if (stop()) return
    for (const other of open) relief[other] = 0
    const saving = state.measure(site, relief)
    if (saving <= 0) continue
    let out = -1
    let least = Infinity
    for (const other of open) {
      const lost = state.loss[other]! - relief[other]!
      if (lost < least) {
        least = lost
        out = other
      }
    }
    if (out < 0 || saving - least <= objective * HAIR) continue
    state.close(out)
    state.open(site)
    const next = state.objective
    if (next >= objective) {
      // Losses are kept by adding and taking away, and penalties leave rounding behind: what only seemed to save is undone.
      state.close(site)
      state.open(out)
      continue
    }
    objective = next
    open = state.openSites()
    unchanged = 0
  }
}
