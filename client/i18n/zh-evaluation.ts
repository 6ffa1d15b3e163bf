/** Words of the evaluation in Chinese; en-evaluation.ts has the same keys. */
export const zhEvaluation = {
  evaluation: {
    page: '评价', title: '综合评价', object: '评价对象', cycle: '周期', period: '期间', previous: '上一期', next: '下一期', today: '按所选日期所在的期间', day: '日期', basis: '时限口径', exempted: '豁免后', raw: '原始', basisHint: '原始：按最初时限；豁免后：计入挂账、延期与已同意的申诉', indicators: '指标', groups: { score: '评分指标', rates: '全部比率', counts: '基础数量' },
    source: '数据', live: '即时数据', published: '第 {n} 版 · {at} 发布', openPeriod: '本期未结束，数据截至 {at}', asOf: '截至 {at}', versions: '指标第 {a} 版 · 规则第 {b} 版', frozen: '已发布，不再变化',
    total: '全部', ranked: '排名', rankedBy: { lower_bound: '按得分下限（样本所能证明的）排名，件数少的对象不因偶然领先', score: '按得分排名' }, rank: '名次', name: '名称', score: '得分', grade: '等级', sample: '样本', grades: { 1: '优', 2: '良', 3: '中', 4: '较差', 5: '差' }, scoreBetween: '样本所能证明的得分在 {a} 与 {b} 之间，按下限排名', deduction: '重复发生扣 {n} 分', deductionOf: '重复发生扣分', deducted: '−{n}',
    unranked: '不参与排名', unrankedHint: '样本少于 {n} 件（{name}）或多数指标无值：数值偶然性大，列出但不排名、不评等级', why: { sample: '样本不足', no_value: '指标无值', no_object: '无归属' }, noRanked: '没有达到最小样本的对象', nobody: '未定区域', noneOf: '{n} 个对象',
    none: '本期没有案件', newest: '最近的案件在 {day}，已打开该月', noneHint: '换一个期间，或查看更长的周期。', noValue: '分母为零，无值', between: '95% 区间 {a}–{b}%', lowerBetter: '越低越好', higherBetter: '越高越好', table: '评价结果', sort: '排序', loading: '正在计算',
    detail: '指标明细', formula: '公式', numerator: '分子', denominator: '分母', people: '人口', bothBases: '两种口径', fraction: '{a} ÷ {b}', sql: '统计语句', showSql: '查看 SQL', sourceOf: '口径来源', version: '版本', rows: '案件', rowCount: '{n} 件', rowTotal: '{n} 件，合计 {t}', noRows: '没有案件', moreRows: '再载入 {n} 件', rowsLive: '案件清单为当前数据；已发布的数值不随之变化', late: '超时', exemptLate: '超时（已豁免）', inTime: '按时', notJudged: '无时限', parts: '得分构成', weight: '权重', points: '得分', value: '数值', showOnMap: '在地图上查看', report: '上报', state: '环节', timely: '处置',
    publish: '发布本期', publishAgain: '重新发布', publishing: '正在发布', publishTitle: '发布 {period}', publishHint: '发布后，本期全部对象、全部指标的数值连同指标与规则版本一并冻结，案件以后变化也不影响。', publishNote: '理由', publishNoteNeeded: '理由（再次发布必填）', publishDone: '已发布第 {n} 版', publishOpen: '本期尚未结束，不能发布', compare: '与当前数据比较', compareTitle: '第 {n} 版与当前数据', compareSame: '{n} 个数值全部一致', compareDiffers: '{n} 个数值与发布时不同', publishedValue: '发布时', liveValue: '当前', indicator: '指标', cancel: '取消',
    units: { percent: '%', hours: '小时', cases: '件', times: '次' },
  },
}
