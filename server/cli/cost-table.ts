/**
 * A table of travel costs that somebody brings: a row per pair of demand and supply, with several groups of people and capacities repeated beside them.
 * Catchments forgive what an instance of siting (siting/cost-table.ts) may not: a pair that is there twice, a demand or supply that reaches nothing.
 */
import path from 'node:path'
import { type SparseCosts, sparseCostsFrom } from '../engine/sparse-costs.ts'
import { amountOf, readTable, RowFaults } from '../files/read-table.ts'
import type { CommandIo } from './command.ts'

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
  take(name: string, cells: readonly string[], row: number, faults: RowFaults): number {
    const amounts = cells.map((cell, index) => amountOf(cell, this.#columns[index]!, row, faults))
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
      faults.add(row, `“${name}” 在第 ${this.#rows[known]!} 行为 ${before}，此处为 ${amount}。 "${name}" has ${before} in row ${this.#rows[known]!} and ${amount} here`, this.#columns[index]!)
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
  const file = path.resolve(io.workingDirectory, columns.file)
  const faults = new RowFaults(file)
  const demands = new Register(columns.weights)
  const supplies = new Register([columns.capacity])
  const pairs: { demand: number[]; supply: number[]; cost: number[] } = { demand: [], supply: [], cost: [] }
  let rows = 0
  for await (const { row, cells } of readTable(file, columns.encoding ?? null, wanted, faults)) {
    io.signal.throwIfAborted()
    rows += 1
    const [demandName = '', supplyName = '', cost = '', capacity = '', ...people] = cells
    const isDemandAlone = supplyName === '' && cost === '' && demandName !== ''
    const isSupplyAlone = demandName === '' && cost === '' && supplyName !== ''
    if (demandName === '' && !isSupplyAlone) faults.add(row, '为空。 is empty', columns.demand)
    if (supplyName === '' && !isDemandAlone) faults.add(row, '为空。 is empty', columns.supply)
    const demand = demandName === '' ? -1 : demands.take(demandName, people, row, faults)
    const supply = supplyName === '' ? -1 : supplies.take(supplyName, [capacity], row, faults)
    if (demand < 0 || supply < 0) continue
    pairs.demand.push(demand)
    pairs.supply.push(supply)
    pairs.cost.push(amountOf(cost, columns.cost, row, faults))
  }
  if (rows === 0) faults.add(1, '只有表头，没有数据。 only the heading, no rows')
  faults.throwIfAny()
  const { costs, repeatedPairs } = sparseCostsFrom(demands.names.length, supplies.names.length, pairs.demand, pairs.supply, pairs.cost)
  return { costs, repeatedPairs, demands: demands.names, supplies: supplies.names, weights: columns.weights.map((_name, index) => demands.column(index)), capacities: supplies.column(0) }
}
