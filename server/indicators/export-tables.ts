/** A finished indicator sheet as tables, for every file format alike: one row for each figure and threshold, the rows behind, the passport. */
import type { CityRow } from '../cities/cities.ts'
import { GREEN_INDICATORS, type GreenIndicator } from '../contract/green-indicators.ts'
import type { ReachFigure } from '../contract/green-reach.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { IndicatorBlock, IndicatorsDrawing, IndicatorsInput, IndicatorsResult } from '../contract/planning-indicators.ts'
import type { SpacingFigure, SpacingGap, SpacingRule } from '../contract/spacing.ts'
import type { RunFileParts } from '../files/run-file.ts'
import type { Column, OutLayer, Sheet } from '../files/write.ts'

export interface SheetFile {
  city: CityRow
  id: string
  input: IndicatorsInput
  result: IndicatorsResult
  drawing: IndicatorsDrawing
  passport: PlanningPassport
}

const FIGURE_COLUMNS: readonly Column[] = [
  { key: 'block', title: '分组 block' },
  { key: 'code', title: '代码 code' },
  { key: 'name_zh', title: '名称' },
  { key: 'name_en', title: 'name' },
  { key: 'ruler', title: '量法 ruler' },
  { key: 'value', title: '数值 value' },
  { key: 'at_least', title: '至少 at least' },
  { key: 'unit', title: '单位 unit' },
  { key: 'reason_zh', title: '无值原因' },
  { key: 'reason_en', title: 'why no value' },
  { key: 'numerator', title: '分子 numerator' },
  { key: 'denominator', title: '分母 denominator' },
  { key: 'missing', title: '够不到的人 people out of reach' },
  { key: 'too_narrow', title: '宽度不足的公园 parks too narrow' },
  { key: 'comparison', title: '比较 comparison' },
  { key: 'threshold', title: '限值 threshold' },
  { key: 'met', title: '达到 met' },
  { key: 'difference', title: '差额（负为还差） difference (negative: lacking)' },
  { key: 'difference_unit', title: '差额单位 unit of difference' },
  { key: 'standard', title: '标准 standard' },
  { key: 'clause', title: '条款 clause' },
  { key: 'effective_from', title: '施行日期 effective from' },
  { key: 'verified', title: '已核对原文 verified' },
  { key: 'source', title: '来源 source' },
  { key: 'formula_zh', title: '公式' },
  { key: 'formula_en', title: 'formula' },
]

const UNIT_TEXT: Record<GreenIndicator['unit'], string> = { share: '1', m2_per_person: 'm²/人 person', per_10000_people: '个/万人 per 10,000 people', km_per_10000_people: 'km/万人 per 10,000 people' }
const BLOCK_TEXT: Record<IndicatorBlock, string> = { indices: '法定指标 indices', tiers: '公园分级 park tiers', comparators: '国际对照 comparators', spacing: '沿路间距 spacing along roads' }
const RULER_TEXT = { straight: '直线 straight line', walk: '步行 walk' }

function indexRows(indices: NonNullable<IndicatorsResult['indices']>): Record<string, unknown>[] {
  return indices.flatMap((one) => {
    const figure = {
      block: BLOCK_TEXT.indices, code: one.key, name_zh: one.nameZh, name_en: one.nameEn, value: one.value, at_least: one.atLeast, unit: UNIT_TEXT[one.unit], reason_zh: one.reasonZh, reason_en: one.reasonEn,
      numerator: one.numerator, denominator: one.denominator, formula_zh: one.formulaZh, formula_en: one.formulaEn,
    }
    if (one.thresholds.length === 0) return [{ ...figure, source: one.source }]
    return one.thresholds.map((of) => ({
      ...figure, comparison: of.comparison === 'above' ? '>' : '≥', threshold: of.threshold, met: of.met, difference: of.difference, difference_unit: one.numeratorUnit,
      standard: of.standard, clause: of.clause, effective_from: of.effectiveFrom, verified: of.verified, source: of.source,
    }))
  })
}

