/** What a unit says of itself, in both languages: made here and nowhere else, so that list, map and file say the same. */
import type { FeatureKind } from './layers.ts'
import { type CountModel, type GapCovariate, type GapFigures, type GapKind, type GapUnit, gapKind } from './management-gaps.ts'

export interface Sentence {
  zh: string
  en: string
}

const KIND_NAMES: Partial<Record<FeatureKind, Sentence>> = {
  facilities: { zh: '设施', en: 'facilities' },
  buildings: { zh: '建筑', en: 'buildings' },
  path_edges: { zh: '步行路网', en: 'walking network' },
  parts: { zh: '部件', en: 'part' },
  incidents: { zh: '案件', en: 'case' },
  unit_grids: { zh: '单元网格', en: 'cell' },
}

export const COVARIATE_LABELS: Readonly<Record<GapCovariate, Sentence>> = {
  people: { zh: 'ln(1 + 人口)', en: 'ln(1 + people)' },
  road_km: { zh: 'ln(1 + 道路长度 km)', en: 'ln(1 + km of roads)' },
  facilities: { zh: 'ln(1 + 设施数)', en: 'ln(1 + facilities)' },
  parts: { zh: 'ln(1 + 部件数)', en: 'ln(1 + parts)' },
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const tenth = (value: number): string => value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const percent = (share: number): string => `${(share * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`
const count = (value: number, one: string, many = `${one}s`): string => `${whole(value)} ${value === 1 ? one : many}`

function nameOf(unit: Pick<GapUnit, 'level' | 'code' | 'name'>): Sentence {
  const named = unit.name ?? unit.code
  return { zh: named, en: unit.name && unit.name !== unit.code ? `${unit.name} (${unit.code})` : unit.code }
}

function peopleTail({ people }: GapFigures): Sentence {
  if (people === undefined) return { zh: '', en: '' }
  if (people === null) return { zh: '，人口未知', en: '; how many live there is not known' }
  return { zh: `，${whole(people)} 人`, en: `; ${count(people, 'person lives', 'people live')} there` }
}

function inWords(kinds: readonly FeatureKind[]): Sentence {
  const names = kinds.map((kind) => KIND_NAMES[kind] ?? { zh: kind, en: kind })
  return { zh: names.map(({ zh }) => zh).join('、'), en: names.map(({ en }) => en).join(', ') }
}

/** The interval of a count: what it was expected to be, and between what. */
function expectation({ expected = 0, lower = 0, upper = 0 }: GapFigures): Sentence {
  return { zh: `期望 ${tenth(expected)} 件（区间 ${whole(lower)}–${whole(upper)}）`, en: `${tenth(expected)} expected (interval ${whole(lower)}–${whole(upper)})` }
}

function reported({ cases = 0, periodDays = 0 }: GapFigures): Sentence {
  return { zh: `近 ${periodDays} 日上报 ${whole(cases)} 件`, en: `${count(cases, 'case')} reported in ${count(periodDays, 'day')}` }
}

function misplaced({ feature = 'parts', statedCode = '', foundCode, meters }: GapFigures): Sentence {
  const zh = KIND_NAMES[feature]?.zh ?? feature
  if (meters === null) return { zh: `登记在 ${statedCode}，但没有这个单元`, en: `stated to be in ${statedCode}, which does not exist` }
  const where = foundCode ? { zh: `实际位于 ${foundCode}`, en: `but lies in ${foundCode}` } : { zh: '实际不在任何单元内', en: 'but lies in no unit' }
  return { zh: `${zh}登记在 ${statedCode}，${where.zh}，偏离 ${whole(meters ?? 0)} 米`, en: `stated to be in ${statedCode}, ${where.en}, ${whole(meters ?? 0)} m away` }
}

function unplaced({ without = 'both' }: GapFigures): Sentence {
  const what = { street: { zh: '街道', en: 'street' }, community: { zh: '社区', en: 'community' }, both: { zh: '街道和社区', en: 'street or community' } }[without]
  return { zh: `编码所属的${what.zh}不存在`, en: `the ${what.en} of its code does not exist` }
}

/** A cell without an owner at any level; an area that has none, and cells that have none. */
function unowned(figures: GapFigures): Sentence {
  const tail = peopleTail(figures)
  if (figures.openCells === undefined) return { zh: `网格、社区、街道三级都没有责任单位${tail.zh}`, en: `nobody is named as its owner, not at its community or street either${tail.en}` }
  return { zh: `没有责任单位，其中 ${whole(figures.openCells)} 个网格无人负责${tail.zh}`, en: `nobody is named as its owner, nor of ${count(figures.openCells, 'cell')} in it${tail.en}` }
}

type Teller = (figures: GapFigures) => Sentence

const TELLERS: Record<GapKind, Teller> = {
  no_owner: unowned,
  owner_gone: (figures) => ({ zh: `责任单位“${figures.owner}”已撤销${peopleTail(figures).zh}`, en: `its owner “${figures.owner}” no longer exists${peopleTail(figures).en}` }),
  no_person: (figures) => ({ zh: `责任单位“${figures.owner}”没有指定责任人${peopleTail(figures).zh}`, en: `its owner “${figures.owner}” names no person${peopleTail(figures).en}` }),
  no_collector: (figures) => ({ zh: `没有在岗采集员的责任区覆盖这里${peopleTail(figures).zh}`, en: `no collector in post has it in his area${peopleTail(figures).en}` }),
  no_cells: (figures) => ({ zh: `没有划分单元网格${peopleTail(figures).zh}`, en: `it has no cells of the unit grid${peopleTail(figures).en}` }),
  uncovered: (figures) => ({ zh: `${percent(figures.uncoveredShare ?? 0)} 的面积不在任何单元网格内${peopleTail(figures).zh}`, en: `${percent(figures.uncoveredShare ?? 0)} of its land is in none of its cells${peopleTail(figures).en}` }),
  under_reported: (figures) => ({ zh: `${reported(figures).zh}，${expectation(figures).zh}，低于下限`, en: `${reported(figures).en}, ${expectation(figures).en}: below the lower bound` }),
  as_expected: (figures) => ({ zh: `${reported(figures).zh}，${expectation(figures).zh}，在区间内`, en: `${reported(figures).en}, ${expectation(figures).en}: within it` }),
  above_expected: (figures) => ({ zh: `${reported(figures).zh}，${expectation(figures).zh}，高于上限`, en: `${reported(figures).en}, ${expectation(figures).en}: above the upper bound` }),
  too_few: (figures) => ({ zh: `${reported(figures).zh}，期望只有 ${tenth(figures.expected ?? 0)} 件，不足 ${whole(figures.leastExpected ?? 0)} 件，不判断`, en: `${reported(figures).en}, only ${tenth(figures.expected ?? 0)} expected: below ${whole(figures.leastExpected ?? 0)} nothing can be told` }),
  unknown: (figures) => ({ zh: `${reported(figures).zh}，缺少计算期望所需的数据，不判断`, en: `${reported(figures).en}; what an expectation needs is not known, so nothing is told` }),
  never_checked: (figures) => ({ zh: `有 ${whole(figures.cases ?? 0)} 件案件，从未核查`, en: `it has had ${count(figures.cases ?? 0, 'case')}, and none was ever checked` }),
  stale: (figures) => ({ zh: `最近一次核查在 ${figures.checkedOn ?? ''}，已 ${whole(figures.daysAgo ?? 0)} 天（要求 ${whole(figures.days ?? 0)} 天内）`, en: `last checked on ${figures.checkedOn ?? ''}, ${count(figures.daysAgo ?? 0, 'day')} ago (asked for within ${whole(figures.days ?? 0)})` }),
  no_case: (figures) => ({ zh: `从未有过案件，也就没有核查${peopleTail(figures).zh}`, en: `it never had a case, so nothing was checked${peopleTail(figures).en}` }),
  missing: (figures) => ({ zh: `有 ${whole(figures.people ?? 0)} 人，却没有${inWords(figures.missing ?? []).zh}数据`, en: `${count(figures.people ?? 0, 'person lives', 'people live')} there, but there are no data of: ${inWords(figures.missing ?? []).en}` }),
  wrong_unit: misplaced,
  outside_city: (figures) => ({ zh: `${KIND_NAMES[figures.feature ?? 'parts']?.zh ?? ''}位于城市范围之外`, en: `this ${KIND_NAMES[figures.feature ?? 'parts']?.en ?? ''} lies outside the city` }),
  unplaced,
  old: (figures) => ({
    zh: `${figures.datedBy === 'data_date' ? '数据日期' : '最近更新'} ${figures.dated ?? ''}，已 ${whole(figures.monthsAgo ?? 0)} 个月（要求 ${whole(figures.months ?? 0)} 个月内）`,
    en: `${figures.datedBy === 'data_date' ? 'dated' : 'last renewed'} ${figures.dated ?? ''}, ${count(figures.monthsAgo ?? 0, 'month')} ago (asked for within ${whole(figures.months ?? 0)})`,
  }),
}

/** What a unit says of itself. */
export function gapSentence(unit: Pick<GapUnit, 'level' | 'code' | 'name' | 'kind' | 'figures'>): Sentence {
  const told = TELLERS[unit.kind](unit.figures)
  const name = nameOf(unit)
  return { zh: `${name.zh}：${told.zh}。`, en: `${name.en}: ${told.en}.` }
}

/** A kind in words. */
export function gapKindText(kind: GapKind): Sentence {
  const { zh, en } = gapKind(kind)
  return { zh, en }
}

/** The model as a formula with its numbers. */
export function modelFormula(model: Pick<CountModel, 'coefficients' | 'family' | 'theta'>, locale: keyof Sentence): string {
  const term = (value: number) => `${value < 0 ? '−' : '+'} ${Math.abs(value).toFixed(3)}`
  const [constant, ...others] = model.coefficients
  const spread = model.theta === null ? 'Var = μ' : `Var = μ + μ² / ${model.theta.toFixed(3)}`
  return `ln μ = ${(constant?.estimate ?? 0).toFixed(3).replace('-', '−')}${others.map(({ covariate, estimate }) => ` ${term(estimate)} · ${covariate ? COVARIATE_LABELS[covariate][locale] : ''}`).join('')}，${spread}`.replace('，', locale === 'zh' ? '，' : ', ')
}
