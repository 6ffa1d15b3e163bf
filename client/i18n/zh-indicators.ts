/** Words of the indicator sheet 指标表. */
export const zhIndicators = {
  indicators: {
    title: '绿地指标表', question: '指标表条件', scope: '统计范围', scopes: { built_up: '建成区', city: '全市' }, unit: '区县或街道', wholeScope: '整个范围', counties: '区县', streets: '街道', blocks: '内容',
    blockNames: { indices: '法定指标', tiers: '公园分级', comparators: '国际对照', spacing: '沿路间距' }, blockHints: { indices: '绿地率、人均公园绿地、服务半径覆盖率等', tiers: 'GB/T 51346 各级公园与 GB 50180 生活圈', comparators: 'WHO、欧盟、3-30-300、SDG 11.7.1 等', spacing: '公厕、废物箱、消火栓、路灯在路上隔多远' },
    data: '数据日期', noDate: '未注明', updated: '更新于 {at}', choicesFailed: '没有取到可选范围',
    start: '计算指标表', starting: '正在提交', running: '正在计算', needBlock: '至少选一项内容', none: '还没有指标表', noneHint: '在左侧选定范围与内容，开始计算。', failed: '没有算完', cancelled: '已取消', again: '重新计算', closeRun: '收起这张指标表', recent: '算过的指标表', noRecent: '还没有算过',
    stages: { waiting: '排队', prepare: '准备', green: '绿地', coverage: '覆盖率', sheet: '汇总', ground: '公园与住处', reach: '可达', units: '分单元', spacing: '间距', store: '入库', done: '完成' },
    land: '用地', people: '人口', met: '达到', notMet: '未达到', untold: '不能判断', thresholdsMet: '{a}/{n} 项达标',
    lacking: '还差 {d}', lackingAtMost: '至多还差 {d}', beyond: '超出 {d}', toReach: '距限值 {limit} {d}', atLeast: '至少 {v}', verified: '已核对原文', unverified: '未与原文核对', effective: '{d} 起施行', clause: '{standard} {clause}',
    formula: '公式', fraction: '分子 ÷ 分母', source: '来源', thresholds: '限值', rows: '计入的 {n} 处', moreRows: '再列 {n} 处', rowsKept: '只存了计入最多的 {n} 处', openCoverage: '在“覆盖”中查看',
    units: { share: '', m2_per_person: 'm²/人', per_10000_people: '个/万人', km_per_10000_people: 'km/万人', parks: '个' },
    notCounted: '{n} 处绿地（{a}）没有类别或属于其他分类标准，未计入', export: '导出指标表', methodTitle: '指标表的方法与来历', showOnMap: '在图上看',
 outOfReach: '够不到 {n}', everybody: '要求全部', leastShare: '要求 ≥ {p}', perPerson: '人均', due: '应有 {v} m²', parksOf: '{n} 处公园 {a}', noParks: '没有这一级公园', reachingParks: '全城 {n} 处计入可达',
    showUnserved: '图上看{ruler}够不到的住处', hideUnserved: '收起图上的住处', minWidth: '最小宽度', minWidthIs: '{w}（园内最大内切圆的直径）', tooNarrow: '另有 {n} 处规模够而宽度不足，不计：{names}', widthOf: '{name}（宽 {w}）', homesCut: '图上只画最多人的 {n} 处住处', ruler: '量法', bands: '规模与半径', bandFrom: '≥ {a}', bandRange: '{a} – {b}', status: '现状', superseded: '旧版', unitTable: '分区县与街道', unitName: '名称', unitPeople: '人口', limitIs: '≤ {d}', gapsOf: '{n} 段超限', gapsNone: '没有超限路段', longest: '最长 {d}', onRoads: '{n} 条道路 {d}，沿路 {f} 处', unnamed: '另有 {d} 道路没有名称，未计', standing: '全城 {n} 处设施', within: '距路 {d} 内计入', gapList: '超限路段', sides: { both: '', left: '左侧', right: '右侧' }, measures: '{a} – {b}', stretchEnd: '路段端', roadEnd: '路端', listedGaps: '只列最长的 {n} 段', showGaps: '图上看超限路段', hideGaps: '收起图上的路段', spacingNote: '同名道路接成线，设施投影到线上按里程排列；路端到首末设施也算一段。',
    outOfWalk: '步行量不到的', network: '步行路网（参数第 {v} 版，{g} 个出入口）：{o} 住处旁没有步道，{s} 在不连通的路网上。', comparatorsNote: '国际对照只作比较，不作计分。', reachNote: '公园按规模与类别计入，未开放与收费的不计；范围以外的公园也算。',
  },
}
