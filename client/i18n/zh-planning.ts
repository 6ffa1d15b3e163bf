/** Words of the planner's bench: its tools. The words of each tool stand in a file of their own. */
export const zhPlanning = {
  planning: {
    notEntered: '{n} 处设施走不进去：离步道太远', notEnteredGates: '{n} 处没有可走入的出入口：出入口或边界离步道都超过 {g} m', notEnteredPoints: '{n} 处设施走不进去：点设施离步道超过 {p} m，面设施的边界离步道超过 {g} m', notEnteredWhy: { scrap: '{n} 处走不进去：只挨着与主网不连通的路网', bridge: '{n} 处走不进去：只挨着桥或隧道，那里上下不了' }, notEnteredMend: { no_path: '补救：导入通到那里的步道（“导入”面板，类型选步行路网），或在方案里画一条。', scrap: '补救：补上缺的一段，导入完整的步行路网，或在方案里画一条接上主网的路。', bridge: '补救：导入从地面通到那里的步道，或在方案里画一条。' }, unnamed: '未命名', moreNames: '另外 {n} 处', fewerNames: '收起',
    nothingCounted: '没有设施可以计入，不给出数值', nothingCountedWhy: '本市有这类设施，但都不合规则：', nothingThere: '本市还没有这类设施的数据，请先在“导入”中导入。', countAll: '不论类别全部计入，再算',
    method: '方法与来源', sources: '数据与来源', noSource: '来源未注明', noDate: '日期未注明', ofDay: '数据日期 {d}', noInputs: '没有读取任何图层',
    report: {
      open: '出报告', title: '出具报告', noRun: '还没有结果', language: '语言', languages: { zh: '中文', en: 'English' }, paper: '纸张', orientation: '方向', orientations: { portrait: '竖版', landscape: '横版' },
      include: '内容', parts: { maps: '地图', tables: '表格与图', method: '方法与规则' }, make: '生成 PDF', making: '正在生成', makingLong: '正在绘制地图与表格，约需几秒。', hint: '结论、关键数字、数据出处和打开此结果的二维码总在其中。完整的表格在 XLSX 里。',
    },
    tool: '工具', result: '分析结果',
    tools: { coverage: '覆盖', supply: '供需', sites: '选址', scenario: '方案', gaps: '管理盲区', indicators: '绿地指标' },
    hints: { coverage: '服务半径内有谁，盲区在哪里、为什么', supply: '每人分到多少，哪里不够', sites: '下一处建在哪里最好', scenario: '改一改会怎样', gaps: '无人负责、无人上报、久未核查、资料缺失', indicators: '绿地率、人均公园绿地等指标' },
  },
}
