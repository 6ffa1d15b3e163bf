/** Words of saved filters, evidence, duplicates, facts of a place and the key of the map in Chinese; en-case.ts has the same keys. */
export const zhCase = {
  savedFilters: {
    title: '常用筛选', save: '保存当前筛选', none: '把常用的条件存下来，下次一点就到。', edit: '修改“{name}”', editTitle: '修改常用筛选', saveTitle: '保存当前筛选', name: '名称', share: '谁能看到', shares: { own: '仅自己', organisation: '本单位', city: '全市' }, by: '{name} 保存', holds: '保存的条件', noConditions: '没有其他条件', repoint: '改为当前的条件', remove: '删除', removeSure: '确定删除', saved: '已保存“{name}”', changed: '“{name}”已修改', removed: '“{name}”已删除', signIn: '保存筛选须先登录', failed: '常用筛选没有取到', stale: '别处刚刚修改过，已换成最新内容，请再看一遍。', store: '保存', order: '排序', applied: '正在使用',
  },
  photos: {
    states: { waiting: '等待上传', stored: '已存', cancelled: '已取消' }, noImage: '不是图片', tooLarge: '图片 {size}，超过 {most} 的上限', tooMany: '本案照片已达 {n} 张上限', cancelOf: '取消上传 {name}', retryOf: '重传 {name}', progressOf: '{name} 上传进度', camera: '直接拍照', noPlace: '照片无位置', away: '距案件 {d}', before: '案发前 {t}', after: '案发后 {t}', previous: '上一张', next: '下一张', by: '{who} 于 {at} 上传', compare: '处置前后对比', looks: { pair: '并排', seam: '滑动对比' }, sides: { before: '处置前', after: '处置后' }, seam: '处置前后的分界', seamAt: '处置前 {a}%，处置后 {b}%', choose: '选择{side}照片',
  },
  duplicates: {
    all: '全部 {n} 件', samePlace: '同一位置', thisCase: '本案', other: '疑似重复', photoOf: '{n} 的照片', photos: '共 {n} 张', mergeIn: '将其并入本案', mergedIn: '{n} 已并入本案', fold: '收起对比', none: '{m} 米内、前后 {h} 小时没有同类在办案件。', notYours: '并案由受理员或值班长办理', suspicious: '同一坐标上已有 {n} 件案件，疑似默认坐标：请核对位置，距离近不代表重复。', into: '已并入', oneClock: '时限以主案为准，本案不再计时。', crowded: '{n} 处坐标聚集了过多案件，疑似默认坐标', crowdedPlace: '{n} 件（占 {p}），{c} 个类别', crowdedShow: '查看', crowdedHint: '在地图上定位',
  },
  placeFacts: {
    street: '街道', community: '社区', owner: '网格责任人', ownerOf: '按 {code}', part: '15 米内部件', road: '所在道路', greenLine: '绿线', controlArea: '管控区域', permit: '有效许可', until: '至 {day}', none: '无',
  },
  mapKey: {
    title: '案件着色', severity: '按等级', light: '按时限', show: '显示图例', hide: '收起图例', cut: '案件过多，只着色前 10 万件',
  },
}
