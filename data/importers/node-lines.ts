/** Lines that touch become edges that meet: a walkable network from plain lines. Pure. */

export interface NetworkLine<Facts> {
  /** Key of the line; its pieces are numbered behind it. */
  key: string
  coordinates: readonly (readonly number[])[]
  facts: Facts
}

export interface NetworkEdge<Facts> {
  key: string
  sourceNode: string
  targetNode: string
  coordinates: (readonly number[])[]
  facts: Facts
}

/** A node is known by its place: seven decimals, about a centimetre, as OpenStreetMap itself stores them. */
export function nodeKey(position: readonly number[]): string {
  return `${(position[0] ?? 0).toFixed(7)} ${(position[1] ?? 0).toFixed(7)}`
}

/**
 * Cuts lines at every vertex that another line (or another part of the same one) shares, and at their ends.
 * Lines that cross without a shared vertex do not meet: a bridge does not join the street below.
 * Lengths add up to those of the lines given; edges without length are left out.
 */
export function nodeLines<Facts>(lines: readonly NetworkLine<Facts>[]): NetworkEdge<Facts>[] {
  const uses = new Map<string, number>()
  for (const { coordinates } of lines) {
    coordinates.forEach((position, index) => {
      const key = nodeKey(position)
      const isEnd = index === 0 || index === coordinates.length - 1
      uses.set(key, (uses.get(key) ?? 0) + (isEnd ? 2 : 1))
    })
  }
  const edges: NetworkEdge<Facts>[] = []
  for (const { key, coordinates, facts } of lines) {
    let piece: (readonly number[])[] = []
    let pieces = 0
    coordinates.forEach((position, index) => {
      piece.push(position)
      const isNode = (uses.get(nodeKey(position)) ?? 0) > 1
      if (index === 0 || !isNode) return
      const sourceNode = nodeKey(piece[0] ?? position)
      if (piece.length > 1 && piece.some((other) => nodeKey(other) !== sourceNode)) edges.push({ key: pieces === 0 && index === coordinates.length - 1 ? key : `${key}/${pieces + 1}`, sourceNode, targetNode: nodeKey(position), coordinates: piece, facts })
      pieces++
      piece = [position]
    })
  }
  return edges
}
