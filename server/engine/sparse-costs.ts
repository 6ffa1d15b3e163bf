/** Sparse tables in one piece: row r holds the columns column[start[r]] … column[start[r + 1] - 1], with a value beside each where there are values. */
export interface SparseRows {
  rowCount: number
  columnCount: number
  /** rowCount + 1 offsets. */
  start: Uint32Array
  column: Uint32Array
  /** As long as `column`; null where only the relation counts. */
  value: Float64Array | null
}

/**
 * Travel costs between demands (rows) and supplies (columns), only where there is one: demand d reaches the supplies
 * column[start[d]] … column[start[d + 1] - 1] at the cost beside each. Within a row the supplies ascend and occur once.
 * Neutral of the ruler: metres or minutes, in a straight line, along a network, or from a table that somebody brought.
 */
export interface SparseCosts extends SparseRows {
  /** Cost of each entry, zero or more, finite. */
  value: Float64Array
}

/** More pairs than are to be held in memory. */
export class TooManyPairsError extends RangeError {}

/**
 * Puts pairs into rows, whatever their order. Of a pair that occurs more than once the least cost stays (a park with several entrances).
 * @param demands,supplies,costs one entry a pair, of equal length
 * @returns the costs, and how many pairs occurred more than once
 * @throws RangeError for a number that is outside, or a cost that is negative or not finite
 */
export function sparseCostsFrom(rowCount: number, columnCount: number, demands: ArrayLike<number>, supplies: ArrayLike<number>, costs: ArrayLike<number>): { costs: SparseCosts; repeatedPairs: number } {
  const pairCount = demands.length
  if (supplies.length !== pairCount || costs.length !== pairCount) throw new RangeError(`${pairCount} demands, ${supplies.length} supplies and ${costs.length} costs do not make pairs`)
  const first = new Uint32Array(rowCount + 1)
  for (let pair = 0; pair < pairCount; pair += 1) {
    if (!(demands[pair]! < rowCount)) throw new RangeError(`pair ${pair} names demand ${demands[pair]} of ${rowCount}`)
    if (!(supplies[pair]! < columnCount)) throw new RangeError(`pair ${pair} names supply ${supplies[pair]} of ${columnCount}`)
    if (!(costs[pair]! >= 0 && costs[pair]! < Infinity)) throw new RangeError(`pair ${pair} has cost ${costs[pair]}: zero or more is due`)
    first[demands[pair]! + 1]! += 1
  }
  for (let row = 0; row < rowCount; row += 1) first[row + 1]! += first[row]!
  const order = new Uint32Array(pairCount)
  const next = first.slice(0, rowCount)
  for (let pair = 0; pair < pairCount; pair += 1) order[next[demands[pair]!]!++] = pair
  const start = new Uint32Array(rowCount + 1)
  const column = new Uint32Array(pairCount)
  const value = new Float64Array(pairCount)
  let place = 0
  let repeatedPairs = 0
  for (let row = 0; row < rowCount; row += 1) {
    const pairs = order.subarray(first[row]!, first[row + 1]!).sort((a, b) => supplies[a]! - supplies[b]! || costs[a]! - costs[b]!)
    let last = -1
    let isCounted = false
    for (const pair of pairs) {
      if (supplies[pair] === last) {
        if (!isCounted) repeatedPairs += 1
        isCounted = true
        continue
      }
      last = supplies[pair]!
      isCounted = false
      column[place] = last
      value[place] = costs[pair]!
      place += 1
    }
    start[row + 1] = place
  }
  return { costs: { rowCount, columnCount, start, column: column.slice(0, place), value: value.slice(0, place) }, repeatedPairs }
}
