/** The registry as it is answered: names, formulas in words, the SQL itself, versions, denominators in force. */
import { getCity } from '../cities/cities.ts'
import type { IndicatorView } from '../contract/evaluation.ts'
import { COUNT_KEYS, COUNTS, type CountDefinition, type CountKey } from '../contract/evaluation-counts.ts'
import { ObjectKind } from '../contract/evaluation-objects.ts'
import { denominatorOf, formulaOf, isIndicatorOf, RATE_KEYS, type RateDefinition, type RateKey, RATES, REGISTRY_VERSION } from '../contract/evaluation-rates.ts'
import type { RuleContent } from '../contract/evaluation-rules.ts'
import type { Queryable } from '../db/db.ts'
import { CONDITIONS, measureOf } from './count-queries.ts'
import { caseFacts } from './fact-queries.ts'
import { getRule, present } from './rules.ts'

const DICTIONARY = '数字城管指标数据字典 · production data dictionary of the field'
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

function objectsOf(key: CountKey | RateKey, rule: RuleContent): ObjectKind[] {
  return ObjectKind.options.filter((kind) => isIndicatorOf(key, kind, rule.denominators))
}

function countView(key: CountKey, rule: RuleContent): IndicatorView {
  const count: CountDefinition = COUNTS[key]
  return {
    key, kind: 'count', nameZh: count.zh, nameEn: count.en, formulaZh: count.formulaZh, formulaEn: count.formulaEn, sql: oneLine(CONDITIONS[key]('exempted').text), version: count.version,
    unit: key === 'dispose_hours' ? 'hours' : count.isTimes ? 'times' : 'cases', better: null, numerator: null, denominator: null, denominatorChoices: [], source: DICTIONARY, objects: objectsOf(key, rule),
  }
}

function rateView(key: RateKey, rule: RuleContent): IndicatorView {
  const rate: RateDefinition = RATES[key]
  const denominator = denominatorOf(key, rule.denominators)
  const words = formulaOf(key, rule.denominators)
  const numerator = measureOf('street', rate.numerator, 'exempted', { within: denominator, judgedBy: rate.judgedBy })
  const below = denominator ? measureOf('street', denominator, 'exempted', { judgedBy: rate.judgedBy }) : null
  const value = numerator.amount ? `sum(${numerator.amount.text}) filter (where ${numerator.condition.text})` : `count(*) filter (where ${numerator.condition.text})`
  return {
    key, kind: 'rate', nameZh: rate.zh, nameEn: rate.en, formulaZh: rate.noteZh ? `${words.zh}。${rate.noteZh}` : words.zh, formulaEn: rate.noteEn ? `${words.en}. ${rate.noteEn}` : words.en,
    sql: oneLine(`${value} / ${below ? `count(*) filter (where ${below.condition.text})` : 'population'}`), version: rate.version, unit: rate.unit, better: rate.better, numerator: rate.numerator, denominator,
    denominatorChoices: [...rate.denominators], source: rate.source, objects: objectsOf(key, rule),
  }
}

/** Every indicator under the rules in force. */
export function indicatorViews(rule: RuleContent): IndicatorView[] {
  return [...RATE_KEYS.map((key) => rateView(key, rule)), ...COUNT_KEYS.map((key) => countView(key, rule))]
}

/** The statement's common base with its values as they are numbered, for whoever wants to repeat a figure. */
function baseSql(rule: RuleContent): string {
  return caseFacts({
    cityId: 0, measureSrid: 0, timeZone: '', fromDay: '', untilDay: '', asOf: new Date(0), slots: { from: [], to: [] }, recurrence: rule.recurrence, publicSources: rule.publicSources, withRecurrence: true, withHours: true,
  }).text
}

/** @throws AppError not_found for an unknown city. */
export async function listIndicators(db: Queryable, cityKey: string) {
  const city = await getCity(db, cityKey)
  const rule = await getRule(db, city)
  return { registryVersion: REGISTRY_VERSION, rule: present(rule), indicators: indicatorViews(rule.content), baseSql: baseSql(rule.content) }
}
