/** `analyse supply --city`: the same engine, store and answers as behind the API. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppContext } from '../../context.ts'
import type { PlanningRunOf } from '../../contract/planning.ts'
import { SupplyQuestion } from '../../contract/planning-supply.ts'
import { notCountedLabel, REASON_LABELS } from '../../coverage/labels.ts'
import { notEnteredOfSupply } from '../../coverage/not-entered.ts'
import { AppError } from '../../errors.ts'
import { askForPlanningRun, executeRun, getPlanningRun } from '../../planning/planning.ts'
import { UNIT_TEXT } from '../../supply/words.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { IMPEDANCE_OPTIONS, IMPEDANCE_USAGE, impedanceOf } from '../impedance-options.ts'
import { readOptions, required } from '../options.ts'

export const CITY_SUPPLY_USAGE = `analyse supply --city ID [--facility NAME] [--demand NAME] [--ruler straight|walk] [--method NAME] [options]

城市数据上的人均供给：谁分享、走多远、够不够。 Supply per person over a city's own data: who shares it, how far they go, whether it is enough.

  --facility NAME      what is shared out: green (default), or a class of facilities: hospital, school_primary, shelter …
  --layer NAME …       take facilities from these catalogue layers only; may be repeated
  --demand NAME        population (default), elders, children, buildings, hospitals or schools: each is a demand of its own
  --shared-by NAME     group (default: they alone share it) or residents (elders and children share it with everybody)
  --ruler NAME         straight (default) or walk: over the walking network, from gates to homes
${IMPEDANCE_USAGE}
  --method NAME        2sfca (default), e2sfca (by zones) or gaussian
  --rule CODE          whose catchment, zones and standard; default: the facility's first
  --catchment METRES, --standard VALUE (or none)   instead of the rule's
  --minutes N          on foot, in place of metres: at the pace of the walking settings, that of elders where they are asked about
  --supply-by NAME     area, capacity or count; default: the rule's, capacity where it is known
  --paper-rule CODE    service-radius rule to hold it against (or none); default: the facility's first
  --by LEVEL           also list every county, street or community
  --every-feature      count every feature whatever its class or access
  --clip-to-city       leave demand outside the city boundary out
  --json               prints the run with result and passport as JSON and nothing else

Examples
  analyse supply --city demo
  analyse supply --city demo --facility green --ruler walk --method gaussian --by street
  analyse supply --city demo --facility hospital --demand elders --catchment 3000`

const LEVELS = ['county', 'street', 'community'] as const
const POLL_MILLISECONDS = 300

interface Call {
  city: string
  question: SupplyQuestion
  by: (typeof LEVELS)[number] | undefined
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${option} wants a number, not "${text}"`)
  return value
}

function parseCall(args: string[]): Call {
  const { values, positionals } = readOptions(args, {
    city: { type: 'string' }, facility: { type: 'string' }, layer: { type: 'string', multiple: true }, demand: { type: 'string' }, 'shared-by': { type: 'string' }, ruler: { type: 'string' }, ...IMPEDANCE_OPTIONS, method: { type: 'string' }, rule: { type: 'string' },
    catchment: { type: 'string' }, minutes: { type: 'string' }, standard: { type: 'string' }, 'supply-by': { type: 'string' }, 'paper-rule': { type: 'string' }, by: { type: 'string' }, 'every-feature': { type: 'boolean' }, 'clip-to-city': { type: 'boolean' },
  })
  if (positionals.length > 0 && !values.layer) throw new UsageError(`"${positionals[0]}" is one word too many`)
  const by = LEVELS.find((level) => level === values.by)
  if (values.by !== undefined && !by) throw new UsageError(`--by wants one of ${LEVELS.join(', ')}, not "${values.by}"`)
  const given = {
    facility: values.facility, layers: [...(values.layer ?? []), ...positionals], demand: values.demand, sharedBy: values['shared-by'], ruler: values.ruler, impedance: impedanceOf(values), method: values.method, rule: values.rule,
    catchmentMeters: numberOf('--catchment', values.catchment), catchmentMinutes: numberOf('--minutes', values.minutes), standard: values.standard === 'none' ? null : numberOf('--standard', values.standard), supplyBy: values['supply-by'],
    paperRule: values['paper-rule'] === 'none' ? null : values['paper-rule'], everyFeature: values['every-feature'] ?? false, clipToCity: values['clip-to-city'] ?? false,
  }
  const question = SupplyQuestion.safeParse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  if (!question.success) throw new UsageError(question.error.issues.map((issue) => `${String(issue.path[0] ?? '')}: ${issue.message}`).join('; '))
  return { city: required(values.city, '--city'), question: question.data, by }
}

/** Gets the finished run: from the store, by computing it here, or from the process that is at it already. */
async function answer(context: AppContext, { city, question }: Call, io: CommandIo): Promise<PlanningRunOf<'supply'>> {
  const asked = await askForPlanningRun(context.db, city, { kind: 'supply', input: question })
  if (asked.status !== 'finished') await executeRun(context, asked.id, io.signal, { progress: (percent, stage) => io.progress(percent, stage) })
  for (;;) {
    io.signal.throwIfAborted()
    const run = await getPlanningRun(context, city, asked.id, asked.status === 'finished')
    if (run.status === 'failed' || run.status === 'cancelled') throw new AppError(run.status === 'cancelled' ? 'cancelled' : 'internal', run.error?.message ?? `The run ${run.id} is ${run.status}.`)
    if (run.status === 'finished' && run.kind === 'supply') return run
    // Another process works on the same question: its answer is ours.
    io.progress(run.percent, run.stage)
    await delay(POLL_MILLISECONDS, undefined, { signal: io.signal })
  }
}

