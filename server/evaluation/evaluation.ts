/** Use cases of the evaluation: the registry, a table over a period, the cases behind a figure. */
import { getCity, type CityRow } from '../cities/cities.ts'
import type { Asked, Basis, EvaluatedFigure, EvaluatedObject, EvaluationTable, FigurePart } from '../contract/evaluation.ts'
import { COUNT_KEYS, type CountKey } from '../contract/evaluation-counts.ts'
import { isArea, isPost, type ObjectKind } from '../contract/evaluation-objects.ts'
import { periodOf, type Period } from '../contract/evaluation-periods.ts'
import { denominatorOf, type IndicatorKey, isIndicatorOf, isRate, RATE_KEYS, type RateDefinition, type RateKey, RATES, REGISTRY_VERSION } from '../contract/evaluation-rates.ts'
import type { RuleContent } from '../contract/evaluation-rules.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { getWorkCalendar } from '../incidents/calendars.ts'
import { localDay } from '../incidents/clocks.ts'
import { type FigureRow, listFigureCases, listFigures, type Measure, measureOf } from './count-queries.ts'
import { decodeRowCursor, encodeRowCursor } from './cursor.ts'
import type { FactInput } from './fact-queries.ts'
import { listAreas, type NamedObject } from './object-queries.ts'
import { getRule, type RuleRow } from './rules.ts'
import { countFigure, figuresBy, rankObjects, rateFigure, scoreOf } from './scoring.ts'
import { workSlots } from './work-slots.ts'

export const BASES = ['exempted', 'raw'] as const satisfies readonly Basis[]

/** The measures of one indicator, in both ways of reading. */
interface Plan {
  key: IndicatorKey
  /** Positions among all measures. */
  numerator: Record<Basis, number>
  denominator: Record<Basis, number> | null
}

/** Numerator or denominator of an indicator as a measure. @throws AppError bad_request where there is none. */
export function measureOfPart(kind: ObjectKind, key: IndicatorKey, part: FigurePart, basis: Basis, rule: RuleContent): Measure {
  if (!isRate(key)) {
    if (part === 'denominator') throw new AppError('bad_request', `“${key}” is a count; it has no denominator.`, { errors: [{ path: 'query.part', message: '计数没有分母。A count has no denominator' }] })
    return measureOf(kind, key, basis)
  }
  const rate: RateDefinition = RATES[key]
  const denominator = denominatorOf(key, rule.denominators)
  if (part === 'denominator') {
    if (denominator === null) throw new AppError('bad_request', '分母是人口，没有可列的案件。It is divided by inhabitants, which are no cases.', { errors: [{ path: 'query.part', message: '没有案件。Has no cases' }] })
    return measureOf(kind, denominator, basis, { judgedBy: rate.judgedBy })
  }
  return denominator === null ? measureOf(kind, rate.numerator, basis) : measureOf(kind, rate.numerator, basis, { within: denominator, judgedBy: rate.judgedBy, column: denominator })
}

function planOf(kind: ObjectKind, keys: readonly IndicatorKey[], rule: RuleContent): { plans: Plan[]; measures: Measure[] } {
  const measures: Measure[] = []
  const known = new Map<string, number>()
  const place = (measure: Measure): number => {
    const text = JSON.stringify([measure.column, measure.condition.text, measure.amount?.text])
    const before = known.get(text)
    if (before !== undefined) return before
    known.set(text, measures.length)
    return measures.push(measure) - 1
  }
  const both = (key: IndicatorKey, part: FigurePart) => ({ exempted: place(measureOfPart(kind, key, part, 'exempted', rule)), raw: place(measureOfPart(kind, key, part, 'raw', rule)) })
  const plans = keys.map((key) => ({ key, numerator: both(key, 'numerator'), denominator: isRate(key) && denominatorOf(key, rule.denominators) !== null ? both(key, 'denominator') : null }))
  return { plans, measures }
}

export interface Frame {
  city: CityRow
  rule: RuleRow
  period: Period
  asOf: Date
}

/** City, rules and period of a question. @throws AppError not_found; bad_request for a period that has not begun. */
export async function frameOf(db: Queryable, cityKey: string, asked: Pick<Asked, 'cycle' | 'day'>, at: Date): Promise<Frame> {
  const city = await getCity(db, cityKey)
  const period = periodOf(asked.cycle, asked.day)
  if (period.fromDay > localDay(at, city.timeZone)) {
    throw new AppError('bad_request', `该周期尚未开始（${period.fromDay}）。The period has not begun yet (${period.fromDay}).`, { errors: [{ path: 'query.day', message: '在将来。Lies in the future' }] })
  }
  return { city, rule: await getRule(db, city), period, asOf: at }
}

