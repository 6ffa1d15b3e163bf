import type { Demand, SpotReasonKind } from '../contract/coverage.ts'
import type { MendKind } from '../contract/mends.ts'

/** Demands in the words of a table. */
export const RATIO_LABELS: Record<Demand, string> = { residential: '居住用地 residential', population: '人口 population', buildings: '建筑 buildings', elders: '老人（65 岁及以上） elders 65+', children: '儿童（0–14 岁） children 0–14', hospitals: '医院 hospitals', schools: '学校 schools' }

/** Why a blind spot is blind, in the words of a table. */
export const REASON_LABELS: Record<SpotReasonKind, string> = {
  nothing_near: '周边没有 nothing near',
  too_small: '附近的太小 too small',
  shut: '附近的不开放或收费 closed or ticketed',
  data_missing: '附近的缺数据 data missing',
  barrier: '被阻隔 barrier',
  entrance_far: '出入口在另一侧 entrance on the far side',
  detour: '绕行过远 long detour',
  no_entrance: '没有可走入的出入口 no way in',
  off_network: '住处旁无步道数据 no path at the home',
  disconnected: '路网不连通 disconnected network',
}

/** Kinds of mends in the words of a table. */
export const MEND_LABELS: Record<MendKind, string> = { gate: '开出入口 gate', crossing: '跨越 crossing', facility: '闲置地建设 on a plot', open: '开放 opening', path: '接通 path' }
