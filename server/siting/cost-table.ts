import path from 'node:path'
import type { SitingProblem } from '../engine/siting/problem.ts'
import { AppError } from '../errors.ts'
import { amountOf, readTable, RowFaults } from '../files/read-table.ts'

/** Where the parts of a problem stand in tables: one row per pair of site and demand, and values of a demand or site beside it or in a table of their own. */
export interface CostTableInput {
  costs: string
  costColumn: string
  siteColumn: string
  demandColumn: string
  /** Null: every demand weighs 1. */
  weightColumn: string | null
  /** Table with one row per demand; null: the weight stands in the costs table. */
  weights: string | null
  /** Name of a demand in that table. */
  weightsDemandColumn: string
  siteCostColumn: string | null
  capacityColumn: string | null
  /** Table with one row per site; null: they stand in the costs table. */
  sites: string | null
  sitesSiteColumn: string
  /** Names of sites that stand already. */
  existing: readonly string[]
  encoding: string | null
}

export interface NamedProblem {
  problem: SitingProblem
  demandNames: string[]
  siteNames: string[]
}

/** Numbers names in the order of their first appearance. */
class Names {
  readonly names: string[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.names.length)
    return this.names.push(name) - 1
  }

  find(name: string): number | undefined {
    return this.#numbers.get(name)
  }
}

const collator = new Intl.Collator('en', { numeric: true })
/** Store_2 before Store_11; the same on every machine and whatever the order of the rows. */
export const compareNames = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)

/** One value per demand or site, the same in every row that tells it. */
class Attribute {
  readonly #column: string
  readonly #of: string
  readonly #values: number[] = []
  readonly #rows: number[] = []

  constructor(column: string, of: string) {
    this.#column = column
    this.#of = of
  }

  take(number: number, name: string, value: number, row: number, faults: RowFaults): void {
    const known = this.#values[number]
    if (known === undefined) {
      this.#values[number] = value
      this.#rows[number] = row
    } else if (known !== value && !Number.isNaN(known) && !Number.isNaN(value)) {
      faults.add(row, `${this.#of} "${name}" 的 ${this.#column} 前后不一 differs: ${value}，第 ${this.#rows[number]} 行 row ${this.#rows[number]}: ${known}`)
    }
  }

  at(number: number): number | undefined {
    return this.#values[number]
  }
}

/** Pairs column by column: a table may have millions of them. */
interface Pairs {
  demand: number[]
  site: number[]
  cost: number[]
  row: number[]
}

/** Their places by demand and then site, each in the given order. */
function orderOf(pairs: Pairs, demandRank: ArrayLike<number>, siteRank: ArrayLike<number>): Uint32Array {
  const bySite = countingOrder(Uint32Array.from(pairs.site, (_site, place) => place), (place) => siteRank[pairs.site[place]!]!, siteRank.length)
  return countingOrder(bySite, (place) => demandRank[pairs.demand[place]!]!, demandRank.length)
}

/** A stable sort of places by a small whole number. */
function countingOrder(places: Uint32Array, keyOf: (place: number) => number, keyCount: number): Uint32Array {
  const next = new Uint32Array(keyCount + 1)
  for (const place of places) next[keyOf(place) + 1]! += 1
  for (let key = 0; key < keyCount; key += 1) next[key + 1]! += next[key]!
  const sorted = new Uint32Array(places.length)
  for (const place of places) sorted[next[keyOf(place)]!++] = place
  return sorted
}

