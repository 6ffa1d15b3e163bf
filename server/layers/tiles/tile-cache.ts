/** Finished tiles in memory, the least recently asked dropped first. */
export interface CachedTile {
  /** Null when nothing shows there. */
  body: Buffer | null
  /** How `body` is compressed; small ones are not. */
  encoding: 'gzip' | null
  /** Layers of which features were left out for size. */
  cut: readonly string[]
}

/** What an entry costs beside its body. */
const OVERHEAD = 300

export class TileCache {
  readonly #entries = new Map<string, CachedTile>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get(key: string): CachedTile | undefined {
    const tile = this.#entries.get(key)
    if (tile) {
      // A Map keeps the order of insertion: putting it in again makes it the youngest.
      this.#entries.delete(key)
      this.#entries.set(key, tile)
    }
    return tile
  }

  set(key: string, tile: CachedTile): void {
    this.#drop(key)
    this.#entries.set(key, tile)
    this.#bytes += costOf(tile)
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.#drop(oldest)
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  #drop(key: string): void {
    const tile = this.#entries.get(key)
    if (!tile) return
    this.#entries.delete(key)
    this.#bytes -= costOf(tile)
  }
}

function costOf(tile: CachedTile): number {
  return OVERHEAD + (tile.body?.length ?? 0)
}
