/** Words of supply per person 供需. */
export const zhSupply = {
  supply: {
    title: '人均供给', question: '分析条件', facility: '供给设施', rule: '标准与搜索半径', demand: '为谁', ruler: '量法', method: '方法',
    sharedByAll: '与全体居民分享', sharedByAllHint: '不勾选时只由这一人群分享',
    methods: { '2sfca': '两步', e2sfca: '分带', gaussian: '高斯' },
    methodHints: { '2sfca': '半径以内同等看待（2SFCA）。', e2sfca: '近的权重大，分三带递减（E2SFCA）。', gaussian: '随距离连续衰减，到半径处为 0。' },
    catchment: '搜索半径', catchmentUnit: '搜索半径单位', catchmentUnits: { meters: '米', minutes: '分钟' }, standard: '人均标准', noStandard: '无', source: '来源', unverified: '未与原文核对', verified: '已核对原文',
    start: '开始分析', starting: '正在提交', running: '正在分析', invalid: '半径须在 1 至 50 000 米之间，标准不小于 0', none: '还没有供需分析', noneHint: '在左侧选择设施、人群与方法，开始分析。', failed: '分析没有完成', cancelled: '已取消', again: '重新分析', closeRun: '收起这次分析',
    stages: { waiting: '排队', prepare: '准备', facilities: '设施', demand: '需求', share: '分摊', draw: '制图', store: '入库', done: '完成' },
    units: { m2: 'm²', beds: '床', pupils: '学位', places: '座', facilities: '处' },
    per: { people: '人', buildings: '栋', beds: '床', pupils: '学位', facilities: '处' },
    heading: '人均{facility}', headingPer: '每{per}{facility}', perUnit: '{u}/{per}',
    below: '低于标准 {s}', belowNone: '没有人低于标准 {s}', noStandardLong: '未设人均标准', median: '中位数 {v}', quartiles: '四分位 {a} – {b}', outOfReach: '够不到任何一处', gini: '基尼系数', supplyTotal: '供给总量', supplies: '{n} 处', belowPeople: '低于标准',
    onMap: '图上', levels: { points: '逐处', cells: '网格', communities: '社区', streets: '街道' }, legend: '图例', nothing: '够不到（0）', lessThan: '< {b}', between: '{a} – {b}', from: '≥ {a}', cut: '图上只画了最多人的 {n} 处。', noValue: '无人居住',
    paper: '账面与实际', paperLead: '按“{rule}”，账面已覆盖 {p}；其中 {n}（{s}）分到的低于标准。', paperNoStandard: '按“{rule}”，账面已覆盖 {p}。设定人均标准后，可看其中谁的供给不足。', paperOnly: '账面已覆盖而供给不足', paperWhere: '最多的社区', onPaper: '账面覆盖', enough: '覆盖且够用',
    lorenz: '公平性', lorenzLabel: '洛伦兹曲线，基尼系数 {g}', lorenzX: '人口累计', lorenzY: '供给累计', lorenzHint: '最少的一半人分到 {p} 的供给。', lorenzNone: '没有供给可分，无值。',
    places: '各处供给', placesHint: '人均最少的在前；指着一行，图上的圈就亮，反之亦然。', placesCut: '图上与表中为前 {n} 处，共 {all} 处。', place: '设施', placeSupply: '供给', placePeople: '分享', sharedBy: '由可达的 {n}分享', placePer: '每{per} {v}', reachesNobody: '无人可及', unitTable: '分单元', unitName: '名称', perPerson: '人均', belowShare: '低于标准', people: '需求',
    conservation: '守恒检查', conserved: '分出 {a} = 供给 {b}，相对差 {d}', nothingShared: '没有人够得到任何供给，无可分摊。',
    notCounted: '未计入', capacityUnknown: '容量未知', unused: '{n} 处无人可及（{c}），不分给任何人', export: '导出', recent: '最近的分析', noRecent: '还没有做过分析',
    methodTitle: '方法与数据来历', zoneSource: '带权重来源', network: '路网 {n} 节点 {e} 边，主网占 {p}；{g} 个出入口，{u} 个不在路网上；{o} 住处旁无步道。', zero: '{n} 处需求无人，不计入；{m} 处设施无供给或未知，计 0。',
    demands: { population: '全体居民', elders: '老人（65+）', children: '儿童（0–14）', buildings: '建筑', hospitals: '医院', schools: '学校' }, rulesFailed: '规则读取失败',
  },
}
