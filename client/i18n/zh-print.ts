/** Words of the map on paper. */
export const zhPrint = {
  print: {
    title: '地图出图', heading: '图名', paper: '纸张', turned: '方向', landscape: '横向', upright: '纵向', resolution: '分辨率', scale: '比例尺', asSeen: '当前所见范围', legend: '附图例',
    save: '保存 PNG', drawing: '正在绘制…', pixels: '{n} 像素。', byDay: '按当前夜间配色输出；打印宜先切到日间。', measured: '量算 {name}', left: '左侧 {name}', right: '右侧 {name}', moreLegend: '另有 {n} 组图例未列出',
    tooLarge: '显卡一次最多画 {n} 像素：请减小纸张或分辨率。', failed: '没有画成：{why} 请减小纸张或分辨率后再试。',
  },
}
