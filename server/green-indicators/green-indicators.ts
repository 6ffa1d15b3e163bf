/** The sheet of green indices, and the features behind each numerator; both from the same list. */
import { type CityRow, getCity } from '../cities/cities.ts'
import { GREEN_INDICATOR_KEYS, GREEN_INDICATORS, type GreenBasis, type GreenIndicator, type GreenIndicatorDefinition, type GreenIndicatorKey, type GreenIndicatorRow, type GreenIndicatorRule, type GreenPeople, type GreenScope, type GreenTerm, type getGreenIndicators as sheetEndpoint } from '../contract/green-indicators.ts'
import type { Reply } from '../contract/endpoint.ts'
import { findAnswer } from '../coverage/coverage.ts'
import type { Db } from '../db/db.ts'
import { sumOf } from '../engine/sum.ts'
import { AppError } from '../errors.ts'
import { COUNTED_CLASSES, countedArea, differenceOf, divide, findGaps, type Fraction, isMet, noFigure, type Reason } from './figures.ts'
import { type CountyGreen, type Limits, type People, readCounties, readGreenLand, readLand, readLimits, readPeople } from './inputs.ts'
import { findUncounted, type GreenLandRow } from './queries.ts'
import { listRules } from './rule-queries.ts'

export { readLimits } from './inputs.ts'
export { listRules as listGreenRules } from './rule-queries.ts'
export { readGreenIndicatorRules, syncGreenIndicatorRules } from './rules.ts'

const NO_GREEN: Reason = { zh: '没有带 CJJ/T 85-2017 类别的绿地。', en: 'there is no green land with a class of CJJ/T 85-2017.' }
const NO_PEOPLE: Reason = { zh: '没有人口数据（建筑、人口网格；全市范围也可用区的人口）。', en: 'there are no data of people (buildings, cells; for the whole city also those of districts).' }
const NO_LAND: Reason = { zh: '没有城市边界，用地面积未知。', en: 'the city has no boundary: its land is not known.' }
const ONE_UNIT: Reason = { zh: '各区之间比较的指标，只在全城口径下有值。', en: 'it compares districts: it has a value for the whole city only.' }
const NO_COUNTIES: Reason = { zh: '没有区界，或各区没有人口。', en: 'there are no districts, or nobody is known to live in them.' }
const TEN_THOUSAND = 10_000

type Place = Pick<GreenIndicator, 'area' | 'coverageRun' | 'numeratorUnit' | 'denominatorUnit'>
type Figure = Fraction & Place
const NOWHERE: Place = { area: null, coverageRun: null, numeratorUnit: null, denominatorUnit: null }

/** Served and all residential land of the scope by a rule, or why it is not known. */
export type CoverageOf = (rule: string) => Promise<{ covered: number; total: number; run: string | null } | Reason>

interface Facts {
  isUnit: boolean
  features: GreenLandRow[]
  cityFeatures: GreenLandRow[]
  landM2: number | null
  cityLandM2: number | null
  people: People | null
  counties: CountyGreen[]
}

/** What a feature adds to the numerator of an index, in its unit; 0 where it does not count. */
function countedOf(basis: GreenBasis, feature: GreenLandRow): number {
  if (basis.kind === 'area' || basis.kind === 'least_county') return countedArea(feature, basis.terms)
  return basis.kind === 'count' && countedArea(feature, basis.terms) > 0 ? 1 : 0
}

const sumOver = (basis: GreenBasis, features: readonly GreenLandRow[]): number => sumOf(features.map((feature) => countedOf(basis, feature)))

function leastCounty(basis: GreenBasis & { terms: readonly GreenTerm[] }, counties: readonly CountyGreen[]): Figure {
  const figures = counties.map(({ code, name, people, features }) => ({ area: { code, name }, ...divide(sumOver(basis, features), people, findGaps(features, basis.terms), NO_PEOPLE) }))
  const [least] = figures.sort((a, b) => (a.value ?? a.atLeast ?? Infinity) - (b.value ?? b.atLeast ?? Infinity) || (a.area.code < b.area.code ? -1 : 1))
  return least ? { ...NOWHERE, numeratorUnit: 'm2', denominatorUnit: 'people', ...least } : { ...NOWHERE, ...noFigure(NO_COUNTIES) }
}

