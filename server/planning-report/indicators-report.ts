/** An indicator sheet as a report: each figure with its threshold, source and formula, who is out of reach and where, stretches of road beyond their spacing. */
import type { GreenIndicator } from '../contract/green-indicators.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { IndicatorBlock, IndicatorsDrawing, IndicatorsResult } from '../contract/planning-indicators.ts'
import type { PlanningRunOf } from '../contract/planning.ts'
import { type Found, left, methodBlocks, passportBlocks, type ReportTools } from './common.ts'
import { readSheetMaps } from './indicators-maps.ts'
import { differenceText, indexTable, limitText, metText, reachTable, roadTable, sourceTables, spacingTable, tellingFigure, thresholdTable, unitTable, valueText } from './indicators-tables.ts'
import type { Block, Figure, ReportTable } from './model.ts'
import type { ReportWords } from './words.ts'

export interface SheetOutcome {
  run: PlanningRunOf<'indicators'>
  result: IndicatorsResult
  passport: PlanningPassport
  drawing: IndicatorsDrawing
}

const BLOCKS = {
  indices: { zh: '法定指标', en: 'Indices' }, tiers: { zh: '公园分级', en: 'Park tiers' }, comparators: { zh: '国际对照', en: 'International comparators' }, spacing: { zh: '沿路间距', en: 'Spacing along roads' },
} as const satisfies Record<IndicatorBlock, unknown>

export const SCOPES = { built_up: { zh: '建成区', en: 'Built-up area' }, city: { zh: '全市', en: 'Whole city' } } as const

/** What the headline speaks of; the first that a sheet has. */
const FIRST_INDICES: readonly GreenIndicator['key'][] = ['park_area_per_person', 'service_radius_coverage', 'green_land_ratio', 'green_cover_ratio', 'least_county_park_area_per_person', 'green_and_square_area_per_person']

const thresholdsOf = ({ indices }: IndicatorsResult) => (indices ?? []).flatMap(({ thresholds }) => thresholds)
const countOf = (result: IndicatorsResult, met: boolean | null) => thresholdsOf(result).filter((one) => one.met === met).length

function placeOf(words: ReportWords, { run: { input } }: SheetOutcome): string {
  const scope = words.label(SCOPES[input.scope])
  return input.unit ? `${input.unit.name ?? input.unit.code} · ${scope}` : scope
}

function findingOf(words: ReportWords, of: SheetOutcome): string {
  const { result } = of
  const sentences: string[] = []
  if (result.indices) {
    const told = result.indices.filter(({ value }) => value !== null)
    const [met, missed, untold] = [true, false, null].map((one) => words.number(countOf(result, one)))
    sentences.push(words.pick(
      `${result.indices.length} 项法定指标中 ${told.length} 项有数值；${thresholdsOf(result).length} 条限值中达到 ${met} 条、未达到 ${missed} 条、不能判断 ${untold} 条。`,
      `${told.length} of ${result.indices.length} indices have a value; of ${thresholdsOf(result).length} thresholds ${met} are met, ${missed} are not, ${untold} cannot be told.`,
    ))
    const lacking = result.indices.flatMap((index) => index.thresholds.filter(({ met: isMet, difference }) => isMet === false && difference !== null).map((threshold) => ({ index, threshold })))
    const [first] = FIRST_INDICES.flatMap((key) => lacking.filter(({ index }) => index.key === key))
    if (first) sentences.push(words.pick(`${first.index.nameZh}为 ${valueText(words, first.index.value, first.index.unit)}，距 ${limitText(words, first.threshold, first.index.unit)} ${differenceText(words, first.threshold, first.index)}。`, `${first.index.nameEn} is ${valueText(words, first.index.value, first.index.unit)}: ${differenceText(words, first.threshold, first.index)} to ${limitText(words, first.threshold, first.index.unit)}.`))
  }
  const spacing = (result.spacing ?? []).filter(({ gaps }) => gaps !== null)
  if (result.spacing) {
    const gaps = spacing.reduce((sum, one) => sum + one.gaps!, 0)
    sentences.push(spacing.length === 0 ? words.pick('沿路间距没有数值。', 'Spacing along roads has no value.') : words.pick(`沿路间距 ${spacing.length} 条规则下共有 ${words.number(gaps)} 段超限路段。`, `By ${spacing.length} rules of spacing ${words.number(gaps)} stretches of road are beyond their limit.`))
  }
  const reach = [...(result.tiers ?? []), ...(result.comparators ?? [])]
  if (sentences.length === 0 && reach.length > 0) {
    const told = reach.filter(({ measures, perPerson }) => measures.some(({ ratio }) => ratio !== null) || perPerson?.value != null).length
    sentences.push(words.pick(`${reach.length} 条可达规则中 ${told} 条有数值。`, `${told} of ${reach.length} rules of reach have a value.`))
  }
  return sentences.join(words.pick('', ' '))
}

