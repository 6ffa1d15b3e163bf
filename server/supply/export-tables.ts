/** A finished supply run as tables and features, for every file format alike. */
import type { CityRow } from '../cities/cities.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { SupplyDrawing, SupplyInput, SupplyResult, SupplyUnit } from '../contract/planning-supply.ts'
import { notCountedLabel, REASON_LABELS } from '../coverage/labels.ts'
import { notEnteredOfSupply, notEnteredSheet } from '../coverage/not-entered.ts'
import type { RunFileParts } from '../files/run-file.ts'
import { methodSheet, passportSheet, summarySheet } from '../files/run-sheets.ts'
import type { Column, OutField, OutLayer, Sheet } from '../files/write.ts'
import { UNIT_TEXT } from './words.ts'

export interface SupplyFile {
  city: CityRow
  id: string
  input: SupplyInput
  result: SupplyResult
  drawing: SupplyDrawing
  passport: PlanningPassport
}

export const UNIT_COLUMNS: readonly Column[] = [
  { key: 'level', title: '层级 level' },
  { key: 'code', title: '代码 code' },
  { key: 'name', title: '名称 name' },
  { key: 'people', title: '需求 demand' },
  { key: 'per_person', title: '人均供给 supply per person' },
  { key: 'unit', title: '单位 unit' },
  { key: 'below', title: '低于标准 below standard' },
  { key: 'below_share', title: '低于标准占比 share below' },
  { key: 'out_of_reach', title: '够不到 out of reach' },
  { key: 'served_on_paper', title: '账面已覆盖 served on paper' },
  { key: 'paper_only', title: '账面已覆盖而供给不足 paper only' },
]
const TOO_MANY = '人太多 too many people for it'
const TEXTS = new Set(['level', 'code', 'name', 'unit'])
const FIELDS: readonly OutField[] = UNIT_COLUMNS.map(({ key }) => ({ name: key, type: TEXTS.has(key) ? 'text' : 'number' }))

function rowOf(unit: SupplyUnit, of: SupplyFile): Record<string, unknown> {
  return {
    level: unit.level, code: unit.code, name: unit.name, people: unit.people, per_person: unit.perPerson, unit: UNIT_TEXT[of.result.unit].en,
    below: of.result.equity.below ? unit.below : null, below_share: unit.belowShare, out_of_reach: unit.outOfReach, served_on_paper: unit.servedOnPaper, paper_only: unit.paperOnly,
  }
}

/** One row for each unit: city, counties, streets, communities, cells. */
export function unitRows(of: SupplyFile): Record<string, unknown>[] {
  return [...of.result.units, ...of.drawing.cells.map(({ geometry: _geometry, ...cell }): SupplyUnit => ({ level: 'cell', ...cell }))].map((unit) => rowOf(unit, of))
}

/** Streets, communities and cells as features. */
export function unitLayer(of: SupplyFile): OutLayer {
  const features = ([['street', of.drawing.streets], ['community', of.drawing.communities], ['cell', of.drawing.cells]] as const).flatMap(([level, areas]) =>
    areas.map(({ geometry, ...unit }) => ({ geometry, properties: rowOf({ level, ...unit }, of) })))
  return { name: 'supply', geometryType: 'MultiPolygon', fields: FIELDS, features }
}

/** The question, the rule, the sources and the method: what makes the numbers repeatable. */
export function passportRows({ city, id, result, passport }: SupplyFile): { key: string; value: unknown }[] {
  const { conservation, equity } = result
  return [
    { key: '城市 city', value: `${city.nameZh} ${city.nameEn} (${city.key})` },
    { key: '计算编号 run', value: id },
    { key: '问题 question', value: passport.input },
    { key: '依据 basis', value: passport.basis },
    { key: '公式 formula', value: passport.formula },
    { key: '方法', value: passport.methodZh },
    { key: 'method', value: passport.methodEn },
    { key: '人均供给 supply per person', value: equity.mean },
    { key: '基尼系数 Gini', value: equity.gini },
    { key: '低于标准 below standard', value: equity.below },
    { key: '守恒 conservation', value: `${conservation.supplied} = ${conservation.received} (${conservation.relativeDifference === null ? '无 none' : conservation.relativeDifference.toExponential(1)})` },
    ...passport.inputs.map((layer) => ({ key: `数据 ${layer.kind}`, value: `${layer.layer} v${layer.version}, ${layer.rows} 行 rows` })),
    ...result.notCounted.map((refusal) => ({ key: `未计入 not counted: ${notCountedLabel(refusal.reason)}`, value: refusal.count })),
    { key: '量算坐标系 measured in', value: `${passport.measureName} (EPSG:${passport.measureSrid})` },
    { key: '引擎 engine', value: `${passport.engineVersion} / ${passport.engine}` },
    { key: '完成 finished', value: passport.finishedAt },
  ]
}