function reachRows(figures: readonly ReachFigure[]): Record<string, unknown>[] {
  return figures.flatMap(({ rule, measures, perPerson, tooNarrow, reasonZh, reasonEn }): Record<string, unknown>[] => {
    const of = {
      block: BLOCK_TEXT[rule.block], code: rule.code, name_zh: `${rule.family} ${rule.titleZh}`, name_en: rule.titleEn,
      standard: rule.standard, clause: rule.clause, effective_from: rule.effectiveFrom, verified: rule.verified, source: rule.source,
    }
    if (reasonZh !== null) return [{ ...of, reason_zh: reasonZh, reason_en: reasonEn }]
    const narrow = tooNarrow === undefined ? {} : { too_narrow: tooNarrow.count }
    const reached = measures.map((one) => ({
      ...of, ...narrow, ruler: RULER_TEXT[one.ruler], value: one.ratio, unit: UNIT_TEXT.share, reason_zh: one.reasonZh, reason_en: one.reasonEn, numerator: one.covered, denominator: one.total, missing: one.missing,
      ...(rule.leastShare === null ? {} : { comparison: '≥', threshold: rule.leastShare, met: one.met }),
    }))
    if (!perPerson || !rule.perPerson) return reached
    return [...reached, {
      ...of, ...narrow, value: perPerson.value, unit: UNIT_TEXT.m2_per_person, reason_zh: perPerson.reasonZh, reason_en: perPerson.reasonEn, numerator: perPerson.areaM2, denominator: perPerson.people,
      comparison: '≥', threshold: rule.perPerson.squareMeters, met: perPerson.met, difference: perPerson.difference, difference_unit: 'm2',
    }]
  })
}

/** Of each spacing rule its longest gap, with the limit it has to keep. */
function spacingRows(figures: readonly SpacingFigure[]): Record<string, unknown>[] {
  return figures.map(({ rule, longestMeters, gaps, gapMeters, lengthMeters, reasonZh, reasonEn }) => ({
    block: BLOCK_TEXT.spacing, code: rule.code, name_zh: rule.titleZh, name_en: rule.titleEn, value: gaps, unit: '超限路段 gaps beyond the limit', reason_zh: reasonZh, reason_en: reasonEn,
    numerator: gapMeters, denominator: lengthMeters, comparison: '≤', threshold: rule.limitMeters, met: gaps === null ? null : gaps === 0, difference: longestMeters === null ? null : rule.limitMeters - longestMeters, difference_unit: 'm',
    standard: rule.standard, clause: rule.clause, effective_from: rule.effectiveFrom, verified: rule.verified, source: rule.source,
  }))
}

const SIDE_TEXT = { both: '两侧 both', left: '左侧 left', right: '右侧 right' }

const GAP_COLUMNS: readonly Column[] = [
  { key: 'rule', title: '规则 rule' },
  { key: 'name', title: '名称 name' },
  { key: 'rank', title: '序 rank' },
  { key: 'road', title: '道路 road' },
  { key: 'side', title: '侧 side' },
  { key: 'length_m', title: '间距 gap, m' },
  { key: 'limit_m', title: '限值 limit, m' },
  { key: 'beyond_m', title: '超出 beyond, m' },
  { key: 'from_m', title: '起点里程 from, m' },
  { key: 'to_m', title: '终点里程 to, m' },
  { key: 'from', title: '起点设施 from' },
  { key: 'to', title: '终点设施 to' },
  { key: 'longitude', title: '经度 longitude' },
  { key: 'latitude', title: '纬度 latitude' },
]

function gapRow(rule: SpacingRule, gap: SpacingGap, at: number): Record<string, unknown> {
  const nameOf = (end: SpacingGap['from']) => (end ? (end.name ?? end.id) : '路端 end of road')
  return {
    rule: rule.code, name: rule.titleZh, rank: at + 1, road: gap.roadName, side: SIDE_TEXT[gap.side], length_m: gap.lengthMeters, limit_m: rule.limitMeters, beyond_m: gap.beyondMeters, from_m: gap.fromMeters, to_m: gap.toMeters,
    from: nameOf(gap.from), to: nameOf(gap.to), longitude: gap.center[0], latitude: gap.center[1],
  }
}

