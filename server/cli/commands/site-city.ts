/** `site --city`: the best next sites over a city's own data, by the same runs as the console. */
import type { AppContext } from '../../context.ts'
import type { SitingInput, SitingMethod, SitingResult, SitingSite } from '../../contract/planning-siting.ts'
import { SitingQuestion } from '../../contract/planning-siting.ts'
import { RATIO_LABELS } from '../../coverage/labels.ts'
import { AppError } from '../../errors.ts'
import { CommandFailed, type CommandIo, UsageError } from '../command.ts'
import { IMPEDANCE_OPTIONS, IMPEDANCE_USAGE, impedanceOf } from '../impedance-options.ts'
import { readOptions, required } from '../options.ts'
import { answerPlanning } from '../planning-answer.ts'

export const SITE_CITY_USAGE = `site --city ID --method METHOD (--rule PRESET | --radius METRES) [--p N] [options]

选址：在本市数据上求最佳新建点；按规则计入的现有设施保留，不占数量。与界面同一引擎、同一存档。
The best next sites over a city's own data. What stands and counts by the rule stays and is not counted in p.

  --method METHOD      lscp, mclp, p-median, p-center, as below
  --p N                新建数量  how many new sites (not for lscp)
  --budget X           代替 --p（mclp）  instead of --p, with --price-per-site X and --price-per-m2 X
  --rule PRESET | --radius METRES   服务半径  which facilities count, and how far they serve
  --facility NAME      green（默认 default）, toilet …; default: what the rule is about
  --capacity-rule PRESET | --m2-per-person X | --people-per-site X [--people-per-unit X]   容量（mclp）：人均标准、自定人均面积、每处人数  how many people each place can serve, new and standing: by the norm of a supply rule, by area, or so many each
  --ruler NAME         straight（默认 default）, walk
${IMPEDANCE_USAGE}
  --demand NAME        为谁  population（默认 default）, buildings, elders (65+), children (0-14), hospitals, schools
  --unserved-only      只计现状未服务者  count only homes that nothing serves now
  --candidates NAME    parcels（默认 default；在册边角地 leftover plots on record）, lattice（未服务住处间的格点 points among unserved homes）
  --min-area M2, --max-area M2, --land-use NAME …, --ownership NAME …, --green-line inside|outside, --avoid-control-areas   筛选地块  filter the plots
  --spacing METRES, --area M2       格点间距、拟建面积  lattice: how far apart, and how large a new facility is
  --reach METRES       p-median、p-center 的最远查找距离，默认 5000  how far those two look
  --leave-out-islands  不计谁也到不了的住处  leave homes out that nothing can reach, instead of refusing
  --time-limit SECONDS 时限，默认 30  default 30
  --curve N            收益曲线点数，默认 20  points of the curve, default 20
  --json               sites, objective, bound, gap, isProven, before, after, notices, counts, curve … as JSON and nothing else

Example
  site --city demo --method mclp --p 5 --rule GARDEN_CITY_2022 --ruler walk --json`

