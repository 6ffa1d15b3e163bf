/** From amounts to figures: what counts of a feature, what is not known, what has no value and why. Pure. */
import { GREEN_TERMS, type GreenIndicator, type GreenIndicatorRule, type GreenTerm } from '../contract/green-indicators.ts'
import { sumOf } from '../engine/sum.ts'

export interface GreenFeature {
  classCode: string
  /** Share of 1. */
  greenRatio: number | null
  areaM2: number
}

const startsWithAny = (code: string, classes: readonly string[]): boolean => classes.some((prefix) => code.startsWith(prefix))

/** Every class that some formula counts, as a regular expression for the database. */
export const COUNTED_CLASSES = `^(${[...new Set(Object.values(GREEN_TERMS).flatMap(({ classes }) => classes))].join('|')})`

/** Square metres that a feature adds to a sum of terms. A square without a green ratio adds nothing to the green part of squares. */
export function countedArea(feature: GreenFeature, terms: readonly GreenTerm[]): number {
  return sumOf(terms.map((term) => {
    if (!startsWithAny(feature.classCode, GREEN_TERMS[term].classes)) return 0
    return term === 'square_green' ? feature.areaM2 * (feature.greenRatio ?? 0) : feature.areaM2
  }))
}

export interface Reason {
  zh: string
  en: string
}

/** What a sum of terms lacks: its figure is then only known to be at least so much. */
export function findGaps(features: readonly GreenFeature[], terms: readonly GreenTerm[]): Reason[] {
  const gaps: Reason[] = []
  if (terms.includes('attached') && !features.some(({ classCode }) => startsWithAny(classCode, GREEN_TERMS.attached.classes))) {
    gaps.push({ zh: '没有附属绿地（XG）数据。', en: 'there are no data of attached green land (XG).' })
  }
  if (terms.includes('square_green')) {
    const unknown = features.filter(({ classCode, greenRatio }) => startsWithAny(classCode, GREEN_TERMS.square_green.classes) && greenRatio === null).length
    if (unknown > 0) gaps.push({ zh: `${unknown} 处广场（G3）未给绿地率。`, en: `${unknown} squares (G3) carry no green ratio.` })
  }
  if (terms.some((term) => term === 'comprehensive_park' || term === 'community_park')) {
    const undivided = features.filter(({ classCode }) => classCode === 'G1').length
    if (undivided > 0) gaps.push({ zh: `${undivided} 处公园只给了大类 G1，未分综合公园与社区公园。`, en: `${undivided} parks carry class G1 only, not which kind of park.` })
  }
  return gaps
}

export type Fraction = Pick<GreenIndicator, 'value' | 'atLeast' | 'reasonZh' | 'reasonEn' | 'numerator' | 'denominator'>

/** A figure that has no value, and why. */
export function noFigure(reason: Reason, numerator: number | null = null, denominator: number | null = null): Fraction {
  return { value: null, atLeast: null, reasonZh: reason.zh, reasonEn: reason.en, numerator, denominator }
}

/**
 * A quotient with its reasons.
 * @param denominator null where it is not known, with the reason
 * @param per units of the denominator that the figure is about (10,000 people)
 */
export function divide(numerator: number, denominator: number | null, gaps: readonly Reason[], unknown: Reason, per = 1): Fraction {
  if (denominator === null) return noFigure(unknown, numerator)
  if (!(denominator > 0)) return noFigure({ zh: '分母为 0。', en: 'the denominator is 0.' }, numerator, denominator)
  const quotient = numerator / (denominator / per)
  if (gaps.length === 0) return { value: quotient, atLeast: null, reasonZh: null, reasonEn: null, numerator, denominator }
  return { value: null, atLeast: quotient, reasonZh: gaps.map(({ zh }) => zh).join(''), reasonEn: gaps.map(({ en }) => en).join(' '), numerator, denominator }
}

/** Values nearer to a threshold than this share are at it: measured areas carry rounding. */
const EQUAL = 1e-9

/** Whether a figure reaches a threshold; null where it does not tell. */
export function isMet({ comparison, threshold }: Pick<GreenIndicatorRule, 'comparison' | 'threshold'>, { value, atLeast }: Pick<GreenIndicator, 'value' | 'atLeast'>): boolean | null {
  const known = value ?? atLeast
  if (known === null) return null
  const isReached = comparison === 'above' ? known > threshold * (1 + EQUAL) : known >= threshold * (1 - EQUAL)
  return isReached || value !== null ? isReached : null
}

/**
 * What the numerator has beyond what a threshold asks for, in its unit; negative where it lacks so much. Null without a denominator.
 * Where only a part of the numerator is known the lack is at most so much.
 * @param per units of the denominator that the threshold is about
 */
export function differenceOf({ threshold }: Pick<GreenIndicatorRule, 'threshold'>, { numerator, denominator }: Pick<GreenIndicator, 'numerator' | 'denominator'>, per = 1): number | null {
  return numerator === null || denominator === null || !(denominator > 0) ? null : numerator - (threshold * denominator) / per
}
