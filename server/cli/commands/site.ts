import path from 'node:path'
import { evaluateSites } from '../../engine/siting/evaluate.ts'
import { SitingRefused } from '../../engine/siting/issues.ts'
import { SITING_METHODS, type SitingAnswer, type SitingMethod, type SitingQuestion } from '../../engine/siting/problem.ts'
import { sumOf } from '../../engine/sum.ts'
import type { SiteReason } from '../../engine/siting/why.ts'
import { AppError } from '../../errors.ts'
import { type CostTableInput, type NamedProblem, readCostTable } from '../../siting/cost-table.ts'
import { runSiting } from '../../siting/siting-thread.ts'
import type { SitingResult } from '../../siting/siting-worker.ts'
import { type Command, CommandFailed, type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'
import { isOfCity, siteCity, SITE_CITY_USAGE } from './site-city.ts'

const USAGE = `site --method METHOD --costs FILE --cost-column NAME --site-column NAME --demand-column NAME [options]

选址：从一张“候选点—需求点”距离（费用）表求最佳位置，给出与最优值的已证明差距；不需要数据库和服务器。
The best sites out of a table of costs between sites and demands, with the proven distance from the optimum. Needs neither database nor server.

  --method METHOD      lscp      最少的点覆盖全部需求  fewest sites that cover every demand within --radius
                       mclp      p 个点覆盖最多权重    p sites (or a --budget) that cover most weight within --radius
                       p-median  加权总距离最小        p sites with the least weight × cost in total
                       p-center  最远距离最小          p sites with the smallest greatest cost
  --costs FILE         表格 table of text, one row per pair of site and demand; a pair that is not there cannot be served
  --cost-column, --site-column, --demand-column NAME   距离或费用、候选点、需求点所在列  its columns
  --weight-column NAME 需求权重列  weight of a demand; without it every demand weighs 1
  --weights FILE       权重在另一张表时  table the weight stands in, where it is not the costs table
  --weights-demand-column NAME   name of a demand there; default: as --demand-column
  --p N                新建数量  how many new sites
  --budget X           代替 --p（mclp）  what the new sites may cost together, instead of --p; needs --site-cost-column
  --radius X           覆盖半径，与距离同单位  cost up to which (≤) a site covers, in the unit of the costs; lscp and mclp only
  --existing A,B       已有的点：保留，不计入 p  sites that stand already: they serve, and do not count in p
  --site-cost-column NAME, --capacity-column NAME   建设费用、容量  cost of building on a site; weight it can serve (mclp)
  --sites FILE         费用与容量在另一张表时  table those two stand in, where it is not the costs table
  --sites-site-column NAME       name of a site there; default: as --site-column
  --time-limit SECONDS 时限，默认 10；到时给出当前最好结果  default 10; the best so far is answered when it is up, or on Ctrl-C
  --fast               只求快速解及其界，不做精确求解  the fast answer and its bound, without the exact solver
  --curve N            另给 1 至 N 个点的收益曲线（p-center 各数量分别求）  also the gain of one site after the other, up to N (p-center: of each number by itself)
  --encoding NAME      UTF-8, GB18030, Big5 …; default: told by the file
  --json               sites, objective, bound, gap, isProven, stoppedBy, perSite, unserved … as JSON and nothing else

gap 是结果与界之差占两者中较大者的比例，0 表示已证明最优。 gap: distance between value and bound as a share of the greater of the two; 0 is proven optimal.

Examples
  site --method mclp --costs distances.csv --cost-column metres --site-column plot --demand-column block --weight-column people --p 4 --radius 500
  site --method p-median --costs distances.csv --cost-column metres --site-column plot --demand-column block --weights people.csv --weight-column people --p 6 --existing "North Park" --json`

/** Names of demands that are listed one by one. */
const LISTED = 100

interface Call {
  input: CostTableInput
  question: SitingQuestion
  timeLimitMs: number
  isExact: boolean
  curveTo: number
  /** Options that the method has no use for. */
  unused: string[]
}

function amount(option: string, text: string | undefined, least: number): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < least) throw new UsageError(`${option} wants a number of at least ${least}, not "${text}"`)
  return value
}

