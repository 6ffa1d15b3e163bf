/** Every word of the console in Chinese; en.ts has the same keys. */
import { zhCase } from './zh-case.ts'
import { zhDispatch } from './zh-dispatch.ts'
import { zhEntrances } from './zh-entrances.ts'
import { zhPrint } from './zh-print.ts'
import { zhEvaluation } from './zh-evaluation.ts'
import { zhIndicators } from './zh-indicators.ts'
import { zhMends } from './zh-mends.ts'
import { zhGaps } from './zh-gaps.ts'
import { zhSupply } from './zh-supply.ts'
import { zhPlanning } from './zh-planning.ts'
import { zhRerun } from './zh-rerun.ts'
import { zhSiting } from './zh-siting.ts'
import { zhScenario } from './zh-scenario.ts'
import { zhReport } from './zh-report.ts'
import { zhReference } from './zh-reference.ts'
import { zhPeople } from './zh-people.ts'
import { zhWork } from './zh-work.ts'

export const zh = {
  ...zhWork,
  ...zhCase,
  ...zhPeople,
  ...zhPrint,
  ...zhEntrances,
  ...zhEvaluation,
  ...zhReference,
  ...zhDispatch,
  ...zhReport,
  ...zhRerun,
  ...zhPlanning,
  ...zhSiting,
  ...zhScenario,
  ...zhMends,
  ...zhGaps,
  ...zhSupply,
  ...zhIndicators,
  product: { name: '绣城', title: '绣城 · 城市运行管理', demo: '合成演示数据', demoHint: '本城市由程序按固定种子生成，地名与数据均为虚构' },
  common: {
    retry: '重试', between: '、', colon: '：', cancel: '取消', close: '关闭', clear: '清除', apply: '应用', reset: '恢复默认', more: '加载更多', show: '显示', hide: '隐藏', all: '全部', none: '无', noValue: '无值',
    asOf: '截至 {at}', loading: '正在加载', unknown: '不详', yes: '是', no: '否', locate: '定位', detail: '详情', copyLink: '复制链接', copied: '链接已复制', copyFailed: '浏览器不允许复制，请从地址栏复制', total: '合计', rows: '{n} 行', export: '导出', exportAs: '导出 {format}', advanced: '更多选项', of: '{a} / {b}', listTwin: '列表',
    sortAscending: '升序', sortDescending: '降序', sortBy: '按“{name}”排序', wan: '万',
  },
  error: {
    title: '没有取到数据', ofField: '“{name}”：{message}', nextField: '；', fields: '{sentence}（{fields}）', quote: '求助时请提供编号 {id}',
    bad_request: '请求的内容不能用，请检查填写的条件', unauthenticated: '登录已结束，请重新登录', second_factor_needed: '请先完成两步验证', password_change_needed: '请先修改密码', forbidden: '您的岗位没有此权限', not_found: '要找的内容不存在，可能已被删除或链接有误', conflict: '内容与现有数据冲突', stale: '内容已被更新，请重新打开后再试', illegal_transition: '当前状态不能进行这一步', idempotency_mismatch: '同一请求号带了不同内容', in_progress: '同样的请求正在处理', too_large: '内容超过允许的大小', unsupported_file: '不支持这种文件', too_many_requests: '请求过于频繁，请一分钟后再试', timeout: '服务器没有及时回答，请重试', cancelled: '已取消', unavailable: '连不上服务器，恢复后会自动重试', storage_full: '服务器存储空间已满', internal: '服务器内部出错',
  },
  header: { city: '城市', switchCity: '切换城市', theme: '外观', themeDay: '切换到日间', themeNight: '切换到夜间', language: 'English', languageHint: 'Switch to English', fullscreen: '全屏', exitFullscreen: '退出全屏', shortcuts: '快捷键', skipToPage: '跳到页面', skipToPanel: '跳到左侧面板', preparing: '准备中' },
  connection: { connecting: '正在连接', live: '实时', silent: '{n} 秒未收到消息', lost: '连接中断', lostBanner: '连接中断，显示 {at} 的数据，正在重试', lostNever: '尚未连上实时消息，正在重试', restored: '连接已恢复，中断期间的变化已补齐', retryNow: '立即重试', lastHeard: '最近消息 {at}', age: '{n} 秒前', ageMinutes: '{n} 分钟前', ageHours: '{n} 小时前', now: '刚刚', title: '实时消息' },
  urgent: { reportedAt: '{at} 上报', label: '一级事件', open: '查看', previous: '上一件', next: '下一件', count: '{a}/{b}', noPlace: '没有位置', noDepartment: '尚未派遣', strip: '一级事件提示' },
  rail: { layers: '图层', incidents: '事件', planning: '分析', imports: '导入', label: '左侧面板', collapse: '收起左侧面板（[）', expand: '展开左侧面板（[）' },
  right: { height: '面板高度：拖动、点按或上下键', label: '右侧面板', inspector: '对象', planning: '{tool}结果', import: '导入报告', collapse: '收起右侧面板（]）', expand: '展开右侧面板（]）' },
  drawer: { label: '列表', close: '收起列表', incidents: '事件列表', blind_spots: '盲区列表', gaps: '管理盲区', units: '单元覆盖率', issues: '导入问题', features: '{name}列表', inView: '当前范围', wholeCity: '全城', search: '按名称或编码筛选', count: '{n} 行', countOf: '已载入 {a} 行，共 {b} 行', resize: '调整列表高度' },
  map: { label: '地图', loading: '正在准备地图', failed: '地图没有打开', live: '当前范围 {n} 件', liveLost: '连接中断，显示的是较早的数据', noWebgl: '浏览器没有可用的 WebGL，地图不能显示；列表、筛选和分析仍可使用' },
  shortcuts: {
    title: '快捷键', pages: '切换地图与工作台', search: '搜索', help: '打开本说明', fullscreen: '全屏', layers: '图层面板', incidents: '事件面板', left: '收起或展开左侧面板', right: '收起或展开右侧面板', escape: '返回一步：关闭对话框、列表或所选对象', move: '地图获得焦点时移动与缩放', enabled: '启用单键快捷键', enabledHint: '在输入框内单键快捷键始终不起作用',
  },
  startup: { preparing: '正在准备', preparingHint: '首次启动需要准备数据库和演示城市，完成后会自动打开。', unavailable: '服务器暂时没有回答', unavailableHint: '可能正在启动或重启。页面会每几秒重试一次，无需刷新。', failed: '启动没有成功', elapsed: '已用 {t}', noCity: '还没有城市', noCityHint: '用命令行新建一个城市并导入数据，页面会自动打开：', waiting: '等待', running: '进行中', done: '完成', skipped: '跳过', failedStage: '失败', cityPreparing: '城市“{name}”正在载入' },
  layers: {
    title: '图层', groups: { incidents: '事件', grid: '网格与行政', green: '绿地', facilities: '设施与部件', people: '人口与用地', base: '底图', analysis: '分析结果' },
    names: {
      incidents: '事件', grid_measure: '网格着色', unit_grids: '单元网格', administrative_areas: '行政区划', green_spaces: '绿地', green_lines: '绿线', control_areas: '管控区域', permits: '占道与施工许可', leftover_plots: '边角地与闲置地', residential_areas: '居住用地', population_cells: '人口格网', built_up_areas: '建成区', historic_districts: '历史文化街区', facilities: '设施', parts: '部件', buildings: '建筑', roads: '道路', path_edges: '步行路网', water_bodies: '水体', terrain_areas: '山体', coverage_served: '已覆盖范围', coverage_blind_spots: '盲区', management_gaps: '管理盲区',
    },
    visibility: '显示{name}', opacity: '{name}不透明度', order: '图上次序', moveUp: '上移{name}', moveDown: '下移{name}', moved: '{name}已移到第 {n} 位', dragHint: '拖动可调整次序；键盘用上移、下移按钮', expand: '{name}的图例与来源', legend: '图例', list: '列出', owner: '权威部门', source: '来源', licence: '许可', date: '数据日期', rowCount: '数量', outside: '其中城外 {n}，不计入合计', crs: '原坐标系', updated: '更新', quality: '质量说明', noData: '本城市没有这类数据', noDate: '未注明', layersOf: '{n} 个数据集', notLoaded: '目录没有取到', onlyWithRun: '运行覆盖分析后可用', onlyWithGaps: '打开“管理盲区”工具后才有', resetOrder: '恢复默认显示', zoomHint: '放大到 {z} 级后显示', attribution: '署名',
    gridMeasure: '着色指标', measures: { open_incidents: '在办事件', overdue_incidents: '超时事件', incidents_30_days: '近 30 天事件', population: '人口', parts: '部件数量', green_share: '绿地占比' }, measureUnits: { open_incidents: '件', overdue_incidents: '件', incidents_30_days: '件', population: '人', parts: '个', green_share: '%' }, cellsWithout: '{n} 个网格无值', cellsTotal: '{n} 个网格',
  },
  incidents: {
    title: '事件', filters: '筛选', status: '状态', open: '在办', overdue: '超时', ended: '办结', any: '不限', states: '环节', severity: '等级', severity1: '一级', severity2: '二级', severity3: '三级', severityLong1: '一级（立即处置）', severityLong2: '二级', severityLong3: '三级（一般）', source: '来源', class: '类别', classPart: '部件', classEvent: '事件', area: '区域', areaHint: '街道或社区', areaLoading: '正在取区划', time: '上报时间', all: '不限', lastDay: '近 24 小时', lastWeek: '近 7 天', lastMonth: '近 30 天', custom: '自定', from: '从', to: '到', text: '关键词', textHint: '编号、类别或地址', drills: '含演练', outside: '含城外', inView: '仅当前范围', clearAll: '清除全部条件', active: '{n} 项条件',
    total: '共 {n} 件', withoutPlace: '{n} 件没有位置，不在图上', list: '列表', sort: '排序', sortReported: '最新上报', sortDue: '时限最近', sortSeverity: '等级最高', newArrived: '{n} 条新事件', none: '没有符合条件的事件', noneHint: '放宽筛选条件，或查看全部在办事件', noneOffline: '连接中断，无法确认是否有新事件', showOpen: '查看全部在办', count: '{n} 件', openDrawer: '在下方展开列表', counts: '数量', byDay: '每日上报', byStreet: '街道', byClass: '类别', due: '时限', overdueBy: '超时 {t}', dueIn: '剩余 {t}', noDue: '未计时', dueStopped: '已停止计时', columns: { severity: '等级', number: '编号', class: '类别', place: '地点', state: '环节', source: '来源', reported: '上报', due: '时限', department: '责任部门', actions: '操作' },
    number: '受理号 {n}', listLabel: '事件列表', exportHint: '导出当前条件下的全部事件', dayTitle: '{day}：{n} 件', drill: '演练', outsideTag: '城外',
    simulator: '模拟器', simulatorHint: '仅演示城市：经同一接口上报并推进事件', run: '运行', pause: '暂停', running: '运行中', paused: '已暂停', speed: '速度', speedValue: '{n} 倍', simulatorFailed: '没有改成：{why}',
  },
  burnDown: {
    title: '时限', stages: '各阶段', due: '截止', original: '原定截止', now: '现在', rest: '挂账', running: '进行中', round: '（第 {n} 轮）', withoutLimit: '不计时限', share: '用时占时限 {p}', exempt: '申诉通过，不计超时', stretched: '较短的阶段已放宽显示',
    left: '{stage}剩余 {t}', over: '{stage}超时 {t}', leftAtStop: '{stage}提前 {t} 完成', overAtStop: '{stage}超时 {t} 完成', resting: '挂账中，{stage}停止计时', noLimit: '{stage}不计时限',
  },
  inspector: {
    title: '对象', none: '未选择对象', noneHint: '在地图或列表中点选，这里显示全部信息。', zoomTo: '缩放至', fields: '信息', attributes: '原始属性', attributesHint: '来源文件中没有对应字段的列', history: '历史', noHistory: '没有变更记录', provenance: '来历', layer: '图层', measured: '量测坐标系', measuredHint: '面积与长度在此坐标系中量得', stages: { report: '上报', file: '立案', dispatch: '派遣', dispose: '处置', check: '核查', close: '结案' }, stageDone: '已完成', stageEnded: '到此结束', stageNow: '当前', stageTodo: '未到', stagesLabel: '办理环节', flow: '流转', actor: '经办', opinion: '意见', reportNumber: '受理号', caseNumber: '案件编号', notFiled: '未立案', description: '描述', address: '地址', placeMethod: '定位方式', placeMethods: { gps: '卫星定位', map: '地图点选', address: '地址匹配', source: '来源给出', part: '所在部件', none: '无' }, grid: '单元网格', gridVersion: '网格版本 {n}', occurred: '发生', reported: '上报', received: '接收', filed: '立案时间', disposed: '处置完成', ended: '办结', reportedBy: '上报人', holder: '当前承办', department: '责任部门', condition: '立案条件', limit: '处置时限', dueAt: '到期', source: '来源', sourceReference: '来源编号', severity: '等级', severityFrom: { class: '按类别', source: '按来源', person: '人工' }, area: '所属', part: '所在部件', noPlace: '没有位置，图上不显示', selection: '已选择 {name}', blindSpot: '盲区', clear: '取消选择', emptyValue: '未填',
  },
  search: { label: '搜索', placeholder: '搜索地点、道路、公园、网格、部件、案件', hint: '按 / 开始搜索', none: '没有找到“{text}”', noneHint: '换个名称，或输入编码、案件编号的前几位', results: '{n} 个结果', recent: '最近', failed: '搜索没有成功', clear: '清空搜索' },
  coverage: {
    title: '覆盖与盲区', question: '分析条件', facility: '设施', facilityGreen: '公园绿地', rule: '规则', ownRule: '自定半径', radius: '服务半径（米）', minArea: '最小面积（平方米）', layers: '数据集', layersAll: '全部', demand: '需求', demands: { residential: '居住用地', population: '人口', buildings: '建筑', elders: '老人（65+）', children: '儿童（0–14）', hospitals: '医院', schools: '学校' }, everyFeature: '计入所有对象', everyFeatureHint: '不论类别与开放与否，只用于比较', clipToCity: '只计城区边界内', standard: '标准', clause: '条款', verified: '已核对原文', unverified: '尚未核对原文', bands: '服务半径档', bandFrom: '≥ {a}', bandRange: '{a} – {b}', bandAny: '不限面积', historic: '历史文化街区', target: '目标', start: '开始分析', starting: '正在提交', running: '分析中', recent: '最近的分析', noRecent: '还没有分析过', reused: '同样的问题已算过，直接取用', elapsed: '已用 {t}', cancelRun: '取消分析', cancelled: '分析已取消', failed: '分析没有完成', again: '再次分析', chooseOther: '换条件', progress: '分析进度',
    rulers: { straight: '直线', walk: '步行' }, ruler: '量法', rulerHints: { straight: '从边界直线量起，计分口径。', walk: '从出入口沿步行路网走到住处；规划参考，不作计分。' },
    impedance: '步行阻力', slope: '计坡度', stairs: '台阶', stairsTaken: { as_paths: '同平路', slower: '更费时', closed: '不通行（轮椅）' }, levelMeters: '半径为同样用时的平路米数。', riseUnknown: '{n} 段路高差未知，按平路计',
    paperOrReal: '纸面与实际', onPaper: '直线可达', onFoot: '步行可达', onlyPaper: '{n} 纸面上有服务，实际走不到', onlyPaperShort: '仅纸面可达', network: '路网 {nodes} 个节点、{edges} 条边，{parts} 个连通部分，最大的占 {p}', gates: '出入口：已有 {given}，步道交点 {crossing}，开放边界 {open}', pointGates: '点设施 {n}', gatesUnplaced: '{n} 个出入口没有接上主网', offNetwork: '{n} 住处旁没有步道数据：请导入那里的步道', onScrap: '{n} 在与主网不连通的路网上：请补上缺的一段', streetsCut: '可达街道太多，只画出一部分',
    reason: '原因', walked: '步行', noWalk: '在查找范围内走不到任何设施。', walkIs: '走到最近的设施要 {d}。', causeIs: '不计入的是{name}（{a}，直线 {d}）。', causeUnnamed: '一处未命名的设施',
    why: { nothing_near: '周边没有', too_small: '附近的太小', shut: '附近的不开放', data_missing: '附近的缺数据', barrier: '被{name}阻隔', entrance_far: '出入口在另一侧', detour: '绕行过远', no_entrance: '没有出入口', off_network: '缺步道数据', disconnected: '路网不连通' },
    whyLong: { nothing_near: '服务半径内没有计入的设施，最近的{name}直线 {d}。', too_small: '附近有，但面积不足，不计入；计入的最近的是{name}，直线 {d}。', shut: '附近有，但不开放或收费，不计入；计入的最近的是{name}，直线 {d}。', data_missing: '附近有，但面积或类别没有数据，不能判定，不计入；计入的最近的是{name}，直线 {d}。', barrier: '离{name}直线 {d}，被{barrier}隔开。', entrance_far: '离{name}的边界直线 {d}，出入口却在另一侧。', detour: '离{name}直线 {d}，要绕行。', no_entrance: '离{name}直线 {d}，但它没有能走入的出入口：查出入口或步道数据。', off_network: '住处附近没有步道数据，量不出步行距离。', disconnected: '住处所在的步道与主网不相连：多半是数据缺了一段。' },
    stages: { waiting: '排队', prepare: '准备', facilities: '设施', membership: '归属', polygons: '成面', statistics: '统计', store: '入库', done: '完成' },
    none: '还没有分析结果', noneHint: '在左侧选择设施与规则，开始分析。', ratioOf: '{name}覆盖率', covered: '已覆盖', totalOf: '总量', reached: '达标', missed: '低于目标 {n} 个百分点', above: '高于目标 {n} 个百分点', targetIs: '目标 {p}', noTarget: '该规则没有目标值', noDemand: '没有可比的需求数据，无值', beside: '同时', servedArea: '服务面积', blindSpots: '盲区', blindCount: '{n} 处', blindPeople: '涉及人口', blindArea: '盲区面积', counted: '计入设施', sliver: '另有 {n} 块小于 {a} 的碎片（共 {b}）未列入，比率不受影响',
    methodTitle: '方法与数据来历', formula: '公式', version: '版本 {n}', key: '问题标识', engineVersion: '算法版本', engine: '数据库', measured: '量测坐标系', startedAt: '开始', finishedAt: '完成', duration: '用时', polygonError: '圆弧每四分之一用 {n} 段近似，面积相对误差不超过 {p}；比率按精确距离计算', outsideCity: '其中城外 {n}', noPassport: '结果的来历还没有取到',
    notCounted: '未计入', notCountedNone: '全部设施都已计入', reasons: { closed: '未开放', ticketed: '收费', not_activity_site: '不是公园绿化活动场地', class_not_counted: '类别不计入', class_unknown: '类别未知', too_small: '面积不足', area_unknown: '面积未知', no_geometry: '没有几何', outside_city: '城外' }, examples: '例如 {names}',
    sensitivity: '敏感性', sensitivityHint: '半径与最小面积变化时的覆盖率', radiusFactor: '半径 ×', minAreaFactor: '最小面积 ×', now: '本次',
    units: '分单元', level: '单元', levels: { city: '全城', county: '区县', street: '街道', community: '社区', cell: '网格' }, unitName: '名称', unitCode: '编码', unitCovered: '已覆盖', unitTotal: '总量', unitRatio: '覆盖率', unitsNone: '没有这一级单元', openUnits: '在下方展开',
    blindTable: '盲区排序', rank: '序', people: '人口', area: '面积', residential: '居住用地', nearest: '最近设施', distance: '距离', place: '位置', peopleBy: { buildings: '按建筑', cells: '按格网', none: '无人口数据' }, blindNone: '没有盲区', blindNoneHint: '所有需求都在服务半径之内，或没有需求数据', openBlind: '在下方展开全部 {n} 处', zeroTotal: '总量为零，比率无值', exportTitle: '导出结果', closeRun: '收起结果', ratioLabel: '{name}覆盖率 {p}', rulesFailed: '规则没有取到', ownTitle: '自定：{r} 米', invalid: '请填服务半径', squareMetre: '平方米', people1: '人', ratioUnits: { people: '人', buildings: '栋', beds: '床', pupils: '学位', facilities: '处' },
  },
  imports: {
    title: '导入数据', choose: '选择文件', drop: '拖到这里，或', dropNow: '松开以选择', accepts: 'GeoJSON、CSV、GeoPackage、Shapefile（zip）、KML/KMZ、FlatGeobuf、OSM PBF', chosen: '{name}（{size}）', change: '换文件', kind: '作为', layer: '图层标识', layerHint: '小写字母、数字、- 和 _；不填则取文件名', titleZh: '图层名称', owner: '权威部门', licence: '许可', dataDate: '数据日期', crs: '坐标系', crsAuto: '按文件声明，否则 WGS 84', encoding: '编码', encodingAuto: '自动识别', fileLayer: '文件内图层', join: '连接键', joinHint: '表列=图层.列', map: '列对应', mapField: '字段', mapColumn: '文件的列，或 =常量', addMap: '加一行', removeMap: '删除这一行', skipBad: '跳过有误的行', skipBadHint: '不勾选时，一行有误则整份不入库', dryRun: '先试读', dryRunHint: '只检查并出报告，不入库', start: '开始导入', sending: '正在上传', past: '过往导入', noPast: '还没有导入过', noPastHint: '选一个文件，先试读再入库。', report: '导入报告', none: '还没有打开的导入', noneHint: '在左侧选文件，或打开一次过往导入。', read: '读到', taken: '采用', inserted: '新增', changed: '更新', unchanged: '未变', ended: '停用', repaired: '修正', refused: '拒绝', flagged: '存疑', outsideCity: '城外', mapping: '列的去向', mapEmpty: '没有列对应', keptAs: '保留为属性', crsFrom: { option: '由您指定', file: '文件声明', default: '默认' }, driver: '读取程序', totals: '核对', issues: '问题', issuesOpen: '逐行查看', issueRow: '行', issueField: '列', issueMessage: '说明', issueSample: '原值', issueKind: '处理', noIssues: '没有问题', dryDone: '试读完成，没有写入任何数据', importNow: '按此入库', done: '已入库', failed: '导入没有完成，没有写入任何数据', cancelled: '已取消，没有写入任何数据', dryTag: '试读', progress: '导入进度', again: '再导入一份', needFile: '请先选文件', tooLarge: '文件过大', statusNames: { waiting: '排队', running: '进行中', finished: '完成', failed: '失败', cancelled: '已取消' }, duration: '用时 {t}', chooseAgain: '重新选择同一文件后可以入库', fileLabel: '要导入的文件',
    kinds: { administrative_areas: '行政区划', unit_grids: '单元网格', green_spaces: '绿地', green_lines: '绿线', built_up_areas: '建成区', historic_districts: '历史文化街区', residential_areas: '居住用地', leftover_plots: '边角地与闲置地', population_cells: '人口格网', population_table: '人口表（连接到区划）', buildings: '建筑', roads: '道路', paths: '步行路网', water_bodies: '水体', facilities: '设施', parts: '部件', permits: '占道、挖掘、施工等许可', control_areas: '管控区域', grid_owners: '网格责任单位（表）', incidents: '事件', openstreetmap: 'OpenStreetMap 全部要素' },
  },
  units: { people: '人', buildings: '栋', m2: 'm²', ha: '公顷', km2: 'km²', m: 'm', km: 'km', day: '天', hour: '小时', minute: '分', second: '秒', item: '件' },
}

/** The shape both languages share. */
export type Words = typeof zh
