/**
 * Supply per person by floating catchment areas. With demand i of P_i people, supply j of capacity S_j, cost d_ij and weight w_ij = f(d_ij):
 *   step 1, of each supply   R_j = S_j / Σ_k w_kj P_k
 *   step 2, of each demand   A_i = Σ_j w_ij R_j
 * in capacity per person (m² of park, stalls). Luo and Wang 2003 with f a step, Luo and Qi 2009 with f in zones, Dai 2010 with f Gaussian.
 * What is handed out is what there is: Σ_i P_i A_i = Σ_j S_j over the supplies that reach anybody.
 */
import type { SparseCosts } from '../sparse-costs.ts'
import { Sum, sumOf } from '../sum.ts'
import { checkKernel, decayAt, type DecayKernel } from './decay.ts'

/** The weights of a kernel over the costs, worked out once for every group of people and every set of capacities. */
export interface Catchments {
  rowCount: number
  columnCount: number
  /** As in the costs they come from, without the entries that weigh nothing. */
  start: Uint32Array
  column: Uint32Array
  /** Above 0, up to 1. */
  weight: Float64Array
}

/** @throws RangeError for a kernel that is none, see `checkKernel`. */
export function weighCosts(costs: SparseCosts, kernel: DecayKernel): Catchments {
  checkKernel(kernel)
  const { rowCount, columnCount } = costs
  const start = new Uint32Array(rowCount + 1)
  const column = new Uint32Array(costs.column.length)
  const weight = new Float64Array(costs.column.length)
  let place = 0
  for (let row = 0; row < rowCount; row += 1) {
    for (let at = costs.start[row]!; at < costs.start[row + 1]!; at += 1) {
      const share = decayAt(kernel, costs.value[at]!)
      if (share <= 0) continue
      column[place] = costs.column[at]!
      weight[place] = share
      place += 1
    }
    start[row + 1] = place
  }
  return { rowCount, columnCount, start, column: column.slice(0, place), weight: weight.slice(0, place) }
}

/** Whether all that is supplied is received, as numbers. */
export interface Conservation {
  /** Σ S_j over the supplies that reach anybody. */
  supplied: number
  /** Σ P_i A_i. */
  received: number
  /** |received − supplied| / supplied; null when nothing is supplied. */
  relativeDifference: number | null
  isConserved: boolean
}

/** Rounding may move the two sums apart by this share; anything more is a fault of the computation. */
export const CONSERVATION_TOLERANCE = 1e-9

export interface SupplyPerPerson {
  /** A_i, capacity per person at each demand; 0 where no supply is in reach. Told also for demands without people: what somebody there would get. */
  perPerson: Float64Array
  /** R_j, capacity per weighted person of each supply; NaN where it reaches nobody. */
  perSupply: Float64Array
  /** Σ_k w_kj P_k of each supply. */
  peopleInReach: Float64Array
  /** 1 for each demand that no supply reaches, whatever the supply's capacity. */
  isOutOfReach: Uint8Array
  conservation: Conservation
  /** Supplies that reach nobody: their capacity is nobody's. */
  unused: { supplies: number[]; capacity: number }
}

function checkAmounts(amounts: ArrayLike<number>, count: number, what: string): void {
  if (amounts.length !== count) throw new RangeError(`${amounts.length} ${what} for ${count}`)
  for (let index = 0; index < count; index += 1) if (!(amounts[index]! >= 0 && amounts[index]! < Infinity)) throw new RangeError(`${what} number ${index} is ${amounts[index]}: zero or more is due`)
}

/**
 * Supply per person over catchments.
 * @param capacities S_j, of each supply
 * @param people P_i, those who share the supply: residents, elders, children … each group is a call over the same catchments
 * @throws RangeError for amounts that are negative, not finite or too few
 */
export function computeSupply(catchments: Catchments, capacities: Float64Array, people: Float64Array): SupplyPerPerson {
  const { rowCount, columnCount, start, column, weight } = catchments
  checkAmounts(capacities, columnCount, 'capacities')
  checkAmounts(people, rowCount, 'people')
  const inReach = Array.from({ length: columnCount }, () => new Sum())
  for (let row = 0; row < rowCount; row += 1) {
    if (people[row] === 0) continue
    for (let at = start[row]!; at < start[row + 1]!; at += 1) inReach[column[at]!]!.add(weight[at]! * people[row]!)
  }
  const peopleInReach = Float64Array.from(inReach, (sum) => sum.value)
  const perSupply = Float64Array.from(peopleInReach, (reached, supply) => (reached > 0 ? capacities[supply]! / reached : Number.NaN))
  const perPerson = new Float64Array(rowCount)
  const isOutOfReach = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row += 1) {
    if (start[row] === start[row + 1]) isOutOfReach[row] = 1
    // Summed plainly and in order, so that one supply more can never make the sum smaller.
    for (let at = start[row]!; at < start[row + 1]!; at += 1) if (peopleInReach[column[at]!]! > 0) perPerson[row]! += weight[at]! * perSupply[column[at]!]!
    if (perPerson[row] === Infinity) throw new RangeError(`demand ${row} shares its supply with too small a part of one person to be counted`)
  }
  const unused = [...peopleInReach.keys()].filter((supply) => peopleInReach[supply]! === 0)
  const supplied = sumOf(capacities.filter((_capacity, supply) => peopleInReach[supply]! > 0))
  const received = sumOf(people.map((count, row) => (count === 0 ? 0 : count * perPerson[row]!)))
  const relativeDifference = supplied > 0 ? Math.abs(received - supplied) / supplied : null
  return {
    perPerson,
    perSupply,
    peopleInReach,
    isOutOfReach,
    conservation: { supplied, received, relativeDifference, isConserved: relativeDifference === null ? received === 0 : relativeDifference <= CONSERVATION_TOLERANCE },
    unused: { supplies: unused, capacity: sumOf(unused.map((supply) => capacities[supply]!)) },
  }
}