function whole(option: string, text: string | undefined): number | null {
  const value = text === undefined ? null : Number(text)
  if (value !== null && (text!.trim() === '' || !Number.isInteger(value))) throw new UsageError(`${option} wants a whole number, not "${text}"`)
  return value
}

function questionOf(method: SitingMethod, p: number | null, budget: number | null, radius: number | null): { question: SitingQuestion; unused: string[] } {
  const isCover = method === 'lscp' || method === 'mclp'
  if (isCover && radius === null) throw new UsageError(`--radius is missing: ${method} covers what lies within it`)
  if (method !== 'lscp' && p === null && budget === null) throw new UsageError(method === 'mclp' ? '--p or --budget is missing' : '--p is missing')
  if (method === 'mclp' && p !== null && budget !== null) throw new UsageError('--p and --budget exclude each other')
  const unused = [
    ...(radius !== null && !isCover ? ['--radius'] : []),
    ...(p !== null && method === 'lscp' ? ['--p'] : []),
    ...(budget !== null && method !== 'mclp' ? ['--budget'] : []),
  ]
  if (method !== 'mclp' && method !== 'lscp' && p === null) throw new UsageError(`--p is missing: ${method} takes no budget`)
  return { question: { method, p: method === 'lscp' ? null : p, budget: method === 'mclp' ? budget : null, radius: isCover ? radius : null }, unused }
}

function parseCall(args: string[], io: CommandIo): Call {
  const text = { type: 'string' } as const
  const { values, positionals } = readOptions(args, {
    method: text, costs: text, 'cost-column': text, 'site-column': text, 'demand-column': text, 'weight-column': text, weights: text, 'weights-demand-column': text, p: text, budget: text, radius: text,
    existing: { type: 'string', multiple: true, default: [] }, 'site-cost-column': text, 'capacity-column': text, sites: text, 'sites-site-column': text, 'time-limit': text, fast: { type: 'boolean', default: false }, curve: text, encoding: text,
  })
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
  const written = required(values.method, '--method')
  const method = SITING_METHODS.find((known) => known === written.toLowerCase())
  if (!method) throw new UsageError(`--method wants one of ${SITING_METHODS.join(', ')}, not "${written}"`)
  const { question, unused } = questionOf(method, whole('--p', values.p), amount('--budget', values.budget, 0), amount('--radius', values.radius, 0))
  const siteColumn = required(values['site-column'], '--site-column')
  const demandColumn = required(values['demand-column'], '--demand-column')
  if (values.weights !== undefined && values['weight-column'] === undefined) throw new UsageError('--weights needs --weight-column')
  if (values.sites !== undefined && values['site-cost-column'] === undefined && values['capacity-column'] === undefined) throw new UsageError('--sites needs --site-cost-column or --capacity-column')
  if (question.budget !== null && values['site-cost-column'] === undefined) throw new UsageError('--budget needs --site-cost-column')
  if (values['capacity-column'] !== undefined && method !== 'mclp') unused.push('--capacity-column')
  const file = (name: string | undefined) => (name === undefined ? null : path.resolve(io.workingDirectory, name))
  return {
    question,
    unused,
    timeLimitMs: (amount('--time-limit', values['time-limit'], 0.1) ?? 10) * 1000,
    isExact: !values.fast,
    curveTo: Math.max(0, whole('--curve', values.curve) ?? 0),
    input: {
      costs: file(required(values.costs, '--costs'))!,
      costColumn: required(values['cost-column'], '--cost-column'),
      siteColumn,
      demandColumn,
      weightColumn: values['weight-column'] ?? null,
      weights: file(values.weights),
      weightsDemandColumn: values['weights-demand-column'] ?? demandColumn,
      siteCostColumn: values['site-cost-column'] ?? null,
      capacityColumn: method === 'mclp' ? (values['capacity-column'] ?? null) : null,
      sites: file(values.sites),
      sitesSiteColumn: values['sites-site-column'] ?? siteColumn,
      existing: values.existing.flatMap((names) => names.split(',')).map((name) => name.trim()).filter(Boolean),
      encoding: values.encoding ?? null,
    },
  }
}

