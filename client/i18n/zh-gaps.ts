/** Words of management gaps in Chinese; en-gaps.ts has the same keys. */
export const zhGaps = {
  gaps: {
    choose: '盲区类型', layers: { responsibility: '责任盲区', reporting: '漏报盲区', attention: '关注盲区', data: '数据盲区' },
    means: { responsibility: '没有责任单位、责任人或采集员', reporting: '上报明显少于计数模型期望的社区', attention: '{n} 天没有核查案件的网格', data: '缺失、陈旧或位置不符的数据' },
    ofTotal: '/ {n}', items: '项', parameters: '判断口径', level: '判断单元', levels: { cell: '网格', community: '社区', street: '街道' },
    numbers: { periodDays: '统计天数', days: '多少天没有核查', months: '多少个月没有更新' }, byRule: '留空按规则：{n}', outOf: '请填 {a} 到 {b} 的整数', noParameters: '口径来自规则表，见“如何计算”。',
    openList: '查看清单', failed: '没有算出盲区', counting: '正在判断', asOf: '截至 {at}', reload: '重新判断',
    kinds: '类型构成', kind: '类型', onlyKind: '只看“{name}”', noShare: '无值', untold: '没有判断的部分',
    table: '盲区清单', rank: '序', code: '代码', place: '街道 · 社区', sentence: '说明', openTable: '在列表中打开 {n} 项', cut: '图上只画最严重的 {n} 个单元。',
    none: '按此口径没有盲区', noneHint: '{n} 个单元都已判断。', noneOfKind: '没有这一类盲区', noneTold: '已判断的部分没有盲区', noneToldHint: '还有没有判断的部分，见下。', cannotTell: '数据不足，无法判断', cannotTellHint: '缺少的数据列在下面；补齐以前不能说没有盲区。',
    method: '如何计算', methodTitle: '盲区如何计算', formula: '公式', rules: '参数与出处', unverified: '待核定', own: '本市', fit: '拟合', scatter: '期望与实际', scatterHint: '每点一个社区；斜线为实际等于期望，色带为区间。', expected: '期望（件）', actual: '实际（件）',
    definitions: {
      responsibility: '逐个单元在责任单位表中按网格、社区、街道三级查找，最小一级有责任单位的为准。三级都没有，为无责任单位；所属单位已撤销，为责任单位已撤销；有单位但没有指定责任人或责任人已离岗，为无责任人；没有在岗采集员的责任区包含该单元，为无采集员。社区、街道没有责任单位，但其网格都有人负责的，不算盲区；还比较本级面积与其网格面积之和。按人口排序。',
      reporting: '统计期内各社区上报的案件（不含撤回、演练和城市范围外）对人口、道路长度、设施数、部件数做对数线性回归；离散程度超过泊松时用负二项分布。实际件数低于该社区期望分布的下分位数为上报偏少。协变量按次序取用，每个参数至少需要规定个数的社区；期望过小的社区不判断。按少报件数排序。',
      attention: '核查指：{checks}。网格内最近一次核查距今不少于规定天数，为久未核查；有案件而从未核查、从无案件分别列出。按天数、案件数、人口排序。',
      data: '有人口的社区内没有任何设施、建筑或步行路网；部件与案件的位置不在所登记的网格、网格不在所属社区（超过定位误差）；部件、设施与案件在城市范围之外；网格编码所属的街道或社区不存在；图层的数据日期（没有则取最近更新）早于规定月数。',
    },
    covariate: '变量', estimate: '系数', standardError: '标准误', constant: '常数', leftOut: '未采用：{name}（{why}）', why: { too_few_communities: '社区数不足', says_nothing_new: '没有增加信息' }, families: { poisson: '泊松回归', negative_binomial: '负二项回归（NB2）' },
    measures: { communities: '社区数 n', deviance: '偏差 / 自由度', dispersion: '离散度 χ²/df', theta: 'θ（标准误）', pseudoR2: '伪 R²（McFadden）', devianceExplained: '偏差解释比例', akaike: 'AIC', interval: '区间' }, intervalOf: '双侧 {p}，下侧 {q}', notConverged: '拟合没有收敛，结果仅供参考。', noModel: '没有拟合出模型：{why}',
    ruleNames: { reporting_period_days: '漏报：统计天数', reporting_tail_share: '漏报：下侧概率', reporting_least_expected: '漏报：最小期望件数', reporting_communities_per_parameter: '漏报：每个参数的社区数', attention_days: '关注：无核查天数', data_old_months: '数据：未更新月数', data_place_meters: '数据：位置容差（米）', responsibility_uncovered_share: '责任：网格未铺满的面积比例' },
  },
}
