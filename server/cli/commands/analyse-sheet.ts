/** `analyse indicators --sheet`: the planner's indicator sheet; the same engine, store and answers as behind the API. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppContext } from '../../context.ts'
import type { ReachFigure } from '../../contract/green-reach.ts'
import type { SpacingFigure } from '../../contract/spacing.ts'
import type { PlanningRunOf } from '../../contract/planning.ts'
import { IndicatorBlock, IndicatorsQuestion } from '../../contract/planning-indicators.ts'
import { AppError } from '../../errors.ts'
import { askForPlanningRun, executeRun, getPlanningRun } from '../../planning/planning.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'
import { printIndicator } from './analyse-indicators.ts'

export const SHEET_USAGE = `analyse indicators --sheet --city ID [--scope built_up|city] [--county CODE | --street CODE] [--block NAME …] [--json]

规划指标表：一次计算、存档、可按区县或街道；同一问题由存档回答。
The planner's indicator sheet: computed once and kept, for the city, a district or a street; the same question is answered from the store.

  --county CODE, --street CODE   narrows the scope to one district or street
  --block NAME …       ${IndicatorBlock.options.join(', ')}; default: all of them
  --json               prints the run with result and passport as JSON and nothing else

Examples
  analyse indicators --sheet --city demo
  analyse indicators --sheet --city demo --block indices --json`

const POLL_MILLISECONDS = 300

function parseCall(args: string[]): { city: string; question: IndicatorsQuestion } {
  const { values, positionals } = readOptions(args, { sheet: { type: 'boolean' }, city: { type: 'string' }, scope: { type: 'string' }, county: { type: 'string' }, street: { type: 'string' }, block: { type: 'string', multiple: true } })
  const blocks = [...(values.block ?? []), ...positionals]
  if (values.county !== undefined && values.street !== undefined) throw new UsageError('give either --county or --street')
  const unit = values.county !== undefined ? { level: 'county', code: values.county } : values.street !== undefined ? { level: 'street', code: values.street } : null
  const question = IndicatorsQuestion.safeParse({ ...(values.scope === undefined ? {} : { scope: values.scope }), unit, ...(blocks.length > 0 ? { blocks } : {}) })
  if (!question.success) throw new UsageError(question.error.issues.map((issue) => `--${String(issue.path[0] ?? '').replace('blocks', 'block')}: ${issue.message}`).join('; '))
  return { city: required(values.city, '--city'), question: question.data }
}

/** Gets the finished run: from the store, by computing it here, or from the process that is at it already. */
async function answer(context: AppContext, city: string, question: IndicatorsQuestion, io: CommandIo): Promise<PlanningRunOf<'indicators'>> {
  const asked = await askForPlanningRun(context.db, city, { kind: 'indicators', input: question })
  if (asked.status !== 'finished') await executeRun(context, asked.id, io.signal, { progress: (percent, stage) => io.progress(percent, stage) })
  for (;;) {
    io.signal.throwIfAborted()
    const run = await getPlanningRun(context, city, asked.id, asked.status === 'finished')
    if (run.status === 'failed' || run.status === 'cancelled') throw new AppError(run.status === 'cancelled' ? 'cancelled' : 'internal', run.error?.message ?? `The run ${run.id} is ${run.status}.`)
    if (run.status === 'finished' && run.kind === 'indicators') return run
    io.progress(run.percent, run.stage)
    await delay(POLL_MILLISECONDS, undefined, { signal: io.signal })
  }
}

const amount = (value: number | null) => (value === null ? '—' : value.toLocaleString('en-US', { maximumFractionDigits: 0 }))

const share = (ratio: number | null) => (ratio === null ? '无 none' : `${(ratio * 100).toFixed(2)} %`)
const RULER_TEXT = { straight: '直线 straight', walk: '步行 walk' }
const metText = (met: boolean | null) => (met === null ? '' : met ? '  达到 met' : '  未达到 not met')

