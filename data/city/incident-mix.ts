/** What is reported, how often, where and at which hours: weights for a believable mix. */
import type { IncidentSource } from '../../server/contract/incidents.ts'
import type { FabricCell } from './fabric.ts'

export type Hours = 'day' | 'morning' | 'evening' | 'night' | 'market' | 'rush' | 'any'

/** Weight of each hour of the local day. */
export const HOUR_WEIGHTS: Record<Hours, readonly number[]> = {
  day: [1, 1, 1, 1, 1, 2, 5, 9, 14, 16, 15, 12, 8, 9, 13, 14, 13, 11, 8, 5, 4, 3, 2, 1],
  morning: [0, 0, 0, 1, 2, 5, 12, 18, 16, 12, 9, 6, 4, 4, 5, 5, 5, 4, 3, 2, 1, 1, 0, 0],
  evening: [2, 1, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 4, 6, 10, 15, 18, 17, 13, 8, 4],
  night: [12, 10, 8, 6, 4, 3, 3, 3, 3, 3, 3, 3, 4, 3, 3, 3, 3, 3, 4, 5, 7, 10, 14, 15],
  market: [0, 0, 0, 0, 1, 6, 14, 16, 12, 9, 9, 10, 6, 3, 3, 5, 10, 14, 13, 11, 8, 5, 2, 1],
  rush: [1, 0, 0, 0, 0, 1, 6, 15, 14, 9, 7, 7, 6, 5, 6, 7, 11, 15, 13, 8, 5, 3, 2, 1],
  any: [5, 4, 4, 4, 4, 5, 6, 8, 9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 7, 7, 6, 6, 5],
}

export interface EventRule {
  code: string
  weight: number
  hours: Hours
  /** How a cell draws it. */
  lure: (cell: FabricCell) => number
  department: string
  text: string
}

const streetLife = (cell: FabricCell): number => ({ old: 5, cbd: 4, inner: 3, south_bank: 1.6, west: 1.4, north_rail: 1.2, university: 1.3, new_town: 0.8, industry: 0.4, fringe: 0.4 })[cell.zone] * (cell.use === 'commercial' ? 2.2 : cell.use === 'residential' ? 1 : 0.5)
const dwelling = (cell: FabricCell): number => (cell.use === 'residential' ? { old: 2.4, cbd: 1, inner: 1.8, south_bank: 1.4, west: 1.2, north_rail: 1.7, university: 0.8, new_town: 1, industry: 1.3, fringe: 0.8 }[cell.zone] : 0.25)
const building = (cell: FabricCell): number => ({ new_town: 4, fringe: 2.4, industry: 2, south_bank: 1.6, cbd: 1.6 } as Partial<Record<FabricCell['zone'], number>>)[cell.zone] ?? 0.6
const green = (cell: FabricCell): number => (cell.use === 'green' ? 6 : 0.5)
const riverside = (cell: FabricCell): number => (['riverside', 'lakeside', 'island', 'ring_park'].includes(cell.ground) ? 8 : 0)
const roads = (): number => 1

const LAW = '城市管理执法局'
const CLEAN = '环境卫生中心'
const WORKS = '市政设施养护中心'
const PARKS = '园林绿化中心'

const event = (code: string, weight: number, hours: Hours, lure: EventRule['lure'], department: string, text: string): EventRule => ({ code, weight, hours, lure, department, text })