async function factsOf(db: Queryable, { city, rule, period, asOf }: Frame, kind: ObjectKind, keys: readonly IndicatorKey[]): Promise<FactInput> {
  const uses = (count: CountKey) => keys.some((key) => key === count || (isRate(key) && RATES[key].numerator === count))
  const withHours = uses('dispose_hours')
  return {
    cityId: city.cityId,
    measureSrid: city.measureSrid,
    timeZone: city.timeZone,
    fromDay: period.fromDay,
    untilDay: period.untilDay,
    asOf,
    slots: withHours ? workSlots(await getWorkCalendar(db, city, asOf), period.fromDay, period.untilDay) : { from: [], to: [] },
    recurrence: rule.content.recurrence,
    publicSources: rule.content.publicSources,
    withRecurrence: uses('recurrence_num'),
    withHours,
    post: isPost(kind) ? kind : undefined,
  }
}

/** Rates that mean something for an object kind, in the order of the registry. */
export function usualIndicators(kind: ObjectKind, rule: RuleContent): IndicatorKey[] {
  return RATE_KEYS.filter((key) => isIndicatorOf(key, kind, rule.denominators))
}

/** All indicators that mean something for an object kind, counts first. */
export function everyIndicator(kind: ObjectKind, rule: RuleContent): IndicatorKey[] {
  return [...COUNT_KEYS, ...RATE_KEYS].filter((key) => isIndicatorOf(key, kind, rule.denominators))
}

/** What the scores need beside what was asked for. */
function withScoring(kind: ObjectKind, keys: readonly IndicatorKey[], rule: RuleContent): IndicatorKey[] {
  const { parts, sample } = rule.sheets[kind]
  const needed: IndicatorKey[] = [...parts.map((part) => part.indicator), sample, 'recurrence_rate' as RateKey].filter((key) => isIndicatorOf(key, kind, rule.denominators))
  return [...new Set([...keys, ...needed])]
}

type Values = Map<string | null, number[]>

function gather(rows: readonly FigureRow[], size: number): Values {
  const values: Values = new Map()
  for (const row of rows) {
    const own = values.get(row.key) ?? Array.from({ length: size }, () => 0)
    row.positions.forEach((position, index) => (own[position] = row.values[index] ?? 0))
    values.set(row.key, own)
  }
  return values
}

function figuresOf(plans: readonly Plan[], values: readonly number[], population: number | null, z: number): Record<string, EvaluatedFigure> {
  const read = ({ key, numerator, denominator }: Plan, basis: Basis) => {
    const counted = values[numerator[basis]] ?? 0
    if (!isRate(key)) return countFigure(counted)
    return rateFigure(key, counted, denominator ? (values[denominator[basis]] ?? 0) : population, z)
  }
  return Object.fromEntries(plans.map((plan) => [plan.key, { exempted: read(plan, 'exempted'), raw: read(plan, 'raw') }]))
}

function namedObjects(kind: ObjectKind, areas: readonly NamedObject[], values: Values): NamedObject[] {
  const found = [...values.keys()].filter((key): key is string => key !== null)
  if (!isArea(kind)) return found.toSorted().map((key) => ({ key, name: key, population: null }))
  const known = new Set(areas.map((area) => area.key))
  return [...areas, ...found.filter((key) => !known.has(key)).toSorted().map((key) => ({ key, name: key, population: null }))]
}

