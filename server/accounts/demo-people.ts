/** The demo city's organisations and people, pure: the same city always has the same ones. All names are invented. */
import type { Role } from '../contract/permissions.ts'

export interface DemoOrganisation {
  code: string
  kind: 'supervision_centre' | 'command_centre' | 'department' | 'street' | 'contractor'
  parentCode: string | null
  nameZh: string
  nameEn: string
  areaCode: string | null
}

export interface DemoPerson {
  /** Unique within the city; the login puts the city's key in front. */
  key: string
  name: string
  role: Role
  organisationCode: string | null
  /** Leading digits of the codes of each area he has a post for; none: the whole city. */
  areaCodes: readonly string[]
}

export interface DemoArea {
  level: 'county' | 'street'
  /** Twelve digits. */
  code: string
  name: string
}

/** Handling departments, named as cases name theirs. */
const DEPARTMENTS = [
  ['municipal-utilities', '市政公用中心', 'Municipal utilities centre'],
  ['road-maintenance', '道路养护中心', 'Road maintenance centre'],
  ['sanitation', '环卫中心', 'Sanitation centre'],
  ['parks-and-greens', '园林中心', 'Parks and greens centre'],
  ['law-enforcement', '城管执法大队', 'Law enforcement brigade'],
  ['construction-sites', '工地监管站', 'Construction site inspection'],
  ['emergency-repair', '应急抢修中心', 'Emergency repair centre'],
  ['street-offices', '街道办事处', 'Street offices'],
  ['urban-management', '城市管理局', 'Urban management bureau'],
] as const

const CONTRACTORS = [
  ['contractor-cleaning', '洁城保洁服务有限公司', 'Jiecheng Cleaning Services', 'sanitation'],
  ['contractor-greening', '绿锦园林养护有限公司', 'Lüjin Landscape Care', 'parks-and-greens'],
  ['contractor-roads', '通途市政养护有限公司', 'Tongtu Road Works', 'road-maintenance'],
] as const

const NAMES =
  '林知远 苏慕晴 陈立言 周若楠 郑书航 何雨桐 罗景行 唐诗雅 高明哲 梁思齐 宋清和 谢婉宁 韩卓然 冯雅茹 董子墨 袁嘉禾 邓文博 许静姝 傅远山 沈语嫣 曾维新 彭可欣 吕承志 卢晓岚 蒋德润 蔡慧敏 贾志恒 丁怡然 魏长青 薛凝霜 叶启明 阎素心 余天佑 潘映雪 杜正阳 戴芷兰 夏克勤 钟采薇 汪建章 田秋实 任广陵 姜云舒 范子衡 方晓棠 石磊生 姚文君 谭守正 廖春华 邹运来 熊梓涵 金玉成 陆望舒 郝永年 孔令仪 白浩川 崔巧云 康为民 毛菁菁 邱万里 秦若水 江一帆 史可立 顾念之 侯光耀 邵嘉怡 孟开济 龙在渊 万思源 段晓峰 雷雨生 钱向荣 汤映红 尹志学 黎明远 易安然 常胜男 武定邦 乔书瑶 贺新春 赖文清'.split(
    ' ',
  )

/** Leading digits of an area's code that all codes below it share. */
export function leadingDigits(area: DemoArea): string {
  return area.code.slice(0, area.level === 'county' ? 6 : 9)
}

/** English names of the demo's areas are not kept; their code tells them apart. */
function districtOf(street: DemoArea, districts: readonly DemoArea[]): DemoArea | undefined {
  return districts.find((district) => street.code.startsWith(leadingDigits(district)))
}