function printReach(io: CommandIo, { rule, parks, parksM2, tooNarrow, measures, perPerson, reasonZh, reasonEn }: ReachFigure): void {
  io.print(`${rule.family} ${rule.titleZh} ${rule.titleEn}（${rule.standard} ${rule.clause}${rule.verified ? '' : '，未核实 not verified'}${rule.status === 'superseded' ? '，旧版 superseded' : ''}）`)
  if (reasonZh !== null) return io.print(`    无 none  ${reasonZh} ${reasonEn ?? ''}`)
  io.print(`    公园 parks ${parks} (${amount(parksM2)} m²)${tooNarrow && tooNarrow.count > 0 ? `  宽度不足 ${rule.minWidthMeters} m 的不计 too narrow ${tooNarrow.count}` : ''}`)
  for (const one of measures) io.print(`    ${RULER_TEXT[one.ruler]} ${share(one.ratio)}${one.reasonZh === null ? `  够不到 out of reach ${amount(one.missing)}` : `  ${one.reasonZh} ${one.reasonEn ?? ''}`}${metText(one.met)}`)
  if (perPerson && rule.perPerson) io.print(`    人均 per person ${perPerson.value === null ? `无 none  ${perPerson.reasonZh ?? ''}` : `${perPerson.value.toFixed(2)} m² / ${rule.perPerson.squareMeters} m²`}${metText(perPerson.met)}${perPerson.difference !== null && perPerson.difference < 0 ? `  还差 lacking ${amount(-perPerson.difference)} m²` : ''}`)
}

function printSpacing(io: CommandIo, { rule, roads, lengthMeters, beside, gaps, gapMeters, longestMeters, reasonZh, reasonEn, listed }: SpacingFigure): void {
  io.print(`${rule.titleZh} ${rule.titleEn} ≤ ${amount(rule.limitMeters)} m（${rule.standard} ${rule.clause}${rule.verified ? '' : '，未核实 not verified'}）`)
  if (reasonZh !== null) return io.print(`    无 none  ${reasonZh} ${reasonEn ?? ''}`)
  io.print(`    道路 roads ${roads} (${amount(lengthMeters)} m)  设施 facilities ${beside}  超限 gaps ${amount(gaps)} (${amount(gapMeters)} m)  最长 longest ${amount(longestMeters)} m`)
  for (const gap of listed.slice(0, 3)) io.print(`      ${gap.roadName} ${gap.side}  ${amount(gap.fromMeters)}–${amount(gap.toMeters)} m: ${amount(gap.lengthMeters)} m`)
}

/** @param args words after `indicators`, `--sheet` among them */
export async function analyseSheet(args: string[], context: AppContext, io: CommandIo): Promise<unknown> {
  const { city, question } = parseCall(args)
  const run = await answer(context, city, question, io)
  const result = run.result!
  const { input } = run
  io.print(`范围 scope ${input.scope === 'built_up' ? '建成区 built-up area' : '全市 whole city'}${input.unit ? ` · ${input.unit.name ?? input.unit.code}` : ''}  用地 land ${amount(result.landM2)} m²  人口 people ${result.people ? `${amount(result.people.people)} (${result.people.source})` : '—'}${run.reused ? '  已有结果 from the store' : ''}`)
  if (result.notCounted && result.notCounted.count > 0) io.print(`  未计入 not counted: ${result.notCounted.count} 处没有类别或属于其他标准 without a class, or of another scheme (${amount(result.notCounted.areaM2)} m²)`)
  for (const indicator of result.indices ?? []) printIndicator(io, indicator)
  for (const figure of [...(result.tiers ?? []), ...(result.comparators ?? [])]) printReach(io, figure)
  for (const figure of result.spacing ?? []) printSpacing(io, figure)
  return { city, run: run.id, reused: run.reused, input, ...result, passport: run.passport }
}