function figuresOf(words: ReportWords, { result }: SheetOutcome): Figure[] {
  const indices = FIRST_INDICES.flatMap((key) => (result.indices ?? []).filter((one) => one.key === key && one.value !== null)).slice(0, 4)
  const reach = [result.tiers, result.comparators].flatMap((figures) => tellingFigure(figures ?? []) ?? []).slice(0, indices.length > 0 ? 1 : 2)
  const gaps = (result.spacing ?? []).filter(({ gaps: count }) => count !== null)
  return [
    ...(result.indices ? [{ label: words.pick('达到限值', 'Thresholds met'), value: `${words.number(countOf(result, true))} / ${words.number(thresholdsOf(result).length)}`, note: words.pick(`不能判断 ${words.number(countOf(result, null))}`, `${words.number(countOf(result, null))} cannot be told`) }] : []),
    ...indices.map((one): Figure => {
      // The threshold that is next to be reached; where all are, the highest.
      const next = one.thresholds.find(({ met }) => met === false) ?? one.thresholds.at(-1)
      return { label: words.pick(one.nameZh, one.nameEn), value: valueText(words, one.value, one.unit), ...(next ? { note: `${limitText(words, next, one.unit)} ${metText(words, next.met)}`, tone: next.met === false ? 'warn' as const : 'good' as const } : {}) }
    }),
    ...reach.map(({ figure: { rule, measures }, at }): Figure => ({ label: words.pick(rule.titleZh, rule.titleEn), value: words.percent(measures[at]!.ratio, 1), note: measures[at]!.ruler === 'walk' ? words.pick('步行可达', 'within the walk') : words.pick('直线可达', 'by the straight line') })),
    ...(gaps.length > 0 ? [{ label: words.pick('超限路段', 'Stretches beyond the limit'), value: words.number(gaps.reduce((sum, one) => sum + one.gaps!, 0)) }] : []),
    { label: words.pick('用地', 'Land'), value: words.area(result.landM2) },
    { label: words.pick('人口', 'People'), value: words.number(result.people?.people) },
  ].slice(0, 8)
}

function dataTable(words: ReportWords, { result: { layers } }: SheetOutcome): ReportTable {
  return {
    title: words.pick('数据的日期', 'Dates of the data'),
    columns: [left(words.pick('图层', 'Layer'), 3), left(words.pick('来源', 'Source'), 4), left(words.pick('数据日期', 'Date of the data'), 1.3), left(words.pick('最近更新', 'Last renewed'), 1.3)],
    rows: layers.map((one) => [words.pick(one.titleZh, one.titleEn), words.own(one.source), one.dataDate ?? words.pick('未注明', 'not stated'), words.date(one.updatedAt)]),
    note: null,
  }
}

export async function makeIndicatorsReport(tools: ReportTools, of: SheetOutcome): Promise<Found> {
  const { city, words } = tools
  const { run, result, passport } = of
  const named = { reference: run.id, address: { tool: 'indicators', plan: run.id } }
  const table = (one: ReportTable | null) => (one && one.rows.length > 0 ? [{ part: 'tables' as const, block: { kind: 'table' as const, table: one } }] : [])
  const method = (block: Block) => ({ part: 'method' as const, block })
  const heading = (block: IndicatorBlock) => ({ part: 'tables' as const, block: { kind: 'heading' as const, text: words.label(BLOCKS[block]) } })
  return {
    ...named,
    finishedAt: passport.finishedAt,
    title: words.pick('绿地指标', 'Green indicator sheet'),
    subtitle: [
      `${words.pick(city.nameZh, city.nameEn)} · ${placeOf(words, of)} · ${run.input.blocks.map((block) => words.label(BLOCKS[block])).join(words.pick('、', ', '))}`,
      words.pick(`数据时点 ${words.dateTime(passport.startedAt)}`, `Data as of ${words.dateTime(passport.startedAt)}`),
    ],
    finding: findingOf(words, of),
    figures: figuresOf(words, of),
    blocks: [
      ...(tools.query.parts.includes('maps') ? (await readSheetMaps(tools, of)).map((map) => ({ part: 'maps' as const, block: { kind: 'map' as const, map } })) : []),
      ...(result.indices ? [heading('indices'), ...table(indexTable(words, result.indices, result.notCounted)), ...table(thresholdTable(words, result.indices))] : []),
      ...(result.tiers ? [heading('tiers'), ...table(reachTable(words, words.label(BLOCKS.tiers), result.tiers)), ...table(unitTable(words, result.tiers))] : []),
      ...(result.spacing ? [heading('spacing'), ...table(spacingTable(words, result.spacing)), ...table(roadTable(words, result.spacing))] : []),
      ...(result.comparators ? [heading('comparators'), ...table(reachTable(words, words.label(BLOCKS.comparators), result.comparators)), ...table(unitTable(words, result.comparators))] : []),
      method({ kind: 'heading', text: words.pick('方法', 'Method') }),
      ...methodBlocks(words, passport).map(method),
      ...sourceTables(words, result).map((one) => method({ kind: 'table', table: one })),
      { part: 'always', block: { kind: 'heading', text: words.pick('出处', 'Where the figures come from') } },
      { part: 'always', block: { kind: 'table', table: dataTable(words, of) } },
      ...passportBlocks(tools, named, passport, run.input).map((block) => ({ part: 'always' as const, block })),
    ],
  }
}
