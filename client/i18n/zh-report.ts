/** Words of reporting a case, and what forms call the fields of a request. */
export const zhReport = {
  fields: {
    overrideReason: '改派理由', opinion: '意见', departmentId: '责任部门', receiverId: '接收人', conditionOrdinal: '立案条件', refusalReason: '不予立案原因', specialKind: '特殊情形', supervisionKind: '督办方式', newDueAt: '申请延至', masterId: '主案件', mediaIds: '照片', isSameTimeOfDay: '同时段核查', closingConditionMet: '结案条件', classCode: '小类', classKind: '类别',
    source: '来源', sourceReference: '来源编号', description: '问题描述', address: '地址', position: '位置', longitude: '经度', latitude: '纬度', occurredAt: '发生时间', reportedBy: '上报人', reporterPhone: '联系电话', severity: '等级',
    login: '登录名', name: '姓名', phone: '电话', purpose: '用途', sources: '限定来源', expiresAt: '到期', role: '角色', city: '城市', organisationId: '机构', areaCode: '区域编码', code: '编码', nameZh: '中文名', nameEn: '英文名', password: '密码', reason: '理由', note: '说明', unit: '责任单位', legalBasis: '法律依据', limitAmount: '时限', limitUnit: '时限单位',
  },
}
