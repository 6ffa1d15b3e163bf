/** A finished supply run as tables and features, for every file format alike. */
import type { CityRow } from '../cities/cities.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { SupplyDrawing, SupplyInput, SupplyResult, SupplyUnit } from '../contract/planning-supply.ts'
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
    ...result.notCounted.map((refusal) => ({ key: `未计入 not counted: ${refusal.reason}`, value: refusal.count })),
    { key: '量算坐标系 measured in', value: `${passport.measureName} (EPSG:${passport.measureSrid})` },
    { key: '引擎 engine', value: `${passport.engineVersion} / ${passport.engine}` },
    { key: '完成 finished', value: passport.finishedAt },
  ]
}

export function sheetsOf(of: SupplyFile): Sheet[] {
  return [
    { name: '单元 units', columns: UNIT_COLUMNS, rows: unitRows(of) },
    { name: '洛伦兹 Lorenz', columns: [{ key: 'people', title: '人口累计份额 share of people' }, { key: 'share', title: '供给累计份额 share of supply' }], rows: of.result.equity.lorenz ?? [] },
    { name: '拥挤 crowded', columns: [{ key: 'name', title: '设施 facility' }, { key: 'capacity', title: '供给 supply' }, { key: 'peopleInReach', title: '可达人数（加权） people in reach, weighted' }, { key: 'perPerson', title: '每人 per person' }, { key: 'id', title: 'id' }], rows: of.result.crowded.map(({ position: _position, ...one }) => one) },
    { name: '计算说明 passport', columns: [{ key: 'key', title: '项目 item' }, { key: 'value', title: '内容 value' }], rows: passportRows(of) },
  ]
}
