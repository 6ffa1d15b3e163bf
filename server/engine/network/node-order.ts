/** Orders of nodes in which neighbours on the ground are neighbours in memory: a search then finds most of what it needs in the cache. */

const SIDE_BITS = 16

/** Place of a cell of a 2¹⁶ × 2¹⁶ lattice along the Hilbert curve (Hilbert 1891), 0 to 2³² − 1. */
function hilbertPlace(column: number, row: number): number {
  let x = column
  let y = row
  let place = 0
  for (let side = 1 << (SIDE_BITS - 1); side > 0; side >>= 1) {
    const right = (x & side) > 0 ? 1 : 0
    const upper = (y & side) > 0 ? 1 : 0
    place = place * 4 + ((3 * right) ^ upper)
    if (upper === 0) {
      if (right === 1) {
        x = side - 1 - (x & (side - 1))
        y = side - 1 - (y & (side - 1))
      }
      const swapped = x
      x = y
      y = swapped
    }
    x &= side - 1
    y &= side - 1
  }
  return place
}

/** Indices in ascending order of their keys, equal keys in ascending order of index: two passes of 16 bits. */
function sortByKey(keys: Uint32Array): Uint32Array {
  let order = Uint32Array.from(keys, (_key, index) => index)
  for (const shift of [0, 16]) {
    const start = new Uint32Array(65_537)
    for (const key of keys) start[((key >>> shift) & 0xffff) + 1]! += 1
    for (let digit = 0; digit < 65_536; digit += 1) start[digit + 1]! += start[digit]!
    const sorted = new Uint32Array(order.length)
    for (const index of order) {
      const digit = (keys[index]! >>> shift) & 0xffff
      sorted[start[digit]!] = index
      start[digit]! += 1
    }
    order = sorted
  }
  return order
}

/** Nodes along the Hilbert curve over their own box. @param coordinates x, y interleaved */
export function orderAlongHilbertCurve(coordinates: Float64Array): Uint32Array {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < coordinates.length; at += 2) {
    minX = Math.min(minX, coordinates[at]!)
    maxX = Math.max(maxX, coordinates[at]!)
    minY = Math.min(minY, coordinates[at + 1]!)
    maxY = Math.max(maxY, coordinates[at + 1]!)
  }
  const scale = ((1 << SIDE_BITS) - 1) / Math.max(maxX - minX, maxY - minY, Number.MIN_VALUE)
  const keys = new Uint32Array(coordinates.length / 2)
  for (let node = 0; node < keys.length; node += 1) keys[node] = hilbertPlace(Math.floor((coordinates[node * 2]! - minX) * scale), Math.floor((coordinates[node * 2 + 1]! - minY) * scale))
  return sortByKey(keys)
}

/** Nodes breadth first from the lowest number of each connected part: for networks without coordinates. */
export function orderBreadthFirst(nodeCount: number, from: Uint32Array, to: Uint32Array): Uint32Array {
  const start = new Uint32Array(nodeCount + 1)
  for (let edge = 0; edge < from.length; edge += 1) {
    start[from[edge]! + 1]! += 1
    start[to[edge]! + 1]! += 1
  }
  for (let node = 0; node < nodeCount; node += 1) start[node + 1]! += start[node]!
  const filled = start.slice(0, nodeCount)
  const neighbours = new Uint32Array(from.length * 2)
  for (let edge = 0; edge < from.length; edge += 1) {
    neighbours[filled[from[edge]!]!++] = to[edge]!
    neighbours[filled[to[edge]!]!++] = from[edge]!
  }
  const order = new Uint32Array(nodeCount)
  const isListed = new Uint8Array(nodeCount)
  let listed = 0
  for (let first = 0; first < nodeCount; first += 1) {
    if (isListed[first]) continue
    isListed[first] = 1
    let next = listed
    order[listed++] = first
    for (; next < listed; next += 1) {
      const node = order[next]!
      for (let at = start[node]!; at < start[node + 1]!; at += 1) {
        const neighbour = neighbours[at]!
        if (isListed[neighbour]) continue
        isListed[neighbour] = 1
        order[listed++] = neighbour
      }
    }
  }
  return order
}
