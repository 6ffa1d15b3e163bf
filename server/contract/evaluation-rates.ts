/**
 * The rates of the evaluation. A share counts, of the cases of its denominator, those that also belong to its numerator, so that it
 * lies between 0 and 1 whatever denominator a city chooses; nothing in the denominator gives no value, never 0.
 */
import { COUNTS, type CountKey, isCountOf } from './evaluation-counts.ts'
import { isArea, type ObjectKind } from './evaluation-objects.ts'

/** Stages whose limits decide what is in time. */
export type LimitedStage = 'accept' | 'verify' | 'file' | 'dispatch' | 'check'

export interface RateDefinition {
  zh: string
  en: string
  /** A share of cases, a mean per case, or cases per ten thousand inhabitants. */
  form: 'share' | 'mean' | 'per_ten_thousand_people'
  unit: 'percent' | 'hours' | 'cases'
  numerator: CountKey
  /** What it can be divided by; the first is meant unless the city's rules choose another. Empty: by inhabitants. */
  denominators: readonly CountKey[]
  better: 'higher' | 'lower'
  version: number
  source: string
  /** Cases of this stage without a limit cannot be judged and stay out of the denominator. */
  judgedBy?: LimitedStage
  noteZh?: string
  noteEn?: string
}

const DICTIONARY = '数字城管指标数据字典 · production data dictionary of the field'
const DESIGN = '本平台定义，分母由各市核定 · defined here; the city settles the denominator'

type Plain = Omit<Partial<RateDefinition>, 'zh' | 'en' | 'numerator' | 'denominators'>
const share = (zh: string, en: string, numerator: CountKey, denominators: readonly CountKey[], better: 'higher' | 'lower', more: Plain = {}): RateDefinition => ({
  zh, en, form: 'share', unit: 'percent', numerator, denominators, better, version: 1, source: DICTIONARY, ...more,
})

export const RATES = {
  dispose_rate: share('处置率', 'Handled', 'dispose_num', ['need_dispose_num'], 'higher'),
  intime_dispose_rate: share('按期处置率', 'Handled in time', 'intime_dispose_num', ['need_dispose_num'], 'higher'),
  archive_rate: share('结案率', 'Closed', 'archive_num', ['need_archive_num'], 'higher'),
  intime_archive_rate: share('按期结案率', 'Closed in time', 'intime_archive_num', ['need_archive_num'], 'higher'),
  overtime_archive_rate: share('超期结案率', 'Closed late', 'overtime_archive_num', ['need_archive_num'], 'lower'),
  to_archive_rate: share('未结案率', 'Not closed', 'to_archive_num', ['need_archive_num', 'report_num'], 'lower', { noteZh: '数据字典以上报数为分母，可在规则中改选', noteEn: 'The dictionary divides by the reported; the rules can choose that' }),
  overtime_to_archive_rate: share('超期未结案率', 'Open beyond the limit', 'overtime_to_archive_num', ['open_filed_num', 'need_archive_num'], 'lower', { source: DESIGN }),
  accur_dispatch_rate: share('准确派遣率', 'Dispatched rightly', 'accur_dispatch_num', ['need_dispatch_num', 'dispatch_num'], 'higher'),
  intime_dispatch_rate: share('按期派遣率', 'Dispatched in time', 'intime_dispatch_num', ['need_dispatch_num', 'dispatch_num'], 'higher', { judgedBy: 'dispatch' }),
  intime_inst_rate: share('按时立案率', 'Filed in time', 'intime_inst_num', ['inst_num'], 'higher', { judgedBy: 'file' }),
  accur_inst_rate: share('准确立案率', 'Filed rightly', 'accur_inst_num', ['inst_num'], 'higher'),
  valid_report_rate: share('有效上报率', 'Validly reported', 'valid_report_num', ['report_num'], 'higher'),
  intime_verify_rate: share('按期核实率', 'Verified in time', 'intime_verify_num', ['need_verify_num'], 'higher', { judgedBy: 'verify' }),
  intime_check_rate: share('按期核查率', 'Checked in time', 'intime_check_num', ['need_check_num'], 'higher', { judgedBy: 'check' }),
  intime_operate_rate: share('按期受理率', 'Accepted in time', 'intime_operate_num', ['operate_num'], 'higher', { judgedBy: 'accept' }),
  accur_operate_rate: share('准确受理率', 'Accepted rightly', 'accur_operate_num', ['operate_num'], 'higher'),
  completion_rate: share('办结率', 'Completed', 'completed_num', ['unrejected_report_num'], 'higher', { source: '统计报表口径 · as in statistical reports' }),
  inst_rate: share('立案率', 'Filed of the reported', 'inst_num', ['report_num', 'operate_num'], 'higher', { source: DESIGN }),
  rework_rate: share('返工率', 'Reworked', 'rework_num', ['need_archive_num', 'dispose_num'], 'lower', { source: DESIGN }),
  back_rate: share('回退率', 'Returned', 'back_num', ['dispatch_num'], 'lower', { source: DESIGN }),
  missed_rate: share('漏报率', 'Missed', 'missed_num', ['missed_or_reported_num'], 'lower', { source: '监督员考核通行口径 · usual for collectors' }),
  public_satisfaction_rate: share('公众满意率', 'Satisfied', 'content_num', ['return_visit_num'], 'higher', { source: DESIGN }),
  public_report_rate: share('公众举报占比', 'Reported by the public', 'public_report_num', ['report_num'], 'lower', { source: DESIGN }),
  recurrence_rate: share('重复发生率', 'Recurred after closing', 'recurrence_num', ['archive_num'], 'lower', { source: DESIGN }),
  mean_dispose_hours: { ...share('平均处置时长', 'Mean hours of handling', 'dispose_hours', ['dispose_num'], 'lower', { source: DESIGN }), form: 'mean', unit: 'hours' },
  inst_per_ten_thousand: { ...share('每万人立案数', 'Filed per 10,000 people', 'inst_num', [], 'lower', { source: DESIGN }), form: 'per_ten_thousand_people', unit: 'cases' },
} as const satisfies Record<string, RateDefinition>

