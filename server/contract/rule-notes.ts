/**
 * Remarks of rules in English. Rules keep theirs in Chinese, and answers keep the rules they were given by; a translation changes no rule,
 * so that it stands here and is looked up when a remark is read. A test holds it against every rule of data/standards.
 */
const ENGLISH: Readonly<Record<string, string>> = {
  '尚未与原文核对': 'not yet checked against the text of the standard',
  '数值尚未与原文核对': 'the values are not yet checked against the text of the standard',
  '服务半径尚未与原文核对': 'the radius is not yet checked against the text of the standard',
  '分级尚未与原文核对': 'the bands are not yet checked against the text of the standard',
  '半径分级与 85 % 尚未与原文核对': 'the bands of radii and the 85 % are not yet checked against the text of the standard',
  '各区 28 % 的下限未列入': 'the lower limit of 28 % for each district is not included',
  '标准为大于 3 000 m，没有上限，按 3 000 m 计': 'the standard says more than 3,000 m without an upper limit; 3,000 m is taken',
  '服务半径为一个范围，取其上限': 'the standard gives a range of radii; its upper end is taken',
  '更大的公园也服务本级': 'larger parks serve this tier too',
  '人均面积只计本级规模的公园，不重复计': 'area for each person counts parks of this tier’s own size only, none twice',
  '公园最小宽度 80 m，按园内最大内切圆的直径计': 'the least width of 80 m is the diameter of the largest circle within the park',
  '公园最小宽度 80 m 未核': 'the least width of 80 m is not checked',
  '公园最小宽度 50 m，按园内最大内切圆的直径计': 'the least width of 50 m is the diameter of the largest circle within the park',
  '公园最小宽度 50 m 未核': 'the least width of 50 m is not checked',
  '公园最小宽度 30 m，按园内最大内切圆的直径计': 'the least width of 30 m is the diameter of the largest circle within the park',
  '公园最小宽度 30 m 未核': 'the least width of 30 m is not checked',
  '各城市报告口径不一': 'cities report it in different ways',
  '条件不足时可放宽到 0.5 hm²，这里取 1 hm²': '0.5 ha may do where there is no room; 1 ha is taken here',
  '以绿地是否自然为前提，这里计全部可进入的绿地': 'the standard asks for natural green; all green that can be entered is counted here',
  '表中距离按直线计': 'distances of the table are by the straight line',
  '绿地按 ≥ 0.5 hm² 计': 'green of 0.5 ha and more counts',
  '15 分钟按 1 km 计': '15 minutes are taken as 1 km',
  '只计范围内的面积': 'only area within the scope counts',
  '公共开放空间计公园、绿化广场与风景游憩绿地': 'parks, green squares and recreational regional green count as open public space',
  '未按性别与残障分列，城市数据没有': 'not told apart by sex or disability, of which the city’s data say nothing',
  '分母为建成区内居住用地面积': 'the denominator is the residential land of the built-up area',
  '5 000 m² 及以上 500 m，2 000 至 5 000 m² 300 m，历史文化街区 1 000 m² 及以上 300 m': '500 m from 5,000 m², 300 m from 2,000 to 5,000 m², 300 m from 1,000 m² in historic districts',
  '下限含本数': 'lower ends are included',
  '国家园林城市 ≥ 85 %，国家生态园林城市 ≥ 90 %': 'National Garden City ≥ 85 %, National Ecological Garden City ≥ 90 %',
  '2022 年起指标改称公园绿化活动场地服务半径覆盖率': 'since 2022 the index is called service-radius coverage of park activity sites',
  '基本表述（活动场地 500 m 半径覆盖的居住用地占比）有来源': 'the statement itself (share of residential land within 500 m of an activity site) has a source',
  '2 000 至 5 000 m² 按 300 m 的细分尚未与原文核对': 'the finer band of 300 m from 2,000 to 5,000 m² is not yet checked against the text of the standard',
  '用于敏感性比较，不是评选口径': 'for comparison, not what cities are judged by',
  '400 m² 下限尚未与原文核对': 'the lower limit of 400 m² is not yet checked against the text of the standard',
  '口号有来源，最小面积由城市自定，此处取 400 m²': 'the slogan has a source; the least area is for the city to choose, 400 m² here',
  '需求为人口，不是居住用地': 'demand is people, not residential land',
  '报告存在，数值尚未与原文核对（0.5 至 1 公顷）': 'the report exists; its values (0.5 to 1 ha) are not yet checked against it',
  '强制性条文（城镇）': 'a mandatory clause (towns)',
  '人力收集一般 400 m，最大不超过 1 km': 'collection by hand 400 m as a rule, 1 km at most',
  '人力 0.4 至 1.0 km': 'by hand 0.4 to 1.0 km',
  '标准以建成区面积计（300 m ≥ 50 %，500 m ≥ 90 %）': 'the standard is about the built-up area (300 m ≥ 50 %, 500 m ≥ 90 %)',
  '此处以人口为需求，故不设目标值': 'demand is people here, so that no target is set',
  '间距不大于 120 m，保护半径不大于 150 m': 'no more than 120 m apart, protecting no more than 150 m about them',
  '约 10 分钟步行': 'a walk of some 10 minutes',
  '有效面积 ≥ 0.2 公顷': 'effective area ≥ 0.2 ha',
  '有效面积 ≥ 1.0 公顷': 'effective area ≥ 1.0 ha',
  '有效面积 ≥ 5.0 公顷': 'effective area ≥ 5.0 ha',
  '标准为 600–1 200 m，取上限': 'the standard says 600–1,200 m; the upper end is taken',
  '标准为 400–600 m，取上限': 'the standard says 400–600 m; the upper end is taken',
  '标准为 200–400 m，取上限': 'the standard says 200–400 m; the upper end is taken',
  '标准为 100–200 m，取上限': 'the standard says 100–200 m; the upper end is taken',
  '以快速路、主干路为交通性道路': 'expressways and arterial roads are taken as traffic roads',
  '以次干路、支路为生活性道路': 'secondary and local roads are taken as streets of daily life',
  '商业性路段（小于 400 m）需沿街用地数据，未计': 'shopping streets (less than 400 m) need land use along the street and are not counted',
  '繁华路段（30–100 m）需沿街商业数据，未计': 'busy streets (30–100 m) need shops along the street and are not counted',
  '标准为小于 400 m': 'the standard says less than 400 m',
  '标准为 30–100 m，取上限': 'the standard says 30–100 m; the upper end is taken',
  '以中心线 40 m 以内有商业建筑、连续 200 m 以上的路段为商业性路段': 'shopping streets are stretches of 200 m and more with commercial buildings within 40 m of their centre line',
  '没有人流数据，以中心线 40 m 以内有商业建筑、连续 200 m 以上的路段为繁华路段': 'there are no data of footfall; busy streets are stretches of 200 m and more with commercial buildings within 40 m of their centre line',
  '半截光灯具 S ≤ 3.5 H': 'semi-cut-off luminaires, S ≤ 3.5 H',
  '没有灯高数据，假定 H = 12 m': 'there are no heights of lamps; H = 12 m is assumed',
  '没有灯高数据，假定 H = 10 m': 'there are no heights of lamps; H = 10 m is assumed',
  '没有灯高数据，假定 H = 8 m': 'there are no heights of lamps; H = 8 m is assumed',
  '规范所限为全市平均': 'the code limits the mean of the city',
  '逐处对照为规划参考': 'place by place it is a planner’s reference',
  '搜索半径 1 km（约 15 分钟步行）为本系统缺省': 'the catchment of 1 km (some 15 minutes on foot) is this system’s default',
  '国际对照，不作评分': 'an international comparator, never scored',
  '15 分钟步行按 1 km 计': 'a walk of 15 minutes is taken as 1 km',
  '有服务半径规则的设施，搜索半径取其半径': 'facilities with a rule of service radius have it as their catchment',
  '人均标准可自定': 'the amount for each person can be given with the question',
}

const clausesOf = (note: string): string[] => note.split(/[。；]/u).map((clause) => clause.trim()).filter((clause) => clause !== '')
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Clauses of a remark that have no English. */
export function clausesWithoutEnglish(note: string): string[] {
  return clausesOf(note).filter((clause) => /[\u4e00-\u9fff]/u.test(clause) && !Object.hasOwn(ENGLISH, clause))
}

/** A remark in English, clause by clause; one that a city wrote itself stays as it is. */
export function noteInEnglish(note: string): string {
  return clausesWithoutEnglish(note).length > 0 ? note : clausesOf(note).map((clause) => `${capitalised(ENGLISH[clause] ?? clause)}.`).join(' ')
}
