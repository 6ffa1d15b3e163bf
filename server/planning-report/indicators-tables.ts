/** The tables of an indicator sheet: figures beside what they have to reach, and where each formula and limit comes from. */
import type { GreenIndicator } from '../contract/green-indicators.ts'
import type { ReachFigure, ReachRule } from '../contract/green-reach.ts'
import type { IndicatorsResult } from '../contract/planning-indicators.ts'
import type { SpacingFigure, SpacingGap, SpacingRule } from '../contract/spacing.ts'
import { noteInEnglish } from '../contract/rule-notes.ts'
import { boundNote, left, MOST_ROWS, right } from './common.ts'
import type { ReportTable } from './model.ts'
import type { ReportWords } from './words.ts'

type Index = GreenIndicator
type Threshold = Index['thresholds'][number]

const UNITS: Record<Index['unit'], { zh: string; en: string }> = { share: { zh: '', en: '' }, m2_per_person: { zh: 'm²/人', en: 'm² a person' }, per_10000_people: { zh: '个/万人', en: 'per 10,000 people' }, km_per_10000_people: { zh: 'km/万人', en: 'km per 10,000 people' } }
const RULERS = { straight: { zh: '直线', en: 'Straight line' }, walk: { zh: '步行', en: 'On foot' } }
const SIDES = { both: { zh: '—', en: '—' }, left: { zh: '左侧', en: 'left' }, right: { zh: '右侧', en: 'right' } }

const figureText = (words: ReportWords, value: number, unit: Index['unit']) => (unit === 'share' ? words.percent(value) : words.number(value, value < 1 ? 3 : 2))

/** A value with its unit; `—` where there is none. */
export function valueText(words: ReportWords, value: number | null, unit: Index['unit']): string {
  return value === null ? '—' : `${figureText(words, value, unit)} ${words.label(UNITS[unit])}`.trim()
}

/** `> 8`, `≥ 85%`. */
export function limitText(words: ReportWords, { comparison, threshold }: Threshold, unit: Index['unit']): string {
  return `${comparison === 'above' ? '>' : '≥'} ${unit === 'share' ? words.percent(threshold, 0) : words.number(threshold, 2)}`
}

const amount = (words: ReportWords, value: number | null, unit: Index['numeratorUnit'] | Index['denominatorUnit']) => (value === null ? '—' : unit === 'm2' ? words.area(value) : `${words.number(value)} ${unit === 'parks' ? words.pick('个', 'parks') : words.pick('人', 'people')}`)

/** What is lacking to a threshold, or goes beyond it; empty where neither can be told. */
export function differenceText(words: ReportWords, { difference, met }: Threshold, { numeratorUnit, value }: Index): string {
  if (difference === null) return ''
  const by = amount(words, Math.abs(difference), numeratorUnit)
  if (met === true) return words.pick(`超出 ${by}`, `${by} beyond it`)
  return value === null ? words.pick(`至多还差 ${by}`, `at most ${by} lacking`) : words.pick(`还差 ${by}`, `${by} lacking`)
}

/** Whether a threshold is reached, in words. */
export const metText = (words: ReportWords, met: boolean | null) => (met === null ? words.pick('不能判断', 'cannot be told') : met ? words.pick('达到', 'met') : words.pick('未达到', 'not met'))
const reasonText = (words: ReportWords, { reasonZh, reasonEn }: { reasonZh: string | null; reasonEn: string | null }) => words.pick(reasonZh ?? '', reasonEn ?? '')

export function indexTable(words: ReportWords, indices: readonly Index[], notCounted: IndicatorsResult['notCounted']): ReportTable {
  return {
    title: words.pick('指标', 'Indices'),
    columns: [left(words.pick('指标', 'Index'), 2.6), right(words.pick('数值', 'Value'), 1.5), right(words.pick('分子', 'Numerator'), 1.2), right(words.pick('分母', 'Denominator'), 1.3), left(words.pick('说明', 'Remark'), 3.2)],
    rows: indices.map((one) => [
      words.pick(one.nameZh, one.nameEn), valueText(words, one.value, one.unit), amount(words, one.numerator, one.numeratorUnit), amount(words, one.denominator, one.denominatorUnit),
      [one.area ? (one.area.name ?? one.area.code) : '', reasonText(words, one), one.atLeast === null ? '' : words.pick(`至少 ${valueText(words, one.atLeast, one.unit)}。`, `At least ${valueText(words, one.atLeast, one.unit)}.`)].filter((text) => text !== '').join(' '),
    ]),
    note: notCounted && notCounted.count > 0 ? words.pick(`另有 ${words.number(notCounted.count)} 块绿地（${words.area(notCounted.areaM2)}）没有分类或属于其他标准，不计入任何指标。`, `${words.number(notCounted.count)} more pieces of green land (${words.area(notCounted.areaM2)}) are without a class or of another scheme, and count for no index.`) : null,
  }
}

