/** The first rule that fits a case, and why the ones before it did not; pure. */
import type { RoutingConditions } from '../contract/dispatch.ts'
import type { IncidentSource } from '../contract/incidents.ts'
import { SOURCE_LABELS } from '../contract/incident-workflow.ts'

/** What rules look at. Area codes are full administrative codes, county first. */
export interface RoutedCase {
  schemeId: string
  classKind: 'part' | 'event'
  classCode: string
  /** Number of the filing condition it was filed under. */
  conditionOrdinal: number | null
  /** Numbers under which the same condition stands or stood. */
  sameOrdinals: readonly number[]
  countyCode: string | null
  streetCode: string | null
  communityCode: string | null
  gridCode: string | null
  source: IncidentSource
  /** Local hour and minute as minutes since midnight, and weekday (1 = Monday), of the report. */
  localMinute: number
  weekday: number
}

export interface PlayedRule<Target> {
  ordinal: number
  title: string
  conditions: RoutingConditions
  target: Target
  isEnabled: boolean
  disabledReason?: string | null
}

export interface TraceStep {
  ordinal: number
  title: string
  fits: boolean
  zh: string
  en: string
}

interface Misfit {
  zh: string
  en: string
}

const WEEKDAYS_ZH = ['一', '二', '三', '四', '五', '六', '日'] as const
const WEEKDAYS_EN = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const shown = (codes: readonly string[]) => (codes.length > 4 ? `${codes.slice(0, 4).join('、')}…` : codes.join('、'))

function isWithin(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}

/** What keeps a rule from fitting a case, the first thing found; undefined when nothing does. */
export function misfit(conditions: RoutingConditions, one: RoutedCase): Misfit | undefined {
  const { schemeId, classKind, classCodes, conditionOrdinals, areaCodes, gridCodes, sources, weekdays, fromMinute, toMinute } = conditions
  if (schemeId && schemeId !== one.schemeId) return { zh: `只管分类标准 ${schemeId}，这是 ${one.schemeId}`, en: `only classes of ${schemeId}; this is one of ${one.schemeId}` }
  if (classKind && classKind !== one.classKind) return classKind === 'part' ? { zh: '只管部件，这是事件', en: 'only parts; this is an event' } : { zh: '只管事件，这是部件', en: 'only events; this is a part' }
  if (classCodes && !classCodes.some((code) => one.classCode === code || (code.length === 2 && one.classCode.startsWith(code)))) return { zh: `小类 ${one.classCode} 不在 ${shown(classCodes)} 中`, en: `class ${one.classCode} is not among ${shown(classCodes)}` }
  if (conditionOrdinals && (one.conditionOrdinal === null || ![one.conditionOrdinal, ...one.sameOrdinals].some((ordinal) => conditionOrdinals.includes(ordinal)))) return one.conditionOrdinal === null ? { zh: '未选立案条件', en: 'no filing condition was chosen' } : { zh: `立案条件 ${one.conditionOrdinal} 不在 ${conditionOrdinals.join('、')} 中`, en: `filing condition ${one.conditionOrdinal} is not among ${conditionOrdinals.join(', ')}` }
  const codes = [one.countyCode, one.streetCode, one.communityCode].filter((code) => code !== null)
  if (areaCodes && !areaCodes.some((area) => codes.some((code) => code.startsWith(area)))) return { zh: `地点不在区域 ${shown(areaCodes)} 中`, en: `the place is not in area ${shown(areaCodes)}` }
  if (gridCodes && (one.gridCode === null || !gridCodes.includes(one.gridCode))) return { zh: '单元网格不在所列责任片区中', en: 'the unit grid is not in the duty zone named' }
  if (sources && !sources.includes(one.source)) return { zh: `来源“${SOURCE_LABELS[one.source].zh}”不在所列之中`, en: `the source “${SOURCE_LABELS[one.source].en}” is not among those named` }
  if (weekdays && !weekdays.includes(one.weekday)) return { zh: `星期${WEEKDAYS_ZH[one.weekday - 1]}不在所列之中`, en: `${WEEKDAYS_EN[one.weekday - 1]} is not among the days named` }
  if (fromMinute !== undefined && toMinute !== undefined && !isWithin(one.localMinute, fromMinute, toMinute)) return { zh: `上报时刻 ${clock(one.localMinute)} 不在 ${clock(fromMinute)}–${clock(toMinute)}`, en: `reported at ${clock(one.localMinute)}, not within ${clock(fromMinute)}–${clock(toMinute)}` }
  return undefined
}

/** The first enabled rule that fits, with the trace up to it; no rule when none does. */
export function firstMatch<Rule extends PlayedRule<unknown>>(rules: readonly Rule[], one: RoutedCase): { rule: Rule | undefined; trace: TraceStep[] } {
  const trace: TraceStep[] = []
  for (const rule of rules) {
    const { ordinal, title } = rule
    if (!rule.isEnabled) {
      trace.push({ ordinal, title, fits: false, zh: `已停用${rule.disabledReason ? `：${rule.disabledReason}` : ''}`, en: `switched off${rule.disabledReason ? `: ${rule.disabledReason}` : ''}` })
      continue
    }
    const why = misfit(rule.conditions, one)
    trace.push({ ordinal, title, fits: why === undefined, zh: why?.zh ?? '符合，先到先得', en: why?.en ?? 'fits: the first that does decides' })
    if (why === undefined) return { rule, trace }
  }
  return { rule: undefined, trace }
}

/** Why two rule sets send a case to different units, in a sentence. Rules are told apart by their titles. @param edited every rule of the second set */
export function difference(before: PlayedRule<unknown> | undefined, after: PlayedRule<unknown> | undefined, afterTrace: readonly TraceStep[], edited: readonly Pick<PlayedRule<unknown>, 'title'>[]): { zh: string; en: string } {
  const reached = after ? { zh: `改后命中第 ${after.ordinal} 条“${after.title}”`, en: `now rule ${after.ordinal} “${after.title}” decides` } : { zh: '改后没有规则符合', en: 'no rule fits any more' }
  if (!before) return { zh: `原先没有规则符合；${reached.zh}`, en: `no rule fitted before; ${reached.en}` }
  if (after?.title === before.title) return { zh: `仍为第 ${after.ordinal} 条“${after.title}”，其派往单位已改`, en: `still rule ${after.ordinal} “${after.title}”, which now names another unit` }
  const misses = afterTrace.find((step) => step.title === before.title && !step.fits)
  if (misses) return { zh: `原为“${before.title}”，该条现在${misses.zh}；${reached.zh}`, en: `it was “${before.title}”, which now: ${misses.en}; ${reached.en}` }
  return edited.some((rule) => rule.title === before.title)
    ? { zh: `原为“${before.title}”，该条现在排在后面；${reached.zh}`, en: `it was “${before.title}”, which now comes later; ${reached.en}` }
    : { zh: `原为“${before.title}”，该条已删除或改名；${reached.zh}`, en: `it was “${before.title}”, which is deleted or renamed; ${reached.en}` }
}
