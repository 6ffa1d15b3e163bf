/** Names of what coverage, supply, sites and mends speak of, in both languages. */
import type { CoverageRatio, CoverageUnit, Demand, Impedance, Ruler, SpotReasonKind } from '../contract/coverage.ts'
import type { MendKind } from '../contract/mends.ts'
import type { SitingMethod } from '../contract/planning-siting.ts'
import type { Pair } from './words.ts'

export const DEMANDS: Record<Demand, Pair> = {
  residential: { zh: '居住用地', en: 'residential land' }, population: { zh: '居住人口', en: 'residents' }, buildings: { zh: '建筑', en: 'buildings' }, elders: { zh: '老人（65 岁及以上）', en: 'people of 65 and older' },
  children: { zh: '儿童（0–14 岁）', en: 'children of 14 and younger' }, hospitals: { zh: '医院', en: 'hospitals' }, schools: { zh: '学校', en: 'schools' },
}

export const UNITS: Record<CoverageRatio['unit'], Pair> = {
  m2: { zh: 'm²', en: 'm²' }, people: { zh: '人', en: 'people' }, buildings: { zh: '栋', en: 'buildings' }, beds: { zh: '床', en: 'beds' }, pupils: { zh: '学位', en: 'school places' }, facilities: { zh: '处', en: 'facilities' },
}

export const RULERS = { straight: { zh: '直线距离', en: 'straight-line distance' }, walk: { zh: '步行路网距离', en: 'walking distance' } } as const satisfies Record<string, Pair>

const STAIRS: Record<Impedance['stairs'], Pair | null> = { as_paths: null, slower: { zh: '台阶更费时', en: 'stairs slower' }, closed: { zh: '台阶不通行', en: 'stairs closed' } }

/** The ruler with what hinders on it. */
export function rulerOf({ ruler, impedance }: { ruler?: Ruler | undefined; impedance?: Impedance | undefined }): Pair {
  const name = RULERS[ruler ?? 'straight']
  const taken = impedance ? [...(impedance.slope ? [{ zh: '计坡度', en: 'slopes counted' }] : []), ...(STAIRS[impedance.stairs] ? [STAIRS[impedance.stairs]!] : [])] : []
  return taken.length === 0 ? name : { zh: `${name.zh}（${taken.map(({ zh }) => zh).join('、')}）`, en: `${name.en} (${taken.map(({ en }) => en).join(', ')})` }
}

export const LEVELS: Record<CoverageUnit['level'], Pair> = { city: { zh: '全市', en: 'City' }, county: { zh: '区县', en: 'County' }, street: { zh: '街道', en: 'Street-level unit' }, community: { zh: '社区', en: 'Community' }, cell: { zh: '单元网格', en: 'Grid cell' } }

export const REASONS: Record<SpotReasonKind, Pair> = {
  nothing_near: { zh: '周边没有设施', en: 'nothing within reach' }, too_small: { zh: '附近的达不到规模', en: 'the near one is too small' }, shut: { zh: '附近的不开放或收费', en: 'the near one is closed or ticketed' },
  data_missing: { zh: '附近的缺面积或类别数据', en: 'area or class of the near one is missing' },
  barrier: { zh: '被河流、铁路等阻隔', en: 'a barrier lies between' }, entrance_far: { zh: '出入口在另一侧', en: 'the entrance is on the far side' }, detour: { zh: '绕行过远', en: 'the way round is too long' },
  no_entrance: { zh: '没有可走入的出入口', en: 'no way in on foot' }, off_network: { zh: '住处旁无步道数据', en: 'no path beside the homes' }, disconnected: { zh: '步行路网不连通', en: 'on a cut-off part of the network' },
}

export const MENDS: Record<MendKind, Pair> = { gate: { zh: '开出入口', en: 'Open a gate' }, crossing: { zh: '跨越阻隔', en: 'Crossing' }, facility: { zh: '在闲置地建设', en: 'Build on a plot' }, open: { zh: '开放绿地', en: 'Open a green' }, path: { zh: '接通断头路', en: 'Join a path' } }

export const METHODS: Record<SitingMethod, Pair> = {
  mclp: { zh: '最大覆盖', en: 'maximal covering' }, lscp: { zh: '集合覆盖', en: 'location set covering' }, 'p-median': { zh: 'p-中位', en: 'p-median' }, 'p-center': { zh: 'p-中心', en: 'p-center' },
}

export const KINDS: Readonly<Record<string, Pair>> = {
  green_spaces: { zh: '绿地', en: 'Green spaces' }, facilities: { zh: '设施', en: 'Facilities' }, buildings: { zh: '建筑', en: 'Buildings' }, population_cells: { zh: '人口格网', en: 'Population cells' }, residential_areas: { zh: '居住用地', en: 'Residential land' },
  built_up_areas: { zh: '建成区', en: 'Built-up area' }, historic_districts: { zh: '历史文化街区', en: 'Historic districts' }, administrative_areas: { zh: '行政区划', en: 'Administrative areas' }, unit_grids: { zh: '单元网格', en: 'Unit grid cells' },
  path_edges: { zh: '步行路网', en: 'Walking network' }, green_entrances: { zh: '出入口', en: 'Entrances' }, leftover_plots: { zh: '边角地与闲置地', en: 'Leftover plots' }, green_lines: { zh: '绿线', en: 'Green lines' }, control_areas: { zh: '管控区域', en: 'Control areas' },
  water_bodies: { zh: '水体', en: 'Water' }, roads: { zh: '道路', en: 'Roads' }, parts: { zh: '部件', en: 'Managed parts' },
}
