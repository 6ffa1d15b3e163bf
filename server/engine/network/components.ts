export interface Components {
  /** Connected part of each node, numbered from the one with most nodes down. */
  component: Uint32Array
  /** Nodes of each connected part. */
  componentSize: Uint32Array
}

/** Connected parts of a network, whatever the direction of its edges. Parts of equal size are numbered by their lowest node. */
export function labelComponents(nodeCount: number, from: Uint32Array, to: Uint32Array): Components {
  const parent = new Uint32Array(nodeCount)
  for (let node = 0; node < nodeCount; node += 1) parent[node] = node
  const rootOf = (start: number) => {
    let node = start
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]!]!
      node = parent[node]!
    }
    return node
  }
  for (let edge = 0; edge < from.length; edge += 1) {
    const a = rootOf(from[edge]!)
    const b = rootOf(to[edge]!)
    if (a < b) parent[b] = a
    else if (b < a) parent[a] = b
  }
  const size = new Uint32Array(nodeCount)
  for (let node = 0; node < nodeCount; node += 1) size[rootOf(node)]! += 1
  const roots: number[] = []
  for (let node = 0; node < nodeCount; node += 1) if (parent[node] === node) roots.push(node)
  roots.sort((a, b) => size[b]! - size[a]! || a - b)
  const rank = new Uint32Array(nodeCount)
  roots.forEach((root, index) => (rank[root] = index))
  const component = new Uint32Array(nodeCount)
  for (let node = 0; node < nodeCount; node += 1) component[node] = rank[rootOf(node)]!
  return { component, componentSize: Uint32Array.from(roots, (root) => size[root]!) }
}

/**
 * Which connected parts count as the network proper and which are scraps.
 * @param leastShare of the nodes of the largest part, 0 to 1: a part with fewer is a scrap; 1 leaves the largest only (and others just as large)
 * @returns 1 for parts of the network proper
 */
export function mainComponents({ componentSize }: Components, leastShare: number): Uint8Array {
  const least = (componentSize[0] ?? 0) * leastShare
  return Uint8Array.from(componentSize, (size) => (size >= least ? 1 : 0))
}