const gapRows = ({ result }: SheetFile): Record<string, unknown>[] => (result.spacing ?? []).flatMap(({ rule, listed }) => listed.map((gap, at) => gapRow(rule, gap, at)))

const GAP_TEXTS = new Set(['rule', 'name', 'road', 'side', 'from', 'to'])

/** The stretches of road beyond their limit as lines. */
function gapLayer({ result, drawing }: SheetFile): OutLayer {
  const features = (result.spacing ?? []).flatMap(({ rule, listed }) => {
    const lines = drawing.spacing.find(({ code }) => code === rule.code)?.lines ?? []
    return listed.map((gap, at) => ({ geometry: { type: 'LineString', coordinates: pairsOf(lines[at] ?? []) }, properties: gapRow(rule, gap, at) }))
  })
  return { name: 'spacing_gaps', geometryType: 'LineString', fields: GAP_COLUMNS.map(({ key }) => ({ name: key, type: GAP_TEXTS.has(key) ? 'text' : 'number' })), features }
}

const pairsOf = (line: readonly number[]): [number, number][] => Array.from({ length: line.length / 2 }, (_value, at) => [line[at * 2]!, line[at * 2 + 1]!])

/** One row for each figure and each of its thresholds. */
function figureRows({ result }: SheetFile): Record<string, unknown>[] {
  return [...indexRows(result.indices ?? []), ...reachRows(result.tiers ?? []), ...reachRows(result.comparators ?? []), ...spacingRows(result.spacing ?? [])]
}

const UNIT_COLUMNS: readonly Column[] = [
  { key: 'code', title: '规则 rule' },
  { key: 'name', title: '名称 name' },
  { key: 'level', title: '层级 level' },
  { key: 'unit_code', title: '单元代码 unit code' },
  { key: 'unit_name', title: '单元 unit' },
  { key: 'people', title: '人口 people' },
  { key: 'straight', title: '直线可达 within, straight line' },
  { key: 'walk', title: '步行可达 within, walk' },
  { key: 'per_person', title: '人均 m² per person' },
]

/** People of every district and street within reach, rule by rule. */
function unitRows({ result }: SheetFile): Record<string, unknown>[] {
  return [...(result.tiers ?? []), ...(result.comparators ?? [])].flatMap(({ rule, measures, units }) =>
    units.map((unit) => ({
      code: rule.code, name: rule.titleZh, level: unit.level, unit_code: unit.code, unit_name: unit.name, people: unit.people, per_person: unit.perPerson,
      ...Object.fromEntries(measures.map(({ ruler }, at) => [ruler, unit.covered[at]])),
    })))
}

/** The features behind the figures. */
function behindRows({ drawing, result }: SheetFile): Record<string, unknown>[] {
  const ruleNames = new Map([...(result.tiers ?? []), ...(result.comparators ?? [])].map(({ rule }) => [rule.code, `${rule.family} ${rule.titleZh}`]))
  const nameOf = (key: string) => ruleNames.get(key) ?? GREEN_INDICATORS[key as keyof typeof GREEN_INDICATORS].zh
  return Object.entries(drawing.rows).flatMap(([key, rows]) =>
    rows.map(({ feature, counted }, at) => {
      const { id, name, classCode, areaM2, greenRatio, position } = drawing.features[feature]!
      return { index: nameOf(key), rank: at + 1, name, class: classCode, area_m2: areaM2, green_ratio: greenRatio, counted, longitude: position[0], latitude: position[1], id }
    }))
}

const BEHIND_COLUMNS: readonly Column[] = [
  { key: 'index', title: '指标 index' },
  { key: 'rank', title: '序 rank' },
  { key: 'name', title: '名称 name' },
  { key: 'class', title: '类别 class' },
  { key: 'area_m2', title: '范围内面积 area within, m²' },
  { key: 'green_ratio', title: '绿地率 green ratio' },
  { key: 'counted', title: '计入 counted' },
  { key: 'longitude', title: '经度 longitude' },
  { key: 'latitude', title: '纬度 latitude' },
  { key: 'id', title: 'id' },
]

