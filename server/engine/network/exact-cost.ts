/**
 * Costs of walking (metres or minutes) are held as whole multiples of 2⁻³⁰, about a millionth of a millimetre.
 * Sums of such numbers below 2²³ are exact, so that they do not depend on the order of adding: equal ways are equal,
 * there is as far as back, and a search that goes on from an earlier one ends at the same numbers as a new one.
 */
const STEPS = 2 ** 30
const EXACT_BELOW = 2 ** 22

/** The nearest cost that adds exactly; what is too great for that (4,000 km) stays as it is. */
export function exactCost(cost: number): number {
  return cost < EXACT_BELOW ? Math.round(cost * STEPS) / STEPS : cost
}

/** Cost of the first part of an edge, up to a fraction of it; 0 at its beginning even where the edge is closed. */
export function costUpTo(cost: number, fraction: number): number {
  if (fraction <= 0) return 0
  return fraction >= 1 ? cost : exactCost(cost * fraction)
}

/** Cost from one point of an edge to a later one; the parts of an edge add up to the whole. Infinity on a closed edge, 0 between equal points. */
export function costBetween(cost: number, fraction: number, laterFraction: number): number {
  if (laterFraction <= fraction) return 0
  return cost === Infinity ? Infinity : costUpTo(cost, laterFraction) - costUpTo(cost, fraction)
}
