/**
 * A log-linear model of counts, μ = exp(offset + β₀ + Σ βⱼ xⱼ), fitted by maximum likelihood: Poisson, or negative binomial with variance μ + μ²/θ
 * where the counts spread wider. Coefficients by iteratively reweighted least squares (McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989,
 * 2.5 and 6.2); θ by Newton's method in turn with them (Lawless 1987; Venables & Ripley, Modern Applied Statistics with S, 7.4).
 */
import { sumOf } from '../sum.ts'
import { independentColumns, standardise, type StandardColumn, weightedLeastSquares } from './normal-equations.ts'

export interface CountData {
  /** Whole numbers, 0 or more. */
  counts: readonly number[]
  columns: readonly { key: string; values: ArrayLike<number> }[]
  /** Added to the logarithm of the mean with coefficient 1: the logarithm of an exposure. */
  offset?: readonly number[]
  /** Holds the fit to Poisson, however wide the counts spread. */
  family?: 'poisson'
}

export interface Coefficient {
  /** Null for the constant. */
  key: string | null
  estimate: number
  standardError: number
}

export interface CountFit {
  family: 'poisson' | 'negative_binomial'
  /** Null for Poisson. */
  theta: number | null
  thetaStandardError: number | null
  coefficients: Coefficient[]
  /** Columns that vary no more than those before them explain, or not at all. */
  dropped: string[]
  fitted: Float64Array
  deviance: number
  /** Of a constant alone, with the same θ. */
  nullDeviance: number
  degreesOfFreedom: number
  pearson: number
  logLikelihood: number
  /** Of a constant alone, fitted on its own. */
  nullLogLikelihood: number
  /** 2 · parameters − 2 · log-likelihood; θ is a parameter. */
  akaike: number
  isConverged: boolean
}

const ROUNDS = 100
const CLOSE = 1e-10
/** Beyond this a negative binomial is a Poisson distribution to the last digit that matters. */
const LARGEST_THETA = 1e7

/** Sums over j < y of a function of θ + j, for each y there is: differences of gamma functions of whole steps, without gamma functions. */
function risingSums(counts: readonly number[], term: (step: number) => number): Float64Array {
  const most = counts.reduce((a, b) => Math.max(a, b), 0)
  const sums = new Float64Array(most + 1)
  for (let step = 0; step < most; step++) sums[step + 1] = sums[step]! + term(step)
  return sums
}

function logLikelihoodOf(counts: readonly number[], fitted: Float64Array, theta: number | null): number {
  const factorials = risingSums(counts, (step) => Math.log(step + 1))
  if (theta === null) return sumOf(counts.map((count, row) => (count === 0 ? 0 : count * Math.log(fitted[row]!)) - fitted[row]! - factorials[count]!))
  const rising = risingSums(counts, (step) => Math.log(theta + step))
  return sumOf(counts.map((count, row) => {
    const mean = fitted[row]!
    return rising[count]! - factorials[count]! + theta * Math.log(theta / (theta + mean)) + (count === 0 ? 0 : count * Math.log(mean / (theta + mean)))
  }))
}

function devianceOf(counts: readonly number[], fitted: Float64Array, theta: number | null): number {
  return 2 * sumOf(counts.map((count, row) => {
    const mean = fitted[row]!
    const own = count === 0 ? 0 : count * Math.log(count / mean)
    return theta === null ? own - (count - mean) : own - (count + theta) * Math.log((count + theta) / (mean + theta))
  }))
}

interface MeanFit {
  coefficients: Float64Array
  covariance: Float64Array[]
  fitted: Float64Array
  isConverged: boolean
}

/** The means for a given θ. Null where nothing can be solved. */
function fitMeans(counts: readonly number[], columns: readonly StandardColumn[], offset: readonly number[], theta: number | null, start?: Float64Array): MeanFit | null {
  const mean = sumOf(counts) / counts.length
  let fitted: Float64Array = start ?? Float64Array.from(counts, (count) => (count + mean) / 2)
  let deviance = Infinity
  let solved: { coefficients: Float64Array; covariance: Float64Array[] } | null = null
  for (let round = 0; round < ROUNDS; round++) {
    const weights = fitted.map((value) => (theta === null ? value : value / (1 + value / theta)))
    const response = fitted.map((value, row) => Math.log(value) - offset[row]! + (counts[row]! - value) / value)
    solved = weightedLeastSquares(columns, weights, response)
    if (!solved) return null
    const { coefficients } = solved
    fitted = Float64Array.from(counts, (_, row) => Math.exp(Math.max(-700, Math.min(700, offset[row]! + coefficients[0]! + columns.reduce((sum, column, index) => sum + coefficients[index + 1]! * column.values[row]!, 0)))))
    const next = devianceOf(counts, fitted, theta)
    if (!Number.isFinite(next)) return null
    if (Math.abs(next - deviance) <= CLOSE * (Math.abs(next) + 0.1)) return { ...solved, fitted, isConverged: true }
    deviance = next
  }
  return solved && { ...solved, fitted, isConverged: false }
}

