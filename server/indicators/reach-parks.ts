/** Which green a reach rule counts, how far each reaches, and what of it is summed for a person. Pure. */
import type { ReachRule } from '../contract/green-reach.ts'
import { radiusFor, roundArea } from '../engine/rule.ts'

export interface ParkCandidate {
  classCode: string | null
  access: string
  countsAsActivitySite: boolean
  areaM2: number | null
  isHistoric: boolean
  isEmpty: boolean
  /** Diameter of the largest circle within it; null where no rule asks. */
  widthMeters: number | null
}

/** A class given in full, or only by its beginning: then the size alone decides. */
const isOfClass = (code: string, classes: readonly string[]): boolean => code !== '' && classes.some((one) => code.startsWith(one) || one.startsWith(code))

const isOpenTo = ({ classes }: Pick<ReachRule, 'classes'>, { classCode, access, countsAsActivitySite, isEmpty, areaM2 }: ParkCandidate): boolean => {
  const code = classCode ?? ''
  return !isEmpty && areaM2 !== null && access !== 'closed' && access !== 'ticketed' && isOfClass(code, classes) && (countsAsActivitySite || code.startsWith('EG'))
}

/** Widths carry the tolerance to which a circle is fitted, a thousandth. */
const FITTED = 1e-3

/** Whether a park is as wide as the rule asks. */
export const isWide = ({ minWidthMeters }: Pick<ReachRule, 'minWidthMeters'>, { widthMeters }: Pick<ParkCandidate, 'widthMeters'>): boolean => minWidthMeters == null || (widthMeters ?? 0) >= minWidthMeters * (1 - FITTED)

/** Open to everybody, of a class that counts, wide enough, and (parks and squares) a place to stay in. */
export function takesPark(rule: Pick<ReachRule, 'classes' | 'minWidthMeters'>, park: ParkCandidate): boolean {
  return isOpenTo(rule, park) && isWide(rule, park)
}

/** Radius of each park by the rule's sizes; NaN where it does not count. */
export function radiiOf(rule: Pick<ReachRule, 'classes' | 'bands' | 'minWidthMeters'>, parks: readonly ParkCandidate[]): Float64Array {
  const bands = rule.bands.map((band) => ({ ...band, zone: 'all' as const }))
  return Float64Array.from(parks, (park) => (takesPark(rule, park) ? (radiusFor(bands, park.areaM2!, park.isHistoric) ?? Number.NaN) : Number.NaN))
}

/** Numbers of the parks that are summed for a person; of a rule without such an amount, those that count for reach. */
export function summedParks(rule: Pick<ReachRule, 'classes' | 'bands' | 'perPerson' | 'minWidthMeters'>, parks: readonly ParkCandidate[]): number[] {
  const { perPerson } = rule
  if (!perPerson) return [...radiiOf(rule, parks)].flatMap((radius, index) => (Number.isNaN(radius) ? [] : [index]))
  return parks.flatMap((park, index) => {
    if (!takesPark(rule, park)) return []
    const area = roundArea(park.areaM2!)
    return area >= perPerson.minAreaM2 && (perPerson.maxAreaM2 === null || area < perPerson.maxAreaM2) ? [index] : []
  })
}

/** Numbers of the parks that a rule would count were they wide enough. */
export function narrowParks(rule: Pick<ReachRule, 'classes' | 'bands' | 'perPerson' | 'minWidthMeters'>, parks: readonly ParkCandidate[]): number[] {
  if (rule.minWidthMeters == null) return []
  const wide = { ...rule, minWidthMeters: null }
  const takes = (numbers: readonly number[]) => numbers.filter((park) => !isWide(rule, parks[park]!))
  return [...new Set([...takes(summedParks(wide, parks)), ...takes([...radiiOf(wide, parks)].flatMap((radius, park) => (Number.isNaN(radius) ? [] : [park])))])].sort((a, b) => a - b)
}