async function readPairs(input: CostTableInput, demands: Names, sites: Names, attributes: { weight: Attribute | null; siteCost: Attribute | null; capacity: Attribute | null }): Promise<Pairs> {
  const faults = new RowFaults(input.costs)
  const own = [
    attributes.weight && input.weightColumn && !input.weights ? { column: input.weightColumn, attribute: attributes.weight, isOfDemand: true } : null,
    attributes.siteCost && input.siteCostColumn && !input.sites ? { column: input.siteCostColumn, attribute: attributes.siteCost, isOfDemand: false } : null,
    attributes.capacity && input.capacityColumn && !input.sites ? { column: input.capacityColumn, attribute: attributes.capacity, isOfDemand: false } : null,
  ].filter((entry) => entry !== null)
  const pairs: Pairs = { demand: [], site: [], cost: [], row: [] }
  for await (const { row, cells } of readTable(input.costs, input.encoding, [{ name: input.siteColumn, option: '--site-column' }, { name: input.demandColumn, option: '--demand-column' }, { name: input.costColumn, option: '--cost-column' }, ...own.map(({ column }) => ({ name: column }))], faults)) {
    const [siteName = '', demandName = '', costText = ''] = cells
    if (siteName === '' || demandName === '') {
      faults.add(row, '为空。 is empty', siteName === '' ? input.siteColumn : input.demandColumn)
      continue
    }
    const site = sites.numberOf(siteName)
    const demand = demands.numberOf(demandName)
    pairs.demand.push(demand)
    pairs.site.push(site)
    pairs.cost.push(amountOf(costText, input.costColumn, row, faults))
    pairs.row.push(row)
    own.forEach(({ column, attribute, isOfDemand }, index) => attribute.take(isOfDemand ? demand : site, isOfDemand ? demandName : siteName, amountOf(cells[3 + index] ?? '', column, row, faults), row, faults))
  }
  faults.throwIfAny()
  if (pairs.row.length === 0) throw new AppError('bad_request', `${path.basename(input.costs)} 没有数据行。 ${path.basename(input.costs)} has no rows.`)
  const order = orderOf(pairs, demands.names.map((_name, number) => number), sites.names.map((_name, number) => number))
  for (let index = 1; index < order.length; index += 1) {
    const [before, place] = [order[index - 1]!, order[index]!]
    if (pairs.demand[before] !== pairs.demand[place] || pairs.site[before] !== pairs.site[place]) continue
    faults.add(pairs.row[place]!, `${sites.names[pairs.site[place]!]} → ${demands.names[pairs.demand[place]!]} 重复 is there twice: 第 ${pairs.row[before]} 行 row ${pairs.row[before]}`)
  }
  faults.throwIfAny()
  return pairs
}

/** Values of demands or sites from a table of their own; a name that the costs table does not know is new. */
async function readAttributes(file: string, encoding: string | null, nameColumn: string, names: Names, columns: readonly { column: string; attribute: Attribute }[]): Promise<void> {
  const faults = new RowFaults(file)
  const seen = new Map<string, number>()
  for await (const { row, cells } of readTable(file, encoding, [nameColumn, ...columns.map(({ column }) => column)].map((name) => ({ name })), faults)) {
    const name = cells[0] ?? ''
    if (name === '') faults.add(row, '为空。 is empty', nameColumn)
    else if (seen.has(name)) faults.add(row, `${name} 重复 is there twice: 第 ${seen.get(name)} 行 row ${seen.get(name)}`)
    else {
      seen.set(name, row)
      const number = names.numberOf(name)
      columns.forEach(({ column, attribute }, index) => attribute.take(number, name, amountOf(cells[1 + index] ?? '', column, row, faults), row, faults))
    }
  }
  faults.throwIfAny()
}

/** Every value there is, in the given order. @throws AppError naming those without one. */
function collect(attribute: Attribute, names: readonly string[], order: readonly number[], column: string, file: string): Float64Array {
  const missing = order.filter((number) => attribute.at(number) === undefined).map((number) => names[number]!)
  if (missing.length > 0) {
    const told = missing.sort(compareNames).slice(0, 10).join(', ')
    throw new AppError('bad_request', `${path.basename(file)} 中 ${missing.length} 个没有 ${column}。 ${missing.length} have no ${column} in ${path.basename(file)}: ${told}${missing.length > 10 ? ' …' : ''}`)
  }
  return Float64Array.from(order, (number) => attribute.at(number)!)
}

