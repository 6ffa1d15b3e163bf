/** Poisson and negative binomial counts: how likely at most so many are, and the bounds of an interval. */

/** Mean and, where counts spread wider than Poisson's, θ with variance μ + μ²/θ (NB2). */
export interface CountDistribution {
  mean: number
  theta: number | null
}

/** Logarithms of the probabilities of 0, 1, 2 …, each from the one before. */
function* logProbabilities({ mean, theta }: CountDistribution): Generator<number> {
  let value = theta === null ? -mean : theta * Math.log(theta / (theta + mean))
  const ratio = theta === null ? Math.log(mean) : Math.log(mean / (theta + mean))
  for (let count = 0; ; count++) {
    yield value
    value += ratio + Math.log((theta === null ? 1 : count + theta) / (count + 1))
  }
}

/** Probability of at most `count`. */
export function probabilityUpTo(count: number, distribution: CountDistribution): number {
  if (count < 0) return 0
  if (distribution.mean === 0) return 1
  let sum = 0
  let next = 0
  for (const value of logProbabilities(distribution)) {
    if (next++ > count) break
    sum += Math.exp(value)
  }
  return Math.min(1, sum)
}

/** Counts beyond this are not looked at: no community has so many. */
const MOST = 10_000_000

/** The least count of which at most so many has the probability `share` (0 < share < 1). */
export function quantile(share: number, distribution: CountDistribution): number {
  if (distribution.mean === 0) return 0
  let sum = 0
  let count = 0
  for (const value of logProbabilities(distribution)) {
    sum += Math.exp(value)
    if (sum >= share || count >= MOST) return count
    count++
  }
  return count
}

/** Counts between which all but `tail` on either side lie. */
export function intervalOf(tail: number, distribution: CountDistribution): { lower: number; upper: number } {
  return { lower: quantile(tail, distribution), upper: quantile(1 - tail, distribution) }
}
