/** `analyse supply`: supply per person over a table of costs, without database or server. */
import { checkKernel, type DecayKernel, reachOf } from '../../engine/supply/decay.ts'
import { describeEquity, type Equity } from '../../engine/supply/equity.ts'
import { type Catchments, computeSupply, type SupplyPerPerson, weighCosts } from '../../engine/supply/floating-catchment.ts'
import { describeMethod } from '../../engine/supply/method.ts'
import { sumOf } from '../../engine/sum.ts'
import { AppError } from '../../errors.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { type CostTable, type CostTableColumns, readCostTable } from '../cost-table.ts'
import { readOptions, required } from '../options.ts'

export const SUPPLY_USAGE = `analyse supply --costs FILE --cost-column NAME --demand-column NAME --supply-column NAME
               --weight-column NAME --capacity-column NAME --within COST [options]

人均供给（两步移动搜索法）及其公平性，由一张出行成本表计算，不需要数据库或服务。
Supply per person (two-step floating catchment area) and how evenly people have it, over a table of travel costs of any origin;
needs neither database nor server.

  --costs FILE         a table (CSV, or tab, semicolon, bar): a row per pair of demand and supply, with people and capacity repeated beside them.
                       A row without supply and cost is a demand that reaches nothing, one without demand, people and cost a supply that
                       nobody reaches; of a pair that occurs several times the least cost counts
  --cost-column, --demand-column, --supply-column, --weight-column, --capacity-column
                       its columns: cost in metres or minutes, names of demand and supply, people, what the supply offers (m², stalls).
                       --weight-column may be repeated (elders, children …): each group is a demand of its own over the same costs
  --shared-by NAME     the column of those who share the supply; the groups of --weight-column then only weigh the figures
  --within COST        cost up to which (≤) a supply is in reach
  --kernel NAME        step: all within reach count alike (default); stepped: by zones; gaussian: 1 at no cost, falling to 0 at --within
  --zones A,B,C        ends of the zones, ascending (stepped);  --zone-weights 1,B,C  their weights, not rising
  --standard VALUE     supply per person that is due: people below it are counted
  --encoding NAME      UTF-8, GB18030, Big5, UTF-16; default: told by the file
  --top N              how many of the worst served demands to print (default 10; --json has all)
  --json               prints summary, demands, supplies, groups, method as JSON and nothing else

Examples
  analyse supply --costs walk.csv --cost-column metres --demand-column home --supply-column park --weight-column people --capacity-column m2 --within 500 --standard 8
  analyse supply --costs walk.csv --cost-column metres --demand-column home --supply-column park --weight-column people --weight-column elders --capacity-column m2 --kernel stepped --zones 167,333,500 --zone-weights 1,0.68,0.22 --json`

const LORENZ_STEPS = 20
const KERNELS = ['step', 'stepped', 'gaussian'] as const

interface Call {
  columns: CostTableColumns
  groups: string[]
  sharedBy: string | undefined
  kernel: DecayKernel
  standard: number | null
  top: number
}