export function demoOrganisations(areas: readonly DemoArea[]): DemoOrganisation[] {
  const districts = areas.filter((area) => area.level === 'county')
  const streets = areas.filter((area) => area.level === 'street')
  return [
    { code: 'supervision-centre', kind: 'supervision_centre', parentCode: null, nameZh: '城市管理监督中心', nameEn: 'Urban management supervision centre', areaCode: null },
    { code: 'command-centre', kind: 'command_centre', parentCode: null, nameZh: '城市管理指挥中心', nameEn: 'Urban management command centre', areaCode: null },
    ...districts.map((district, index): DemoOrganisation => ({ code: `command-centre-${index + 1}`, kind: 'command_centre', parentCode: 'command-centre', nameZh: `${district.name}指挥中心`, nameEn: `Command centre of district ${index + 1}`, areaCode: leadingDigits(district) })),
    ...DEPARTMENTS.map(([code, nameZh, nameEn]): DemoOrganisation => ({ code, kind: 'department', parentCode: null, nameZh, nameEn, areaCode: null })),
    ...streets.map((street, index): DemoOrganisation => {
      const district = districtOf(street, districts)
      return { code: `street-${index + 1}`, kind: 'street', parentCode: 'street-offices', nameZh: `${street.name}办事处`, nameEn: `Street office ${index + 1}${district ? ` (district ${districts.indexOf(district) + 1})` : ''}`, areaCode: leadingDigits(street) }
    }),
    ...CONTRACTORS.map(([code, nameZh, nameEn, parentCode]): DemoOrganisation => ({ code, kind: 'contractor', parentCode, nameZh, nameEn, areaCode: null })),
  ]
}

/** Numbers people of a role from 01. */
function numbered(role: string, index: number): string {
  return `${role}-${String(index + 1).padStart(2, '0')}`
}

export function demoPeople(areas: readonly DemoArea[]): DemoPerson[] {
  const districts = areas.filter((area) => area.level === 'county')
  const streets = areas.filter((area) => area.level === 'street')
  const people: Omit<DemoPerson, 'name'>[] = []
  const add = (role: Role, key: string, organisationCode: string | null, areaCodes: readonly string[] = []) => people.push({ key, role, organisationCode, areaCodes })
  const several = (role: Role, key: string, count: number, organisationCode: string | null) => {
    for (let index = 0; index < count; index++) add(role, numbered(key, index), organisationCode)
  }
  several('operator', 'operator', 4, 'supervision-centre')
  several('shift_leader', 'shift-leader', 2, 'supervision-centre')
  several('dispatcher', 'dispatcher', 3, 'command-centre')
  several('leader', 'leader', 2, 'urban-management')
  several('evaluator', 'evaluator', 2, 'supervision-centre')
  several('planner', 'planner', 2, 'parks-and-greens')
  several('viewer', 'viewer', 1, 'urban-management')
  several('auditor', 'auditor', 1, 'urban-management')
  streets.forEach((street, index) => add('collector', numbered('collector', index), 'supervision-centre', [leadingDigits(street)]))
  // A checker has a round of two streets.
  for (let index = 0; index < streets.length; index += 2) {
    add('checker', numbered('checker', index / 2), 'supervision-centre', streets.slice(index, index + 2).map(leadingDigits))
  }
  districts.forEach((district, index) => add('grid_manager', numbered('grid-manager', index), `command-centre-${index + 1}`, [leadingDigits(district)]))
  for (const [code] of DEPARTMENTS) {
    add('department_manager', `manager-${code}`, code)
    for (let index = 0; index < (code === 'urban-management' ? 1 : 2); index++) add('disposal_person', numbered(`worker-${code}`, index), code)
  }
  for (const [code] of CONTRACTORS) add('disposal_person', `worker-${code}`, code)
  add('display', 'display', 'command-centre')
  // Streets beyond the usual city's have people too; their names then carry a number.
  return people.map((person, index) => ({ ...person, name: person.role === 'display' ? '指挥大厅大屏' : `${NAMES[index % NAMES.length]}${index < NAMES.length ? '' : Math.floor(index / NAMES.length) + 1}` }))
}

/** Names under which cases of the demo name their departments. */
export const DEMO_DEPARTMENT_NAMES: readonly string[] = DEPARTMENTS.map(([, nameZh]) => nameZh)
