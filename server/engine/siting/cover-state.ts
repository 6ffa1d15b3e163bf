import type { CoverInstance } from './cover-instance.ts'
import { openExactly, openSitesOf } from './open-sites.ts'

/**
 * A set of open candidates and, kept up to date with every opening and closing, what opening each other one would add
 * and what closing each open one would lose. A step costs the size of the cover sets it touches.
 */
export class CoverState {
  readonly instance: CoverInstance
  readonly isOpen: Uint8Array
  /** Open candidates that cover each group. */
  readonly count: Int32Array
  /** Exclusive or of the open candidates that cover a group: the candidate itself where there is one. */
  readonly #owner: Int32Array
  /** Weight that opening a candidate would newly cover. */
  readonly gain: Float64Array
  /** Weight that only this open candidate covers. */
  readonly loss: Float64Array
  covered = 0

  constructor(instance: CoverInstance) {
    const { rows, columns, weights } = instance
    this.instance = instance
    this.isOpen = new Uint8Array(columns.rowCount)
    this.count = new Int32Array(rows.rowCount)
    this.#owner = new Int32Array(rows.rowCount)
    this.gain = new Float64Array(columns.rowCount)
    this.loss = new Float64Array(columns.rowCount)
    for (let site = 0; site < columns.rowCount; site += 1) {
      let sum = 0
      for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) sum += weights[columns.column[at]!]!
      this.gain[site] = sum
    }
  }

  open(site: number): void {
    const { rows, columns, weights } = this.instance
    this.isOpen[site] = 1
    this.loss[site] = 0
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
      const group = columns.column[at]!
      const weight = weights[group]!
      const before = this.count[group]!++
      if (before === 0) {
        this.covered += weight
        this.loss[site]! += weight
        for (let other = rows.start[group]!; other < rows.start[group + 1]!; other += 1) this.gain[rows.column[other]!]! -= weight
      } else if (before === 1) this.loss[this.#owner[group]!]! -= weight
      this.#owner[group]! ^= site
    }
  }

  close(site: number): void {
    const { rows, columns, weights } = this.instance
    this.isOpen[site] = 0
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
      const group = columns.column[at]!
      const weight = weights[group]!
      const after = --this.count[group]!
      this.#owner[group]! ^= site
      if (after === 0) {
        this.covered -= weight
        for (let other = rows.start[group]!; other < rows.start[group + 1]!; other += 1) this.gain[rows.column[other]!]! += weight
      } else if (after === 1) this.loss[this.#owner[group]!]! += weight
    }
    this.loss[site] = 0
  }

  /** Adds to `into`, per open candidate, the weight that only it covers now and `site` would cover too. */
  addShared(site: number, into: Float64Array): void {
    const { columns, weights } = this.instance
    for (let at = columns.start[site]!; at < columns.start[site + 1]!; at += 1) {
      const group = columns.column[at]!
      if (this.count[group] === 1) into[this.#owner[group]!]! += weights[group]!
    }
  }

  /** Open candidates, ascending. */
  openSites(): number[] {
    return openSitesOf(this)
  }

  /** Opens exactly these. */
  moveTo(sites: readonly number[]): void {
    openExactly(this, sites)
  }
}