function numberOf(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${option} wants a number, not "${text}"`)
  return value
}

const numbersOf = (option: string, text: string): number[] => text.split(',').map((part) => numberOf(option, part))

function kernelOf(name: string | undefined, within: string | undefined, zones: string | undefined, zoneWeights: string | undefined): DecayKernel {
  const kind = KERNELS.find((known) => known === (name ?? 'step'))
  if (!kind) throw new UsageError(`--kernel wants one of ${KERNELS.join(', ')}, not "${name}"`)
  if (kind !== 'stepped') {
    if (zones !== undefined || zoneWeights !== undefined) throw new UsageError('--zones and --zone-weights belong to --kernel stepped')
    return { kind, within: numberOf('--within', required(within, '--within')) }
  }
  const ends = numbersOf('--zones', required(zones, '--zones'))
  const weights = numbersOf('--zone-weights', required(zoneWeights, '--zone-weights'))
  if (ends.length !== weights.length) throw new UsageError(`--zones has ${ends.length} and --zone-weights ${weights.length} numbers: one weight a zone`)
  const last = ends[ends.length - 1]!
  if (within !== undefined && numberOf('--within', within) !== last) throw new UsageError(`--within ${within} and the last of --zones, ${last}, contradict each other; --within may be left out`)
  return { kind, zones: ends.map((upTo, index) => ({ upTo, weight: weights[index]! })) }
}

function parseCall(args: string[]): Call {
  const { values, positionals } = readOptions(args, {
    costs: { type: 'string' }, 'cost-column': { type: 'string' }, 'demand-column': { type: 'string' }, 'supply-column': { type: 'string' }, 'weight-column': { type: 'string', multiple: true }, 'capacity-column': { type: 'string' },
    'shared-by': { type: 'string' }, within: { type: 'string' }, kernel: { type: 'string' }, zones: { type: 'string' }, 'zone-weights': { type: 'string' }, standard: { type: 'string' }, encoding: { type: 'string' }, top: { type: 'string' },
  })
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
  const groups = [...new Set(values['weight-column'] ?? [])]
  required(groups[0], '--weight-column')
  const sharedBy = values['shared-by']
  const kernel = kernelOf(values.kernel, values.within, values.zones, values['zone-weights'])
  try {
    checkKernel(kernel)
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error
  }
  const standard = values.standard === undefined ? null : numberOf('--standard', values.standard)
  if (standard !== null && standard < 0) throw new UsageError('--standard is below zero')
  const top = numberOf('--top', values.top ?? '10')
  if (!Number.isInteger(top) || top < 0 || top > 5000) throw new UsageError('--top wants a whole number from 0 to 5000')
  return {
    columns: {
      file: required(values.costs, '--costs'), encoding: values.encoding, cost: required(values['cost-column'], '--cost-column'), demand: required(values['demand-column'], '--demand-column'),
      supply: required(values['supply-column'], '--supply-column'), capacity: required(values['capacity-column'], '--capacity-column'), weights: [...new Set([...groups, ...(sharedBy === undefined ? [] : [sharedBy])])],
    },
    groups, sharedBy, kernel, standard, top,
  }
}

interface GroupAnswer {
  group: string
  summary: Equity & {
    capacity: number
    demands: number
    supplies: number
    outOfReach: { demands: number; people: number; share: number | null }
    unused: { supplies: string[]; capacity: number }
    conservation: SupplyPerPerson['conservation']
  }
  demands: { demand: string; people: number; value: number; isOutOfReach: boolean }[]
  supplies: { supply: string; capacity: number; peopleInReach: number; perPersonInReach: number | null }[]
}

/** @throws AppError for amounts so far apart that they cannot be shared out in numbers. */
function shareOut(catchments: Catchments, capacities: Float64Array, sharers: Float64Array): SupplyPerPerson {
  try {
    return computeSupply(catchments, capacities, sharers)
  } catch (error) {
    throw error instanceof RangeError ? new AppError('bad_request', `${error.message}.`, { cause: error }) : error
  }
}

/** Figures of one group; `sharers` are the people who share the supply, the group's own unless somebody else was named. */
function answerFor(group: string, table: CostTable, catchments: Catchments, people: Float64Array, sharers: Float64Array, standard: number | null): GroupAnswer {
  const found = shareOut(catchments, table.capacities, sharers)
  const equity = describeEquity(found.perPerson, people, { standard, lorenzSteps: LORENZ_STEPS })
  const lost = people.filter((_count, demand) => found.isOutOfReach[demand] === 1)
  const lostPeople = sumOf(lost)
  return {
    group,
    summary: {
      ...equity,
      capacity: sumOf(table.capacities),
      demands: table.demands.length,
      supplies: table.supplies.length,
      outOfReach: { demands: lost.length, people: lostPeople, share: equity.people > 0 ? lostPeople / equity.people : null },
      unused: { supplies: found.unused.supplies.map((supply) => table.supplies[supply]!), capacity: found.unused.capacity },
      conservation: found.conservation,
    },
    demands: table.demands.map((demand, index) => ({ demand, people: people[index]!, value: found.perPerson[index]!, isOutOfReach: found.isOutOfReach[index] === 1 })),
    supplies: table.supplies.map((supply, index) => ({ supply, capacity: table.capacities[index]!, peopleInReach: found.peopleInReach[index]!, perPersonInReach: Number.isNaN(found.perSupply[index]!) ? null : found.perSupply[index]! })),
  }
}

const amount = (value: number | null, digits = 2): string => (value === null ? '无 none' : value.toLocaleString('en-US', { maximumFractionDigits: digits }))
const percent = (share: number | null): string => (share === null ? '无 none' : `${(share * 100).toFixed(2)} %`)

function print(io: CommandIo, { group, summary, demands }: GroupAnswer, top: number): void {
  const { conservation, outOfReach, unused, below } = summary
  io.print(`${group}: 人均供给 supply per person ${amount(summary.mean)}  中位数 median ${amount(summary.median)}  四分位 quartiles ${amount(summary.lowerQuartile)} – ${amount(summary.upperQuartile)}  最少 least ${amount(summary.least)}  最多 greatest ${amount(summary.greatest)}`)
  io.print(`  基尼系数 Gini ${amount(summary.gini, 4)}${below ? `  低于标准 below ${below.standard}: ${amount(below.people)} 人 people (${percent(below.share)})` : ''}`)
  io.print(`  需求 demands ${summary.demands} (${amount(summary.people)} 人 people)  供给 supplies ${summary.supplies} (${amount(summary.capacity)})`)
  io.print(`  够不到 out of reach: ${outOfReach.demands} 处 demands, ${amount(outOfReach.people)} 人 people (${percent(outOfReach.share)})  无人可及 reached by nobody: ${unused.supplies.length} 处 supplies (${amount(unused.capacity)})`)
  io.print(`  守恒 conservation: 供给 supplied ${amount(conservation.supplied, 6)} = 获得 received ${amount(conservation.received, 6)}  相对差 relative difference ${conservation.relativeDifference === null ? '无 none' : conservation.relativeDifference.toExponential(1)}`)
  const worst = demands.filter(({ people }) => people > 0).sort((a, b) => a.value - b.value || b.people - a.people)
  for (const { demand, people, value, isOutOfReach } of worst.slice(0, top)) io.print(`    ${demand}  ${amount(value)}  ${amount(people)} 人 people${isOutOfReach ? '  够不到 out of reach' : ''}`)
}

/** @param args words after `supply` @throws AppError for a table that cannot be used, UsageError for wrong words */
export async function analyseSupply(args: string[], io: CommandIo): Promise<unknown> {
  const call = parseCall(args)
  const table = await readCostTable(io, call.columns)
  const catchments = weighCosts(table.costs, call.kernel)
  const peopleOf = (column: string): Float64Array => table.weights[call.columns.weights.indexOf(column)]!
  const method = describeMethod(call.kernel)
  const answers = call.groups.map((group) => {
    const answer = answerFor(group, table, catchments, peopleOf(group), peopleOf(call.sharedBy ?? group), call.standard)
    if (!answer.summary.conservation.isConserved) throw new AppError('internal', `Supplied and received differ for ${group}: ${JSON.stringify(answer.summary.conservation)}.`)
    return answer
  })
  io.print(`${method.nameZh} ${method.nameEn}${call.sharedBy === undefined ? '' : `  由 shared by ${call.sharedBy}`}`)
  io.print(`  ${method.formula}`)
  if (table.repeatedPairs > 0) io.print(`  ${table.repeatedPairs} 对重复出现，取最小成本。 ${table.repeatedPairs} pairs occur several times: the least cost counts.`)
  for (const answer of answers) print(io, answer, call.top)
  const [first, ...others] = answers
  return {
    kernel: call.kernel,
    within: reachOf(call.kernel),
    method,
    sharedBy: call.sharedBy ?? null,
    pairs: table.costs.column.length,
    pairsInReach: catchments.column.length,
    repeatedPairs: table.repeatedPairs,
    ...first,
    groups: others,
  }
}