export function thresholdTable(words: ReportWords, indices: readonly Index[]): ReportTable {
  return {
    title: words.pick('限值对照', 'Against the thresholds'),
    columns: [left(words.pick('指标', 'Index'), 2.3), right(words.pick('数值', 'Value'), 1.2), right(words.pick('限值', 'Threshold'), 0.9), left(words.pick('结论', 'Verdict'), 1), left(words.pick('差额', 'Difference'), 1.4), left(words.pick('依据', 'By'), 3.2)],
    rows: indices.flatMap((one) => one.thresholds.map((of) => [words.pick(one.nameZh, one.nameEn), valueText(words, one.value, one.unit), limitText(words, of, one.unit), metText(words, of.met), differenceText(words, of, one), words.pick(of.titleZh, of.titleEn)])),
    note: null,
  }
}

const bandText = (words: ReportWords, { bands }: ReachRule) => bands.map(({ minAreaM2, maxAreaM2, radiusMeters }) => `${maxAreaM2 === null ? (minAreaM2 === 0 ? words.pick('不限规模', 'any size') : `≥ ${words.area(minAreaM2)}`) : `${words.area(minAreaM2)} – ${words.area(maxAreaM2)}`} → ${words.length(radiusMeters)}`).join('\n')

/** A row for each ruler of each rule, and one for what is due to each person. */
export function reachTable(words: ReportWords, title: string, figures: readonly ReachFigure[]): ReportTable {
  const nameOf = ({ rule }: ReachFigure) => `${words.pick(rule.titleZh, rule.titleEn)}${rule.status === 'superseded' ? words.pick('（旧版）', ' (superseded)') : ''}\n${rule.family}`
  const narrow = ({ tooNarrow }: ReachFigure) => (tooNarrow && tooNarrow.count > 0 ? words.pick(`\n另 ${words.number(tooNarrow.count)} 处太窄`, `\n${words.number(tooNarrow.count)} more too narrow`) : '')
  const rows = figures.flatMap((figure) => {
    const { rule, measures, perPerson } = figure
    const parks = figure.parks > 0 ? `${words.number(figure.parks)} · ${words.area(figure.parksM2)}${narrow(figure)}` : `${words.pick('无', 'none')}${narrow(figure)}`
    if (figure.reasonZh !== null) return [[nameOf(figure), '—', '—', '—', '—', '—', reasonText(words, figure)]]
    const asked = rule.leastShare === null ? '' : `≥ ${words.percent(rule.leastShare, 0)} `
    const reached = measures.map((one) => [nameOf(figure), parks, words.label(RULERS[one.ruler]), words.percent(one.ratio, 1), words.number(one.covered), words.number(one.missing), one.ratio === null ? reasonText(words, one) : asked === '' ? '' : `${asked}${metText(words, one.met)}`])
    if (!perPerson || !rule.perPerson) return reached
    const due = `≥ ${words.number(rule.perPerson.squareMeters, 2)} m² ${metText(words, perPerson.met)}${perPerson.difference === null ? '' : words.pick(perPerson.difference < 0 ? `，还差 ${words.area(-perPerson.difference)}` : `，超出 ${words.area(perPerson.difference)}`, perPerson.difference < 0 ? `, ${words.area(-perPerson.difference)} lacking` : `, ${words.area(perPerson.difference)} beyond it`)}`
    return [...reached, [nameOf(figure), words.area(perPerson.areaM2), words.pick('人均', 'Each person'), perPerson.value === null ? '—' : `${words.number(perPerson.value, 2)} m²`, '', '', perPerson.value === null ? reasonText(words, perPerson) : due]]
  })
  return {
    title,
    columns: [left(words.pick('规则', 'Rule'), 2.8), left(words.pick('计入公园', 'Parks that count'), 1.5), left(words.pick('量法', 'Measured'), 0.9), right(words.pick('可达或人均', 'Reach or each'), 1), right(words.pick('可达人数', 'Within reach'), 1), right(words.pick('够不到', 'Out of reach'), 1), left(words.pick('要求与结论', 'Asked for, and verdict'), 2.2)],
    // The same rule is not named again in its next row.
    rows: rows.map((row, at) => (at > 0 && rows[at - 1]![0] === row[0] ? ['', ...row.slice(1)] : row)),
    note: null,
  }
}

