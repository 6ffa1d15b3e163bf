/** Words of management gaps in Chinese; en-gaps.ts has the same keys. */
import { GAP_DEFINITIONS, GAP_LAYER_NAMES, GAP_LEVEL_NAMES, GAP_RULE_NAMES } from '../../server/contract/management-gap-words.ts'
import { inOne } from './in-one.ts'

export const zhGaps = {
  gaps: {
    choose: '盲区类型', layers: inOne(GAP_LAYER_NAMES, 'zh'),
    means: { responsibility: '没有责任单位、责任人或采集员', reporting: '上报明显少于计数模型期望的社区', attention: '{n} 天没有核查案件的网格', data: '缺失、陈旧或位置不符的数据' },
    ofTotal: '/ {n}', items: '项', parameters: '判断口径', level: '判断单元', levels: inOne(GAP_LEVEL_NAMES, 'zh'),
    numbers: { periodDays: '统计天数', days: '多少天没有核查', months: '多少个月没有更新' }, byRule: '留空按规则：{n}', outOf: '请填 {a} 到 {b} 的整数', noParameters: '口径来自规则表，见“方法与来源”。',
    openList: '查看清单', failed: '没有算出盲区', counting: '正在判断', asOf: '截至 {at}', reload: '重新判断',
    kinds: '类型构成', kind: '类型', onlyKind: '只看“{name}”', noShare: '无值', untold: '没有判断的部分',
    table: '盲区清单', rank: '序', code: '代码', place: '街道 · 社区', sentence: '说明', openTable: '在列表中打开 {n} 项', cut: '图上只画最严重的 {n} 个单元。',
    none: '按此口径没有盲区', noneHint: '{n} 个单元都已判断。', noneOfKind: '没有这一类盲区', noneTold: '已判断的部分没有盲区', noneToldHint: '还有没有判断的部分，见下。', cannotTell: '数据不足，无法判断', cannotTellHint: '缺少的数据列在下面；补齐以前不能说没有盲区。',
    methodTitle: '盲区如何计算', formula: '公式', rules: '参数与出处', unverified: '待核定', own: '本市', fit: '拟合', scatter: '期望与实际', scatterHint: '每点一个社区；斜线为实际等于期望，色带为区间。', expected: '期望（件）', actual: '实际（件）',
    definitions: inOne(GAP_DEFINITIONS, 'zh'),
    covariate: '变量', estimate: '系数', standardError: '标准误', constant: '常数', leftOut: '未采用：{name}（{why}）', why: { too_few_communities: '社区数不足', says_nothing_new: '没有增加信息' }, families: { poisson: '泊松回归', negative_binomial: '负二项回归（NB2）' },
    measures: { communities: '社区数 n', deviance: '偏差 / 自由度', dispersion: '离散度 χ²/df', theta: 'θ（标准误）', pseudoR2: '伪 R²（McFadden）', devianceExplained: '偏差解释比例', akaike: 'AIC', interval: '区间' }, intervalOf: '双侧 {p}，下侧 {q}', notConverged: '拟合没有收敛，结果仅供参考。', noModel: '没有拟合出模型：{why}',
    ruleNames: inOne(GAP_RULE_NAMES, 'zh'),
  },
}