/** Everything a table says, computed from one reading of the cases. */
export async function computeTable(db: Queryable, frame: Frame, kind: ObjectKind, asked: readonly IndicatorKey[] | undefined, basis: Basis): Promise<EvaluationTable> {
  const { city, rule, period, asOf } = frame
  const content = rule.content
  const shown = asked ?? usualIndicators(kind, content)
  const foreign = shown.filter((key) => !isIndicatorOf(key, kind, content.denominators))
  if (foreign.length > 0) throw new AppError('bad_request', `These indicators mean nothing for “${kind}”: ${foreign.join(', ')}.`, { errors: [{ path: 'query.indicators', message: `not for ${kind}: ${foreign.join(', ')}` }] })
  const keys = withScoring(kind, shown, content)
  const { plans, measures } = planOf(kind, keys, content)
  const facts = await factsOf(db, frame, kind, keys)
  const areas = isArea(kind) ? await listAreas(db, city.cityId, kind) : []
  const values = gather(await listFigures(db, kind, facts, measures), measures.length)
  const z = content.confidenceZ
  const sheet = content.sheets[kind]
  const empty = Array.from({ length: measures.length }, () => 0)
  const scored = namedObjects(kind, areas, values).map((object) => {
    const figures = figuresOf(plans, values.get(object.key) ?? empty, object.population, z)
    const sample = figures[sheet.sample]?.[basis].numerator ?? 0
    return { object, figures, sample, score: object.key === '' ? null : scoreOf(sheet, content, figuresBy(figures, basis)) }
  })
  const ranks = rankObjects(scored.map(({ object, sample, score }) => ({ key: object.key, sample, score })), sheet, content)
  const only = (figures: Record<string, EvaluatedFigure>) => Object.fromEntries(shown.map((key) => [key, figures[key]!]))
  const objects = scored.map(({ object, figures, sample, score }): EvaluatedObject => {
    const rank = ranks.get(object.key)
    return {
      ...object, figures: only(figures), sample, score: score?.score ?? null, scoreInterval: score?.interval ?? null, deduction: score?.deduction ?? 0, parts: score?.parts ?? [],
      grade: rank?.grade ?? null, rank: rank?.rank ?? null, unranked: rank?.unranked ?? null,
    }
  })
  const people = areas.every((area) => area.population !== null) && areas.length > 0 ? areas.reduce((sum, area) => sum + (area.population ?? 0), 0) : null
  return {
    object: kind, cycle: period.cycle, fromDay: period.fromDay, untilDay: period.untilDay, basis, isOpen: localDay(asOf, city.timeZone) < period.untilDay, asOf: asOf.toISOString(),
    registryVersion: REGISTRY_VERSION, ruleVersion: rule.version, minimumSample: sheet.minimumSample, sampleIndicator: sheet.sample, indicators: [...shown],
    total: only(figuresOf(plans, values.get(null) ?? empty, people, z)),
    objects: objects.toSorted(byRank),
  }
}

/** Ranked ones first; then the others by the size of their sample; the cases of no object last. */
function byRank(a: EvaluatedObject, b: EvaluatedObject): number {
  if ((a.key === '') !== (b.key === '')) return a.key === '' ? 1 : -1
  if (a.rank !== null && b.rank !== null) return a.rank - b.rank || a.key.localeCompare(b.key)
  if ((a.rank === null) !== (b.rank === null)) return a.rank === null ? 1 : -1
  return b.sample - a.sample || a.key.localeCompare(b.key)
}

/** A table of figures, scores and ranks. @throws AppError as `frameOf`; bad_request for indicators that mean nothing for the object. */
export async function evaluate(db: Queryable, cityKey: string, asked: Asked & { indicators?: readonly IndicatorKey[] | undefined }, at: Date): Promise<EvaluationTable> {
  return computeTable(db, await frameOf(db, cityKey, asked, at), asked.object, asked.indicators, asked.basis)
}

export interface RowsAsked extends Asked {
  indicator: IndicatorKey
  part: FigurePart
  objectKey?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** The cases behind a figure, by the very condition that counted them. @throws AppError as `evaluate`; bad_request for a foreign cursor. */
export async function listIndicatorRows(db: Queryable, cityKey: string, asked: RowsAsked, at: Date) {
  const start = asked.cursor === undefined ? undefined : decodeRowCursor(asked.cursor)
  const frame = await frameOf(db, cityKey, asked, at)
  if (!isIndicatorOf(asked.indicator, asked.object, frame.rule.content.denominators)) throw new AppError('bad_request', `“${asked.indicator}” means nothing for “${asked.object}”.`, { errors: [{ path: 'query.indicator', message: `not for ${asked.object}` }] })
  const measure = measureOfPart(asked.object, asked.indicator, asked.part, asked.basis, frame.rule.content)
  const facts = await factsOf(db, frame, asked.object, [asked.indicator])
  const found = await listFigureCases(db, asked.object, facts, measure, asked.objectKey ?? null, start, asked.limit + 1)
  const page = found.rows.slice(0, asked.limit)
  const last = page.at(-1)
  return {
    rows: page.map(({ row }) => row),
    nextCursor: found.rows.length > asked.limit && last ? encodeRowCursor(last.start) : null,
    total: Math.round(found.total * 100) / 100,
    count: found.count,
    asOf: at.toISOString(),
  }
}
