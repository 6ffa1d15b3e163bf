/** `analyse indicators`: the sheet of green indices, the same as behind the API. */
import type { AppContext } from '../../context.ts'
import { type GreenIndicator, GreenIndicatorKey, GREEN_INDICATOR_KEYS, GreenScope } from '../../contract/green-indicators.ts'
import { getGreenIndicators, listGreenIndicatorRows } from '../../green-indicators/green-indicators.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

export const INDICATORS_USAGE = `analyse indicators --city ID [--scope built_up|city] [--rows INDEX] [--json]

绿地指标表：人均公园绿地、绿地率等，附公式、分子、分母、标准限值及其出处；没有数据或分母为 0 时没有数值，并说明原因。
Green indices (park area per person, ratio of green land …) with formula, numerator, denominator, thresholds and their standards.
Where something is missing or a denominator is 0 there is no value, and the reason is told.

  --scope NAME         built_up: green land, people and land within the built-up area (default where there is one); city: the whole city
  --rows INDEX         also list the features behind the numerator of one index: ${GREEN_INDICATOR_KEYS[0]} …
  --top N              how many of them (default 20, at most 1000)
  --json               prints the sheet as JSON and nothing else

Examples
  analyse indicators --city demo --json
  analyse indicators --city demo --rows comprehensive_park_area_per_person`

const UNIT_TEXT = { share: '', m2_per_person: ' m²/人 per person', per_10000_people: ' 个/万人 per 10,000 people', km_per_10000_people: ' km/万人 per 10,000 people' }

function valueText(value: number, unit: GreenIndicator['unit']): string {
  return unit === 'share' ? `${(value * 100).toFixed(2)} %` : `${value.toLocaleString('en-US', { maximumFractionDigits: 3 })}${UNIT_TEXT[unit]}`
}

function figureText({ value, atLeast, unit }: GreenIndicator): string {
  if (value !== null) return valueText(value, unit)
  return atLeast === null ? '无 none' : `无 none（至少 at least ${valueText(atLeast, unit)}）`
}

const amount = (value: number | null) => (value === null ? '—' : value.toLocaleString('en-US', { maximumFractionDigits: 0 }))
const MET_TEXT = { true: '达到 met', false: '未达到 not met', null: '不能判断 cannot be told' }

/** One index with its formula, sides, and what it has to reach. */
export function printIndicator(io: CommandIo, indicator: GreenIndicator): void {
  io.print(`${indicator.nameZh} ${indicator.nameEn}: ${figureText(indicator)}${indicator.area ? `  ${indicator.area.name ?? indicator.area.code}` : ''}`)
  io.print(`    ${indicator.formulaZh}  ${indicator.formulaEn}`)
  if (indicator.numerator !== null) io.print(`    ${amount(indicator.numerator)} ${indicator.numeratorUnit ?? ''} / ${amount(indicator.denominator)} ${indicator.denominatorUnit ?? ''}`)
  if (indicator.reasonZh !== null) io.print(`    ${indicator.reasonZh} ${indicator.reasonEn ?? ''}`)
  for (const { comparison, threshold, titleZh, titleEn, standard, verified, met, difference } of indicator.thresholds) {
    io.print(`    ${comparison === 'above' ? '>' : '≥'} ${valueText(threshold, indicator.unit)}  ${titleZh} ${titleEn}（${standard}${verified ? '' : '，未核实 not verified'}）: ${MET_TEXT[`${met}`]}${difference !== null && difference < 0 ? `  ${indicator.value === null ? '至多还差 lacking at most' : '还差 lacking'} ${amount(-difference)} ${indicator.numeratorUnit ?? ''}` : ''}`)
  }
}

/** @param args words after `indicators` */
export async function analyseIndicators(args: string[], { db }: AppContext, io: CommandIo): Promise<unknown> {
  const { values, positionals } = readOptions(args, { city: { type: 'string' }, scope: { type: 'string' }, rows: { type: 'string' }, top: { type: 'string' } })
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
  const city = required(values.city, '--city')
  const scope = GreenScope.optional().safeParse(values.scope)
  if (!scope.success) throw new UsageError(`--scope wants one of ${GreenScope.options.join(', ')}, not "${values.scope}"`)
  const key = GreenIndicatorKey.optional().safeParse(values.rows)
  if (!key.success) throw new UsageError(`--rows wants one of ${GREEN_INDICATOR_KEYS.join(', ')}, not "${values.rows}"`)
  const limit = Number(values.top ?? '20')
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new UsageError('--top wants a whole number from 1 to 1000')
  const sheet = await getGreenIndicators(db, city, scope.data)
  const rows = key.data && (await listGreenIndicatorRows(db, city, key.data, { scope: scope.data, afterRank: 0, limit }))
  io.print(`范围 scope ${sheet.scope === 'built_up' ? '建成区 built-up area' : '全市 whole city'}  用地 land ${amount(sheet.landM2)} m²  人口 people ${sheet.people ? `${amount(sheet.people.people)} (${sheet.people.source})` : '—'}  EPSG:${sheet.measureSrid}`)
  if (sheet.notCounted.count > 0) io.print(`  未计入 not counted: ${sheet.notCounted.count} 处没有类别或属于其他标准 without a class, or of another scheme (${amount(sheet.notCounted.areaM2)} m²)`)
  for (const indicator of sheet.indicators) printIndicator(io, indicator)
  for (const row of rows?.rows ?? []) io.print(`  ${row.rank}. ${row.name ?? row.id}  ${row.classCode}  ${amount(row.counted)}`)
  if (rows && rows.total > rows.rows.length) io.print(`  … ${rows.total - rows.rows.length} more`)
  return { city, ...sheet, ...(rows ? { rows: { indicator: key.data, ...rows } } : {}) }
}
