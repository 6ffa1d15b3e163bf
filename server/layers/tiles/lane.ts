/** The lane is full: too many wait already. */
export class LaneFull extends Error {}

/** A lane of bounded width before the database: tiles of a restless map must not take every connection from the rest. */
export class Lane {
  readonly #width: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(width: number, maxWaiting: number) {
    this.#width = width
    this.#maxWaiting = maxWaiting
  }

  /**
   * Runs `work` when its turn comes; whoever goes while waiting is taken out.
   * @throws LaneFull when too many wait; the reason of `signal` when it is aborted before its turn.
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    if (this.#running >= this.#width) await this.#turn(signal)
    else this.#running += 1
    try {
      return await work()
    } finally {
      // The place goes on to the next one waiting without ever being free in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) throw new LaneFull()
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(go)
    })
  }
}
