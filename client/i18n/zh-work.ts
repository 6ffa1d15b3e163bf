/** Words of the closed loop in Chinese: pages, signing in, workbench, case. en-work.ts has the same keys. */
export const zhWork = {
  pages: { label: '页面', map: '地图', workbench: '工作台', people: '人员' },
  account: {
    signIn: '登录', signOut: '退出登录', signInTitle: '登录绣城', signInAs: '登录', switch: '换人登录', login: '账号', password: '密码', code: '动态口令', codeHint: '6 位数字', with: '用 {name} 登录', ownAccount: '用自己的账号',
    personas: '演示人员', personasHint: '点一下即以此人身份进入；仅演示城市有效，人物均为虚构。', morePersonas: '另有 {n} 位{role}', tiers: { supervision: '一级 · 监督', command: '二级 · 指挥', disposal: '三级 · 处置', others: '规划、管理与查看' },
    openHint: '当前为开放模式：无需登录即可查看、上报、导入与分析；办理案件须以具体人员身份登录。', stayOpen: '不登录，返回', menu: '账号', menuOf: '账号：{name}', posts: '我的岗位', noPosts: '还没有岗位，请联系安全管理员', mySessions: '我的登录', changePassword: '修改密码', mustChange: '请先修改密码',
    factorTitle: '两步验证', factorNew: '用验证器应用扫描二维码（或手工输入密钥），再输入它给出的 6 位数字。', factorGive: '请输入验证器应用给出的 6 位数字。', factorSecret: '密钥', factorSquare: '用验证器应用扫描的二维码', factorOpen: '在本机的验证器中打开', factorConfirm: '确认启用', factorVerify: '验证',
    passwordCurrent: '当前密码', passwordNew: '新密码', passwordAgain: '再输一次新密码', passwordRule: '至少 {n} 个字符；修改后其他浏览器上的登录会结束', passwordShort: '新密码至少 {n} 个字符', passwordsDiffer: '两次输入的新密码不一样', passwordSave: '保存新密码', fillAll: '请先填好各项',
    thisBrowser: '本浏览器', unknownBrowser: '未知浏览器', since: '{at} 登录', lastSeen: '最近活动 {at}', end: '结束',
  },
  workbench: {
    title: '工作台', queues: '队列', mine: '我的队列', others: '其他队列', all: '全部在办', list: '案件列表', listOf: '{name}，{n} 件', search: '搜索案件', searchHint: '编号、类别、地址或描述；两个字即可', clearSearch: '清空搜索', showMap: '地图', showList: '列表', more: '筛选', none: '“{name}”里没有案件', noneText: '没有找到“{text}”', noneTextHint: '换个词，或清空搜索后再看。', noneFiltered: '当前筛选条件下没有案件', noneFilteredHint: '共有 {n} 项条件在起作用；清除后可看到整个队列。', noneHint: '这个队列目前没有待办。新案件到来时会自动出现，无需刷新。', clearFilter: '清除条件', failed: '案件没有取到', countsFailed: '数量没有取到',
    selected: '已选 {n} 件', selectRow: '选择 {name}', selectLoaded: '选择已载入的 {n} 件', unselect: '取消选择', bulkReason: '所选案件不在同一环节，没有共同的操作', bulkWait: '将对 {n} 件办理“{name}”', bulkDone: '“{name}”已办理 {n} 件', bulkUndo: '撤回（{n} 秒）', bulkUndone: '已撤回 {n} 件', bulkSome: '{a} 件已办理，{b} 件未办理', bulkRefused: '未办理的案件', bulkOpinion: '意见（与派遣建议不同时必填，作为改派原因）', bulkGo: '办理 {n} 件',
    keys: { title: '工作台快捷键', next: '下一件', previous: '上一件', open: '打开案件', pick: '勾选', accept: '受理', file: '立案', dispatch: '派遣', return: '退回', check: '派核查 / 核查', close: '结案', search: '搜索', queue: '切换队列', back: '返回列表', print: '打印' }, noKey: '当前案件没有可用的“{name}”：{why}', noneChosen: '请先选择一件案件', newArrived: '{n} 件新案件', position: '第 {a} 件，共 {b} 件', loadedOf: '已载入 {a} / {b}', table: '案件', caseOpen: '打开', filters: '条件', sortBy: '排序',
    queueNames: { all: '全部在办' },
  },
  cases: {
    title: '案件', back: '返回', next: '下一件', previous: '上一件', openPage: '打开案件页', print: '打印', export: '导出', missing: '没有这个案件', actions: '办理', moreActions: '其他操作', notNow: '现在不能办理', noActions: '您现在没有可办理的操作', noActionsOpen: '办理案件须先登录。', signIn: '登录后办理', why: '为什么', reasonWord: '原因', done: '“{name}”已办理', stale: '{who}刚刚办理了“{what}”，内容已刷新', staleUnknown: '案件刚被更新，内容已刷新，请再看一遍', saved: '已保存',
    sections: { clocks: '时限', place: '位置', photos: '照片', flow: '流转', similar: '相似案件', legal: '立案与结案条件', facts: '信息', requests: '申请', supervisions: '督办', suggestions: '派遣建议', attributes: '原始属性', ties: '同案关联' },
    form: { opinion: '意见', opinionNeeded: '意见（必填）', opinionOptional: '意见（可不填）', phrases: '常用语', condition: '立案条件', conditionNone: '该类别没有立案条件，请先改正类别', limit: '处置时限', closing: '结案条件', closingTick: '已确认达到上述结案条件', department: '责任部门', departmentHint: '选择部门', person: '人员', personAny: '由部门内任一人接单', personFree: '由办理人自行安排', personHint: '选择人员', refusal: '不予立案的原因', newDue: '申请延期至', dueNow: '现定到期：{at}', special: '结案方式', supervision: '督办类型', master: '并入案件', masterHint: '案件编号或受理号', sameTime: '与上报同一时段核查', photoNeeded: '需要照片：{kinds}', photoOffered: '可附照片：{kinds}', photoAdd: '拍照或选照片', photoCount: '已加 {n} 张', photoMissing: '请先加照片', incomplete: '请先填好必填项', submit: '确认{name}', cancel: '取消', submitting: '正在办理', requestBy: '{who}申请：{why}', until: '延期至 {at}', stateTo: '办理后：{state}', override: '改派其他部门', overrideReason: '改派的原因（必填）', overrideNote: '与建议不同时须写明原因，计入改派率', suggested: '建议第 {n} 位' },
    limitUnits: { urgent_hour: '紧急工作时', urgent_day: '紧急工作日', work_hour: '工作时', work_day: '工作日', natural_day: '天' },
    stageSpent: '用时 {t}', wasOverdue: '超时办理', handedTo: '交 {who}', noOpinion: '未写意见', flowCount: '{n} 步', closingMet: '已达到', closingNotYet: '结案时确认', legalBasis: '依据', schemeSource: '类别标准', noCondition: '立案时选定', revealed: '查看原文', reveal: '查看上报人', revealReason: '查看原因', revealHint: '查看会记入审计日志', reporter: '上报人', phone: '电话', returnUntil: '{at} 前可回退', reworked: '返工 {n} 次', returned: '退回 {n} 次', supervised: '督办 {n} 次', selfHandled: '自行处置', exempt: '超时已豁免', mergedInto: '已并入', mergedFrom: '并入本案', reopenedFrom: '由此重新立项', reopenedAs: '已重新立项为', reopen: '重新立项', reopenReason: '重新立项的原因', unanswered: '待回复', reply: '回复', automatic: '系统自动', requestStatus: { asked: '待办理', endorsed: '已转报', approved: '已同意', refused: '不同意', withdrawn: '已撤回' },
    suggestion: { none: '没有派遣建议', noneHint: '权责清单和派遣规则都没有对应这类案件的部门，请直接选择。', open: '在办 {n} 件', onTime: '按时率 {p}', noRate: '近 90 天没有处置过', choose: '选择', chosen: '已选', trace: '规则为何如此', points: '{n} 分', ruleVersion: '规则版本 {n}' },
    photos: { none: '还没有照片', add: '加照片', kind: '照片类型', uploading: '正在上传 {a}/{b}', stored: '已存 {a}/{b}', failed: '没有传上：{why}', retry: '重传', far: '拍摄点距案件 {d}', earlier: '早于上报', future: '时间在未来', takenAt: '{at} 拍摄', noTaken: '无拍摄时间', original: '原件', of: '{kind}，{at}', sealed: '原件校验码' },
    similar: { merged: '已并入 {n}', away: '相距 {d}', age: '早 {t}', later: '晚 {t}', merge: '并入这件', compare: '对比' },
    printed: '打印于 {at}', printedBy: '{name} 打印', pageTitle: '案件办理单',
  },
}
