/**
 * How evenly a figure per person is spread over people: mean, quantiles, Lorenz curve, Gini coefficient, people below a standard.
 * Every demand stands for its people; how they are cut into demands makes no difference. Where there are no people, or where
 * nothing is there to be shared out, there is no value (null).
 */
import { sumOf } from '../sum.ts'

/** Two values nearer to each other than this share count as equal: rounding must not put somebody below a standard he meets. */
const EQUAL = 1e-9

/** Whether a value misses a standard; one at it meets it. */
export function isBelow(value: number, standard: number): boolean {
  return value < standard * (1 - EQUAL)
}

/** Demands that have people, from the least value up, with running sums. */
export interface Ranking {
  value: Float64Array
  /** People up to and with this one. */
  people: Float64Array
  /** Their share of what there is, summed: Σ people × value. */
  amount: Float64Array
}

/** @throws RangeError for people that are negative, or values that are not finite where there are people. */
export function rankPeople(values: Float64Array, people: Float64Array): Ranking {
  if (values.length !== people.length) throw new RangeError(`${values.length} values for ${people.length} demands`)
  const order: number[] = []
  people.forEach((count, demand) => {
    if (!(count >= 0 && count < Infinity)) throw new RangeError(`demand ${demand} has ${count} people: zero or more is due`)
    if (count === 0) return
    if (!Number.isFinite(values[demand]!)) throw new RangeError(`demand ${demand} has the value ${values[demand]}`)
    order.push(demand)
  })
  order.sort((a, b) => values[a]! - values[b]! || a - b)
  const ranking: Ranking = { value: new Float64Array(order.length), people: new Float64Array(order.length), amount: new Float64Array(order.length) }
  let peopleSum = 0
  let amountSum = 0
  order.forEach((demand, rank) => {
    peopleSum += people[demand]!
    amountSum += people[demand]! * values[demand]!
    ranking.value[rank] = values[demand]!
    ranking.people[rank] = peopleSum
    ranking.amount[rank] = amountSum
  })
  return ranking
}

const lastOf = (sums: Float64Array): number => sums[sums.length - 1] ?? 0

/** Mean value of one person; null without people. */
export function meanOf({ people, amount }: Ranking): number | null {
  return lastOf(people) > 0 ? lastOf(amount) / lastOf(people) : null
}

/** The least value that at least this share (0 to 1) of the people stay at or below; null without people. */
export function quantileOf({ value, people }: Ranking, share: number): number | null {
  const wanted = lastOf(people) * share * (1 - EQUAL)
  let low = 0
  let high = people.length - 1
  if (high < 0) return null
  while (low < high) {
    const middle = (low + high) >> 1
    if (people[middle]! >= wanted) high = middle
    else low = middle + 1
  }
  return value[low]!
}

/**
 * Gini coefficient over people: 1 − Σ (p_k − p_{k−1}) (L_k + L_{k−1}), with p the share of people and L their share of what there is,
 * from the poorest up. 0 where all have the same, 1 − s where a share s of the people has all. Null without people or where nobody has anything.
 */
export function giniOf({ people, amount }: Ranking): number | null {
  const everybody = lastOf(people)
  const all = lastOf(amount)
  if (!(everybody > 0 && all > 0)) return null
  const twiceArea = sumOf(Array.from(people, (sum, rank) => ((sum - (people[rank - 1] ?? 0)) / everybody) * ((amount[rank]! + (amount[rank - 1] ?? 0)) / all)))
  return Math.min(1, Math.max(0, 1 - twiceArea))
}

export interface LorenzPoint {
  /** Share of the people, from the poorest up. */
  people: number
  /** Their share of what there is. */
  share: number
}

/** Lorenz curve at equal steps of people, ends included; null without people or where nobody has anything. */
export function lorenzCurve({ people, amount }: Ranking, steps: number): LorenzPoint[] | null {
  const everybody = lastOf(people)
  const all = lastOf(amount)
  if (!(everybody > 0 && all > 0)) return null
  let rank = 0
  return Array.from({ length: steps + 1 }, (_value, step) => {
    if (step === steps) return { people: 1, share: 1 }
    const wanted = (everybody * step) / steps
    while (people[rank]! < wanted) rank += 1
    const before = people[rank - 1] ?? 0
    const amountBefore = amount[rank - 1] ?? 0
    const along = (wanted - before) / (people[rank]! - before)
    return { people: step / steps, share: (amountBefore + (amount[rank]! - amountBefore) * along) / all }
  })
}

/** People whose value is below the standard (a value at it meets it), and their share of all; the share is null without people. */
export function belowStandard({ value, people }: Ranking, standard: number): { people: number; share: number | null } {
  let low = 0
  let high = value.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBelow(value[middle]!, standard)) low = middle + 1
    else high = middle
  }
  const below = low === 0 ? 0 : people[low - 1]!
  return { people: below, share: lastOf(people) > 0 ? below / lastOf(people) : null }
}

export interface Equity {
  people: number
  mean: number | null
  least: number | null
  lowerQuartile: number | null
  median: number | null
  upperQuartile: number | null
  greatest: number | null
  gini: number | null
  lorenz: LorenzPoint[] | null
  /** Null where no standard was given. */
  below: { standard: number; people: number; share: number | null } | null
}

/**
 * All figures at once.
 * @param values capacity per person of each demand
 * @param people of each demand; another group than the one that shares the supply may be looked at
 */
export function describeEquity(values: Float64Array, people: Float64Array, { standard, lorenzSteps }: { standard: number | null; lorenzSteps: number }): Equity {
  const ranking = rankPeople(values, people)
  return {
    people: lastOf(ranking.people),
    mean: meanOf(ranking),
    least: ranking.value[0] ?? null,
    lowerQuartile: quantileOf(ranking, 0.25),
    median: quantileOf(ranking, 0.5),
    upperQuartile: quantileOf(ranking, 0.75),
    greatest: ranking.value[ranking.value.length - 1] ?? null,
    gini: giniOf(ranking),
    lorenz: lorenzCurve(ranking, lorenzSteps),
    below: standard === null ? null : { standard, ...belowStandard(ranking, standard) },
  }
}
