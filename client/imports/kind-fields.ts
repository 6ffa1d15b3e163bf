/** Fields that a column can be mapped to, per kind; the server knows the same names and says so when one is wrong. */
import type { ImportKind } from '../../server/contract/imports.ts'

interface FieldWords {
  zh: string
  en: string
}

const WORDS = {
  id: { zh: '唯一标识', en: 'identifier' }, name: { zh: '名称', en: 'name' }, code: { zh: '编码', en: 'code' }, class: { zh: '类别', en: 'class' }, level: { zh: '级别', en: 'level' }, parent: { zh: '上级代码', en: 'parent code' },
  population: { zh: '人口', en: 'population' }, elders: { zh: '老人', en: 'elders' }, children: { zh: '儿童', en: 'children' }, community: { zh: '社区代码', en: 'community code' }, street: { zh: '街道代码', en: 'street code' }, county: { zh: '区县代码', en: 'county code' },
  grade: { zh: '等级', en: 'grade' }, owner: { zh: '权属单位', en: 'owner' }, access: { zh: '开放情况', en: 'access' }, green_ratio: { zh: '绿地率', en: 'green ratio' }, counts_as_activity_site: { zh: '计入活动场地', en: 'counts as activity site' }, built_year: { zh: '建成年份', en: 'year built' },
  ownership: { zh: '权属', en: 'ownership' }, land_use: { zh: '用地性质', en: 'land use' }, height: { zh: '高度', en: 'height' }, floors: { zh: '层数', en: 'floors' }, width: { zh: '宽度', en: 'width' }, bridge: { zh: '桥', en: 'bridge' }, name_en: { zh: '英文名', en: 'English name' },
  source_node: { zh: '起点', en: 'from node' }, target_node: { zh: '终点', en: 'to node' }, kind: { zh: '类型', en: 'kind' }, barrier: { zh: '障碍', en: 'barrier' }, one_way: { zh: '单行', en: 'one way' }, length: { zh: '长度', en: 'length' },
  address: { zh: '地址', en: 'address' }, capacity: { zh: '容量', en: 'capacity' }, state: { zh: '状态', en: 'state' }, scheme: { zh: '分类标准', en: 'scheme' }, lon: { zh: '经度', en: 'longitude' }, lat: { zh: '纬度', en: 'latitude' },
  source: { zh: '来源', en: 'source' }, severity: { zh: '严重程度', en: 'severity' }, description: { zh: '描述', en: 'description' }, reported: { zh: '上报时间', en: 'reported at' }, occurred: { zh: '发生时间', en: 'occurred at' }, ended: { zh: '结案时间', en: 'ended at' },
  filed: { zh: '立案时间', en: 'filed at' }, dispatched: { zh: '派遣时间', en: 'dispatched at' }, district: { zh: '行政区名', en: 'area by name' }, due: { zh: '处置时限', en: 'limit of handling' }, disposed: { zh: '处置完成时间', en: 'handled at' },
  large_class: { zh: '大类', en: 'large class' }, class_kind: { zh: '部件或事件', en: 'part or event' }, reporter: { zh: '上报人', en: 'reporter' }, department: { zh: '责任部门', en: 'department' }, maintainer: { zh: '养护单位', en: 'maintainer' }, drill: { zh: '演练', en: 'drill' },
  holder: { zh: '许可对象', en: 'permit holder' }, issued_by: { zh: '发证单位', en: 'issued by' }, starts: { zh: '起始时间', en: 'starts at' }, ends: { zh: '截止时间', en: 'ends at' }, from_time: { zh: '每日起', en: 'daily from' }, to_time: { zh: '每日止', en: 'daily until' },
  classes: { zh: '适用小类', en: 'classes' }, tip: { zh: '提示语', en: 'tip' }, area: { zh: '区划或网格代码', en: 'area or cell code' }, organisation: { zh: '责任单位', en: 'organisation' }, person: { zh: '责任人', en: 'person' },
} satisfies Record<string, FieldWords>

export type FieldName = keyof typeof WORDS

const FIELDS: Record<ImportKind, readonly FieldName[]> = {
  administrative_areas: ['name', 'code', 'level', 'parent', 'population'],
  unit_grids: ['code', 'name', 'community', 'street', 'county', 'grade', 'population', 'owner'],
  green_spaces: ['name', 'class', 'scheme', 'access', 'counts_as_activity_site', 'green_ratio', 'owner', 'built_year'],
  green_lines: ['code', 'name'],
  built_up_areas: ['name'],
  historic_districts: ['name'],
  residential_areas: ['code', 'name', 'population'],
  leftover_plots: ['code', 'name', 'class', 'ownership', 'land_use'],
  population_cells: ['code', 'population', 'elders', 'children'],
  population_table: ['population', 'elders', 'children'],
  buildings: ['name', 'class', 'height', 'floors', 'population', 'elders', 'children'],
  roads: ['name', 'name_en', 'class', 'width', 'bridge'],
  paths: ['source_node', 'target_node', 'kind', 'barrier', 'one_way', 'length'],
  water_bodies: ['name', 'class'],
  facilities: ['class', 'code', 'name', 'address', 'capacity', 'level', 'access', 'owner'],
  parts: ['code', 'class', 'name', 'scheme', 'state', 'department', 'maintainer'],
  permits: ['kind', 'code', 'name', 'holder', 'issued_by', 'starts', 'ends'],
  control_areas: ['kind', 'code', 'name', 'classes', 'starts', 'ends', 'from_time', 'to_time', 'tip'],
  grid_owners: ['area', 'organisation', 'person'],
  incidents: ['class', 'large_class', 'class_kind', 'scheme', 'reported', 'occurred', 'filed', 'dispatched', 'due', 'disposed', 'ended', 'state', 'severity', 'source', 'reporter', 'description', 'address', 'district', 'department', 'drill'],
  openstreetmap: [],
}

export interface FieldChoice extends FieldWords {
  name: string
}

/** The fields of a kind with their words; points may take their place from two columns. */
export function fieldsOf(kind: ImportKind): FieldChoice[] {
  const own = FIELDS[kind]
  const all: FieldName[] = own.length === 0 ? [] : [...own, 'id', 'lon', 'lat']
  return all.map((name) => ({ name, ...WORDS[name] }))
}