/** Whether the words are about a city, not a table. */
export function isOfCity(args: readonly string[]): boolean {
  return args.some((word) => word === '--city' || word.startsWith('--city='))
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${option} wants a number, not "${text}"`)
  return value
}

interface CapacityOptions {
  'capacity-rule'?: string | undefined
  'm2-per-person'?: string | undefined
  'people-per-site'?: string | undefined
  'people-per-unit'?: string | undefined
}

function capacitiesOf(values: CapacityOptions): unknown {
  const given = [values['capacity-rule'], values['m2-per-person'], values['people-per-site']].filter((one) => one !== undefined)
  if (given.length > 1) throw new UsageError('give one of --capacity-rule, --m2-per-person and --people-per-site')
  if (values['people-per-unit'] !== undefined && values['people-per-site'] === undefined) throw new UsageError('--people-per-unit goes with --people-per-site')
  if (values['capacity-rule'] !== undefined) return { by: 'rule', rule: values['capacity-rule'] }
  if (values['m2-per-person'] !== undefined) return { by: 'area', m2PerPerson: numberOf('--m2-per-person', values['m2-per-person']) }
  return values['people-per-site'] === undefined ? undefined : { by: 'people', perSite: numberOf('--people-per-site', values['people-per-site']), perStatedUnit: numberOf('--people-per-unit', values['people-per-unit']) ?? null }
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const many = { type: 'string', multiple: true } as const

function parseCall(args: string[]): { city: string; input: SitingQuestion } {
  const { values, positionals } = readOptions(args, {
    city: text, method: text, p: text, budget: text, 'price-per-site': text, 'price-per-m2': text, rule: text, radius: text, facility: text, ruler: text, ...IMPEDANCE_OPTIONS, demand: text, 'unserved-only': flag, candidates: text, 'min-area': text, 'max-area': text,
    'land-use': many, ownership: many, 'green-line': text, 'avoid-control-areas': flag, spacing: text, area: text, reach: text, 'leave-out-islands': flag, 'time-limit': text, curve: text, 'capacity-rule': text, 'm2-per-person': text, 'people-per-site': text, 'people-per-unit': text,
  })
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
  const from = values.candidates ?? 'parcels'
  if (!['parcels', 'plots', 'lattice'].includes(from)) throw new UsageError(`--candidates wants parcels or lattice, not "${from}"`)
  const candidates =
    from === 'lattice'
      ? { from, spacingMeters: numberOf('--spacing', values.spacing), areaM2: numberOf('--area', values.area), avoidsControlAreas: values['avoid-control-areas'] }
      : { from: 'plots', minAreaM2: numberOf('--min-area', values['min-area']), maxAreaM2: numberOf('--max-area', values['max-area']), landUses: values['land-use'], ownerships: values.ownership, greenLine: values['green-line'], avoidsControlAreas: values['avoid-control-areas'] }
  const prices = values['price-per-site'] ?? values['price-per-m2']
  const given = {
    method: required(values.method, '--method').toLowerCase(),
    p: numberOf('--p', values.p),
    budget: numberOf('--budget', values.budget),
    prices: prices === undefined ? undefined : { perSite: numberOf('--price-per-site', values['price-per-site']) ?? 0, perM2: numberOf('--price-per-m2', values['price-per-m2']) ?? 0 },
    capacities: capacitiesOf(values),
    ruler: values.ruler,
    impedance: impedanceOf(values),
    rule: values.rule,
    radiusMeters: numberOf('--radius', values.radius),
    facility: values.facility,
    demand: values.demand,
    unservedOnly: values['unserved-only'],
    islands: values['leave-out-islands'] ? 'leave_out' : undefined,
    reachMeters: numberOf('--reach', values.reach),
    timeLimitSeconds: numberOf('--time-limit', values['time-limit']),
    curveTo: numberOf('--curve', values.curve),
    candidates,
  }
  const question = SitingQuestion.safeParse(given)
  if (!question.success) throw new UsageError(question.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  return { city: required(values.city, '--city'), input: question.data }
}

const figure = (value: number | null) => (value === null ? '—' : value.toLocaleString('en-US', { maximumFractionDigits: 1 }))
const OBJECTIVE: Record<SitingMethod, string> = { lscp: '新建 new sites', mclp: '覆盖 covered', 'p-median': '总距离 total distance (weight × m)', 'p-center': '最远 farthest (m)' }
const nameOf = ({ name, communityName, position }: Pick<SitingSite, 'name' | 'communityName' | 'position'>) => [name ?? position.join(', '), communityName].filter(Boolean).join('  ')

function print(io: CommandIo, { method, demand }: Pick<SitingInput, 'method' | 'demand'>, { answer, counts, notices, unit }: SitingResult): void {
  if (answer) {
    io.print(`${OBJECTIVE[method]}  ${figure(answer.objective)}  界 bound ${figure(answer.bound)}  差距 gap ${(answer.gap * 100).toFixed(3)} %${answer.isProven ? '  已证明最优 proven optimal' : ''}`)
    io.print(`  ${RATIO_LABELS[demand]}  服务 served ${figure(answer.before.weight)} → ${figure(answer.after.weight)} ${unit}  平均距离 mean way ${figure(answer.before.meanMeters)} → ${figure(answer.after.meanMeters)} m`)
    for (const site of answer.sites) {
      io.print(`  ${site.number}. ${nameOf(site)}  增益 gain ${figure(site.gain)}  服务 serves ${figure(site.serves.weight)}${site.areaM2 === null ? '' : `  ${figure(site.areaM2)} m²`}${site.load === undefined ? '' : `  负荷 load ${figure(site.load)} / ${figure(site.capacity ?? 0)}`}`)
      if (site.runnerUp) io.print(`      次选 runner-up ${nameOf(site.runnerUp)}  差 worse by ${figure(site.runnerUp.difference)}`)
    }
  }
  io.print(`  住处 homes ${counts.demands}  候选 candidates ${counts.candidates}${counts.candidatesLeftOut.map(({ reason, count }) => `, ${reason} ${count}`).join('')}  现有 existing ${counts.existing}`)
  for (const { zh, en } of notices) io.print(`  ${zh} ${en}`)
}

/** @throws CommandFailed with the notices where the question has no meaningful answer */
export async function siteCity(args: string[], context: AppContext, io: CommandIo): Promise<unknown> {
  const { city, input } = parseCall(args)
  const run = await answerPlanning(context, city, { kind: 'siting', input }, io)
  if (run.kind !== 'siting' || !run.result) throw new AppError('internal', `The run ${run.id} has no result.`)
  const { result } = run
  const { answer, ...about } = result
  if (!answer) {
    const fatal = result.notices.filter(({ isFatal }) => isFatal)
    throw new CommandFailed(new AppError('bad_request', fatal.map(({ zh, en }) => `${zh} ${en}`).join('\n')), { issues: fatal, counts: result.counts })
  }
  print(io, run.input, result)
  return { city, run: run.id, reused: run.reused, status: run.status, method: input.method, ...answer, ...about, input: run.input, passport: run.passport }
}
