/** The demo city's only source of chance: a small seeded generator, so that one seed always gives one city. */

/** Turns text into four 32-bit words (a plain mixing hash; not for secrets). */
function wordsOf(text: string): [number, number, number, number] {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = b ^ Math.imul(a ^ unit, 597399067)
    b = c ^ Math.imul(b ^ unit, 2869860233)
    c = d ^ Math.imul(c ^ unit, 951274213)
    d = a ^ Math.imul(d ^ unit, 2716044179)
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
}

/** A stream of pseudo-random numbers (sfc32). Streams of different names are independent, so that adding a draw in one part of the city leaves the others as they were. */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number
  readonly #seed: string

  constructor(seed: string) {
    this.#seed = seed
    ;[this.#a, this.#b, this.#c, this.#d] = wordsOf(seed)
    for (let round = 0; round < 16; round++) this.next()
  }

  /** A stream of its own for one part of the city. */
  fork(name: string): Random {
    return new Random(`${this.#seed}/${name}`)
  }

  /** Uniform in [0, 1). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + sum) | 0
    return (sum >>> 0) / 4294967296
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** Whole number in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** Normal deviate, clipped at three deviations. */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    const value = radius * Math.cos(2 * Math.PI * this.next())
    return mean + deviation * Math.max(-3, Math.min(3, value))
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** Picks by weight; the weights need not add up to one. */
  weighted<T>(items: readonly (readonly [T, number])[]): T {
    let left = this.next() * items.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [item, weight] of items) {
      left -= weight
      if (left < 0) return item
    }
    const last = items.at(-1)
    if (!last) throw new RangeError('nothing to pick from')
    return last[0]
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items]
    for (let index = result.length - 1; index > 0; index--) {
      const other = Math.floor(this.next() * (index + 1))
      ;[result[index], result[other]] = [result[other]!, result[index]!]
    }
    return result
  }
}
