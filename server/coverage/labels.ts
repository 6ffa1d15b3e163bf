import type { Demand, SpotReasonKind } from '../contract/coverage.ts'
import type { MendKind } from '../contract/mends.ts'
import type { SupplyResult } from '../contract/planning-supply.ts'

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

/** Why a facility does not count. */
export const NOT_COUNTED: Record<SupplyResult['notCounted'][number]['reason'], { zh: string; en: string }> = {
  closed: { zh: '不开放', en: 'closed' }, ticketed: { zh: '收费', en: 'ticketed' }, not_activity_site: { zh: '不计作活动场地', en: 'not an activity site' }, class_not_counted: { zh: '类别不计', en: 'of a class that does not count' }, class_unknown: { zh: '类别未知', en: 'of unknown class' },
  too_small: { zh: '面积不足', en: 'too small' }, area_unknown: { zh: '面积未知', en: 'of unknown area' }, no_geometry: { zh: '没有图形', en: 'without a shape' }, outside_city: { zh: '在市域外', en: 'outside the city' }, capacity_unknown: { zh: '容量未知', en: 'of unknown capacity' },
}

/** The same in the words of a table. */
export const notCountedLabel = (reason: keyof typeof NOT_COUNTED): string => `${NOT_COUNTED[reason].zh} ${NOT_COUNTED[reason].en}`
