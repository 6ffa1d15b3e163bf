/** Words of computing a run again. */
export const zhRerun = {
  rerun: {
    title: '复算', hint: '用现有数据重新计算同一问题，逐一比较每个数字。输入没有变化时应一位不差。', start: '复算一次', running: '正在复算 {p}%', mayNot: '您的岗位不能发起计算',
    same: '比较 {n} 个数字，一位不差', different: '比较 {n} 个数字，{d} 个不同', unchanged: '数据、规则、参数与引擎都没有变化。', unexplained: '输入没有变化而数字不同：请告知管理员。', timeLimited: '搜索由时限结束：输入相同时，再算一次也可能走得更远或更近。', refused: '现有数据上已不能这样提问', changed: '计算之后有 {n} 处输入变化：', rows: '新增 {added} 行，停用 {ended} 行',
    what: { engine: '引擎版本', measure: '量算坐标系', walking_settings: '步行参数', gates: '公园出入口', question: '不能再问', other: '要素编辑' },
    basis: { rule: '规则', paperRule: '直线对照规则', capacityRule: '人均用地规则', walkingSettings: '步行参数', mendSettings: '修补参数', coverage: '覆盖计算', thresholds: '指标阈值', coverageRules: '覆盖规则', reachRules: '分级与国际比较规则', spacingRules: '间距规则' },
  },
}
