/** Words of scenarios: what if something were different. */
export const zhScenario = {
  scenario: {
    title: '方案', list: '方案', none: '还没有方案', noneHint: '方案在现有数据之上试改：画一块绿地、开一个出入口、架一座过街桥，立刻看到多服务多少人。数据本身不变。',
    create: '新建方案', newTitle: '方案名称', titleHint: '如：河东补绿一期', question: '按此问题推演', questionHint: '取自“覆盖”中的问题，可先在那里改规则或口径。', open: '打开', openMade: '打开方案“{title}”', back: '返回方案列表', failedList: '方案列表没有读到', failedOpen: '方案没有打开', edited: '{n} 项改动 · 第 {v} 版',
    loadingGround: '正在读取路网、住处与设施…', failedGround: '推演底图没有读到',
    asks: '改规则或口径', askOther: '按此重新推演', sameQuestion: '与现在的问题相同', idleEdits: '有 {n} 项出入口或道路的改动，直线口径不计。', tools: '在图上画', select: '选择与拖动', facility: '画绿地或设施', path: '画路', crossing: '画过街桥或地道', closePath: '封一段路', full: '一个方案最多 {n} 项改动',
    drawing: { facility: '逐点单击，双击或回车结束；Esc 放弃', gate: '单击边界附近的位置，放一个出入口', path: '逐点单击画路，双击结束；两端靠近现有道路时自动相接', crossing: '逐点单击画过街桥或地道，双击结束；中途不能上下', close_path: '单击要封闭的那段路' },
    selected: '所选设施', selectHint: '在图上点选一处绿地或设施，可关闭、开放、改边界，添或封出入口（步行口径）。', close: '关闭', reopen: '开放', reshape: '改边界', addGate: '添出入口', noShape: '线状或过于复杂的图形（一环超过 2,000 个折点）不能在这里改边界', isChanged: '方案中已有对它的同类改动',
    edits: '改动', noEdits: '还没有改动', remove: '去掉这项改动', undo: '撤销（Ctrl+Z）', redo: '重做（Ctrl+Shift+Z）',
    kinds: { facility: '新增', change: '改边界', close: '关闭', open: '开放', gate: '添出入口', close_gate: '封出入口', path: '新路', crossing: '过街', close_path: '封路' },
    newFacility: '新建绿地 {n}', newGate: '{name}的新出入口', newPath: '新路 {n}', newCrossing: '过街桥 {n}', closedPath: '封闭的路段', shutGate: '封闭', gateShut: '已封闭', shutGateOf: '{name}的出入口 {n}', noGates: '现在没有出入口。',
    versions: '已命名的版本', noVersions: '给现在的样子起个名，以后可以回来。', keep: '存为版本', versionTitle: '版本名称', versionHead: '第 {n} 版 · {t}', copy: '复制为新方案', copyTitle: '{name}（副本）', end: '收起方案', endHint: '收起后不再列出，各版本和结果仍保留。', share: '复制链接', shared: '链接已复制',
    saving: '正在保存…', saved: '已存为第 {n} 版', unsaved: '将自动保存', saveFailed: '没有保存', loadNewest: '载入最新版', drift: '自此版之后数据有变：{what}', driftOne: '{kind} 增 {a}、去 {e}', driftKinds: { green_spaces: '绿地', facilities: '设施', green_entrances: '出入口', path_edges: '道路', residential_areas: '居住用地', population_cells: '人口格网', buildings: '建筑' },
    notEntered: { no_path: '附近没有步道，走不进去', scrap: '只挨着断头路网，走不进去', bridge: '只挨着桥或隧道，走不进去' }, was: '现状', becomes: '方案', gained: '新增服务', lost: '失去服务', net: '净增', units: { people: '人', buildings: '栋', beds: '床', pupils: '名学生', facilities: '处', m2: '平方米' }, demandOf: '按{name}计', moving: '拖动中', moveTime: '{ms} 毫秒', tooSmall: '面积不够，按规则不计入', counted: '按规则服务半径 {r}',
    whole: '整体计算', wholeRunning: '正在整体计算…', agrees: '与逐步推演一致', agreesArea: '人数一个不差，面积相差不到亿分之一。', differs: '与逐步推演相差 {n}', wholeFailed: '整体计算没有完成', openRun: '打开完整结果', gainedArea: '新增面积', lostArea: '失去面积', netArea: '面积净增', coveredArea: '已服务用地', ofLand: '按居住用地计（官方口径）', peopleRatio: '人口覆盖率', legendDrawn: '方案改动', legendGained: '新增服务的住处', legendLost: '失去服务的住处', nothing: '还没有改动，与现状相同。', choose: '打开或新建一个方案', noAnswer: '等待推演',
    swipe: '卷帘对比', endSwipe: '结束卷帘', swipeSeam: '{a} 与 {b} 的分界线', swipeValue: '{a} {p}%，{b} {q}%', swipeHint: '拖动分界线，或用方向键、Home、End 移动；Esc 结束', loadingSides: '正在取两侧的住处…', servedHomes: '已服务的住处', unservedHomes: '未服务的住处', sideFrom: '左侧 · 从', sideTo: '右侧 · 到', versionOf: '第 {n} 版', noVersion: '这个方案没有第 {n} 版，无法比较。链接可能不完整；请另选一个版本。',
    difference: '差异地图', differenceBy: '按单元', legendUnits: '覆盖率变化（百分点）', unitCount: '{n} 个', noChange: '无变化', noValue: '无人居住，无覆盖率', noDifference: '这一级单元没有差异。', sameSides: '选两个不同的版本', moreUnits: '另有 {n} 个单元，见 CSV。', table: '版本对比', compareFiles: '并排比较的文件', compareSome: '对比现状与 {n} 个版本', version: '版本', ratio: '覆盖率', change: '变化', current: '当前改动', points: '个百分点',
  },
}
