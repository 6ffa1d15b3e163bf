/** Words of reporting a case, and what forms call the fields of a request. */
export const zhReport = {
  report: {
    title: '上报案件', short: '上报', key: '上报案件', mayNot: '您的岗位不能上报案件', classHint: '输入名称或代码查找小类', descriptionHint: '何物、何状、何影响，按来电人所述', referenceHint: '如热线工单号', place: '位置', placeHint: '在地图上点选，或查找地名、道路、门牌，或填写坐标。', mapTip: '点击地图确定位置', addressHint: '道路与门牌，或附近地名', find: '查找', found: '查到的位置', notFound: '没有查到“{text}”，请在地图上点选', coordinates: '坐标（经度, 纬度）', setMap: '位置已在地图上确定', setAddress: '位置取自查到的地名',
    says: '该处情况', outside: '此处在城市范围之外。', same: '可能是同一件', noneSame: '{d}内 {n} 小时以来没有同类在办案件。', isSame: '就是这件', reporter: '反映人', photos: '照片', send: '上报', incomplete: '请先补全标出的内容', done: '已上报，受理号 {n}',
    faults: { class: '请选择小类', description: '请填写问题描述', place: '请确定位置', coordinates: '坐标应为经度与纬度，如 113.42773, 31.35790', phone: '电话只含数字、空格和连字符，5 至 20 位' },
  },
  fields: {
    overrideReason: '改派理由', opinion: '意见', departmentId: '责任部门', receiverId: '接收人', conditionOrdinal: '立案条件', refusalReason: '不予立案原因', specialKind: '特殊情形', supervisionKind: '督办方式', newDueAt: '申请延至', masterId: '主案件', mediaIds: '照片', isSameTimeOfDay: '同时段核查', closingConditionMet: '结案条件', classCode: '小类', classKind: '类别',
    source: '来源', sourceReference: '来源编号', description: '问题描述', address: '地址', position: '位置', longitude: '经度', latitude: '纬度', occurredAt: '发生时间', reportedBy: '上报人', reporterPhone: '联系电话', severity: '等级',
    login: '登录名', name: '姓名', phone: '电话', purpose: '用途', sources: '限定来源', expiresAt: '到期', role: '角色', city: '城市', organisationId: '机构', areaCode: '区域编码', code: '编码', nameZh: '中文名', nameEn: '英文名', password: '密码', reason: '理由', note: '说明', unit: '责任单位', legalBasis: '法律依据', limitAmount: '时限', limitUnit: '时限单位',
    demand: '需求', facility: '设施', layers: '图层', rule: '规则', paperRule: '官方口径', radiusMeters: '半径', minAreaM2: '最小面积', impedance: '步行阻力', supplyBy: '供给', sharedBy: '分享', catchmentMeters: '搜索半径', catchmentMinutes: '搜索分钟', standard: '标准', p: '新建数量', budget: '预算', prices: '单价', capacities: '容量', candidates: '候选点', scope: '范围', blocks: '内容', title: '名称', edits: '改动', scenario: '方案', format: '格式',
  },
}
