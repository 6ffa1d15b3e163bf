/** What a row of each kind needs: its table, its geometry, its fields, and the column names by which a field is known. */
import type { ImportKind } from '../../server/contract/imports.ts'

/** `time_of_day` becomes minutes since midnight; `classes` a list such as `event:0401,event:04`. */
export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'instant' | 'time_of_day' | 'classes'

export interface FieldRule {
  /** Name in `--map name=column`. */
  name: string
  /** Column of the table; incidents and paths have their own writers. */
  column: string
  type: FieldType
  /** A row without it is refused; the sentence says how to give it. */
  required?: string
  /** Column names taken for it without being told, best first; compared without case, spaces and punctuation. */
  guess: readonly string[]
  /** Words for each value of a choice. */
  choices?: Readonly<Record<string, readonly string[]>>
  minimum?: number
  maximum?: number
}

export type GeometryRule = 'polygon' | 'line' | 'point' | 'any' | 'optionalPoint' | 'none'

export interface KindRule {
  table: string
  geometry: GeometryRule
  measure: 'area_m2' | 'length_meters' | null
  /** Column in which a code is unique among the living rows, if it must be. */
  uniqueCode: 'layer' | 'city' | 'scheme' | null
  /** A row counts as outside the city when its centre is (cells of a grid), else when none of it is inside. */
  outsideBy: 'centroid' | 'touch'
  fields: readonly FieldRule[]
}

const NAME: FieldRule = { name: 'name', column: 'name', type: 'text', guess: ['name', '名称', '名稱', '名字', 'name_zh', 'mc', '地名'] }
const CODE: FieldRule = { name: 'code', column: 'code', type: 'text', guess: ['code', '代码', '代碼', '编码', '編碼', '编号', '標識碼', '标识码'] }
const POPULATION: FieldRule = { name: 'population', column: 'population', type: 'number', minimum: 0, maximum: 1e8, guess: ['population', '人口', '人口数', '人口數', '常住人口', 'pop', 'pop_live', 'p_cnt', 'popnum'] }
const ELDERS: FieldRule = { name: 'elders', column: 'elders', type: 'number', minimum: 0, maximum: 1e8, guess: ['elders', '老人', '65岁以上', '65歲以上', '超過64歲', '老年人口'] }
const CHILDREN: FieldRule = { name: 'children', column: 'children', type: 'number', minimum: 0, maximum: 1e8, guess: ['children', '儿童', '兒童', '0-14岁', '未滿15歲', '未满15岁'] }
const ADDRESS: FieldRule = { name: 'address', column: 'address', type: 'text', guess: ['address', '地址', '地點', '地点', 'addr', 'location', '臺北市核准地點', '位置', 'dz'] }
const OWNER: FieldRule = { name: 'owner', column: 'owner_name', type: 'text', guess: ['owner', '权属单位', '管理单位', '管理單位', '主管單位', 'dept', 'org', '團體名稱'] }
const STARTS: FieldRule = { name: 'starts', column: 'starts_at', type: 'instant', guess: ['starts', 'starts_at', '开始日期', '起始日期', '有效期起', '开始时间', '生效日期'] }
const ENDS: FieldRule = { name: 'ends', column: 'ends_at', type: 'instant', guess: ['ends', 'ends_at', '结束日期', '截止日期', '有效期止', '结束时间', '失效日期'] }
const whole = (field: FieldRule): FieldRule => ({ ...field, type: 'integer' })

const ACCESS_CHOICES = { open: ['open', 'yes', 'public', '开放', '開放', '免费'], ticketed: ['ticketed', 'fee', 'customers', '收费', '收費', '售票'], closed: ['closed', 'no', 'private', '不开放', '封闭', '關閉', '关闭'] }
const ACCESS: FieldRule = { name: 'access', column: 'access', type: 'choice', guess: ['access', '开放情况', '開放情形'], choices: ACCESS_CHOICES }

const area = { geometry: 'polygon', measure: 'area_m2', uniqueCode: null, outsideBy: 'touch' } as const

