import { gapOf, type SitingProgress, type StoppedBy } from './problem.ts'

/** What a search may know of the world: a clock, whether to stop, and somebody who listens. The engine itself has no clock. */
export interface SitingControl {
  /** Milliseconds of any clock that only goes forward. */
  now(): number
  /** Reading of that clock at which the search ends; Infinity for none. */
  stopAt: number
  isCancelled(): boolean
  /** Hears every better answer and every better bound. */
  report(progress: SitingProgress): void
}

/** Runs to the end, unheard. */
export const UNLIMITED: SitingControl = { now: () => 0, stopAt: Infinity, isCancelled: () => false, report: () => {} }

/** The best answer and the best bound so far of one search; says when to stop. */
export class Incumbent {
  readonly sense: 'maximize' | 'minimize'
  readonly control: SitingControl
  /** Objectives are multiples of this; 0 where they can be anything. A bound between two multiples moves to the next. */
  readonly step: number
  stage: SitingProgress['stage'] = 'greedy'
  sites: readonly number[] = []
  objective = NaN
  bound: number

  constructor(sense: 'maximize' | 'minimize', control: SitingControl, step: number) {
    this.sense = sense
    this.control = control
    this.step = step
    this.bound = sense === 'maximize' ? Infinity : -Infinity
  }

  #isBetter(objective: number): boolean {
    if (Number.isNaN(this.objective)) return true
    return this.sense === 'maximize' ? objective > this.objective : objective < this.objective
  }

  /** Takes an answer if it is better than the best so far. */
  offer(sites: readonly number[], objective: number): boolean {
    if (!this.#isBetter(objective)) return false
    this.sites = [...sites].sort((a, b) => a - b)
    this.objective = objective
    this.#clamp()
    this.#tell()
    return true
  }

  /** Takes a bound if it is tighter than the one so far. */
  tighten(bound: number): void {
    if (!Number.isFinite(bound)) return
    let rounded = bound
    if (this.step > 0) {
      // The bound is a sum of floating-point numbers: a hair beyond a multiple is that multiple.
      const slack = 1e-6 + Math.abs(bound / this.step) * 1e-9
      rounded = (this.sense === 'maximize' ? Math.floor(bound / this.step + slack) : Math.ceil(bound / this.step - slack)) * this.step
    }
    if (this.sense === 'maximize' ? rounded >= this.bound : rounded <= this.bound) return
    const before = this.gap
    this.bound = rounded
    this.#clamp()
    if (before - this.gap > 1e-4 || this.isClosed) this.#tell()
  }

  /** A bound that rounding carried past the answer is the answer. */
  #clamp(): void {
    if (this.sense === 'maximize' ? this.bound < this.objective : this.bound > this.objective) this.bound = this.objective
  }

  #tell(): void {
    this.control.report({ stage: this.stage, sites: this.sites, objective: this.objective, bound: this.bound, gap: this.gap })
  }

  get gap(): number {
    return Number.isNaN(this.objective) ? 1 : gapOf(this.objective, this.bound)
  }

  /** Nothing better exists, to the precision of the arithmetic. */
  get isClosed(): boolean {
    return this.gap <= 1e-12
  }

  /** Why the search has to end now; undefined while it may go on. */
  get stop(): StoppedBy | undefined {
    if (this.isClosed) return 'proven'
    if (this.control.isCancelled()) return 'cancelled'
    return this.control.now() >= this.control.stopAt ? 'time' : undefined
  }
}