/** Says of each name in a list how many there are beyond those listed. */
function listNames(names: readonly string[], numbers: readonly number[]): string[] {
  return numbers.slice(0, LISTED).map((number) => names[number]!)
}

function refusedAs({ issues }: SitingRefused, { demandNames, siteNames }: NamedProblem): CommandFailed {
  const told = issues.map(({ code, zh, en, demands = [], sites = [], weight }) => ({
    code, zh, en,
    ...(demands.length > 0 ? { demandCount: demands.length, demands: listNames(demandNames, demands) } : {}),
    ...(sites.length > 0 ? { siteCount: sites.length, sites: listNames(siteNames, sites) } : {}),
    ...(weight === undefined ? {} : { weight }),
  }))
  const names = (list: readonly string[] | undefined, count: number | undefined) => (list ? `\n  ${list.slice(0, 10).join(', ')}${(count ?? 0) > 10 ? ' …' : ''}` : '')
  const message = told.map(({ zh, en, demands, demandCount, sites, siteCount }) => `${zh} ${en}${names(demands, demandCount)}${names(sites, siteCount)}`).join('\n')
  return new CommandFailed(new AppError('bad_request', message), { issues: told })
}

const figure = (value: number | null) => (value === null ? '—' : value.toLocaleString('en', { maximumFractionDigits: 4 }))
const STOPPED: Record<SitingAnswer['stoppedBy'], string> = {
  proven: '已证明最优 proven optimal',
  time: '到时，为当前最好 time is up: the best so far',
  cancelled: '已取消，为当前最好 cancelled: the best so far',
  fast: '快速解 fast answer',
  size: '规模超出精确求解 too large for the exact solver',
  solver: '求解器中止 the solver gave up',
}
const OBJECTIVE: Record<SitingMethod, string> = { lscp: '新建 new sites', mclp: '覆盖权重 covered weight', 'p-median': '加权总距离 weighted cost', 'p-center': '最远距离 greatest cost' }

function describeSite(reason: SiteReason, names: readonly string[]) {
  const { site, alone, aloneWeight, runnerUp, substitutes, ...rest } = reason
  return {
    ...rest,
    site: names[site]!,
    aloneDemands: alone.length,
    aloneWeight,
    runnerUp: runnerUp ? { ...runnerUp, site: names[runnerUp.site]! } : null,
    substitutes: substitutes.map((other) => names[other]!),
  }
}

function describeResult(call: Call, named: NamedProblem, { answer, reasons, curve }: SitingResult, seconds: number) {
  const { problem, siteNames, demandNames } = named
  const { costs, weights, existing } = problem
  const { isServed } = evaluateSites(problem, call.question, answer.sites)
  const unserved = [...isServed.keys()].filter((demand) => isServed[demand] === 0)
  return {
    method: answer.method,
    sites: answer.sites.map((site) => siteNames[site]!),
    existing: [...existing.keys()].filter((site) => existing[site] === 1).map((site) => siteNames[site]!),
    objective: answer.objective,
    bound: answer.bound,
    gap: answer.gap,
    isProven: answer.isProven,
    stoppedBy: answer.stoppedBy,
    solverFault: answer.solverFault,
    seconds: Math.round(seconds * 1000) / 1000,
    p: call.question.p,
    budget: call.question.budget,
    radius: call.question.radius,
    demandCount: costs.rowCount,
    siteCount: costs.columnCount,
    totalWeight: sumOf(weights),
    unserved: { count: unserved.length, weight: sumOf(unserved.map((demand) => weights[demand]!)), demands: listNames(demandNames, unserved) },
    perSite: reasons?.map((reason) => describeSite(reason, siteNames)) ?? null,
    ...(curve ? { curve: curve.map((point) => ({ ...point, site: point.site === null ? null : siteNames[point.site]! })) } : {}),
    unusedOptions: call.unused,
  }
}

