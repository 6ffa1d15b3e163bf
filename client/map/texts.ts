/** The few words that stand on the map itself. */
import type { FeatureKind } from '../../server/contract/layers.ts'
import type { Locale } from '../stores/state.ts'

export type Text = Readonly<Record<Locale, string>>

export const TEXTS = {
  map: { zh: '城市地图，方向键移动，加减号缩放，回车选中十字准星处', en: 'City map; arrow keys move, plus and minus zoom, Enter picks at the cross-hair' },
  zoomIn: { zh: '放大', en: 'Zoom in' },
  zoomOut: { zh: '缩小', en: 'Zoom out' },
  north: { zh: '正北朝上', en: 'North up' },
  tilt: { zh: '倾斜视角', en: 'Tilted view' },
  flat: { zh: '平面视角', en: 'Flat view' },
  wholeCity: { zh: '回到全城', en: 'Whole city' },
  picture: { zh: '保存为图片（PNG）', en: 'Save as picture (PNG)' },
  print: { zh: '出图：纸张、分辨率、比例尺', en: 'Map on paper: sheet, resolution, scale' },
  demo: { zh: '合成演示数据', en: 'Synthetic demo data' },
  sources: { zh: '数据来源', en: 'Data sources' },

  group: { zh: '{count} 件，点击放大', en: '{count} cases, click to zoom in' },
  overdue: { zh: '超时', en: 'Overdue' },
  level: { zh: '{level}级', en: 'Level {level}' },
  blindSpot: { zh: '盲区', en: 'Blind spot' },
  people: { zh: '{count} 人', en: '{count} people' },
  servesPeople: { zh: '是 {count} 人的最近一处', en: 'nearest to {count} people' },
  servesBuildings: { zh: '是 {count} 栋的最近一处', en: 'nearest to {count} buildings' },
  servesBeds: { zh: '是 {count} 床的最近一处', en: 'nearest to {count} beds' },
  servesPupils: { zh: '是 {count} 学位的最近一处', en: 'nearest to {count} school places' },
  servesFacilities: { zh: '是 {count} 处的最近一处', en: 'nearest to {count} facilities' },
  load: { zh: '负荷 {count} / {of} 人', en: 'load {count} of {of} people' },
  peopleUnknown: { zh: '人口未知', en: 'people unknown' },
  noRatio: { zh: '没有住处，无覆盖率', en: 'nobody lives here: no ratio' },
  noChange: { zh: '无变化', en: 'no change' },
  points: { zh: '{count} 个百分点', en: '{count} points' },
  noData: { zh: '无数据', en: 'no data' },
  closed: { zh: '不开放', en: 'closed' },
  ticketed: { zh: '收费', en: 'ticketed' },
  metres: { zh: '高 {count} m', en: '{count} m high' },

} as const satisfies Record<string, Text>

/** A text with its `{…}` filled in. */
export function say(text: Text, locale: Locale, values: Record<string, string | number> = {}): string {
  return text[locale].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export const KINDS: Readonly<Record<FeatureKind, Text>> = {
  incidents: { zh: '案件', en: 'Case' },
  unit_grids: { zh: '单元网格', en: 'Unit grid cell' },
  administrative_areas: { zh: '行政区', en: 'Administrative area' },
  green_spaces: { zh: '绿地', en: 'Green space' },
  green_lines: { zh: '城市绿线', en: 'Green control line' },
  control_areas: { zh: '管控区域', en: 'Control area' },
  permits: { zh: '许可', en: 'Permit' },
  leftover_plots: { zh: '候选地块', en: 'Leftover plot' },
  residential_areas: { zh: '居住用地', en: 'Residential land' },
  population_cells: { zh: '人口格网', en: 'Population cell' },
  built_up_areas: { zh: '建成区', en: 'Built-up area' },
  historic_districts: { zh: '历史文化街区', en: 'Historic district' },
  facilities: { zh: '设施', en: 'Facility' },
  parts: { zh: '部件', en: 'Part' },
  buildings: { zh: '建筑', en: 'Building' },
  roads: { zh: '道路', en: 'Road' },
  path_edges: { zh: '步行路段', en: 'Walkable edge' },
  water_bodies: { zh: '水体', en: 'Water' },
  terrain_areas: { zh: '山体', en: 'Hill' },
}

export const PART_STATES: Readonly<Record<string, Text>> = {
  intact: { zh: '完好', en: 'intact' },
  damaged: { zh: '破损', en: 'damaged' },
  lost: { zh: '丢失', en: 'lost' },
  occupied: { zh: '占用', en: 'occupied' },
  abandoned: { zh: '废弃', en: 'abandoned' },
}