/** The question, the sources and the method: what makes the numbers repeatable. */
function passportRows({ city, id, input, result, passport }: SheetFile): { key: string; value: unknown }[] {
  return [
    { key: '城市 city', value: `${city.nameZh} ${city.nameEn} (${city.key})` },
    { key: '计算编号 run', value: id },
    { key: '范围 scope', value: `${input.scope === 'built_up' ? '建成区 built-up area' : '全市 whole city'}${input.unit ? ` · ${input.unit.name ?? input.unit.code} (${input.unit.code})` : ''}` },
    { key: '用地 land, m²', value: result.landM2 },
    { key: '人口 people', value: result.people && `${result.people.people} (${result.people.source})` },
    { key: '依据 basis', value: passport.basis },
    { key: '公式 formula', value: passport.formula },
    { key: '方法', value: passport.methodZh },
    { key: 'method', value: passport.methodEn },
    ...passport.inputs.map((layer) => ({ key: `数据 ${layer.kind}`, value: `${layer.layer} v${layer.version}, ${layer.rows} 行 rows, ${result.layers.find((one) => one.layer === layer.layer)?.dataDate ?? '日期未注明 no date'}` })),
    { key: '量算坐标系 measured in', value: `${passport.measureName} (EPSG:${passport.measureSrid})` },
    { key: '引擎 engine', value: `${passport.engineVersion} / ${passport.engine}` },
    { key: '完成 finished', value: passport.finishedAt },
  ]
}

function sheetsOf(of: SheetFile): Sheet[] {
  return [
    { name: '指标 figures', columns: FIGURE_COLUMNS, rows: figureRows(of) },
    ...(of.result.tiers || of.result.comparators ? [{ name: '分单元 units', columns: UNIT_COLUMNS, rows: unitRows(of) }] : []),
    ...(of.result.spacing ? [{ name: '沿路间距 spacing', columns: GAP_COLUMNS, rows: gapRows(of) }] : []),
    { name: '计入对象 rows', columns: BEHIND_COLUMNS, rows: behindRows(of) },
    { name: '计算说明 passport', columns: [{ key: 'key', title: '项目 item' }, { key: 'value', title: '内容 value' }], rows: passportRows(of) },
  ]
}

/** Green features behind the figures as points, each once with the figures that count it. */
function featureLayer(of: SheetFile): OutLayer {
  const countedIn = new Map<number, string[]>()
  for (const [key, rows] of Object.entries(of.drawing.rows)) for (const { feature } of rows) countedIn.set(feature, [...(countedIn.get(feature) ?? []), key])
  return {
    name: 'green_features', geometryType: 'Point',
    fields: [{ name: 'id', type: 'text' }, { name: 'name', type: 'text' }, { name: 'class', type: 'text' }, { name: 'area_m2', type: 'number' }, { name: 'counted_in', type: 'text' }],
    features: of.drawing.features.map(({ id, name, classCode, areaM2, position }, at) => ({ geometry: { type: 'Point', coordinates: position }, properties: { id, name, class: classCode, area_m2: areaM2, counted_in: (countedIn.get(at) ?? []).join(' ') } })),
  }
}

/** Of shapes there are the stretches of road beyond their spacing, where the sheet is about them, and the green behind its figures. */
export function runFileOf(of: SheetFile): RunFileParts {
  const layer = () => (of.result.spacing ? gapLayer(of) : featureLayer(of))
  return {
    baseName: `${of.city.key}-indicators-${of.id}-${of.passport.finishedAt.slice(0, 10)}`,
    table: { columns: FIGURE_COLUMNS, rows: figureRows(of) },
    sheets: () => sheetsOf(of),
    layer,
    layers: () => (of.result.spacing ? [gapLayer(of), featureLayer(of)] : [featureLayer(of)]),
    passport: () => passportRows(of),
  }
}