export const STATES = ['draft', 'pending_accept', 'verifying', 'pending_filing', 'not_filed', 'pending_dispatch', 'pending_dispose', 'disposing', 'suspended', 'disposed', 'pending_check', 'checking', 'pending_close', 'closed', 'closed_special', 'void'] as const
const SOURCES = ['collector', 'hotline_12345', 'citizen_app', 'video_ai', 'iot', 'leader', 'dept_transfer', 'media', 'satellite', 'enforcement'] as const
const itself = (values: readonly string[]) => Object.fromEntries(values.map((value) => [value, [value]]))

const STATE_WORDS: Record<string, readonly string[]> = {
  ...itself(STATES),
  pending_accept: ['pending_accept', '待受理', 'open', '未结案', '受理中'], pending_filing: ['pending_filing', '待立案'], pending_dispatch: ['pending_dispatch', '待派遣'],
  disposing: ['disposing', '处置中', '處理中', '办理中'], closed: ['closed', '已结案', '已結案', '结案', '結案', '已办结', '完成'], not_filed: ['not_filed', '不予立案'], void: ['void', '作废'],
}

export const KIND_RULES: Record<Exclude<ImportKind, 'openstreetmap' | 'population_table' | 'grid_owners'>, KindRule> = {
  administrative_areas: {
    ...area, table: 'administrative_areas', uniqueCode: 'layer',
    fields: [
      {
        name: 'level', column: 'level', type: 'choice', guess: ['level', '级别', '層級'], required: 'Say the level: --map level==county, street or community (区县、街道、社区).',
        choices: { county: ['county', 'district', '区县', '区', '縣', '區', '县'], street: ['street', 'township', '街道', '镇', '乡', '鄉鎮'], community: ['community', 'village', '社区', '村', '里', '居委会', '村里'] },
      },
      { ...CODE, guess: [...CODE.guess, '区划代码', '行政区划代码', 'xzqdm', 'adcode'] },
      { name: 'parent', column: 'parent_code', type: 'text', guess: ['parent_code', '上级代码'] },
      { ...NAME, guess: [...NAME.guess, 'vname', 'tname', '村里', '行政區', '行政区', 'xzqmc'], required: 'Say which column holds the name: --map name=COLUMN.' },
      whole(POPULATION),
    ],
  },
  unit_grids: {
    ...area, table: 'unit_grids', uniqueCode: 'city',
    fields: [
      { ...CODE, guess: [...CODE.guess, '网格编码', '单元网格编码', 'bgcode', 'bg_code'], required: 'A cell needs its 15-digit code: --map code=COLUMN.' },
      { ...NAME, guess: [...NAME.guess, '网格名称'] },
      { name: 'community', column: 'community_code', type: 'text', guess: ['community_code', '社区代码'] },
      { name: 'street', column: 'street_code', type: 'text', guess: ['street_code', '街道代码'] },
      { name: 'county', column: 'county_code', type: 'text', guess: ['county_code', '区县代码'] },
      { name: 'grade', column: 'grade', type: 'choice', guess: ['grade', '等级'], choices: itself(['A', 'B', 'C']) },
      whole(POPULATION), OWNER,
    ],
  },
  green_spaces: {
    ...area, table: 'green_spaces',
    fields: [
      NAME,
      { name: 'scheme', column: 'scheme_id', type: 'text', guess: [] },
      { name: 'class', column: 'class_code', type: 'text', guess: ['class_code', '绿地分类', '绿地类别', '分类代码'] },
      { name: 'counts_as_activity_site', column: 'counts_as_activity_site', type: 'boolean', guess: ['counts_as_activity_site', '计入活动场地'] },
      ACCESS,
      { name: 'green_ratio', column: 'green_ratio', type: 'number', minimum: 0, maximum: 100, guess: ['green_ratio', '绿地率'] },
      OWNER,
      { name: 'built_year', column: 'built_year', type: 'integer', minimum: 1000, maximum: 2200, guess: ['built_year', '建成年份'] },
    ],
  },
  green_lines: { ...area, table: 'green_lines', fields: [CODE, NAME] },
  built_up_areas: { ...area, table: 'built_up_areas', fields: [NAME] },
  historic_districts: { ...area, table: 'historic_districts', fields: [NAME] },
  residential_areas: { ...area, table: 'residential_areas', fields: [CODE, { ...NAME, guess: [...NAME.guess, '小区名称'] }, whole(POPULATION)] },
  leftover_plots: {
    ...area, table: 'leftover_plots',
    fields: [
      CODE, NAME, { name: 'class', column: 'class', type: 'text', guess: ['class', '类型', '地块类型'] }, { name: 'ownership', column: 'ownership', type: 'text', guess: ['ownership', '权属', '權屬'] },
      { name: 'land_use', column: 'land_use', type: 'text', guess: ['land_use', '用地性质', '現況'] },
    ],
  },
  population_cells: { ...area, table: 'population_cells', geometry: 'any', outsideBy: 'centroid', fields: [{ ...CODE, guess: [...CODE.guess, 'gridid', 'grid_id'] }, POPULATION, ELDERS, CHILDREN] },
  buildings: {
    ...area, table: 'buildings',
    fields: [
      NAME, { name: 'class', column: 'class', type: 'text', guess: ['class', 'building', '建筑用途', '用途'] }, { name: 'height', column: 'height_meters', type: 'number', minimum: 0, maximum: 1500, guess: ['height', '高度', '建筑高度'] },
      { name: 'floors', column: 'floors', type: 'integer', minimum: 0, maximum: 300, guess: ['floors', 'building:levels', '楼层', '层数', '樓層'] }, POPULATION, ELDERS, CHILDREN,
    ],
  },
  roads: {
    table: 'roads', geometry: 'line', measure: 'length_meters', uniqueCode: null, outsideBy: 'touch',
    fields: [
      { ...NAME, guess: [...NAME.guess, '道路名称', '路名'] }, { name: 'name_en', column: 'name_en', type: 'text', guess: ['name_en', 'name:en'] },
      { name: 'class', column: 'class', type: 'text', guess: ['highway', 'class', '道路等级', '等级'], required: 'Say the class of the roads: --map class=COLUMN, or one for all: --map class==residential.' },
      { name: 'width', column: 'width_meters', type: 'number', minimum: 0, maximum: 300, guess: ['width', '宽度', '路宽'] }, { name: 'bridge', column: 'is_bridge', type: 'boolean', guess: ['bridge', '桥'] },
    ],
  },
  paths: {
    table: 'path_edges', geometry: 'line', measure: 'length_meters', uniqueCode: null, outsideBy: 'touch',
    fields: [
      { name: 'source_node', column: 'source_node', type: 'text', guess: ['u', 'source', 'from_node'] }, { name: 'target_node', column: 'target_node', type: 'text', guess: ['v', 'target', 'to_node'] },
      { name: 'kind', column: 'kind', type: 'text', guess: ['highway', 'kind', '类型'] }, { name: 'barrier', column: 'barrier', type: 'text', guess: ['barrier'] },
      { name: 'one_way', column: 'one_way', type: 'boolean', guess: ['oneway', 'one_way'] }, { name: 'length', column: 'length_meters', type: 'number', minimum: 0, maximum: 1e6, guess: ['length'] },
      // Of these three the writer of paths makes the structure and the rise.
      { name: 'bridge', column: 'bridge', type: 'text', guess: ['bridge', '桥', '桥梁', '橋'] }, { name: 'tunnel', column: 'tunnel', type: 'text', guess: ['tunnel', '隧道', '地道'] },
      { name: 'incline', column: 'incline', type: 'text', guess: ['incline', '坡度'] }, { name: 'rise', column: 'rise_meters', type: 'number', minimum: -9000, maximum: 9000, guess: ['rise', 'rise_meters', '高差'] },
    ],
  },
  water_bodies: { ...area, table: 'water_bodies', fields: [NAME, { name: 'class', column: 'class', type: 'text', guess: ['class', 'water', '类型'] }] },
  facilities: {
    table: 'facilities', geometry: 'any', measure: null, uniqueCode: null, outsideBy: 'touch',
    fields: [
      CODE, { name: 'class', column: 'class', type: 'text', guess: ['class', '设施类别'], required: 'Say what these facilities are: --map class==toilet (or another class for all), or --map class=COLUMN.' },
      NAME, ADDRESS, { name: 'capacity', column: 'capacity', type: 'number', minimum: 0, maximum: 1e7, guess: ['capacity', 'seat', '容留人數', '容量', '座位数'] },
      { name: 'level', column: 'level', type: 'text', guess: ['level', 'lvl', '等级', '等級'] }, ACCESS, OWNER,
    ],
  },
  parts: {
    table: 'parts', geometry: 'any', measure: null, uniqueCode: 'scheme', outsideBy: 'touch',
    fields: [
      { ...CODE, guess: [...CODE.guess, 'objcode', 'obj_code', '部件标识码', '部件代码'] }, { name: 'scheme', column: 'scheme_id', type: 'text', guess: [] },
      { name: 'class', column: 'class_code', type: 'text', guess: ['class_code', '小类代码', '部件类别'], required: 'Say the class of the parts: --map class=COLUMN, or one code for all: --map class==0101.' },
      { ...NAME, guess: [...NAME.guess, 'objname', 'obj_name', '部件名称'] },
      { name: 'state', column: 'state', type: 'choice', guess: ['state', 'objstate', 'obj_state', '部件状态'], choices: { intact: ['intact', '完好'], damaged: ['damaged', '破损'], lost: ['lost', '丢失'], occupied: ['occupied', '占用'], abandoned: ['abandoned', '废弃'] } },
      { name: 'department', column: 'department', type: 'text', guess: ['department', 'deptname1', 'dept_name1', '主管部门'] }, { name: 'maintainer', column: 'maintainer', type: 'text', guess: ['maintainer', 'deptname3', 'dept_name3', '养护单位'] },
    ],
  },
  permits: {
    table: 'permits', geometry: 'any', measure: null, uniqueCode: null, outsideBy: 'touch',
    fields: [
      {
        name: 'kind', column: 'kind', type: 'choice', guess: ['kind', '许可类型', '许可种类', '施工類別'],
        choices: {
          occupation: ['occupation', '占道', '临时占道', '占用'], excavation: ['excavation', '挖掘', '掘路', '道路挖掘'], construction: ['construction', '施工', '建设工程'], advertising: ['advertising', '户外广告', '广告'],
          greening: ['greening', '绿化', '砍伐', '移植'], waste_transport: ['waste_transport', '渣土', '渣土运输'], other: ['other', '其他'],
        },
      },
      { ...CODE, guess: [...CODE.guess, '许可证号', '许可编号', '文号'] }, { ...NAME, guess: [...NAME.guess, '项目名称', '工程名称', '事由'] },
      { name: 'holder', column: 'holder', type: 'text', guess: ['holder', '许可对象', '申请单位', '施工单位', '建设单位'] }, { name: 'issued_by', column: 'issued_by', type: 'text', guess: ['issued_by', '发证单位', '许可机关', '审批部门'] },
      STARTS, ENDS,
    ],
  },
  control_areas: {
    ...area, table: 'control_areas',
    fields: [
      { name: 'kind', column: 'kind', type: 'choice', guess: ['kind', '管控类型', '区域类型'], choices: { no_report: ['no_report', '不予采集', '免采集', '禁止上报'], key_area: ['key_area', '重点区域', '重点'], scenic: ['scenic', '风景名胜区', '景区'] } },
      CODE, NAME, { name: 'classes', column: 'classes', type: 'classes', guess: ['classes', '适用小类', '小类代码'] }, STARTS, ENDS,
      { name: 'from_time', column: 'from_minute', type: 'time_of_day', guess: ['from_time', '每日起', '开始时刻'] }, { name: 'to_time', column: 'to_minute', type: 'time_of_day', guess: ['to_time', '每日止', '结束时刻'] },
      { name: 'tip', column: 'tip', type: 'text', guess: ['tip', '提示语', '提示'] },
    ],
  },
  incidents: {
    table: 'incidents', geometry: 'optionalPoint', measure: null, uniqueCode: null, outsideBy: 'touch',
    fields: [
      { name: 'id', column: 'source_reference', type: 'text', guess: ['案件編號', '案件编号', '受理号', '任务号', 'service_request_id', 'case_id'] },
      { name: 'class', column: 'class', type: 'text', guess: ['案件類型', '案件类型', '災情細項', '小类名称', '事件类型', 'service_name', 'class'], required: 'Say which column holds the kind of case: --map class=COLUMN.' },
      { name: 'large_class', column: 'large_class', type: 'text', guess: ['主災情類型名稱', '大类名称', '案件大类'] }, { name: 'class_kind', column: 'class_kind', type: 'choice', guess: [], choices: { event: ['event', '事件'], part: ['part', '部件'] } },
      { name: 'scheme', column: 'scheme_id', type: 'text', guess: [] },
      { name: 'reported', column: 'reported_at', type: 'instant', guess: ['成案時間', '成案时间', '上报时间', '災情發生時間', '受理时间', '發生時間', '发生时间', 'requested_datetime', 'reported_at', '起始日期'], required: 'Say which column holds the time of the report: --map reported=COLUMN.' },
      { name: 'occurred', column: 'occurred_at', type: 'instant', guess: ['發生時間', '发生时间', '災情發生時間', 'occurred_at'] },
      { name: 'filed', column: 'filed_at', type: 'instant', guess: ['立案时间', '立案時間', 'filed_at'] }, { name: 'dispatched', column: 'dispatched_at', type: 'instant', guess: ['派遣时间', '派遣時間', 'dispatched_at'] },
      { name: 'due', column: 'due_at', type: 'instant', guess: ['处置时限', '處置期限', '处置截止时间', 'due_at'] }, { name: 'disposed', column: 'disposed_at', type: 'instant', guess: ['处置完成时间', '處置完成時間', '反馈时间', 'disposed_at'] },
      { name: 'ended', column: 'ended_at', type: 'instant', guess: ['结案时间', '結案時間', 'closed_at'] },
      { name: 'state', column: 'state', type: 'choice', guess: ['state', 'status', '案件状态', '案件狀態'], choices: STATE_WORDS },
      { name: 'severity', column: 'severity', type: 'choice', guess: ['severity', '严重程度'], choices: { '1': ['1', '一级', '一級', 'high'], '2': ['2', '二级', '二級', 'medium'], '3': ['3', '三级', '三級', 'low'] } },
      { name: 'source', column: 'source', type: 'choice', guess: [], choices: itself(SOURCES) },
      { name: 'reporter', column: 'reported_by', type: 'text', guess: ['災情通報單位', '上报人', '来源单位', '通報單位'] },
      { name: 'description', column: 'description', type: 'text', guess: ['description', '问题描述', '案件内容', '案件內容', '描述'] }, ADDRESS,
      { name: 'district', column: 'area_label', type: 'text', guess: ['災情行政區', '行政区', '行政區', '所属区县', '所属街道', '所属社区'] },
      { name: 'department', column: 'department', type: 'text', guess: ['处置部门', '承辦單位', '主辦機關'] }, { name: 'drill', column: 'is_drill', type: 'boolean', guess: [] },
    ],
  },
}

/** Columns taken for an identifier when every row has one and no two are alike. */
export const ID_GUESSES = ['id', 'gid', 'fid', 'objectid', 'osmid', 'uuid', '编号', '編號', '核准編號', '序号', '項次', '标识码', 'gridid', '案件編號', '案件编号']
export const LONGITUDE_GUESSES = ['lon', 'lng', 'long', 'longitude', '经度', '經度', 'x', 'xcoord', 'coordx', 'pointx', 'x坐标', 'x座標', 'wgs84x', '坐标x', 'grid_lon', 'jd']
export const LATITUDE_GUESSES = ['lat', 'latitude', '纬度', '緯度', 'y', 'ycoord', 'coordy', 'pointy', 'y坐标', 'y座標', 'wgs84y', '坐标y', 'grid_lat', 'wd']