const amount = (value: number | null, digits = 0): string => (value === null ? '无 none' : value.toLocaleString('en-US', { maximumFractionDigits: digits }))
const percent = (share: number | null): string => (share === null ? '无 none' : `${(share * 100).toFixed(2)} %`)

/** @param args words after `supply` */
export async function analyseCitySupply(args: string[], context: AppContext, io: CommandIo): Promise<unknown> {
  const call = parseCall(args)
  const run = await answer(context, call, io)
  const result = run.result!
  const { equity, conservation, outOfReach, paper } = result
  const unit = `${UNIT_TEXT[result.unit].zh}${result.unit === 'm2' ? '' : ` ${UNIT_TEXT[result.unit].en}`}`
  io.print(`人均供给 supply per person ${amount(equity.mean, 2)} ${unit}  中位数 median ${amount(equity.median, 2)}  基尼系数 Gini ${amount(equity.gini, 4)}${run.reused ? '  已有结果 from the store' : ''}`)
  if (equity.below) io.print(`  低于标准 below ${equity.below.standard}: ${amount(equity.below.people)} / ${amount(equity.people)} (${percent(equity.below.share)})`)
  io.print(`  够不到 out of reach ${amount(outOfReach.people)} (${percent(outOfReach.share)})  设施 supplies ${result.supplies} (${amount(result.capacity)} ${unit})  无人可及 reached by nobody ${result.unused.supplies}`)
  if (paper) io.print(`  账面 on paper ${paper.code} ${percent(paper.ratio)}${paper.only === null ? '' : `，其中供给不足 of these below the standard ${amount(paper.only)} (${percent(paper.onlyShare)})`}`)
  for (const one of result.reasons ?? []) io.print(`    ${one.kind === 'too_many' ? '人太多 too many people for it' : REASON_LABELS[one.kind]} ${amount(one.people)}`)
  io.print(`  守恒 conservation: ${amount(conservation.supplied, 3)} = ${amount(conservation.received, 3)}  相对差 relative difference ${conservation.relativeDifference === null ? '无 none' : conservation.relativeDifference.toExponential(1)}`)
  const level = result.walking?.impedance?.slope ? result.walking.edges - result.walking.impedance.edgesWithRise : 0
  if (level > 0) io.print(`  高差未知、按平路计的路 paths of unknown rise taken as level ${level}`)
  for (const one of result.notCounted) io.print(`  未计入 not counted: ${notCountedLabel(one.reason)} ${one.count}`)
  for (const { zh, en } of notEnteredOfSupply(result.walking)) io.print(`  ${zh} ${en}`)
  const units = call.by ? result.units.filter(({ level }) => level === call.by) : undefined
  for (const one of units ?? []) io.print(`  ${one.code}  ${one.name ?? '—'}  ${amount(one.perPerson, 2)}  低于标准 below ${percent(one.belowShare)}  (${amount(one.people)})`)
  return { city: call.city, run: run.id, reused: run.reused, input: run.input, ...result, ...(units ? { by: call.by, units } : {}), passport: run.passport }
}