/**
 * A siting problem out of a table of costs between sites and demands, as instances are published.
 * Demands and sites are numbered by name, so that the order of the rows decides nothing.
 * @throws AppError for missing columns, cells that are no number, pairs that are there twice, values that contradict each other, each with its row
 */
export async function readCostTable(input: CostTableInput): Promise<NamedProblem> {
  const demands = new Names()
  const sites = new Names()
  const attributes = {
    weight: input.weightColumn ? new Attribute(input.weightColumn, '需求点 demand') : null,
    siteCost: input.siteCostColumn ? new Attribute(input.siteCostColumn, '候选点 site') : null,
    capacity: input.capacityColumn ? new Attribute(input.capacityColumn, '候选点 site') : null,
  }
  const pairs = await readPairs(input, demands, sites, attributes)
  if (input.weights && input.weightColumn && attributes.weight) await readAttributes(input.weights, input.encoding, input.weightsDemandColumn, demands, [{ column: input.weightColumn, attribute: attributes.weight }])
  if (input.sites) {
    const columns = [
      attributes.siteCost && input.siteCostColumn ? { column: input.siteCostColumn, attribute: attributes.siteCost } : null,
      attributes.capacity && input.capacityColumn ? { column: input.capacityColumn, attribute: attributes.capacity } : null,
    ].filter((entry) => entry !== null)
    await readAttributes(input.sites, input.encoding, input.sitesSiteColumn, sites, columns)
  }
  const unknown = input.existing.filter((name) => sites.find(name) === undefined)
  if (unknown.length > 0) throw new AppError('bad_request', `没有名为 ${unknown.join('、')} 的点。 There is no site ${unknown.map((name) => `"${name}"`).join(', ')}; sites are ${[...sites.names].sort(compareNames).slice(0, 20).join(', ')}${sites.names.length > 20 ? ' …' : ''}.`)

  const demandOrder = [...demands.names.keys()].sort((a, b) => compareNames(demands.names[a]!, demands.names[b]!))
  const siteOrder = [...sites.names.keys()].sort((a, b) => compareNames(sites.names[a]!, sites.names[b]!))
  const newDemand = new Uint32Array(demandOrder.length)
  demandOrder.forEach((old, index) => (newDemand[old] = index))
  const newSite = new Uint32Array(siteOrder.length)
  siteOrder.forEach((old, index) => (newSite[old] = index))
  const order = orderOf(pairs, newDemand, newSite)
  const start = new Uint32Array(demandOrder.length + 1)
  for (const demand of pairs.demand) start[newDemand[demand]! + 1]! += 1
  for (let index = 0; index < demandOrder.length; index += 1) start[index + 1]! += start[index]!
  const existing = new Uint8Array(siteOrder.length)
  for (const name of input.existing) existing[newSite[sites.find(name)!]!] = 1
  return {
    problem: {
      costs: { rowCount: demandOrder.length, columnCount: siteOrder.length, start, column: Uint32Array.from(order, (place) => newSite[pairs.site[place]!]!), value: Float64Array.from(order, (place) => pairs.cost[place]!) },
      weights: attributes.weight ? collect(attributes.weight, demands.names, demandOrder, input.weightColumn!, input.weights ?? input.costs) : new Float64Array(demandOrder.length).fill(1),
      existing,
      siteCosts: attributes.siteCost ? collect(attributes.siteCost, sites.names, siteOrder, input.siteCostColumn!, input.sites ?? input.costs) : null,
      capacities: attributes.capacity ? collect(attributes.capacity, sites.names, siteOrder, input.capacityColumn!, input.sites ?? input.costs) : null,
    },
    demandNames: demandOrder.map((old) => demands.names[old]!),
    siteNames: siteOrder.map((old) => sites.names[old]!),
  }
}