/** What stored runs tell, and nothing beyond: a sheet that is answered at once. */
const storedCoverage = (db: Db, city: CityRow): CoverageOf => async (rule) => {
  try {
    const run = await findAnswer(db, city.key, { rule, layers: [], everyFeature: false, clipToCity: false })
    const ratio = run?.summary?.ratios.residential
    if (!run || !ratio) return { zh: `当前数据还没有按 ${rule} 计算过覆盖率，请先计算。`, en: `coverage by ${rule} has not been computed over the data as they are: compute it first.` }
    return { covered: ratio.covered, total: ratio.total, run: run.id }
  } catch (error) {
    return whyNoCoverage(error, rule)
  }
}

/** Why there is no coverage, where its question cannot be put to the city. @throws what is another failure */
export function whyNoCoverage(error: unknown, rule: string): Reason {
  if (!(error instanceof AppError) || error.code !== 'bad_request') throw error
  return { zh: `没有居住用地数据，或没有规则 ${rule}。`, en: error.message }
}

async function coverageFigure(coverageOf: CoverageOf, rule: string): Promise<Figure> {
  const units: Place = { ...NOWHERE, numeratorUnit: 'm2', denominatorUnit: 'm2' }
  const found = await coverageOf(rule)
  if ('zh' in found) return { ...units, ...noFigure(found) }
  return { ...units, ...divide(found.covered, found.total, [], NO_LAND), coverageRun: found.run }
}

async function figureOf(basis: GreenBasis, facts: Facts, coverageOf: CoverageOf): Promise<Figure> {
  if (basis.kind === 'not_held') return { ...NOWHERE, ...noFigure(basis) }
  if (basis.kind === 'coverage') return coverageFigure(coverageOf, basis.rule)
  if (basis.kind === 'least_county' && facts.isUnit) return { ...NOWHERE, ...noFigure(ONE_UNIT) }
  const features = basis.kind === 'area' && basis.wholeCity ? facts.cityFeatures : facts.features
  if (features.length === 0) return { ...NOWHERE, ...noFigure(NO_GREEN) }
  if (basis.kind === 'least_county') return leastCounty(basis, facts.counties)
  const numerator = sumOver(basis, features)
  const gaps = findGaps(features, basis.terms)
  if (basis.kind === 'count') return { ...NOWHERE, numeratorUnit: 'parks', denominatorUnit: 'people', ...divide(numerator, facts.people?.people ?? null, gaps, NO_PEOPLE, TEN_THOUSAND) }
  if (basis.over === 'people') return { ...NOWHERE, numeratorUnit: 'm2', denominatorUnit: 'people', ...divide(numerator, facts.people?.people ?? null, gaps, NO_PEOPLE) }
  return { ...NOWHERE, numeratorUnit: 'm2', denominatorUnit: 'm2', ...divide(numerator, basis.wholeCity ? facts.cityLandM2 : facts.landM2, gaps, NO_LAND) }
}

const scopeOf = (basis: GreenBasis, scope: GreenScope): GreenScope => (basis.kind === 'area' && basis.wholeCity ? 'city' : scope)

function present(key: GreenIndicatorKey, scope: GreenScope, figure: Figure, rules: readonly GreenIndicatorRule[]): GreenIndicator {
  const { zh, en, formulaZh, formulaEn, unit, basis, source }: GreenIndicatorDefinition = GREEN_INDICATORS[key]
  const thresholds = rules.filter((rule) => rule.indicator === key).map((rule) => ({ ...rule, met: isMet(rule, figure), difference: differenceOf(rule, figure, basis.kind === 'count' ? TEN_THOUSAND : 1) }))
  return { key, nameZh: zh, nameEn: en, formulaZh, formulaEn, unit, scope: scopeOf(basis, scope), ...figure, thresholds, source }
}

async function readFacts(db: Db, city: CityRow, limits: Limits): Promise<Facts> {
  const features = await readGreenLand(db, city, limits.clip)
  const landM2 = await readLand(db, city, limits.clip)
  const people = await readPeople(db, city, limits)
  const isWhole = limits.scope === 'city'
  return {
    isUnit: limits.unit !== null,
    features,
    landM2,
    people,
    cityFeatures: isWhole ? features : await readGreenLand(db, city, limits.boundary),
    cityLandM2: isWhole ? landM2 : await readLand(db, city, limits.boundary),
    counties: people && !limits.unit ? await readCounties(db, city, limits, people) : [],
  }
}

export interface GreenSheet {
  landM2: number | null
  people: GreenPeople | null
  indicators: GreenIndicator[]
  /** Features behind the numerator of an index, the most counted first; none for an index that is not made of features. */
  rowsOf(key: GreenIndicatorKey): CountedFeature[]
}