/** θ of greatest likelihood for given means; null where it grows without end: the counts spread no wider than Poisson's. */
function fitTheta(counts: readonly number[], fitted: Float64Array, start: number): { theta: number; standardError: number } | null {
  let theta = start
  for (let round = 0; round < ROUNDS; round++) {
    const first = risingSums(counts, (step) => 1 / (theta + step))
    const second = risingSums(counts, (step) => 1 / (theta + step) ** 2)
    const at = theta
    const score = sumOf(counts.map((count, row) => first[count]! + Math.log(at / (at + fitted[row]!)) + 1 - (count + at) / (fitted[row]! + at)))
    const information = sumOf(counts.map((count, row) => second[count]! - 1 / at + 2 / (fitted[row]! + at) - (count + at) / (fitted[row]! + at) ** 2))
    const step = information > 0 ? score / information : Math.sign(score) * at
    const next = Math.min(Math.max(at + step, at / 4), at * 4)
    if (next > LARGEST_THETA) return null
    if (Math.abs(next - at) <= CLOSE * at) return information > 0 ? { theta: next, standardError: Math.sqrt(1 / information) } : null
    theta = next
  }
  return null
}

/** Whether the likelihood rises from Poisson's towards wider spread (sign of the score at 1/θ = 0; Dean & Lawless 1989). */
function isWiderThanPoisson(counts: readonly number[], fitted: Float64Array): boolean {
  return sumOf(counts.map((count, row) => (count - fitted[row]!) ** 2 - count)) > 0
}

interface FamilyFit {
  means: MeanFit
  theta: { theta: number; standardError: number } | null
}

function fitFamily(counts: readonly number[], columns: readonly StandardColumn[], offset: readonly number[], family: CountData['family']): FamilyFit | null {
  const poisson = fitMeans(counts, columns, offset, null)
  if (!poisson) return null
  if (family === 'poisson' || !isWiderThanPoisson(counts, poisson.fitted)) return { means: poisson, theta: null }
  const spread = sumOf(counts.map((count, row) => (count / poisson.fitted[row]! - 1) ** 2))
  let theta = fitTheta(counts, poisson.fitted, counts.length / spread)
  let means = poisson
  for (let round = 0; round < ROUNDS && theta; round++) {
    const before: number = theta.theta
    const next = fitMeans(counts, columns, offset, before, means.fitted)
    if (!next) return { means: poisson, theta: null }
    means = next
    theta = fitTheta(counts, means.fitted, before)
    if (theta && Math.abs(theta.theta - before) <= 1e-9 * before) return { means, theta }
  }
  return theta ? { means: { ...means, isConverged: false }, theta } : { means: poisson, theta: null }
}

/** From coefficients of standardised columns to those of the columns as given. */
function asGiven({ coefficients, covariance }: MeanFit, columns: readonly StandardColumn[]): Coefficient[] {
  const shift = [1, ...columns.map(({ mean, deviation }) => -mean / deviation)]
  const variance = sumOf(shift.flatMap((a, i) => shift.map((b, j) => a * b * covariance[i]![j]!)))
  return [
    { key: null, estimate: sumOf(shift.map((a, i) => a * coefficients[i]!)), standardError: Math.sqrt(variance) },
    ...columns.map(({ key, deviation }, index) => ({ key, estimate: coefficients[index + 1]! / deviation, standardError: Math.sqrt(covariance[index + 1]![index + 1]!) / deviation })),
  ]
}

/**
 * Fits the model.
 * @returns null where nothing was counted, or there are no more rows than parameters.
 */
export function fitCounts({ counts, columns: given, offset = counts.map(() => 0), family }: CountData): CountFit | null {
  const columns = independentColumns(standardise(given))
  if (counts.length <= columns.length + 1 || !counts.some((count) => count > 0)) return null
  const fit = fitFamily(counts, columns, offset, family)
  const alone = columns.length === 0 ? fit : fitFamily(counts, [], offset, family)
  if (!fit || !alone) return null
  const theta = fit.theta?.theta ?? null
  const { fitted } = fit.means
  const nullMeans = fitMeans(counts, [], offset, theta)
  const logLikelihood = logLikelihoodOf(counts, fitted, theta)
  return {
    family: theta === null ? 'poisson' : 'negative_binomial',
    theta,
    thetaStandardError: fit.theta?.standardError ?? null,
    coefficients: asGiven(fit.means, columns),
    dropped: given.map(({ key }) => key).filter((key) => !columns.some((column) => column.key === key)),
    fitted,
    deviance: devianceOf(counts, fitted, theta),
    nullDeviance: devianceOf(counts, (nullMeans ?? alone.means).fitted, theta),
    degreesOfFreedom: counts.length - columns.length - 1,
    pearson: sumOf(counts.map((count, row) => (count - fitted[row]!) ** 2 / (theta === null ? fitted[row]! : fitted[row]! + fitted[row]! ** 2 / theta))),
    logLikelihood,
    nullLogLikelihood: logLikelihoodOf(counts, alone.means.fitted, alone.theta?.theta ?? null),
    akaike: 2 * (columns.length + 1 + (theta === null ? 0 : 1)) - 2 * logLikelihood,
    isConverged: fit.means.isConverged,
  }
}
