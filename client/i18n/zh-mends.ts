/** Words of mends 补救: what would serve the people of the blind spots. */
export const zhMends = {
  mends: {
    title: '怎样补上', compute: '计算补救措施', running: '正在逐项试算', none: '没有找到能让更多人被服务的措施。', mayNot: '您的岗位不能发起计算',
    hint: '开一处出入口、跨一处阻隔、在闲置地建口袋公园、开放一处绿地、接通断头路：各增加服务多少人，由引擎在改后的路网上算出。',
    hintStraight: '在闲置地建设、开放关闭或收费的绿地，各增加服务多少人。出入口与跨越只在步行口径下有效果。',
    lead: '依次实施前 {n} 项：{g}，占未覆盖的 {p}。', bestOfSpot: '所选盲区的最好措施', order: '排序', orders: { worth: '最省力', gain: '人最多', turn: '依次实施' },
    kinds: { gate: '开出入口', crossing: '跨越', facility: '闲置地建设', open: '开放', path: '接通' }, unnamed: '未命名', crossingOf: '跨{name}',
    changes: { gate: '在边界步道旁开一处出入口', crossing: '架 {d} 的跨越，现无路可绕', crossingRound: '架 {d} 的跨越，现绕行 {r}', path: '修 {d} 步道接入主网', park: '{a}闲置地建口袋公园，服务半径 {r}', facility: '{a}闲置地建设，服务半径 {r}', closed: '现关闭，开放后服务半径 {r}', ticketed: '现收费，免费开放后服务半径 {r}' },
    homes: '新增 {n} 处住处', lost: '{n} 处因就近改道而不再覆盖，已扣除', effort: '用力 {e}', perEffort: '每份用力 {g}', inTurn: '依次第 {n} 项 {g}，累计 {all}', together: '累计 {g}',
    makeScenario: '把这 {n} 项做成方案', scenarioTitle: '补救：依次 {n} 项', scenarioMade: '方案“{title}”已建立',
    all: '全部 {n} 项', fewer: '收起', methodTitle: '补救措施的方法与来历', method: '找过哪些地方，用力怎么算', looked: '看过 {found} 处，试算 {computed} 处', gaining: '{n} 处有效',
    missing: { no_plots: '本市没有闲置地数据', no_barriers: '本市没有水面、铁路或快速路数据', straight_line: '直线口径下无效果', none_shut: '没有关闭或收费的', no_scraps: '没有住着人的断头路网' },
    leftOut: { near_gate: '离已有出入口太近 {n}', no_path: '旁无步道 {n}', nobody_near: '周边无未覆盖人口 {n}', short_way_round: '绕行不远 {n}', over_limit: '超出试算上限 {n}', too_small: '不满足规则 {n}' },
    exact: '每项效果都由同一引擎在改后的场地上逐处判定，与整体重算一致；依次实施不重复计人。', notListed: '另有 {alike} 项与所列相距不足 {m} m，{beyond} 项排在其后，未列出。',
    effortNote: '用力是相对倍数，不是造价（第 {version} 版）：{efforts}。', notVerified: '为本系统假定，未经核实。', perArea: '，每 {s} m² 加 {e}', perLength: '，每 {s} m 加 {e}',
  },
}