export type CountedFeature = GreenLandRow & { counted: number }

/** What of the features counts for an index, the most first. */
function countedFeatures(basis: GreenBasis, features: readonly GreenLandRow[]): CountedFeature[] {
  return features
    .map((feature) => ({ ...feature, counted: countedOf(basis, feature) }))
    .filter(({ counted }) => counted > 0)
    .sort((a, b) => b.counted - a.counted || b.areaM2 - a.areaM2 || (a.id < b.id ? -1 : 1))
}

function featuresOf(basis: GreenBasis, facts: Facts): readonly GreenLandRow[] {
  if (basis.kind === 'area' && basis.wholeCity) return facts.cityFeatures
  if (basis.kind === 'area' || basis.kind === 'count') return facts.features
  const least = basis.kind === 'least_county' ? leastCounty(basis, facts.counties).area?.code : undefined
  return facts.counties.find(({ code }) => code === least)?.features ?? []
}

/** Every green index within limits, with the features behind each. */
export async function readGreenSheet(db: Db, city: CityRow, limits: Limits, coverageOf: CoverageOf): Promise<GreenSheet> {
  const facts = await readFacts(db, city, limits)
  const rules = await listRules(db)
  const indicators: GreenIndicator[] = []
  for (const key of GREEN_INDICATOR_KEYS) indicators.push(present(key, limits.scope, await figureOf(GREEN_INDICATORS[key].basis, facts, coverageOf), rules))
  const { people } = facts
  return {
    landM2: facts.landM2,
    people: people && { source: people.source, people: people.people, withoutPeople: people.withoutPeople },
    indicators,
    rowsOf: (key) => countedFeatures(GREEN_INDICATORS[key].basis, featuresOf(GREEN_INDICATORS[key].basis, facts)),
  }
}

/** Every green index of a city. @throws AppError not_found; bad_request for a built-up area that is not there. */
export async function getGreenIndicators(db: Db, cityKey: string, asked: GreenScope | undefined): Promise<Reply<typeof sheetEndpoint>> {
  const city = await getCity(db, cityKey)
  const limits = await readLimits(db, city, asked)
  const { landM2, people, indicators } = await readGreenSheet(db, city, limits, storedCoverage(db, city))
  return { scope: limits.scope, landM2, people, measureSrid: city.measureSrid, measureName: city.measureName, indicators, notCounted: await findNotCounted(db, city) }
}

/** Green land that no index counts. */
export function findNotCounted(db: Db, city: CityRow): Promise<{ count: number; areaM2: number }> {
  return findUncounted(db, city.cityId, COUNTED_CLASSES)
}

/** The features that the numerator of an index counts, the most first. @throws AppError as above; bad_request for an index that is not made of features. */
export async function listGreenIndicatorRows(db: Db, cityKey: string, key: GreenIndicatorKey, page: { scope?: GreenScope | undefined; afterRank: number; limit: number }): Promise<{ scope: GreenScope; total: number; numerator: number; rows: (GreenIndicatorRow & { rank: number })[] }> {
  const city = await getCity(db, cityKey)
  const { basis }: GreenIndicatorDefinition = GREEN_INDICATORS[key]
  if (basis.kind === 'coverage' || basis.kind === 'not_held') throw new AppError('bad_request', `"${key}" is not made of green features${basis.kind === 'coverage' ? ': open its coverage run' : ''}.`, { errors: [{ path: 'params.indicator', message: 'has no rows' }] })
  const limits = await readLimits(db, city, page.scope)
  const scope = scopeOf(basis, limits.scope)
  const features = await readRowsOf(db, city, basis, scope === 'city' ? { ...limits, scope, clip: limits.boundary } : limits)
  const rows = countedFeatures(basis, features).map(({ id, name, classCode, areaM2, greenRatio, counted }, index) => ({ id, name, classCode, areaM2, greenRatio, counted, rank: index + 1 }))
  return { scope, total: rows.length, numerator: sumOf(rows.map(({ counted }) => counted)), rows: rows.slice(page.afterRank, page.afterRank + page.limit) }
}

async function readRowsOf(db: Db, city: CityRow, basis: GreenBasis, limits: Limits): Promise<GreenLandRow[]> {
  if (basis.kind !== 'least_county') return readGreenLand(db, city, limits.clip)
  const people = await readPeople(db, city, limits)
  const counties = people ? await readCounties(db, city, limits, people) : []
  const least = leastCounty(basis, counties).area?.code
  return counties.find(({ code }) => code === least)?.features ?? []
}