export const EVENT_RULES: readonly EventRule[] = [
  event('0112', 900, 'morning', streetLife, CLEAN, '路面有果皮纸屑和落叶，需保洁'),
  event('0110', 720, 'day', dwelling, CLEAN, '生活垃圾散落在收集容器外'),
  event('0405', 640, 'evening', streetLife, LAW, '商铺跨门摆放货物'),
  event('0406', 620, 'market', streetLife, LAW, '路边设摊占用人行道'),
  event('0401', 560, 'market', streetLife, LAW, '流动摊贩聚集经营'),
  event('0410', 560, 'rush', streetLife, LAW, '电动自行车停放在盲道上'),
  event('0493', 520, 'rush', streetLife, LAW, '共享单车堆放，影响通行'),
  event('0201', 470, 'day', dwelling, LAW, '墙面张贴小广告'),
  event('0192', 430, 'day', dwelling, CLEAN, '垃圾箱满溢未及时清运'),
  event('0136', 360, 'day', dwelling, LAW, '公共通道堆放杂物'),
  event('0111', 320, 'day', building, LAW, '装修垃圾长时间堆放'),
  event('0113', 300, 'day', roads, WORKS, '路面坑洼，有积水痕迹'),
  event('0604', 260, 'day', streetLife, LAW, '门前卫生责任未落实'),
  event('0304', 240, 'day', building, LAW, '工地未覆盖，扬尘明显'),
  event('0301', 250, 'night', building, LAW, '夜间施工噪音扰民'),
  event('0128', 210, 'evening', streetLife, LAW, '商铺高音喇叭招揽顾客'),
  event('0129', 200, 'night', streetLife, LAW, '露天烧烤，油烟扰民'),
  event('0117', 200, 'day', green, PARKS, '绿地内有散落垃圾'),
  event('0107', 180, 'day', dwelling, LAW, '树木间拉绳晾晒衣物'),
  event('0135', 170, 'day', dwelling, CLEAN, '废弃沙发占用通道'),
  event('0101', 170, 'day', dwelling, LAW, '楼顶正在搭建彩钢房'),
  event('0207', 150, 'day', streetLife, LAW, '擅自悬挂促销条幅'),
  event('0203', 110, 'day', streetLife, LAW, '未经审批设置灯箱广告'),
  event('0206', 100, 'day', streetLife, LAW, '店招不符合设置规范'),
  event('0312', 130, 'day', building, LAW, '渣土车车轮带泥上路'),
  event('0114', 130, 'night', building, CLEAN, '运输车辆遗撒渣土'),
  event('0307', 110, 'day', building, LAW, '工地围挡破损倾斜'),
  event('0302', 120, 'day', building, LAW, '施工围挡占用人行道'),
  event('0496', 130, 'evening', dwelling, LAW, '消防通道停放车辆'),
  event('0125', 120, 'morning', riverside, '河道管理处', '近岸水面有漂浮物'),
  event('0191', 90, 'day', green, PARKS, '公共绿地被开垦种菜'),
  event('0121', 80, 'day', green, PARKS, '行道树有虫害'),
  event('0130', 100, 'evening', streetLife, LAW, '餐饮店向雨水口倾倒废水'),
  event('0120', 70, 'evening', roads, LAW, '露天焚烧落叶'),
  event('0137', 60, 'morning', roads, CLEAN, '路边有动物尸体'),
  event('0180', 110, 'any', roads, '通信基础设施公司', '通信线缆垂落'),
  event('0503', 150, 'any', roads, '排水管理中心', '污水外溢，疑似管道堵塞'),
  event('0506', 60, 'any', roads, '排水管理中心', '路段积水，车辆绕行'),
  event('0505', 34, 'any', roads, WORKS, '路面局部塌陷'),
  event('0501', 56, 'any', roads, '水务集团', '供水管道破裂，路面冒水'),
  event('0502', 16, 'any', dwelling, '燃气集团', '疑似燃气泄漏，有明显异味'),
  event('0508', 40, 'any', roads, '供电公司', '架空线缆断落'),
  event('0596', 36, 'any', dwelling, '住房和城乡建设局', '外墙瓷砖脱落，有坠落危险'),
]

/** Share of part cases by class; each is about one part of the demo. */
export const PART_WEIGHTS: Readonly<Record<string, number>> = { '0137': 420, '0402': 330, '0305': 420, '0103': 240, '0102': 210, '0101': 130, '0104': 260, '0106': 60, '0111': 40, '0127': 70, '0128': 60, '0131': 50, '0204': 100, '0212': 60, '0217': 110, '0225': 60, '0146': 80, '0407': 80, '0283': 50, '0308': 50, '0306': 50, '0150': 40, '0154': 60, '0507': 30, '0221': 50, '0404': 40 }

export const SOURCES: readonly (readonly [IncidentSource, number])[] = [['collector', 610], ['hotline_12345', 150], ['citizen_app', 120], ['video_ai', 60], ['iot', 12], ['dept_transfer', 20], ['leader', 5], ['media', 4], ['satellite', 4], ['enforcement', 15]]