function printResult(io: CommandIo, result: ReturnType<typeof describeResult>): void {
  io.print(`${OBJECTIVE[result.method]}  ${figure(result.objective)}${result.method === 'mclp' ? ` / ${figure(result.totalWeight)}` : ''}`)
  io.print(`  界 bound ${figure(result.bound)}  差距 gap ${(result.gap * 100).toFixed(3)} %  ${STOPPED[result.stoppedBy]}${result.solverFault ? ` (${result.solverFault})` : ''}  ${result.seconds} s`)
  if (result.existing.length > 0) io.print(`  已有 existing ${result.existing.join(', ')}`)
  if (result.p !== null && result.sites.length < result.p) io.print(`  ${result.sites.length} 处即可，更多无益 ${result.sites.length} sites do as well as ${result.p}`)
  if (!result.perSite) for (const site of result.sites) io.print(`  ${site}`)
  for (const site of result.perSite ?? []) {
    io.print(`  ${site.site}  服务 serves ${site.demands} (${figure(site.weight)})  独自 alone ${site.aloneDemands} (${figure(site.aloneWeight)})  无它则 without it ${figure(site.objectiveWithout)}`)
    if (site.runnerUp) io.print(`      次选 runner-up ${site.runnerUp.site}  差 worse by ${figure(site.runnerUp.difference)}${site.runnerUp.weightFactor === null ? '' : `  其受益权重须为 ${site.runnerUp.weightFactor.toFixed(2)} 倍 if who gains weighed × ${site.runnerUp.weightFactor.toFixed(2)}`}`)
    if (site.substitutes.length > 0) io.print(`      可替换为 could be ${site.substitutes.join(', ')}`)
  }
  if (result.unserved.count > 0) io.print(`  未服务 unserved ${result.unserved.count} (${figure(result.unserved.weight)})`)
  for (const point of result.curve ?? []) io.print(`  ${point.p}. ${point.site ?? ''}  ${figure(point.objective)}  界 bound ${figure(point.bound)}`)
  if (result.unusedOptions.length > 0) io.print(`  ${result.method} 不用 has no use for ${result.unusedOptions.join(', ')}`)
}

async function runSite(args: string[], io: CommandIo): Promise<unknown> {
  const call = parseCall(args, io)
  io.progress(0, 'read')
  const named = await readCostTable(call.input)
  const began = performance.now()
  try {
    const found = await runSiting({ problem: named.problem, question: call.question, timeLimitMs: call.timeLimitMs, isExact: call.isExact, curveTo: call.curveTo, signal: io.signal, onProgress: ({ stage, gap }) => io.progress(100 * (1 - gap), `${stage} gap ${(gap * 100).toFixed(2)} %`) })
    const result = describeResult(call, named, found, (performance.now() - began) / 1000)
    printResult(io, result)
    return result
  } catch (error) {
    throw error instanceof SitingRefused ? refusedAs(error, named) : error
  }
}

/** `site`: the siting engine over a table that anybody can bring. */
export const siteCommand: Command = {
  name: 'site',
  summary: '选址：集合覆盖、最大覆盖、p-中位、p-中心，附已证明的差距  The best sites for a city or out of a cost table, with a proven gap',
  usage: [SITE_CITY_USAGE, USAGE].join('\n\n'),
  usageFor: (args) => (isOfCity(args) ? SITE_CITY_USAGE : args.some((word) => word.startsWith('--costs')) ? USAGE : undefined),
  runAlone: (args, io) => (isOfCity(args) ? undefined : runSite(args, io)),
  run: (args, context, io) => (isOfCity(args) ? siteCity(args, context, io) : runSite(args, io)),
}
