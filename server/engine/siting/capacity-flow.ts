import type { SparseRows } from './sparse.ts'

/**
 * Who is served when sites have capacities: the greatest weight that can go from demands to open sites, a demand being divided where need be.
 * Maximum flow by shortest augmenting paths over groups and sites; opening a site keeps the flow that is there.
 */
export class CapacityFlow {
  readonly rows: SparseRows
  readonly columns: SparseRows
  /** Weight of each group that is not served yet. */
  readonly unserved: Float64Array
  /** Capacity of each site that is not used yet; 0 while it is closed. */
  readonly free: Float64Array
  /** Weight served along each entry of `rows`. */
  readonly flow: Float64Array
  served = 0
  readonly #entryOf: Uint32Array
  readonly #capacities: Float64Array
  readonly #tiny: number

  /** @param columns transpose of `rows` */
  constructor(rows: SparseRows, columns: SparseRows, weights: Float64Array, capacities: Float64Array) {
    this.rows = rows
    this.columns = columns
    this.unserved = weights.slice()
    this.free = new Float64Array(columns.rowCount)
    this.flow = new Float64Array(rows.column.length)
    this.#capacities = capacities
    this.#tiny = weights.reduce((sum, weight) => sum + weight, 0) * 1e-13
    // Place in `rows` of each entry of `columns`.
    this.#entryOf = new Uint32Array(rows.column.length)
    const next = columns.start.slice(0, columns.rowCount)
    for (let at = 0; at < rows.column.length; at += 1) this.#entryOf[next[rows.column[at]!]!++] = at
  }

  open(site: number): void {
    this.free[site] = this.#capacities[site]!
    this.#takeUnserved(site)
    while (this.#augment());
  }

  /** What opening a site would add; everything stays as it is. */
  gainOf(site: number): number {
    const kept = { unserved: this.unserved.slice(), free: this.free.slice(), flow: this.flow.slice(), served: this.served }
    this.open(site)
    const gain = this.served - kept.served
    this.unserved.set(kept.unserved)
    this.free.set(kept.free)
    this.flow.set(kept.flow)
    this.served = kept.served
    return gain
  }

  /** Whom the site can take straight away, without anybody being passed on: most of it, and at the cost of one look. */
  #takeUnserved(site: number): void {
    const { columns, unserved, free, flow } = this
    for (let place = columns.start[site]!; place < columns.start[site + 1]! && free[site]! > this.#tiny; place += 1) {
      const group = columns.column[place]!
      if (unserved[group]! <= this.#tiny) continue
      const amount = Math.min(unserved[group]!, free[site]!)
      flow[this.#entryOf[place]!]! += amount
      unserved[group]! -= amount
      free[site]! -= amount
      this.served += amount
    }
  }

  /** Weight that each site serves. */
  loads(): Float64Array {
    const { rows, flow } = this
    const loads = new Float64Array(this.columns.rowCount)
    for (let at = 0; at < rows.column.length; at += 1) loads[rows.column[at]!]! += flow[at]!
    return loads
  }

  /** Sends as much as one path takes from a group with unserved weight to a site with free capacity; false when there is no such path. */
  #augment(): boolean {
    const { rows, columns, unserved, free, flow } = this
    const entryToSite = new Int32Array(columns.rowCount).fill(-1)
    const entryToGroup = new Int32Array(rows.rowCount).fill(-1)
    const isSeen = new Uint8Array(rows.rowCount)
    const queue: number[] = []
    unserved.forEach((weight, group) => {
      if (weight <= this.#tiny) return
      isSeen[group] = 1
      queue.push(group)
    })
    const groupOfEntry = new Int32Array(columns.rowCount).fill(-1)
    for (let head = 0; head < queue.length; head += 1) {
      const group = queue[head]!
      for (let at = rows.start[group]!; at < rows.start[group + 1]!; at += 1) {
        const site = rows.column[at]!
        if (entryToSite[site]! >= 0) continue
        entryToSite[site] = at
        groupOfEntry[site] = group
        if (free[site]! > this.#tiny) {
          this.#send(site, entryToSite, groupOfEntry, entryToGroup)
          return true
        }
        // A full site can pass on somebody it serves to make room.
        for (let place = columns.start[site]!; place < columns.start[site + 1]!; place += 1) {
          const other = columns.column[place]!
          const entry = this.#entryOf[place]!
          if (isSeen[other] === 1 || flow[entry]! <= this.#tiny) continue
          isSeen[other] = 1
          entryToGroup[other] = entry
          queue.push(other)
        }
      }
    }
    return false
  }

  #send(target: number, entryToSite: Int32Array, groupOfEntry: Int32Array, entryToGroup: Int32Array): void {
    const { rows, unserved, free, flow } = this
    const forward: number[] = []
    const backward: number[] = []
    let amount = free[target]!
    let site = target
    let group = groupOfEntry[site]!
    for (;;) {
      forward.push(entryToSite[site]!)
      group = groupOfEntry[site]!
      if (entryToGroup[group]! < 0) break
      backward.push(entryToGroup[group]!)
      amount = Math.min(amount, flow[entryToGroup[group]!]!)
      site = rows.column[entryToGroup[group]!]!
    }
    amount = Math.min(amount, unserved[group]!)
    for (const entry of forward) flow[entry]! += amount
    for (const entry of backward) flow[entry]! -= amount
    unserved[group]! -= amount
    free[target]! -= amount
    this.served += amount
  }
}
