/** Names of what service-radius rules speak of. */
export const FACILITY_NAMES: Readonly<Record<string, { zh: string; en: string }>> = {
  green: { zh: '公园绿地', en: 'Parks and green space' },
  toilet: { zh: '公共厕所', en: 'Public toilets' },
  garbage_point: { zh: '生活垃圾收集点', en: 'Waste collection points' },
  garbage_station: { zh: '垃圾收集站', en: 'Waste collection stations' },
  transfer_station: { zh: '垃圾转运站', en: 'Waste transfer stations' },
  kindergarten: { zh: '幼儿园', en: 'Kindergartens' },
  community_service: { zh: '社区服务站', en: 'Community service stations' },
  elderly_day_care: { zh: '老年人日间照料中心', en: 'Day care for the elderly' },
  school_primary: { zh: '小学', en: 'Primary schools' },
  market: { zh: '菜市场与社区商业', en: 'Markets and neighbourhood shops' },
  bus_stop: { zh: '公交站', en: 'Bus stops' },
  school_middle: { zh: '初中', en: 'Middle schools' },
  clinic: { zh: '社区卫生服务中心', en: 'Community health centres' },
  culture_centre: { zh: '文化活动中心', en: 'Culture centres' },
  subdistrict_office: { zh: '街道办事处', en: 'Subdistrict offices' },
  elderly_home: { zh: '养老院', en: 'Homes for the elderly' },
  fire_hydrant: { zh: '室外消火栓', en: 'Fire hydrants' },
  hospital: { zh: '医院', en: 'Hospitals' },
  shelter: { zh: '避难场所', en: 'Shelters' },
}

/** A facility's name, or its code where no name is known. */
export function facilityName(code: string): { zh: string; en: string } {
  return FACILITY_NAMES[code] ?? { zh: code, en: code }
}
