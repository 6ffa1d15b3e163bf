/** p-median on what a bound left undecided, by branch and bound whose every node is bounded by Lagrangian multipliers that go on from its parent's. */
import type { Incumbent } from './incumbent.ts'
import { measureWorth } from './median-bound.ts'
import type { MedianInstance } from './median-instance.ts'

export interface BranchOptions {
  /** Best multipliers of the whole question. */
  multipliers: Float64Array
  /** A bound that holds for the whole question. */
  bound: number
  /** Nodes looked at before it is given up. */
  mostNodes: number
  stop(): boolean
  /** Hears candidates that cost less than the best so far. */
  onSites(sites: number[]): void
}

const [FREE, IN, OUT] = [0, 1, 2] as const
const ITERATIONS = 30
const PATIENCE = 4

interface Node {
  bound: number
  number: number
  /** FREE, IN or OUT, of each candidate. */
  fate: Uint8Array
  /** Of the parent: shared, never written to. */
  multipliers: Float64Array
}

/** Nodes by their bounds, the lowest first; of equals the later, which is the deeper. */
class NodeQueue {
  readonly #nodes: Node[] = []

  get size(): number {
    return this.#nodes.length
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#nodes[a]!, this.#nodes[b]!]
    return one.bound < other.bound || (one.bound === other.bound && one.number > other.number)
  }

  #swap(a: number, b: number): void {
    const one = this.#nodes[a]!
    this.#nodes[a] = this.#nodes[b]!
    this.#nodes[b] = one
  }

  push(node: Node): void {
    let at = this.#nodes.push(node) - 1
    while (at > 0 && this.#isBefore(at, (at - 1) >> 1)) {
      this.#swap(at, (at - 1) >> 1)
      at = (at - 1) >> 1
    }
  }

  pop(): Node | undefined {
    const last = this.#nodes.length - 1
    if (last < 0) return undefined
    this.#swap(0, last)
    const first = this.#nodes.pop()
    for (let at = 0; ; ) {
      let least = at
      for (const child of [at * 2 + 1, at * 2 + 2]) if (child < this.#nodes.length && this.#isBefore(child, least)) least = child
      if (least === at) return first
      this.#swap(at, least)
      at = least
    }
  }
}

/** Cost of everybody with some candidates open. */
function costOf({ rows, weights, base }: MedianInstance, isOpen: Uint8Array): number {
  let cost = 0
  for (let group = 0; group < rows.rowCount; group += 1) {
    let at = rows.start[group]!
    while (at < rows.start[group + 1]! && isOpen[rows.column[at]!] === 0) at += 1
    cost += weights[group]! * (at < rows.start[group + 1]! ? rows.value![at]! : base[group]!)
  }
  return cost
}

interface Bounded {
  bound: number
  multipliers: Float64Array
  worth: Float64Array
  /** Free candidates, those worth most first. */
  order: number[]
  /** How many of them may still be built. */
  left: number
}

