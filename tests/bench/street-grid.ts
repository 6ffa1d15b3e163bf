/** Street networks to measure with: a grid of blocks of about a hundred metres, corners shifted, every other block with a diagonal, nodes numbered at random. */
import type { NetworkEdges } from '../../server/engine/network/graph.ts'

export interface StreetGrid {
  edges: NetworkEdges & { coordinates: Float64Array }
  /** Nodes with a gate, as the input numbers them. */
  gates: Uint32Array
}

const BLOCK_METERS = 100
const SHIFT_METERS = 40
const DIAGONAL_SHARE = 0.5

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A square of side × side corners. @param gateShare gates for each node */
export function makeStreetGrid(side: number, gateShare: number, seed: number): StreetGrid {
  const next = dice(seed)
  const nodeCount = side * side
  // Real files know no order that helps: corners carry numbers at random.
  const numberOf = Uint32Array.from({ length: nodeCount }, (_value, corner) => corner)
  for (let corner = nodeCount - 1; corner > 0; corner -= 1) {
    const other = Math.floor(next() * (corner + 1))
    const kept = numberOf[corner]!
    numberOf[corner] = numberOf[other]!
    numberOf[other] = kept
  }
  const coordinates = new Float64Array(nodeCount * 2)
  for (let corner = 0; corner < nodeCount; corner += 1) {
    coordinates[numberOf[corner]! * 2] = (corner % side) * BLOCK_METERS + next() * SHIFT_METERS
    coordinates[numberOf[corner]! * 2 + 1] = Math.floor(corner / side) * BLOCK_METERS + next() * SHIFT_METERS
  }
  const greatest = 3 * nodeCount
  const [from, to, costForward] = [new Uint32Array(greatest), new Uint32Array(greatest), new Float64Array(greatest)]
  let count = 0
  const join = (a: number, b: number) => {
    const [start, end] = [numberOf[a]!, numberOf[b]!]
    from[count] = start
    to[count] = end
    costForward[count] = Math.hypot(coordinates[start * 2]! - coordinates[end * 2]!, coordinates[start * 2 + 1]! - coordinates[end * 2 + 1]!)
    count += 1
  }
  for (let corner = 0; corner < nodeCount; corner += 1) {
    const isLastColumn = corner % side === side - 1
    const isLastRow = corner >= nodeCount - side
    if (!isLastColumn) join(corner, corner + 1)
    if (!isLastRow) join(corner, corner + side)
    if (!isLastColumn && !isLastRow && next() < DIAGONAL_SHARE) join(corner, corner + side + 1)
  }
  const gates = Uint32Array.from({ length: Math.round(nodeCount * gateShare) }, () => Math.floor(next() * nodeCount))
  return { edges: { nodeCount, from: from.slice(0, count), to: to.slice(0, count), costForward: costForward.slice(0, count), coordinates }, gates }
}