/** The rule that tells units apart best: of those with a share between nothing and all the one that leaves most people out. */
export function tellingFigure(figures: readonly ReachFigure[]): { figure: ReachFigure; at: number } | null {
  const candidates = figures.flatMap((figure) => {
    const at = figure.measures.findLastIndex(({ ratio }) => ratio !== null && ratio > 0 && ratio < 1)
    return figure.rule.status === 'current' && at >= 0 ? [{ figure, at }] : []
  })
  return candidates.toSorted((a, b) => b.figure.measures[b.at]!.missing! - a.figure.measures[a.at]!.missing!)[0] ?? null
}

/** Districts and streets by the telling rule, least within reach first. */
export function unitTable(words: ReportWords, figures: readonly ReachFigure[]): ReportTable | null {
  const telling = tellingFigure(figures)
  if (!telling) return null
  const { figure: { rule, measures, units } } = telling
  const shareOf = (unit: (typeof units)[number], at: number) => (unit.people > 0 && unit.covered[at] != null ? unit.covered[at]! / unit.people : null)
  const hasPerPerson = rule.perPerson !== null
  const sorted = units.filter(({ people }) => people > 0).toSorted((a, b) => Number(a.level === 'street') - Number(b.level === 'street') || (shareOf(a, telling.at) ?? 2) - (shareOf(b, telling.at) ?? 2))
  return {
    title: words.pick(`各区县与街道：${rule.titleZh}（${rule.family}）`, `Districts and streets: ${rule.titleEn} (${rule.family})`),
    columns: [left(words.pick('单元', 'Unit'), 2.4), left(words.pick('代码', 'Code'), 1.6), left(words.pick('层级', 'Level'), 1), right(words.pick('人口', 'People'), 1.2), ...measures.map(({ ruler }) => right(words.label(RULERS[ruler]), 1.1)), ...(hasPerPerson ? [right(words.pick('人均 m²', 'm² each'), 1)] : [])],
    rows: sorted.slice(0, MOST_ROWS).map((unit) => [unit.name ?? '—', unit.code, unit.level === 'county' ? words.pick('区县', 'District') : words.pick('街道', 'Street'), words.number(unit.people), ...measures.map((_one, at) => words.percent(shareOf(unit, at), 1)), ...(hasPerPerson ? [words.number(unit.perPerson, 2)] : [])]),
    note: boundNote(words, Math.min(sorted.length, MOST_ROWS), sorted.length),
  }
}

export function spacingTable(words: ReportWords, figures: readonly SpacingFigure[]): ReportTable {
  return {
    title: words.pick('间距规则', 'Rules of spacing'),
    columns: [left(words.pick('规则', 'Rule'), 2.8), right(words.pick('限值', 'Limit'), 0.8), right(words.pick('道路', 'Roads'), 1.5), right(words.pick('沿路设施', 'Beside them'), 1.3), right(words.pick('超限路段', 'Beyond'), 1), right(words.pick('超限长度', 'Length beyond'), 1.1), right(words.pick('最长', 'Longest'), 0.9), left(words.pick('结论', 'Verdict'), 1.7)],
    rows: figures.map((one) => [words.pick(one.rule.titleZh, one.rule.titleEn), words.length(one.rule.limitMeters), `${words.number(one.roads)} · ${words.length(one.lengthMeters)}`, `${words.number(one.beside)} / ${words.number(one.facilities)}`, words.number(one.gaps), words.length(one.gapMeters), words.length(one.longestMeters), one.gaps === null ? reasonText(words, one) : one.gaps === 0 ? words.pick('没有超限', 'none beyond') : words.pick('有超限', 'beyond the limit')]),
    note: words.pick('道路：有名称的道路条数与总长；沿路设施：在路旁的 / 全城计入的。没有名称的道路不计。', 'Roads: those with a name and their length. Beside them: facilities beside such a road, of all that count. Roads without a name are left out.'),
  }
}