/** The bound of one node after some subgradient steps; ends early beyond `cutoff`. */
function boundNode(instance: MedianInstance, p: number, { fate, multipliers: from }: Node, value: number, cutoff: number, tryOut: (isOpen: Uint8Array) => void): Bounded {
  const { rows, weights, base } = instance
  const built = [...fate.keys()].filter((candidate) => fate[candidate] === IN)
  const free = [...fate.keys()].filter((candidate) => fate[candidate] === FREE)
  const left = Math.max(0, p - built.length)
  const multipliers = from.slice()
  const worth = new Float64Array(rows.columnCount)
  const direction = new Float64Array(rows.rowCount)
  const isChosen = new Uint8Array(rows.columnCount)
  const best: Bounded = { bound: -Infinity, multipliers: from, worth, order: free, left }
  let scale = 1
  let unchanged = 0
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    measureWorth(instance, multipliers, worth)
    const order = free.toSorted((a, b) => worth[a]! - worth[b]! || a - b)
    let sum = 0
    for (let group = 0; group < rows.rowCount; group += 1) sum += multipliers[group]!
    isChosen.fill(0)
    for (const candidate of [...built, ...order.slice(0, left)]) {
      sum += worth[candidate]!
      isChosen[candidate] = 1
    }
    if (sum > best.bound) {
      Object.assign(best, { bound: sum, multipliers: multipliers.slice(), worth: worth.slice(), order })
      unchanged = 0
      if (iteration === 0) tryOut(isChosen)
      if (sum > cutoff) return best
    } else unchanged += 1
    if (unchanged >= PATIENCE) {
      scale /= 2
      unchanged = 0
      multipliers.set(best.multipliers)
      direction.fill(0)
      continue
    }
    let squared = 0
    for (let group = 0; group < rows.rowCount; group += 1) {
      const most = weights[group]! * base[group]!
      const multiplier = multipliers[group]!
      let slope = 1
      for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
        if (weights[group]! * rows.value![at]! >= multiplier) break
        slope -= isChosen[rows.column[at]!]!
      }
      slope += 0.5 * direction[group]!
      direction[group] = (multiplier <= 0 && slope < 0) || (multiplier >= most && slope > 0) ? 0 : slope
      squared += direction[group]! * direction[group]!
    }
    if (squared === 0) break
    const step = (scale * Math.max(value - sum, Math.abs(value) * 1e-6)) / squared
    for (let group = 0; group < rows.rowCount; group += 1) multipliers[group] = Math.min(weights[group]! * base[group]!, Math.max(0, multipliers[group]! + step * direction[group]!))
  }
  tryOut(isChosen)
  return best
}

/**
 * Looks at the node of the lowest bound until none is left that could hold a better answer. Each node settles candidates by the same argument as `fixByBound`.
 * @returns whether nothing better is left; the incumbent hears of bounds on the way
 */
export function branchMedian(instance: MedianInstance, p: number, incumbent: Incumbent, { multipliers, bound, mostNodes, stop, onSites }: BranchOptions): boolean {
  const queue = new NodeQueue()
  let number = 0
  queue.push({ bound, number, fate: new Uint8Array(instance.rows.columnCount), multipliers })
  // A better answer costs a whole step less, or at least what arithmetic can tell.
  const cutoffOf = () => incumbent.objective - (incumbent.step > 0 ? incumbent.step * 0.999 : Math.abs(incumbent.objective) * 1e-10)
  const tryOut = (isOpen: Uint8Array) => {
    if (costOf(instance, isOpen) < cutoffOf()) onSites([...isOpen.keys()].filter((candidate) => isOpen[candidate] === 1))
  }
  for (let looked = 0; ; looked += 1) {
    const node = queue.pop()
    if (!node || node.bound > cutoffOf()) return true
    incumbent.tighten(node.bound)
    if (looked >= mostNodes || stop()) return false
    const found = boundNode(instance, p, node, incumbent.objective, cutoffOf(), tryOut)
    const lower = Math.max(node.bound, found.bound)
    const cutoff = cutoffOf()
    if (lower > cutoff || found.left === 0 || found.order.length <= found.left) continue
    const { order, left, worth } = found
    const [last, next] = [worth[order[left - 1]!]!, worth[order[left]!]!]
    const fate = node.fate.slice()
    order.forEach((candidate, rank) => {
      if (rank < left) {
        if (found.bound - worth[candidate]! + next > cutoff) fate[candidate] = IN
      } else if (found.bound + worth[candidate]! - last > cutoff) fate[candidate] = OUT
    })
    const branched = order.find((candidate, rank) => rank < left && fate[candidate] === FREE)
    if (branched === undefined) {
      // All that may be built is settled: there is one answer, and no other.
      tryOut(Uint8Array.from(fate, (one) => (one === IN ? 1 : 0)))
      continue
    }
    for (const chosen of [OUT, IN]) {
      const child = fate.slice()
      child[branched] = chosen
      queue.push({ bound: lower, number: ++number, fate: child, multipliers: found.multipliers })
    }
  }
}