function summaryRows({ result }: SupplyFile) {
  const { equity, outOfReach, paper, conservation, unused } = result
  const each = `${UNIT_TEXT[result.unit].en} per person`
  return [
    { item: '需求 demand', value: equity.people, unit: result.demandUnit },
    { item: '人均供给 supply per person', value: equity.mean, unit: each }, { item: '最少 least', value: equity.least, unit: each }, { item: '下四分位 lower quartile', value: equity.lowerQuartile, unit: each }, { item: '中位 median', value: equity.median, unit: each },
    { item: '上四分位 upper quartile', value: equity.upperQuartile, unit: each }, { item: '最多 greatest', value: equity.greatest, unit: each }, { item: '基尼系数 Gini', value: equity.gini },
    ...(equity.below ? [{ item: '标准 standard', value: equity.below.standard, unit: each }, { item: '低于标准 below the standard', value: equity.below.people, unit: result.demandUnit }, { item: '低于标准占比 share below', value: equity.below.share }] : []),
    { item: '够不到 out of reach', value: outOfReach.people, unit: result.demandUnit }, { item: '够不到占比 share out of reach', value: outOfReach.share },
    ...(paper ? [{ item: `账面已覆盖 served on paper (${paper.code})`, value: paper.served, unit: result.demandUnit }, { item: '账面覆盖率 ratio on paper', value: paper.ratio }, { item: '账面已覆盖而供给不足 paper only', value: paper.only, unit: result.demandUnit }] : []),
    { item: '供给总量 supply', value: result.capacity, unit: UNIT_TEXT[result.unit].en }, { item: '设施 facilities', value: result.supplies }, { item: '无人可及的设施 facilities nobody reaches', value: unused.supplies }, { item: '无人可及的供给 supply nobody reaches', value: unused.capacity, unit: UNIT_TEXT[result.unit].en },
    { item: '守恒：有 supplied', value: conservation.supplied }, { item: '守恒：分出 received', value: conservation.received }, { item: '守恒 conserved', value: conservation.isConserved },
  ]
}

const CROWDED_COLUMNS: readonly Column[] = [{ key: 'name', title: '设施 facility' }, { key: 'capacity', title: '供给 supply' }, { key: 'peopleInReach', title: '可达人数（加权） people in reach, weighted' }, { key: 'perPerson', title: '每人 per person' }, { key: 'longitude', title: '经度 longitude' }, { key: 'latitude', title: '纬度 latitude' }, { key: 'id', title: 'id' }]
const crowdedRows = ({ result }: SupplyFile) => result.crowded.map(({ position, ...one }) => ({ ...one, longitude: position[0], latitude: position[1] }))

/** Every table of a run. */
export function sheetsOf(of: SupplyFile): Sheet[] {
  const shut = notEnteredOfSupply(of.result.walking)
  return [
    summarySheet(summaryRows(of)),
    { name: '单元 units', columns: UNIT_COLUMNS, rows: unitRows(of) },
    { name: '分级 classes', columns: [{ key: 'from', title: '从 from' }, { key: 'upTo', title: '到 up to' }, { key: 'demands', title: '需求点 demands' }, { key: 'people', title: '人数 people' }], rows: of.result.classes },
    { name: '洛伦兹 Lorenz', columns: [{ key: 'people', title: '人口累计份额 share of people' }, { key: 'share', title: '供给累计份额 share of supply' }], rows: of.result.equity.lorenz ?? [] },
    { name: '拥挤 crowded', columns: CROWDED_COLUMNS, rows: crowdedRows(of) },
    ...(of.result.reasons ? [{ name: '原因 reasons', columns: [{ key: 'reason', title: '低于标准的原因 why below the standard' }, { key: 'demands', title: '需求点 demands' }, { key: 'people', title: '人数 people' }], rows: of.result.reasons.map(({ kind, ...one }) => ({ reason: kind === 'too_many' ? TOO_MANY : REASON_LABELS[kind], ...one })) }] : []),
    ...(shut.length > 0 ? [notEnteredSheet(shut)] : []),
    { name: '未计入 not counted', columns: [{ key: 'reason', title: '原因 reason' }, { key: 'count', title: '数量 count' }, { key: 'examples', title: '例 such as' }], rows: of.result.notCounted.map(({ reason, count, examples }) => ({ reason: notCountedLabel(reason), count, examples: examples.flatMap(({ name }) => name ?? []).join('、') })) },
    methodSheet(of.passport),
    passportSheet(passportRows(of)),
  ]
}

/** The most crowded facilities as points. */
function crowdedLayer(of: SupplyFile): OutLayer {
  return {
    name: 'crowded', geometryType: 'Point', fields: CROWDED_COLUMNS.map(({ key }) => ({ name: key, type: key === 'name' || key === 'id' ? 'text' : 'number' })),
    features: crowdedRows(of).map((properties) => ({ geometry: { type: 'Point', coordinates: [properties.longitude, properties.latitude] }, properties })),
  }
}

export function runFileOf(of: SupplyFile): RunFileParts {
  return {
    baseName: `${of.city.key}-supply-${of.id}-${of.passport.finishedAt.slice(0, 10)}`,
    table: { columns: UNIT_COLUMNS, rows: unitRows(of) },
    sheets: () => sheetsOf(of),
    layer: () => unitLayer(of),
    layers: () => [unitLayer(of), crowdedLayer(of)],
    passport: () => passportRows(of),
  }
}