const endText = (words: ReportWords, { frontage }: SpacingRule, end: SpacingGap['from']) => (end ? (end.name ?? '—') : frontage ? words.pick('路段端', 'end of stretch') : words.pick('路端', 'end of road'))

/** The longest stretches beyond their limit, of all rules. */
export function roadTable(words: ReportWords, figures: readonly SpacingFigure[]): ReportTable {
  const all = figures.flatMap(({ rule, listed }) => listed.map((gap) => ({ rule, gap }))).toSorted((a, b) => b.gap.beyondMeters - a.gap.beyondMeters)
  const count = figures.reduce((sum, { gaps }) => sum + (gaps ?? 0), 0)
  const shown = all.slice(0, MOST_ROWS)
  return {
    title: words.pick('超限最多的路段', 'The stretches farthest beyond their limit'),
    columns: [left(words.pick('道路', 'Road'), 2), left(words.pick('侧', 'Side'), 0.6), left(words.pick('规则', 'Rule'), 2.4), right(words.pick('间距', 'Gap'), 0.9), right(words.pick('限值', 'Limit'), 0.8), right(words.pick('里程（km）', 'Measures, km'), 1.3), left(words.pick('自', 'From'), 1.6), left(words.pick('至', 'To'), 1.6)],
    rows: shown.map(({ rule, gap }) => [gap.roadName, words.label(SIDES[gap.side]), words.pick(rule.titleZh, rule.titleEn), words.length(gap.lengthMeters), words.length(rule.limitMeters), `${words.number(gap.fromMeters / 1000, 2)} – ${words.number(gap.toMeters / 1000, 2)}`, endText(words, rule, gap.from), endText(words, rule, gap.to)]),
    note: boundNote(words, shown.length, count),
  }
}

interface SourcedRule { code: string; version: number; titleZh: string; titleEn: string; standard: string; clause: string; source: string; verified: boolean; note: string | null; effectiveFrom: string | null }

function sourceRow(words: ReportWords, rule: SourcedRule, what: string): string[] {
  return [`${words.pick(rule.titleZh, rule.titleEn)}\n${rule.code} v${rule.version}`, what, [rule.standard, rule.clause].filter((text) => text !== '').join(' · '), rule.effectiveFrom ?? '—', rule.verified ? words.pick('已核对', 'yes') : words.pick('未核对', 'not yet'), [rule.source, rule.note && words.pick(rule.note, noteInEnglish(rule.note))].filter(Boolean).join('\n')]
}

/** Formula and source of each index, and of each limit its standard, clause and date. */
export function sourceTables(words: ReportWords, { indices, tiers, comparators, spacing }: IndicatorsResult): ReportTable[] {
  const columns = [left(words.pick('规则', 'Rule'), 3.4), left(words.pick('限值', 'Limit'), 1.8), left(words.pick('标准与条文', 'Standard and clause'), 2), left(words.pick('施行', 'In force'), 1.25), left(words.pick('与原文核对', 'Checked'), 0.8), left(words.pick('来源与说明', 'Source and remark'), 3)]
  const rows = [
    ...(indices ?? []).flatMap((one) => one.thresholds.map((of) => sourceRow(words, of, `${limitText(words, of, one.unit)} ${words.label(UNITS[one.unit])}`.trim()))),
    ...[...(tiers ?? []), ...(comparators ?? [])].map(({ rule }) => sourceRow(words, rule, bandText(words, rule) || (rule.perPerson ? `≥ ${words.number(rule.perPerson.squareMeters, 2)} m²` : '—'))),
    ...(spacing ?? []).map(({ rule }) => sourceRow(words, rule, `≤ ${words.length(rule.limitMeters)}`)),
  ]
  return [
    ...(indices ? [{
      title: words.pick('指标的公式', 'Formulas of the indices'),
      columns: [left(words.pick('指标', 'Index'), 2.4), left(words.pick('公式', 'Formula'), 5), left(words.pick('来源', 'Source'), 1.6)],
      rows: indices.map((one) => [words.pick(one.nameZh, one.nameEn), words.pick(one.formulaZh, one.formulaEn), one.source]),
      note: null,
    }] : []),
    ...(rows.length > 0 ? [{ title: words.pick('规则与出处', 'Rules and where they come from'), columns, rows, note: null }] : []),
  ]
}