export type RateKey = keyof typeof RATES
export const RATE_KEYS = Object.keys(RATES) as RateKey[]

/** Raised with every change of a formula: what is published says which registry it was made with. */
export const REGISTRY_VERSION = 1

export type IndicatorKey = CountKey | RateKey

export function isRate(key: string): key is RateKey {
  return key in RATES
}

export function isIndicator(key: string): key is IndicatorKey {
  return key in RATES || key in COUNTS
}

/** The count a rate is divided by under a city's choices; null where it is divided by inhabitants. */
export function denominatorOf(key: RateKey, choices: Readonly<Record<string, string>>): CountKey | null {
  const { denominators }: RateDefinition = RATES[key]
  return denominators.find((one) => one === choices[key]) ?? denominators[0] ?? null
}

/** Whether an indicator means something for an object kind. */
export function isIndicatorOf(key: IndicatorKey, kind: ObjectKind, choices: Readonly<Record<string, string>> = {}): boolean {
  if (!isRate(key)) return isCountOf(key, kind)
  const denominator = denominatorOf(key, choices)
  return isCountOf(RATES[key].numerator, kind) && (denominator === null ? isArea(kind) && kind !== 'grid' : isCountOf(denominator, kind))
}

/** A rate's formula in words, with the denominator that is in force. */
export function formulaOf(key: RateKey, choices: Readonly<Record<string, string>>): { zh: string; en: string } {
  const rate: RateDefinition = RATES[key]
  const numerator = COUNTS[rate.numerator]
  const chosen = denominatorOf(key, choices)
  if (chosen === null) return { zh: `${numerator.zh} ÷ 区域人口 × 10000`, en: `${numerator.en} ÷ inhabitants of the area × 10,000` }
  const denominator = COUNTS[chosen]
  if (rate.form === 'mean') return { zh: `${numerator.zh} ÷ ${denominator.zh}`, en: `${numerator.en} ÷ ${denominator.en}` }
  const judged = rate.judgedBy ? { zh: '（无时限、尚在时限内的不参与）', en: ' (cases without a limit, or still within it, stay out)' } : { zh: '', en: '' }
  return { zh: `${denominator.zh}中的${numerator.zh} ÷ ${denominator.zh}${judged.zh} × 100%`, en: `${numerator.en}, of those ${denominator.en.toLowerCase()} ÷ ${denominator.en}${judged.en} × 100%` }
}
