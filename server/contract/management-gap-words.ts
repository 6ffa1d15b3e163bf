/** Names and definitions of management gaps, which the console and the report say alike. Words in braces are filled in by who says them. */
import type { Sentence } from './management-gap-sentences.ts'
import type { GapLayer, GapUnitLevel } from './management-gaps.ts'

export const GAP_LAYER_NAMES = {
  responsibility: { zh: '责任盲区', en: 'Responsibility' },
  reporting: { zh: '漏报盲区', en: 'Reporting' },
  attention: { zh: '关注盲区', en: 'Attention' },
  data: { zh: '数据盲区', en: 'Data' },
} as const satisfies Record<GapLayer, Sentence>

export const GAP_LEVEL_NAMES = {
  cell: { zh: '网格', en: 'Cell' },
  community: { zh: '社区', en: 'Community' },
  street: { zh: '街道', en: 'Street' },
} as const satisfies Record<GapUnitLevel, Sentence>

export const GAP_DEFINITIONS = {
  responsibility: {
    zh: '逐个单元在责任单位表中按网格、社区、街道三级查找，最小一级有责任单位的为准。三级都没有，为无责任单位；所属单位已撤销，为责任单位已撤销；有单位但没有指定责任人或责任人已离岗，为无责任人；没有在岗采集员的责任区包含该单元，为无采集员。社区、街道没有责任单位，但其网格都有人负责的，不算盲区；还比较本级面积与其网格面积之和。按人口排序。',
    en: 'Each unit is looked up in the table of owners at its cell, community and street; the smallest that has an owner decides. Without any it has no owner; where the organisation has ended its owner is gone; an owner that names nobody, or somebody who left, has no person; where no collector in post has the unit in his area it has no collector. Communities and streets without an owner are no gap where each of their cells has one; they are also held against the land of their cells. Ranked by people.',
  },
  reporting: {
    zh: '统计期内各社区上报的案件（不含撤回、演练和城市范围外）对人口、道路长度、设施数、部件数做对数线性回归；离散程度超过泊松时用负二项分布。实际件数低于该社区期望分布的下分位数为上报偏少。协变量按次序取用，每个参数至少需要规定个数的社区；期望过小的社区不判断。按少报件数排序。',
    en: 'Cases reported in the period by community (withdrawn ones, drills and places outside the city left out) are regressed log-linearly on people, road length, facilities and parts; where they spread wider than Poisson, with a negative binomial. A community below the lower quantile of its own expected distribution is under-reported. Covariates are used in this order, as many as there are communities for; where too few cases are expected nothing is said. Ranked by missing cases.',
  },
  attention: {
    zh: '核查指：{checks}。网格内最近一次核查距今不少于规定天数，为久未核查；有案件而从未核查、从无案件分别列出。按天数、案件数、人口排序。',
    en: 'A check is: {checks}. A cell whose last check is as many days ago or more is not checked lately; cells with cases of which none was ever checked, and cells that never had a case, are told apart. Ranked by days, cases, people.',
  },
  data: {
    zh: '有人口的社区内没有任何设施、建筑或步行路网；部件与案件的位置不在所登记的网格、网格不在所属社区（超过定位误差）；部件、设施与案件在城市范围之外；网格编码所属的街道或社区不存在；图层的数据日期（没有则取最近更新）早于规定月数。',
    en: 'Communities with people but no facility, building or walking path at all; parts and cases that are not in the cell they state, and cells not in their community, beyond the error of positions; parts, facilities and cases outside the city; cells whose code names a street or community that is not there; layers whose data date (else last change) is as many months ago or more.',
  },
} as const satisfies Record<GapLayer, Sentence>

/** Names of the rules of `gap_rules`. */
export const GAP_RULE_NAMES = {
  reporting_period_days: { zh: '漏报：统计天数', en: 'Reporting: days of cases' },
  reporting_tail_share: { zh: '漏报：下侧概率', en: 'Reporting: share of the lower tail' },
  reporting_least_expected: { zh: '漏报：最小期望件数', en: 'Reporting: least expected cases' },
  reporting_communities_per_parameter: { zh: '漏报：每个参数的社区数', en: 'Reporting: communities a parameter' },
  attention_days: { zh: '关注：无核查天数', en: 'Attention: days without a check' },
  data_old_months: { zh: '数据：未更新月数', en: 'Data: months without renewal' },
  data_place_meters: { zh: '数据：位置容差（米）', en: 'Data: tolerance of places (m)' },
  responsibility_uncovered_share: { zh: '责任：网格未铺满的面积比例', en: 'Responsibility: share of land without cells' },
} as const satisfies Record<string, Sentence>
