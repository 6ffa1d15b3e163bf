/** Classes of the map: halves and multiples of the standard, or round steps by quantiles where none was given. Pure. */
import type { SupplyResult } from '../contract/planning-supply.ts'
import type { SharedOut } from '../engine/supply/share-out.ts'
import { isBelow } from '../engine/supply/equity.ts'

const OF_STANDARD = [0.5, 1, 2] as const

/** A number with one leading digit of 1, 2 or 5. */
function rounded(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const lead = value / power
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10)
}

function endsOf({ equity }: SharedOut, standard: number | null): number[] {
  if (standard !== null && standard > 0) return OF_STANDARD.map((share) => share * standard)
  const ends = [equity.lowerQuartile, equity.median, equity.upperQuartile].filter((value) => value !== null && value > 0).map((value) => rounded(value!))
  return [...new Set(ends)].sort((a, b) => a - b)
}

/** Classes with their demands and people; the first, up to 0, are those who get nothing. */
export function classesOf(found: SharedOut, weights: Float64Array, standard: number | null): SupplyResult['classes'] {
  const ends = endsOf(found, standard)
  const classes = [{ from: 0, upTo: 0 as number | null }, ...ends.map((upTo, index) => ({ from: ends[index - 1] ?? 0, upTo: upTo as number | null })), { from: ends.at(-1) ?? 0, upTo: null }].map((one) => ({ ...one, demands: 0, people: 0 }))
  found.perPerson.forEach((value, demand) => {
    if (!found.isCounted[demand] || weights[demand] === 0) return
    const at = value === 0 ? 0 : 1 + ends.filter((end) => !isBelow(value, end)).length
    classes[at]!.demands += 1
    classes[at]!.people += weights[demand]!
  })
  return classes
}
