/** A table of travel costs that somebody brings: a row per pair of demand and supply, with people and capacities repeated beside them. */
import { type SparseCosts, sparseCostsFrom } from '../engine/sparse-costs.ts'
import type { CommandIo } from './command.ts'
import { amountOf, readTable, TableProblems } from './table-file.ts'

export interface CostTableColumns {
  file: string
  encoding: string | undefined
  cost: string
  demand: string
  supply: string
  /** One or more groups of people. */
  weights: readonly string[]
  capacity: string
}

export interface CostTable {
  costs: SparseCosts
  repeatedPairs: number
  /** Names, in the order in which they come up. */
  demands: string[]
  supplies: string[]
  /** People of each group at each demand, groups in the order of the columns. */
  weights: Float64Array[]
  capacities: Float64Array
}

/** Things that occur in many rows, each with the same amounts in all of them. */
class Register {
  readonly names: string[] = []
  readonly amounts: number[][] = []
  readonly #places = new Map<string, number>()
  readonly #rows: number[] = []
  readonly #columns: readonly string[]

  constructor(columns: readonly string[]) {
    this.#columns = columns
  }

  /** Number of the thing; a fault of the row where its amounts are none, or others than before. */
  take(name: string, cells: readonly string[], row: number, problems: TableProblems): number {
    const amounts = cells.map((cell, index) => amountOf(cell, row, this.#columns[index]!, problems))
    const known = this.#places.get(name)
    if (known === undefined) {
      this.#places.set(name, this.names.length)
      this.#rows.push(row)
      this.amounts.push(amounts)
      return this.names.push(name) - 1
    }
    amounts.forEach((amount, index) => {
      const before = this.amounts[known]![index]!
      if (Number.isNaN(amount) || Number.isNaN(before) || amount === before) return
      problems.add(row, this.#columns[index]!, `“${name}” 在第 ${this.#rows[known]!} 行为 ${before}，此处为 ${amount}。 "${name}" has ${before} in row ${this.#rows[known]!} and ${amount} here`)
    })
    return known
  }

  column(index: number): Float64Array {
    return Float64Array.from(this.amounts, (amounts) => amounts[index]!)
  }
}

/**
 * Reads a table of costs. A row without supply and cost names a demand that reaches nothing, a row without demand and people a supply
 * that nobody reaches; of a pair that occurs several times the least cost counts.
 * @throws AppError bad_request naming rows and columns: a column that is not there, what is no number or below zero, a cost without its
 *   pair, people or capacities that differ between rows of one demand or supply; an empty table
 */
export async function readCostTable(io: CommandIo, columns: CostTableColumns): Promise<CostTable> {
  const wanted = [
    { option: '--demand-column', name: columns.demand },
    { option: '--supply-column', name: columns.supply },
    { option: '--cost-column', name: columns.cost },
    { option: '--capacity-column', name: columns.capacity },
    ...columns.weights.map((name) => ({ option: '--weight-column', name })),
  ]
  const problems = new TableProblems()
  const demands = new Register(columns.weights)
  const supplies = new Register([columns.capacity])
  const pairs: { demand: number[]; supply: number[]; cost: number[] } = { demand: [], supply: [], cost: [] }
  let rows = 0
  for await (const { row, cells } of readTable(io, columns.file, wanted, columns.encoding)) {
    rows += 1
    const [demandName = '', supplyName = '', cost = '', capacity = '', ...people] = cells
    const isDemandAlone = supplyName === '' && cost === '' && demandName !== ''
    const isSupplyAlone = demandName === '' && cost === '' && supplyName !== ''
    if (demandName === '' && !isSupplyAlone) problems.add(row, columns.demand, '为空。 is empty')
    if (supplyName === '' && !isDemandAlone) problems.add(row, columns.supply, '为空。 is empty')
    const demand = demandName === '' ? -1 : demands.take(demandName, people, row, problems)
    const supply = supplyName === '' ? -1 : supplies.take(supplyName, [capacity], row, problems)
    if (demand < 0 || supply < 0) continue
    pairs.demand.push(demand)
    pairs.supply.push(supply)
    pairs.cost.push(amountOf(cost, row, columns.cost, problems))
  }
  if (rows === 0) problems.add(1, null, '只有表头，没有数据。 only the heading, no rows')
  problems.throwIfAny(columns.file)
  const { costs, repeatedPairs } = sparseCostsFrom(demands.names.length, supplies.names.length, pairs.demand, pairs.supply, pairs.cost)
  return { costs, repeatedPairs, demands: demands.names, supplies: supplies.names, weights: columns.weights.map((_name, index) => demands.column(index)), capacities: supplies.column(0) }
}
