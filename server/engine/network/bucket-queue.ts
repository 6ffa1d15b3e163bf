/**
 * The queue of a search that never goes back (a calendar queue, Brown 1988, doi:10.1145/63039.63045): keys only grow, by no more than a known step.
 * Keys to come lie unsorted in a ring of buckets; only the bucket at hand is a heap, small enough for the cache.
 * The order is exact whatever the width of a bucket, which decides about speed alone.
 * Keys are kept by the caller, one for each node in `keys`; lowering one is told with `put`.
 */

const RING = 1024
const ARITY = 4

export class BucketQueue {
  readonly #keys: Float64Array
  #perKey = 1
  readonly #slots: Uint32Array[] = Array.from({ length: RING }, () => new Uint32Array(0))
  readonly #counts = new Uint32Array(RING)
  #waiting = 0
  #bucket = 0
  #heapKeys = new Float64Array(1024)
  #heapNodes = new Uint32Array(1024)
  #heapSize = 0
  /** Key of the node that `pop` answered last. */
  poppedKey = 0

  /** @param keys key of each node; Infinity for nodes that are not in the queue */
  constructor(keys: Float64Array) {
    this.#keys = keys
  }

  /** Memory in bytes, beside the keys. */
  get bytes(): number {
    return this.#slots.reduce((sum, slot) => sum + slot.byteLength, 0) + this.#counts.byteLength + this.#heapKeys.byteLength + this.#heapNodes.byteLength
  }

  /**
   * Empties the queue for a new search.
   * @param greatestStep by how much a key may be greater than the one popped last
   */
  clear(greatestStep: number): void {
    this.#perKey = (RING - 4) / (greatestStep > 0 && Number.isFinite(greatestStep) ? greatestStep : 1)
    if (this.#waiting > 0) this.#counts.fill(0)
    this.#waiting = 0
    this.#bucket = 0
    this.#heapSize = 0
    this.poppedKey = 0
  }

  /** Puts a node in, or moves it forward, after its key was lowered. One that is put in again at the same key comes out twice. */
  put(node: number): void {
    const key = this.#keys[node]!
    const bucket = Math.floor(key * this.#perKey)
    if (bucket <= this.#bucket) {
      this.#push(node, key)
      return
    }
    const slot = bucket & (RING - 1)
    const count = this.#counts[slot]!
    let nodes = this.#slots[slot]!
    if (count === nodes.length) {
      const wider = new Uint32Array(Math.max(16, count * 2))
      wider.set(nodes)
      this.#slots[slot] = nodes = wider
    }
    nodes[count] = node
    this.#counts[slot] = count + 1
    this.#waiting += 1
  }

  /** The node with the smallest key, -1 when there is none left. */
  pop(): number {
    for (;;) {
      while (this.#heapSize > 0) {
        const node = this.#heapNodes[0]!
        const key = this.#heapKeys[0]!
        this.#heapSize -= 1
        if (this.#heapSize > 0) this.#sink(0, this.#heapNodes[this.#heapSize]!, this.#heapKeys[this.#heapSize]!)
        // Left behind when its key was lowered.
        if (key !== this.#keys[node]!) continue
        this.poppedKey = key
        return node
      }
      if (this.#waiting === 0) return -1
      this.#open()
    }
  }

  /** Goes on to the next bucket that holds anything and makes a heap of it. */
  #open(): void {
    do this.#bucket += 1
    while (this.#counts[this.#bucket & (RING - 1)] === 0)
    const slot = this.#bucket & (RING - 1)
    const nodes = this.#slots[slot]!
    const count = this.#counts[slot]!
    this.#counts[slot] = 0
    this.#waiting -= count
    this.#reserve(count)
    const keys = this.#keys
    let size = 0
    for (let at = 0; at < count; at += 1) {
      const node = nodes[at]!
      const key = keys[node]!
      // Those that moved forward since are done with.
      if (Math.floor(key * this.#perKey) !== this.#bucket) continue
      this.#heapNodes[size] = node
      this.#heapKeys[size] = key
      size += 1
    }
    this.#heapSize = size
    for (let at = Math.floor((size - 2) / ARITY); at >= 0; at -= 1) this.#sink(at, this.#heapNodes[at]!, this.#heapKeys[at]!)
  }

  #reserve(size: number): void {
    if (size <= this.#heapNodes.length) return
    const keys = new Float64Array(size * 2)
    const nodes = new Uint32Array(size * 2)
    keys.set(this.#heapKeys)
    nodes.set(this.#heapNodes)
    this.#heapKeys = keys
    this.#heapNodes = nodes
  }

  #push(node: number, key: number): void {
    this.#reserve(this.#heapSize + 1)
    const heapKeys = this.#heapKeys
    const heapNodes = this.#heapNodes
    let at = this.#heapSize
    this.#heapSize += 1
    while (at > 0) {
      const above = (at - 1) >> 2
      if (heapKeys[above]! <= key) break
      heapKeys[at] = heapKeys[above]!
      heapNodes[at] = heapNodes[above]!
      at = above
    }
    heapKeys[at] = key
    heapNodes[at] = node
  }

  #sink(hole: number, node: number, key: number): void {
    const heapKeys = this.#heapKeys
    const heapNodes = this.#heapNodes
    const size = this.#heapSize
    let at = hole
    for (;;) {
      const first = at * ARITY + 1
      if (first >= size) break
      const end = Math.min(first + ARITY, size)
      let least = first
      let leastKey = heapKeys[first]!
      for (let below = first + 1; below < end; below += 1) {
        const belowKey = heapKeys[below]!
        if (belowKey < leastKey) {
          least = below
          leastKey = belowKey
        }
      }
      if (leastKey >= key) break
      heapKeys[at] = leastKey
      heapNodes[at] = heapNodes[least]!
      at = least
    }
    heapKeys[at] = key
    heapNodes[at] = node
  }
}
