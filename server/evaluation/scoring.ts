/** From numerators and denominators to values, intervals, scores, grades and ranks; pure. */
import type { EvaluatedFigure, Figure, ScoreDetail } from '../contract/evaluation.ts'
import { RATES, type RateDefinition, type RateKey } from '../contract/evaluation-rates.ts'
import type { RuleContent, ScorePart, ScoreSheet } from '../contract/evaluation-rules.ts'

/** Two decimals, half away from zero, without the noise of binary fractions. */
export function round2(value: number): number {
  return Math.sign(value) * Math.round((Math.abs(value) + Number.EPSILON) * 100) / 100
}

/**
 * Wilson score interval of a share of `n` cases (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927), between 0 and 1.
 * Few cases give a wide one: 3 of 3 proves no more than 44 % at z = 1.96.
 */
export function wilsonInterval(hits: number, n: number, z: number): [number, number] {
  const share = hits / n
  const square = z * z
  const middle = (share + square / (2 * n)) / (1 + square / n)
  const half = (z / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

/** A rate of what was counted; no value where there is nothing to divide by. */
export function rateFigure(key: RateKey, numerator: number, denominator: number | null, z: number): Figure {
  const { form }: RateDefinition = RATES[key]
  if (denominator === null || denominator === 0) return { numerator, denominator, value: null, interval: null }
  if (form === 'mean') return { numerator: round2(numerator), denominator, value: round2(numerator / denominator), interval: null }
  if (form === 'per_ten_thousand_people') return { numerator, denominator, value: round2((numerator / denominator) * 10_000), interval: null }
  const [low, high] = wilsonInterval(numerator, denominator, z)
  return { numerator, denominator, value: round2((numerator / denominator) * 100), interval: [round2(low * 100), round2(high * 100)] }
}

export function countFigure(value: number): Figure {
  return { numerator: round2(value), denominator: null, value: round2(value), interval: null }
}

/** Share of a part's points for a value: 1 at `fullAt`, 0 at `zeroAt`, linear between. */
export function bandShare(part: ScorePart, value: number): number {
  return Math.min(1, Math.max(0, (value - part.zeroAt) / (part.fullAt - part.zeroAt)))
}

export interface Score {
  score: number
  interval: [number, number]
  deduction: number
  parts: ScoreDetail[]
}

/** Weights without a value are shared out among the others; below this share of the whole weight there is no score. */
export const LEAST_WEIGHT_SHARE = 0.5

/**
 * Composite score (0 to 100) = Σ weight × share of points − points for cases that came back after closing.
 * @returns null when too little of the sheet has a value.
 */
export function scoreOf(sheet: ScoreSheet, rule: Pick<RuleContent, 'recurrence'>, figures: Readonly<Record<string, Figure | undefined>>): Score | null {
  const whole = sheet.parts.reduce((sum, part) => sum + part.weight, 0)
  const valued = sheet.parts.flatMap((part) => {
    const figure = figures[part.indicator]
    return figure && figure.value !== null ? [{ part, value: figure.value, interval: figure.interval ?? [figure.value, figure.value] as [number, number] }] : []
  })
  const weight = valued.reduce((sum, { part }) => sum + part.weight, 0)
  if (weight < LEAST_WEIGHT_SHARE * whole) return null
  const factor = 100 / weight
  const sum = (share: (one: (typeof valued)[number]) => number) => valued.reduce((total, one) => total + one.part.weight * factor * share(one), 0)
  const returned = figures['recurrence_rate']?.value ?? 0
  const deduction = Math.min(rule.recurrence.maximumPoints, returned * rule.recurrence.pointsPerPercent)
  const less = (points: number) => round2(Math.min(100, Math.max(0, points - deduction)))
  const ends = (one: (typeof valued)[number]) => one.interval.map((value) => bandShare(one.part, value))
  return {
    score: less(sum((one) => bandShare(one.part, one.value))),
    interval: [less(sum((one) => Math.min(...ends(one)))), less(sum((one) => Math.max(...ends(one))))],
    deduction: round2(deduction),
    parts: sheet.parts.map((part) => {
      const value = figures[part.indicator]?.value ?? null
      return { indicator: part.indicator, weight: part.weight, value, points: value === null ? null : round2(part.weight * factor * bandShare(part, value)) }
    }),
  }
}

/** 1 (best) to 5. */
export function gradeOf(score: number, bands: readonly number[]): number {
  const index = bands.findIndex((from) => score >= from)
  return index < 0 ? bands.length + 1 : index + 1
}

export interface Ranked {
  key: string
  sample: number
  score: Score | null
}

export interface Rank {
  rank: number | null
  grade: number | null
  unranked: 'sample' | 'no_value' | 'no_object' | null
}

/**
 * Ranks objects by what their cases prove: by the unfavourable end of the score's interval, so that a few lucky cases do not lead.
 * Below the minimum sample there is no rank and no grade; equal scores share a rank. The order given does not matter.
 */
export function rankObjects(objects: readonly Ranked[], sheet: Pick<ScoreSheet, 'minimumSample'>, rule: Pick<RuleContent, 'bands' | 'rankBy'>): Map<string, Rank> {
  const measure = (score: Score) => (rule.rankBy === 'lower_bound' ? score.interval[0] : score.score)
  const unranked = ({ key, sample, score }: Ranked): Rank['unranked'] => (key === '' ? 'no_object' : sample < sheet.minimumSample ? 'sample' : score === null ? 'no_value' : null)
  const fit = objects.flatMap((one) => (one.score !== null && unranked(one) === null ? [measure(one.score)] : []))
  return new Map<string, Rank>(
    objects.map((one) => {
      const why = unranked(one)
      if (why !== null || one.score === null) return [one.key, { rank: null, grade: null, unranked: why }]
      const own = measure(one.score)
      return [one.key, { rank: fit.filter((other) => other > own).length + 1, grade: gradeOf(one.score.score, rule.bands), unranked: null }]
    }),
  )
}

/** Both ways of reading one indicator. */
export type Figures = Readonly<Record<string, EvaluatedFigure>>

export function figuresBy(figures: Figures, basis: 'exempted' | 'raw'): Record<string, Figure> {
  return Object.fromEntries(Object.entries(figures).map(([key, figure]) => [key, figure[basis]]))
}
