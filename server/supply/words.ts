/** The words of a supply passport: what was computed, how, from what. */
import type { SupplyInput, SupplyRule, SupplyUnitOf } from '../contract/planning-supply.ts'
import { impedanceTexts } from '../coverage/impedance.ts'
import type { WalkingSettings } from '../coverage/walking-queries.ts'
import type { DecayKernel } from '../engine/supply/decay.ts'
import { describeMethod } from '../engine/supply/method.ts'

/** Units of what is shared out, in both languages. */
export const UNIT_TEXT: Record<SupplyUnitOf, { zh: string; en: string }> = {
  m2: { zh: 'm²', en: 'm²' }, beds: { zh: '床', en: 'beds' }, pupils: { zh: '学位', en: 'school places' }, places: { zh: '个（座、位）', en: 'places' }, facilities: { zh: '处', en: 'facilities' },
}

const GROUP_TEXT: Record<SupplyInput['demand'], { zh: string; en: string }> = {
  population: { zh: '居住人口', en: 'residents' }, buildings: { zh: '建筑（每栋计 1）', en: 'buildings, 1 each' }, elders: { zh: '65 岁及以上人口', en: 'people of 65 and older' }, children: { zh: '0–14 岁人口', en: 'people of 14 and younger' },
  hospitals: { zh: '医院（按床位；有一处未知时每处计 1）', en: 'hospitals by their beds (1 each where not all state theirs)' }, schools: { zh: '学校（按学位；有一处未知时每处计 1）', en: 'schools by their pupils (1 each where not all state theirs)' },
}

export interface SupplyFacts {
  input: SupplyInput
  rule: Pick<SupplyRule, 'code' | 'version' | 'source' | 'clause' | 'zoneSource' | 'verified'>
  kernel: DecayKernel
  unit: SupplyUnitOf
  walking: WalkingSettings | null
  plane: string
}

/** Formula and method in both languages. */
export function supplyTexts({ input, rule, kernel, unit, walking, plane }: SupplyFacts): { formula: string; methodZh: string; methodEn: string } {
  const method = describeMethod(kernel)
  const what = UNIT_TEXT[unit]
  const who = GROUP_TEXT[input.demand]
  const impedance = walking ? impedanceTexts(input.impedance, walking) : { zh: [], en: [] }
  const zh = [
    `${method.nameZh}：${method.methodZh}（${method.source}）`,
    walking
      ? `出行成本为步行路网上的米数：从设施出入口（点设施从 ${walking.pointToleranceMeters} m 以内最近的步道，其间计入路程）双向步行到住处在路边上的最近点，加住处到该点的直线距离（步行参数第 ${walking.version} 版，${walking.source}）。投影面 ${plane}。`
      : `出行成本为 ${plane} 平面内的直线米数，从设施边界（点设施从点）起算，边界以内为 0。`,
    ...impedance.zh,
    `供给：${{ area: '设施面积', capacity: '设施所载容量（未知计 0）', count: '每处设施计 1' }[input.supplyBy]}，单位 ${what.zh}；需求：${who.zh}${input.sharedBy === 'residents' ? '，与全体居民分享' : ''}。`,
    `规则 ${rule.code} 第 ${rule.version} 版（${rule.source} ${rule.clause}${rule.verified ? '' : '，未核对原文'}）；带权重来源：${rule.zoneSource}。`,
    '守恒检查：Σ P(i) A(i) = Σ S(j)（至少有一人可及的供给）。没有人的需求不计入人均；够不到任何供给的人均为 0；无人可及的供给不分给任何人。基尼系数与洛伦兹曲线按人计。',
    '低于标准的原因逐个需求点判定：够得到而仍低于标准的为人太多（只够得到容量未知的设施时为缺数据）；够不到的，先看住处有无步道、直线上是否有计入的设施（绕行），再看搜索半径内不开放、收费或缺数据的设施，都没有则为周边没有。',
  ]
  const en = [
    `${method.nameEn}: ${method.methodEn} (${method.source}).`,
    walking
      ? `Travel costs are metres over the walking network: from the gates of a facility (a facility stored as a point: from the nearest path within ${walking.pointToleranceMeters} m, the way to it included), both ways on foot, to the nearest point on a path from each home, plus the straight way from the home to it (walking settings version ${walking.version}, ${walking.source}). Plane: ${plane}.`
      : `Travel costs are straight-line metres in the plane of ${plane}, from the boundary of a facility (a point facility from its point), 0 inside it.`,
    ...impedance.en,
    `Supply: ${{ area: 'the area of facilities', capacity: 'what facilities say they hold (0 where they do not)', count: 'each facility as 1' }[input.supplyBy]}, in ${what.en}; demand: ${who.en}${input.sharedBy === 'residents' ? ', sharing with all residents' : ''}.`,
    `Rule ${rule.code} version ${rule.version} (${rule.source} ${rule.clause}${rule.verified ? '' : ', not checked against the text'}); weights of zones: ${rule.zoneSource}.`,
    'Conservation: Σ P(i) A(i) = Σ S(j) over the supplies that reach anybody. Demands without people have no part in the mean; who reaches no supply has 0; what nobody reaches is nobody’s. Gini coefficient and Lorenz curve are over people.',
    'Why somebody is below the standard is found demand by demand: who reaches something and still has too little has too many people beside him (data are missing where all that is in reach states no capacity); of those who reach nothing first whether there is a path at the home and whether something that counts is near as the crow flies (a detour), then whether something within the catchment is closed, ticketed or of missing data; else nothing is near.',
  ]
  return { formula: method.formula, methodZh: zh.join(''), methodEn: en.join(' ') }
}
